"""The commands. Textual is imported only to open the reader."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import click

from store import __version__
from store.library.library import Library
from store.library.paths import Places, places
from tui.cli.exit_codes import ended
from tui.cli.output import complain, is_terminal

_F = TypeVar("_F", bound=Callable[..., Any])


class Desk:
    """What the commands share: which library, opened once and closed at the end."""

    def __init__(self, context: click.Context) -> None:
        self._context = context
        self.named: Path | None = None

    @property
    def places(self) -> Places:
        return places(self.named)

    def library(self) -> Library:
        """The open library; it is closed when the command ends."""
        return self._context.with_resource(_closing(Library.open(self.places.library)))


def _closing(library: Library) -> AbstractContextManager[Library]:
    return library


def _name_library(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(dict)
        desk(context).named = value


def desk(context: click.Context) -> Desk:
    """The desk of this run."""
    root = context.find_root()
    if not isinstance(root.obj, Desk):
        root.obj = Desk(root)
    return root.obj


def library_option(command: _F) -> _F:
    """`--library`, before or after the command's name."""
    return click.option(
        "--library",
        type=click.Path(path_type=Path, dir_okay=False),
        expose_value=False,
        is_eager=True,
        callback=_name_library,
        help="The library to use.  [env: RECTO_LIBRARY]",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON that programs can rely on.")


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@library_option
@click.version_option(__version__, prog_name="recto")
@click.pass_context
def recto(context: click.Context) -> None:
    """Read research-paper listings in the terminal.

    Without a command, recto opens the reader. ID is the number that the list shows, an arXiv id, a DOI, or the
    start of a title that fits one paper.
    """
    if context.invoked_subcommand is None:
        open_reader(context)


def open_reader(context: click.Context, first: tuple[Path, ...] = ()) -> None:
    """Open the reader, importing `first`."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        raise click.UsageError("the reader needs a terminal; without one use: recto list")
    if (os.environ.get("TERM") or "dumb") == "dumb":
        raise click.UsageError("this terminal cannot show the reader (TERM is dumb); use: recto list")
    from tui.startup.open_reader import read

    context.exit(read(desk(context).places, first))


def run() -> None:
    """Run the command line; never returns. Errors are one line on standard error."""
    sys.exit(ended(_run))


def _run() -> int:
    try:
        from tui.cli.commands import add_all

        add_all(recto)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A star in a terminal that has none is no reason to stop.
            sys.stdout.reconfigure(errors="replace")
        # What click returns is the code of context.exit(), or the value of the command.
        result = recto.main(prog_name="recto", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        complain(_which(error.ctx))
        return 2
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "recto"
        complain(f"{error.format_message()} (see: {name} --help)")
        return 2
    except click.ClickException as error:
        complain(error.format_message())
        return 1
    except click.Abort:
        raise KeyboardInterrupt from None


def _which(context: click.Context | None) -> str:
    """What to say to the name of a group of commands alone."""
    if context is None or not isinstance(context.command, click.Group):
        return "say what to do (see: recto --help)"
    path = context.command_path
    return f"say which: {', '.join(f'{path} {name}' for name in context.command.list_commands(context))}"
