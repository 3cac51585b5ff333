"""Listings come in over HTTPS: Daily Papers by day, week or month, arXiv by category or query.

Nothing is fetched unless asked for. A listing becomes a file in the inbox, and the importer does the rest.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
import tenacity

from store import __version__
from store.clean import line
from store.library import Library, make_private
from store.paper import ListingError

HF_URL = "https://huggingface.co"
ARXIV_URL = "https://export.arxiv.org"
# Limits of one listing: bytes, seconds, and redirects on the way to it.
MOST_BYTES = 32 * 2**20
MOST_SECONDS = 30.0
MOST_HOPS = 5
# The arXiv API asks for three seconds between calls.
ARXIV_PAUSE_SECONDS = 3.0
# How often a call is tried that failed for a reason that passes.
_TRIES = 4
# arXiv gives at most this many papers to one call (its own limit is 2,000).
_ARXIV_PAPERS = 200

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CATEGORY = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?")


class Fetched(msgspec.Struct, frozen=True):
    """What a fetch brought: the file, or None when the server says that nothing has changed since the last time."""

    url: str
    path: Path | None


class _Validators(msgspec.Struct, frozen=True):
    """What a server gave with an answer, to ask whether it is still the newest."""

    etag: str | None = None
    modified: str | None = None
    file: str | None = None


class _Passing(Exception):
    """The server is busy or the connection broke: worth another try, not before `wait` seconds."""

    def __init__(self, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.wait = wait


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

    def daily_papers(self, wanted: str, today: date) -> Fetched:
        """Daily Papers of a day ("2026-11-20", "today"), of this "week" or this "month".

        Raises ListingError that says what is wrong.
        """
        if wanted in ("", "today"):
            wanted = today.isoformat()
        if wanted == "week":
            year, week, _ = today.isocalendar()
            asked, name = {"week": f"{year}-W{week:02}"}, f"{year}-W{week:02}"
        elif wanted == "month":
            asked, name = {"month": f"{today:%Y-%m}"}, f"{today:%Y-%m}"
        elif _DAY.fullmatch(wanted) and _is_day(wanted, today):
            asked, name = {"date": wanted}, wanted
        else:
            raise ListingError(f"{line(wanted)!r} is not a day up to today; write 2026-11-20, today, week or month")
        base = os.environ.get("RECTO_HF_URL", HF_URL)
        url = f"{base.rstrip('/')}/api/daily_papers?{urlencode({**asked, 'limit': 100})}"
        return self._fetch(url, base, f"hf-daily-papers-{name}.json")

    def arxiv(self, wanted: str) -> Fetched:
        """The newest papers of a category ("cs.CL") or of a query in arXiv's own language or plain words.

        Raises ListingError that says what is wrong.
        """
        words = wanted.split()
        if not words:
            raise ListingError("say what to fetch: a category such as cs.CL, or words")
        if len(words) == 1 and _CATEGORY.fullmatch(words[0]):
            query = f"cat:{words[0]}"
        else:
            query = wanted if ":" in wanted else " AND ".join(f"all:{word}" for word in words)
        base = os.environ.get("RECTO_ARXIV_URL", ARXIV_URL)
        asked = {
            "search_query": query,
            "sortBy": "submittedDate",
            "sortOrder": "descending",
            "max_results": _ARXIV_PAPERS,
        }
        slug = re.sub(r"[^A-Za-z0-9]+", "-", wanted).strip("-")[:60] or "query"
        return self._fetch(
            f"{base.rstrip('/')}/api/query?{urlencode(asked)}", base, f"arxiv-{slug}.xml", ARXIV_PAUSE_SECONDS
        )

    def _fetch(self, url: str, base: str, name: str, pause: float = 0.0) -> Fetched:
        validators = self._validators(url)
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(_TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_Passing),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            for attempt in retrying:
                with attempt:
                    self._keep_distance(base, pause)
                    answer = _get(url, base, validators)
        except _Passing as error:
            raise ListingError(f"could not fetch {url}: {error}; try again later") from error
        if answer is None:
            return Fetched(url, None)
        body, validators = answer
        path = self._inbox / name
        _write(path, body)
        self._keep_validators(url, msgspec.structs.replace(validators, file=str(path)))
        return Fetched(url, path)

    def _keep_distance(self, base: str, pause: float) -> None:
        """Wait until `pause` seconds after the last call to the same server, by whichever recto made it."""
        if not pause:
            return
        key = f"fetch-last:{base}"
        last = self._setting(key)
        now = self._clock()
        # A clock that was set back must not make anyone wait for years.
        if last and 0 <= now - float(last) < pause:
            self._sleep(pause - (now - float(last)))
        self._set(key, str(self._clock()))

    def _validators(self, url: str) -> _Validators:
        """What to ask with; nothing when the file that came the last time is gone."""
        kept = self._setting(f"fetch:{url}")
        found = msgspec.json.decode(kept, type=_Validators) if kept else _Validators()
        return found if found.file and Path(found.file).exists() else _Validators()

    def _keep_validators(self, url: str, validators: _Validators) -> None:
        self._set(f"fetch:{url}", msgspec.json.encode(validators).decode())

    def _setting(self, key: str) -> str | None:
        row = self._library.reader().execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set(self, key: str, value: str) -> None:
        with self._library.writing(durable=False) as connection:
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def _is_day(text: str, today: date) -> bool:
    try:
        return date.fromisoformat(text) <= today
    except ValueError:
        return False


def _wait(state: tenacity.RetryCallState) -> float:
    """1, 2, 4 seconds, or as long as the server asked for."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, _Passing) else 0.0
    return min(max(asked, 2.0 ** (state.attempt_number - 1)), MOST_SECONDS)


