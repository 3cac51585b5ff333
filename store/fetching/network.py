"""The network as a fetch may use it: no address that is not public, no wait beyond the end of the call."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httpcore

from store.model.errors import ListingError
from store.text.clean import line

# Through a proxy the way may lead to another host only if it is one of these, or below one.
_SITES = ("huggingface.co", "hf.co", "arxiv.org")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Passing(Exception):
    """The server is busy or the connection broke: worth another try, not before `wait` seconds."""

    def __init__(self, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.wait = wait


def connections(
    url: str, site: str, *, named: bool, ends: float, tls: ssl.SSLContext | None
) -> httpcore.ConnectionPool:
    """Connections for a call to `url`, which `site` led to; all of it is over at `ends` (of `time.monotonic`).

    Only https, and only to public addresses: a name is looked up once, and what it stands for is checked before it
    is connected to. The `site` itself is taken as it is where the reader `named` it. A proxy that the environment
    names is used (HTTPS_PROXY, NO_PROXY): who has one gets out by no other way. It looks names up itself, so what
    it connects to cannot be seen from here; through it the way may lead only to hosts of the same site.
    Raises ListingError where the way is not to be taken.
    """
    parts = urlsplit(url)
    as_named = named and _origin(parts) == _origin(urlsplit(site))
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and not as_named):
        raise ListingError(f"it leads to {shown(url)}, which is not https; nothing was fetched")
    proxy = _proxy(parts.scheme, host)
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=tls, network_backend=_Network(ends, any_address=as_named))
    if not as_named and not _same_site(host, urlsplit(site).hostname or ""):
        raise ListingError(f"it leads to {shown(url)}, which cannot be checked behind a proxy; nothing was fetched")
    try:
        address = urlsplit(proxy)
        return httpcore.HTTPProxy(
            proxy_url=f"{address.scheme}://{address.netloc.rpartition('@')[2]}",
            proxy_auth=(unquote(address.username).encode(), unquote(address.password or "").encode())
            if address.username
            else None,
            ssl_context=tls,
            proxy_ssl_context=tls if address.scheme == "https" else None,
            network_backend=_Network(ends, any_address=True),
        )
    except ValueError:
        raise ListingError("the proxy that the environment names has no address that can be read") from None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, also in the forms that carry an IPv4 address in an IPv6 one."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = carried or found
    return found.is_global and not found.is_multicast


def shown(url: str) -> str:
    """An address as a message shows it: on one line, of a bearable length, without a password."""
    parts = urlsplit(url)
    return line(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())[:200]


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _proxy(scheme: str, host: str) -> str | None:
    """The proxy for a host. Raises ListingError for one of a kind that cannot be used."""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if local or not proxy or urllib.request.proxy_bypass(host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise ListingError(f"a proxy of the kind {line(proxy.partition(':')[0])} cannot be used; name an http one")
    return proxy


def _same_site(host: str, site: str) -> bool:
    return host == site or any(host == each or host.endswith(f".{each}") for each in _SITES)


class _Network(httpcore.NetworkBackend):
    """Connects to what a name stands for after a look at it."""

    def __init__(self, ends: float, *, any_address: bool) -> None:
        self._ends = ends
        self._any_address = any_address

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            raise httpcore.ConnectError(f"{line(host)} was not found ({why or error})") from error
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        for address in addresses:
            if not self._any_address and not is_public(address):
                raise ListingError(f"it leads to {line(host)}, which is at {address}, not a public address")
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, _left(self._ends, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._ends)
        if isinstance(failure, httpcore.ConnectTimeout):
            raise failure
        raise httpcore.ConnectError(f"no connection to {line(host)} ({failure or 'it has no address'})")


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing waits beyond the end of the call, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._ends, timeout))
        return _Stream(stream, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float, timeout: float | None) -> float:
    """How long may be waited. Raises TimeoutException at the end."""
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("the call took too long")
    return left if timeout is None else min(timeout, left)
