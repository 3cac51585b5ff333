"""Makes text from listings safe to store. The importer cleans every field of every entry.

Control characters could control the terminal, bidirectional controls can make a text look different from what it is,
and lone surrogates cannot be stored. Each such character is replaced by a visible sign. Only invisible characters
without a meaning, such as a zero-width space, are removed.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from store.model.entry import Entry
from store.model.paper import Author, Link, Organization, Paper
from store.text import author_names

# A count above this number is a mistake in the file. SQLite could store 64 bits, but many programs read JSON numbers
# exactly only up to 2**53.
_LARGEST_COUNT = 2**53
# Scores of reviews are small numbers. A score above this number is a mistake in the file.
_LARGEST_SCORE = 1_000.0

_SURROGATES = range(0xD800, 0xE000)
_C0 = [code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_TAGS = range(0xE0000, 0xE0080)
_INVISIBLE = [0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)]

_REPLACEMENTS: dict[int, str | None] = {
    # The Unicode block "Control Pictures" has a picture for every C0 control at the same offset.
    **{code: chr(0x2400 + code) for code in _C0},
    0x7F: "␡",
    **dict.fromkeys([*range(0x80, 0xA0), *_BIDI, *_SURROGATES], "\ufffd"),
    # Next line, line separator and paragraph separator.
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    **dict.fromkeys([*_TAGS, *_INVISIBLE], None),
}
# Every character that `_REPLACEMENTS` replaces or removes.
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# The largest number of combining marks on one letter, as in the Stream-Safe Text Format of UAX 15. No writing system
# needs more than six. Thousands of marks would cover the lines above on the screen, and normalizing them would take
# quadratic time.
_MOST_COMBINING = 30
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_COMBINING + 1},}}")
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F))
# Every text that `missing_values` recognizes has at most this many characters, and starts with one of the characters
# below.
_LONGEST_MISSING = 40
_STARTS_OF_MISSING = frozenset("NnUuAaTt[](){}<>\"'. -–—?")
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")


def clean(text: str) -> str:
    """`text` in Unicode form NFC, without characters that could control a terminal.

    Tabs stay, and every line break becomes a line feed.
    """
    if not text.isprintable():
        if UNSAFE.search(text):
            text = text.translate(_REPLACEMENTS)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() or _is_latin(text):
        return text
    text = _LONG_RUN.sub(_limit_combining, text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """Cleaned `text` on one line, with one space for each run of white space: for titles, names and identifiers."""
    text = clean(text)
    return text if _is_line(text) else " ".join(text.split())


def line_or_none(text: str | None) -> str | None:
    """The result of `line`, but None when `text` is None or when no character is left after cleaning."""
    return (line(text) or None) if text else None


def prose(text: str | None) -> str | None:
    """Cleaned `text` with one line for each paragraph and a blank line between paragraphs; None when no text
    is left.
    """
    if not text:
        return None
    text = clean(text)
    if _is_line(text):
        return text or None
    paragraphs = (" ".join(part.split()) for part in _PARAGRAPH_BREAK.split(text))
    return "\n\n".join(part for part in paragraphs if part) or None


def entry(raw: Entry) -> Entry:
    """`raw` with every string of its paper cleaned.

    A text that stands for a missing value ("NA", "No Title") becomes None, and so does a count that is negative or too
    large. A missing title becomes "".
    """
    if not _has_clean_lines(raw):
        return _cleaned(raw)
    paper = raw.paper
    abstract, ai_summary = _clean_prose(paper.abstract), _clean_prose(paper.ai_summary)
    if abstract is paper.abstract and ai_summary is paper.ai_summary:
        return raw
    return msgspec.structs.replace(raw, paper=msgspec.structs.replace(paper, abstract=abstract, ai_summary=ai_summary))


def _cleaned(raw: Entry) -> Entry:
    """A copy of `raw` with each field cleaned separately. It is slow, so `entry` calls it only if `_is_clean`
    is false.
    """
    from store.text import missing_values  # imported here, because the start of the program does not need it

    paper = raw.paper
    authors = _authors(paper.authors)
    safe = Paper(
        title=line("" if missing_values.is_no_title(paper.title) else paper.title),
        abstract=_clean_prose(paper.abstract),
        authors=authors,
        author_count=_author_count(paper, len(authors)),
        organization=_organization(paper.organization) if paper.organization else None,
        published=paper.published,
        published_to=paper.published_to,
        updated=paper.updated,
        arxiv_id=line_or_none(paper.arxiv_id),
        arxiv_version=_count(paper.arxiv_version),
        doi=line_or_none(paper.doi),
        categories=_lines(paper.categories),
        venue=line_or_none(_present(paper.venue)),
        comment=line_or_none(_present(paper.comment)),
        decision=line_or_none(_present(paper.decision)),
        track=line_or_none(paper.track),
        scores=tuple(score for score in paper.scores if -_LARGEST_SCORE < score < _LARGEST_SCORE),
        upvotes=_count(paper.upvotes),
        comment_count=_count(paper.comment_count),
        links=_links(paper.links),
        submitter=line_or_none(paper.submitter),
        ai_summary=_clean_prose(paper.ai_summary),
        ai_keywords=_lines(paper.ai_keywords),
    )
    return Entry(
        paper=safe,
        line=_count(raw.line),
        listed_on=raw.listed_on,
        published_on=raw.published_on,
        announce_type=raw.announce_type,
        citation_key=line_or_none(raw.citation_key),
    )


def _clean_prose(text: str | None) -> str | None:
    """Cleaned running text; None when it is empty or stands for a missing value. Clean text is returned unchanged."""
    text = _present(text)
    return text if text is None or _is_clean_line(text) else prose(text)


def _has_clean_lines(raw: Entry) -> bool:
    """Whether cleaning would certainly change nothing except the abstract and the summary.

    This function checks all short fields as one string, which takes a third of the time of cleaning each field. If
    the result is False, the fields must be cleaned one by one; they may still turn out to be clean.
    """
    paper = raw.paper
    if paper.organization or paper.scores:
        return False
    for count in (raw.line, paper.author_count, paper.arxiv_version, paper.upvotes, paper.comment_count):
        if count is not None and not 0 <= count <= _LARGEST_COUNT:
            return False
    if _has_missing_value(paper):
        return False
    lines = [paper.title, *paper.categories, *paper.ai_keywords]
    identity = (paper.arxiv_id, paper.doi, raw.citation_key)
    for text in (*identity, paper.venue, paper.comment, paper.decision, paper.track, paper.submitter):
        if text is not None:
            lines.append(text)
    for author in paper.authors:
        name = author.name
        if author.affiliations or not author_names.is_name(name):
            return False
        lines.append(name)
    for link in paper.links:
        if link.stars:
            return False
        lines.append(link.url)
    joined = ", ".join(lines)
    # `joined` has a comma after each value. A space before a comma shows that a value is empty or ends in a space.
    return " ," not in joined and _is_clean_line(joined)


def _is_clean_line(text: str) -> bool:
    return _is_line(text) and (text.isascii() or _is_latin(text) or clean(text) == text)


def _is_line(text: str) -> bool:
    """Whether cleaned text is already one line with single spaces. (A space is the only printable white space.)"""
    # For ASCII text, the first expression equals str.isprintable(), in a quarter of the time.
    printable = not text.encode().translate(None, _PRINTABLE_ASCII) if text.isascii() else text.isprintable()
    return printable and text[:1] != " " and text[-1:] != " " and "  " not in text


def _is_latin(text: str) -> bool:
    """Whether all characters belong to Latin-1, which has no combining marks and is always in NFC."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _has_missing_value(paper: Paper) -> bool:
    """Whether a field that `_has_clean_lines` checks has a text that stands for a missing value."""
    for text in (paper.title, paper.venue, paper.comment, paper.decision):
        if text and _may_be_missing(text):
            break
    else:
        return False
    from store.text import missing_values

    texts = (paper.venue, paper.comment, paper.decision)
    return missing_values.is_no_title(paper.title) or any(text and missing_values.is_no_text(text) for text in texts)


