"""Updates the search index: adds new and changed papers of the library to it. Only one process at a time may write the
index.

The table `indexed` of the library stores the highest paper id up to which all papers are in the index. When one of
these papers changes later, triggers of the database add it to the table `unindexed`. So the index may be out of date,
but the two tables always show which papers are missing or out of date in it. The library and the index both store a
token, a random text. If the two tokens differ, for example after a backup of the library was restored, the index is
built again. Papers are indexed in parts (see PART). After a crash, the last part is indexed again.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import tantivy

from store.library.library import Library
from store.model.errors import LibraryError
from store.search import documents, index, index_files, index_state, terms
from store.search.index_state import IndexState
from store.texts import searched_texts

# A part has at most this many new papers and at most this many changes. Indexing a part takes a second or two.
PART = 20_000
# The memory that tantivy may use before it writes a segment of the index to the disk (bytes). _SMALL_HEAP is enough for
# a few papers.
_HEAP = 64 * 2**20
_SMALL_HEAP = 15 * 2**20
# If fewer papers than this must be indexed, tantivy may use only _SMALL_HEAP bytes of memory.
_FEW_PAPERS = 1_000
# The token that marks an index as unusable. No library has this token, so the index is built again.
_SPOILT_TOKEN = "given up"


class Progress(msgspec.Struct, frozen=True):
    """The progress of an update of the index: the library has `of` papers, and `done` of them are in the index."""

    done: int
    of: int


class _Writer(NamedTuple):
    """An index that is open for writing, and its folder."""

    folder: Path
    tantivy: tantivy.IndexWriter


class _IndexSpoilt(ValueError):
    """Raised when the index turns out to be unusable. The index is then marked as unusable, so the next update builds a
    new one.
    """


def index_folder(library: Library) -> Path:
    """The folder beside a library that contains its index.

    While a new index is being built, the folder also contains the old one.
    """
    return folder_of(library.file)


def folder_of(library_file: Path) -> Path:
    """The folder that contains the index of the library `library_file`, a path without symbolic links."""
    return library_file.with_name(library_file.name + ".index")


def unindexed_count(connection: sqlite3.Connection) -> int:
    """How many papers are missing in the index or have changed since they were indexed.

    The result is too high if ids above the id of the last indexed paper are not used, for example after papers were
    removed.
    """
    # Rows with the paper id 0 do not count. While a paper is split into several, its entries have that id for a moment
    # (store/importing/entries.py), so the triggers also add 0 to `unindexed`.
    done, changed = connection.execute(
        "SELECT (SELECT done FROM indexed), (SELECT count(*) FROM unindexed WHERE paper_id > 0)"
    ).fetchone()
    return max(0, paper_count(connection) - int(done)) + int(changed)


def paper_count(connection: sqlite3.Connection) -> int:
    """About how many papers the library has. The result is the highest id of a paper, which is found faster than the
    exact number.

    The result is too high if some lower ids belong to no paper, for example because papers were removed.
    """
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()[0])


def fits(library: Library) -> bool:
    """Whether there is an index with the token of the library. Only such an index can be used.

    Do not call this inside a transaction of the connection that reads the library: such a transaction cannot see later
    changes by other processes.
    """
    connection = library.reader()
    state = index_state.read(connection)
    while not index_state.belongs(state, index_files.read_token(index_folder(library) / state.generation)):
        # Another process may have indexed a part after the state was read here and before the token of the index was
        # read. This changes the tokens of both the library and the index, so read the state again.
        previous, state = state, index_state.read(connection)
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
    """Add all missing and changed papers to the index. Returns True when the index is complete.

    Returns False at once when another process is writing the index, or when the library is read-only. Also returns
    False, before the index is complete, once `should_stop` returns True. Raises LibraryError when the index or the
    library cannot be written. Without `wait`, also raises LibraryError when another program holds the library's write
    lock.
    """
    if not Snapshots(library).missing_count():
        return True
    if library.read_only is not None:
        return False

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
        # The library was closed during the update, or its file is damaged.
        raise LibraryError(f"the library {library.path} cannot be read: {error}") from error


class Snapshots:
    """Opens the index of a library and returns its newest state for searching. Each thread must have its own object."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._generation = ""
        self._index: tantivy.Index | None = None
        # The folder through which a read-only index was opened. It is removed with this object.
        self._links: tempfile.TemporaryDirectory[str] | None = None
        # The cached result of `removed`, with the token and the last change for which it was computed.
        self._removed: tuple[tuple[str, int], list[tantivy.Query]] | None = None

    def missing_count(self) -> int:
        """How many papers are missing or out of date in the index. If there is no index, this is the number of all
        papers.

        The caller must not call this inside a transaction (see `fits`).
        """
        connection = self._library.reader()
        if fits(self._library) and (self._index is not None or self.newest(connection) is not None):
            return unindexed_count(connection)
        return paper_count(connection)

    def newest(self, connection: sqlite3.Connection) -> tantivy.Searcher | None:
        """A tantivy searcher for the newest state of the index on the disk. None when there is no index that can be
        read.
        """
        generation = index_state.read(connection).generation
        if not index_files.is_current(generation) or not index_files.is_plain_folder(index_folder(self._library)):
            return None
        try:
            if self._index is None or generation != self._generation:
                self._index = index.open_index(self._readable(index_folder(self._library) / generation))
                self._generation = generation
            else:
                self._index.reload()
            return self._index.searcher()
        except (OSError, ValueError):
            # Another process is removing or creating the index at this moment, or the index is damaged. The next call
            # of `catch_up` builds it again.
            self._index = None
            return None

    def _readable(self, generation: Path) -> Path:
        """The folder that tantivy can open to read the index in the folder `generation`: the folder itself or, if it is
        read-only, a temporary one with links to its files (see `index_files.linked`).
        """
        if self._library.read_only is None:
            return generation
        self._links = index_files.linked(generation)
        return Path(self._links.name)

    def removed(self, connection: sqlite3.Connection) -> list[tantivy.Query]:
        """A list with a query for papers that are in the index, but no longer in the library. Empty if there are no
        such papers.
        """
        last_change = int(connection.execute("SELECT coalesce(max(id), 0) FROM unindexed").fetchone()[0])
        if not last_change:
            return []
        # Whenever rows are deleted from the table `unindexed`, the token changes. Whenever rows are added, the id of
        # the last change grows. So if both are unchanged, the table is unchanged, and the cached result is still valid.
        key = (index_state.read(connection).token, last_change)
        if self._removed is None or self._removed[0] != key:
            select = "SELECT DISTINCT paper_id FROM unindexed WHERE paper_id NOT IN (SELECT id FROM paper)"
            paper_ids = [paper_id for (paper_id,) in connection.execute(select)]
            self._removed = key, [terms.papers(paper_ids)] if paper_ids else []
        return self._removed[1]


