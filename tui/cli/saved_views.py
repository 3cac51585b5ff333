"""The commands `view list`, `view add`, `view remove` and `view move`."""

from __future__ import annotations

from datetime import date

import click
import msgspec

from store.marks import saved_filters
from store.marks.saved_filters import SavedFilter
from store.papers.views import SORTS, Sort, View
from store.search.parser import parse
from store.search.search import Search
from tui.actions.actions_and_keys import ACTIONS, shown
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.query_command import QueryCommand
from tui.cli.showing_group import ShowingGroup
from tui.cli.values import counting


@click.group(cls=ShowingGroup, short_help="Saved filters, which are views.")
def view() -> None:
    """Saved filters, which are views: `recto list --view filter:NAME` shows the papers of one."""


@view.command("list", short_help="Show every saved filter with its number of new papers.")
@json_option
@library_option
@click.pass_context
def list_views(context: click.Context, as_json: bool) -> None:
    """Show every saved filter with its number of new papers, its key, its view and its filter."""
    library = invocation(context).library()
    saved = saved_filters.read_all(library.reader())
    search = Search(library)
    new = parse("is:new", date.today())
    counts = [len(search.answer(View("filter", each.name), new).ids) for each in saved]
    if as_json:
        output.say_json(
            {**msgspec.structs.asdict(each), "order": position, "new": count}
            for position, (each, count) in enumerate(zip(saved, counts, strict=True), 1)
        )
        return
    if not saved:
        output.complain("there is no saved filter; save one with: recto view add NAME QUERY")
    width = max((len(each.name) for each in saved), default=0)
    for each, count in zip(saved, counts, strict=True):
        base = "" if each.view == "all" else f"  in {each.view}"
        output.say(f"{count:>6,} new  {shown(each.key or ''):<3} {each.name:<{width}}  {each.filter}{base}")


@view.command("add", cls=QueryCommand, short_help="Save QUERY under NAME.")
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option("--view", "base", default="all", show_default=True, help="The view whose papers the filter selects.")
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--key", help="A key that shows the view in the reader.")
@library_option
@click.pass_context
def add(context: click.Context, name: str, words: tuple[str, ...], base: str, sort: Sort, key: str | None) -> None:
    """Save QUERY under NAME, in place of a saved filter of the same name."""
    view = View.parse(base)
    if not words and view == View("all"):
        raise click.UsageError("name a filter, for example: recto view add Speech 'speech cat:eess.AS'")
    saved = SavedFilter(name, " ".join(words), str(view), sort, _key(key))
    output.say(saved_filters.save(invocation(context).library(), saved).label)


@view.command("remove")
@click.argument("name")
@library_option
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Remove the saved filter NAME; `recto undo` brings it back."""
    output.say(saved_filters.remove(invocation(context).library(), name).label)


@view.command("move")
@click.argument("name")
@click.argument("position", metavar="N", type=counting)
@library_option
@click.pass_context
def move(context: click.Context, name: str, position: int) -> None:
    """Move the saved filter NAME to position N among the saved filters."""
    output.say(saved_filters.move(invocation(context).library(), name, position).label)


def _key(text: str | None) -> str | None:
    """Textual's name of the key that was typed as `text`.

    Raises UsageError when `text` is not a key, or when it is the default key of an action.
    """
    if text is None:
        return None
    # Imported here, because `key_names` imports Textual, and that import takes longer than the rest of the command.
    from tui.settings import key_names

    try:
        key = key_names.read(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    taken = {sequence.split()[0] for action in ACTIONS if action.screen == "library" for sequence in action.keys}
    if " " in key or key in taken:
        raise click.UsageError(f"the key {text} has an action already; recto keys shows them")
    return key


COMMANDS = (view,)
