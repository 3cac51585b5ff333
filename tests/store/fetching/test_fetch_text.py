"""A full text is fetched from the first address that returns one. Answers that are no full text are not stored."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store.fetching.text_request import text_requests
from store.library.library import Library
from store.model.paper import Link, Paper
from store.texts import text_store
from tests.store.fetching.servers import Respond, Run, Site, atom, reply
from tests.store.texts.pages import LATEXML, MARKDOWN, read_in_this_process, two_columns

LONG_MARKDOWN = MARKDOWN.encode() + b"\n\nMore words of the paper." * 500


def by_path(**answers: Respond) -> Respond:
    """An answer that depends on the first part of the path: html, papers or pdf. For other paths it is an error 404."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        answers.get(handler.path.split("/")[1].split("?")[0], reply(b"not here", 404))(handler)

    return respond


@pytest.fixture
def papers(recto: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A library with three papers of arXiv, 2510.00001 to 2510.00003."""
    monkeypatch.setattr("store.fetching.text_request.ARXIV_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("store.fetching.request.ARXIV_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("store.fetching.text_request._PAUSE_SECONDS", 0.0)
    site.answers(reply(atom(1, 2, 3)))
    assert recto("fetch", "arxiv", "cs.CL").code == 0
    with read_in_this_process():
        yield recto


def formats(path: Path) -> list[str]:
    with Library.open(path) as library:
        return [text.format for number in (1, 2, 3) for text in text_store.of_paper(library.reader(), number)]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"html": reply(LATEXML.encode()), "pdf": reply(two_columns(1))}, "HTML"),
        ({"html": reply(b"<html>no HTML for this paper</html>"), "papers": reply(LONG_MARKDOWN)}, "Markdown"),
        ({"papers": reply(b"# Only an abstract"), "pdf": reply(two_columns(1))}, "PDF"),
    ],
)
def test_the_first_address_with_a_text_is_taken(
    papers: Run, site: Site, answers: dict[str, Respond], found: str
) -> None:
    site.answers(by_path(**answers))
    outcome = papers("fetch", "text", "2510.00001")
    assert (outcome.code, outcome.err) == (0, "")
    assert f"Paper 1 of Quiet Lamps: {found}, " in outcome.out


def test_the_reasons_of_all_addresses_are_named(papers: Run, site: Site) -> None:
    site.answers(by_path(pdf=reply(b"<html>sign in</html>")))
    outcome = papers("fetch", "text", "2510.00002")
    assert outcome.code == 1
    for reason in ("/html/2510.00002: the server answered 404", "/papers/2510.00002.md", "the answer is no PDF"):
        assert reason in outcome.err


def test_the_queue_is_fetched_up_to_a_limit_and_only_once(papers: Run, site: Site, tmp_path: Path) -> None:
    assert papers("mark", "3", "--queue").code == papers("mark", "1", "--queue").code == 0
    site.answers(by_path(html=reply(LATEXML.encode())))
    outcome = papers("fetch", "text", "--queue", "--limit", "1")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0].startswith("3, Paper")
    assert "1 paper left; call the command again" in outcome.out
    assert "1 paper of 2 have a text already" in papers("fetch", "text", "--queue").out
    assert formats(tmp_path / "shelf" / "library.db") == ["html", "html"]
    before = len(site.requests)
    assert papers("fetch", "text", "1", "3").code == 0
    assert len(site.requests) == before


def test_an_empty_queue_and_no_paper_are_named(recto: Run) -> None:
    assert "recto mark ID --queue" in recto("fetch", "text", "--queue").err
    assert "recto fetch text --queue" in recto("fetch", "text").err


def test_a_pdf_on_another_site_is_fetched_only_over_https() -> None:
    paper = Paper(
        title="A",
        links=(
            Link("pdf", "http://example.org/a.pdf"),
            Link("pdf", "https://example.org/b.pdf"),
            Link("page", "https://example.org"),
        ),
    )
    assert [request.url for request in text_requests(paper)] == ["https://example.org/b.pdf"]


def test_a_link_that_is_no_address_is_left_out() -> None:
    links = ["https://[", "https://[::1/a.pdf", "https://a\u2100b.example/a.pdf", "https://example.org/b.pdf"]
    paper = Paper(title="A", links=tuple(Link("pdf", link) for link in links))
    assert [request.url for request in text_requests(paper)] == links[-1:]


@pytest.mark.parametrize("comment", [b"<!---->", b"<!-- a -->\n", b"<!--", b"<!--> "])
def test_comments_at_the_start_of_an_answer_take_little_time(papers: Run, site: Site, comment: bytes) -> None:
    """A pattern that tries every combination of 25 comments would need an hour."""
    site.answers(by_path(papers=reply(comment * 400 + b"<p>A paragraph. " * 900)))
    outcome = papers("fetch", "text", "2510.00001")
    assert "Paper 1 of Quiet Lamps" in outcome.out + outcome.err
    site.answers(by_path(papers=reply(b"<!-- a -->\n" * 20 + b"<html>" + b"words " * 2000)))
    assert "the answer is no full text in Markdown" in papers("fetch", "text", "2510.00002").err
