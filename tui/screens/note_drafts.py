"""Keeps what is written into notes until it is saved: in memory at once, in the library a moment later."""

from __future__ import annotations

from store.library.library import Library
from store.marks import drafts
from tui.workers.write_worker import WriteWorker


class NoteDrafts:
    """The drafts of notes. Those of this session are held in memory too, because a write may fail."""

    def __init__(self, library: Library, writer: WriteWorker) -> None:
        self._library = library
        self._writer = writer
        # The drafts of this session by paper; None for one that was dropped.
        self._texts: dict[int, str | None] = {}

    def of(self, paper_id: int) -> str | None:
        """The draft for a paper; None when there is none."""
        if paper_id in self._texts:
            return self._texts[paper_id]
        return drafts.read(self._library.reader(), paper_id)

    def keep(self, paper_id: int, text: str, *, is_last: bool) -> None:
        """Keep a draft. `is_last`: the note is closed now, so that a failure is reported."""
        self._texts[paper_id] = text
        self._writer.write(
            lambda: drafts.keep(self._library, paper_id, text, durable=is_last), lambda _: None, quiet=not is_last
        )

    def drop(self, paper_id: int) -> None:
        """Remove the draft for a paper."""
        self._texts[paper_id] = None
        self._writer.write(lambda: drafts.remove(self._library, paper_id), lambda _: None, quiet=True)

    def saved(self, paper_id: int) -> None:
        """Remove the draft for a paper whose note is on the disk. For the thread that writes. Raises LibraryError."""
        drafts.remove(self._library, paper_id)
        self._texts[paper_id] = None
