"""list and show: papers on standard output."""

from __future__ import annotations

from datetime import date

import click

from store import papers, query
from store.search import Search
from store.views import SORTS, View
from tui import plain
from tui.cli import desk, json_option, library_option


@click.command("list", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option("--view", "view", default="all", show_default=True, help="new, all, queue, bookmarks, 2026-07-02, …")
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--limit", "-n", type=click.IntRange(1), help="At most so many papers.")
@click.option("--format", "format", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@json_option
@library_option
@click.pass_context
def list_(
    context: click.Context,
    words: tuple[str, ...],
    view: str,
    sort: str,
    limit: int | None,
    format: str,
    as_json: bool,
) -> None:
    """The papers that QUERY finds; its language is that of the reader's filter."""
    asked = query.parse(" ".join(words), date.today())
    library = desk(context).library()
    found = Search(library).answer(View.parse(view), asked, sort)  # type: ignore[arg-type]
    for note in asked.misread:
        plain.complain(note)
    ids = found.ids[:limit] if limit else found.ids
    connection = library.reader()
    if as_json or format == "json":
        plain.say(plain.json_lines([plain.paper_object(papers.whole(connection, each)) for each in ids]))
    elif format == "jsonl":
        for each in ids:
            plain.say(plain.json_object(plain.paper_object(papers.whole(connection, each))))
    elif ids:
        plain.say(plain.table(papers.rows(connection, ids)))
    else:
        plain.complain("no papers found" if words else "no papers here; import some with: recto import FILE")


@click.command()
@click.argument("id", nargs=-1, required=True)
@json_option
@library_option
@click.pass_context
def show(context: click.Context, id: tuple[str, ...], as_json: bool) -> None:
    """One paper, whole."""
    connection = desk(context).library().reader()
    known = papers.whole(connection, papers.find(connection, " ".join(id)))
    plain.say(plain.json_object(plain.paper_object(known)) if as_json else plain.page(known))


COMMANDS = (list_, show)
