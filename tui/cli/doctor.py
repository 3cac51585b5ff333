"""The command `doctor`."""

from __future__ import annotations

import locale
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import click

from store.doctor import examination
from store.doctor.finding import Finding
from store.model.errors import explanation
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option

# The smallest size of a terminal in which the screens are usable (columns, rows).
_LEAST_SIZE = (60, 20)


@click.command(short_help="Look for problems in the library and everything around it.")
@click.option("--fix", is_flag=True, help="Make the repairs that lose nothing.")
@json_option
@library_option
@click.pass_context
def doctor(context: click.Context, fix: bool, as_json: bool) -> None:
    """Look for problems in the library, its files, the configuration and the terminal.

    Each line is about one thing that was examined. A line with "!" is a problem, and the line below it has the command
    that mends it. Exits with 1 when there is a problem that was not mended.
    """
    run = invocation(context)
    places = run.places
    # Add the path of the examined library to the commands that are suggested.
    option = f"--library {shlex.quote(output.path_text(run.library_file))} " if run.library_file else ""
    unsolved = 0
    results: list[dict[str, Any]] = []
    for finding in (*_terminal(), *_configuration(context), *examination.examine(places)):
        mended = _mend(finding) if fix else None
        command = finding.command.replace("recto ", f"recto {option}", 1)
        unsolved += finding.problem and mended is None
        if as_json:
            results.append(
                {
                    "subject": finding.subject,
                    "text": finding.text,
                    "problem": finding.problem,
                    "command": command or None,
                    "mended": mended,
                }
            )
        else:
            output.say(f"{'!' if finding.problem else '·'} {finding.subject}: {finding.text}")
            if mended is not None:
                output.say(f"    mended: {mended}")
            elif command:
                output.say(f"    mend it with: {command}")
    if as_json:
        output.say_json(results)
    context.exit(1 if unsolved else 0)


def _mend(finding: Finding) -> str | None:
    """Repair the problem that `finding` describes.

    Returns a sentence about the repair; None when nothing was repaired.
    """
    if finding.mend is None or not finding.problem:
        return None
    try:
        return finding.mend()
    except Exception as error:
        if explanation(error) is None:
            raise
        output.complain(f"{finding.subject}: {explanation(error)}")
        return None


def _terminal() -> Iterator[Finding]:
    """The findings about the terminal. If standard output is not a terminal, only the encoding is examined."""
    encoding = locale.getpreferredencoding(False)
    if encoding.upper().replace("-", "") != "UTF8":
        text = f"Its encoding is {encoding}, so recto draws letters that it lacks in ASCII."
        yield Finding("terminal", text, problem=True, command="export LC_ALL=C.UTF-8")
    if not output.is_terminal(sys.stdout):
        return
    name = os.environ.get("TERM", "")
    if name in ("", "dumb"):
        text = f"TERM is {name!r}, so the reader cannot draw there."
        yield Finding("terminal", text, problem=True, command="export TERM=xterm-256color")
    size = shutil.get_terminal_size()
    if size.columns < _LEAST_SIZE[0] or size.lines < _LEAST_SIZE[1]:
        text = f"It has {size.columns}x{size.lines} cells; make it at least {_LEAST_SIZE[0]}x{_LEAST_SIZE[1]}."
        yield Finding("terminal", text, problem=True)
    else:
        yield Finding("terminal", f"{name}, {size.columns}x{size.lines} cells, {encoding}.")


def _configuration(context: click.Context) -> Iterator[Finding]:
    # Imported here, because it imports Textual, which is slow.
    from tui.settings import config

    path = invocation(context).places.config
    try:
        problems = config.load(path).problems
    except Exception as error:
        if explanation(error) is None:
            raise
        problems = (str(explanation(error)),)
    for text in problems:
        yield Finding("configuration", text, problem=True)
    if not problems:
        yield Finding("configuration", f"{path} is in order." if path.exists() else "There is none.")


COMMANDS = (doctor,)
