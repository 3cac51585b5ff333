"""Text from outside becomes safe text, once, on the way in.

Control characters would reach the terminal, bidirectional controls make text read as what it is not, and lone
surrogates cannot be stored. Each is replaced by one visible mark, so that nothing disappears unseen.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from store.paper import Author, Entry, Link, Organization, Paper

# SQLite's integers are 64 bits wide; a count beyond this is a mistake in the file.
_MOST = 2**53

_SURROGATES = range(0xD800, 0xE000)
_C0 = [c for c in range(0x20) if c not in (0x09, 0x0A, 0x0D)]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_TAGS = range(0xE0000, 0xE0080)
_INVISIBLE = [0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)]

_MARKS: dict[int, str | None] = {
    # The Unicode Control Pictures block has a picture for every C0 control at the same offset.
    **{c: chr(0x2400 + c) for c in _C0},
    0x7F: "␡",
    **dict.fromkeys([*range(0x80, 0xA0), *_BIDI, *_SURROGATES], "\ufffd"),
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **dict.fromkeys([*_TAGS, *_INVISIBLE], None),
}
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# So many marks may stand on one letter, as in the Stream-Safe Text Format of UAX 15. No script needs more than six;
# thousands are an attack on the lines above, and on NFC, whose time grows with the square of their number.
_MOST_MARKS = 30
_SIGNS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def clean(text: str) -> str:
    """`text` in NFC with every character that could act on a terminal replaced; tabs and line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    if UNSAFE.search(text):
        text = text.translate(_MARKS)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SIGNS.sub(_fewer_marks, text)
    return unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """Cleaned text on one line, runs of white space folded to one space: titles, names, identifiers."""
    return " ".join(clean(text).split())


def line_or_none(text: str | None) -> str | None:
    """As `line`; None where there is nothing left."""
    return (line(text) or None) if text else None


def prose(text: str | None) -> str | None:
    """Cleaned running text: paragraphs stay apart, line breaks inside them become spaces. None when empty."""
    if not text:
        return None
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH.split(clean(text)))
    return "\n\n".join(part for part in paragraphs if part) or None


def entry(said: Entry) -> Entry:
    """`said` with every string of its paper cleaned and every count that cannot be one made unknown."""
    paper = said.paper
    organization = paper.organization
    safe = Paper(
        title=line(paper.title),
        abstract=prose(paper.abstract),
        authors=tuple(
            Author(name, tuple(filter(None, map(line, author.affiliations))))
            for author in paper.authors
            if (name := line(author.name))
        ),
        author_count=_count(paper.author_count),
        organization=organization
        and (Organization(name, line_or_none(organization.slug)) if (name := line(organization.name)) else None),
        published=paper.published,
        updated=paper.updated,
        arxiv_id=line_or_none(paper.arxiv_id),
        arxiv_version=_count(paper.arxiv_version),
        doi=line_or_none(paper.doi),
        categories=tuple(filter(None, map(line, paper.categories))),
        venue=line_or_none(paper.venue),
        comment=line_or_none(paper.comment),
        upvotes=_count(paper.upvotes),
        comment_count=_count(paper.comment_count),
        links=tuple(Link(link.kind, url, _count(link.stars)) for link in paper.links if (url := line(link.url))),
        ai_summary=prose(paper.ai_summary),
        ai_keywords=tuple(filter(None, map(line, paper.ai_keywords))),
    )
    return msgspec.structs.replace(said, paper=safe, line=_count(said.line))


def _fewer_marks(signs: re.Match[str]) -> str:
    """Signs in a row, with one visible mark for all combining ones beyond so many on one letter."""
    kept: list[str] = []
    run = 0
    for sign in signs[0]:
        run = run + 1 if unicodedata.category(sign).startswith("M") else 0
        if run <= _MOST_MARKS:
            kept.append(sign)
        elif run == _MOST_MARKS + 1:
            kept.append("\ufffd")
    return "".join(kept)


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= _MOST else None
