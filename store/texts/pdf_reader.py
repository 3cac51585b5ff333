"""Reads the text of a PDF with PDFium. Only the child process may call it: a hostile PDF can crash PDFium."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import pypdfium2

from store.model.errors import ListingError
from store.texts import citations, pdf_headings, pdf_leads, pdf_outline, pdf_pages, reflow
from store.texts.blocks import FullText, title_of
from store.texts.pdf_lines import Line, LineReader
from store.texts.pdf_outline import Entry
from store.texts.pdf_pages import Page

# The largest number of pages that are read.
_MOST_PAGES = 3_000
# A page with fewer characters counts as a page without text, such as a scanned page.
_LEAST_CHARACTERS = 40
# A PDF counts as a scan (pictures of pages) if at least this share of its pages (0 to 1) has no text.
_MOST_EMPTY = 0.6
# The title is above the height _TITLE_ABOVE on the first page (a fraction of the page height, counted from the bottom).
# Its letters are at least _TITLE_SIZE times as large as those of the main text.
_TITLE_ABOVE, _TITLE_SIZE = 0.4, 1.15
# A title that is not larger than the text but bold must be among the first _BOLD_TITLE_WITHIN lines and have at least
# _SHORTEST_BOLD characters. At least the share _BOLD of its words (0 to 1) must be bold.
_BOLD_TITLE_WITHIN, _SHORTEST_BOLD, _BOLD = 4, 16, 0.75
# A line of running text has at least _LONG_LINE characters, and none of the words of _AFFILIATION, which occur in lines
# about the universities and addresses of the authors.
_LONG_LINE = 42
_AFFILIATION = re.compile(r"@|universi|institut|department|laborator|college|school of|https?:", re.IGNORECASE)


def read(data: bytes, on_page: Callable[[int, int], None], *, with_outline: bool = True) -> FullText:
    """The text of a PDF. `on_page` is called with the number of pages read and of all pages.

    If `with_outline` is false, the outline of the PDF is ignored; measurements use this. Raises ListingError when the
    PDF cannot be read, or has no text and is not a scan. The pages of a scan can be shown as pictures.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise ListingError("it is damaged, cut short or protected by a password") from None
    remarks: list[str] = []
    count = min(len(document), _MOST_PAGES)
    if count < len(document):
        remarks.append(f"only its first {count:,} pages were read")
    pages = _pages(document, count, on_page, remarks)
    entries = _outline(document) if with_outline else []
    empty = sum(sum(len(line.text) for line in page.lines) < _LEAST_CHARACTERS for page in pages)
    is_scan = bool(pages) and empty >= _MOST_EMPTY * len(pages)
    known = pdf_leads.find(pdf_outline.headings(pdf_pages.ordered(pages), entries))
    ordered = known.pages
    body = pdf_pages.body_size(ordered)
    levels = pdf_headings.levels(ordered, body, known, is_bold_body=pdf_pages.body_is_bold(ordered))
    title = _title(ordered, body)
    _set_title(ordered, levels, title, body)
    blocks = citations.linked(reflow.blocks(ordered, levels, body))
    if is_scan:
        # Do not take the few words in a scan for a title: they may be the stamp of the institution that scanned it.
        remarks.insert(0, _scan_remark(empty, len(pages)))
        return FullText(tuple(blocks), "", count, tuple(remarks), is_scan=True)
    if not blocks:
        raise ListingError("it has no text")
    if empty:
        remarks.append(f"{empty} of its {len(pages)} pages have no text and are left out")
    return FullText(tuple(blocks), title_of(blocks), len(pages), tuple(remarks))


def _scan_remark(empty: int, pages: int) -> str:
    which = "its pages have" if empty == pages else f"{empty} of its {pages} pages have"
    return f"{which} no text, like a scan, so they are shown as pictures; ocrmypdf can recognize the text"


def _pages(document: Any, count: int, on_page: Callable[[int, int], None], remarks: list[str]) -> list[Page]:
    reader = LineReader()
    pages: list[Page] = []
    for index in range(count):
        try:
            page = document[index]
            width, height = page.get_size()
            lines = reader.lines(page, index + 1)
            page.close()
        except pypdfium2.PdfiumError:
            remarks.append(f"page {index + 1} is damaged and left out")
            continue
        pages.append(Page(lines, width or 1.0, height or 1.0))
        on_page(index + 1, count)
    return pages


def _outline(document: Any) -> list[Entry]:
    """The entries of the outline; none when it is damaged."""
    try:
        return pdf_outline.entries(document)
    except (pypdfium2.PdfiumError, ValueError, RecursionError):
        return []


def _title(pages: Sequence[Page], body: float) -> list[Line]:
    """The lines of the title: those with the largest letters in the upper part of the first page."""
    if not pages:
        return []
    first = pages[0]
    upper = [line for line in first.lines if line.middle > first.height * _TITLE_ABOVE and len(line.text) > 3]
    largest = max((line.size for line in upper), default=0.0)
    if largest < body * _TITLE_SIZE:
        return _bold_title(first.lines)
    title: list[Line] = []
    for line in upper:
        if abs(line.size - largest) < 0.12 * largest:
            title.append(line)
        elif title:
            break
    return title


def _bold_title(lines: Sequence[Line]) -> list[Line]:
    """The lines of a title in bold letters of the size of the text, which is among the first lines of the page."""
    for index, line in enumerate(lines[:_BOLD_TITLE_WITHIN]):
        is_bold = line.bold >= _BOLD and len(line.text) >= _SHORTEST_BOLD
        if is_bold and not pdf_headings.is_first(line.text) and not line.lead:
            more = itertools.takewhile(
                lambda each: each.bold >= _BOLD and not pdf_headings.is_first(each.text), lines[index + 1 : index + 3]
            )
            return [line, *more]
    return []


def _set_title(pages: Sequence[Page], levels: dict[int, int], title: Sequence[Line], body: float) -> None:
    """Make the title a heading of level 1.

    Lines before the title are not headings. The lines after it are names of authors, and not headings, up to the first
    usual heading, such as "Abstract", or the first heading above running text.
    """
    if not title:
        return
    lines = pages[0].lines
    start = next(index for index, line in enumerate(lines) if line is title[0])
    for line in title:
        levels[id(line)] = 1
    for line in lines[:start]:
        levels.pop(id(line), None)
    after = start + len(title)
    for index, line in enumerate(lines[after:], after):
        below = [each for each in lines[index + 1 : index + 5] if id(each) not in levels][:2]
        if pdf_headings.is_first(line.text) or (id(line) in levels and _is_text(below, body)):
            break
        levels.pop(id(line), None)


def _is_text(lines: Sequence[Line], body: float) -> bool:
    """Whether two lines look like running text and not like the institution or address of an author."""
    return len(lines) == 2 and all(
        len(line.text) >= _LONG_LINE and abs(line.size - body) < 0.6 and not _AFFILIATION.search(line.text)
        for line in lines
    )
