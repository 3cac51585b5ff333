"""What is on the screen around the papers, and the colours they are drawn in, as the reader last drew them.

The reader keeps it in the library when it stands (see handover.py), and the next start paints it before anything is
there that could draw it (see first_page.py). No paper is in it.
"""

from __future__ import annotations

import os
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# So many are kept, the newest of as many sizes of the terminal.
MOST = 8
KEY = "frame"
# What decides how a terminal is drawn on.
_VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS")
_DRAWN_BY = ("app.tcss", "settings/themes.py")


class Frame(namedtuple("_Frame", ("made_for", "theme", "column", "row", "width", "height", "tall", "styles", "lines"))):
    """The screen with nothing in its panes.

    `made_for` is what it depends on but the size (see `made_for`), `theme` the one that a reader has who chose none.
    The list of papers begins at `column` and `row`,
    from 0, and a paper takes two lines in it when it is `tall`. `styles` are the names of styles with the parameters
    of SGR for them, by themselves and under the cursor. `lines` are runs of parameters of SGR and text.
    """

    __slots__ = ()
    made_for: str
    theme: str
    column: int
    row: int
    width: int
    height: int
    tall: bool
    styles: Mapping[str, tuple[str, str]]
    lines: tuple[tuple[tuple[str, str], ...], ...]


def key(width: int, height: int) -> str:
    """The setting of the library that holds the frame for a terminal of this size."""
    return f"{KEY} {width}x{height}"


def made_for(version: str, tables: int, config: str | None, theme: str, list_share: int) -> str:
    """What a frame depends on, as one line. `config` is the path of the configuration, None where none is known."""
    drawn_by = [_stamp(os.path.join(os.path.dirname(__file__), os.pardir, name)) for name in _DRAWN_BY]  # noqa: PTH118, PTH120
    terminal = [os.environ.get(name, "") for name in _VARIABLES]
    known = (version, tables, *drawn_by, *terminal, _stamp(config), theme, list_share)
    return repr(known)


def dump(frame: Frame) -> str:
    """`frame` as the text that `load` reads."""
    place = (frame.column, frame.row, frame.width, frame.height, int(frame.tall))
    head = (frame.made_for, frame.theme, "\t".join(map(str, place)), str(len(frame.styles)))
    styles = ("\t".join((name, *both)) for name, both in frame.styles.items())
    lines = ("\t".join(part for run in line for part in run) for line in frame.lines)
    return "\n".join((*head, *styles, *lines))


def load(text: str) -> Frame:
    """The frame in a setting. Raises ValueError when it is none, or holds what could act on a terminal."""
    made_for, theme, place, count, *rest = text.split("\n")
    column, row, width, height, tall = map(int, place.split("\t"))
    named = [line.split("\t") for line in rest[: int(count)]]
    styles = {name: (alone, under) for name, alone, under in named}
    split = [line.split("\t") for line in rest[int(count) :]]
    lines = tuple(tuple(zip(parts[::2], parts[1::2], strict=True)) for parts in split)
    if not all(map(_is_sgr, (each for both in styles.values() for each in both))):
        raise ValueError("a style is not one")
    if not all(_is_sgr(style) and shown.isprintable() for line in lines for style, shown in line):
        raise ValueError("a line is not one")
    return Frame(made_for, theme, column, row, width, height, bool(tall), styles, lines)


def _is_sgr(text: str) -> bool:
    return not text.strip("0123456789;")


def _stamp(path: str | None) -> tuple[int, int] | None:
    """What changes when a file does; None for one that is not there."""
    try:
        found = os.stat(path) if path else None  # noqa: PTH116
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None
