"""Converts the ordered lines of a PDF to blocks: paragraphs without line breaks, headings, captions, equations and so
on.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Collection, Mapping, Sequence

from store.texts import (
    pdf_authors,
    pdf_blocks,
    pdf_equations,
    pdf_headings,
    pdf_joining,
    pdf_numbers,
    pdf_rows,
    pdf_tables,
)
from store.texts.blocks import Block, BlockKind
from store.texts.pdf_blocks import OpenBlock
from store.texts.pdf_lines import Line
from store.texts.pdf_pages import Page

_CAPTION = re.compile(
    r"(?:F[Ii][Gg](?:[Uu][Rr][Ee]|\.)|T[Aa][Bb][Ll][Ee]|Algorithm|Listing|Scheme)s?\s*(?:\d+(?:\.\d+)*|[IVX]+|S\d+)(?:[.:|]|\s|$)"
)
_REFERENCE = re.compile(r"\[\d{1,4}\]|\[[\w+-]{2,12}\d{2}\w?\]|\(\d{1,3}\)\s|\d{1,3}[.\s]\s?(?=[A-Z])")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# A heading such as "References" begins the bibliography only if one of the next _FIRST_ENTRIES lines looks like an
# entry. This is not checked if the page has at most _FEW_LINES lines below the heading.
_FIRST_ENTRIES, _FEW_LINES = 12, 5
_APPENDIX_HEADING = re.compile(r"(?:[A-H][.\s]|appendi|supplement|acknowledg|online)", re.IGNORECASE)
_FIRST_REFERENCE = re.compile(r"(?:\[1\]|1\.?)\s*[A-Z]")
# Matches the sign or number at the start of a footnote.
_NOTE_MARK = re.compile(r"[∗*†‡§¶‖∥]{1,3}|\d{1,2}(?:\s|$|(?=[A-Z]))")
_ENDS = (".", "?", "!", ":", ";", ".”", '."', ".)", "”")
_ITEM = re.compile(r"(?!pp?\.|v\.)(?:[•‣▪◦–∙·*]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+\S")
# A line with more characters than this is never taken for a line of an equation.
_EQUATION = 100
# A line counts as mathematics if at least this share of its words (0 to 1) is in mathematical fonts.
_MOSTLY_MATH = 0.34
# Matches a word with a hyphen inside, such as "state-of".
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}-[^\W\d_]{1,40}")
# Matches a line that consists only of a web address, or of a part of one. Many papers print addresses in a monospaced
# font, so such a line must not be taken for a line of a program.
_ADDRESS = re.compile(r"(?:https?:|ftp:|www\.)?[\w.~%-]*[/@.][\w./~%?=&#@:+-]*[,;.]?")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
# A line counts as a line of a program if at least this share of its words (0 to 1) is in a monospaced font.
_MOSTLY_CODE = 0.8
# A line is a footnote only if the size of its letters is at most _NOTE_SIZE times that of the main text, and if it is
# below the height _NOTE_HEIGHT (a fraction of the page height, counted from the bottom).
_NOTE_SIZE, _NOTE_HEIGHT = 0.88, 0.4
# A line counts as bold if at least this share of its words (0 to 1) is bold.
_BOLD = 0.75
_COLUMN_TOLERANCE = 40.0
# The distance between the number of a chapter and its title below is at most this many times the size of the letters.
_CHAPTER_TITLE = 8.0
# The space between two paragraphs is at least _PARAGRAPH_GAP times the size of the letters. The usual space between
# lines is computed only from lines with more than _LONG_LINE characters, and only if there are at least _LEAST_GAPS
# spaces between such lines.
_PARAGRAPH_GAP, _LONG_LINE, _LEAST_GAPS = 0.75, 40, 20


def blocks(pages: Sequence[Page], heading_levels: Mapping[int, int], body: float) -> list[Block]:
    """The blocks of the pages.

    `heading_levels` has the level of each line that is a heading, by the `id` of the line. `body` is the size of the
    letters of the text (points).
    """
    compounds = {match[0].lower() for page in pages for line in page.lines for match in _COMPOUND.finditer(line.text)}
    reflow = _Reflow(heading_levels, body, compounds, _gap_of_paragraphs(pages, body))
    for number, page in enumerate(pages):
        reflow.add_page(page, is_late=2 * number >= len(pages))
    return reflow.result()


def _gap_of_paragraphs(pages: Sequence[Page], body: float) -> float:
    """The smallest space between two paragraphs (points). It is larger if the lines of the text are far apart."""
    gaps = [
        last.bottom - line.top
        for page in pages
        for last, line in itertools.pairwise(page.lines)
        if len(line.text) > _LONG_LINE and abs(last.left - line.left) < 1 and abs(last.size - line.size) < 0.5
    ]
    usual = statistics.median(gaps) if len(gaps) >= _LEAST_GAPS else 0.0
    # In a text whose lines are close together, the usual space between lines is about 0.
    return max(_PARAGRAPH_GAP, usual / body + _PARAGRAPH_GAP / 2 if body else 0.0) * body


class _Reflow:
    def __init__(
        self, heading_levels: Mapping[int, int], body: float, compounds: Collection[str], closest_paragraph: float
    ) -> None:
        """`compounds` are the words of the paper that have a hyphen inside a line, in lower case.

        A line begins a new paragraph if the space between it and the line above is larger than `closest_paragraph`
        (points).
        """
        self._closest_paragraph = closest_paragraph
        self._levels = heading_levels
        self._compounds = compounds
        self._body = body
        self._done: list[OpenBlock] = []
        self._current: OpenBlock | None = None
        self._in_references = False
        # True while the lines between the title and the next heading are read: the names of the authors and their
        # addresses.
        self._in_authors = False
        self._column_left = 0.0
        self._is_late = False
        # For each line of the page that is in a table, the number of the table.
        self._rows: dict[int, int] = {}
        # The `id` of each line of the page that is in a row of a paragraph.
        self._in_sentences: set[int] = set()

    def add_page(self, page: Page, *, is_late: bool) -> None:
        """Add the lines of a page. `is_late` is true if the page is in the second half of the paper."""
        self._is_late = is_late
        self._rows = pdf_tables.rows(page)
        self._in_sentences = pdf_rows.in_sentences(page.lines, self._body)
        lefts = sorted(line.left for line in page.lines)
        for line in page.lines:
            # The left edge of the column: that of the leftmost line near this line.
            self._column_left = next((left for left in lefts if left > line.left - _COLUMN_TOLERANCE), line.left)
            self._add(line, page)

    def result(self) -> list[Block]:
        self._close()
        found = pdf_joining.joined(self._done, self._body)
        usual = pdf_blocks.usual_styles(found)
        return [each.block(self._compounds, usual) for each in found]

    def _close(self) -> None:
        if self._current is not None:
            self._done.append(self._current)
            self._current = None

    def _add(self, line: Line, page: Page) -> None:
        is_small = line.size < self._body * 0.97 and id(line) not in self._levels
        if self._is_late and is_small and _FIRST_REFERENCE.match(line.text):
            # Some journals print no heading above the references. Then the first entry shows that the references begin.
            self._in_references = True
        if self._in_references and _CAPTION.fullmatch(line.text.strip(" .:")):
            # In manuscripts, the tables and figures follow after the bibliography, so the caption of one ends the
            # bibliography.
            self._in_references = False
        kind = self._kind(line, page)
        if kind == "heading":
            self._note_heading(line, page)
        current = self._current
        if self._in_authors and kind == "paragraph":
            line = pdf_authors.with_separators(line)
        if current is not None and self._continues(current, kind, line):
            is_name = self._in_authors and kind == "paragraph" and pdf_authors.are_separate(current.last, line)
            current.add(line, pdf_authors.SEPARATOR if is_name else "")
            return
        self._close()
        if kind == "paragraph" and self._in_references:
            kind = "reference"
        elif kind == "paragraph" and _ITEM.match(line.text) and self._body:
            kind = "list"
        level = self._levels.get(id(line), 2) if kind == "heading" else 1 if kind == "list" else 0
        self._current = OpenBlock.of(kind, level, line)

    def _kind(self, line: Line, page: Page) -> BlockKind:
        if id(line) in self._levels and not (self._in_references and self._is_plain_entry(line)):
            return "heading"
        if id(line) in self._rows and not self._in_references:
            return "table"
        if self._is_equation(line):
            return "equation"
        if line.mono >= _MOSTLY_CODE and not self._in_references and not _ADDRESS.fullmatch(line.text):
            return "code"
        if (
            (match := _CAPTION.match(line.text))
            and not self._in_references
            and self._begins(line)
            and not self._is_sentence(line, match.end())
        ):
            return "caption"
        is_note = line.size < self._body * _NOTE_SIZE and line.top < page.height * _NOTE_HEIGHT
        return "note" if is_note and not self._in_references else "paragraph"

    def _is_plain_entry(self, line: Line) -> bool:
        """Whether a line in the bibliography is an entry, although its number looks like the number of a section
        heading.
        """
        return bool(_REFERENCE.match(line.text)) and line.size <= self._body * 1.05 and line.bold < _BOLD

    def _begins(self, line: Line) -> bool:
        """Whether a line begins a new block. Only then can a word such as "Figure" at its start begin a caption."""
        current = self._current
        if current is None or line.size < self._body * 0.97 or line.bold > 0.2 or not _is_below(current.last, line):
            return True
        return current.last.bottom - line.top > 0.4 * self._body or current.text.endswith(_ENDS)

    def _is_sentence(self, line: Line, end: int) -> bool:
        """Whether a line that begins like a caption is a sentence such as "Table 1 shows …" in the letters of the text.

        `end` is the length of the beginning that looks like a caption, such as "Table 1 ".
        """
        return line.text[end : end + 1].islower() and not line.lead and abs(line.size - self._body) < 0.3

    def _is_equation(self, line: Line) -> bool:
        if id(line) in self._in_sentences or _NOTE_MARK.fullmatch(line.text):
            return False
        if line.math > _MOSTLY_MATH and len(line.text) < _EQUATION:
            words = re.findall(r"[^\W\d_]{4,}", line.text)
            return len(words) < 4 and not self._is_in_sentence(line)
        current = self._current
        if current is None or current.kind != "equation" or len(line.text) >= pdf_joining.SCRAP:
            return False
        last = current.last
        overlaps = last.shared_height(line) > 0.3 * min(last.top - last.bottom, line.top - line.bottom)
        return overlaps or line.size < self._body * 0.9 or bool(pdf_equations.NUMBER.fullmatch(line.text))

    def _is_in_sentence(self, line: Line) -> bool:
        """Whether a line with formulas is only a part of a printed line of a paragraph. PDFium divides printed lines at
        formulas.
        """
        current = self._current
        if current is None or current.kind not in ("paragraph", "list") or len(_LONG_WORD.findall(line.text)) < 2:
            return False
        last = current.last
        is_beside = last.shared_height(line) > 0.5 * (line.top - line.bottom) and line.left >= last.right - 1
        return last.page == line.page and is_beside

    def _note_heading(self, line: Line, page: Page) -> None:
        self._in_authors = self._levels.get(id(line)) == 1
        if pdf_headings.REFERENCES.fullmatch(line.text.strip(" .:")):
            # A heading such as "3 References" with a number, in the first half of a paper, begins a section about
            # references, and not the list of references.
            is_late = self._is_late or pdf_numbers.match(line.text) is None
            self._in_references = is_late and _has_entries_below(line, page)
        elif self._in_references and (_APPENDIX_HEADING.match(line.text) or self._levels.get(id(line), 9) <= 2):
            self._in_references = False

    def _continues(self, current: OpenBlock, kind: BlockKind, line: Line) -> bool:
        last = current.last
        if kind == "heading":
            return self._heading_continues(current, line)
        if kind == "equation":
            return current.kind == "equation" and last.bottom - line.top < 2.5 * self._body
        if kind == "code":
            return current.kind == "code" and _is_below(last, line) and last.bottom - line.top < 1.5 * self._body
        if kind == "table":
            return current.kind == "table" and self._rows.get(id(last)) == self._rows[id(line)]
        if kind == "caption" or current.kind in ("heading", "equation", "code", "table"):
            return False
        if current.kind == "caption":
            return abs(last.size - line.size) < 0.6 and _is_below(last, line) and self._is_close(last, line)
        if current.kind == "reference":
            return self._in_references and not self._begins_reference(current, line)
        if (current.kind == "note") != (kind == "note"):
            return False
        if kind == "note" and _NOTE_MARK.fullmatch(current.text.strip()) and current.last.shared_height(line) > 0:
            # PDFium returns the superscript sign or number before a footnote as a separate line.
            return True
        if kind == "note" and _NOTE_MARK.match(line.text):
            return False
        return self._paragraph_continues(current, line)

    def _heading_continues(self, current: OpenBlock, line: Line) -> bool:
        last = current.last
        if current.kind == "heading" and pdf_headings.CHAPTER_NUMBER.fullmatch(current.text):
            # The title of a chapter is printed in larger letters, some lines below the number of the chapter.
            return line.page == last.page and 0 < last.bottom - line.bottom < _CHAPTER_TITLE * self._body
        return (
            current.kind == "heading"
            and len(current.lines) < pdf_headings.MOST_LINES
            and abs(last.size - line.size) < 0.6
            and (last.bold > 0.5) == (line.bold > 0.5)
            and pdf_numbers.match(line.text) is None
            and -0.5 * self._body < last.bottom - line.top < 0.9 * self._body
        )

    def _begins_reference(self, current: OpenBlock, line: Line) -> bool:
        first = current.lines[0]
        if _REFERENCE.match(first.text):
            is_at_edge = line.left <= self._column_left + 3 * self._body or abs(line.left - first.left) < self._body
            is_alike = (line.text[0] in "[(") == (first.text[0] in "[(")
            return bool(_REFERENCE.match(line.text)) and is_alike and is_at_edge
        # An entry without a number can be recognized by its hanging indentation (its later lines begin further to the
        # right), or by the space above it.
        last = current.last
        if not _is_below(last, line):
            return line.left < self._column_left + 0.6 * self._body and current.text.endswith((".", ")"))
        hangs = line.left < last.left - 0.6 * self._body or (
            len(current.lines) > 1 and line.left <= first.left + 1 < last.left + 1 - 0.5 * self._body
        )
        return hangs or last.bottom - line.top > self._closest_paragraph - 0.3 * self._body

    def _is_close(self, last: Line, line: Line) -> bool:
        return last.bottom - line.top < self._closest_paragraph

    def _paragraph_continues(self, current: OpenBlock, line: Line) -> bool:
        last = current.last
        if _ITEM.match(line.text) and (_is_below(last, line) and current.text.endswith((*_ENDS, ","))):
            return False
        is_indented = line.left > self._column_left + 0.6 * self._body
        if not _is_below(last, line):
            # This line is at the top of the next column or page. It begins a new paragraph if it is indented and the
            # line before it ends a sentence.
            return not (current.text.endswith(_ENDS) and is_indented) and abs(last.size - line.size) < 1
        if not self._is_close(last, line) or abs(last.size - line.size) > 0.25 * self._body:
            return False
        if self._in_authors and pdf_authors.are_separate(last, line):
            return True
        if current.kind == "list":
            return line.left > current.lines[0].left + 1 or not current.text.endswith(_ENDS)
        return not (line.left > last.left + 0.6 * self._body and last.left < self._column_left + 0.4 * self._body)


def _has_entries_below(heading: Line, page: Page) -> bool:
    """Whether the lines below a heading look like a bibliography: one of them begins with a number or contains a year.

    Also true if the page has too few lines below the heading to decide this.
    """
    lines = page.lines
    index = next((index for index, line in enumerate(lines) if line is heading), len(lines))
    below = lines[index + 1 : index + 1 + _FIRST_ENTRIES]
    return len(below) < _FEW_LINES or any(_REFERENCE.match(line.text) or _YEAR.search(line.text) for line in below)


def _is_below(last: Line, line: Line) -> bool:
    """Whether a line is below the line that was read before it, in the same column of the same page."""
    return last.page == line.page and last.shared_width(line) > 0 and line.top <= last.top + 1
