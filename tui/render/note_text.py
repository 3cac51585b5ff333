"""Converts the user's note on a paper, which is Markdown, to blocks of styled text for the page of the paper.

Images and HTML are shown as plain text, and only addresses that are safe to open become links. Line breaks are kept as
they were typed, because notes are often lists of short lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from textual.content import Span

from store.papers import addresses
from tui.render import styled
from tui.render.page_layout import MUTED, Block, BlockLink

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Only this many characters of a note are parsed as Markdown. The rest is shown as plain text, because the time
# to parse some malformed notes grows with the square of their length.
_LONGEST_MARKDOWN = 8_000
_CODE = "$organization"
_STYLES = {"em": "italic", "strong": "bold", "s": "strike"}
_MARKS_OF_LISTS = ("•", "◦", "·")


def blocks(note: str) -> list[Block]:
    """The blocks of a note in their order. An empty line of the note becomes a block without text."""
    # `end` is where the parsed part of a long note ends. It is at the end of a line, so that no word is split.
    end = (
        note.rfind("\n", 0, _LONGEST_MARKDOWN) + 1 or _LONGEST_MARKDOWN if len(note) > _LONGEST_MARKDOWN else len(note)
    )
    shown = [*_Walk().blocks(_parser().parse(note[:end]))]
    # The parser leaves out very deeply nested text. If the result is empty, show the whole note as plain text.
    rest = note[end if shown else 0 : styled.LONGEST_TEXT]
    ending = "…" if len(note) > styled.LONGEST_TEXT else ""
    return [*shown, Block(styled.safe_text(rest) + ending)] if rest else shown


@cache
def _parser() -> MarkdownIt:
    # Imported here, because few papers have a note.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "linkify": True})
    parser.enable(["linkify", "strikethrough"])
    # Link references are switched off because the parser would remove the lines that define them. Images and HTML are
    # switched off so that they are shown as text.
    parser.disable(["image", "html_block", "html_inline", "reference"])
    # Only a complete address with "https://" or the like becomes a link, because notes contain many names with a dot,
    # such as "model.py".
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser


class _Walk:
    """Turns the tokens of the Markdown parser into blocks. Each note needs a new `_Walk`."""

    def __init__(self) -> None:
        # The indents (texts at the start of a line) of the lists and quotes that contain the current token. The first
        # line of a list item begins with a mark, such as "•" or "1.". `_mark` contains it until the first block of the
        # item is made.
        self._indents: list[str] = []
        self._mark = ""
        # For each list that contains the current token, the number of the next item; None for a bullet list.
        self._numbers: list[int | None] = []
        # The index of the line of the note that follows the block made last.
        self._line = 0
        self._heading = False
        # Whether the block made last is in a quote.
        self._was_quoted = False

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            match token.type:
                case "bullet_list_open":
                    self._numbers.append(None)
                case "ordered_list_open":
                    self._numbers.append(int(token.attrs.get("start", 1)))
                case "bullet_list_close" | "ordered_list_close":
                    self._numbers.pop()
                case "list_item_open":
                    self._open_item()
                case "blockquote_open":
                    self._indents.append("│ ")
                case "list_item_close" | "blockquote_close":
                    self._indents.pop()
                    if self._mark:
                        # The list item has no text, so no block shows its mark yet. Make an empty block that shows it.
                        yield Block("", indent=f"{''.join(self._indents)}{self._mark}")
                        self._mark = ""
                case "heading_open" | "heading_close":
                    self._heading = token.nesting > 0
                case _ if token.type in ("inline", "fence", "code_block", "hr"):
                    yield from self._leaf(token)

    def _open_item(self) -> None:
        number = self._numbers[-1]
        depth = sum(each is None for each in self._numbers)
        self._mark = f"{_MARKS_OF_LISTS[(depth - 1) % len(_MARKS_OF_LISTS)]} " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._indents.append(" " * len(self._mark))

    def _leaf(self, token: Token) -> Iterator[Block]:
        """The block for a token that has text.

        An empty block precedes it if the note has an empty line before that text.
        """
        is_quoted = self._indents[:1] == ["│ "]
        first, end = token.map or (self._line, self._line)
        if self._line and first > self._line:
            yield Block("", indent="│" if is_quoted and self._was_quoted else "")
        self._line, self._was_quoted = end, is_quoted
        following = "".join(self._indents)
        indent = f"{''.join(self._indents[:-1])}{self._mark}" if self._mark else following
        self._mark = ""
        if token.type == "hr":
            yield Block("───", (Span(0, 3, MUTED),), (), indent, following)
        elif token.type == "inline":
            text, spans, links = _inline(token.children or ())
            if self._heading:
                spans = (Span(0, len(text), "bold $heading"), *spans)
            yield Block(text, spans, links, indent, following)
        else:
            code = styled.safe_text(token.content.rstrip("\n"))
            yield Block(code, (Span(0, len(code), _CODE),), (), f"{indent}  ", f"{following}  ")


def _inline(tokens: Sequence[Token]) -> tuple[str, tuple[Span, ...], tuple[BlockLink, ...]]:
    """The text of the inline tokens of a block, the styles of its parts, and its links."""
    text = ""
    spans: list[Span] = []
    links: list[BlockLink] = []
    opened: list[tuple[str, int, str]] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.nesting > 0:
            opened.append((name, len(text), str(token.attrs.get("href", ""))))
        elif token.nesting < 0 and opened:
            name, start, href = opened.pop()
            if name in _STYLES:
                spans.append(Span(start, len(text), _STYLES[name]))
            elif (address := addresses.may_open(href)) is not None:
                spans.append(Span(start, len(text), "underline"))
                links.append(BlockLink(start, len(text), address))
                text += _destination(text[start:], address)
        elif token.type in ("softbreak", "hardbreak"):
            text += "\n"
        else:
            # The parser replaces entities such as "&#27;" by control characters, so clean the text after parsing.
            added = styled.safe_text(token.content)
            if token.type == "code_inline":
                spans.append(Span(len(text), len(text) + len(added), _CODE))
            text += added
    return text, tuple(spans), tuple(links)


def _destination(shown: str, address: str) -> str:
    """The host of a link in parentheses, to be shown after the text of the link; "" if that text contains the host."""
    host = urlsplit(address).hostname or ""
    return "" if host in shown else f" ({styled.safe(host, 100)})"
