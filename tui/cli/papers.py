"""list and show: papers on standard output."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date

import click

from store.model.errors import LibraryError
from store.papers import queries
from store.papers.views import SORTS, View
from store.search import index_sync
from store.search.parser import parse
from store.search.search import Search
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.cli.values import counting

# So many papers are read and printed at a time.
_WINDOW = 500
# Of what begins with one dash this much is an option: -h, -n, -n20.
_SHORT_OPTION = re.compile(r"-(h|n\d*)?")


class _Asking(click.Command):
    """A command whose words may begin with a dash: "-vision" is a word that is not wanted, no row of options."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put the words behind "--" and let click read the options."""
        valued = {
            name for each in self.params if isinstance(each, click.Option) and not each.is_flag for name in each.opts
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for each in rest:
            if each == "--":
                words += rest
            elif each.startswith("--") or (each.startswith("-") and _SHORT_OPTION.fullmatch(each)):
                options.append(each)
                if each in valued:
                    value = next(rest, None)
                    if value is None:
                        raise click.BadOptionUsage(each, f"Option {each!r} requires an argument.", context)
                    options.append(value)
            else:
                words.append(each)
        return super().parse_args(context, [*options, "--", *words])


@click.command("list", cls=_Asking)
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option("--view", "view", default="all", show_default=True, help="new, all, queue, 2026-07-02, tag:NAME, …")
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--limit", "-n", metavar="N", type=counting, help="At most so many papers.")
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
    asked = parse(" ".join(words), date.today())
    library = invocation(context).library()
    try:
        # All of it must be there: who asks once does not ask again when the rest has come.
        with Progress(sys.stderr) as progress:
            index_sync.catch_up(library, on_step=progress.indexed)
    except LibraryError as error:
        if asked.tree is not None:
            output.complain(f"not every paper could be looked at: {error}")
    found = Search(library).answer(View.parse(view), asked, sort)  # type: ignore[arg-type]
    for note in asked.misread:
        output.complain(note)
    ids = found.ids[:limit] if limit else found.ids
    connection = library.reader()
    whole = (output.paper_object(queries.details(connection, each)) for each in ids)
    if as_json or format == "json":
        output.say_json(whole)
    elif format == "jsonl":
        for each in whole:
            output.say_object(each)
    elif ids:
        digits = len(str(max(ids)))
        for start in range(0, len(ids), _WINDOW):
            output.say(output.table(queries.list_rows(connection, ids[start : start + _WINDOW]), digits))
    else:
        output.complain(_nothing(View.parse(view), words))


def _nothing(view: View, words: Sequence[str]) -> str:
    if words:
        return "no papers found"
    if view.kind == "queue":
        return "the queue is empty; put a paper in it with: recto mark ID --queue"
    if view.kind in ("all", "new"):
        return "no papers here; import some with: recto import FILE"
    return f"no papers in the view {view}"


@click.command()
@click.argument("id", nargs=-1, required=True, metavar="ID")
@json_option
@library_option
@click.pass_context
def show(context: click.Context, id: tuple[str, ...], as_json: bool) -> None:
    """One paper, whole."""
    connection = invocation(context).library().reader()
    known = queries.details(connection, queries.find_paper(connection, " ".join(id)))
    if as_json:
        output.say_object(output.paper_object(known))
    else:
        output.say(output.page(known))


COMMANDS = (list_, show)
