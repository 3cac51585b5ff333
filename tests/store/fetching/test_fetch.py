"""Listings come in over HTTP: once, whole, tried again where that helps, and each in its turn."""

from __future__ import annotations

import email.utils
import gzip
import http.client
import os
import stat
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store.fetching import request
from store.fetching.fetch import Fetched, Fetcher
from store.importing.folders import Watch
from store.model.errors import ListingError
from store.papers.queries import details
from tests.store.fetching.servers import ATOM_ERROR, DAY, TODAY, Reader, Respond, Site, atom, daily, only, reply

MORNING = "Tue, 28 Oct 2025 08:00:00 GMT"


# -- nothing new


@pytest.mark.parametrize(
    ("first", "asked", "value"),
    [
        (reply(daily(1), ETag='"a-1"'), "If-None-Match", '"a-1"'),
        (reply(daily(1), ETag='W/"a-1"'), "If-None-Match", 'W/"a-1"'),
        (reply(daily(1), Last_Modified=MORNING), "If-Modified-Since", MORNING),
    ],
)
def test_what_has_not_changed_is_not_sent_again(
    reader: Reader, site: Site, first: Respond, asked: str, value: str
) -> None:
    site.answers(first, reply(b"", 304))
    found = reader.day()
    assert site.asked[0].headers[asked] is None
    again = reader.another_fetcher().daily_papers("today", TODAY)
    assert site.asked[1].headers[asked] == value
    assert again == Fetched(found.url, found.path, changed=False, imported=False)
    reader.imports(found.path)
    assert reader.day() == Fetched(found.url, found.path, changed=False, imported=True)


def test_the_same_bytes_again_are_nothing_new(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    path = reader.day().path
    assert path is not None
    before = path.stat()
    assert not reader.day().changed
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "spoil", [Path.unlink, lambda path: path.write_bytes(b"[]"), lambda path: os.truncate(path, 9), pipe]
)
def test_a_file_that_is_gone_or_another_is_fetched_again(
    reader: Reader, site: Site, spoil: Callable[[Path], None]
) -> None:
    site.answers(reply(daily(1), ETag='"a"'))
    path = reader.day().path
    assert path is not None
    spoil(path)
    assert reader.day().changed
    assert site.asked[1].headers["If-None-Match"] is None
    assert path.read_bytes() == daily(1)


@pytest.mark.parametrize("tag", ['"é"', '"' + "a" * 300 + '"', '"\t"', ""])
def test_a_tag_that_cannot_be_sent_back_is_not(reader: Reader, site: Site, tag: str) -> None:
    site.answers(reply(daily(1), ETag=tag))
    reader.day()
    assert not reader.day().changed
    assert site.asked[1].headers["If-None-Match"] is None


def test_several_pages_are_always_looked_at_whole(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1), ETag='"a"'), reply(daily(2), ETag='"b"'), reply(b"[]"))
    assert reader.day("week").changed
    site.answers(reply(daily(1), ETag='"a"'), reply(daily(2, upvotes=9), ETag='"c"'), reply(b"[]"))
    assert reader.day("week").changed
    assert all(each.headers["If-None-Match"] is None for each in site.asked)


def test_not_modified_without_having_asked_is_an_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 304))
    assert "the server answered 304" in reader.fails()


def test_what_was_kept_by_an_older_recto_is_fetched_again(reader: Reader, site: Site) -> None:
    url = request.daily_papers("today", TODAY).url
    with reader.library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (f"fetched:{url}", '{"file": 3}'))
    site.answers(reply(daily(1)))
    assert reader.day().changed


def test_a_listing_fetched_again_later_replaces_the_file_and_doubles_no_paper(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1, 2), ETag='"a"'), reply(daily(1, 2, 3, upvotes=40), ETag='"b"'))
    first = reader.day()
    assert reader.imports(first.path) == [(2, 0, 0)]
    again = reader.day()
    assert again.path == first.path
    assert again.changed
    assert reader.files() == [DAY]
    ((added, merged, unchanged),) = reader.imports(again.path)
    assert (added, merged + unchanged) == (1, 2)
    connection = reader.library.reader()
    ids = [number for (number,) in connection.execute("SELECT id FROM paper")]
    assert len(ids) == 3
    assert [details(connection, number).paper.upvotes for number in ids] == [40, 40, 40]