def _get(url: str, base: str, validators: _Validators) -> tuple[bytes, _Validators] | None:
    """The body and what validates it; None for "not modified". Every hop is checked before and after connecting."""
    headers = {"User-Agent": f"recto/{__version__}", "Accept": "application/json, application/atom+xml, */*;q=0.1"}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.modified:
        headers["If-Modified-Since"] = validators.modified
    ends = time.monotonic() + MOST_SECONDS
    try:
        with httpx.Client(timeout=10.0, follow_redirects=False, trust_env=False, headers=headers) as client:
            for _ in range(MOST_HOPS + 1):
                _check_address(url, base)
                with client.stream("GET", url) as response:
                    _check_peer(response, url, base)
                    if response.is_redirect:
                        url = str(response.next_request.url) if response.next_request else ""
                        continue
                    return _answer(response, ends)
    except httpx.TransportError as error:
        raise _Passing(str(error) or type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ListingError(f"could not fetch {url}: {error}") from error
    raise ListingError(f"could not fetch {url}: redirected more than {MOST_HOPS} times")


def _answer(response: httpx.Response, ends: float) -> tuple[bytes, _Validators] | None:
    status = response.status_code
    if status == httpx.codes.NOT_MODIFIED:
        return None
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
        asked = response.headers.get("Retry-After", "")
        raise _Passing(f"the server answered {status}", float(asked) if asked.isdigit() else 0.0)
    if status != httpx.codes.OK:
        raise ListingError(f"the server answered {status} {response.reason_phrase} to {response.url}")
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise ListingError(f"the listing is larger than {MOST_BYTES // 2**20} MiB; it was not kept")
        if time.monotonic() > ends:
            raise _Passing(f"the listing took longer than {MOST_SECONDS:.0f} seconds")
    said = response.headers.get("Content-Length")
    if said and "Content-Encoding" not in response.headers and said.isdigit() and int(said) != len(body):
        raise _Passing("the answer was cut short")
    return bytes(body), _Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))


def _check_address(url: str, base: str) -> None:
    """Only https to public hosts; the one address that the reader named in the environment is as it is."""
    parts = urlsplit(url)
    if _origin(url) == _origin(base):
        return
    if parts.scheme != "https" or not parts.hostname:
        raise ListingError(f"redirected to {line(url)[:200]}, which is not https; nothing was fetched")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise _Passing(f"{parts.hostname}: {error}") from error
    for *_, address in found:
        _check_public(str(address[0]), url)


def _check_peer(response: httpx.Response, url: str, base: str) -> None:
    """The address that was really connected to: a name may mean another one at every look-up."""
    if _origin(url) == _origin(base) and base not in (HF_URL, ARXIV_URL):
        return
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer:
        _check_public(str(peer[0]), url)


def _check_public(address: str, url: str) -> None:
    if not ipaddress.ip_address(address.split("%")[0]).is_global:
        raise ListingError(
            f"{urlsplit(url).hostname} is at {address}, which is not a public address; nothing was fetched"
        )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _write(path: Path, body: bytes) -> None:
    """The whole file or none of it; a name that the scan passes over until then."""
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
