"""Generates three PDFs with known sentences and headings: one in two columns, one with line numbers, and a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.store.formats.documents.pdfs import Bookmark, Text, pdf_of_pages
from tests.store.texts.pages import SENTENCES, two_columns, wrapped

_TOP, _BOTTOM, _LEADING = 720.0, 70.0, 14.0
_LEFT, _WIDTH = 90.0, 82


class MadePaper(NamedTuple):
    """A PDF and its known content: the sentences and headings in order, and the number of references."""

    name: str
    pdf: bytes
    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    references: int


def made_papers() -> list[MadePaper]:
    """The three test papers: one with two columns, a manuscript and a report."""
    headings = tuple(f"Heading of Part {number}" for number in range(1, 5))
    columns = MadePaper("two columns", two_columns(2), tuple(SENTENCES[:16]), headings, 2)
    return [columns, _manuscript(), _report()]


class _Pages:
    """Collects lines of text from the top of a page to its bottom, and continues on the next page."""

    def __init__(self, *, with_numbers: bool) -> None:
        self.pages: list[list[Text]] = [[]]
        self.outline: list[Bookmark] = []
        self._y = _TOP
        self._with_numbers = with_numbers
        self._number = 0

    def line(self, *parts: Text, gap: float = 0.0) -> None:
        """Add a line below a gap (in points). Each part of the line has its own horizontal position."""
        self._y -= _LEADING + gap
        if self._y < _BOTTOM:
            self.pages.append([])
            self._y = _TOP
        if self._with_numbers:
            self._number += 1
            self.pages[-1].append(Text(str(self._number), 6, self._y, _LEFT - 40))
        self.pages[-1] += [part._replace(y=self._y) for part in parts]

    def paragraph(self, text: str, lead: str = "") -> None:
        """Draw a paragraph, which may begin with a bold heading."""
        room = " " * (len(lead) + 2)
        for number, each in enumerate(wrapped(f"{'x' * len(lead)} {text}" if lead else text, _WIDTH)):
            if number == 0 and lead:
                rest = each[len(lead) :].strip()
                self.line(Text(lead, 10, bold=True, x=_LEFT), Text(rest, 10, x=_LEFT + 5.6 * len(room)), gap=6)
            else:
                self.line(Text(each, 10, x=_LEFT + (12 if number == 0 else 0)))

    def bookmark(self, title: str) -> None:
        """Add a bookmark to the PDF's outline. It leads to the last line that was added."""
        self.outline.append(Bookmark(title, len(self.pages), self._y + 14))

    @property
    def pdf(self) -> bytes:
        return pdf_of_pages(self.pages, outline=self.outline)


def _manuscript() -> MadePaper:
    """A paper in one column with line numbers, sections in capitals, and headings at the start of paragraphs."""
    pages = _Pages(with_numbers=True)
    sentences = iter(SENTENCES)
    headings: list[str] = []
    pages.line(Text("How Storks Find Their Way", 16, x=200))
    for section, name in enumerate(("Flight over land", "Flight over water", "Return"), 1):
        pages.line(Text(f"{section}. {name.upper()}", 10, x=240), gap=16)
        headings.append(name)
        pages.paragraph(_some(sentences, 4))
        for part, title in enumerate(("Wings", "Winds"), 1):
            pages.paragraph(_some(sentences, 2), f"{section}.{part}. {title} of part {section}.")
            headings.append(f"{title} of part {section}")
    used = SENTENCES[:24]
    pages.line(Text("REFERENCES", 10, x=250), gap=16)
    _references(pages, 3)
    return MadePaper("manuscript", pages.pdf, tuple(used), tuple(headings), 3)


def _report() -> MadePaper:
    """A report with a table of contents, an outline, theorems and a table, whose bold words are no headings."""
    pages = _Pages(with_numbers=False)
    sentences = iter(SENTENCES)
    names = ("What was asked", "What was counted", "What follows")
    pages.line(Text("A Report on Egrets", 18, x=210))
    pages.line(Text("Contents", 12, x=_LEFT, bold=True), gap=16)
    for number, name in enumerate(names, 1):
        pages.line(Text(f"{number} {name} {number}", 10, x=_LEFT, bold=True))
    for number, name in enumerate(names, 1):
        pages.line(Text(f"{number} {name}", 12, x=_LEFT, bold=True), gap=16)
        pages.bookmark(f"{number} {name}")
        pages.paragraph(_some(sentences, 4))
        pages.line(Text(f"Theorem {number}", 10, x=_LEFT, bold=True), gap=8)
        pages.paragraph(_some(sentences, 2))
        pages.line(Text("Bird", 10, x=_LEFT, bold=True), Text("Count", 10, x=_LEFT + 200, bold=True), gap=10)
        pages.line(Text("egret", 10, x=_LEFT), Text(str(number), 10, x=_LEFT + 200))
        pages.paragraph(_some(sentences, 2))
    pages.line(Text("References", 12, x=_LEFT, bold=True), gap=16)
    pages.bookmark("References")
    _references(pages, 4)
    return MadePaper("report", pages.pdf, tuple(SENTENCES[:24]), names, 4)


def _references(pages: _Pages, count: int) -> None:
    for number in range(1, count + 1):
        pages.line(Text(f"[{number}] B. Beta. Paper {number} on herons. Journal of Birds {number}, 2020.", 10, x=_LEFT))


def _some(sentences: Iterator[str], count: int) -> str:
    return " ".join(next(sentences) for _ in range(count))