def test_no_papers_are_no_file_and_no_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"[]"))
    assert reader.day("2025-10-25").path is None
    site.answers(reply(atom()))
    assert reader.fetcher.arxiv("cs.CL", TODAY).path is None
    assert reader.files() == []


def test_a_listing_that_is_empty_now_leaves_the_file_of_before(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(b"[]"))
    reader.day()
    assert reader.day().path is None
    assert (reader.inbox / DAY).read_bytes() == daily(1)


# -- errors


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206])
def test_an_error_is_told_at_once(reader: Reader, site: Site, status: int) -> None:
    site.answers(reply(b"" if status == 204 else daily(1), status))
    message = reader.fails()
    assert f"the server answered {status}: {http.client.responses[status]}" in message
    assert f"could not fetch {site.url}/api/daily_papers?date=2025-10-28" in message
    assert len(site.asked) == 1
    assert reader.waited == []


def test_an_error_is_told_in_the_servers_own_words(reader: Reader, site: Site) -> None:
    site.answers(reply(b'{"error": "Date must be\\nbefore \\u001b[31mtoday"}', 400))
    assert reader.fails().endswith("the server answered 400: Date must be before ␛[31mtoday")
    site.answers(reply(ATOM_ERROR, 400))
    with pytest.raises(ListingError, match="the server answered 400: arXiv answered with an error: incorrect id"):
        reader.fetcher.arxiv("id:abc", TODAY)


def test_an_error_with_bytes_that_are_not_utf8_is_shown_with_marks(reader: Reader, site: Site) -> None:
    site.answers(reply(b'{"error": "jour f\xe9ri\xe9"}', 400))
    assert reader.fails().endswith("the server answered 400: jour f\ufffdri\ufffd")


def test_pages_with_bytes_that_are_not_utf8_are_joined(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1).replace(b"Paper", b"Pap\xe9r")), reply(daily(2)), reply(b"[]"))
    path = reader.day("week").path
    assert path is not None
    assert "Pap\ufffdr" in path.read_text("utf-8")


@pytest.mark.parametrize("page", [b"\xef\xbb\xbf" + daily(1), daily(1) + b" x", daily(1).decode().encode("utf-16")])
def test_a_page_in_another_form_is_joined_or_refused(reader: Reader, site: Site, page: bytes) -> None:
    site.answers(reply(page), reply(daily(2)), reply(b"[]"))
    if page.startswith(b"\xef"):
        assert reader.imports(reader.day("week").path) == [(2, 0, 0)]
    else:
        with pytest.raises(ListingError, match="a page of the answer is not a JSON list; nothing was kept"):
            reader.day("week")
        assert reader.files() == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"x" * 99_999,
        b'{"error": 3}',
        b"<?xml version='1.0'?><feed",
        b"\xff\xfe",
        b'{"error": "' + b"y" * 9_999,
    ],
)
def test_an_error_that_explains_nothing_is_its_number(reader: Reader, site: Site, body: bytes) -> None:
    site.answers(reply(body, 404))
    assert reader.fails().endswith("the server answered 404: Not Found")


def test_an_error_sent_as_a_feed_is_told(reader: Reader, site: Site) -> None:
    site.answers(reply(ATOM_ERROR))
    with pytest.raises(ListingError, match="arXiv answered with an error: incorrect id format for abc"):
        reader.fetcher.arxiv("id:abc", TODAY)
    assert reader.files() == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "a web page and no listing"),
        (b"\n <!-- hi -->\n<HTML lang='en'>", "a web page and no listing"),
        (b"", "empty"),
        (b"Rate exceeded.", ""),
        (b'{"error": "Internal"}', "the answer is an error: Internal"),
        (b"null", ""),
        (b'[{"paper": {"id": "2510.00009", "upvotes": 1}}]', "none of its 1 papers can be read: "),
        (atom(1), ""),
    ],
)
def test_an_answer_that_is_no_listing_does_not_get_into_the_inbox(
    reader: Reader, site: Site, body: bytes, reason: str
) -> None:
    site.answers(reply(body, Content_Type="text/html"))
    assert reason in reader.fails()