# Only the thread that has acquired this lock may write the index. It prevents only threads of this process from writing
# at the same time. For other processes there is a lock file in the folder of the index.
_writer_lock = threading.Lock()


@contextlib.contextmanager
def _writing(library: Library, wait: bool) -> Iterator[_Writer | None]:
    """A context whose value is the index, open for writing. The value is None if another thread or process is writing
    the index.
    """
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
                # Wait until the merges that have begun are finished, and release tantivy's lock.
                writer.wait_merging_threads()
                index_files.remove_others(folder)
    finally:
        _writer_lock.release()


def _open_or_create(library: Library, wait: bool) -> tuple[Path, tantivy.Index]:
    """Open the index whose token is the same as that of the library, or create a new index if there is none.

    Returns the folder of the index, and the index.
    """
    with library.writing(durable=False, wait=wait) as connection:
        state = index_state.read(connection)
        folder = index_folder(library) / state.generation
        token = index_files.read_token(folder)
        if index_state.belongs(state, token):
            with contextlib.suppress(OSError, ValueError):
                opened = index.open_index(folder)
                if token != state.token:
                    # The last update was interrupted after it had written a part to the index, but before it recorded
                    # that in the library. The same part will be written again, with a new value of `next_token`.
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
    """Index one part after another. Returns True when the index is complete, False when the work was stopped."""
    connection = library.reader()
    while not should_stop():
        with library.writing(durable=False, wait=wait) as writing:
            state, last_change = _claim_part(writing)
        if not last_change and state.claimed == state.done:
            return True
        try:
            full_text_of = searched_texts.full_text_of(library, connection)
            _write_part(connection, writer.tantivy, state, last_change, full_text_of)
            # Write the new token before committing to the index. If a power failure then loses the library's record
            # that this part is being indexed, the tokens differ and the index is built again. With the old token, the
            # index would look valid although it contains the part.
            index_files.write_token(writer.folder, state.next_token)
            writer.tantivy.commit()
        except ValueError as error:
            # tantivy raises ValueError itself; a subclass, such as UnicodeEncodeError, comes from other code. If the
            # disk is not full, trying again in this index would fail again: one of its files is damaged, or a truncated
            # file has the name that tantivy will use next. Writing to an index after a failed commit can also lose
            # papers. So mark the index as unusable.
            if type(error) is not ValueError or not index_files.has_room(writer.folder):
                raise
            index_files.write_token(writer.folder, _SPOILT_TOKEN)
            raise _IndexSpoilt(str(error)) from error
        _check_document_count(connection, writer, state.claimed)
        with library.writing(durable=False, wait=wait) as writing:
            if index_state.read(writing).next_token != state.next_token:
                # The folder of this index was deleted, and another process has created a new index in another folder
                # since.
                return False
            writing.execute("DELETE FROM unindexed WHERE id <= ?", (last_change,))
            writing.execute("UPDATE indexed SET done = claimed, token = next_token")
        on_step(Progress(state.claimed, state.claimed + unindexed_count(connection)))
    return False


