"""The command `schema`: the JSON Schema of what the commands print as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from tui.cli import output

_FOLDER = Path(__file__).parent / "schemas"
# For each command, the name of the schema file for one value of its output, and whether the output is an array of such
# values. The name is "" for the statistics: their schema is made from the type `Statistics`.
_FILES = {
    "list": ("show", True),
    "show": ("show", False),
    "mark": ("show", True),
    "queue": ("show", True),
    "export": ("export", False),
    "import": ("import", False),
    "log": ("import", True),
    "log --mine": ("step", True),
    "watch": ("watch", False),
    "paths": ("paths", False),
    "formats": ("formats", False),
    "keys": ("keys", False),
    "tag": ("tag", True),
    "collection": ("collection", True),
    "view": ("view", True),
    "config": ("config", True),
    "doctor": ("doctor", True),
    "backup": ("backup", False),
    "taste": ("taste", False),
    "text": ("text", False),
    "sync": ("sync", False),
    "stats": ("", False),
}
# The schemas of the fields that `recto log` prints besides those of `recto import`.
_OF_LOG = {
    "id": {"type": "integer", "description": "For recto log undo and recto log retry."},
    "at": {"type": "string", "format": "date-time"},
    "state": {"type": "string"},
}


@click.command()
@click.argument("name", type=click.Choice([*_FILES]), metavar="COMMAND")
def schema(name: str) -> None:
    """Print the JSON Schema of what COMMAND prints as JSON.

    COMMAND is one of those with --json, or export (CSL-JSON), or "log --mine". For a group, it is the command that
    shows everything: tag list, collection list, view list, watch list, config show, sync status. A line of `recto list
    --format jsonl` is described by show, and a line of `recto import --json` by import.
    """
    output.say(json.dumps(of(name), indent=1, ensure_ascii=False))


def of(name: str) -> dict[str, Any]:
    """The JSON Schema of the output of the command `name`."""
    file, is_array = _FILES[name]
    if not file:
        # Imported here, because no other command needs statistics.
        from store.statistics.reading import Statistics

        dialect = "https://json-schema.org/draft/2020-12/schema"
        return {"$schema": dialect, **msgspec.json.schema(Statistics)}
    value: dict[str, Any] = json.loads((_FOLDER / f"{file}.json").read_text("utf-8"))
    if name == "log":
        value["properties"] = {**_OF_LOG, **value["properties"]}
        value["required"] = [*_OF_LOG, *value["required"]]
    if not is_array:
        return value
    dialect = value.pop("$schema")
    return {"$schema": dialect, "title": f"The output of recto {name} --json", "type": "array", "items": value}


COMMANDS = (schema,)
