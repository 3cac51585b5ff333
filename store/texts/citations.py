"""Adds links from citations to the bibliography, for texts without such links: those of PDFs and Markdown files."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec

from store.texts.blocks import Block, Span

# Matches the label at the start of a bibliography entry, which may be an item of a list: "[12]" or "12.".
_LABEL = re.compile(r"(?:• )?(?:\[(\d{1,4})\]|(\d{1,3})\.(?=\s))")
# Matches the label of an entry that is not only a number, such as "[Knu84]" or "[Daly, 2007: 3]", and citations in this
# form. Several labels in one pair of brackets are separated by commas or semicolons.
_NAMED_LABEL = re.compile(r"(?:• )?\[([^\[\]\n]{1,60})\]")
_NAMED_CITATION = re.compile(r"\[([^\[\]\n]{1,200})\]")
_PART_OF_CITATION = re.compile(r"[^,;\s](?:[^,;]*[^,;\s])?")
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
# The kinds of spans in which nothing is a citation or an address.
_LEFT_ALONE = frozenset(("code", "math", "link", "citation"))
_LINKED = frozenset(("paragraph", "list", "caption", "note", "reference"))


class _Bibliography(NamedTuple):
    """The anchors of all entries, and those of the entries with a label that is not a number, by label.

    `by_author` maps the family name of the first author and the year of an entry to its anchor.
    """

    anchors: Collection[str]
    by_label: Mapping[str, str]
    by_author: Mapping[tuple[str, str], str]


def linked(blocks: Iterable[Block]) -> list[Block]:
    """A copy of the blocks in which citations link to bibliography entries, and addresses to web pages.

    Citations are numbers or other labels in brackets, or the name of an author with a year. Links, formulas and code
    are not changed.
    """
    with_anchors = [_with_anchor(block, number) for number, block in enumerate(blocks)]
    entries = [block for block in with_anchors if block.kind == "reference" and block.anchor]
    bibliography = _Bibliography({block.anchor for block in entries}, _by_label(entries), _by_author(entries))
    return [
        msgspec.structs.replace(block, spans=tuple(_spans(block, bibliography))) if block.kind in _LINKED else block
        for block in with_anchors
    ]


def begins_entry(line: str, first: str) -> bool:
    """Whether a line of a bibliography begins with the label of an entry: "[12]", "12." or "[Knu84]".

    `first` is the first line of the bibliography. If it begins with a number, other labels are parts of entries, such
    as "[in Russian]".
    """
    return bool(_LABEL.match(line) or (not _LABEL.match(first) and _NAMED_LABEL.match(line)))


def _with_anchor(block: Block, number: int) -> Block:
    """A block to which citations can link: an entry of the bibliography gets an anchor, made from its label or else
    from its index. Any other block is returned unchanged.
    """
    if block.kind != "reference" or block.anchor:
        return block
    label = _LABEL.match(block.text)
    return msgspec.structs.replace(block, anchor=f"ref-{label[1] or label[2]}" if label else f"entry-{number}")


def _by_label(entries: Iterable[Block]) -> dict[str, str]:
    """Maps the label of each entry whose label is not a number to the anchor of the entry."""
    by_label: dict[str, str] = {}
    for entry in entries:
        label = _NAMED_LABEL.match(entry.text)
        if label is not None and entry.anchor.startswith("entry-"):
            by_label.setdefault(_usual(label[1]), entry.anchor)
    return by_label


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


def _spans(block: Block, bibliography: _Bibliography) -> Iterator[Span]:
    """The spans of a block, divided so that each citation and each address is a separate span."""
    text = block.text
    spans = _SpansByPlace(block.spans)
    # Search a text of the same length, in which line ends replace the spans that are left alone.
    searched = "".join("\n" * len(span.text) if span.kind in _LEFT_ALONE else span.text for span in block.spans)
    at = 0
    targets = _targets(searched, block.kind == "reference", bibliography)
    # Of several that begin at the same index, prefer the longest.
    for start, end, target in sorted(targets, key=lambda each: (each[0], -each[1])):
        if start >= at and "\n" not in searched[start:end]:
            yield from spans.between(at, start)
            yield Span(text[start:end], "citation" if target.startswith("#") else "link", target)
            at = end
    yield from spans.between(at, len(text))


class _SpansByPlace:
    """Spans that are found by their place in the joined text, in a time that does not depend on their number."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = list(accumulate((len(span.text) for span in spans), initial=0))

    def between(self, start: int, end: int) -> Iterator[Span]:
        """The spans of the part of the joined text from the index `start` to the index `end`."""
        for index in range(max(0, bisect_right(self._starts, start) - 1), len(self._spans)):
            span, first = self._spans[index], self._starts[index]
            if first >= end:
                return
            if text := span.text[max(0, start - first) : end - first]:
                yield Span(text, span.kind, span.target)


def _targets(text: str, is_reference: bool, bibliography: _Bibliography) -> Iterator[tuple[int, int, str]]:
    """The addresses and citations in a text: for each, the first index, the index after it, and the target of the link.

    The results may overlap. Citations in entries of the bibliography are left out.
    """
    for address in _ADDRESS.finditer(text):
        yield address.start(), address.end(), address[0]
    if is_reference:
        return
    for citation in _CITATION.finditer(text):
        for number in _NUMBER.finditer(text, citation.start(), citation.end()):
            if (anchor := f"ref-{int(number[0])}") in bibliography.anchors:
                yield number.start(), number.end(), f"#{anchor}"
    if bibliography.by_label:
        yield from _labels(text, bibliography)
    for citation in _AUTHOR_AND_YEARS.finditer(text) if bibliography.by_author else ():
        for year in _YEAR.finditer(text, citation.start("years"), citation.end()):
            author_anchor = bibliography.by_author.get((citation["name"], year[0]))
            if author_anchor:
                # The name and the first year become one link: "Smith (2014)". Further years are separate links.
                start = citation.start() if year.start() == citation.start("years") else year.start()
                yield start, year.end(), f"#{author_anchor}"


def _labels(text: str, bibliography: _Bibliography) -> Iterator[tuple[int, int, str]]:
    """The citations by labels such as "[Knu84]" in a text, in the form in which `_targets` returns them."""
    for citation in _NAMED_CITATION.finditer(text):
        # A label may contain a comma, so the whole text in the brackets may be one label.
        if whole := bibliography.by_label.get(_usual(citation[1])):
            yield citation.start(1), citation.end(1), f"#{whole}"
            continue
        parts = list(_PART_OF_CITATION.finditer(text, citation.start(1), citation.end(1)))
        # "[2, Knu84]" contains a number of an entry, but "[Theorem 2, 3]" does not.
        if not any(_usual(part[0]) in bibliography.by_label for part in parts):
            continue
        for part in parts:
            label = _usual(part[0])
            anchor = bibliography.by_label.get(label, f"ref-{label}")
            if anchor in bibliography.anchors:
                yield part.start(), part.end(), f"#{anchor}"


def _usual(label: str) -> str:
    """A label with single spaces, as a key of `by_label`."""
    return " ".join(label.split())
