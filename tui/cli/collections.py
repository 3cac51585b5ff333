"""The commands `collection list`, `collection add`, `collection move`, `collection remove` and `collection rename`."""

from __future__ import annotations

import click

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
        output.say_papers(connection, papers, as_json=as_json)
        return
    nothing = "there is no collection; make one with: recto collection add NAME ID"
    output.say_counts(collections.counted(connection), nothing, as_json=as_json)


@collection.command("add")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--at", metavar="N", type=counting, help="The position of the first paper, from 1.")
@library_option
@click.pass_context
def add(context: click.Context, name: str, ids: tuple[str, ...], at: int | None) -> None:
    """Put papers into the collection NAME, which need not exist. Without papers, make an empty collection."""
    library = invocation(context).library()
    marked = collections.add(library, queries.find_papers(library.reader(), ids), name, at)
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
    connection = library.reader()
    collections.move(library, [queries.find_paper(connection, id)], name, position)
    output.say_papers(connection, collections.papers(connection, name))


@collection.command("remove")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@library_option
@click.pass_context
def remove(context: click.Context, name: str, ids: tuple[str, ...]) -> None:
    """Take papers out of the collection NAME. Without papers, remove the collection; its papers stay."""
    library = invocation(context).library()
    papers = queries.find_papers(library.reader(), ids)
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


COMMANDS = (collection,)
