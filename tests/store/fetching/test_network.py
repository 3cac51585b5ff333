"""A fetch ends with an error if the server sends too much, answers too slowly, or redirects to another machine."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler

import httpcore
import pytest

from store.fetching import http_get, network
from store.model.errors import ListingError
from tests.store.fetching.servers import (
    DAY,
    Certificate,
    Proxy,
    Reader,
    Respond,
    Site,
    daily,
    drip,
    redirect,
    reply,
    silence,
)

# -- limits


def compressed(body: bytes) -> Respond:
    return reply(gzip.compress(body), Content_Encoding="gzip")


def test_a_compressed_answer_is_decompressed(reader: Reader, site: Site) -> None:
    site.answers(compressed(daily(1)))
    path = reader.day().path
    assert site.requests[0].headers["Accept-Encoding"] == "gzip"
    assert path is not None
    assert path.read_bytes() == daily(1)


def test_a_body_at_the_size_limit_is_kept_and_one_byte_more_is_not(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", len(daily(1)))
    for answer in (reply, compressed):
        site.answers(answer(daily(1) + b"\n"))
        assert "it is larger than" in reader.fails()
        site.answers(answer(daily(1)))
        assert reader.day().path
        (reader.inbox / DAY).unlink()


def test_an_endless_body_is_given_up_at_the_size_limit(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(drip(site, b"HTTP/1.1 200 OK\r\n\r\n[", b" " * 2**17, every=0))
    assert "it is larger than 1 MiB; nothing was kept" in reader.fails()
    assert len(site.requests) == 1


def test_a_decompression_bomb_is_given_up_at_the_size_limit(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(compressed(bytes(2**26)))
    tracemalloc.start()
    try:
        assert "it is larger than 1 MiB" in reader.fails()
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "deflate", "x\x9b2J"])
def test_a_content_encoding_that_was_not_requested_is_refused(reader: Reader, site: Site, encoding: str) -> None:
    site.answers(reply(gzip.compress(gzip.compress(daily(1))), Content_Encoding=encoding))
    message = reader.fails()
    assert "which was not asked for" in message
    assert message.isprintable()
    assert reader.waited == []


def test_bytes_behind_a_compressed_body_count_to_the_size_limit(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(reply(gzip.compress(daily(1)) + bytes(2**21), Content_Encoding="gzip"))
    assert "it is larger than 1 MiB" in reader.fails()


def test_an_answer_that_comes_byte_by_byte_is_given_up_at_the_deadline(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_SECONDS", 0.2)
    dripping = {
        "in the body": drip(site, b"HTTP/1.1 200 OK\r\n\r\n[", b" "),
        "in the headers": drip(site, b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        "in the status line": drip(site, b"H", b"T"),
        "in chunks": drip(site, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n[\r\n"),
    }
    for number, respond in enumerate(dripping.values(), 1):
        site.answers(respond)
        started = time.monotonic()
        assert "the answer took longer than 0.2 seconds; nothing was kept" in reader.fails()
        assert time.monotonic() - started < 2
        assert len(site.requests) == number


def test_a_silent_server_is_tried_again(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_get, "MAX_SILENT_SECONDS", 0.3)
    site.answers(silence(site), reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [1.0]


def test_a_server_that_stays_silent_is_an_error(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_get, "MAX_SILENT_SECONDS", 0.05)
    site.answers(silence(site))
    assert "no answer for 0.05 seconds; try again later" in reader.fails()
    assert reader.waited == [1.0, 2.0, 4.0]


def test_redirects_share_one_time_limit(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        site.closing.wait(0.06)
        redirect("/on")(handler)

    monkeypatch.setattr(http_get, "MAX_SECONDS", 0.2)
    site.answers(slowly)
    assert "took longer than 0.2 seconds" in reader.fails()
    assert len(site.requests) <= 4


# -- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_site_is_followed(reader: Reader, site: Site, status: int) -> None:
    site.answers(redirect("/elsewhere?a=b", status), reply(daily(1)))
    assert reader.day().path
    assert (site.requests[1].path, site.requests[1].query) == ("/elsewhere", {"a": "b"})


def test_five_redirects_are_followed_and_six_are_not(reader: Reader, site: Site) -> None:
    redirects = [redirect(f"{site.url}/{number}") for number in range(6)]
    site.answers(*redirects[:5], reply(daily(1)))
    assert reader.day().path
    (reader.inbox / DAY).unlink()
    site.answers(*redirects, reply(daily(1)))
    assert "it was redirected more than 5 times" in reader.fails()
    assert len(site.requests) == 12


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "//127.0.0.1:{port}/x",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://127.1:{port}/",
        "https://2130706433:{port}/",
        "https://0.0.0.0:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://[::]:{port}/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://224.0.0.1/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:7f00:1::]/",
        "http://example.com/",
        "file:///etc/passwd",
        "file://127.0.0.1/etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1:{port}/",
    ],
)
def test_a_redirect_is_refused_unless_it_leads_to_a_public_host_over_https(
    reader: Reader, site: Site, other: Site, to: str
) -> None:
    site.answers(redirect(to.format(port=other.port)))
    message = reader.fails()
    assert "not https" in message or "not a public address" in message
    assert len(site.requests) == 1
    assert other.requests == []
    assert reader.waited == []


NOT_ADDRESSES = [
    "http://[",
    "https://xn--/",
    "https://a b/",
    "https://x:99999/",
    "\x7f://",
    "https://",
    "javascript:x",
    "data:,x",
]


@pytest.mark.parametrize("to", NOT_ADDRESSES)
def test_a_redirect_to_something_that_is_not_an_address_is_an_error(reader: Reader, site: Site, to: str) -> None:
    site.answers(redirect(to))
    reader.fails()
    assert {each.path for each in site.requests} == {"/api/daily_papers"}


def test_a_redirect_without_a_target_is_an_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 302))
    assert "the server answered 302: Found" in reader.fails()


def test_a_default_site_at_a_private_address_is_refused(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network with a sign-in page (captive portal) can return a private address for every host name."""
    results = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: results)
    assert "it leads to huggingface.co, which is at 10.0.0.1, not a public address" in reader.fails()
    assert reader.waited == []


