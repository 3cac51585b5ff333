"""The command `recto` with all its subcommands, and the conversion of errors to exit codes."""

from __future__ import annotations

import gc
import importlib
import io
import sys
from collections.abc import Iterator, MutableMapping

import click

from store import __version__
from tui.cli.exit_codes import ended
from tui.cli.options import library_option
from tui.cli.output import complain

# Python's garbage collector runs whenever this many more objects were created than deleted. With Python's default of
# 700, the collector would take a fifth of the time of an export, and find hardly any objects to delete, because
# reference counting has deleted them already.
_COLLECT_AFTER = 20_000
# Maps each command to its module, which is imported only for that command. Importing all of these modules would take
# three times as long as running a typical command.
MODULES = {
    "attach": "texts",
    "backup": "backups",
    "cite": "cite",
    "collection": "collections",
    "completion": "completion",
    "config": "config",
    "digest": "digest",
    "doctor": "doctor",
    "export": "export",
    "fetch": "fetch",
    "formats": "about",
    "import": "imports",
    "index": "index",
    "keys": "about",
    "list": "papers",
    "log": "log",
    "mark": "marks",
    "mcp": "mcp",
    "paths": "about",
    "queue": "marks",
    "read": "reader",
    "redo": "marks",
    "restore": "backups",
    "schema": "schema",
    "show": "papers",
    "stats": "statistics",
    "sync": "sync",
    "tag": "tags",
    "taste": "taste",
    "text": "texts",
    "undo": "marks",
    "view": "saved_views",
    "watch": "watch",
}


class _Commands(MutableMapping[str, click.Command]):
    """Maps names to commands. The module of a command is imported when the command is first used."""

    def __init__(self) -> None:
        self._imported: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._imported:
            module = importlib.import_module(f"tui.cli.{MODULES[name]}")
            self._imported |= {str(command.name): command for command in module.COMMANDS}
        return self._imported[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._imported[name] = command

    def __delitem__(self, name: str) -> None:
        del self._imported[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


@click.group(
    commands=_Commands(),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@library_option
@click.version_option(__version__, prog_name="recto")
@click.pass_context
def recto(context: click.Context) -> None:
    """Read research-paper listings in the terminal.

    Without a command, recto opens the reader, which shows the papers on the whole terminal. ID is the number in `recto
    list`, an arXiv id, a DOI, a citation key, or the start of a title that only one paper has.
    """
    if context.invoked_subcommand is None:
        # Imported here, because the other commands do not need it.
        from tui.cli.reader import open_reader

        open_reader(context)


def run() -> None:
    """Run the command line and exit. An error becomes one line on standard error."""
    gc.set_threshold(_COLLECT_AFTER, 10, 10)
    code = ended(_run)
    # Python runs the garbage collector once more when it exits. Without this call, that would take 10 ms.
    gc.freeze()
    sys.exit(code)


def _run() -> int:
    """Run the command line in `sys.argv` and return its exit code."""
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Print "?" for a character that the encoding of standard output lacks, instead of raising an error.
            sys.stdout.reconfigure(errors="replace")
        # click returns the exit code passed to context.exit(), or else the return value of the command.
        result = recto.main(prog_name="recto", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "recto"
        complain(f"{error.format_message()} (see: {name} --help)")
        return 2
    except click.ClickException as error:
        complain(error.format_message())
        return 1
    except click.Abort:
        raise KeyboardInterrupt from None
