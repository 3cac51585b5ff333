"""The search index follows the library: what is new or has changed goes into it, in one process at a time.

The library says how far the index is, in the table `indexed` and, by triggers, in `unindexed`. A token that both
carry tells whether they belong together: after a crash the last part is done again, and an index that is of another
state of the library (a backup was put back, say) is made anew. So the index may be behind, and is never wrong
without the library knowing.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import tantivy

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import documents, index, index_schema, terms

# So many papers, and so many that have changed, go into the index at a time: a second or two of work.
PART = 20_000
# What a part may take in memory before it is written out (bytes).
_HEAP = 64 * 2**20
# A few papers need less.
_SMALL_HEAP = 15 * 2**20
_SMALL = 1_000
_TOKEN_FILE = "token"
# The token of an index that fits no library.
_GIVEN_UP = "given up"


class Progress(msgspec.Struct, frozen=True):
    """How many papers are in the index, and how many there are."""

    done: int
    of: int


class _State(NamedTuple):
    generation: str
    token: str
    next_token: str
    done: int
    claimed: int


def folder(library: Library) -> Path:
    """Where the indexes of a library are: one, or two while one is made anew."""
    return library.path.with_name(library.path.name + ".index")


def behind(connection: sqlite3.Connection) -> int:
    """How many papers are not in the index yet, or have changed since: about, when numbers were given up."""
    # An entry has the paper id 0 while its paper is being taken apart (store/importing/entries.py).
    done, changed = connection.execute(
        "SELECT (SELECT done FROM indexed), (SELECT count(*) FROM unindexed WHERE paper_id > 0)"
    ).fetchone()
    return max(0, papers(connection) - int(done)) + int(changed)


def papers(connection: sqlite3.Connection) -> int:
    """How many papers there are: about, as above."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()[0])


def fits(library: Library) -> bool:
    """Whether there is an index that belongs to the library as it is. Not for the middle of a transaction."""
    connection = library.reader()
    state = _state(connection)
    while not _belongs(state, _token(folder(library) / state.generation)):
        # Who has just put something in changed both.
        before, state = state, _state(connection)
        if state == before:
            return False
    return True