def test_a_host_name_is_looked_up_once_and_the_checked_address_is_connected(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> object:
        looked_up.append(host)
        address = "127.0.0.1" if looked_up.count(host) % 2 == 0 else "93.184.215.14"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(self: object, host: str, *_: object, **__: object) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError("no")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    assert "which is at 127.0.0.1" in reader.fails()
    assert looked_up == ["huggingface.co"] * 2
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::6810:1", "64:ff9b::808:808", "2002:808:808::"])
def test_public_addresses_are_public(address: str) -> None:
    assert network.is_public(address)


# -- certificates and proxies


def test_an_untrusted_certificate_is_refused_at_once(
    reader: Reader, secure: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HF_URL", secure.url)
    secure.answers(reply(daily(1)))
    assert "its certificate cannot be trusted" in reader.fails()
    assert secure.requests == []
    assert reader.waited == []


def test_a_certificate_that_the_environment_trusts_is_accepted(
    reader: Reader, secure: Site, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HF_URL", secure.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    secure.answers(reply(daily(1)))
    assert reader.day().path
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file.with_name("gone.pem")))
    with pytest.raises(ListingError, match="SSL_CERT_FILE"):
        reader.day("2025-10-27")


def test_the_proxy_of_the_environment_is_used_and_looks_up_the_names(
    reader: Reader, secure: Site, proxy: Proxy, only_this_machine: list[str]
) -> None:
    secure.answers(reply(daily(1)))
    path = reader.day().path
    assert path is not None
    assert path.read_bytes() == daily(1)
    assert proxy.requests == [("huggingface.co:443", "Basic YWRhOnBAc3M=")]
    assert secure.requests[0].headers["Host"] == "huggingface.co"
    assert secure.requests[0].headers["Proxy-Authorization"] is None
    assert "huggingface.co" not in only_this_machine


def test_behind_a_proxy_a_redirect_on_the_site_is_followed(reader: Reader, secure: Site, proxy: Proxy) -> None:
    secure.answers(redirect("https://cdn.huggingface.co/x"), reply(daily(1)))
    assert reader.day().path
    assert [host for host, _ in proxy.requests] == ["huggingface.co:443", "cdn.huggingface.co:443"]


@pytest.mark.parametrize(
    "to",
    [
        "https://intranet.example/",
        "https://10.0.0.1/",
        "https://127.0.0.1/",
        "https://nothuggingface.co/",
        "http://huggingface.co/",
    ],
)
def test_behind_a_proxy_a_redirect_to_another_host_is_refused(
    reader: Reader, secure: Site, proxy: Proxy, to: str
) -> None:
    secure.answers(redirect(to))
    message = reader.fails()
    assert "cannot be checked behind a proxy" in message or "not https" in message or "not a public" in message
    assert [host for host, _ in proxy.requests] == ["huggingface.co:443"]


def test_no_proxy_of_the_environment_is_respected(
    reader: Reader, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "huggingface.co")
    assert "huggingface.co was not found" in reader.fails()
    assert proxy.requests == []


def test_requests_to_this_machine_do_not_use_the_proxy(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.answers(reply(daily(1)))
    assert reader.day().path


def test_a_refusing_proxy_is_an_error_without_its_password(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = Proxy(None)
    try:
        monkeypatch.setenv("HTTPS_PROXY", f"ada:secret@127.0.0.1:{refusing.port}")
        message = reader.fails()
    finally:
        refusing.close()
    assert "the proxy refused: 407" in message
    assert "secret" not in message
    assert len(refusing.requests) == 1


@pytest.mark.parametrize("proxy_url", ["socks5://127.0.0.1:1080", "socks5h://u:secret@h", "http://[", "http://h:port"])
def test_a_proxy_of_an_unusable_kind_is_an_error(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, proxy_url: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy_url)
    message = reader.fails()
    assert "proxy" in message
    assert "secret" not in message
