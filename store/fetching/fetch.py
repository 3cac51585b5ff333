"""Fetch listings over HTTPS: Daily Papers by day, week or month, arXiv by category or query, papers by their ids.

Listings are fetched only when the user asks for them. A fetched listing is stored as a file in the inbox, the folder
from which the importer reads.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec

from store.fetching import http_get, request, response
from store.fetching.http_get import Answer, Validators
from store.fetching.network import TemporaryError, display_url
from store.fetching.polite import PoliteRequests
from store.fetching.request import ListingRequest
from store.library import settings
from store.library.library import Library
from store.library.side_files import make_private, read_small
from store.model.errors import ListingError

# The largest number of pages of a listing. A month of Daily Papers has about 1,000 papers, with 100 on each page.
_MAX_PAGES = 50


class Fetched(msgspec.Struct, frozen=True):
    """The result of a fetch.

    `path` is the file in the inbox; None when the listing has no papers. `changed` is False if the last fetch of this
    listing stored the same file. `imported` is True if the library has already imported a file with this content.
    """

    url: str
    path: Path | None
    changed: bool = True
    imported: bool = False


class _LastFetch(msgspec.Struct, frozen=True):
    """A record of the last fetch of a listing: the name of its file, the SHA-256 of the file, and the validators."""

    file: str
    digest: str
    validators: Validators = Validators()


class _Page(msgspec.Struct, frozen=True):
    """One page of a listing, with the number of papers on it."""

    body: bytes
    validators: Validators
    papers: int


class Fetcher:
    """Fetches listings into the folder `inbox`.

    Tests replace `sleep` and `clock`. `clock` returns seconds since 1970.
    """

    def __init__(
        self,
        library: Library,
        inbox: Path,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._inbox = inbox
        self._requests = PoliteRequests(library, sleep=sleep, clock=clock)

    def daily_papers(self, period: str, today: date) -> Fetched:
        """Fetch Daily Papers of a day ("2026-11-20", "today"), a week ("week", "2026-W47") or a month ("2026-11").

        Raises ListingError when `period` is not valid or the listing cannot be fetched.
        """
        return self._fetch(request.daily_papers(period, today))

    def arxiv(self, query: str, today: date) -> Fetched:
        """Fetch the newest papers of a category ("cs.CL"), or of a query in arXiv's own language or plain words.

        Raises ListingError when `query` is empty or the listing cannot be fetched.
        """
        return self._fetch(request.arxiv(query, today))

    def papers(self, arxiv_ids: Sequence[str], dois: Sequence[str]) -> Iterator[Fetched]:
        """Fetch the papers with these identifiers from arXiv and Crossref. Yields a result for each request.

        A request asks for several papers. A paper that the site does not have is missing from the file. Raises
        ListingError when a request fails.
        """
        for ids in _batched(arxiv_ids, request.IDS_AT_ONCE):
            yield self._fetch(request.arxiv_papers(ids))
        with_comma = [doi for doi in dois if "," in doi]
        for together in _batched([doi for doi in dois if "," not in doi], request.DOIS_AT_ONCE):
            yield self._fetch(request.crossref_papers(together))
        for doi in with_comma:
            yield self._fetch(request.crossref_papers([doi]))

    def _fetch(self, listing: ListingRequest) -> Fetched:
        try:
            return self._fetch_pages(listing)
        except TemporaryError as error:
            raise ListingError(f"could not fetch {display_url(listing.url)}: {error}; try again later") from error
        except ListingError as error:
            raise ListingError(f"could not fetch {display_url(listing.url)}: {error}") from error

    def _fetch_pages(self, listing: ListingRequest) -> Fetched:
        last = self._last_fetch(listing)
        first = self._get(listing, 0, last.validators if last else Validators())
        if first is None:
            assert last is not None
            return self._fetched(listing, last, changed=False)
        if not first.papers:
            return Fetched(listing.url, None)
        pages = [first, *self._further_pages(listing, first)]
        body = first.body if len(pages) == 1 else response.join_pages(page.body for page in pages)
        # For several pages, store no validators, because those of the first page do not cover the other pages.
        validators = first.validators if len(pages) == 1 else Validators()
        this = _LastFetch(listing.file, sha256(body).hexdigest(), validators)
        changed = last is None or (last.file, last.digest) != (this.file, this.digest)
        if changed:
            _write(self._inbox / listing.file, body)
        with self._library.writing(durable=False) as connection:
            settings.put(connection, _last_fetch_key(listing), msgspec.json.encode(this).decode())
        return self._fetched(listing, this, changed=changed)

    def _further_pages(self, listing: ListingRequest, page: _Page) -> Iterator[_Page]:
        number, size = 0, len(page.body)
        while listing.more_after is not None and page.papers >= listing.more_after:
            number += 1
            following = self._get(listing, number, Validators())
            # A site without pages ignores the page number and returns the first page again.
            if following is None or not following.papers or following.body == page.body:
                return
            if number == _MAX_PAGES:
                raise ListingError(f"it does not end after {_MAX_PAGES} pages; nothing was kept")
            size += len(following.body)
            if size > http_get.MAX_BYTES:
                raise http_get.too_large()
            page = following
            yield page

    def _fetched(self, listing: ListingRequest, fetch: _LastFetch, *, changed: bool) -> Fetched:
        find = "SELECT 1 FROM listing WHERE content = ? AND state = 'read'"
        imported = self._library.reader().execute(find, (fetch.digest,)).fetchone() is not None
        return Fetched(listing.url, self._inbox / fetch.file, changed, imported)

    def _get(self, listing: ListingRequest, page: int, validators: Validators) -> _Page | None:
        """One page of a listing, tried again after a temporary failure.

        None when the page has not changed since the answer that had these `validators`.
        """
        return self._requests.run(listing.site, listing.pause, lambda: self._try(listing, page, validators))

    def _try(self, listing: ListingRequest, page: int, validators: Validators) -> _Page | None:
        answer: Answer | None = http_get.get(
            listing.page_url(page), listing.site, validators, site_is_configured=listing.site_is_configured
        )
        if answer is None:
            return None
        return _Page(answer.body, answer.validators, response.count_papers(answer.body, listing.format))

    def _last_fetch(self, listing: ListingRequest) -> _LastFetch | None:
        """The record of the last fetch of this listing; None when its file is missing or was changed since."""
        value = settings.get(self._library.reader(), _last_fetch_key(listing))
        try:
            last = msgspec.json.decode(value, type=_LastFetch) if value is not None else None
            # The size is limited, because a longer file cannot be one that was fetched.
            content = read_small(self._inbox / last.file, 2 * http_get.MAX_BYTES) if last else b""
        except (OSError, msgspec.DecodeError):
            return None
        return last if last and sha256(content).hexdigest() == last.digest else None


def _batched(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """`values` divided into sequences of at most `size` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _last_fetch_key(listing: ListingRequest) -> str:
    return f"fetched:{listing.url}"


def _write(path: Path, body: bytes) -> None:
    """Write the whole file or nothing. An incomplete file has a name that the scan of the inbox ignores."""
    try:
        make_private(path.parent)
        descriptor, temporary = tempfile.mkstemp(prefix=".fetching-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ListingError(f"{path} cannot be written ({error.strerror}); nothing was kept") from error
