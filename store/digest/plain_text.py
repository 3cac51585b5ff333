"""A digest as plain text, for the terminal and for the plain-text part of a mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from store.digest.contents import Digest, DigestPaper, Section
from store.digest.period import day_name

# The width of the lines of a mail (terminal cells). Mail programs show lines of this width without breaking them.
MAIL_WIDTH = 72
_INDENT = "    "


def text(digest: Digest, width: int = MAIL_WIDTH) -> str:
    """The digest in lines of at most `width` cells. Addresses are not broken, so they may be longer."""
    head = [f"Papers of {day_name(digest.day)}"]
    head += wrapped(digest.counts, width) + wrapped(f"New {digest.period}", width)
    if digest.subject:
        head += wrapped(f"Only papers that match: {digest.subject}", width)
    sections = ["\n".join(_section(section, width)) for section in digest.sections]
    return "\n\n\n".join(["\n".join(head), *(sections or ["Nothing is new."])]) + "\n"


def _section(section: Section, width: int) -> Iterator[str]:
    heading = f"{section.heading} ({section.total:,})"
    yield from wrapped(heading, width)
    yield "-" * min(_cells(heading), width)
    for number, paper in enumerate(section.papers, 1):
        yield ""
        yield from _paper(number, paper, width)
    if others := section.total - len(section.papers):
        yield ""
        yield f"{_INDENT}and {others:,} more: {section.command}"


def _paper(number: int, paper: DigestPaper, width: int) -> Iterator[str]:
    title, *more = wrapped(paper.title, width - len(_INDENT)) or [""]
    yield f"{number:>2}. {title}"
    for line in more:
        yield _INDENT + line
    for part in (paper.byline, paper.facts, f"Why: {paper.reason}", paper.summary):
        for line in wrapped(part, width - len(_INDENT)):
            yield _INDENT + line
    if paper.url:
        yield _INDENT + paper.url


def wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between words, or inside words that are longer than a line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        cells = _cells(word)
        if line and used + 1 + cells > width:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + cells) if line else (word, cells)
        while used > width:
            length = _beginning(line, width)
            lines.append(line[:length])
            line = line[length:]
            used = _cells(line)
    return [*lines, line] if line else lines


def _beginning(text: str, width: int) -> int:
    """How many characters at the beginning of `text` fit into `width` terminal cells; at least one."""
    used = 0
    for index, letter in enumerate(text):
        used += _cells(letter)
        if used > width:
            return max(1, index)
    return len(text)


def _cells(text: str) -> int:
    """The width of `text` on a terminal, in cells. East Asian characters have two cells, and combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text
    )
