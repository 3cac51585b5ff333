"""Lays out a page about a paper as lines, which are objects of Textual's class `Content`.

A page consists of wrapped text, horizontal lines with a heading, details in two columns, and texts that can be clicked.
A detail is a name and a value, such as "Published" and a date. No line is wider than the page, so a widget draws the
lines without wrapping them. So the text that the user has clicked can be found by the line and the column of the click.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from textual.content import Content, Span

from store.search.highlighting import Highlights
from tui.render.cell_width import cut, width, wrapped

MATCH_STYLE = "bold $match"
MUTED = "$muted"
# The width of the column with the names of details, such as "Published" (cells).
_NAME_WIDTH = 12
# The gap between two columns of details, and the smallest width of a page on which details are in two columns (cells).
_GAP = 2
_TWO_COLUMNS = 56
# The smallest width of the layout (cells). On a narrower screen, the ends of the lines are not visible.
_LEAST_WIDTH = 20


class Choice(NamedTuple):
    """A text on a page that can be clicked. It is in the line `line` and in the columns from `start` to `end` - 1.

    `value` is a web address if `kind` is "link", and the text of a filter if `kind` is "filter".
    """

    line: int
    start: int
    end: int
    kind: Literal["link", "filter"]
    value: str


class Page(NamedTuple):
    """The lines of a page that was laid out, and the texts on them that can be clicked."""

    lines: tuple[Content, ...]
    choices: tuple[Choice, ...]

    @property
    def content(self) -> Content:
        """All lines of the page as one text."""
        return Content("\n").join(self.lines)

    def choice_at(self, line: int, column: int) -> Choice | None:
        """The text that can be clicked at a line and a column; None when there is no such text."""
        return next((each for each in self.choices if each.line == line and each.start <= column < each.end), None)


class BlockLink(NamedTuple):
    """A part of the text of a block that opens a web address when it is clicked.

    The part consists of the characters from `start` to `end` - 1.
    """

    start: int
    end: int
    address: str


class Block(NamedTuple):
    """A paragraph, a heading, an item of a list or some lines of code, with the styles and links of its parts.

    `indent` is the text before the first line, and `next_indent` the text before the other lines; both have the same
    width.
    """

    text: str
    spans: tuple[Span, ...] = ()
    links: tuple[BlockLink, ...] = ()
    indent: str = ""
    next_indent: str = ""


def lit(text: str, highlights: Highlights, style: str = "") -> Content:
    """`text` in `style`, with the ranges that match the filter in MATCH_STYLE instead."""
    spans = [Span(start, end, MATCH_STYLE) for start, end in highlights.spans(text)]
    whole = [Span(0, len(text), style)] if style else []
    return Content(text, spans=[*whole, *spans])


class PageBuilder:
    """Collects the lines of a page. Text, headings, details and links are added one after the other.

    The caller must pass only text that is safe to display. The text is never parsed as markup.
    """

    def __init__(self, cells: int, highlights: Highlights) -> None:
        """`cells` is the width of the page. `highlights` must return the matches of the filter in a text."""
        self._cells = max(_LEAST_WIDTH, cells)
        self._highlights = highlights
        self._lines: list[Content] = []
        self._choices: list[Choice] = []

    def page(self) -> Page:
        """The page with everything that was added so far."""
        return Page(tuple(self._lines), tuple(self._choices))

    def text(self, text: str, style: str = "") -> None:
        """Add wrapped text, with the matches of the filter highlighted."""
        self._lines += self._wrapped(text, self._cells, style)

    def block(self, block: Block) -> None:
        """Add a wrapped text with styles and links of its own, and with the matches of the filter highlighted."""
        text = block.text
        spans = [*block.spans, *(Span(start, end, MATCH_STYLE) for start, end in self._highlights.spans(text))]
        content = Content(text, spans=spans)
        indent = block.indent
        for start, end in wrapped(text, max(1, self._cells - width(indent))):
            column = width(indent)
            for link in block.links:
                first, last = max(start, link.start), min(end, link.end)
                if first < last:
                    at = column + width(text[start:first])
                    self._choices.append(
                        Choice(len(self._lines), at, at + width(text[first:last]), "link", link.address)
                    )
            self._lines.append(Content("").join([Content.styled(indent, MUTED), content[start:end]]))
            indent = block.next_indent

    def rule(self, heading: str, hint: str = "") -> None:
        """Add a horizontal line with a heading, and with a hint at its right end if there is room."""
        used = width(heading) + 3
        end = f" {hint} " if hint and used + width(hint) + 5 <= self._cells else ""
        line = "─" * max(1, self._cells - used - width(end) - (1 if end else 0))
        parts = [("─ ", "$panel"), (heading, "$heading"), (f" {line}", "$panel")]
        self._lines.append(Content.assemble(*parts, *([(end, MUTED), ("─", "$panel")] if end else [])))

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Add details, each a name and a value.

        Short details are put in two columns; longer ones follow, one on a line.
        """
        half = (self._cells - _GAP) // 2
        short: list[tuple[str, str]] = []
        if self._cells >= _TWO_COLUMNS:
            short = [fact for fact in facts if _NAME_WIDTH + width(fact[1]) <= half]
        if len(short) % 2 and len(short) < len(facts):
            short.pop()
        for left, right in zip(short[::2], [*short[1::2], None], strict=False):
            cells = [self._fact(*left), *([self._fact(*right)] if right else [])]
            padding = Content(" " * (half + _GAP - cells[0].cell_length))
            self._lines.append(Content("").join([cells[0], padding, cells[1]] if right else cells))
        for name, value in facts:
            if (name, value) not in short:
                self._hanging(name, value)

    def links(self, links: Iterable[tuple[str, str, str]]) -> None:
        """Add web addresses. Each consists of the key that opens it, a label such as "PDF", and the address itself."""
        for key, label, url in links:
            name = Content.assemble((f"{key:>4} ", "$key"), (f"{label:<8}", MUTED))
            for number, (start, end) in enumerate(wrapped(url, self._cells - name.cell_length)):
                address = Content.styled(url[start:end], "underline")
                before = Content(" " * name.cell_length) if number else name
                self._add_choice(before, address, "link", url)

    def choices(self, texts: Iterable[str]) -> None:
        """Add texts that filter the list when they are clicked, several on a line if they fit."""
        separator = Content.styled(" · ", MUTED)
        line = Content("")
        for text in texts:
            shown = cut(text, self._cells).rstrip() if width(text) > self._cells else text
            gap = separator if line else Content("")
            if line.cell_length + gap.cell_length + width(shown) > self._cells:
                self._lines.append(line)
                line = gap = Content("")
            start = line.cell_length + gap.cell_length
            self._choices.append(Choice(len(self._lines), start, start + width(shown), "filter", text))
            line = Content("").join([line, gap, lit(shown, self._highlights, "$tag")])
        if line:
            self._lines.append(line)

    def row(self, *parts: tuple[str, str]) -> None:
        """Add one line of texts, each with its style. The line is truncated to the width of the page."""
        self._lines.append(Content.assemble(*parts).truncate(self._cells, ellipsis=True))

    def _add_choice(self, before: Content, text: Content, kind: Literal["link", "filter"], value: str) -> None:
        start = before.cell_length
        self._choices.append(Choice(len(self._lines), start, start + text.cell_length, kind, value))
        self._lines.append(Content("").join([before, text]))

    def _fact(self, name: str, value: str) -> Content:
        return Content("").join([Content.styled(f"{name:<{_NAME_WIDTH}}", MUTED), lit(value, self._highlights)])

    def _hanging(self, name: str, value: str) -> None:
        """Add a detail. If its value is wrapped, all lines of the value begin in the same column."""
        for number, line in enumerate(self._wrapped(value, self._cells - _NAME_WIDTH, "")):
            before = Content(" " * _NAME_WIDTH) if number else Content.styled(f"{name:<{_NAME_WIDTH}}", MUTED)
            self._lines.append(Content("").join([before, line]))

    def _wrapped(self, text: str, cells: int, style: str) -> list[Content]:
        content = lit(text, self._highlights, style)
        return [content[start:end] for start, end in wrapped(text, cells)]
