"""The commands that begin with `recto collection`: collections of papers, and sharing them with other people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from store.marks import collections, sharing
from store.marks.collections import CountedCollection
from store.marks.sharing import Share
from store.marks.stored_marks import Addition
from store.model.errors import LibraryError
from store.papers import paper_names
from store.sync import shared_collections
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.showing_group import ShowingGroup
from tui.cli.values import counting
from tui.render import sync_wording, wording
from tui.settings.person import name as own_name


@click.group(cls=ShowingGroup)
def collection() -> None:
    """Named, ordered lists of papers; a paper can be in many."""


@collection.command("list", short_help="Show every collection, or the papers of NAME in their order.")
@click.argument("name", required=False)
@json_option
@library_option
@click.pass_context
def list_collections(context: click.Context, name: str | None, as_json: bool) -> None:
    """Show every collection with the number of its papers, or the papers of the collection NAME in their order."""
    connection = invocation(context).library().reader()
    if name is not None:
        title = collections.find(connection, name)
        papers = collections.papers(connection, title)
        added = collections.additions(connection, title, papers)
        remarks = {paper: _addition_text(each) for paper, each in added.items()}
        output.say_papers(connection, papers, as_json=as_json, remarks=remarks)
        return
    shares = {each.collection: each for each in sharing.shares(connection)}
    counted = collections.counted(connection)
    people = {each: collections.people(connection, each) for each in shares}
    if as_json:
        output.say_json(_object(each, shares.get(each.name), people.get(each.name, ())) for each in counted)
        return
    if not counted:
        output.complain("there is no collection; make one with: recto collection add NAME ID")
    for each in counted:
        about = f"  · {_shared_text(shares[each.name], people[each.name])}" if each.name in shares else ""
        output.say(f"{each.count:>6,}  {wording.one_line(each.name)}{about}")


@collection.command("add")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--at", metavar="N", type=counting, help="The position of the first paper, from 1.")
@click.option("--because", metavar="TEXT", help="Why they are in it; people with whom you share it see this.")
@library_option
@click.pass_context
def add(context: click.Context, name: str, ids: tuple[str, ...], at: int | None, because: str | None) -> None:
    """Put papers into the collection NAME, which need not exist. Without papers, make an empty collection."""
    if because is not None and not ids:
        raise click.UsageError("--because goes with papers")
    library = invocation(context).library()
    marked = collections.add(library, paper_names.find_papers(library.reader(), ids), name, at, because)
    output.say(wording.mark_text(marked.label, len(marked.papers)))


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
    collections.move(library, [paper_names.find_paper(connection, id)], name, position)
    output.say_papers(connection, collections.papers(connection, name))


@collection.command("remove")
@click.argument("name")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@library_option
@click.pass_context
def remove(context: click.Context, name: str, ids: tuple[str, ...]) -> None:
    """Take papers out of the collection NAME. Without papers, remove the collection; its papers stay."""
    library = invocation(context).library()
    papers = paper_names.find_papers(library.reader(), ids)
    marked = collections.remove(library, papers, name) if ids else collections.delete(library, name)
    output.say(f"{marked.label}, {wording.count(len(marked.papers), 'paper')}")


@collection.command("rename", short_help="Rename OLD, or put its papers at the end of NEW.")
@click.argument("old")
@click.argument("new")
@library_option
@click.pass_context
def rename(context: click.Context, old: str, new: str) -> None:
    """Rename the collection OLD, or put its papers at the end of the collection NEW if that exists."""
    output.say(collections.rename(invocation(context).library(), old, new).label)


@collection.command("share", short_help="Share NAME with other people through FOLDER.")
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--as", "person", metavar="PERSON", help="Your name, which the others see.")
@json_option
@library_option
@click.pass_context
def share(context: click.Context, name: str, folder: Path | None, person: str | None, as_json: bool) -> None:
    """Share the collection NAME with other people through FOLDER, which something else carries between you.

    Everyone runs this command with their copy of FOLDER. Each sees which papers the others put into the collection, who
    did, when and why, and can add, move and remove papers. Nothing else is written into FOLDER: your statuses,
    bookmarks, ratings, notes and tags stay yours, and so does the name that the collection has here. Your name is
    PERSON, else the setting `person`, else your login name. Without FOLDER, everything in the folder is read again.
    """
    library = invocation(context).library()
    stored_name = collections.stored_name(library.reader(), name)
    present = {each.collection: each for each in sharing.shares(library.reader())}.get(stored_name)
    path = folder or (present.folder if present else None)
    if path is None:
        raise LibraryError(f"name the folder through which to share it: recto collection share {name!r} FOLDER")
    who = person or (present and present.person) or own_name(library.path)
    result = shared_collections.begin(library, name, path, who, again=folder is None)
    if as_json:
        output.say_object(result)
    else:
        output.say(f"Shared as {wording.one_line(who)} · {sync_wording.shared_text(result)}")
    for problem in result.unreadable:
        output.complain(f"not read: {problem}")
    if result.unreadable:
        context.exit(1)


@collection.command("leave")
@click.argument("name")
@library_option
@click.pass_context
def leave(context: click.Context, name: str) -> None:
    """Stop sharing the collection NAME. Its papers stay in it, and stay in the collections of the others."""
    output.say(f"{shared_collections.end(invocation(context).library(), name).label}; its papers stay")


def _addition_text(added: Addition) -> str:
    """Who put a paper into a collection, when, and why, as a text; "" if neither the person nor the reason is known."""
    if not added.by and not added.because:
        return ""
    day = wording.local_time(added.at).partition(" ")[0] if added.at else ""
    return ": ".join(filter(None, (", ".join(filter(None, (added.by, day))), added.because)))


def _object(counted: CountedCollection, shared: Share | None, people: Sequence[str]) -> dict[str, Any]:
    return {
        "name": counted.name,
        "count": counted.count,
        "shared": None
        if shared is None
        else {
            "person": shared.person,
            "people": people,
            "folder": None if shared.folder is None else output.path_text(shared.folder),
        },
    }


def _shared_text(shared: Share, people: Sequence[str]) -> str:
    """How a collection is shared, for example "shared as Ada with Bob through /home/ada/Sync/group"."""
    others = ", ".join(wording.one_line(each) for each in people if each != shared.person)
    text = f"shared as {wording.one_line(shared.person)}{f' with {others}' if others else ''}"
    if shared.folder is None:
        return f"{text} on another machine; here: recto collection share NAME FOLDER"
    return f"{text} through {output.path_text(shared.folder)}"


COMMANDS = (collection,)
