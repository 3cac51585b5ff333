"""`recto fetch` recognizes unchanged listings, reports errors, and puts the fetched file into the inbox."""

from __future__ import annotations

import http.client
import os
import stat
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store.fetching import request
from store.fetching.fetch import Fetched
from store.importing.folders import Watch
from store.model.errors import ListingError
from store.papers.paper_details import details
from tests.store.fetching.servers import ATOM_ERROR, DAY, TODAY, Reader, Respond, Site, atom, daily, reply

MORNING = "Tue, 28 Oct 2025 08:00:00 GMT"


# -- unchanged listings


@pytest.mark.parametrize(
    ("first", "header", "value"),
    [
        (reply(daily(1), ETag='"a-1"'), "If-None-Match", '"a-1"'),
        (reply(daily(1), ETag='W/"a-1"'), "If-None-Match", 'W/"a-1"'),
        (reply(daily(1), Last_Modified=MORNING), "If-Modified-Since", MORNING),
    ],
)
def test_an_unchanged_listing_is_not_sent_again(
    reader: Reader, site: Site, first: Respond, header: str, value: str
) -> None:
    site.answers(first, reply(b"", 304))
    fetched = reader.day()
    assert site.requests[0].headers[header] is None
    again = reader.another_fetcher().daily_papers("today", TODAY)
    assert site.requests[1].headers[header] == value
    assert again == Fetched(fetched.url, fetched.path, changed=False, imported=False)
    reader.imports(fetched.path)
    assert reader.day() == Fetched(fetched.url, fetched.path, changed=False, imported=True)


def test_a_fetch_of_the_same_content_does_not_write_the_file_again(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    path = reader.day().path
    assert path is not None
    before = path.stat()
    assert not reader.day().changed
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "spoil", [Path.unlink, lambda path: path.write_bytes(b"[]"), lambda path: os.truncate(path, 9), replace_by_pipe]
)
def test_a_missing_or_changed_file_is_fetched_again(reader: Reader, site: Site, spoil: Callable[[Path], None]) -> None:
    site.answers(reply(daily(1), ETag='"a"'))
    path = reader.day().path
    assert path is not None
    spoil(path)
    assert reader.day().changed
    assert site.requests[1].headers["If-None-Match"] is None
    assert path.read_bytes() == daily(1)


@pytest.mark.parametrize("tag", ['"é"', '"' + "a" * 300 + '"', '"\t"', ""])
def test_an_etag_that_is_not_plain_text_is_not_sent_back(reader: Reader, site: Site, tag: str) -> None:
    site.answers(reply(daily(1), ETag=tag))
    reader.day()
    assert not reader.day().changed
    assert site.requests[1].headers["If-None-Match"] is None


def test_several_pages_are_always_fetched_in_full(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1), ETag='"a"'), reply(daily(2), ETag='"b"'), reply(b"[]"))
    assert reader.day("week").changed
    site.answers(reply(daily(1), ETag='"a"'), reply(daily(2, upvotes=9), ETag='"c"'), reply(b"[]"))
    assert reader.day("week").changed
    assert all(each.headers["If-None-Match"] is None for each in site.requests)


def test_a_304_answer_to_an_unconditional_request_is_an_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 304))
    assert "the server answered 304" in reader.fails()


def test_a_listing_with_an_unreadable_record_is_fetched_again(reader: Reader, site: Site) -> None:
    url = request.daily_papers("today", TODAY).url
    with reader.library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (f"fetched:{url}", '{"file": 3}'))
    site.answers(reply(daily(1)))
    assert reader.day().changed


def test_a_listing_fetched_again_replaces_the_file_and_duplicates_no_paper(reader: Reader, site: Site) -> None:
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


def test_a_listing_without_papers_makes_no_file_and_no_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"[]"))
    assert reader.day("2025-10-25").path is None
    site.answers(reply(atom()))
    assert reader.fetcher.arxiv("cs.CL", TODAY).path is None
    assert reader.files() == []


def test_a_listing_that_became_empty_leaves_the_earlier_file(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(b"[]"))
    reader.day()
    assert reader.day().path is None
    assert (reader.inbox / DAY).read_bytes() == daily(1)


