"""The entry point of the program `recto`.

Called with a subcommand, `recto` runs that subcommand. Called without one, it first prints a copy of the screen that
the application stored when it last ended, and then starts the application.
"""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """Run recto with the arguments in `sys.argv`. This ends the process and never returns."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # While modules are imported, ctrl+c would print a traceback of KeyboardInterrupt. Let ctrl+c end the process at
        # once and without output instead.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "_RECTO_COMPLETE" in os.environ:
        from tui.cli import completing

        sys.exit(completing.run())
    library = _library(sys.argv[1:])
    if library is None or not _is_terminal():
        from tui.cli.group import run

        run()
    else:
        _open(library)


def _open(library: str) -> None:
    """Print the stored copy of the last screen at once, and then start the application.

    `library` is the path of the library, or "" for the default one.
    """
    from tui.startup import splash

    shown = splash.show(library)
    try:
        from tui.cli.exit_codes import ended

        sys.exit(ended(lambda: _read(library, shown)))
    finally:
        # Switch the terminal from its alternate screen to the normal one: a traceback on the alternate screen would
        # vanish.
        if shown is not None:
            shown.close()


def _read(library: str, splash: Splash | None) -> int:
    try:
        from pathlib import Path

        from store.library.config_and_library_paths import places
        from tui.startup.open_reader import read

        return read(places(Path(library) if library else None), splash=splash)
    finally:
        if splash is not None:
            splash.close()


def _library(words: list[str]) -> str | None:
    """The path of the library with which to start the application, or "" for the default library.

    `words` are the arguments of the program. Returns None when the arguments do not start the application, for example
    when they name a subcommand.
    """
    if not words:
        return ""
    if len(words) == 1 and words[0].startswith("--library="):
        words = ["--library", words[0].removeprefix("--library=")]
    return words[1] if len(words) == 2 and words[0] == "--library" and words[1] else None


def _is_terminal() -> bool:
    """Whether standard input and output are a terminal that can show the application."""
    streams = (sys.stdin, sys.stdout)
    are_terminals = all(stream is not None and not stream.closed and stream.isatty() for stream in streams)
    return are_terminals and (os.environ.get("TERM") or "dumb") != "dumb"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.startup.splash import Splash

if __name__ == "__main__":
    main()
