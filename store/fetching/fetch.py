"""Listings come in over HTTPS: Daily Papers by day, week or month, arXiv by category or query.

Nothing is fetched unless asked for. A listing becomes a file in the inbox, and the importer does the rest.
"""

from __future__ import annotations

import contextlib
import email.utils
import os
import re
import ssl
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import httpcore
import httpx
import msgspec
import tenacity

from store import __version__
from store.fetching import request as wanted
from store.fetching import response as answer
from store.fetching.network import Passing, connections, shown
from store.fetching.request import Wanted
from store.library.library import Library
from store.library.side_files import make_private, read_small
from store.model.errors import ListingError
from store.text.clean import line

# Limits of one call: bytes of the answer, seconds to its end and to its next byte, redirects on the way to it. Only
# the system's own look-up of a name has limits of its own.
MOST_BYTES = 32 * 2**20
MOST_SECONDS = 30.0
MOST_SILENT_SECONDS = 10.0
MOST_HOPS = 5
# How often a call is tried that failed for a reason that passes, and how long is waited before it at the most.
TRIES = 4
MOST_WAIT_SECONDS = 30.0
# A month of Daily Papers has some 1,000 papers, 100 on a page.
_MOST_PAGES = 50
# Other programs may have taken the next few turns at a site; a last call further ahead is a clock set back.
_TURNS_AHEAD = 3
# Of an answer that is an error so much is looked at for what it says (bytes).
_ERROR_BYTES = 64 * 1024


class Fetched(msgspec.Struct, frozen=True):
    """What a fetch brought.

    `path` is the file; None when there are no papers. `changed` says whether they are others than the last time,
    `imported` whether the library has read the file as it is.
    """

    url: str
    path: Path | None
    changed: bool = True
    imported: bool = False


class _Validators(msgspec.Struct, frozen=True):
    """What a server gave with an answer, to ask whether it is still the newest."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


class _Kept(msgspec.Struct, frozen=True):
    """The answer of the last time: the name of its file, the SHA-256 of that."""

    file: str
    digest: str
    validators: _Validators = _Validators()


class _Answer(msgspec.Struct, frozen=True):
    body: bytes
    validators: _Validators
    papers: int = 0


class Fetcher:
    """Fetches listings into a folder. `sleep` and `clock` (seconds since 1970) are those of the system unless told."""

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
        self._sleep = sleep
        self._clock = clock

    def daily_papers(self, said: str, today: date) -> Fetched:
        """Daily Papers of a day ("2026-11-20", "today"), a week ("week", "2026-W47") or a month ("month", "2026-11").

        Raises ListingError that says what is wrong.
        """
        return self._fetch(wanted.daily_papers(said, today))

    def arxiv(self, said: str, today: date) -> Fetched:
        """The newest papers of a category ("cs.CL") or of a query in arXiv's own language or plain words.

        Raises ListingError that says what is wrong.
        """
        return self._fetch(wanted.arxiv(said, today))

    def _fetch(self, listing: Wanted) -> Fetched:
        try:
            return self._keep(listing)
        except Passing as error:
            raise ListingError(f"could not fetch {shown(listing.url)}: {error}; try again later") from error
        except ListingError as error:
            raise ListingError(f"could not fetch {shown(listing.url)}: {error}") from error

    def _keep(self, listing: Wanted) -> Fetched:
        kept = self._kept(listing)
        first = self._call(listing, 0, kept.validators if kept else _Validators())
        if first is None:
            assert kept is not None
            return self._fetched(listing, kept, changed=False)
        if not first.papers:
            return Fetched(listing.url, None)
        pages = [first, *self._further_pages(listing, first)]
        body = first.body if len(pages) == 1 else answer.joined(page.body for page in pages)
        # The first page of several tells nothing of the others.
        validators = first.validators if len(pages) == 1 else _Validators()
        now = _Kept(listing.file, sha256(body).hexdigest(), validators)
        changed = kept is None or (kept.file, kept.digest) != (now.file, now.digest)
        if changed:
            _write(self._inbox / listing.file, body)
        self._set(f"fetched:{listing.url}", msgspec.json.encode(now).decode())
        return self._fetched(listing, now, changed=changed)

    def _further_pages(self, listing: Wanted, page: _Answer) -> Iterator[_Answer]:
        number, size = 0, len(page.body)
        while listing.more_after is not None and page.papers >= listing.more_after:
            number += 1
            following = self._call(listing, number, _Validators())
            # A site that knows no pages gives the first one again.
            if following is None or not following.papers or following.body == page.body:
                return
            if number == _MOST_PAGES:
                raise ListingError(f"it does not end after {_MOST_PAGES} pages; nothing was kept")
            size += len(following.body)
            if size > MOST_BYTES:
                raise _too_large()
            page = following
            yield page

    def _fetched(self, listing: Wanted, kept: _Kept, *, changed: bool) -> Fetched:
        find = "SELECT 1 FROM listing WHERE content = ? AND state = 'read'"
        imported = self._library.reader().execute(find, (kept.digest,)).fetchone() is not None
        return Fetched(listing.url, self._inbox / kept.file, changed, imported)

    def _call(self, listing: Wanted, page: int, validators: _Validators) -> _Answer | None:
        """One page of a listing, tried until it is there; None when it has not changed."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(Passing),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._try, listing, page, validators)

    def _try(self, listing: Wanted, page: int, validators: _Validators) -> _Answer | None:
        self._keep_distance(listing)
        found = _get(listing.page(page), listing, validators)
        return found and msgspec.structs.replace(found, papers=answer.papers(found.body, listing.format))

    def _keep_distance(self, listing: Wanted) -> None:
        """Wait for a turn at the site: `pause` seconds after the last one, whichever recto had it."""
        if not listing.pause:
            return
        key = f"last-fetch:{listing.site}"
        with self._library.writing(durable=False) as connection:
            row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
            now = self._clock()
            last = float(row[0]) if row else None
            behind = last is not None and last - now <= _TURNS_AHEAD * listing.pause
            turn = max(now, last + listing.pause) if last is not None and behind else now
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, str(turn)))
        if turn > now:
            self._sleep(turn - now)

    def _kept(self, listing: Wanted) -> _Kept | None:
        """What was kept the last time; None when the file is gone or is another one now."""
        row = (
            self._library.reader()
            .execute("SELECT value FROM setting WHERE key = ?", (f"fetched:{listing.url}",))
            .fetchone()
        )
        try:
            kept = msgspec.json.decode(row[0], type=_Kept) if row else None
            # A file that is longer than any that was fetched is another one.
            found = read_small(self._inbox / kept.file, 2 * MOST_BYTES) if kept else b""
        except (OSError, msgspec.DecodeError):
            return None
        return kept if kept and sha256(found).hexdigest() == kept.digest else None

    def _set(self, key: str, value: str) -> None:
        with self._library.writing(durable=False) as connection:
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


