"""Repeated requests after a failed one, and pauses between requests to arXiv."""

from __future__ import annotations

import email.utils
import gzip
import time

import pytest

from store.fetching.fetch import Fetcher
from tests.store.fetching.servers import TODAY, Reader, Respond, Site, atom, daily, raw, reply

# -- further tries


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_busy_server_is_tried_again(reader: Reader, site: Site, status: int) -> None:
    site.answers(reply(b"", status), reply(b"", status), reply(daily(1)))
    assert reader.day().changed
    assert len(site.requests) == 3
    assert reader.waited == [1.0, 2.0]


def test_a_server_that_stays_busy_is_given_up_after_four_tries(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 500))
    assert reader.fails().endswith("the server answered 500; try again later")
    assert len(site.requests) == 4
    assert reader.waited == [1.0, 2.0, 4.0]


def test_the_server_decides_how_long_to_wait(reader: Reader, site: Site) -> None:
    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    past = email.utils.formatdate(time.time() - 20, usegmt=True)
    answers = [reply(b"", 429, Retry_After=wait) for wait in ("7", soon, past)]
    site.answers(*answers, reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [7.0, pytest.approx(19.5, abs=0.6), 4.0]


@pytest.mark.parametrize("wait", ["soon", "-5", "1e9", "٣", "Tue, 99 Foo 2025"])
def test_an_unreadable_wait_is_the_default_one(reader: Reader, site: Site, wait: str) -> None:
    site.answers(reply(b"", 503, Retry_After=wait.encode().decode("latin-1")), reply(daily(1)))
    assert reader.day().changed
    assert reader.waited == [1.0]


def test_a_request_to_wait_too_long_is_an_error(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 429, Retry_After="3600"))
    assert "answered 429 and wants to be left alone for 3,600 seconds" in reader.fails()
    assert reader.waited == []


def test_a_server_that_does_not_run_is_an_error(reader: Reader, site: Site) -> None:
    site.close()
    message = reader.fails()
    assert "no connection to 127.0.0.1" in message
    assert "try again later" in message
    assert len(reader.waited) == 3


def test_a_missing_network_is_an_error(reader: Reader) -> None:
    assert "huggingface.co was not found (Name or service not known)" in reader.fails()
    assert len(reader.waited) == 3


CUT_SHORT = {
    "shorter than announced": reply(daily(1)[:200], Content_Length=str(len(daily(1)))),
    "in a chunk": reply(b"200\r\n" + daily(1)[:200], Transfer_Encoding="chunked"),
    "between chunks": reply(b"c8\r\n" + daily(1)[:200] + b"\r\n", Transfer_Encoding="chunked"),
    "without a length": raw(b"HTTP/1.0 200 OK\r\n\r\n" + daily(1, 2)[:900]),
    "compressed": reply(gzip.compress(daily(1))[:150], Content_Encoding="gzip"),
    "in the checksum": reply(gzip.compress(daily(1))[:-4], Content_Encoding="gzip"),
    "damaged": reply(gzip.compress(daily(1))[:30] + b"\xff" * 99, Content_Encoding="gzip"),
    "not gzip": reply(daily(1), Content_Encoding="gzip"),
    "in the status line": raw(b"HTTP/1.1 2"),
    "in the headers": raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "not HTTP": raw(b"SSH-2.0-x\r\n"),
}


@pytest.mark.parametrize("cut", CUT_SHORT.values(), ids=CUT_SHORT)
def test_an_answer_that_was_cut_short_is_tried_again_and_never_kept(reader: Reader, site: Site, cut: Respond) -> None:
    site.answers(cut)
    assert "try again later" in reader.fails()
    assert len(site.requests) == 4
    site.answers(cut, reply(daily(1, 2)))
    path = reader.day().path
    assert path is not None
    assert path.read_bytes() == daily(1, 2)


def test_an_arxiv_answer_with_a_count_but_no_papers_is_tried_again(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(total=312)), reply(atom(1)))
    fetched = reader.fetcher.arxiv("cs.CL", TODAY)
    assert fetched.path is not None
    assert fetched.path.read_bytes() == atom(1)


# -- pauses between requests to arXiv


def test_requests_to_arxiv_are_three_seconds_apart(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1)))
    reader.fetcher.arxiv("cs.CL", TODAY)
    reader.now += 1.0
    reader.another_fetcher().arxiv("cs.LG", TODAY)
    assert reader.waited == [2.0]
    reader.now += 3.0
    reader.another_fetcher().arxiv("cs.AI", TODAY)
    assert reader.waited == [2.0]


def test_further_tries_at_arxiv_are_three_seconds_apart_too(reader: Reader, site: Site) -> None:
    site.answers(reply(b"", 503), reply(b"", 503), reply(b"", 503), reply(atom(1)))
    started = reader.now
    reader.fetcher.arxiv("cs.CL", TODAY)
    assert reader.waited == [1.0, 2.0, 2.0, 1.0, 4.0]
    assert reader.now - started == 10.0


def test_several_readers_at_once_take_turns(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1)))
    waited: list[float] = []
    for category in ("cs.CL", "cs.LG", "cs.AI"):
        # The clock never advances, so each fetcher must wait 3 seconds longer than the previous one.
        Fetcher(reader.library, reader.inbox, sleep=waited.append, clock=lambda: 50.0).arxiv(category, TODAY)
    assert waited == [3.0, 6.0]


@pytest.mark.parametrize("back", [60.0, 3_600.0, 1e9])
def test_a_clock_that_was_set_back_causes_no_wait(reader: Reader, site: Site, back: float) -> None:
    site.answers(reply(atom(1)))
    reader.fetcher.arxiv("cs.CL", TODAY)
    reader.now -= back
    reader.fetcher.arxiv("cs.LG", TODAY)
    assert reader.waited == []
    reader.fetcher.arxiv("cs.AI", TODAY)
    assert reader.waited == [3.0]


def test_requests_to_hugging_face_need_no_pause(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)))
    reader.day()
    reader.day("2025-10-27")
    assert reader.waited == []