def catch_up(
    library: Library,
    *,
    on_step: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
    wait: bool = True,
) -> bool:
    """Put what is missing into the index; whether nothing is missing any more.

    Returns at once when another process is at it. Raises LibraryError when the index or the library cannot be
    written; who does not `wait` meets it when another program holds the library just now.
    """
    if not Snapshots(library).missing():
        return True

    def write() -> bool:
        with _writing(library, wait) as writer:
            return writer is not None and _go_through(library, writer, on_step, should_stop, wait)

    try:
        try:
            return write()
        except _Spoilt:
            # Made anew.
            return write()
    except (OSError, ValueError) as error:
        raise LibraryError(f"the search index {folder(library)} cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
            raise
        # It was closed meanwhile, or is damaged.
        raise LibraryError(f"the library {library.path} cannot be read: {error}") from error


class _Spoilt(ValueError):
    """Nothing more can come of the index, which was given up."""


class Snapshots:
    """Gives what can be searched now. For one thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._generation = ""
        self._index: tantivy.Index | None = None
        self._gone: tuple[tuple[str, int], list[tantivy.Query]] | None = None

    def missing(self) -> int:
        """How many papers are not found as they are: those that the index is behind by; all when it is lost.

        Not for the middle of a transaction.
        """
        connection = self._library.reader()
        if fits(self._library) and (self._index is not None or self.newest(connection) is not None):
            return behind(connection)
        return papers(connection)

    def newest(self, connection: sqlite3.Connection) -> tantivy.Searcher | None:
        """The index as it was last written; None when there is none yet."""
        generation = _state(connection).generation
        if not generation:
            return None
        try:
            if self._index is None or generation != self._generation:
                self._index = index.open_index(folder(self._library) / generation)
                self._generation = generation
            else:
                self._index.reload()
            return self._index.searcher()
        except (OSError, ValueError):
            # It goes, or comes, this moment; or it is damaged, and is made again when something is next put in.
            self._index = None
            return None

    def gone(self, connection: sqlite3.Connection) -> list[tantivy.Query]:
        """What finds the papers that have gone while the index still has them; empty when there are none."""
        last = int(connection.execute("SELECT coalesce(max(id), 0) FROM unindexed").fetchone()[0])
        if not last:
            return []
        # Whoever takes changes out of the table writes a token.
        key = (_state(connection).token, last)
        if self._gone is None or self._gone[0] != key:
            select = "SELECT DISTINCT paper_id FROM unindexed WHERE paper_id NOT IN (SELECT id FROM paper)"
            numbers = [number for (number,) in connection.execute(select)]
            self._gone = key, [terms.papers(numbers)] if numbers else []
        return self._gone[1]


# Within a process threads take turns; between processes tantivy's own lock decides.
_turn = threading.Lock()


class _Writer(NamedTuple):
    folder: Path
    tantivy: tantivy.IndexWriter


@contextlib.contextmanager
def _writing(library: Library, wait: bool) -> Iterator[_Writer | None]:
    """The index, open for writing; None when another is writing."""
    if not _turn.acquire(blocking=False):
        yield None
        return
    try:
        place, opened = _fitting(library, wait)
        heap = _SMALL_HEAP if behind(library.reader()) < _SMALL else _HEAP
        try:
            writer = opened.writer(heap, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            yield None
            return
        try:
            yield _Writer(place, writer)
        finally:
            # Lets the lock go; merges that have begun are finished first.
            writer.wait_merging_threads()
            _clear(place)
    finally:
        _turn.release()


def _fitting(library: Library, wait: bool) -> tuple[Path, tantivy.Index]:
    """The index that belongs to the library as it is, made if there is none."""
    with library.writing(durable=False, wait=wait) as connection:
        state = _state(connection)
        place = folder(library) / state.generation
        token = _token(place)
        if _belongs(state, token):
            with contextlib.suppress(OSError, ValueError):
                opened = index.open_index(place)
                if token != state.token:
                    # Of a part that was cut short; it is done again, under a next token.
                    connection.execute("UPDATE indexed SET token = ?", (token,))
                return place, opened
        generation = f"{index_schema.VERSION}-{secrets.token_hex(8)}"
        place = folder(library) / generation
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.mkdir(mode=0o700)
        made = index.create(place)
        token = secrets.token_hex(8)
        _write_token(place, token)
        connection.execute("DELETE FROM unindexed")
        connection.execute(
            "UPDATE indexed SET generation = ?, token = ?, next_token = ?, done = 0, claimed = 0",
            (generation, token, token),
        )
    return place, made


def _go_through(
    library: Library,
    writer: _Writer,
    on_step: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    wait: bool,
) -> bool:
    connection = library.reader()
    while not should_stop():
        with library.writing(durable=False, wait=wait) as writing:
            state, changed_to = _claim(writing)
        if not changed_to and state.claimed == state.done:
            return True
        try:
            _put_in(connection, writer.tantivy, state, changed_to)
            # First: with the token before it, an index whose library lost the claim in a power cut would seem to fit.
            _write_token(writer.folder, state.next_token)
            writer.tantivy.commit()
        except ValueError as error:
            if "FileAlreadyExists" not in str(error):
                raise
            # Half a file, from when the disk was full, has the name that is next.
            _write_token(writer.folder, _GIVEN_UP)
            raise _Spoilt(str(error)) from error
        _check(connection, writer, state.claimed)
        with library.writing(durable=False, wait=wait) as writing:
            if _state(writing).next_token != state.next_token:
                # The folder was taken away, and another process has made a new index since.
                return False
            writing.execute("DELETE FROM unindexed WHERE id <= ?", (changed_to,))
            writing.execute("UPDATE indexed SET done = claimed, token = next_token")
        on_step(Progress(state.claimed, state.claimed + behind(connection)))
    return False


def _check(connection: sqlite3.Connection, writer: _Writer, claimed: int) -> None:
    """Raises _Spoilt when the index holds more papers than there are, and gives it up.

    Seldom, in the run after one that was killed, tantivy forgets a deletion; what was to be replaced is then in twice,
    and cannot be told from what is in it once.
    """
    try:
        held = index.open_index(writer.folder).searcher().num_docs
    except ValueError:
        # It was taken away meanwhile.
        return
    there = connection.execute(
        "SELECT (SELECT count(*) FROM paper WHERE id <= ?1) + (SELECT count(DISTINCT paper_id) FROM unindexed"
        " WHERE paper_id <= ?1 AND paper_id NOT IN (SELECT id FROM paper))",
        (claimed,),
    ).fetchone()
    if held > int(there[0]):
        _write_token(writer.folder, _GIVEN_UP)
        raise _Spoilt(f"{held} papers where {there[0]} are")


def _claim(connection: sqlite3.Connection) -> tuple[_State, int]:
    """Take the next part: from here on what changes in it is put down in `unindexed`. And the last change in it."""
    state = _state(connection)
    # What was claimed and not done was cut short: it is done again.
    claimed = state.claimed if state.claimed > state.done else min(papers(connection), state.done + PART)
    state = state._replace(next_token=secrets.token_hex(8), claimed=max(claimed, state.done))
    connection.execute("UPDATE indexed SET next_token = ?, claimed = ?", (state.next_token, state.claimed))
    changed_to = connection.execute(
        "SELECT coalesce(max(id), 0) FROM (SELECT id FROM unindexed ORDER BY id LIMIT ?)", (PART,)
    ).fetchone()
    return state, int(changed_to[0])


def _put_in(connection: sqlite3.Connection, writer: tantivy.IndexWriter, state: _State, changed_to: int) -> None:
    """Put a part into the index."""
    changed = [
        number
        for (number,) in connection.execute("SELECT DISTINCT paper_id FROM unindexed WHERE id <= ?", (changed_to,))
        if number <= state.done
    ]
    # By query: a deletion by term does not find numbers.
    writer.delete_documents_by_query(terms.papers(changed))
    for document in documents.documents_of(connection, changed):
        writer.add_document(document)
    # What a crash left behind of this part; in an index that is in step there is none.
    writer.delete_documents_by_query(terms.sort_key_between("id", state.done + 1, 2**63))
    for document in documents.documents_between(connection, state.done, state.claimed):
        writer.add_document(document)


def _state(connection: sqlite3.Connection) -> _State:
    return _State(*connection.execute("SELECT generation, token, next_token, done, claimed FROM indexed").fetchone())


def _belongs(state: _State, token: str | None) -> bool:
    """Whether an index that bears `token` is of this state of the library, and made as they are made now."""
    return state.generation.startswith(f"{index_schema.VERSION}-") and token in (state.token, state.next_token)


def _token(place: Path) -> str | None:
    try:
        return (place / _TOKEN_FILE).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None


def _write_token(place: Path, token: str) -> None:
    new = place / f"{_TOKEN_FILE}.new"
    with new.open("w", encoding="ascii") as file:
        file.write(token)
        file.flush()
        os.fsync(file.fileno())
    new.replace(place / _TOKEN_FILE)


def _clear(place: Path) -> None:
    """Take away what other generations left. Who still searches in one keeps it open."""
    for other in place.parent.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
