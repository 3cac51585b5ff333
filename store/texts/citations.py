"""Adds links from citations to the bibliography, for a text without links, such as that of a PDF."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from store.texts.blocks import Block, Span

# Matches the label at the start of a bibliography entry: "[12]" or "12.".
_LABEL = re.compile(r"\[(\d{1,4})\]|(\d{1,3})\.(?=\s)")
# Matches citations by numbers in brackets, such as [3], [3, 5] and [3–5], and web addresses. Each number and each
# address becomes a separate span.
_CITATION = re.compile(r"\[\d{1,4}(?:\s*[,;–-]\s*\d{1,4}){0,40}\]")
_NUMBER = re.compile(r"\d{1,4}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{4,500}[^\s<>\".,;:)\]}’”]")
# Matches a year, with a letter if an author has several works of that year: "2014a".
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d[a-z]?(?![\d\w])")
# Matches a family name: a capital and at least two more letters. The length is limited, because matching the long words
# of a hostile file would take quadratic time.
_ANY_NAME = r"(?<![^\W\d_])(?=[^\W\d_a-z])[^\W\d_]{3,40}(?:[-’'][^\W\d_]{1,40}){0,3}"
_NAME = re.compile(_ANY_NAME)
# The name of the first author is searched for in this many characters at the start of an entry.
_LONGEST_NAME = 60
# Matches a citation by the name of an author and one or more years: "Smith (2014)", "Smith and Jones, 2014a,b", "Smith
# et al. 2014".
_AUTHOR_AND_YEARS = re.compile(
    rf"(?P<name>{_ANY_NAME})(?:,? (?:et al\.?|(?:and|&) [^\W\d_][\w’'-]{{1,40}}|, [^\W\d_][\w’'-]{{1,40}}){{1,3}})?,?"
    r"\s?[(\[]?(?P<years>(?:1[89]|20)\d\d[a-z]?(?:[,;]\s?(?:1[89]|20)\d\d[a-z]?){0,8})(?!\d)"
)
_LINKED = frozenset(("paragraph", "list", "caption", "note", "reference"))


def linked(blocks: Iterable[Block]) -> list[Block]:
    """A copy of the blocks in which citations link to bibliography entries, and addresses to web pages.

    Citations are numbers in brackets, or the name of an author with a year.
    """
    with_anchors = [_with_anchor(block, number) for number, block in enumerate(blocks)]
    entries = [block for block in with_anchors if block.kind == "reference" and block.anchor]
    anchors = {block.anchor for block in entries}
    by_author = _by_author(entries)
    return [
        msgspec.structs.replace(block, spans=tuple(_spans(block, anchors, by_author)))
        if block.kind in _LINKED
        else block
        for block in with_anchors
    ]


def _with_anchor(block: Block, number: int) -> Block:
    """A block to which citations can link: an entry of the bibliography gets an anchor, made from its label or else
    from its index. Any other block is returned unchanged.
    """
    if block.kind != "reference" or block.anchor:
        return block
    label = _LABEL.match(block.text)
    return msgspec.structs.replace(block, anchor=f"ref-{label[1] or label[2]}" if label else f"entry-{number}")


def _by_author(entries: Iterable[Block]) -> dict[tuple[str, str], str]:
    """Maps the family name of the first author and the year of each entry without a number to the anchor of the entry.

    Entries with the same name and year are left out, unless a letter after the year distinguishes them.
    """
    found: dict[tuple[str, str], str] = {}
    unclear: set[tuple[str, str]] = set()
    for entry in entries:
        year = _YEAR.search(entry.text)
        if not entry.anchor.startswith("entry-") or year is None:
            continue
        # The family name may be before or after the initials: "Smith, J. B." or "J. B. Smith".
        name = next((match[0] for match in _NAME.finditer(entry.text, 0, _LONGEST_NAME)), "")
        key = (name, year[0])
        if key in found:
            unclear.add(key)
        found[key] = entry.anchor
    return {key: anchor for key, anchor in found.items() if key not in unclear and key[0]}


def _spans(block: Block, anchors: Collection[str], by_author: Mapping[tuple[str, str], str]) -> Iterator[Span]:
    """The spans of a block, divided so that each citation and each address is a separate span."""
    text = block.text
    at = 0
    for start, end, target in sorted(_targets(text, block.kind == "reference", anchors, by_author)):
        if start >= at:
            yield from _part(block.spans, at, start)
            yield Span(text[start:end], "citation" if target.startswith("#") else "link", target)
            at = end
    yield from _part(block.spans, at, len(text))


def _part(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """The part from `start` to `end` of `spans`. Both are indices in the joined text of the spans."""
    at = 0
    for span in spans:
        if at < end and at + len(span.text) > start:
            yield Span(span.text[max(0, start - at) : end - at], span.kind)
        at += len(span.text)


def _targets(
    text: str, is_reference: bool, anchors: Collection[str], by_author: Mapping[tuple[str, str], str]
) -> Iterator[tuple[int, int, str]]:
    for address in _ADDRESS.finditer(text):
        yield address.start(), address.end(), address[0]
    if is_reference:
        return
    for citation in _CITATION.finditer(text):
        for number in _NUMBER.finditer(text, citation.start(), citation.end()):
            if (anchor := f"ref-{int(number[0])}") in anchors:
                yield number.start(), number.end(), f"#{anchor}"
    for citation in _AUTHOR_AND_YEARS.finditer(text) if by_author else ():
        for year in _YEAR.finditer(text, citation.start("years"), citation.end()):
            if found := by_author.get((citation["name"], year[0])):
                # The name and the first year become one link: "Smith (2014)". Further years are separate links.
                start = citation.start() if year.start() == citation.start("years") else year.start()
                yield start, year.end(), f"#{found}"
