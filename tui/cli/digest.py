"""The command `digest`."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import click

from store.digest import contents, formats, period
from store.digest.contents import Digest, Wanted
from store.exporting import target_file
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import View
from tui.cli import output
from tui.cli.options import invocation, library_option
from tui.cli.query_command import QueryCommand

# A digest on a terminal is not wider than this (cells), because longer lines are hard to read.
_WIDEST = 96
_NARROWEST = 30


@click.command(cls=QueryCommand)
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
) -> None:
    """What is new, what came back from "later", what is trending and what waits in the queue.

    Each paper has the reason why it is in the digest. With QUERY, only papers that match it. A digest counts as sent
    when the mail server has accepted it, and is not sent twice: if recto is stopped in between, it is not sent again
    by itself, but the next digest has its papers once more.
    """
    if send and (format is not None or target != "-"):
        raise click.UsageError("--send does not go with --format or --output")
    if again and not send:
        raise click.UsageError("--again goes with --send")
    run = invocation(context)
    wanted = Wanted(" ".join(words), tuple(map(View.parse, view_names)))
    library = run.library()
    if send:
        _send(library, run.places.config, since, wanted, again)
        return
    _write(_digest(library, since, wanted), format or "terminal", target)


def _digest(library: Library, since: str, wanted: Wanted) -> Digest:
    today = date.today()
    chosen = period.parse(library.reader(), since, contents.selection(wanted), today)
    return contents.collect(library, chosen, wanted, today)


def _write(made: Digest, format: str, target: str) -> None:
    """Write the digest to the file `target`, or to standard output if `target` is "-"."""
    if target == "-" and format == "terminal":
        from store.digest import plain_text

        columns = shutil.get_terminal_size().columns if output.is_terminal(sys.stdout) else plain_text.MAIL_WIDTH
        output.say(plain_text.text(made, min(_WIDEST, max(_NARROWEST, columns))).rstrip("\n"))
        return
    encoded = formats.BY_NAME[format].text(made).encode()
    if target == "-":
        sys.stdout.buffer.write(encoded)
        sys.stdout.buffer.flush()
        return
    target_file.replace(Path(target), [encoded])
    output.say(f"{output.path_text(Path(target))}: {made.counts}")


def _send(library: Library, configuration: Path, since: str, wanted: Wanted, again: bool) -> None:
    """Send the digest, unless nothing is new. Raises LibraryError when it was not sent to every recipient."""
    # Imported here, because only a digest that is sent needs the mail client and the configuration.
    from store.digest import sending
    from tui.settings.mail import account

    chosen = account(configuration)
    made = _digest(library, since, wanted)
    if made.is_empty and not again:
        output.say(f"nothing is new {made.period}, so nothing was sent")
        return
    refused = sending.send(library, made, chosen, contents.selection(wanted), again=again)
    output.say(f"sent to {', '.join(chosen.recipients)}: {made.counts}")
    if refused:
        raise LibraryError("; ".join(refused))


COMMANDS = (digest,)
