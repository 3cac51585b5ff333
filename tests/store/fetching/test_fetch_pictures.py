"""Pictures of web pages are fetched only when the user asks for them, from the site of the page, and within limits."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store.fetching import fetch_pictures
from store.library.library import Library
from store.texts import text_store
from tests.store.fetching.servers import Respond, Run, Site, reply
from tests.store.fetching.test_fetch_text import by_path, papers
from tests.store.pictures.documents import png
from tests.store.texts.pages import LATEXML

__all__ = ["papers"]
_FIGURE = (
    '<figure class="ltx_figure"><img src="%s"/><figcaption class="ltx_caption">Figure 1: Birds.</figcaption></figure>'
)


def page(*links: str) -> bytes:
    """An HTML page with a figure for each of the links and with a <base> element, as arXiv's pages have."""
    figures = "".join(_FIGURE % link for link in links)
    return (
        LATEXML.replace("<head>", '<head><base href="/html/v1/">')
        .replace("</article>", f"{figures}</article>")
        .encode()
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_pictures, "_PAUSE_SECONDS", 0.0)


def stored_pictures(path: Path) -> dict[str, bytes]:
    with Library.open(path / "shelf" / "library.db") as library:
        (text,) = text_store.of_paper(library.reader(), 1)
        return text_store.pictures(library, text)


def site_with(text: bytes, pictures: dict[str, bytes]) -> Respond:
    """Answer a request for NAME.png with the picture of that name (404 if there is none), and any other request with
    the page.
    """

    def respond(handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.rpartition("/")[2]
        if name.endswith(".png"):
            answer = reply(pictures[name]) if name in pictures else reply(b"not here", 404)
        else:
            answer = by_path(html=reply(text))
        answer(handler)

    return respond


def test_pictures_are_fetched_when_asked_for_and_only_once(
    papers: Run, site: Site, quick: None, tmp_path: Path
) -> None:
    site.answers(site_with(page("x1.png", "gone.png"), {"x1.png": png(3, 3)}))
    assert papers("fetch", "text", "2510.00001").code == 0
    assert stored_pictures(tmp_path) == {}
    outcome = papers("fetch", "pictures", "2510.00001")
    assert outcome.code == 1 and "Paper 1 of Quiet Lamps: 1 picture" in outcome.out
    assert "/html/v1/gone.png: the server answered 404" in outcome.err
    assert stored_pictures(tmp_path) == {"/html/v1/x1.png": png(3, 3)}
    site.answers(site_with(b"", {"gone.png": png(2, 2)}))
    assert papers("fetch", "pictures", "2510.00001").code == 0
    assert len(stored_pictures(tmp_path)) == 2
    assert "has all its pictures" in papers("fetch", "pictures", "2510.00001").out


def test_pictures_of_other_sites_are_not_fetched(papers: Run, site: Site, quick: None, tmp_path: Path) -> None:
    links = (
        "https://tracker.example/pixel.png",
        "file:///etc/passwd",
        "http://127.0.0.1/x.png",
        "//other.example/y.png",
    )
    site.answers(site_with(page(*links), {}))
    assert papers("fetch", "text", "2510.00001").code == 0
    request_count = len(site.requests)
    outcome = papers("fetch", "pictures", "2510.00001")
    assert outcome.code == 1 and outcome.err.count("\n") == len(links)
    assert stored_pictures(tmp_path) == {}
    assert len(site.requests) == request_count


def test_links_to_which_no_address_belongs_are_failures_of_one_picture(
    papers: Run, site: Site, quick: None, tmp_path: Path
) -> None:
    links = ("//[", "https://[::1/a.png", "https://a\u2100b.example/a.png", "https://[\u202e\x9b]/a.png", "x1.png")
    bare = page(*links).replace(b'<base href="/html/v1/">', b"")
    site.answers(site_with(bare, {"x1.png": png(3, 3)}))
    assert papers("fetch", "text", "2510.00001").code == 0
    outcome = papers("fetch", "pictures", "2510.00001")
    assert outcome.code == 1 and "1 picture" in outcome.out
    assert outcome.err.count("\n") == len(links) - 1
    assert outcome.err.replace("\n", "").isprintable()
    assert list(stored_pictures(tmp_path).values()) == [png(3, 3)]


def test_a_large_picture_is_left_out(papers: Run, site: Site, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_pictures, "_MOST_BYTES", 10)
    site.answers(site_with(page("x1.png"), {"x1.png": png(30, 30)}))
    assert papers("fetch", "text", "2510.00001").code == 0
    outcome = papers("fetch", "pictures", "2510.00001")
    assert outcome.code == 1 and "larger than" in outcome.err


def test_a_paper_without_a_page_is_named(papers: Run, site: Site) -> None:
    outcome = papers("fetch", "pictures", "2510.00001")
    assert outcome.code == 1 and "has no text from the web" in outcome.err
