"""What a server or the way to it may not do: too much, too slowly, elsewhere than it says."""

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


def packed(body: bytes) -> Respond:
    return reply(gzip.compress(body), Content_Encoding="gzip")


def test_a_packed_answer_is_unpacked(reader: Reader, site: Site) -> None:
    site.answers(packed(daily(1)))
    path = reader.day().path
    assert site.asked[0].headers["Accept-Encoding"] == "gzip"
    assert path is not None
    assert path.read_bytes() == daily(1)


def test_a_body_as_large_as_may_be_is_kept_and_one_byte_more_is_not(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", len(daily(1)))
    for answer in (reply, packed):
        site.answers(answer(daily(1) + b"\n"))
        assert "it is larger than" in reader.fails()
        site.answers(answer(daily(1)))
        assert reader.day().path
        (reader.inbox / DAY).unlink()


def test_a_body_without_an_end_is_left_at_the_limit(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(drip(site, b"HTTP/1.1 200 OK\r\n\r\n[", b" " * 2**17, every=0))
    assert "it is larger than 1 MiB; nothing was kept" in reader.fails()
    assert len(site.asked) == 1


def test_a_bomb_is_not_unpacked(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(packed(bytes(2**26)))
    tracemalloc.start()
    try:
        assert "it is larger than 1 MiB" in reader.fails()
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd", "deflate", "x\x9b2J"])
def test_a_packing_that_was_not_asked_for_is_refused(reader: Reader, site: Site, packing: str) -> None:
    site.answers(reply(gzip.compress(gzip.compress(daily(1))), Content_Encoding=packing))
    message = reader.fails()
    assert "which was not asked for" in message
    assert message.isprintable()
    assert reader.waited == []


def test_what_follows_a_packed_answer_has_the_same_limit(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_get, "MAX_BYTES", 2**20)
    site.answers(reply(gzip.compress(daily(1)) + bytes(2**21), Content_Encoding="gzip"))
    assert "it is larger than 1 MiB" in reader.fails()


def test_an_answer_that_drips_is_given_up_in_time(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
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
        assert len(site.asked) == number


def test_silence_is_given_up_and_tried_again(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_get, "MAX_SILENT_SECONDS", 0.3)
    site.answers(silence(site), reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [1.0]


def test_lasting_silence_is_told(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert len(site.asked) <= 4


# -- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_site_is_followed(reader: Reader, site: Site, status: int) -> None:
    site.answers(redirect("/elsewhere?a=b", status), reply(daily(1)))
    assert reader.day().path
    assert (site.asked[1].path, site.asked[1].query) == ("/elsewhere", {"a": "b"})


def test_five_redirects_are_followed_and_six_are_not(reader: Reader, site: Site) -> None:
    hops = [redirect(f"{site.url}/{number}") for number in range(6)]
    site.answers(*hops[:5], reply(daily(1)))
    assert reader.day().path
    (reader.inbox / DAY).unlink()
    site.answers(*hops, reply(daily(1)))
    assert "it was redirected more than 5 times" in reader.fails()
    assert len(site.asked) == 12


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
def test_a_redirect_elsewhere_than_to_a_public_host_over_https_is_refused(
    reader: Reader, site: Site, other: Site, to: str
) -> None:
    site.answers(redirect(to.format(port=other.port)))
    message = reader.fails()
    assert "not https" in message or "not a public address" in message
    assert len(site.asked) == 1
    assert other.asked == []
    assert reader.waited == []


BAD = [
    "http://[",
    "https://xn--/",
    "https://a b/",
    "https://x:99999/",
    "\x7f://",
    "https://",
    "javascript:x",
    "data:,x",
]


@pytest.mark.parametrize("to", BAD)
def test_a_redirect_to_no_address_is_an_error(reader: Reader, site: Site, to: str) -> None:
    site.answers(redirect(to))
    reader.fails()
    assert {each.path for each in site.asked} == {"/api/daily_papers"}


def test_a_redirect_that_does_not_say_where_is_an_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 302))
    assert "the server answered 302: Found" in reader.fails()


def test_the_usual_site_at_a_private_address_is_refused(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a network does that wants its users to sign in first."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert "it leads to huggingface.co, which is at 10.0.0.1, not a public address" in reader.fails()
    assert reader.waited == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        address = "127.0.0.1" if asked.count(host) % 2 == 0 else "93.184.215.14"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(self: object, host: str, *_: object, **__: object) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError("no")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    assert "which is at 127.0.0.1" in reader.fails()
    assert asked == ["huggingface.co"] * 2
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::6810:1", "64:ff9b::808:808", "2002:808:808::"])
def test_public_addresses_are_public(address: str) -> None:
    assert network.is_public(address)


# -- certificates and proxies


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(
    reader: Reader, secure: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HF_URL", secure.url)
    secure.answers(reply(daily(1)))
    assert "its certificate cannot be trusted" in reader.fails()
    assert secure.asked == []
    assert reader.waited == []


def test_a_certificate_that_the_environment_vouches_for_is_accepted(
    reader: Reader, secure: Site, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTO_HF_URL", secure.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    secure.answers(reply(daily(1)))
    assert reader.day().path
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file.with_name("gone.pem")))
    with pytest.raises(ListingError, match="SSL_CERT_FILE"):
        reader.day("2025-10-27")


def test_the_proxy_of_the_environment_is_used_and_looks_names_up_itself(
    reader: Reader, secure: Site, proxy: Proxy, only_this_machine: list[str]
) -> None:
    secure.answers(reply(daily(1)))
    path = reader.day().path
    assert path is not None
    assert path.read_bytes() == daily(1)
    assert proxy.asked == [("huggingface.co:443", "Basic YWRhOnBAc3M=")]
    assert secure.asked[0].headers["Host"] == "huggingface.co"
    assert secure.asked[0].headers["Proxy-Authorization"] is None
    assert "huggingface.co" not in only_this_machine


def test_through_a_proxy_a_redirect_stays_on_the_site(reader: Reader, secure: Site, proxy: Proxy) -> None:
    secure.answers(redirect("https://cdn.huggingface.co/x"), reply(daily(1)))
    assert reader.day().path
    assert [host for host, _ in proxy.asked] == ["huggingface.co:443", "cdn.huggingface.co:443"]


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
def test_through_a_proxy_a_redirect_to_another_host_is_refused(
    reader: Reader, secure: Site, proxy: Proxy, to: str
) -> None:
    secure.answers(redirect(to))
    message = reader.fails()
    assert "cannot be checked behind a proxy" in message or "not https" in message or "not a public" in message
    assert [host for host, _ in proxy.asked] == ["huggingface.co:443"]


def test_a_proxy_is_passed_by_where_the_environment_says_so(
    reader: Reader, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "huggingface.co")
    assert "huggingface.co was not found" in reader.fails()
    assert proxy.asked == []


def test_this_machine_is_reached_without_a_proxy(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.answers(reply(daily(1)))
    assert reader.day().path


def test_a_proxy_that_refuses_is_told_at_once_and_without_its_password(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = Proxy(None)
    try:
        monkeypatch.setenv("HTTPS_PROXY", f"ada:secret@127.0.0.1:{refusing.port}")
        message = reader.fails()
    finally:
        refusing.close()
    assert "the proxy refused: 407" in message
    assert "secret" not in message
    assert len(refusing.asked) == 1


@pytest.mark.parametrize("said", ["socks5://127.0.0.1:1080", "socks5h://u:secret@h", "http://[", "http://h:port"])
def test_a_proxy_that_cannot_be_used_is_told(reader: Reader, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", said)
    message = reader.fails()
    assert "proxy" in message
    assert "secret" not in message
