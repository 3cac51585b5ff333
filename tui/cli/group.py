"""The command `recto` with all its subcommands, and the conversion of errors to exit codes."""

from __future__ import annotations

import io
import sys

import click

from store import __version__
from tui.cli import (
    about,
    backups,
    cite,
    collections,
    completion,
    config,
    digest,
    doctor,
    export,
    fetch,
    imports,
    index,
    log,
    marks,
    mcp,
    papers,
    reader,
    saved_views,
    schema,
    statistics,
    sync,
    tags,
    taste,
    texts,
    watch,
)
from tui.cli.exit_codes import ended
from tui.cli.options import library_option
from tui.cli.output import complain
from tui.cli.reader import open_reader


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@library_option
@click.version_option(__version__, prog_name="recto")
@click.pass_context
def recto(context: click.Context) -> None:
    """Read research-paper listings in the terminal.

    Without a command, recto opens the reader, which shows the papers on the whole terminal. ID is the number in `recto
    list`, an arXiv id, a DOI, a citation key, or the start of a title that only one paper has.
    """
    if context.invoked_subcommand is None:
        open_reader(context)


for _module in (
    reader,
    imports,
    log,
    watch,
    sync,
    fetch,
    papers,
    texts,
    export,
    cite,
    completion,
    config,
    digest,
    marks,
    tags,
    taste,
    statistics,
    collections,
    saved_views,
    backups,
    doctor,
    about,
    schema,
    mcp,
    index,
):
    for _command in _module.COMMANDS:
        recto.add_command(_command)


def run() -> None:
    """Run the command line and exit. An error becomes one line on standard error."""
    sys.exit(ended(_run))


def _run() -> int:
    """Run the command line in `sys.argv` and return its exit code."""
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Print "?" for a character that the encoding of standard output lacks, instead of raising an error.
            sys.stdout.reconfigure(errors="replace")
        # click returns the exit code passed to context.exit(), or else the return value of the command.
        result = recto.main(prog_name="recto", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        complain(_missing_command(error.ctx))
        return 2
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "recto"
        complain(f"{error.format_message()} (see: {name} --help)")
        return 2
    except click.ClickException as error:
        complain(error.format_message())
        return 1
    except click.Abort:
        raise KeyboardInterrupt from None


def _missing_command(context: click.Context | None) -> str:
    """The message for a command line that names a group, for example `recto watch`, but none of its commands."""
    if context is None or not isinstance(context.command, click.Group):
        return "name a command (see: recto --help)"
    path = context.command_path
    return f"name one of: {', '.join(f'{path} {name}' for name in context.command.list_commands(context))}"
