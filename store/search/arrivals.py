"""Brings a postponed paper back when a similar paper arrives.

The user can postpone a paper until a similar paper arrives. The field "later" of the paper's marks then has the value
"similar" (store/marks/registers.py). After each import, the papers that were imported since the last comparison are
compared with the papers postponed in this way, by the likeness that store/search/similar.py computes. If a postponed
paper is similar to an imported one, it counts as new again, and the title of the imported paper is stored with it.

The work after an import is limited: a call of `bring_back` stops after about MOST_SECONDS of processor time, and the
next call continues with the next postponed paper. The library stores, as a setting, which papers have been compared so
far.
"""

from __future__ import annotations

import sqlite3
import time
from datetime import date

import msgspec

from store.library import settings
from store.library.library import Library
from store.marks import derived_marks, own_fields
from store.marks.registers import UNTIL_SIMILAR
from store.search import index_sync, similar, sort_keys, terms
from store.search.similar import WordCounts

# An imported paper is similar to a postponed one if their likeness is at least this. Measured with 234 postponed papers
# on language models: among 150 new papers of other fields, as many as are published on a day, 2 % of the 234 have a
# paper with at least this likeness (with 0.30 instead: 5 %; with 0.25: 11 %). Among new papers on the same subject, 39
# % have one (with 0.30: 55 %; with 0.40: 30 %).
LEAST_LIKENESS = 0.35
# About how long a call of `bring_back` may take (seconds of processor time). Comparing one postponed paper takes 5 ms
# in a library of 100,000 papers, and 25 ms in a library of three million.
MOST_SECONDS = 2.0
_KEY = "arrivals"
_LONGEST_TITLE = 300


class Returned(msgspec.Struct, frozen=True):
    """A postponed paper that counts as new again: its id, its title, and the title of the similar imported paper."""

    paper: int
    title: str
    because: str


class _Progress(msgspec.Struct, frozen=True):
    """Which papers have been compared so far: all postponed papers with the imported papers up to the id `done`.

    If `last` is not 0, the work was stopped before its end: the postponed papers up to the id `last` were already
    compared with the imported papers up to the id `newest`.
    """

    done: int
    newest: int = 0
    last: int = 0


def newest_paper(connection: sqlite3.Connection) -> int:
    """The highest id of a paper; 0 if the library has no papers. Papers that are imported later get higher ids."""
    return index_sync.paper_count(connection)


def are_awaited(connection: sqlite3.Connection) -> bool:
    """Whether any paper is postponed until a similar paper arrives."""
    return connection.execute("SELECT 1 FROM mark WHERE later = ? LIMIT 1", (UNTIL_SIMILAR,)).fetchone() is not None


def bring_back(
    library: Library, before: int | None = None, today: date | None = None, most_seconds: float = MOST_SECONDS
) -> list[Returned]:
    """Mark papers as new again that are postponed until a similar paper arrives, if such a paper was imported.

    If papers are missing in the search index, nothing is compared, and the next call compares these papers too.
    `before` is the id of the newest paper before the import. It is used only in the first call for a library. If it is
    None in the first call, only papers that are imported after this call are compared. Raises LibraryError when the
    library cannot be written.
    """
    connection = library.reader()
    rows = connection.execute("SELECT paper_id FROM mark WHERE later = ? ORDER BY paper_id", (UNTIL_SIMILAR,))
    waiting = [paper for (paper,) in rows]
    stored = _stored(connection)
    if not waiting:
        if stored is not None:
            with library.writing(durable=False) as writer:
                settings.remove(writer, _KEY)
        return []
    newest = newest_paper(connection)
    progress = stored or _Progress(newest if before is None else before)
    if not progress.last:
        progress = _Progress(progress.done, newest)
    found, after = _compare(library, waiting, progress, most_seconds)
    day = today or date.today()
    with library.writing() as writer:
        returned = [each for each in found if _bring_back(writer, each, day)]
        derived_marks.derive(writer, [each.paper for each in returned])
        if after != stored:
            settings.put(writer, _KEY, msgspec.json.encode(after).decode())
    return returned


def _compare(
    library: Library, waiting: list[int], progress: _Progress, most_seconds: float
) -> tuple[list[Returned], _Progress]:
    """Compare the postponed papers `waiting` with the imported ones.

    Returns the postponed papers for which a similar paper was imported, and how far the comparison got.
    """
    connection = library.reader()
    snapshots = index_sync.Snapshots(library)
    # The index may be incomplete, because another process is writing it at this moment.
    searcher = snapshots.newest(connection) if not snapshots.missing_count() else None
    if searcher is None:
        return [], _Progress(progress.done)
    if progress.newest <= progress.done:
        return [], _Progress(progress.newest)
    arrived = [terms.sort_key_between("id", progress.done + 1, min(progress.newest, sort_keys.MAX_KEY))]
    # Imported here, because most imports have no postponed paper to compare.
    from store.search import searched_view

    excluded = searched_view.excluded(connection, snapshots.removed(connection))
    counts = WordCounts()
    returned: list[Returned] = []
    ends = time.process_time() + most_seconds
    for paper in waiting:
        if paper <= progress.last:
            continue
        for other in similar.similar(connection, searcher, [paper], arrived, excluded, most=1, counts=counts):
            if other.likeness >= LEAST_LIKENESS:
                returned.append(Returned(paper, _title(connection, paper), _title(connection, other.id)))
        if time.process_time() > ends and paper != waiting[-1]:
            return returned, _Progress(progress.done, progress.newest, paper)
    return returned, _Progress(progress.newest)


def _bring_back(connection: sqlite3.Connection, returned: Returned, today: date) -> bool:
    """Set the date until which a paper is postponed to today, so that it is shown again, unless the user has changed it
    meanwhile.
    """
    if own_fields.get(connection, returned.paper, "later") != UNTIL_SIMILAR:
        return False
    day = today.isoformat()
    own_fields.put(connection, returned.paper, "returned", {"on": day, "because": returned.because[:_LONGEST_TITLE]})
    own_fields.put(connection, returned.paper, "later", day)
    return True


def _stored(connection: sqlite3.Connection) -> _Progress | None:
    try:
        return msgspec.json.decode(settings.get(connection, _KEY) or "", type=_Progress)
    except msgspec.MsgspecError:
        return None


def _title(connection: sqlite3.Connection, paper: int) -> str:
    row = connection.execute("SELECT title FROM paper WHERE id = ?", (paper,)).fetchone()
    return str(row[0]) if row else ""