def _check_document_count(connection: sqlite3.Connection, writer: _Writer, claimed: int) -> None:
    """Raise _IndexSpoilt if the index contains more documents than there are papers.

    If a process was killed while it wrote the index, tantivy may later, in rare cases, not delete a document. A paper
    that was changed is then in the index twice, and its old document cannot be distinguished from the new one.
    """
    try:
        held = index.open_index(writer.folder).searcher().num_docs
    except ValueError:
        # Another process has deleted the folder of the index.
        return
    row = connection.execute(
        "SELECT (SELECT count(*) FROM paper WHERE id <= ?1) + (SELECT count(DISTINCT paper_id) FROM unindexed"
        " WHERE paper_id <= ?1 AND paper_id NOT IN (SELECT id FROM paper))",
        (claimed,),
    ).fetchone()
    if held > int(row[0]):
        index_files.write_token(writer.folder, _SPOILT_TOKEN)
        raise _IndexSpoilt(f"the index holds {held} documents for {row[0]} papers")


def _claim_part(connection: sqlite3.Connection) -> tuple[IndexState, int]:
    """Choose the next part to index, and store in the library that it is being indexed.

    Returns the new state, and the id of the last change that belongs to the part. If papers of this part change after
    this call, triggers of the database add them to `unindexed`.
    """
    state = index_state.read(connection)
    # If `claimed` is larger than `done`, indexing the last part was interrupted. Choose the same part again.
    claimed = state.claimed if state.claimed > state.done else min(paper_count(connection), state.done + PART)
    state = state._replace(next_token=secrets.token_hex(8), claimed=max(claimed, state.done))
    connection.execute("UPDATE indexed SET next_token = ?, claimed = ?", (state.next_token, state.claimed))
    last_change = connection.execute(
        "SELECT coalesce(max(id), 0) FROM (SELECT id FROM unindexed ORDER BY id LIMIT ?)", (PART,)
    ).fetchone()
    return state, int(last_change[0])


def _write_part(
    connection: sqlite3.Connection,
    writer: tantivy.IndexWriter,
    state: IndexState,
    last_change: int,
    full_text_of: documents.FullTextOf,
) -> None:
    """Add the changed and the new papers of a part to the index. The caller must commit the writer afterwards."""
    changed = [
        paper_id
        for (paper_id,) in connection.execute("SELECT DISTINCT paper_id FROM unindexed WHERE id <= ?", (last_change,))
        if paper_id <= state.done
    ]
    # Delete by a query, because tantivy's function that deletes documents by a term does not find unsigned integers.
    writer.delete_documents_by_query(terms.papers(changed))
    for document in documents.documents_of(connection, changed, full_text_of):
        writer.add_document(document)
    # If indexing this part was interrupted before, some of its papers may be in the index already. Delete them first.
    writer.delete_documents_by_query(terms.sort_key_between("id", state.done + 1, 2**63))
    for document in documents.documents_between(connection, state.done, state.claimed, full_text_of):
        writer.add_document(document)
