"""Stores the fetched pages of a listing until all its pages are fetched, so that an interrupted fetch can continue.

Each page is a file in the inbox whose name begins with a dot, so that it is not imported. The library stores a list of
these pages with their SHA-256. When new papers appear on a site, they push other papers to later pages. So pages that
were fetched at different times may miss papers or repeat them, and stored pages are used only for `_STORED_SECONDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from store.library import settings, whole_file
from store.library.library import Library
from store.library.side_files import make_private, read_small

# Stored pages are used for this long after the first of them was fetched (s).
_STORED_SECONDS = 6 * 3600.0
_PREFIX = ".fetching-"
_SUFFIX = ".page"


class Page(msgspec.Struct, frozen=True):
    """One page of a listing, with the number of papers on it."""

    body: bytes
    papers: int


class _Record(msgspec.Struct, frozen=True):
    """What the library stores about the pages of a listing: the SHA-256 and the number of papers of each page, and the
    time at which the first page was stored (seconds since 1970).
    """

    began: float
    pages: tuple[tuple[str, int], ...] = ()


class StoredPages:
    """Stores the first pages of the listing with the address `url` as files in the folder `inbox`.

    `clock` returns seconds since 1970. If a page cannot be written, no error is raised; an interrupted fetch is then
    continued from an earlier page.
    """

    def __init__(self, library: Library, inbox: Path, url: str, clock: Callable[[], float], most_bytes: int) -> None:
        """A stored page whose file has more than `most_bytes` bytes counts as missing."""
        self._library = library
        self._inbox = inbox
        self._key = f"fetching:{url}"
        self._name = sha256(url.encode()).hexdigest()[:16]
        self._clock = clock
        self._most_bytes = most_bytes

    def read(self) -> list[Page]:
        """The stored pages of the listing in order, up to the first page that is missing or was changed."""
        record = self._record()
        if record is None or not 0 <= self._clock() - record.began <= _STORED_SECONDS:
            return []
        pages = []
        for number, (digest, papers) in enumerate(record.pages):
            try:
                body = read_small(self._file(number), self._most_bytes)
            except OSError:
                break
            if sha256(body).hexdigest() != digest:
                break
            pages.append(Page(body, papers))
        return pages

    def store_last(self, pages: list[Page]) -> None:
        """Store the last page of `pages`, the list of all pages fetched so far.

        The caller must have stored the earlier pages already.
        """
        number, page = len(pages) - 1, pages[-1]
        before = self._record() if number else None
        record = before or _Record(self._clock())
        digest = sha256(page.body).hexdigest()
        with suppress(OSError):
            make_private(self._inbox)
            if not number:
                self._remove_old()
            whole_file.write(self._file(number), [page.body], prefix=_PREFIX)
            record = msgspec.structs.replace(record, pages=(*record.pages[:number], (digest, page.papers)))
            with self._library.writing(durable=False) as connection:
                settings.put(connection, self._key, msgspec.json.encode(record).decode())

    def remove(self) -> None:
        """Remove the stored pages of this listing."""
        if self._record() is None:
            return
        with self._library.writing(durable=False) as connection:
            settings.remove(connection, self._key)
        for path in self._inbox.glob(f"{_PREFIX}{self._name}-*{_SUFFIX}"):
            with suppress(OSError):
                path.unlink()

    def _remove_old(self) -> None:
        """Remove the stored pages, of any listing, that are too old to be used."""
        for path in self._inbox.glob(f"{_PREFIX}*{_SUFFIX}"):
            if self._clock() - path.lstat().st_mtime > _STORED_SECONDS:
                path.unlink()

    def _file(self, number: int) -> Path:
        return self._inbox / f"{_PREFIX}{self._name}-{number}{_SUFFIX}"

    def _record(self) -> _Record | None:
        value = settings.get(self._library.reader(), self._key)
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(value, type=_Record) if value is not None else None
        return _Record(0.0)
