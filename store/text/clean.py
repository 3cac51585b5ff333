"""Text from outside becomes safe text, once, on the way in.

Control characters would reach the terminal, bidirectional controls make text read as what it is not, and lone
surrogates cannot be stored. Each is replaced by one visible mark, so that nothing disappears unseen.
"""

from __future__ import annotations

import re
import unicodedata

from store.model.paper import Author, Entry, Link, Organization, Paper

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
# As str.isprintable() for ASCII, in half the time.
_PRINTABLE = re.compile("[ -~]*+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def clean(text: str) -> str:
    """`text` in NFC with every character that could act on a terminal replaced; tabs and line ends stay."""
    if not text.isprintable():
        if UNSAFE.search(text):
            text = text.translate(_MARKS)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() or _is_latin(text):
        return text
    text = _SIGNS.sub(_fewer_marks, text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """Cleaned text on one line, runs of white space folded to one space: titles, names, identifiers."""
    text = clean(text)
    return text if _is_line(text) else " ".join(text.split())


def line_or_none(text: str | None) -> str | None:
    """As `line`; None where there is nothing left."""
    return (line(text) or None) if text else None


def prose(text: str | None) -> str | None:
    """Cleaned running text: paragraphs stay apart, line breaks inside them become spaces. None when empty."""
    if not text:
        return None
    text = clean(text)
    if _is_line(text):
        return text or None
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH.split(text))
    return "\n\n".join(part for part in paragraphs if part) or None


def entry(said: Entry) -> Entry:
    """`said` with every string of its paper cleaned and every count that cannot be one made unknown."""
    if _is_clean(said):
        return said
    paper = said.paper
    safe = Paper(
        title=line(paper.title),
        abstract=prose(paper.abstract),
        authors=_authors(paper.authors),
        author_count=_count(paper.author_count),
        organization=_organization(paper.organization) if paper.organization else None,
        published=paper.published,
        published_to=paper.published_to,
        updated=paper.updated,
        arxiv_id=line_or_none(paper.arxiv_id),
        arxiv_version=_count(paper.arxiv_version),
        doi=line_or_none(paper.doi),
        categories=_lines(paper.categories),
        venue=line_or_none(paper.venue),
        comment=line_or_none(paper.comment),
        upvotes=_count(paper.upvotes),
        comment_count=_count(paper.comment_count),
        links=_links(paper.links),
        ai_summary=prose(paper.ai_summary),
        ai_keywords=_lines(paper.ai_keywords),
    )
    return Entry(
        paper=safe,
        line=_count(said.line),
        listed_on=said.listed_on,
        published_on=said.published_on,
        announce_type=said.announce_type,
    )


def _is_clean(said: Entry) -> bool:
    """Whether nothing has to be cleaned, told at once for all fields; False where they have to be looked at."""
    paper = said.paper
    if paper.organization or paper.ai_summary is not None or paper.ai_keywords:
        return False
    for count in (said.line, paper.author_count, paper.arxiv_version, paper.upvotes, paper.comment_count):
        if count is not None and not 0 <= count <= _MOST:
            return False
    lines = [paper.title, *paper.categories]
    for text in (paper.arxiv_id, paper.doi, paper.venue, paper.comment):
        if text is not None:
            lines.append(text)
    for author in paper.authors:
        if author.affiliations:
            return False
        lines.append(author.name)
    for link in paper.links:
        if link.stars:
            return False
        lines.append(link.url)
    # A comma with a space before it tells of one that is empty, or ends with a space.
    together = ", ".join(lines)
    if " ," in together or not _is_clean_line(together):
        return False
    return paper.abstract is None or (paper.abstract != "" and _is_clean_line(paper.abstract))


def _is_clean_line(text: str) -> bool:
    return _is_line(text) and (text.isascii() or _is_latin(text) or clean(text) == text)


def _is_line(text: str) -> bool:
    """Whether cleaned text is one line as it stands. A space is the only white space that is printable."""
    printable = _PRINTABLE.fullmatch(text) if text.isascii() else text.isprintable()
    return bool(printable) and text[:1] != " " and text[-1:] != " " and "  " not in text


def _is_latin(text: str) -> bool:
    """Whether all characters are of Latin-1: none of them is a mark, and they have no other form in NFC."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([found for text in texts if (found := line(text))]) if texts else ()


def _authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    return tuple([Author(name, _lines(author.affiliations)) for author in authors if (name := line(author.name))])


def _organization(organization: Organization) -> Organization | None:
    name = line(organization.name)
    return Organization(name, line_or_none(organization.slug)) if name else None


def _links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    return tuple([Link(link.kind, url, _count(link.stars)) for link in links if (url := line(link.url))])


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