# -- one call


def _wait(state: tenacity.RetryCallState) -> float:
    """1, 2, 4 seconds, or as long as the server asked for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, Passing) else 0.0
    return max(asked, 2.0 ** (state.attempt_number - 1))


class _Transport(httpx.BaseTransport):
    """httpx over connections that were checked."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        found = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(found.status, headers=found.headers, stream=_Body(found), extensions=found.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _get(url: str, listing: Wanted, validators: _Validators) -> _Answer | None:
    """The answer; None for "not modified". Raises Passing where another try may help, ListingError elsewhere."""
    headers = {
        "User-Agent": f"recto/{__version__}",
        "Accept": "application/json, application/atom+xml, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **validators.headers(),
    }
    ends = time.monotonic() + MOST_SECONDS
    try:
        for _ in range(MOST_HOPS + 1):
            tls = _tls() if url.startswith("https:") else None
            transport = _Transport(connections(url, listing.site, named=listing.named, ends=ends, tls=tls))
            with (
                httpx.Client(transport=transport, trust_env=False, timeout=MOST_SILENT_SECONDS) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                if response.next_request is None:
                    return _answer(response, asked=bool(validators.headers()))
                url = str(response.next_request.url)
    except httpcore.TimeoutException as error:
        if time.monotonic() >= ends:
            raise ListingError(f"the answer took longer than {MOST_SECONDS:g} seconds; nothing was kept") from error
        raise Passing(f"no answer for {MOST_SILENT_SECONDS:g} seconds") from error
    except httpcore.ProxyError as error:
        raise ListingError(f"the proxy refused: {line(str(error))}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        # The pool takes the cause away.
        if isinstance(error.__context__, ssl.SSLCertVerificationError):
            raise ListingError(f"its certificate cannot be trusted: {line(str(error))}") from error
        raise Passing(line(str(error)) or "the connection broke") from error
    except (httpx.InvalidURL, ValueError) as error:
        # A host or a port that cannot be one; httpx lets some of them through to idna.
        raise ListingError(f"there can be no such address ({line(str(error))})") from error
    raise ListingError(f"it was redirected more than {MOST_HOPS} times")


def _tls() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ListingError(
            f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR name cannot be read: {error}"
        ) from None


def _answer(response: httpx.Response, *, asked: bool) -> _Answer | None:
    status = response.status_code
    if status == httpx.codes.NOT_MODIFIED and asked:
        return None
    if status in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS) or status >= 500:
        wait = _retry_after(response.headers.get("Retry-After", ""))
        if wait > MOST_WAIT_SECONDS:
            raise ListingError(f"the server answered {status} and wants to be left alone for {wait:,.0f} seconds")
        raise Passing(f"the server answered {status}", wait)
    if status != httpx.codes.OK:
        said = ""
        with contextlib.suppress(ListingError, Passing):
            said = answer.error(_body(response, _ERROR_BYTES))
        raise ListingError(f"the server answered {status}: {said or line(response.reason_phrase) or 'no reason given'}")
    body = _body(response, MOST_BYTES)
    return _Answer(body, _Validators(_header(response, "ETag"), _header(response, "Last-Modified")))


def _body(response: httpx.Response, most: int) -> bytes:
    """The body, unpacked no further than to `most` bytes. (httpx unpacks a whole piece, whatever comes of it.)"""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise ListingError(f"the server packed it as {line(packing)[:40]!r}, which was not asked for")
    unpack = zlib.decompressobj(wbits=31) if packing != "identity" else None
    body = bytearray()
    taken = 0
    for piece in response.iter_raw():
        taken += len(piece)
        try:
            body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece
        except zlib.error as error:
            raise Passing(f"the answer is damaged ({error})") from error
        if max(taken, len(body)) > most:
            raise _too_large()
    if unpack and not unpack.eof:
        raise Passing("the answer was cut short")
    return bytes(body)


def _too_large() -> ListingError:
    return ListingError(f"it is larger than {MOST_BYTES / 2**20:g} MiB; nothing was kept")


def _header(response: httpx.Response, name: str) -> str | None:
    """A header that can be sent back as it came."""
    value: str | None = response.headers.get(name)
    return value if value and len(value) <= 256 and re.fullmatch(r"[\x20-\x7e]+", value) else None


def _retry_after(said: str) -> float:
    """Seconds from now, written as such or as a date; 0 when it says nothing."""
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


def _write(path: Path, body: bytes) -> None:
    """The whole file or none of it; a name that the scan passes over until then."""
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
