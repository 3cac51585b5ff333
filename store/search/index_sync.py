"""Keeping the search index in step with the library: new and changed papers are put into it, by one process at a time.

The table `indexed` of the library says up to which paper the index is complete, and triggers add papers that change
after that to the table `unindexed`. Library and index carry the same token, so that an index of another state of the
library is noticed (after a backup was restored, for example) and built again. After a crash the last part is repeated.
So the index may be behind the library, but the library always knows by how much.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import tantivy

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import documents, index, index_files, terms

# How many new papers, and how many changes, are indexed at a time. A part takes a second or two.
PART = 20_000
# The memory that tantivy may use before it writes a segment (bytes); less is enough for a few papers.
_HEAP = 64 * 2**20
_SMALL_HEAP = 15 * 2**20
# With fewer papers than this to index, the small heap is used.
_FEW_PAPERS = 1_000
# The token of an index that must not be used any more. No library has it.
_SPOILT_TOKEN = "given up"


class Progress(msgspec.Struct, frozen=True):
    """How many papers are in the index, and how many there are in all."""

    done: int
    of: int


class _State(NamedTuple):
    """The table `indexed`: what the library knows of its index.

    `generation` is the folder of the index. The index holds the papers up to `done`, and perhaps those up to `claimed`.
    Its token is `token`, or already `next_token` when a part has been written but not yet recorded.
    """

    generation: str
    token: str
    next_token: str
    done: int
    claimed: int


class _Writer(NamedTuple):
    """An index that is open for writing, and its folder."""

    folder: Path
    tantivy: tantivy.IndexWriter


class _IndexSpoilt(ValueError):
    """The index cannot be used any more. It was marked so, and the next run builds a new one."""


def index_folder(library: Library) -> Path:
    """The folder beside a library that holds its index; while a new one is being built it holds two."""
    return library.file.with_name(library.file.name + ".index")


def unindexed_count(connection: sqlite3.Connection) -> int:
    """How many papers are missing in the index or have changed since. Too high where paper ids have gaps."""
    # An entry has the paper id 0 while its paper is being taken apart (store/importing/entries.py).
    done, changed = connection.execute(
        "SELECT (SELECT done FROM indexed), (SELECT count(*) FROM unindexed WHERE paper_id > 0)"
    ).fetchone()
    return max(0, paper_count(connection) - int(done)) + int(changed)


def paper_count(connection: sqlite3.Connection) -> int:
    """How many papers there are, from the highest id, which takes no time. Too high where ids have gaps."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()[0])


def fits(library: Library) -> bool:
    """Whether there is an index that belongs to this state of the library. Not to be called in a transaction."""
    connection = library.reader()
    state = _state(connection)
    while not _belongs(state, index_files.read_token(index_folder(library) / state.generation)):
        # Another process may have written a part between the two reads, which changes both tokens.
        previous, state = state, _state(connection)
        if state == previous:
            return False
    return True


