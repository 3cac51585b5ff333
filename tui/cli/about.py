"""The commands `paths`, `formats` and `keys`."""

from __future__ import annotations

from collections.abc import Mapping

import click

from store.formats.registry import formats as all_formats
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.settings.settings_table import PRESET_NAMES


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


@click.command(short_help="The listing formats that recto reads, with file names.")
@json_option
def formats(as_json: bool) -> None:
    """The listing formats that recto reads, each with an example of a file name."""
    described = [{"name": each.NAME, "family": each.FAMILY, "example": each.EXAMPLE} for each in all_formats()]
    if as_json:
        output.say_json(described)
    else:
        output.say("\n".join(f"{each['name']:<18} {each['example']}" for each in described))


@click.command()
@click.option(
    "--preset", type=click.Choice(PRESET_NAMES), help="Show the keys of this preset, not the configured ones."
)
@json_option
@click.pass_context
def keys(context: click.Context, preset: str | None, as_json: bool) -> None:
    """Show the keys of recto, as they are configured."""
    from tui.actions.actions_and_keys import ACTIONS, keys_of, shown_keys

    keymap = _keymap(context, preset)
    if as_json:
        output.say_json({"id": each.id, "keys": keys_of(each, keymap), "does": each.help} for each in ACTIONS)
    else:
        output.say("\n".join(f"{shown_keys(each, keymap):<16} {each.help}" for each in ACTIONS))


def _keymap(context: click.Context, preset: str | None) -> Mapping[str, str]:
    """The keymap (ids of actions and their keys) of the preset with this name.

    Without a name, the keymap of the configuration.
    """
    # Imported here, because only this command needs the keys.
    from tui.settings import config, presets

    return config.load(invocation(context).places.config).keys if preset is None else presets.PRESETS[preset]


COMMANDS = (paths, formats, keys)
