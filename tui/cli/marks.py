"""The commands `mark`, `queue`, `undo` and `redo`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Literal

import click

from store.library.library import Library
from store.marks import journal, marking, return_day, stored_marks
from store.marks.journal import Marked
from store.marks.registers import RATINGS
from store.marks.stored_marks import STATUSES
from store.model.errors import LibraryError
from store.papers import paper_names
from store.papers.views import View
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.papers import list_
from tui.cli.values import counting
from tui.render import wording

# A function that sets one kind of mark on the papers with the given ids.
_Mark = Callable[[Library, Sequence[int]], object]


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--bookmark/--no-bookmark", default=None, help="Set or remove the bookmark.")
@click.option("--queue/--no-queue", default=None, help="Put it in the reading queue, or take it out.")
@click.option("--at", metavar="N", type=counting, help="With --queue: its position there, from 1.")
@click.option("--because", metavar="TEXT", help="With --queue: why it is there.")
@click.option("--status", type=click.Choice(STATUSES), help="Set its status.")
@click.option("--rate", type=click.IntRange(RATINGS[0], RATINGS[-1]), metavar="N", help="Rate it, from 1 to 5.")
@click.option("--no-rate", is_flag=True, help="Remove its rating.")
@click.option(
    "--later",
    metavar="DAY",
    help='Postpone it until a date, a weekday, "next week" or, with "similar", a similar paper: then it is new again.',
)
@click.option("--no-later", is_flag=True, help="Postpone it no longer.")
@click.option("--tag", "tags", multiple=True, metavar="T", help="Add a tag; may be repeated.")
@click.option("--no-tag", "untags", multiple=True, metavar="T", help="Remove a tag; may be repeated.")
@click.option("--note", metavar="TEXT", help="Set the note.")
@click.option("--no-note", is_flag=True, help="Remove the note.")
@json_option
@library_option
@click.pass_context
def mark(
    context: click.Context,
    ids: tuple[str, ...],
    bookmark: bool | None,
    queue: bool | None,
    at: int | None,
    because: str | None,
    status: stored_marks.Status | None,
    rate: int | None,
    no_rate: bool,
    later: str | None,
    no_later: bool,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    note: str | None,
    no_note: bool,
    as_json: bool,
) -> None:
    """Bookmark, queue, rate, postpone, tag or annotate papers."""
    if at is not None and not queue:
        raise click.UsageError("--at goes with --queue")
    if because is not None and not queue:
        raise click.UsageError("--because goes with --queue")
    if note is not None and no_note:
        raise click.UsageError("--note and --no-note do not go together")
    _check_tags((*tags, *untags))
    marks: list[_Mark] = []
    if bookmark is not None:
        marks.append(lambda library, papers: marking.bookmark(library, papers, bookmark))
    if queue is not None:
        marks.append(lambda library, papers: marking.queue(library, papers, queue, at, because))
    if status is not None:
        marks.append(lambda library, papers: marking.status(library, papers, status))
    marks += _rating(rate, no_rate)
    marks += _postponing(later, no_later)
    if tags or untags:
        marks.append(lambda library, papers: marking.tag(library, papers, tags, untags))
    if note is not None or no_note:
        marks.append(partial(_note, text=None if no_note else note))
    if not marks:
        raise click.UsageError("name a mark: --bookmark, --queue, --status, --rate, --later, --tag or --note")
    library = invocation(context).library()
    numbers = paper_names.find_papers(library.reader(), ids)
    for set_mark in marks:
        set_mark(library, numbers)
    output.say_papers(library.reader(), numbers, as_json=as_json)


def _rating(rate: int | None, no_rate: bool) -> list[_Mark]:
    """The change of the rating that --rate or --no-rate asks for. Empty if neither option is given.

    Raises UsageError when both options are given.
    """
    if rate is not None and no_rate:
        raise click.UsageError("--rate and --no-rate do not go together")
    return [lambda library, papers: marking.rate(library, papers, rate)] if rate is not None or no_rate else []


def _postponing(later: str | None, no_later: bool) -> list[_Mark]:
    """The change of the postponement that --later or --no-later asks for. Empty if neither option is given.

    Raises UsageError when both options are given. Raises LibraryError when `later` is neither "similar" nor a date
    later than today.
    """
    if later is not None and no_later:
        raise click.UsageError("--later and --no-later do not go together")
    if later is None and not no_later:
        return []
    until = None if later is None else return_day.parse(later, date.today())
    return [lambda library, papers: marking.postpone(library, papers, until)]


def _check_tags(names: Sequence[str]) -> None:
    """Raise click.UsageError if one of the names is empty after `marking.tag_name` has cleaned it."""
    for name in names:
        if not marking.tag_name(name):
            raise click.UsageError(f"{name!r} is not a name for a tag")


def _note(library: Library, papers: Sequence[int], text: str | None) -> None:
    """Set the note of each paper to `text`. If `text` is None, remove the notes."""
    for number in papers:
        marking.note(library, number, text)


@click.group(invoke_without_command=True, short_help="Show the reading queue in its order.")
@json_option
@library_option
@click.pass_context
def queue(context: click.Context, as_json: bool) -> None:
    """Show the reading queue in order; `recto queue move ID N` changes it."""
    if context.invoked_subcommand is None:
        context.invoke(list_, words=(), view=str(View("queue")), sort="best", format="table", as_json=as_json)


@queue.command("move")
@click.argument("id")
@click.argument("position", metavar="N", type=counting)
@library_option
@click.pass_context
def queue_move(context: click.Context, id: str, position: int) -> None:
    """Move the queued paper ID to position N."""
    library = invocation(context).library()
    number = paper_names.find_paper(library.reader(), id)
    marking.move(library, number, position)
    output.say_papers(library.reader(), [number])


@click.command(short_help="Undo your last mark, the last N, or one earlier step.")
@click.argument("steps", metavar="[N]", default=1, type=counting)
@click.option("--step", metavar="ID", type=counting, help="Undo this one step, which recto log --mine shows.")
@library_option
@click.pass_context
def undo(context: click.Context, steps: int, step: int | None) -> None:
    """Undo your last mark, or the last N, or one earlier step on which no later one depends."""
    library = invocation(context).library()
    if step is None:
        _walk(library, "undo", steps)
    elif steps != 1:
        raise click.UsageError("name a number of steps or --step, not both")
    else:
        output.say(f"Undone: {described(journal.undo_step(library, step))}")


@click.command()
@click.argument("steps", metavar="[N]", default=1, type=counting)
@library_option
@click.pass_context
def redo(context: click.Context, steps: int) -> None:
    """Redo the mark that was undone last, or the last N."""
    _walk(invocation(context).library(), "redo", steps)


def _walk(library: Library, direction: Literal["undo", "redo"], steps: int) -> None:
    """Undo or redo `steps` changes of marks, and print each of them.

    If there are fewer than `steps` changes, undo or redo all of them and then raise LibraryError.
    """
    walk, word = (journal.undo, "Undone") if direction == "undo" else (journal.redo, "Redone")
    for walked in range(steps):
        step = walk(library)
        if step is None:
            raise LibraryError(f"nothing {'more ' if walked else ''}to {direction}")
        output.say(f"{word}: {described(step)}")


def described(marked: Marked) -> str:
    """The description of a change of marks, for example "bookmarked, 3 papers"."""
    papers = len(marked.papers)
    return f"{marked.label}, {wording.count(papers, 'paper')}" if papers else marked.label


COMMANDS = (mark, queue, undo, redo)
