"""Makes the connections for a GET request: only to public addresses, and with a deadline for every read and write."""

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

from store.fetching.sites import Site
from store.model.errors import ListingError
from store.text.clean import line

# If a proxy is used, a redirect to another host is followed only if that host is one of these or a subdomain of one of
# them.
_SITES = ("huggingface.co", "hf.co", "arxiv.org")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class TemporaryError(Exception):
    """Raised when another try may succeed, for example when the server is busy or the connection broke.

    The caller should wait at least `wait` seconds before the next try.
    """

    def __init__(self, text: str, wait: float = 0.0) -> None:
        super().__init__(text)
        self.wait = wait


def connections(url: str, site: Site, *, deadline: float, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
    """A pool of connections for a GET of `url`, which is an address of `site` or a redirect from it.

    Connecting, reading and writing never wait beyond `deadline`, a time of `time.monotonic()`. Only https and only
    public addresses are allowed: each host name is looked up once, and its addresses are checked before a connection is
    made. If the user has configured the address of the site, the site itself may have any address and use http.

    If environment variables (HTTPS_PROXY, NO_PROXY) set a proxy, the pool uses it, because there is often no other
    connection to the internet. A proxy looks up host names itself, so recto cannot check their addresses. Therefore,
    only hosts of the same site are allowed through a proxy. Raises ListingError for an address that is not allowed.
    """
    parts = urlsplit(url)
    is_configured_site = site.is_configured and _origin(parts) == _origin(urlsplit(site.address))
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and not is_configured_site):
        raise ListingError(f"it leads to {display_url(url)}, which is not https; nothing was fetched")
    proxy = _proxy(parts.scheme, host)
    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=tls, network_backend=_Network(deadline, any_address=is_configured_site)
        )
    if not is_configured_site and not _same_site(host, urlsplit(site.address).hostname or ""):
        raise ListingError(
            f"it leads to {display_url(url)}, which cannot be checked behind a proxy; nothing was fetched"
        )
    try:
        address = urlsplit(proxy)
        return httpcore.HTTPProxy(
            proxy_url=f"{address.scheme}://{address.netloc.rpartition('@')[2]}",
            proxy_auth=(unquote(address.username).encode(), unquote(address.password or "").encode())
            if address.username
            else None,
            ssl_context=tls,
            proxy_ssl_context=tls if address.scheme == "https" else None,
            network_backend=_Network(deadline, any_address=True),
        )
    except ValueError:
        raise ListingError("the proxy that the environment names has no address that can be read") from None


def is_public(address: str) -> bool:
    """Whether an IP address is public. An IPv6 address that contains an IPv4 address counts as the IPv4 address."""
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        contained = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            contained = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = contained or ip
    return ip.is_global and not ip.is_multicast


def display_url(url: str) -> str:
    """`url` in a form for messages: one line, at most 200 characters, without user name and password.

    `url` may be any text.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return line(url)[:200]
    return line(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())[:200]


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _proxy(scheme: str, host: str) -> str | None:
    """The address of the proxy for `host`. None when environment variables set no proxy, or exclude `host` from it.

    Raises ListingError for a proxy that is not an HTTP proxy.
    """
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if is_local or not proxy or urllib.request.proxy_bypass(host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise ListingError(f"a proxy of the kind {line(proxy.partition(':')[0])} cannot be used; name an http one")
    return proxy


def _same_site(host: str, site: str) -> bool:
    return host == site or any(host == allowed or host.endswith(f".{allowed}") for allowed in _SITES)


class _Network(httpcore.NetworkBackend):
    """Looks up a host name, checks all its addresses, and connects to the first address that answers.

    If `any_address` is True, the addresses are not checked.
    """

    def __init__(self, deadline: float, *, any_address: bool) -> None:
        self._deadline = deadline
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
            results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            raise httpcore.ConnectError(f"{line(host)} was not found ({reason or error})") from error
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in results))
        for address in addresses:
            if not self._any_address and not is_public(address):
                raise ListingError(f"it leads to {line(host)}, which is at {address}, not a public address")
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, _seconds_left(self._deadline, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        if isinstance(failure, httpcore.ConnectTimeout):
            raise failure
        raise httpcore.ConnectError(f"no connection to {line(host)} ({failure or 'it has no address'})")


class _Stream(httpcore.NetworkStream):
    """A connection on which no read or write waits beyond the deadline, even if a server sends its bytes slowly, one by
    one.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _seconds_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _seconds_left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _seconds_left(self._deadline, timeout))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _seconds_left(deadline: float, timeout: float | None) -> float:
    """The seconds until `deadline`, but at most `timeout`. Raises TimeoutException after the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("the call took too long")
    return left if timeout is None else min(timeout, left)
