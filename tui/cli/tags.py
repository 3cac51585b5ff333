"""The commands `tag list`, `tag rename` and `tag merge`."""

from __future__ import annotations

import click
import msgspec

from store.library.library import Library
from store.marks import tags
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.showing_group import ShowingGroup
from tui.render import wording


@click.group(cls=ShowingGroup)
def tag() -> None:
    """List, rename and merge tags; `recto mark ID --tag T` adds one."""


@tag.command("list")
@json_option
@library_option
@click.pass_context
def list_tags(context: click.Context, as_json: bool) -> None:
    """Show every tag with the number of its papers."""
    counted = tags.counted(invocation(context).library().reader())
    if as_json:
        output.say_json(msgspec.to_builtins(each) for each in counted)
        return
    if not counted:
        output.complain("no paper has a tag; add one with: recto mark ID --tag T")
    for each in counted:
        output.say(f"{each.count:>6,}  {each.name}")


@tag.command("rename", short_help="Give every paper with the tag OLD the tag NEW instead.")
@click.argument("old")
@click.argument("new")
@library_option
@click.pass_context
def rename_tag(context: click.Context, old: str, new: str) -> None:
    """Give every paper with the tag OLD the tag NEW instead; `recto undo` undoes it."""
    _rename(invocation(context).library(), (old,), new)


@tag.command("merge")
@click.argument("names", metavar="TAG...", nargs=-1, required=True)
@click.argument("into", metavar="INTO")
@library_option
@click.pass_context
def merge_tags(context: click.Context, names: tuple[str, ...], into: str) -> None:
    """Replace each TAG by the tag INTO; `recto undo` undoes it."""
    _rename(invocation(context).library(), names, into)


def _rename(library: Library, old: tuple[str, ...], new: str) -> None:
    marked = tags.rename(library, old, new)
    output.say(f"{marked.label}, {wording.count(len(marked.papers), 'paper')}")


COMMANDS = (tag,)