def test_what_is_no_listing_leaves_the_file_of_before(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(b"<!doctype html>"))
    reader.day()
    with pytest.raises(ListingError):
        reader.day()
    assert (reader.inbox / DAY).read_bytes() == daily(1)


# -- trying again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_server_that_is_busy_is_asked_again(reader: Reader, site: Site, status: int) -> None:
    site.answers(reply(b"", status), reply(b"", status), reply(daily(1)))
    assert reader.day().changed
    assert len(site.asked) == 3
    assert reader.waited == [1.0, 2.0]


def test_a_server_that_stays_busy_is_left_alone_after_four_times(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 500))
    assert reader.fails().endswith("the server answered 500; try again later")
    assert len(site.asked) == 4
    assert reader.waited == [1.0, 2.0, 4.0]


def test_a_server_says_how_long_to_wait(reader: Reader, site: Site) -> None:
    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    past = email.utils.formatdate(time.time() - 20, usegmt=True)
    answers = [reply(b"", 429, Retry_After=said) for said in ("7", soon, past)]
    site.answers(*answers, reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [7.0, pytest.approx(19.5, abs=0.6), 4.0]


@pytest.mark.parametrize("said", ["soon", "-5", "1e9", "٣", "Tue, 99 Foo 2025"])
def test_a_wait_that_cannot_be_read_is_the_usual_one(reader: Reader, site: Site, said: str) -> None:
    site.answers(reply(b"", 503, Retry_After=said.encode().decode("latin-1")), reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [1.0]


def test_a_long_wait_is_the_readers_and_not_ours(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 429, Retry_After="3600"))
    assert "answered 429 and wants to be left alone for 3,600 seconds" in reader.fails()
    assert reader.waited == []


def test_a_server_that_is_not_there_is_told(reader: Reader, site: Site) -> None:
    site.close()
    message = reader.fails()
    assert "no connection to 127.0.0.1" in message
    assert "try again later" in message
    assert len(reader.waited) == 3


def test_no_network_is_told(reader: Reader) -> None:
    assert "huggingface.co was not found (Name or service not known)" in reader.fails()
    assert len(reader.waited) == 3


CUT = {
    "shorter than announced": reply(daily(1)[:200], Content_Length=str(len(daily(1)))),
    "in a chunk": reply(b"200\r\n" + daily(1)[:200], Transfer_Encoding="chunked"),
    "between chunks": reply(b"c8\r\n" + daily(1)[:200] + b"\r\n", Transfer_Encoding="chunked"),
    "without a length": only(b"HTTP/1.0 200 OK\r\n\r\n" + daily(1, 2)[:900]),
    "packed": reply(gzip.compress(daily(1))[:150], Content_Encoding="gzip"),
    "in the checksum": reply(gzip.compress(daily(1))[:-4], Content_Encoding="gzip"),
    "damaged": reply(gzip.compress(daily(1))[:30] + b"\xff" * 99, Content_Encoding="gzip"),
    "no gzip": reply(daily(1), Content_Encoding="gzip"),
    "in the status line": only(b"HTTP/1.1 2"),
    "in the headers": only(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "no HTTP": only(b"SSH-2.0-x\r\n"),
}


@pytest.mark.parametrize("cut", CUT.values(), ids=CUT)
def test_an_answer_that_was_cut_is_asked_for_again_and_never_kept(reader: Reader, site: Site, cut: Respond) -> None:
    site.answers(cut)
    assert "try again later" in reader.fails()
    assert len(site.asked) == 4
    site.answers(cut, reply(daily(1, 2)))
    path = reader.day().path
    assert path is not None
    assert path.read_bytes() == daily(1, 2)


def test_arxiv_counting_papers_and_giving_none_is_asked_again(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(total=312)), reply(atom(1)))
    fetched = reader.fetcher.arxiv("cs.CL", TODAY)
    assert fetched.path is not None
    assert fetched.path.read_bytes() == atom(1)


# -- turns at arXiv


def test_calls_to_arxiv_are_three_seconds_apart(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1)))
    reader.fetcher.arxiv("cs.CL", TODAY)
    reader.now += 1.0
    reader.another_fetcher().arxiv("cs.LG", TODAY)
    assert reader.waited == [2.0]
    reader.now += 3.0
    reader.another_fetcher().arxiv("cs.AI", TODAY)
    assert reader.waited == [2.0]