def catch_up(
    library: Library,
    *,
    on_step: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
    wait: bool = True,
) -> bool:
    """Put what is missing into the index. True when nothing is missing any more.

    Returns False at once when another process is writing the index. Raises LibraryError when the index or the library
    cannot be written; without `wait`, also when another program holds the library's write lock.
    """
    if not Snapshots(library).missing_count():
        return True

    def write() -> bool:
        with _writing(library, wait) as writer:
            return writer is not None and _write_parts(library, writer, on_step, should_stop, wait)

    try:
        try:
            return write()
        except _IndexSpoilt:
            return write()
    except (OSError, ValueError) as error:
        raise LibraryError(f"the search index {index_folder(library)} cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
            raise
        # It was closed meanwhile, or is damaged.
        raise LibraryError(f"the library {library.path} cannot be read: {error}") from error


class Snapshots:
    """Gives the newest state of the index that can be searched. Use one per thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._generation = ""
        self._index: tantivy.Index | None = None
        # The query for removed papers, and the token and last change that it was made for.
        self._removed: tuple[tuple[str, int], list[tantivy.Query]] | None = None

    def missing_count(self) -> int:
        """How many papers a search does not find as they are: the unindexed ones, or all when there is no index.

        Not to be called in a transaction.
        """
        connection = self._library.reader()
        if fits(self._library) and (self._index is not None or self.newest(connection) is not None):
            return unindexed_count(connection)
        return paper_count(connection)

    def newest(self, connection: sqlite3.Connection) -> tantivy.Searcher | None:
        """The index as it was last written. None when there is none yet."""
        generation = _state(connection).generation
        if not index_files.is_current(generation) or not index_files.is_plain_folder(index_folder(self._library)):
            return None
        try:
            if self._index is None or generation != self._generation:
                self._index = index.open_index(index_folder(self._library) / generation)
                self._generation = generation
            else:
                self._index.reload()
            return self._index.searcher()
        except (OSError, ValueError):
            # It is being removed or created at this moment, or it is damaged. The next `catch_up` builds it again.
            self._index = None
            return None

    def removed(self, connection: sqlite3.Connection) -> list[tantivy.Query]:
        """A query for papers that were removed but are still in the index. Empty when there are none."""
        last_change = int(connection.execute("SELECT coalesce(max(id), 0) FROM unindexed").fetchone()[0])
        if not last_change:
            return []
        # The token changes whenever rows leave the table, so the two say whether the table is still the same.
        key = (_state(connection).token, last_change)
        if self._removed is None or self._removed[0] != key:
            select = "SELECT DISTINCT paper_id FROM unindexed WHERE paper_id NOT IN (SELECT id FROM paper)"
            paper_ids = [paper_id for (paper_id,) in connection.execute(select)]
            self._removed = key, [terms.papers(paper_ids)] if paper_ids else []
        return self._removed[1]


# Held by the thread that writes the index. Between processes a lock file in the folder of the index decides.
_writer_lock = threading.Lock()


@contextlib.contextmanager
def _writing(library: Library, wait: bool) -> Iterator[_Writer | None]:
    """The index, open for writing. None when another thread or process is writing it."""
    if not _writer_lock.acquire(blocking=False):
        yield None
        return
    try:
        folder, opened = _open_or_create(library, wait)
        with index_files.locked(folder) as is_locked:
            if not is_locked:
                yield None
                return
            heap = _SMALL_HEAP if unindexed_count(library.reader()) < _FEW_PAPERS else _HEAP
            writer = opened.writer(heap, 1)
            try:
                yield _Writer(folder, writer)
            finally:
                # Finishes the merges that have begun and releases tantivy's lock.
                writer.wait_merging_threads()
                index_files.remove_others(folder)
    finally:
        _writer_lock.release()


def _open_or_create(library: Library, wait: bool) -> tuple[Path, tantivy.Index]:
    """The index that belongs to this state of the library, and its folder; a new one if there is none."""
    with library.writing(durable=False, wait=wait) as connection:
        state = _state(connection)
        folder = index_folder(library) / state.generation
        token = index_files.read_token(folder)
        if _belongs(state, token):
            with contextlib.suppress(OSError, ValueError):
                opened = index.open_index(folder)
                if token != state.token:
                    # The last run ended before it recorded its part. The part is repeated, with another next token.
                    connection.execute("UPDATE indexed SET token = ?", (token,))
                return folder, opened
        folder = index_files.new_generation(index_folder(library), library.file)
        created = index.create(folder)
        token = secrets.token_hex(8)
        index_files.write_token(folder, token)
        connection.execute("DELETE FROM unindexed")
        connection.execute(
            "UPDATE indexed SET generation = ?, token = ?, next_token = ?, done = 0, claimed = 0",
            (folder.name, token, token),
        )
    return folder, created


def _write_parts(
    library: Library,
    writer: _Writer,
    on_step: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    wait: bool,
) -> bool:
    """Index part after part. True when nothing is missing any more."""
    connection = library.reader()
    while not should_stop():
        with library.writing(durable=False, wait=wait) as writing:
            state, last_change = _claim_part(writing)
        if not last_change and state.claimed == state.done:
            return True
        try:
            _write_part(connection, writer.tantivy, state, last_change)
            # Write the new token before committing. Otherwise, if a power cut loses the library's claim, the index
            # would still carry the old token and look valid.
            index_files.write_token(writer.folder, state.next_token)
            writer.tantivy.commit()
        except ValueError as error:
            # tantivy raises ValueError itself; subclasses, such as UnicodeEncodeError, come from elsewhere. When the
            # disk has room, the cause of the error lasts: a truncated file has the name that tantivy uses next, or a
            # file is damaged. Writing on in the same index after a failed commit can lose papers.
            if type(error) is not ValueError or not index_files.has_room(writer.folder):
                raise
            index_files.write_token(writer.folder, _SPOILT_TOKEN)
            raise _IndexSpoilt(str(error)) from error
        _check_document_count(connection, writer, state.claimed)
        with library.writing(durable=False, wait=wait) as writing:
            if _state(writing).next_token != state.next_token:
                # The folder was deleted, and another process has created a new index since.
                return False
            writing.execute("DELETE FROM unindexed WHERE id <= ?", (last_change,))
            writing.execute("UPDATE indexed SET done = claimed, token = next_token")
        on_step(Progress(state.claimed, state.claimed + unindexed_count(connection)))
    return False


def _check_document_count(connection: sqlite3.Connection, writer: _Writer, claimed: int) -> None:
    """Raises _IndexSpoilt when the index holds more documents than there are papers.

    In rare cases, in the run after one that was killed, tantivy loses a deletion. A paper that was to be replaced is
    then in the index twice, and its old document cannot be told from the new one.
    """
    try:
        held = index.open_index(writer.folder).searcher().num_docs
    except ValueError:
        # The folder was deleted meanwhile.
        return
    row = connection.execute(
        "SELECT (SELECT count(*) FROM paper WHERE id <= ?1) + (SELECT count(DISTINCT paper_id) FROM unindexed"
        " WHERE paper_id <= ?1 AND paper_id NOT IN (SELECT id FROM paper))",
        (claimed,),
    ).fetchone()
    if held > int(row[0]):
        index_files.write_token(writer.folder, _SPOILT_TOKEN)
        raise _IndexSpoilt(f"the index holds {held} documents for {row[0]} papers")


def _claim_part(connection: sqlite3.Connection) -> tuple[_State, int]:
    """The next part to index, and the id of the last change in it.

    From here on the triggers add papers of this part to `unindexed` when they change.
    """
    state = _state(connection)
    # A part that was claimed and is not done was cut short, and is repeated.
    claimed = state.claimed if state.claimed > state.done else min(paper_count(connection), state.done + PART)
    state = state._replace(next_token=secrets.token_hex(8), claimed=max(claimed, state.done))
    connection.execute("UPDATE indexed SET next_token = ?, claimed = ?", (state.next_token, state.claimed))
    last_change = connection.execute(
        "SELECT coalesce(max(id), 0) FROM (SELECT id FROM unindexed ORDER BY id LIMIT ?)", (PART,)
    ).fetchone()
    return state, int(last_change[0])


def _write_part(connection: sqlite3.Connection, writer: tantivy.IndexWriter, state: _State, last_change: int) -> None:
    """Put the changed and the new papers of a part into the index; the caller commits."""
    changed = [
        paper_id
        for (paper_id,) in connection.execute("SELECT DISTINCT paper_id FROM unindexed WHERE id <= ?", (last_change,))
        if paper_id <= state.done
    ]
    # By query, because a deletion by term does not find unsigned numbers.
    writer.delete_documents_by_query(terms.papers(changed))
    for document in documents.documents_of(connection, changed):
        writer.add_document(document)
    # If this part was cut short before, some of its papers may be in the index already.
    writer.delete_documents_by_query(terms.sort_key_between("id", state.done + 1, 2**63))
    for document in documents.documents_between(connection, state.done, state.claimed):
        writer.add_document(document)


def _state(connection: sqlite3.Connection) -> _State:
    return _State(*connection.execute("SELECT generation, token, next_token, done, claimed FROM indexed").fetchone())


def _belongs(state: _State, token: str | None) -> bool:
    """Whether an index with `token` belongs to this state of the library and has the current version."""
    return index_files.is_current(state.generation) and token in (state.token, state.next_token)
