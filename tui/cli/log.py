"""The command `log`, with `log undo` and `log retry`."""

from __future__ import annotations

import sqlite3
import sys

import click
import msgspec

from store.importing import log as import_log
from store.importing.undo import withdraw
from store.marks import journal
from store.papers import list_rows
from store.search import index_sync
from tui.cli import output
from tui.cli.imports import import_
from tui.cli.options import invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.cli.values import counting
from tui.render import wording


@click.group(invoke_without_command=True, short_help="Show what was imported, merged and refused, and why.")
@click.option("--mine", is_flag=True, help="Show your own marks instead, step by step.")
@click.option("--limit", "-n", default=50, show_default=True, metavar="N", type=counting, help="How many to show.")
@json_option
@library_option
@click.pass_context
def log(context: click.Context, mine: bool, limit: int, as_json: bool) -> None:
    """Show what was imported, merged and refused, and why; the newest last. Each entry begins with its ID."""
    if context.invoked_subcommand is not None:
        if mine:
            raise click.UsageError("--mine shows your own marks; take one back with: recto undo --step ID")
        return
    if mine:
        _say_steps(invocation(context).library().reader(), limit, as_json)
        return
    entries = import_log.read(invocation(context).library().reader(), limit)[::-1]
    if as_json:
        output.say_json(
            {"id": entry.id, "at": entry.at, "state": entry.state, **output.report_object(entry.report)}
            for entry in entries
        )
    elif not entries:
        output.say("Nothing was imported yet. Try: recto import FILE")
    else:
        output.say("\n".join(line for entry in entries for line in wording.log_lines(entry)))


def _say_steps(connection: sqlite3.Connection, limit: int, as_json: bool) -> None:
    """Print the last `limit` changes of the user's marks, the newest one last."""
    steps = journal.steps(connection, limit)[::-1]
    if as_json:
        output.say_json(msgspec.to_builtins(step) for step in steps)
    elif not steps:
        output.say("You have made no marks yet. Try: recto mark ID --bookmark")
    else:
        rows = list_rows.read(connection, [step.papers[0] for step in steps if len(step.papers) == 1])
        titles = {row.id: row.title for row in rows}
        output.say("\n".join(wording.journal_line(step, titles) for step in steps))


@log.command("undo")
@click.argument("id", type=counting)
@library_option
@click.pass_context
def log_undo(context: click.Context, id: int) -> None:
    """Undo the import ID. Data from other listings and your marks stay."""
    library = invocation(context).library()
    withdrawn = withdraw(library, id)
    kept = f", {withdrawn.kept} kept for your marks" if withdrawn.kept else ""
    output.say(
        f"Undone: {withdrawn.path}: {wording.count(withdrawn.entries, 'entry', 'entries')},"
        f" {wording.count(withdrawn.removed, 'paper')} removed{kept}"
    )
    with Progress(sys.stderr) as progress:
        index_sync.catch_up(library, on_step=progress.indexed)


@log.command("retry")
@click.argument("id", type=counting)
@library_option
@click.pass_context
def log_retry(context: click.Context, id: int) -> None:
    """Import the file of the log entry ID again."""
    path = import_log.entry(invocation(context).library().reader(), id).report.path
    # In the log, a file inside an archive has the name ARCHIVE!NAME. For such a file, import the whole archive again.
    context.invoke(import_, paths=(path.partition("!")[0],), format=None, listed_on=None, events=False, as_json=False)


COMMANDS = (log,)