def test_tries_at_arxiv_are_three_seconds_apart_too(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 503), reply(b"", 503), reply(b"", 503), reply(atom(1)))
    started = reader.now
    reader.fetcher.arxiv("cs.CL", TODAY)
    assert reader.waited == [1.0, 2.0, 2.0, 1.0, 4.0]
    assert reader.now - started == 10.0


def test_two_who_ask_at_once_take_turns(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1)))
    waited: list[float] = []
    for said in ("cs.CL", "cs.LG", "cs.AI"):
        # None of them sees the clock go on.
        Fetcher(reader.library, reader.inbox, sleep=waited.append, clock=lambda: 50.0).arxiv(said, TODAY)
    assert waited == [3.0, 6.0]


@pytest.mark.parametrize("back", [60.0, 3_600.0, 1e9])
def test_a_clock_set_back_makes_nobody_wait(reader: Reader, site: Site, back: float) -> None:
    site.answers(reply(atom(1)))
    reader.fetcher.arxiv("cs.CL", TODAY)
    reader.now -= back
    reader.fetcher.arxiv("cs.LG", TODAY)
    assert reader.waited == []
    reader.fetcher.arxiv("cs.AI", TODAY)
    assert reader.waited == [3.0]


def test_hugging_face_asks_for_no_pause(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    reader.day()
    reader.day("2025-10-27")
    assert reader.waited == []


# -- the file


def test_a_file_appears_whole_and_is_private(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[list[str], bytes]] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        for path in reader.inbox.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        seen.append((reader.files(), (reader.inbox / DAY).read_bytes() if (reader.inbox / DAY).exists() else b""))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(0)
    try:
        site.answers(reply(daily(1)), reply(daily(2)))
        reader.day()
        reader.day()
    finally:
        os.umask(before)
    (first, _), (second, old) = seen
    assert len(first) == 1
    assert first[0].startswith(".fetching-")
    assert second[0].startswith(".fetching-")
    assert second[1:] == [DAY]
    assert old == daily(1)
    assert reader.files() == [DAY]
    assert (reader.inbox / DAY).read_bytes() == daily(2)
    assert stat.S_IMODE((reader.inbox / DAY).stat().st_mode) == 0o600
    assert stat.S_IMODE(reader.inbox.stat().st_mode) == 0o700


def test_nothing_is_in_the_inbox_while_the_answer_comes(reader: Reader, site: Site) -> None:
    seen: list[list[str]] = []

    def respond(handler: BaseHTTPRequestHandler) -> None:
        body = daily(1)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:300])
        seen.append(reader.files())
        handler.wfile.write(body[300:])

    site.answers(respond)
    assert reader.day().path
    assert seen == [[]]


def test_a_disk_that_is_full_leaves_the_file_of_before(
    reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    site.answers(reply(daily(1)), reply(daily(2)))
    reader.day()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(ListingError, match=r"cannot be written \(No space left on device\); nothing was kept"):
            reader.day()
    assert reader.files() == [DAY]
    assert (reader.inbox / DAY).read_bytes() == daily(1)
    assert reader.day().changed


def test_an_inbox_that_is_a_file_is_told(reader: Reader, site: Site) -> None:
    reader.inbox.write_text("")
    site.answers(reply(daily(1)))
    with pytest.raises(ListingError, match="cannot be written"):
        reader.day()


def test_a_link_in_the_inbox_is_replaced_and_not_followed(reader: Reader, site: Site, tmp_path: Path) -> None:
    reader.inbox.mkdir()
    (tmp_path / "precious").write_text("kept")
    (reader.inbox / DAY).symlink_to(tmp_path / "precious")
    site.answers(reply(daily(1)))
    reader.day()
    assert not (reader.inbox / DAY).is_symlink()
    assert (tmp_path / "precious").read_text() == "kept"


def test_the_inbox_finds_the_file_by_itself(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    path = reader.day().path
    watch = Watch(reader.library, reader.inbox)
    assert watch.scan(0.0) == []
    assert watch.scan(2.0) == [path]
