"""The commands `list` and `show`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click
import msgspec

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import list_rows, listing_days, paper_details, paper_names
from store.papers.view_table import KINDS
from store.papers.views import SORTS, View
from tui.cli import output
from tui.cli.options import chosen_view, collection_option, invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.cli.query_command import QueryCommand
from tui.cli.values import counting
from tui.render import wording

if TYPE_CHECKING:
    from store.search.answer import Answer
    from store.search.search import Search

# Papers are read from the library and printed in groups of this size.
_WINDOW = 500
# The kinds of views that show the papers listed in a certain period.
_OF_A_TIME = ("day", "week", "month", "since")


@click.command("list", cls=QueryCommand, short_help="Show the papers that match QUERY.")
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option(
    "--view",
    "view",
    default="all",
    show_default=True,
    help="new, queue, 2026-07-02, week:2026-W27, since:last, trending:month, tag:NAME, …",
)
@collection_option
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--limit", "-n", metavar="N", type=counting, help="Show at most N papers.")
@click.option("--exact", is_flag=True, help="Leave out papers that have the words only in another form or spelling.")
@click.option("--format", "format", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@json_option
@library_option
@click.pass_context
def list_(
    context: click.Context,
    words: tuple[str, ...],
    view: str,
    collection: str | None,
    sort: str,
    limit: int | None,
    exact: bool,
    format: str,
    as_json: bool,
) -> None:
    """Show the papers that match QUERY, which is written like the filter on the screen."""
    # Imported here, because `recto show` does not search.
    from store.search.search import Search

    library = invocation(context).library()
    chosen = chosen_view(library, view, collection)
    answer = matching_papers(library, words, chosen, sort, exact_only=exact)
    ids = answer.ids[:limit]
    connection = library.reader()
    search = Search(library)
    objects = (
        output.paper_object(known) | reasons.get(known.id, {})
        for start in range(0, len(ids), _WINDOW)
        for reasons in [_reason_objects(search, answer, ids[start : start + _WINDOW])]
        for known in paper_details.details_of_all(connection, ids[start : start + _WINDOW])
    )
    if as_json or format == "json":
        output.say_json(objects)
    elif format == "jsonl":
        for value in objects:
            output.say_object(value)
    elif ids:
        digits = len(str(max(ids)))
        for start in range(0, len(ids), _WINDOW):
            rows = list_rows.read(connection, ids[start : start + _WINDOW])
            output.say(output.table(rows, digits, _remarks(search, answer, ids[start : start + _WINDOW])))
    else:
        output.complain(_no_papers(library, chosen, words))


def matching_papers(
    library: Library, words: Sequence[str], view: View, sort: str, *, exact_only: bool = False
) -> Answer:
    """The papers of `view` that match the query `words`, in the order `sort`.

    Two remarks may be printed on standard error: which parts of the query could not be understood, and how many papers
    contain words of the query only in another form. With `exact_only`, the latter papers are left out.
    """
    # Imported here, because `recto show` does not search.
    from store.search import index_sync
    from store.search.parser import parse, unfinished
    from store.search.search import Search

    query = parse(" ".join(words), date.today())
    try:
        # Update the search index first, because papers that it lacks would be missing from the result.
        with Progress(sys.stderr) as progress:
            index_sync.catch_up(library, on_step=progress.indexed)
    except LibraryError as error:
        if query.tree is not None:
            output.complain(f"not every paper could be searched: {error}")
    answer = Search(library).answer(view, query, sort, exact_only=exact_only)  # type: ignore[arg-type]
    for note in wording.answer_notes(answer, query.misread, unfinished(query.text, date.today())):
        output.complain(note)
    return answer


def _reason_objects(search: Search, answer: Answer, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Maps papers to the fields of `recto list --json` that explain the position of the paper in the list.

    A paper without such fields is left out.
    """
    objects: dict[int, dict[str, Any]] = {
        paper.id: {"likeness": paper.likeness, "similar_in": paper.words} for paper in answer.similar
    }
    for number, reasons in search.reasons_in(answer, ids).items():
        objects.setdefault(number, {})["reasons"] = msgspec.to_builtins(reasons)
    return objects


def _remarks(search: Search, answer: Answer, ids: Sequence[int]) -> dict[int, str]:
    """Maps papers to texts that explain their positions in the list.

    Empty if the order of the list has no explanation.
    """
    remarks = {paper.id: ", ".join(paper.words) for paper in answer.similar}
    return remarks | {
        number: wording.reason_text(reasons) for number, reasons in search.reasons_in(answer, ids).items()
    }


def _no_papers(library: Library, view: View, words: Sequence[str]) -> str:
    """The message that no paper was found. For some views, it also says how to put papers into the view."""
    if words:
        return "no papers found"
    if view.kind == "queue":
        return "the queue is empty; put a paper in it with: recto mark ID --queue"
    if view.kind in ("all", "new"):
        return "no papers here; import some with: recto import FILE"
    newest = listing_days.latest(library.reader()) if view.kind in _OF_A_TIME else None
    hint = f" The newest listing is of {newest}." if newest else ""
    return f"no papers in the view {view}: {KINDS[view.kind].empty}{hint}"


@click.command()
@click.argument("id", nargs=-1, required=True, metavar="ID")
@json_option
@library_option
@click.pass_context
def show(context: click.Context, id: tuple[str, ...], as_json: bool) -> None:
    """Show everything that the library has about one paper."""
    connection = invocation(context).library().reader()
    known = paper_details.details(connection, paper_names.find_paper(connection, " ".join(id)))
    if as_json:
        output.say_object(output.paper_object(known))
    else:
        output.say(output.page(known))


COMMANDS = (list_, show)