def _present(text: str | None) -> str | None:
    """`text`, but None when it is empty or stands for a missing value, such as "NA"."""
    if not text or not _may_be_missing(text):
        return text or None
    from store.text import missing_values

    return None if missing_values.is_no_text(text) else text


def _may_be_missing(text: str) -> bool:
    """Whether `text`, judging by its length and first character, may be one that `missing_values` recognizes. `text`
    must not be empty.
    """
    return len(text) <= _LONGEST_MISSING and text[0] in _STARTS_OF_MISSING


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([cleaned for text in texts if (cleaned := line(text))]) if texts else ()


def _authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """The authors that have a name. "Et al.", "72 others" and a lone punctuation mark are not names and are dropped."""
    return tuple([
        Author(name, _lines(author.affiliations))
        for author in authors
        if author_names.is_name(name := line(author.name))
    ])  # fmt: skip


def _author_count(paper: Paper, names: int) -> int | None:
    """The author count of `paper`. `names` is how many of the texts in its list of authors are names.

    A text that is not a name may state the number of the other authors ("72 others").
    """
    count = _count(paper.author_count)
    if names == len(paper.authors):
        return count
    others = next(filter(None, (author_names.other_authors(author.name) for author in paper.authors)), None)
    # If `count` is only the length of the list of authors, it also counts texts that are not names and were dropped. So
    # return None.
    return author_names.author_count(names, others) or (None if count == len(paper.authors) else count)


def _organization(organization: Organization) -> Organization | None:
    name = line(_present(organization.name) or "")
    return Organization(name, line_or_none(organization.slug)) if name else None


def _links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    return tuple([Link(link.kind, url, _count(link.stars)) for link in links if (url := line(link.url))])


def _limit_combining(run: re.Match[str]) -> str:
    """`run` with one replacement character in place of all combining marks beyond the limit."""
    characters: list[str] = []
    combining = 0
    for character in run[0]:
        combining = combining + 1 if unicodedata.category(character).startswith("M") else 0
        if combining <= _MOST_COMBINING:
            characters.append(character)
        elif combining == _MOST_COMBINING + 1:
            characters.append("\ufffd")
    return "".join(characters)


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= _LARGEST_COUNT else None
