"""The command `digest`."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import click

from store.digest import contents, formats, schedule
from store.digest.contents import Digest, Wanted
from store.formats.documents.child_process import command_of
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import View
from tui.cli import output
from tui.cli.export import report, write
from tui.cli.options import Invocation, invocation, library_option, present_view
from tui.cli.query_command import QueryCommand

# The largest width of a digest on a terminal (cells). Longer lines are hard to read.
_WIDEST = 96
_NARROWEST = 30


@click.command(cls=QueryCommand, short_help="What is new, back from later, trending, and in the queue.")
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option(
    "--since",
    default="last",
    show_default=True,
    metavar="DATE|monday|last",
    help="What counts as new: since a day, or since the last digest that was sent.",
)
@click.option(
    "--view", "view_names", multiple=True, metavar="NAME", help="Group new papers by this view; may be repeated."
)
@click.option("--format", "format", type=click.Choice([*formats.BY_NAME]), help="By default, terminal.")
@click.option("--output", "-o", "target", metavar="FILE", default="-", help="The file to write; - for a pipe.")
@click.option("--send", is_flag=True, help="Send it by mail, as the table [mail] of the configuration says.")
@click.option("--again", is_flag=True, help="With --send: also if a digest with these papers was sent before.")
@click.option("--install", is_flag=True, help="Write a timer of this system that sends it every day, and start it.")
@click.option("--at", "at", metavar="HH:MM", default="07:00", show_default=True, help="With --install: the time.")
@click.option("--timer", type=click.Choice(get_args(schedule.Kind)), help="With --install: instead of the usual one.")
@click.option("--yes", is_flag=True, help="With --install: do not ask.")
@library_option
@click.pass_context
def digest(
    context: click.Context,
    words: tuple[str, ...],
    since: str,
    view_names: tuple[str, ...],
    format: str | None,
    target: str,
    send: bool,
    again: bool,
    install: bool,
    at: str,
    timer: schedule.Kind | None,
    yes: bool,
) -> None:
    """What is new, what came back from "later", what is trending and what waits in the queue.

    Each paper has the reason why it is in the digest. With QUERY, only papers that match it. A digest counts as sent
    when the mail server has accepted it. If recto is stopped before the server has answered, it does not send that
    digest again by itself, but the next digest contains the same papers once more.
    """
    if send and (format is not None or target != "-"):
        raise click.UsageError("--send does not go with --format or --output")
    if again and not send:
        raise click.UsageError("--again goes with --send")
    run = invocation(context)
    if install:
        _install(_command(run, words, since, view_names), at, timer or schedule.usual_kind(), yes)
        return
    library = run.library()
    wanted = Wanted(" ".join(words), tuple(present_view(library, name) for name in view_names))
    if send:
        _send(library, run.places.config, since, wanted, again)
        return
    _write(contents.collect(library, since, wanted, date.today()), format or "terminal", target)


def _write(made: Digest, format: str, target: str) -> None:
    """Write the digest to the file `target`, or to standard output if `target` is "-"."""
    if target == "-" and format == "terminal":
        from store.digest import plain_text

        columns = shutil.get_terminal_size().columns if output.is_terminal(sys.stdout) else plain_text.MAIL_WIDTH
        output.say(plain_text.text(made, min(_WIDEST, max(_NARROWEST, columns))).rstrip("\n"))
        return
    write(target, [formats.BY_NAME[format].text(made).encode()])
    report(target, made.counts)


def _send(library: Library, configuration: Path, since: str, wanted: Wanted, again: bool) -> None:
    """Send the digest by mail, unless it is empty. Raises LibraryError when it was not sent to every recipient."""
    # Imported here, because the mail client and the configuration are needed only to send a digest.
    from store.digest import sending
    from tui.settings.mail import account

    chosen = account(configuration)
    made = contents.collect(library, since, wanted, date.today())
    if made.is_empty and not again:
        output.say(f"nothing is new {made.period}, so nothing was sent")
        return
    refused = sending.send(library, made, chosen, contents.selection(wanted), again=again)
    output.say(f"sent to {', '.join(chosen.recipients)}: {made.counts}")
    if refused:
        raise LibraryError("; ".join(refused))


def _command(run: Invocation, words: tuple[str, ...], since: str, view_names: tuple[str, ...]) -> list[str]:
    """The command line that sends the digest. Its paths are absolute, because a timer runs it in another folder."""
    beside = Path(sys.executable).with_name("recto")
    program = [str(beside)] if beside.is_file() else command_of("tui")
    places = run.places
    # A process that a timer starts does not get the environment variables of the user's shell. So the command line sets
    # RECTO_CONFIG, if that variable is set now.
    configuration = ["env", f"RECTO_CONFIG={places.config.absolute()}"] if os.environ.get("RECTO_CONFIG") else []
    views = [word for name in view_names for word in ("--view", str(View.parse(name)))]
    library = ["--library", str(places.library)]
    return [*configuration, *program, *library, "digest", "--send", "--since", since, *views, "--", *words]


def _install(command: list[str], at: str, kind: schedule.Kind, yes: bool) -> None:
    """Show the definition of a timer that sends digests at the time `at`. If the user agrees, install the timer.

    Raises UsageError when `at` is not a valid time.
    """
    try:
        time = datetime.strptime(at, "%H:%M")
    except ValueError:
        raise click.UsageError(f"--at is {at!r}; write a time such as 07:30") from None
    planned = schedule.plan(kind, command, time.hour, time.minute)
    output.say(planned.shown)
    if not yes:
        if not output.is_terminal(sys.stdin):
            raise click.UsageError("nothing was installed; say --yes to install it without being asked")
        click.confirm("Install it?", abort=True)
    schedule.install(planned)
    output.say(f"installed: the digest is sent every day at {at}")


COMMANDS = (digest,)
