"""The `recto` command: the first page and then the reader, or one of the commands."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """The `recto` command. Never returns."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # During the imports nothing could report an interrupt.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    library = _library(sys.argv[1:])
    if library is None or not _is_terminal():
        from tui.cli.group import run

        run()
    else:
        _open(library)


def _open(library: str) -> None:
    """Print the first page and open the reader on a library, "" for the usual one."""
    from tui.startup import splash

    shown = splash.show(library)
    try:
        from tui.cli.exit_codes import ended

        sys.exit(ended(lambda: _read(library, shown)))
    finally:
        # An error that is raised from here on is printed where it can be read.
        if shown is not None:
            shown.close()


def _read(library: str, splash: Splash | None) -> int:
    try:
        from pathlib import Path

        from store.library.places import places
        from tui.startup.open_reader import read

        return read(places(Path(library) if library else None), splash=splash)
    finally:
        if splash is not None:
            splash.close()


def _library(words: list[str]) -> str | None:
    """The library to open the reader on, "" for the usual one; None when the words ask for something else."""
    if not words:
        return ""
    if len(words) == 1 and words[0].startswith("--library="):
        words = ["--library", words[0].removeprefix("--library=")]
    return words[1] if len(words) == 2 and words[0] == "--library" and words[1] else None


def _is_terminal() -> bool:
    """Whether standard input and output are a terminal that can show the reader."""
    streams = (sys.stdin, sys.stdout)
    are_terminals = all(stream is not None and not stream.closed and stream.isatty() for stream in streams)
    return are_terminals and (os.environ.get("TERM") or "dumb") != "dumb"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.startup.splash import Splash

if __name__ == "__main__":
    main()
