"""Makes blocks from the lines of a PDF: joins lines and words divided by hyphens, and marks emphasized words."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from store.texts import pdf_equations, pdf_tables
from store.texts.blocks import Block, BlockKind, Span, SpanKind, one_span
from store.texts.pdf_lines import FILLER, SOFT_HYPHEN, Emphasis, Line

# Matches a word that is divided by a hyphen at the end of a line.
_DIVIDED = re.compile(rf"(?<![^\W\d_])([^\W\d_]{{1,40}}){SOFT_HYPHEN}([^\W\d_]{{1,40}})")
# Matches characters that are removed from the text of a block.
_REMOVED = re.compile(f"[{SOFT_HYPHEN}{FILLER}]")
# Matches a web address that is divided after one of these signs at the end of a line.
_ADDRESS_END = re.compile(r"https?:(?:/{0,2}|//\S+[/.\-_=&?%~])$")
_LONGEST_ADDRESS = 300
# Emphasized words are marked only in these kinds of blocks. A block of another kind, such as a heading, is shown as a
# whole in one style.
_WITH_EMPHASIS = frozenset(("paragraph", "list", "note", "caption", "reference"))
# If at least this share of the characters of a text (0 to 1) is italic, italic words are not emphasized. The same rule
# applies to bold.
_USUAL_STYLE = 0.5


@dataclass
class OpenBlock:
    """A block to which lines may still be added."""

    kind: BlockKind
    level: int
    page: int
    lines: list[Line]
    text: str
    emphasis: list[Emphasis] = field(default_factory=list)

    @classmethod
    def of(cls, kind: BlockKind, level: int, line: Line) -> OpenBlock:
        """A block with one line."""
        return cls(kind, level, line.page, [line], line.text, list(line.emphasis))

    def add(self, line: Line, separator: str = "") -> None:
        """Add the next line to the block. `separator`, which is not in the PDF, is put before it."""
        self.lines.append(line)
        self.text += separator
        if self.kind == "code":
            self.text += "\n" + self._code(line)
        else:
            self._continue(line.text, line.emphasis)

    def join(self, other: OpenBlock) -> None:
        """Add the text of another block, which continues the last sentence of this block."""
        self.lines.extend(other.lines)
        self._continue(other.text, other.emphasis)

    def _continue(self, text: str, emphasis: Iterable[Emphasis]) -> None:
        self.text = _continued(self.text, text)
        self.emphasis += [each.moved(len(self.text) - len(text)) for each in emphasis]

    def _code(self, line: Line) -> str:
        """A line of a program with its indentation, which is computed from its left edge and the width of its
        letters.
        """
        first = self.lines[0]
        letter = (line.right - line.left) / max(1, len(line.text))
        return " " * min(40, max(0, round((line.left - first.left) / letter))) + line.text if letter else line.text

    @property
    def last(self) -> Line:
        """The last line."""
        return self.lines[-1]

    def block(self, compounds: Collection[str], usual: Collection[SpanKind] = ()) -> Block:
        """The finished block. `compounds` are the words that the paper writes with a hyphen, in lower case. Emphasis of
        a kind in `usual`, such as bold, is left out.
        """
        first_page = [line for line in self.lines if line.page == self.page]
        box = (
            min(line.left for line in first_page),
            min(line.bottom for line in first_page),
            max(line.right for line in first_page),
            max(line.top for line in first_page),
        )
        return Block(self.kind, self._spans(compounds, usual), self.level, self.page, box)

    def _spans(self, compounds: Collection[str], usual: Collection[SpanKind]) -> tuple[Span, ...]:
        text = self.text
        if self.kind == "table":
            text = pdf_tables.text(self.lines)
        elif self.kind == "equation":
            text = pdf_equations.text(self.lines)
        text = _with_hyphens(text, compounds)
        removed = [match.start() for match in _REMOVED.finditer(text)]
        whole = _REMOVED.sub("", text)
        if self.kind not in _WITH_EMPHASIS:
            return one_span(whole)
        emphasis = [
            Emphasis(
                each.start - bisect.bisect_left(removed, each.start),
                each.end - bisect.bisect_left(removed, each.end),
                each.kind,
            )
            for each in self.emphasis
            if each.kind not in usual
        ]
        return tuple(_emphasized(whole, emphasis))


def usual_styles(blocks: Sequence[OpenBlock]) -> set[SpanKind]:
    """The kinds of emphasis, such as bold, that so much of the text has that they emphasize nothing."""
    counts: Counter[SpanKind] = Counter()
    characters = 0
    for block in blocks:
        characters += len(block.text)
        for each in block.emphasis:
            counts[each.kind] += each.end - each.start
    return {kind for kind, count in counts.items() if count >= _USUAL_STYLE * characters}


def _emphasized(text: str, emphasis: Iterable[Emphasis]) -> Iterable[Span]:
    """`text` as spans. Two emphasized passages of the same kind with only white space between them become one span."""
    joined: list[Emphasis] = []
    for each in emphasis:
        if joined and joined[-1].kind == each.kind and not text[joined[-1].end : each.start].strip():
            joined[-1] = joined[-1]._replace(end=each.end)
        else:
            joined.append(each)
    at = 0
    for each in joined:
        if each.start > at:
            yield Span(text[at : each.start])
        if each.end > each.start:
            yield Span(text[each.start : each.end], each.kind)
        at = each.end
    if at < len(text) or not text:
        yield Span(text[at:])


def _continued(text: str, more: str) -> str:
    """`text` with the text of the next line added. If a word is divided between the lines, a soft hyphen stays between
    its parts.
    """
    if text.endswith(SOFT_HYPHEN):
        return text + more
    if text.endswith("-") and more[:1].islower() and text[-2:-1].isalpha():
        return text[:-1] + SOFT_HYPHEN + more
    if _ADDRESS_END.search(text[-_LONGEST_ADDRESS:]) and not more[:1].isupper():
        return text + more
    return f"{text} {more}"


def _with_hyphens(text: str, compounds: Collection[str]) -> str:
    """`text`, in which a soft hyphen in a divided word becomes a hyphen if the paper writes the word with a hyphen
    elsewhere.
    """

    def whole(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        return f"{first}-{second}" if f"{first}-{second}".lower() in compounds else match[0]

    return _DIVIDED.sub(whole, text)
