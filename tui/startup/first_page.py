"""The first page of papers, read from the library and drawn with nothing but the standard library.

It is what the reader then draws itself, cell by cell, but for what takes longer to know: counts, the detail, the
status. Whatever is in doubt (no frame of this size, a filter, a sort without an index) is left to the reader: there
is no first page then. The order of a view is that of store/papers/views.py; a test holds one against the other.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections import namedtuple

from store import __version__
from tui.render.display_text import is_light, title
from tui.render.paper_line import paper_lines
from tui.startup import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from store.papers.queries import ListRow as Row
    from tui.startup.frame import Frame
else:
    # The same without what it takes to import that.
    Row = namedtuple(
        "Row",
        "id title byline author_count organization published last_listed upvotes comment_count bookmarked status"
        " queue_position tags announce_type",
    )

# "reco" in the header of an SQLite file: schema.APPLICATION_ID.
OURS = b"reco"
_APPLICATION_ID_AT = 68
# So deep in its view the paper that was left is looked for; and what is sorted without an index has so many at most.
_DEEPEST = 2_000
# As the reader's own when it has none: a test holds it against Session.
_FRESH: tuple[Any, ...] = ("new", "", "best", None, 0, 45, None)
_SHOWN = " AND NOT EXISTS (SELECT 1 FROM mark WHERE paper_id = p.id AND status = 'hidden')"
_NEWEST = "p.published DESC, p.id DESC"


class FirstPage:
    """A frame with rows in it. `painted` is all but the rows of `rest`, as bytes for the terminal."""

    def __init__(self, around: Frame, rows: Sequence[Row], cursor: int) -> None:
        self._frame = around
        self._rows = rows
        self._cursor = cursor
        self._heavy = [number for number, row in enumerate(rows) if not _is_light(row)]
        parts = [_line(number, 0, runs) for number, runs in enumerate(around.lines)]
        parts += [self._row(number) for number in range(len(rows)) if number not in self._heavy]
        self.painted = "".join(parts).encode()

    def rest(self) -> bytes:
        """The rows with letters or formulas that take more to import than to paint all others."""
        return "".join(map(self._row, self._heavy)).encode()

    def _row(self, number: int) -> str:
        row, around = self._rows[number], self._frame
        lines = paper_lines(row, around.width, (), tall=around.tall, shown=title(row.title))
        plain = around.styles["plain"]
        under = number == self._cursor
        first = around.row + number * len(lines)
        return "".join(
            _line(at, around.column, [(around.styles.get(style, plain)[under], text) for text, style in line])
            for at, line in enumerate(lines, first)
            if at < around.row + around.height
        )


def read(path: str, config: str | None, size: tuple[int, int]) -> FirstPage | None:
    """The first page of the library at `path` on a terminal of this size; None when it is left to the reader."""
    try:
        if not _is_library(path):
            return None
        # Another connection's work is neither waited for nor touched.
        library = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True, isolation_level=None, timeout=0)
        try:
            library.execute("PRAGMA trusted_schema = 0")
            library.execute("BEGIN")
            return _read(library, config, size)
        finally:
            library.close()
    # Whatever is wrong with it, the reader will say. What was tampered with may hold values of any type.
    except (OSError, sqlite3.Error, ValueError, TypeError, LookupError, AttributeError):
        return None


def _read(library: sqlite3.Connection, config: str | None, size: tuple[int, int]) -> FirstPage | None:
    tables = library.execute("PRAGMA user_version").fetchone()[0]
    names = ("view", "filter", "sort", "paper", "line", "list_share", "theme")
    asked = ", ".join(f"json_extract(value, '$.{name}')" for name in names)
    left = library.execute(f"SELECT {asked} FROM setting WHERE key = 'session'").fetchone() or _FRESH
    view, filter, sort, paper, line, list_share, theme = (
        fresh if value is None else value for value, fresh in zip(left, _FRESH, strict=True)
    )
    if not all(isinstance(value, str) for value in (view, filter, sort)) or not isinstance(list_share, int):
        return None
    kept = library.execute("SELECT value FROM setting WHERE key = ?", (frame.key(*size),)).fetchone()
    if kept is None or filter:
        return None
    around = frame.load(kept[0])
    if not _fits(around, size) or around.made_for != frame.made_for(
        __version__, tables, config, theme or around.theme, list_share
    ):
        return None
    page = around.height // (2 if around.tall else 1)
    ids = _ids(library, view, sort, paper, line + page)
    found = None if ids is None else _window(ids, paper, line, page)
    if found is None:
        return None
    shown, cursor = found
    return FirstPage(around, list(_rows(library, shown)), cursor)


def _is_library(path: str) -> bool:
    """Whether `path` is a library of recto's. Opens nothing but regular files, as store/library/library.py does."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        return os.pread(descriptor, len(OURS), _APPLICATION_ID_AT) == OURS
    finally:
        os.close(descriptor)


def _fits(around: Frame, size: tuple[int, int]) -> bool:
    """Whether a frame is for a terminal of this size, wherever it comes from."""
    width, height = size
    inside = 0 <= around.column <= around.column + around.width <= width
    return (
        inside
        and 0 <= around.row <= around.row + around.height <= height
        and len(around.lines) <= height
        and all(sum(len(text) for _, text in runs) <= width for runs in around.lines)
    )


