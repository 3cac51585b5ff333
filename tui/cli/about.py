"""The commands `paths`, `formats` and `keys`."""

from __future__ import annotations

import click

from store.formats.registry import formats as all_formats
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option


@click.command()
@json_option
@library_option
@click.pass_context
def paths(context: click.Context, as_json: bool) -> None:
    """Where the library, the inbox and the configuration are."""
    places = invocation(context).places
    shown = {name: output.path_text(getattr(places, name)) for name in ("library", "inbox", "config")}
    if as_json:
        output.say_object(shown)
    else:
        output.say("\n".join(f"{name:<8} {path}" for name, path in shown.items()))


@click.command()
@json_option
def formats(as_json: bool) -> None:
    """The listing formats that recto reads, each with an example of a file name."""
    described = [{"name": each.NAME, "family": each.FAMILY, "example": each.EXAMPLE} for each in all_formats()]
    if as_json:
        output.say_json(described)
    else:
        output.say("\n".join(f"{each['name']:<18} {each['example']}" for each in described))


@click.command()
@json_option
def keys(as_json: bool) -> None:
    """The keys of the reader."""
    from tui.actions.registry import ACTIONS

    if as_json:
        output.say_json({"id": each.id, "keys": list(each.keys), "does": each.help} for each in ACTIONS)
    else:
        output.say("\n".join(f"{each.shown_keys:<16} {each.help}" for each in ACTIONS))


COMMANDS = (paths, formats, keys)
