"""Reads a text in Markdown, such as the texts of papers on Hugging Face, and plain text.

HTML inside Markdown is kept as source text. A picture becomes a caption with its description and its address. recto
loads the picture only when the user asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from store.model import limits
from store.model.errors import ListingError
from store.text import tex
from store.texts import citations
from store.texts.blocks import Block, BlockKind, FullText, Span, SpanKind, joined, one_span, title_of, web_address

_STYLES: dict[str, SpanKind] = {"em_open": "emphasis", "strong_open": "strong"}
# The types of the tokens in a paragraph that contains only pictures.
_PICTURE_LINE = frozenset(("image", "softbreak", "hardbreak", "link_open", "link_close"))
_REFERENCES = re.compile(r"(?:references|bibliography|literature cited)\W*", re.IGNORECASE)
# A formula in \[ \] or \( \) contains no second \[ or \(. Otherwise, the search would read the rest of the text for
# each of many brackets that are never closed. Numbers in \[ \] are a citation with escaped brackets.
_FORMULA = re.compile(
    r"\$\$(.+?)\$\$"
    r"|\\\[(?!\s*\d{1,4}(?:\s*[,;–-]\s*\d{1,4}){0,40}\s*\\\])((?:(?!\\\[).)+?)\\\]"
    r"|(?<![\\$\w])\$([^$\n]+?)\$(?![\d$])"
    r"|\\\(((?:(?!\\\().)+?)\\\)",
    re.DOTALL,
)
_DISPLAY = re.compile(r"\s*(?:\$\$(.+?)\$\$|\\\[(.+?)\\\])\s*", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
# Each formula is replaced by a placeholder, so that the Markdown parser does not take "*" or "_" in it for emphasis.
_PLACEHOLDER = "\ue000{}\ue001"
_PLACEHOLDERS = re.compile("\ue000(\\d+)\ue001")


def read(data: bytes) -> FullText:
    """Convert the content of a file to a full text. Raises ListingError when it contains no text or is too long."""
    if len(data) > limits.MARKDOWN:
        raise ListingError(f"it is larger than {limits.MARKDOWN // 2**20} MiB, too long for a text in Markdown")
    source = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\ue000", "").replace("\ue001", "")
    source = _FRONT_MATTER.sub("", source)
    reader = _Reader()
    blocks = reader.blocks(source)
    if not blocks:
        raise ListingError("the file has no text")
    return FullText(tuple(citations.linked(blocks)), title_of(blocks))


class _Reader:
    def __init__(self) -> None:
        self._formulas: list[str] = []
        self._blocks: list[Block] = []
        self._in_references = False
        # The rows of the table that is being read. The next number of each list that has not ended yet; None for a list
        # with bullets. The label of the next item.
        self._rows: list[list[str]] = []
        self._numbers: list[int | None] = []
        self._label = ""

    def blocks(self, source: str) -> list[Block]:
        markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable("table")
        tokens = markdown.parse(_FORMULA.sub(self._hide, source))
        self._read(tokens)
        return self._blocks

    def _hide(self, match: re.Match[str]) -> str:
        self._formulas.append(match[0])
        return _PLACEHOLDER.format(len(self._formulas) - 1)

    def _shown(self, text: str) -> str:
        """A copy of `text` in which each placeholder is replaced by the TeX source of its formula."""
        return _PLACEHOLDERS.sub(lambda match: self._source(int(match[1])), text)

    def _source(self, number: int) -> str:
        return self._formulas[number] if number < len(self._formulas) else ""

    def _add(self, kind: BlockKind, spans: tuple[Span, ...], level: int = 0) -> None:
        if not spans:
            return
        if kind == "heading":
            self._in_references = bool(
                _REFERENCES.fullmatch("".join(span.text for span in spans).lstrip("0123456789. "))
            )
        elif self._in_references and kind in ("paragraph", "list"):
            kind, level = "reference", 0
        self._blocks.append(Block(kind, spans, level))

    def _read(self, tokens: Sequence[Token]) -> None:
        kind: BlockKind = "paragraph"
        level = 0
        for token in tokens:
            if token.type == "heading_open":
                kind, level = "heading", int(token.tag[1:])
            elif token.type == "heading_close":
                kind, level = "paragraph", 0
            elif token.type in ("fence", "code_block"):
                self._add("code", one_span(self._shown(token.content).rstrip("\n")))
            elif token.type.startswith(("table", "tr")):
                self._read_table(token.type)
            elif "list" in token.type:
                self._read_list(token)
            elif token.type == "inline" and self._rows:
                self._rows[-1].append("".join(span.text for span in joined(self._spans(token.children or []))))
            elif token.type == "inline":
                self._read_text(token, kind, level)

    def _read_table(self, type: str) -> None:
        if type == "table_open":
            self._rows = []
        elif type == "tr_open":
            self._rows.append([])
        elif type == "table_close":
            text = "\n".join("\t".join(row) for row in self._rows)
            self._rows = []
            self._add("table", one_span(text) if text.strip() else ())

    def _read_list(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self._numbers.append(None)
        elif token.type == "ordered_list_open":
            self._numbers.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
        elif token.type == "list_item_open":
            number = self._numbers[-1]
            self._label = "• " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1

    def _read_text(self, token: Token, kind: BlockKind, level: int) -> None:
        if display := _DISPLAY.fullmatch(self._shown(token.content)):
            self._add("equation", one_span(tex.formula_for_display(display[1] or display[2])))
            return
        children = token.children or []
        if kind == "paragraph" and children and all(child.type in _PICTURE_LINE for child in children):
            self._add_pictures(children)
            return
        before = [Span(self._label)] if self._label else []
        self._label = ""
        is_item = bool(self._numbers) and kind == "paragraph"
        for tokens in _entries(children) if self._in_references and kind == "paragraph" else [children]:
            spans = joined([*before, *self._spans(tokens)])
            self._add("list" if is_item else kind, spans, level or len(self._numbers))
            before = []

    def _add_pictures(self, tokens: Sequence[Token]) -> None:
        """Add the pictures of a paragraph that contains nothing else, each with its description."""
        for token in tokens:
            if token.type == "image":
                text = " ".join(self._shown(token.content).split())
                address = web_address(str(token.attrGet("src") or ""))
                spans = one_span(text or "(picture without a description)")
                self._blocks.append(Block("caption", spans, picture=address))

    def _spans(self, tokens: Sequence[Token]) -> Iterator[Span]:
        styles: list[SpanKind] = []
        target = ""
        for token in tokens:
            if token.type in _STYLES:
                styles.append(_STYLES[token.type])
            elif token.type in ("em_close", "strong_close"):
                styles.pop()
            elif token.type == "link_open":
                target = web_address(str(token.attrGet("href") or ""))
            elif token.type == "link_close":
                target = ""
            elif token.type in ("softbreak", "hardbreak"):
                yield Span(" ")
            elif token.type == "code_inline":
                yield Span(self._shown(token.content), "code")
            elif token.type == "image":
                yield Span(f"[picture: {self._shown(token.content)}]", "emphasis")
            elif token.content:
                kind: SpanKind = "link" if target else styles[-1] if styles else "text"
                yield from self._text(token.content, kind, target)

    def _text(self, text: str, kind: SpanKind, target: str) -> Iterator[Span]:
        """The spans of a text in one style, in which each placeholder is replaced by its formula."""
        for index, part in enumerate(_PLACEHOLDERS.split(text)):
            if index % 2 == 0:
                yield Span(part, kind, target)
            else:
                match = _FORMULA.fullmatch(self._source(int(part)))
                source = next(filter(None, match.groups()), "") if match else ""
                yield Span(tex.formula_for_display(source), "math", target)


def _entries(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The parts of a paragraph of the bibliography: a line that begins with a label, such as "[2]", begins a part."""
    start = 0
    for index, (before, token) in enumerate(pairwise(tokens), 1):
        is_at_line_start = before.type in ("softbreak", "hardbreak")
        if is_at_line_start and citations.begins_entry(token.content, tokens[0].content):
            yield tokens[start : index - 1]
            start = index
    yield tokens[start:]
