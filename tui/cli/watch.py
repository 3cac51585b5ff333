"""The commands `watch add`, `watch remove` and `watch list`."""

from __future__ import annotations

from pathlib import Path

import click

from store.importing import folders
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.showing_group import ShowingGroup


@click.group(cls=ShowingGroup)
def watch() -> None:
    """Folders whose new files are imported while the reader is open."""


@watch.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_add(context: click.Context, folder: Path) -> None:
    """Watch FOLDER and the folders in it."""
    output.say(f"Watching {output.path_text(folders.add(invocation(context).library(), folder))}")


@watch.command("remove")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_remove(context: click.Context, folder: Path) -> None:
    """Stop watching FOLDER. The papers read from it stay."""
    output.say(f"No longer watching {output.path_text(folders.remove(invocation(context).library(), folder))}")


@watch.command("list")
@json_option
@library_option
@click.pass_context
def watch_list(context: click.Context, as_json: bool) -> None:
    """The inbox and the folders that you added."""
    run = invocation(context)
    watched = folders.Watch(run.library(), run.places.inbox).folders()
    names = [output.path_text(folder) for folder in watched]
    if as_json:
        output.say_json(names)
    else:
        output.say("\n".join(names))


COMMANDS = (watch,)
