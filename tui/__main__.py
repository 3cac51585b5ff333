"""The way in: the first page of papers, then the reader; or the commands."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """The `recto` command. Never returns."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # While it imports there is nobody to say how it ended.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    library = _library(sys.argv[1:])
    if library is None or not _is_terminal():
        from tui.cli.group import run

        run()
    else:
        _open(library)


def _open(library: str) -> None:
    """Open the reader on a library, "" for the usual one."""
    from tui.startup import splash as terminal

    door = terminal.opened(library)
    try:
        from tui.cli.exit_codes import ended

        sys.exit(ended(lambda: _read(library, door)))
    finally:
        # Whatever is raised now is read where it can be seen.
        if door is not None:
            door.close()


def _read(library: str, door: Door | None) -> int:
    try:
        from pathlib import Path

        from store.library.paths import places
        from tui.startup.open_reader import read

        return read(places(Path(library) if library else None), door=door)
    finally:
        if door is not None:
            door.close()


def _library(words: list[str]) -> str | None:
    """The library that is named where nothing but the reader is asked for, "" for none; else None."""
    if not words:
        return ""
    if len(words) == 1 and words[0].startswith("--library="):
        words = ["--library", words[0].removeprefix("--library=")]
    return words[1] if len(words) == 2 and words[0] == "--library" and words[1] else None


def _is_terminal() -> bool:
    """Whether the reader can be shown; if not, the command says what else there is."""
    streams = (sys.stdin, sys.stdout)
    seen = all(stream is not None and not stream.closed and stream.isatty() for stream in streams)
    return seen and (os.environ.get("TERM") or "dumb") != "dumb"


TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.startup.splash import Door

if __name__ == "__main__":
    main()