# -- errors


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206])
def test_an_error_status_fails_at_once(reader: Reader, site: Site, status: int) -> None:
    site.answers(reply(b"" if status == 204 else daily(1), status))
    message = reader.fails()
    assert f"the server answered {status}: {http.client.responses[status]}" in message
    assert f"could not fetch {site.url}/api/daily_papers?date=2025-10-28" in message
    assert len(site.requests) == 1
    assert reader.waited == []


def test_an_error_is_shown_in_the_words_of_the_server(reader: Reader, site: Site) -> None:
    site.answers(reply(b'{"error": "Date must be\\nbefore \\u001b[31mtoday"}', 400))
    assert reader.fails().endswith("the server answered 400: Date must be before ␛[31mtoday")
    site.answers(reply(ATOM_ERROR, 400))
    with pytest.raises(ListingError, match="the server answered 400: arXiv answered with an error: incorrect id"):
        reader.fetcher.arxiv("id:abc", TODAY)


def test_an_error_with_bytes_that_are_not_utf8_is_shown_with_replacement_characters(reader: Reader, site: Site) -> None:
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
def test_an_error_without_explanation_is_shown_as_its_status(reader: Reader, site: Site, body: bytes) -> None:
    site.answers(reply(body, 404))
    assert reader.fails().endswith("the server answered 404: Not Found")


def test_an_error_sent_as_a_feed_is_an_error(reader: Reader, site: Site) -> None:
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
def test_an_answer_that_is_not_a_listing_stays_out_of_the_inbox(
    reader: Reader, site: Site, body: bytes, reason: str
) -> None:
    site.answers(reply(body, Content_Type="text/html"))
    assert reason in reader.fails()


def test_an_answer_that_is_not_a_listing_leaves_the_earlier_file(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(b"<!doctype html>"))
    reader.day()
    with pytest.raises(ListingError):
        reader.day()
    assert (reader.inbox / DAY).read_bytes() == daily(1)


# -- the file in the inbox


def test_a_file_appears_whole_and_is_private(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[tuple[list[str], bytes]] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        for path in reader.inbox.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        states.append((reader.files(), (reader.inbox / DAY).read_bytes() if (reader.inbox / DAY).exists() else b""))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(0)
    try:
        site.answers(reply(daily(1)), reply(daily(2)))
        reader.day()
        reader.day()
    finally:
        os.umask(before)
    (first, _), (second, old) = states
    assert len(first) == 1
    assert first[0].startswith(".fetching-")
    assert second[0].startswith(".fetching-")
    assert second[1:] == [DAY]
    assert old == daily(1)
    assert reader.files() == [DAY]
    assert (reader.inbox / DAY).read_bytes() == daily(2)
    assert stat.S_IMODE((reader.inbox / DAY).stat().st_mode) == 0o600
    assert stat.S_IMODE(reader.inbox.stat().st_mode) == 0o700


def test_the_inbox_is_empty_until_the_answer_is_complete(reader: Reader, site: Site) -> None:
    inboxes: list[list[str]] = []

    def respond(handler: BaseHTTPRequestHandler) -> None:
        body = daily(1)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:300])
        inboxes.append(reader.files())
        handler.wfile.write(body[300:])

    site.answers(respond)
    assert reader.day().path
    assert inboxes == [[]]


def test_a_full_disk_leaves_the_earlier_file(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_an_inbox_that_is_a_file_is_an_error(reader: Reader, site: Site) -> None:
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


def test_the_scan_of_the_inbox_finds_the_file(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    path = reader.day().path
    watch = Watch(reader.library, reader.inbox)
    assert watch.scan(0.0) == []
    assert watch.scan(2.0) == [path]


def test_a_page_of_many_comments_is_recognized_at_once(reader: Reader, site: Site) -> None:
    """An earlier regular expression took 10 seconds for 27 comments, and each further comment doubled the time."""
    started = time.process_time()
    for end, reason in ((b"x", ""), (b"<html>", "a web page and no listing")):
        site.answers(reply(b"<!-- -->\n" * 27 + end))
        assert reason in reader.fails()
    assert time.process_time() - started < 2
