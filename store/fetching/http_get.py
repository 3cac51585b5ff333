"""Send one HTTP GET request, with limits on size, time and redirects, over connections that `network` checks."""

from __future__ import annotations

import contextlib
import email.utils
import re
import ssl
import time
import zlib
from collections.abc import Iterator

import httpcore
import httpx
import msgspec

from store import __version__
from store.fetching import response as responses
from store.fetching.network import TemporaryError, connections
from store.fetching.sites import Site
from store.model.errors import ListingError
from store.text.clean import line

# Limits of one GET: the size of the answer (bytes), the total time (s), the time without receiving a byte (s), and the
# number of redirects. The time limits do not include looking up a host name, for which the operating system has its own
# limits.
MAX_BYTES = 32 * 2**20
MAX_SECONDS = 30.0
MAX_SILENT_SECONDS = 10.0
MAX_REDIRECTS = 5
# If a server asks for a longer pause than this (s), the request fails and is not repeated.
MAX_WAIT_SECONDS = 30.0
# recto reads only this many bytes of an error page to find the error message in it.
_ERROR_BYTES = 64 * 1024


class Validators(msgspec.Struct, frozen=True):
    """The ETag and Last-Modified headers of an answer. A later request sends them, so that the server sends the body
    only if it has changed.
    """

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class MissingError(ListingError):
    """Raised when the site has nothing at an address (HTTP status 404 or 410)."""


class Answer(msgspec.Struct, frozen=True):
    """The body of an answer, decompressed, and its validators."""

    body: bytes
    validators: Validators


def get(
    url: str,
    site: Site,
    validators: Validators,
    *,
    max_bytes: int | None = None,
    max_seconds: float | None = None,
) -> Answer | None:
    """Send a GET request for `url`, which is an address of `site`, and return the answer.

    None when the answer has not changed since an earlier answer, whose ETag and Last-Modified headers are `validators`.
    `max_bytes` and `max_seconds` are MAX_BYTES and MAX_SECONDS unless they are given. Raises TemporaryError when
    another try may succeed, and ListingError when it cannot.
    """
    max_bytes = MAX_BYTES if max_bytes is None else max_bytes
    max_seconds = MAX_SECONDS if max_seconds is None else max_seconds
    headers = {
        "User-Agent": f"recto/{__version__}",
        "Accept": "application/json, application/atom+xml, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **validators.headers(),
    }
    deadline = time.monotonic() + max_seconds
    try:
        for _ in range(MAX_REDIRECTS + 1):
            tls = _tls_context() if url.startswith("https:") else None
            pool = connections(url, site, deadline=deadline, tls=tls)
            with (
                httpx.Client(transport=_Transport(pool), trust_env=False, timeout=MAX_SILENT_SECONDS) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                if response.next_request is None:
                    return _answer(response, max_bytes, conditional=bool(validators.headers()))
                url = str(response.next_request.url)
    except httpcore.TimeoutException as error:
        if time.monotonic() >= deadline:
            raise ListingError(f"the answer took longer than {max_seconds:g} seconds; nothing was kept") from error
        raise TemporaryError(f"no answer for {MAX_SILENT_SECONDS:g} seconds") from error
    except httpcore.ProxyError as error:
        raise ListingError(f"the proxy refused: {line(str(error))}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        # httpcore raises an error of its own without a `__cause__`, but its `__context__` is the error about the
        # certificate.
        if isinstance(error.__context__, ssl.SSLCertVerificationError):
            raise ListingError(f"its certificate cannot be trusted: {line(str(error))}") from error
        raise TemporaryError(line(str(error)) or "the connection broke") from error
    except (httpx.InvalidURL, ValueError) as error:
        # httpx does not reject some invalid hosts and ports. The package idna, which httpx calls, raises ValueError.
        raise ListingError(f"there can be no such address ({line(str(error))})") from error
    raise ListingError(f"it was redirected more than {MAX_REDIRECTS} times")


def too_large(max_bytes: int = MAX_BYTES) -> ListingError:
    return ListingError(f"it is larger than {max_bytes / 2**20:g} MiB; nothing was kept")


class _Transport(httpx.BaseTransport):
    """A transport for httpx that sends requests over a pool of connections made by the module `network`."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The body of a response from httpcore, in the form that httpx expects."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _tls_context() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ListingError(
            f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR name cannot be read: {error}"
        ) from None


def _answer(response: httpx.Response, max_bytes: int, *, conditional: bool) -> Answer | None:
    """The answer in a response; None when the status is 304 (not modified) and the request was `conditional`, that is,
    sent validators.
    """
    status = response.status_code
    if status == httpx.codes.NOT_MODIFIED and conditional:
        return None
    if status in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS) or status >= 500:
        wait = _retry_after(response.headers.get("Retry-After", ""))
        if wait > MAX_WAIT_SECONDS:
            raise ListingError(f"the server answered {status} and wants to be left alone for {wait:,.0f} seconds")
        raise TemporaryError(f"the server answered {status}", wait)
    if status != httpx.codes.OK:
        reason = ""
        with contextlib.suppress(ListingError, TemporaryError):
            reason = responses.error_text(_body(response, _ERROR_BYTES))
        reason = reason or line(response.reason_phrase) or "no reason given"
        is_missing = status in (httpx.codes.NOT_FOUND, httpx.codes.GONE)
        raise (MissingError if is_missing else ListingError)(f"the server answered {status}: {reason}")
    body = _body(response, max_bytes)
    return Answer(body, Validators(_header(response, "ETag"), _header(response, "Last-Modified")))


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """The decompressed body. Raises ListingError when the body has more than `max_bytes`, compressed or decompressed.

    This function does not let httpx decompress the body, because httpx would decompress a whole chunk before its size
    can be checked.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise ListingError(f"the server packed it as {line(encoding)[:40]!r}, which was not asked for")
    unpack = zlib.decompressobj(wbits=31) if encoding != "identity" else None
    body = bytearray()
    received = 0
    for chunk in response.iter_raw():
        received += len(chunk)
        try:
            if unpack is None:
                body += chunk
            elif not unpack.eof:
                # Stop at the end of the compressed data. Each further call would copy all bytes that followed, which
                # takes quadratic time.
                body += unpack.decompress(chunk, max_bytes + 1 - len(body))
        except zlib.error as error:
            raise TemporaryError(f"the answer is damaged ({error})") from error
        if max(received, len(body)) > max_bytes:
            raise too_large(max_bytes)
    if unpack and not unpack.eof:
        raise TemporaryError("the answer was cut short")
    return bytes(body)


def _header(response: httpx.Response, name: str) -> str | None:
    """The header `name` if a later request can send it back: it has at most 256 characters of printable ASCII.
    Otherwise None.
    """
    value: str | None = response.headers.get(name)
    return value if value and len(value) <= 256 and re.fullmatch(r"[\x20-\x7e]+", value) else None


def _retry_after(header: str) -> float:
    """The seconds to wait, from a Retry-After header with a number of seconds or a date; 0 for any other text."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
