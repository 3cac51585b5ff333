"""The types of a full text: a sequence of blocks, such as headings and paragraphs, each made of spans of text.

The text in blocks comes from files, so it is untrusted until `cleaned` has removed control characters and enforced the
limits. The code that draws the text on the screen cleans it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from store.text.clean import clean, line

BlockKind = Literal["heading", "paragraph", "equation", "caption", "note", "reference", "list", "table", "code"]
SpanKind = Literal["text", "emphasis", "strong", "math", "code", "link", "citation"]
# The box of the text of a block on a page of a PDF: left, bottom, right and top, in points from the lower left corner.
Box = tuple[float, float, float, float]

# The kinds of blocks in which line breaks and tabs have a meaning: they separate rows and cells of a table, or lines of
# code and of equations.
_WITH_LINES = frozenset(("table", "code", "equation"))
# Limits of one text: the number of blocks, the number of spans and of characters in a block, and the number of
# characters in the whole text. For comparison, a book of a thousand pages has 20,000 blocks and three million
# characters.
MOST_BLOCKS = 200_000
MOST_SPANS = 5_000
MOST_CHARACTERS = 200_000
MOST_CHARACTERS_IN_ALL = 30_000_000
_LONGEST_TARGET = 2_000
# The link of a picture begins with this if the web page itself contains the data of the picture (see `Block.picture`).
EMBEDDED = "data:"
_DEEPEST_LEVEL = 9
_SPACES = re.compile(r"\s+")


class Span(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A part of a block in one style.

    `target` is the target of a link or a citation: a web address, or "#" and the anchor of another block of the text.
    """

    text: str
    kind: SpanKind = "text"
    target: str = ""


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """One block of a text.

    `level` is the level of a heading, from 1 for the title of the paper, and the depth of a list item, from 1. `page`
    counts from 1; `page` and `box` are known only for a text from a PDF. `anchor` is the name by which spans refer to
    the block. In a table, line feeds separate the rows and tabs the cells. `picture` is the link of the picture that
    belongs to a caption of a web page. "data:3" means that the fourth `img` element of the page contains the data of
    the picture itself.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0
    page: int | None = None
    box: Box | None = None
    anchor: str = ""
    picture: str = ""

    @property
    def text(self) -> str:
        """The text of the block without styles."""
        return self.spans[0].text if len(self.spans) == 1 else "".join([span.text for span in self.spans])


class FullText(msgspec.Struct, frozen=True, omit_defaults=True):
    """The blocks of a text in reading order.

    `title` is the title in the text, or "" if none was found. `pages` is the number of pages of a PDF, and 0 for other
    formats. `remarks` are sentences for the user about what could not be read. `is_scan` is true if most pages of a PDF
    have no text, so that they can only be shown as pictures. `blocks` may then be empty.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    pages: int = 0
    remarks: tuple[str, ...] = ()
    is_scan: bool = False

    @property
    def words(self) -> int:
        """The number of words in the text, without the bibliography."""
        return sum(block.text.count(" ") + 1 for block in self.blocks if block.kind != "reference")


def one_span(text: str) -> tuple[Span, ...]:
    """The spans of a block of plain text: a single span."""
    return (Span(text),)


def title_of(blocks: Iterable[Block]) -> str:
    """The text of the first heading of level 1, which is the title of the paper; "" when there is none."""
    return next((block.text for block in blocks if block.kind == "heading" and block.level == 1), "")


def web_address(href: str) -> str:
    """`href` if it is an http or https address with a host; "" for any other target of a link."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return href if parts.scheme in ("http", "https") and parts.netloc else ""


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Simplify spans: each run of white space becomes one space, and spaces at the start and the end are removed.

    Neighbouring spans of the same kind with the same target become one span.
    """
    tidy: list[Span] = []
    ends_with_space = True
    for span in spans:
        text = _SPACES.sub(" ", span.text)
        if ends_with_space:
            text = text.lstrip(" ")
        if not text:
            continue
        ends_with_space = text[-1] == " "
        if tidy and (tidy[-1].kind, tidy[-1].target) == (span.kind, span.target):
            tidy[-1] = Span(tidy[-1].text + text, span.kind, span.target)
        else:
            tidy.append(Span(text, span.kind, span.target))
    if tidy and ends_with_space:
        last = tidy.pop()
        if text := last.text.rstrip(" "):
            tidy.append(Span(text, last.kind, last.target))
    return tuple(tidy)


def cleaned(text: FullText) -> FullText:
    """`text` without control characters, shortened to the limits of size above. Blocks without text are left out."""
    left = MOST_CHARACTERS_IN_ALL
    is_block_cut = False
    blocks: list[Block] = []
    for block in text.blocks[:MOST_BLOCKS]:
        safe = _cleaned_block(block)
        is_block_cut = is_block_cut or len(block.spans) > MOST_SPANS or len(block.text) > MOST_CHARACTERS
        left -= len(safe.text)
        if left < 0:
            break
        if safe.text.strip():
            blocks.append(safe)
    is_cut = left < 0 or len(text.blocks) > MOST_BLOCKS
    remarks = [line(remark)[:500] for remark in text.remarks[:20]]
    if is_cut:
        remarks.append("the text is longer than recto reads; its end is missing")
    if is_block_cut:
        remarks.append("a paragraph is longer than recto reads; its end is missing")
    pages = max(0, min(text.pages, 10**6))
    return FullText(tuple(blocks), line(text.title)[:1_000], pages, tuple(remarks), text.is_scan and pages > 0)


def _cleaned_block(block: Block) -> Block:
    has_lines = block.kind in _WITH_LINES
    spans: list[Span] = []
    left = MOST_CHARACTERS
    for span in block.spans[:MOST_SPANS]:
        text = clean(span.text[:left])
        if not has_lines and not text.isprintable():
            text = _SPACES.sub(" ", text)
        left -= len(text)
        spans.append(Span(text, span.kind, line(span.target)[:_LONGEST_TARGET]))
    return Block(
        block.kind,
        tuple(spans),
        max(0, min(block.level, _DEEPEST_LEVEL)),
        block.page,
        block.box,
        line(block.anchor)[:200],
        line(block.picture)[:_LONGEST_TARGET],
    )


def plain(blocks: Sequence[Block]) -> str:
    """The text of `blocks` for the search index: one line for each block, without the bibliography."""
    return "\n".join([block.text for block in blocks if block.kind != "reference"])
