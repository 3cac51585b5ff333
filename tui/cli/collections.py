"""The commands `collection list`, `collection add`, `collection move`, `collection remove` and `collection rename`."""

from __future__ import annotations

import click
import msgspec

from store.library.library import Library
from store.marks import collections
from store.papers import queries
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.values import counting
from tui.render import wording


@click.group()
def collection() -> None:
    """Named, ordered lists of papers; a paper can be in many."""


@collection.command("list")
@click.argument("name", required=False)
@json_option
@library_option
@click.pass_context
def list_collections(context: click.Context, name: str | None, as_json: bool) -> None:
    """Show every collection with the number of its papers, or the papers of the collection NAME in their order."""
    connection = invocation(context).library().reader()
    if name is not None:
        papers = collections.papers(connection, collections.find(connection, name))
        if as_json:
            output.say_json(output.paper_object(queries.details(connection, number)) for number in papers)
        else:
            output.say(output.table(queries.list_rows(connection, papers)))
        return
    counted = collections.counted(connection)
    if as_json:
        output.say_json(msgspec.to_builtins(each) for each in counted)
        return
    if not counted:
        output.complain("there is no collection; make one with: recto collection add NAME ID")
    for each in counted:
        output.say(f"{each.count:>6,}  {each.name}")


@collection.command("add")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--at", metavar="N", type=counting, help="The position of the first paper, from 1.")
@library_option
@click.pass_context
def add(context: click.Context, name: str, ids: tuple[str, ...], at: int | None) -> None:
    """Put papers into the collection NAME, which need not exist. Without papers, make an empty collection."""
    library = invocation(context).library()
    marked = collections.add(library, _papers(library, ids), name, at)
    output.say(f"{marked.label}, {wording.count(len(marked.papers), 'paper')}" if ids else marked.label)


@collection.command("move")
@click.argument("name")
@click.argument("id")
@click.argument("position", metavar="N", type=counting)
@library_option
@click.pass_context
def move(context: click.Context, name: str, id: str, position: int) -> None:
    """Move the paper ID of the collection NAME to position N."""
    library = invocation(context).library()
    collections.move(library, _papers(library, (id,)), name, position)
    connection = library.reader()
    output.say(output.table(queries.list_rows(connection, collections.papers(connection, name))))


@collection.command("remove")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@library_option
@click.pass_context
def remove(context: click.Context, name: str, ids: tuple[str, ...]) -> None:
    """Take papers out of the collection NAME. Without papers, remove the collection; its papers stay."""
    library = invocation(context).library()
    papers = _papers(library, ids)
    marked = collections.remove(library, papers, name) if ids else collections.delete(library, name)
    output.say(f"{marked.label}, {wording.count(len(marked.papers), 'paper')}")


@collection.command("rename")
@click.argument("old")
@click.argument("new")
@library_option
@click.pass_context
def rename(context: click.Context, old: str, new: str) -> None:
    """Rename the collection OLD, or put its papers at the end of the collection NEW if that exists."""
    output.say(collections.rename(invocation(context).library(), old, new).label)


def _papers(library: Library, ids: tuple[str, ...]) -> list[int]:
    return list(dict.fromkeys(queries.find_paper(library.reader(), each) for each in ids))


COMMANDS = (collection,)
