"""Fetches listings over HTTPS: Hugging Face's Daily Papers by day, week or month, arXiv by category or query, and
papers by their ids.

Listings are fetched only when the user asks for them. A fetched listing is stored as a file in the inbox, the folder
from which the importer reads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from store.fetching import http_get, request, response
from store.fetching.http_get import Answer, MissingError, Validators
from store.fetching.network import TemporaryError, display_url
from store.fetching.polite import PoliteRequests
from store.fetching.request import ListingRequest
from store.fetching.stored_pages import Page, StoredPages
from store.library import settings, whole_file
from store.library.library import Library
from store.library.side_files import make_private, read_small
from store.model.errors import ListingError

# The largest number of pages of a listing. A month of Daily Papers has about 1,000 papers, with 100 on each page.
_MAX_PAGES = 100
_NO_VALIDATORS = Validators()


class Fetched(msgspec.Struct, frozen=True):
    """The result of a fetch.

    `path` is the path of the fetched file in the inbox; None when the listing has no papers. `changed` is False if the
    last fetch of this listing stored a file with the same content. `imported` is True if the library has already
    imported a file with this content.
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


class _FetchedPage(Page, frozen=True):
    """A page of a listing, with the validators (ETag and Last-Modified) of the HTTP answer that contained it."""

    validators: Validators


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
        # How many requests were sent.
        self._sent = 0
        self._clock = clock
        self._requests = PoliteRequests(library, sleep=sleep, clock=clock)

    def daily_papers(
        self, period: str, today: date, *, submitter: str = "", trending: bool = False, most_requests: int | None = None
    ) -> Fetched:
        """Fetch Daily Papers of a day ("2026-11-20", "today"), a week ("week", "2026-W47") or a month ("2026-11").

        With `submitter`, only papers that this user of Hugging Face submitted are fetched. With `trending`, papers that
        Hugging Face lists as trending come first. With `submitter` or `trending`, `period` may be "". Raises
        ListingError when `period` is not valid, or when the listing cannot be fetched with `most_requests` requests.
        After such an error or an interruption, the next call for the same listing continues after the pages that were
        already fetched.
        """
        listing = request.daily_papers(period, today, submitter=submitter, trending=trending)
        return self._fetch(listing, most_requests)

    def daily_papers_since(self, first: date, today: date, most_requests: int) -> Iterator[Fetched]:
        """Fetch Daily Papers of each day from `first` to `today`. Yields the result of a day as soon as it is fetched.

        Stops after about `most_requests` requests, even if the last days have not been fetched yet. To continue later,
        import the results, and call this method again with the newest listing day of the library as `first`. Raises
        ListingError when a day cannot be fetched.
        """
        day, end = first, self._sent + most_requests
        while day <= today and self._sent < end:
            yield self._fetch(request.daily_papers(day.isoformat(), today))
            day += timedelta(days=1)

    def hf_papers(self, arxiv_ids: Sequence[str], file: str, *, with_repositories: bool = False) -> Fetched:
        """Fetch the current data of papers from Hugging Face, such as their upvotes and the stars of their code.

        `file` is the name of the new file in the inbox. With `with_repositories`, the models and data sets that cite
        each paper are fetched too, with a second request for each paper. Papers that the site does not have are left
        out. Raises ListingError when a paper cannot be fetched.
        """
        items: list[bytes] = []
        for arxiv_id in arxiv_ids:
            listing = request.hf_paper(arxiv_id, file)
            try:
                page = self._get(listing, 0, Validators())
                linked = self._repositories(arxiv_id) if with_repositories else {}
            except MissingError:
                continue
            except (TemporaryError, ListingError) as error:
                raise ListingError(f"could not fetch {display_url(listing.url)}: {error}") from error
            if page is not None:
                items.append(response.with_keys(page.body, linked))
        url = request.hf_paper(arxiv_ids[0] if arxiv_ids else "", file).url
        return self._store(url, file, b"[" + b",\n".join(items) + b"]\n") if items else Fetched(url, None)

    def arxiv(self, query: str, today: date, day: date | None = None) -> Fetched:
        """Fetch the newest papers of a category ("cs.CL"), or of a query: plain words, or arXiv's query language.

        With `day`, only papers that were submitted on that day are fetched. Raises ListingError when `query` is empty
        or the listing cannot be fetched.
        """
        return self._fetch(request.arxiv(query, today, day))

    def papers(self, arxiv_ids: Sequence[str], dois: Sequence[str]) -> Iterator[Fetched]:
        """Fetch the papers with these identifiers from arXiv and Crossref. Yields a result for each request.

        One request asks for several papers, and its answer becomes one file. A paper that the site does not have is
        missing in the file. Raises ListingError when a request fails.
        """
        for ids in _batched(arxiv_ids, request.IDS_AT_ONCE):
            yield self._fetch(request.arxiv_papers(ids))
        with_comma = [doi for doi in dois if "," in doi]
        for together in _batched([doi for doi in dois if "," not in doi], request.DOIS_AT_ONCE):
            yield self._fetch(request.crossref_papers(together))
        for doi in with_comma:
            yield self._fetch(request.crossref_papers([doi]))

    def _repositories(self, arxiv_id: str) -> dict[str, object]:
        """Fetch the models and data sets that cite a paper, as JSON keys to add to Hugging Face's data of the paper."""
        listing = request.hf_repositories(arxiv_id)
        try:
            answer = self._requests.run(
                listing.site.address, listing.pause, lambda: self._send(listing, 0, Validators())
            )
        except MissingError:
            return {}
        return response.linked_repositories(answer.body) if answer else {}

    def _fetch(self, listing: ListingRequest, most_requests: int | None = None) -> Fetched:
        try:
            return self._fetch_pages(listing, most_requests or sys.maxsize)
        except TemporaryError as error:
            raise ListingError(f"could not fetch {display_url(listing.url)}: {error}; try again later") from error
        except ListingError as error:
            raise ListingError(f"could not fetch {display_url(listing.url)}: {error}") from error

    def _fetch_pages(self, listing: ListingRequest, most_requests: int) -> Fetched:
        end = self._sent + most_requests
        stored_pages = StoredPages(self._library, self._inbox, listing.url, self._clock, http_get.MAX_BYTES)
        pages = stored_pages.read()
        # Validators (ETag and Last-Modified) show whether a page has changed. Store none for a listing of several
        # pages, because the validators of the first page do not show whether other pages have changed.
        validators = _NO_VALIDATORS
        if not pages:
            last = self._last_fetch(listing.url)
            first = self._get(listing, 0, last.validators if last else Validators())
            if first is None:
                assert last is not None
                return self._fetched(listing.url, last, changed=False)
            if not first.papers:
                return Fetched(listing.url, None)
            pages, validators = [first], first.validators
        self._fetch_further(listing, pages, stored_pages, end)
        if len(pages) > 1:
            validators = _NO_VALIDATORS
        try:
            body = pages[0].body if len(pages) == 1 else response.join_pages(page.body for page in pages)
        except ListingError:
            stored_pages.remove()
            raise
        fetched = self._store(listing.url, listing.file, body, validators)
        stored_pages.remove()
        return fetched

    def _fetch_further(self, listing: ListingRequest, pages: list[Page], stored_pages: StoredPages, end: int) -> None:
        """Append the missing pages of a listing to `pages`, which contains the first ones, and store each new page in
        `stored_pages`.

        Raises ListingError when the number of requests reaches `end` before the last page was fetched.
        """
        while listing.more_after is not None and pages[-1].papers >= listing.more_after:
            if len(pages) == 1:
                stored_pages.store_last(pages)
            if len(pages) >= _MAX_PAGES:
                stored_pages.remove()
                raise ListingError(f"it does not end after {_MAX_PAGES} pages; nothing was kept")
            if self._sent >= end:
                missing = f"all allowed requests were sent, and page {len(pages) + 1} is missing"
                raise ListingError(f"{missing}; the same command goes on there")
            following = self._get(listing, len(pages), Validators())
            # A site that does not divide listings into pages ignores the page number and returns the first page again.
            if following is None or not following.papers or following.body == pages[-1].body:
                return
            pages.append(Page(following.body, following.papers))
            if sum(len(page.body) for page in pages) > http_get.MAX_BYTES:
                stored_pages.remove()
                raise http_get.too_large()
            stored_pages.store_last(pages)

    def _store(self, url: str, file: str, body: bytes, validators: Validators = _NO_VALIDATORS) -> Fetched:
        """Write a fetched listing into the inbox, unless the last fetch of this address wrote the same content."""
        last = self._last_fetch(url)
        this = _LastFetch(file, sha256(body).hexdigest(), validators)
        changed = last is None or (last.file, last.digest) != (this.file, this.digest)
        if changed:
            _write(self._inbox / file, body)
        with self._library.writing(durable=False) as connection:
            settings.put(connection, _last_fetch_key(url), msgspec.json.encode(this).decode())
        return self._fetched(url, this, changed=changed)

    def _fetched(self, url: str, fetch: _LastFetch, *, changed: bool) -> Fetched:
        find = "SELECT 1 FROM listing WHERE content = ? AND state = 'read'"
        imported = self._library.reader().execute(find, (fetch.digest,)).fetchone() is not None
        return Fetched(url, self._inbox / fetch.file, changed, imported)

    def _get(self, listing: ListingRequest, page: int, validators: Validators) -> _FetchedPage | None:
        """Fetch one page of a listing. The request is repeated after a temporary failure.

        None when the page has not changed since an earlier answer, whose ETag and Last-Modified headers are
        `validators`.
        """
        return self._requests.run(listing.site.address, listing.pause, lambda: self._try(listing, page, validators))

    def _try(self, listing: ListingRequest, page: int, validators: Validators) -> _FetchedPage | None:
        answer = self._send(listing, page, validators)
        if answer is None:
            return None
        return _FetchedPage(answer.body, response.count_papers(answer.body, listing.format), answer.validators)

    def _send(self, listing: ListingRequest, page: int, validators: Validators) -> Answer | None:
        self._sent += 1
        return http_get.get(listing.page_url(page), listing.site, validators)

    def _last_fetch(self, url: str) -> _LastFetch | None:
        """The record of the last fetch of this listing. None when the fetched file is missing or was changed
        afterwards.
        """
        value = settings.get(self._library.reader(), _last_fetch_key(url))
        try:
            last = msgspec.json.decode(value, type=_LastFetch) if value is not None else None
            # Do not read a huge file: another program must have changed it. MAX_BYTES limits the pages of a listing as
            # they are received. Joining them can add bytes, so twice as many are allowed here.
            content = read_small(self._inbox / last.file, 2 * http_get.MAX_BYTES) if last else b""
        except (OSError, msgspec.DecodeError):
            return None
        return last if last and sha256(content).hexdigest() == last.digest else None


def _batched(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """`values` divided into sequences of at most `size` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _last_fetch_key(url: str) -> str:
    return f"fetched:{url}"


def _write(path: Path, body: bytes) -> None:
    """Write `body` to `path`, completely or not at all.

    While the file is incomplete, it has a name that the scan of the inbox ignores.
    """
    try:
        make_private(path.parent)
        whole_file.write(path, [body], prefix=".fetching-")
    except OSError as error:
        raise ListingError(f"{path} cannot be written ({error.strerror}); nothing was kept") from error
