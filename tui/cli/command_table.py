"""A table for shell completion: all commands, their options, and the possible values of the options.

The build of the wheel stores the table as JSON beside this module (see hatch_build.py), so that shell completion need
not import the commands. In a checkout of the source, the table is made again whenever the user presses the tab key.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

STORED = Path(__file__).with_name("command_table.json")
# Maps options and arguments to the kinds of their values. A key is the name of the option or argument, such as "tags".
# If the kind depends on the command, the command precedes the name, as in "tag rename old".
_KINDS = {
    "view": "view",
    "view_names": "view",
    "tags": "tag",
    "untags": "tag",
    "words": "query",
    "tag rename old": "tag",
    "tag merge names": "tag",
    "tag merge into": "tag",
    "import format": "listing format",
    "view add base": "view",
    "view remove name": "saved view",
    "view move name": "saved view",
    "collection list name": "collection",
    "collection add name": "collection",
    "collection move name": "collection",
    "collection remove name": "collection",
    "collection rename old": "collection",
    "config set name": "setting",
    "config set values": "value",
    "config unset name": "setting",
}


def load() -> dict[str, Any]:
    """The table that was stored when the wheel was built. In a checkout of the source, a new table."""
    try:
        table: dict[str, Any] = json.loads(STORED.read_bytes())
        return table
    except (OSError, ValueError):
        return make()


def make() -> dict[str, Any]:
    """A new table for shell completion, made from the commands.

    The entry "command" describes the command `recto` with all its subcommands. "values" maps each kind of value to the
    values that are always possible. "choices" maps each setting with a limited set of values to these values.
    """
    # Imported here, because these modules are needed only to make a new table, not to load the stored one.
    from typing import get_args

    from store.formats.registry import formats
    from store.papers.view_table import FIXED
    from store.search import filter_fields
    from tui.cli.group import recto
    from tui.settings import config_change, settings_table

    fields = [name for field in filter_fields.FIELDS for name in (field.name, *field.aliases)]
    return {
        "command": _command(recto, ""),
        "values": {
            "view": [*FIXED],
            "listing format": [each.NAME for each in formats()],
            "setting": config_change.names(),
            "field": fields,
            "is": [*get_args(filter_fields.State)],
            "has": [*get_args(filter_fields.Possession)],
        },
        "choices": {each.name: [*each.kind.choices()] for each in settings_table.SETTINGS if each.kind.choices()},
    }


def _command(command: click.Command, path: str) -> dict[str, Any]:
    """A description of a command: its options, arguments and subcommands. `path` is its name without "recto"."""
    import click

    row: dict[str, Any] = {
        "help": command.get_short_help_str(70),
        "parameters": [_parameter(each, path) for each in command.params if each.expose_value or each.opts],
    }
    if isinstance(command, click.Group):
        row["commands"] = {name: _command(each, f"{path} {name}".strip()) for name, each in command.commands.items()}
    return row


def _parameter(parameter: click.Parameter, path: str) -> dict[str, Any]:
    import click

    is_option = isinstance(parameter, click.Option)
    kind = _KINDS.get(f"{path} {parameter.name}", _KINDS.get(parameter.name or "", ""))
    if isinstance(parameter.type, click.Path):
        kind = "path"
    row: dict[str, Any] = {"names": [*parameter.opts] if is_option else [parameter.name], "is_option": is_option}
    if isinstance(parameter, click.Option):
        row |= {"help": parameter.help or "", "is_flag": parameter.is_flag, "is_multiple": parameter.multiple}
    if isinstance(parameter.type, click.Choice):
        row["choices"] = [str(each) for each in parameter.type.choices]
    return row | {"kind": kind, "is_many": parameter.nargs == -1}
