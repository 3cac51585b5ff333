"""The command `read`, and the function that starts the application for the commands `recto` and `recto read`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tui.cli.options import invocation, library_option
from tui.cli.output import is_terminal


def open_reader(context: click.Context, first: tuple[Path, ...] = ()) -> None:
    """Start the application, which imports the files `first`. When it ends, end the command with its exit code.

    Raises click.UsageError when standard input or output is not a terminal, or the terminal cannot show the
    application.
    """
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise click.UsageError("the reader needs a terminal; without one use: recto list")
    if (os.environ.get("TERM") or "dumb") == "dumb":
        raise click.UsageError("this terminal cannot show the reader (TERM is dumb); use: recto list")
    # Imported here, because it imports Textual, which other commands do not need.
    from tui.startup.open_reader import read

    context.exit(read(invocation(context).places, first))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@library_option
@click.pass_context
def read(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Open the reader and import these files or folders."""
    open_reader(context, paths)


COMMANDS = (read,)
