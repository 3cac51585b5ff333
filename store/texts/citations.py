"""Adds links to a text that has none, such as that of a PDF: from each citation to its entry in the bibliography."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from store.texts.blocks import Block, Span

# The label at the start of an entry: "[12]" or "12.".
_LABEL = re.compile(r"\[(\d{1,4})\]|(\d{1,3})\.(?=\s)")
# Numbers in brackets: [3], [3, 5], [3–5]. Each number and each address becomes a separate span.
_CITATION = re.compile(r"\[\d{1,4}(?:\s*[,;–-]\s*\d{1,4}){0,40}\]")
_NUMBER = re.compile(r"\d{1,4}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{4,500}[^\s<>\".,;:)\]}’”]")
_LINKED = frozenset(("paragraph", "list", "caption", "note", "reference"))


def linked(blocks: Iterable[Block]) -> list[Block]:
    """A copy of the blocks in which numbers in brackets link to bibliography entries, and addresses to web pages."""
    with_anchors = [_with_anchor(block) for block in blocks]
    anchors = {block.anchor: block.anchor for block in with_anchors if block.kind == "reference" and block.anchor}
    return [
        msgspec.structs.replace(block, spans=tuple(_spans(block.text, block.kind == "reference", anchors)))
        if block.kind in _LINKED and len(block.spans) == 1
        else block
        for block in with_anchors
    ]


def _with_anchor(block: Block) -> Block:
    label = _LABEL.match(block.text) if block.kind == "reference" else None
    return msgspec.structs.replace(block, anchor=f"ref-{label[1] or label[2]}") if label else block


def _spans(text: str, is_reference: bool, anchors: Mapping[str, str]) -> Iterator[Span]:
    at = 0
    for start, end, target in sorted(_targets(text, is_reference, anchors)):
        if start >= at:
            if start > at:
                yield Span(text[at:start])
            yield Span(text[start:end], "citation" if target.startswith("#") else "link", target)
            at = end
    if at < len(text):
        yield Span(text[at:])


def _targets(text: str, is_reference: bool, anchors: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for address in _ADDRESS.finditer(text):
        yield address.start(), address.end(), address[0]
    if is_reference:
        return
    for citation in _CITATION.finditer(text):
        for number in _NUMBER.finditer(text, citation.start(), citation.end()):
            if (anchor := f"ref-{int(number[0])}") in anchors:
                yield number.start(), number.end(), f"#{anchor}"