def _ids(library: sqlite3.Connection, view: str, sort: str, paper: int | None, margin: int) -> Iterator[int] | None:
    """The papers of a view in its order, each as it is asked for; None for an order that no index gives.

    Where the view may be as long as the library, they begin at most so many before `paper`.
    """
    kind, _, key = view.partition(":")
    if view == "new":
        latest = library.execute("SELECT max(listed_on) FROM entry").fetchone()[0]
        view = f"day:{latest}" if latest else "undated"
        kind, _, key = view.partition(":")
    if bool(key) != (kind in ("day", "tag")):
        return None
    if sort != "best" and (kind, sort) != ("all", "date"):
        return None
    if kind == "all":
        return _newest(library, paper, margin)
    if kind == "undated":
        return _first(library, f"SELECT p.id FROM paper p WHERE p.last_listed IS NULL{_SHOWN} ORDER BY p.id")
    if kind == "day":
        listed = _first(
            library,
            "SELECT p.paper_id FROM entry p WHERE listed_on = ? AND NOT EXISTS"
            " (SELECT 1 FROM mark WHERE paper_id = p.paper_id AND status = 'hidden') ORDER BY listing_id, position",
            key,
        )
        return _once(listed)
    if kind == "queue":
        return _first(library, "SELECT p.paper_id FROM queue p ORDER BY position")
    if kind == "bookmarks":
        return _few(library, "mark WHERE bookmarked_at IS NOT NULL", "v.bookmarked_at DESC, p.id DESC")
    if kind in ("reading", "done", "hidden"):
        return _few(library, "mark WHERE status = ?", "v.status_at DESC, p.id DESC", kind)
    if kind == "tag":
        return _few(library, "tag WHERE name = ?", _NEWEST, key, shown=_SHOWN)
    return None


def _first(library: sqlite3.Connection, query: str, *values: object) -> Iterator[int]:
    return (number for (number,) in library.execute(query, values))


def _newest(library: sqlite3.Connection, paper: int | None, margin: int) -> Iterator[int]:
    """All papers, the newest first, from `margin` before `paper` on if that is among them."""
    query = f"SELECT p.id FROM paper p WHERE 1{_SHOWN}"
    found = library.execute(f"SELECT p.published FROM paper p WHERE p.id = ?{_SHOWN}", (paper,)).fetchone()
    if not found or found[0] is None:
        yield from _first(library, f"{query} ORDER BY {_NEWEST}")
        return
    place = (found[0], paper)
    # Twice bounded: for the index, and inside a day.
    newer = f"{query} AND p.published >= ?1 AND (p.published > ?1 OR p.id > ?2)"
    older = f"{query} AND p.published <= ?1 AND (p.published < ?1 OR p.id <= ?2)"
    before = library.execute(f"{newer} ORDER BY p.published, p.id LIMIT {margin}", place).fetchall()
    yield from (number for (number,) in reversed(before))
    yield from _first(library, f"{older} ORDER BY {_NEWEST}", *place)
    yield from _first(library, f"{query} AND p.published IS NULL ORDER BY p.id DESC")


def _few(library: sqlite3.Connection, marked: str, order: str, *values: str, shown: str = "") -> Iterator[int] | None:
    """Marked papers, which are sorted; None for so many that this takes long."""
    if len(library.execute(f"SELECT 1 FROM {marked} LIMIT {_DEEPEST + 1}", values).fetchall()) > _DEEPEST:
        return None
    return _first(
        library,
        f"SELECT p.id FROM (SELECT * FROM {marked}) v JOIN paper p ON p.id = v.paper_id WHERE 1{shown}"
        f" ORDER BY {order}",
        *values,
    )


def _once(ids: Iterator[int]) -> Iterator[int]:
    seen: set[int] = set()
    for number in ids:
        if number not in seen:
            seen.add(number)
            yield number


def _window(ids: Iterator[int], paper: int | None, line: int, page: int) -> tuple[list[int], int] | None:
    """The papers on the screen, and which of them is under the cursor; None when that is not at hand.

    The paper that was left is on its line of the screen again, as far as there are papers around it; without it the
    list is at its top.
    """
    read: list[int] = []
    at = 0
    number: int | None
    if paper is not None:
        for number in ids:
            read.append(number)
            if number == paper:
                at = len(read) - 1
                break
            if len(read) > _DEEPEST:
                return None
    if read and at and not 0 <= line < page:
        return None
    first = max(0, at - line) if read else 0
    while len(read) < first + page and (number := next(ids, None)) is not None:
        read.append(number)
    # The last page is full.
    first = min(first, max(0, len(read) - page))
    shown = read[first : first + page]
    return (shown, at - first) if shown else None


def _rows(library: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Row]:
    for number in ids:
        values = library.execute(
            "SELECT p.id, p.title, p.byline, p.author_count, p.organization, p.published, p.last_listed, p.upvotes,"
            " p.comment_count, m.bookmarked_at IS NOT NULL, coalesce(m.status, 'new'), q.position,"
            " (SELECT group_concat(name, ' ') FROM tag t WHERE t.paper_id = p.id),"
            " (SELECT announce_type FROM entry e WHERE e.paper_id = p.id ORDER BY e.listed_on DESC, e.id DESC LIMIT 1)"
            " FROM paper p LEFT JOIN mark m ON m.paper_id = p.id LEFT JOIN queue q ON q.paper_id = p.id"
            " WHERE p.id = ?",
            (number,),
        ).fetchone()
        *shown, tags, announced = values
        yield Row(*(*shown, tuple(sorted((tags or "").split())), announced))


def _is_light(row: Row) -> bool:
    texts = (row.title, row.byline, row.organization, row.published, row.last_listed, *row.tags)
    return all(is_light(text) for text in texts if text)


def _line(row: int, column: int, runs: Sequence[tuple[str, str]]) -> str:
    """Runs of text in their colours, from a cell on, counted from 0."""
    return f"\x1b[{row + 1};{column + 1}H" + "".join(f"\x1b[0;{style}m{text}" for style, text in runs) + "\x1b[0m"


def _quoted(path: str) -> str:
    """A path in a URI."""
    return "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 128) or byte in b"/-._~" else f"%{byte:02X}"
        for byte in os.fsencode(path)
    )
