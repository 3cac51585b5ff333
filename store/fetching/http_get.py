"""One HTTP GET with limits on bytes, time, silence and redirects, over connections that `network` checks."""

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
from store.model.errors import ListingError
from store.text.clean import line

# Limits of one GET: the bytes of the answer, the seconds until its end, the seconds until its next byte, and the
# redirects before it. Only the look-up of a host name by the system has limits of its own.
MAX_BYTES = 32 * 2**20
MAX_SECONDS = 30.0
MAX_SILENT_SECONDS = 10.0
MAX_REDIRECTS = 5
# A server that asks for a longer pause than this is not tried again.
MAX_WAIT_SECONDS = 30.0
# How many bytes of an error page are searched for an explanation.
_ERROR_BYTES = 64 * 1024


class Validators(msgspec.Struct, frozen=True):
    """The ETag and Last-Modified headers of an answer, with which a later request asks whether anything has changed."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class Answer(msgspec.Struct, frozen=True):
    """The body of an answer, unpacked, and its validators."""

    body: bytes
    validators: Validators


def get(url: str, site: str, validators: Validators, *, site_is_configured: bool) -> Answer | None:
    """The answer to a GET of `url`, which belongs to `site`; None when it has not changed since `validators`.

    `site_is_configured` is passed on to `network.connections`. Raises TemporaryError when another try may help, and
    ListingError when it cannot.
    """
    headers = {
        "User-Agent": f"recto/{__version__}",
        "Accept": "application/json, application/atom+xml, */*;q=0.1",
        "Accept-Encoding": "gzip",
        **validators.headers(),
    }
    deadline = time.monotonic() + MAX_SECONDS
    try:
        for _ in range(MAX_REDIRECTS + 1):
            tls = _tls_context() if url.startswith("https:") else None
            pool = connections(url, site, site_is_configured=site_is_configured, deadline=deadline, tls=tls)
            with (
                httpx.Client(transport=_Transport(pool), trust_env=False, timeout=MAX_SILENT_SECONDS) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                if response.next_request is None:
                    return _answer(response, conditional=bool(validators.headers()))
                url = str(response.next_request.url)
    except httpcore.TimeoutException as error:
        if time.monotonic() >= deadline:
            raise ListingError(f"the answer took longer than {MAX_SECONDS:g} seconds; nothing was kept") from error
        raise TemporaryError(f"no answer for {MAX_SILENT_SECONDS:g} seconds") from error
    except httpcore.ProxyError as error:
        raise ListingError(f"the proxy refused: {line(str(error))}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        # httpcore raises its own error without a cause; the context still has the error of the certificate.
        if isinstance(error.__context__, ssl.SSLCertVerificationError):
            raise ListingError(f"its certificate cannot be trusted: {line(str(error))}") from error
        raise TemporaryError(line(str(error)) or "the connection broke") from error
    except (httpx.InvalidURL, ValueError) as error:
        # httpx lets some impossible hosts and ports through to idna, which raises ValueError.
        raise ListingError(f"there can be no such address ({line(str(error))})") from error
    raise ListingError(f"it was redirected more than {MAX_REDIRECTS} times")


def too_large() -> ListingError:
    return ListingError(f"it is larger than {MAX_BYTES / 2**20:g} MiB; nothing was kept")


class _Transport(httpx.BaseTransport):
    """Sends the requests of httpx over a pool of connections that `network` made."""

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
    """The body of a response of httpcore, as httpx reads it."""

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


def _answer(response: httpx.Response, *, conditional: bool) -> Answer | None:
    """The answer in a response; None when the server says "not modified" to a `conditional` request."""
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
        raise ListingError(f"the server answered {status}: {reason}")
    body = _body(response, MAX_BYTES)
    return Answer(body, Validators(_header(response, "ETag"), _header(response, "Last-Modified")))


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    """The body, unpacked. Raises ListingError when it is longer than `max_bytes`, packed or unpacked.

    httpx would unpack a whole chunk before its length is known, so the body is unpacked here.
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
            body += unpack.decompress(chunk, max_bytes + 1 - len(body)) if unpack else chunk
        except zlib.error as error:
            raise TemporaryError(f"the answer is damaged ({error})") from error
        if max(received, len(body)) > max_bytes:
            raise too_large()
    if unpack and not unpack.eof:
        raise TemporaryError("the answer was cut short")
    return bytes(body)


def _header(response: httpx.Response, name: str) -> str | None:
    """A header that can be sent back unchanged: printable ASCII, at most 256 characters. None for any other."""
    value: str | None = response.headers.get(name)
    return value if value and len(value) <= 256 and re.fullmatch(r"[\x20-\x7e]+", value) else None


def _retry_after(header: str) -> float:
    """The seconds to wait, from a Retry-After header with seconds or a date; 0 when it has neither."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
