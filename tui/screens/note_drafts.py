"""Stores drafts: the texts of notes that the user has typed and not saved.

A draft is stored in memory at once, and a moment later in the library as well.
"""

from __future__ import annotations

from store.library.library import Library
from store.marks import drafts
from tui.workers.write_worker import WriteWorker


class NoteDrafts:
    """The drafts of notes.

    Drafts that were typed since the start are also kept in memory, because a write to the library may fail.
    """

    def __init__(self, library: Library, writer: WriteWorker) -> None:
        self._library = library
        self._writer = writer
        # The drafts typed since the start, by the id of the paper; None for a draft that was removed.
        self._texts: dict[int, str | None] = {}

    def of(self, paper_id: int) -> str | None:
        """The draft for a paper; None when there is none."""
        if paper_id in self._texts:
            return self._texts[paper_id]
        return drafts.read(self._library.reader(), paper_id)

    def keep(self, paper_id: int, text: str, *, is_last: bool) -> None:
        """Store `text` as the draft for a paper. A failed write is reported only if `is_last` is set.

        The caller must set `is_last` if the note was closed, so that no later draft will be written.
        """
        self._texts[paper_id] = text
        self._writer.write(
            lambda: drafts.keep(self._library, paper_id, text, durable=is_last), lambda _: None, quiet=not is_last
        )

    def drop(self, paper_id: int) -> None:
        """Remove the draft for a paper."""
        self._texts[paper_id] = None
        self._writer.write(lambda: drafts.remove(self._library, paper_id), lambda _: None, quiet=True)

    def saved(self, paper_id: int) -> None:
        """Remove the draft for a paper whose note is now stored. Raises LibraryError.

        This must be called in the thread that writes.
        """
        drafts.remove(self._library, paper_id)
        self._texts[paper_id] = None
