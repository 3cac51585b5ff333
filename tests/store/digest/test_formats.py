"""Each format of a digest has the expected text and escapes hostile text, and the HTML page has a limited size."""

from __future__ import annotations

import email
import xml.etree.ElementTree as ET
from email.message import EmailMessage
from email.policy import default

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from store.digest import html_page, plain_text
from store.digest.contents import Digest, DigestPaper, Section
from store.digest.formats import BY_NAME, FORMATS
from store.library.library import Library
from store.marks import marking
from store.model.paper import Author, Paper
from tests.store.digest.samples import HOSTILE, SUNDAY, TODAY, digest
from tests.store.listings import add_listing

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def made(library: Library) -> Digest:
    paper = Paper(
        title="Attention in $O(n^2)$: 俳句",
        authors=tuple(Author(f"Author {number}") for number in range(6)),
        arxiv_id="2511.01234",
        ai_summary="Short.",
    )
    add_listing(library, SUNDAY, paper, HOSTILE)
    return digest(library)


def test_plain_text_reads_well(made: Digest) -> None:
    text = BY_NAME["terminal"].text(made)
    assert text.startswith(
        "Papers of Monday 30 November 2026\n2 new papers\n"
        "New since Sunday 29 November 2026, the newest listing day\n\n\n"
        "New on Sunday 29 November 2026 (2)\n----------------------------------\n\n"
        " 1. Attention in O(n²): 俳句\n"
        "    Author 0, Author 1, Author 2, Author 3 and 2 more\n"
        "    2025-11 · arXiv:2511.01234\n"
        "    Why: no. 1 in its listing\n"
        "    Short.\n"
        "    https://arxiv.org/abs/2511.01234\n"
    )
    assert all(len(line) <= 72 for line in text.splitlines() if "://" not in line)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("俳句俳句", 5, ["俳句", "俳句"]),
        ("俳", 1, ["俳"]),
        ("e\u0301" * 3, 2, ["e\u0301e\u0301", "e\u0301"]),
        ("", 9, []),
    ],
)
def test_lines_are_broken_by_their_width_on_a_terminal(text: str, width: int, lines: list[str]) -> None:
    assert plain_text.wrapped(text, width) == lines


def test_no_format_contains_unescaped_hostile_text(made: Digest) -> None:
    for each in FORMATS:
        text = each.text(made)
        assert "\x1b" not in text and "\x07" not in text, each.name
        text.encode()


def test_the_page_loads_nothing_and_has_no_scripts(made: Digest) -> None:
    html = BY_NAME["html"].text(made)
    page = LexborHTMLParser(html)
    assert not page.css("script, img, link, iframe, object, [onerror], [onload], [src]")
    assert [node.attributes["href"] for node in page.css("a")] == [
        "https://arxiv.org/abs/2511.01234",
        "https://example.org/%22%3E%3Cscript%3E",
    ]
    heading = page.css_first(".paper:nth-of-type(2) h3") or page.css("h3")[1]
    assert "{{ 7*7 }} {% raw %}" in heading.text() and "<script>alert(1)</script>" in heading.text()
    (style,) = page.css("style")
    assert "prefers-color-scheme: dark" in style.text() and "example.org" not in style.text()
    assert "max-width: 640px" in (page.css_first(".page").attributes["style"] or "")
    assert "url(" not in html.replace("@import url(//example.org)", "")


@pytest.mark.parametrize("letter", ["&", "俳", "😀"])
def test_the_page_is_smaller_than_what_mail_programs_cut(letter: str) -> None:
    paper = DigestPaper(
        1, letter * 250, letter * 120, letter * 180, letter * 480, letter * 320, f"https://e.org/{'x' * 230}"
    )
    sections = tuple(Section(letter * 120, (paper,) * 10, 10_000, letter * 120) for _ in range(15))
    large = Digest("id", TODAY, "since ever", letter * 80, sections, 1, 0, 0, 0, 1)
    html = html_page.page(large)
    assert 5_000 < len(html.encode()) <= 100_000
    assert "more:" in html and html.rstrip().endswith("</html>")


def test_markdown_has_only_the_links_of_recto(made: Digest) -> None:
    text = BY_NAME["markdown"].text(made)
    html = MarkdownIt().enable("table").render(text)
    page = LexborHTMLParser(html)
    assert [node.attributes["href"] for node in page.css("a")] == [
        "https://arxiv.org/abs/2511.01234",
        "https://example.org/%22%3E%3Cscript%3E",
    ]
    assert not page.css("script, img, h3, h4, style")
    assert len(page.css("ol > li")) == 2


def test_the_feed_is_well_formed_and_names_each_paper_once(made: Digest) -> None:
    section = made.sections[0]
    feed = ET.fromstring(BY_NAME["atom"].text(made._replace(sections=(section, section))).encode())
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title", "")[:9] for entry in entries] == ["Attention", "</h3><scr"]
    assert entries[0].findtext(f"{ATOM}id") == "https://arxiv.org/abs/2511.01234"
    assert all(entry.find(f"{ATOM}updated") is not None for entry in entries)


def test_a_mail_has_a_plain_part_and_a_page_and_no_headers_from_a_listing(made: Digest) -> None:
    text = BY_NAME["eml"].text(made._replace(subject="a\r\nBcc: eve@example.org"[:3] + "Bcc: eve@example.org"))
    mail = email.message_from_string(text, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"].startswith("2 new papers (30 Nov)") and mail["Bcc"] is None
    assert mail["List-Id"] == "Digests of recto <digest.recto.localhost>"
    assert mail["Message-ID"] == f"<recto.{made.id}@localhost>" and mail["Date"].datetime.tzinfo
    plain, html = mail.iter_parts()
    assert [plain.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert "Attention in O(n²): 俳句" in plain.get_content() and "<h3" in html.get_content()
    assert all(len(line) <= 78 for line in text.splitlines() if not line.startswith("Content-"))


def test_an_empty_digest_says_so(library: Library) -> None:
    made_digest = digest(library)
    assert all("othing is new" in each.text(made_digest) for each in FORMATS if each.name != "atom")
    add_listing(library, SUNDAY, "Waiting")
    marking.queue(library, [1])
    assert "In the queue" in BY_NAME["html"].text(digest(library, "today"))
