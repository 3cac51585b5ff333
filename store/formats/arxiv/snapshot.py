"""The metadata snapshot of arXiv on Kaggle: a file named .json with one paper on each line, up to 5 GB.

Only one line at a time is in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import BinaryIO

import msgspec

from store.formats.arxiv import fields
from store.formats.arxiv.authors import authors, name
from store.formats.shared import json_items, text_lines
from store.matching import identifiers
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.text import tex

NAME = "arxiv-snapshot"
TITLE = "arXiv metadata snapshot (Kaggle)"
FAMILY = "arxiv"
EXAMPLE = "arxiv-metadata-oai-snapshot.json"
STREAMS = True

# The first keys of a line, in the order that the snapshot uses. Only the first keys are compared, because the whole
# line may be longer than the part of the file that `sniff` receives. The quantifiers are possessive, so that a file of
# nothing but white space is scanned only once.
_FIRST_LINE = re.compile(r'\s*+(?:\[\s*+)?\{\s*+"id"\s*+:\s*+"[^"\s]{8,30}"\s*+,\s*+"submitter"\s*+:')
_SOME_LINE = re.compile(r'\s*+(?:\[\s*+)?\{\s*+"')
_OWN_KEYS = ('"authors_parsed"', '"submitter"', '"update_date"', '"journal-ref"', '"report-no"')
_LONGEST_CATEGORIES = 1000
# Patterns of values that need no conversion. Most values of a snapshot match them. For other values, the general
# functions are called, which take three times as long.
_PLAIN_ID = re.compile(identifiers.NEW_ARXIV_ID, re.ASCII)
_PLAIN_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9./_-]*[A-Za-z0-9]", re.ASCII)
_ARXIV_DOIS = ("10.48550/",)
_NAME = r"[^\s.\\{}]++\.?(?: [^-\s.\\{}][^\s.\\{}]*+\.?)*+"
_PLAIN_NAME = re.compile(_NAME)
_PLAIN_NAMES = re.compile(rf"{_NAME}(?:\n{_NAME})*+")
# The length of a date such as "Tue, 24 Jul 2007". The time after it is not used.
_DAY_LENGTH = 16
# If none of the first _MOST_BAD_LINES lines is a paper, the file is not a snapshot.
_MOST_BAD_LINES = 100


class _Version(msgspec.Struct):
    """A version and the time of its submission, for example "v1" and "Mon, 2 Apr 2007 19:18:42 GMT"."""

    version: str = ""
    created: str | None = None


class _Line(msgspec.Struct, rename={"journal_ref": "journal-ref"}):
    """The keys in the JSON object on one line that recto reads; other keys are ignored.

    In old snapshots, a version is only its name (a string such as "v1"), and `authors_parsed` is missing.
    """

    id: str
    title: str | None = None
    abstract: str | None = None
    authors: str | None = None
    authors_parsed: list[list[str | None]] | None = None
    categories: str | None = None
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    versions: list[_Version | str] | None = None


_decoder = msgspec.json.Decoder(_Line)


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a snapshot.

    The value is 0.95 if the first line starts with the first keys of a snapshot, and 0.9 if the first line has several
    keys that only a snapshot has.
    """
    text = text_lines.text(head)
    if _FIRST_LINE.match(text):
        return 0.95
    if not _SOME_LINE.match(text):
        return 0.0
    first = text.lstrip().partition("\n")[0]
    return 0.9 if sum(key in first for key in _OWN_KEYS) >= 2 and '"id"' in first else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers, line by line. Raises ListingError when none of the first hundred lines is a paper."""
    index = entry_count = 0
    for number, line, has_end in _lines(stream):
        text = line if line.startswith(b"{") and line.endswith(b"}") else _object(line)
        if not text:
            continue
        index += 1
        item = _item(text, index, number)
        if isinstance(item, Refused):
            if not has_end and not json_items.is_json(_utf8(text)):
                yield CutShort(f"the file ends in the middle of line {number}")
                return
            if not entry_count and index >= _MOST_BAD_LINES:
                raise ListingError(f"none of its first {index} lines is a paper of an arXiv snapshot ({item.reason})")
        else:
            entry_count += 1
        yield item
    if not index:
        raise ListingError("an empty file")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Each line: its number from 1, its bytes, and whether it has a line end. A line that is too long is truncated."""
    number = 0
    rest = bytearray()
    too_long = False
    for chunk in text_lines.utf8_chunks(stream):
        lines = chunk.split(b"\n")
        for line in lines[:-1]:
            number += 1
            if rest:
                rest += line
                line = bytes(rest)
                rest.clear()
            too_long = False
            yield number, line, True
        if not too_long:
            rest += lines[-1]
            too_long = len(rest) > limits.JSON_LINE
    if rest:
        yield number + 1, bytes(rest), False


def _item(line: bytes, index: int, number: int) -> Entry | Refused:
    if len(line) > limits.JSON_LINE:
        return Refused(index, number, f"a line of more than {limits.JSON_LINE >> 20} MiB")
    try:
        row = _decoder.decode(_utf8(line))
    except (ValueError, RecursionError) as error:
        return Refused(index, number, f"not a paper in JSON: {error}")
    if _PLAIN_ID.fullmatch(row.id):
        arxiv_id, version = row.id, None
    elif identifier := identifiers.arxiv_id(row.id):
        arxiv_id, version = identifier
    else:
        return Refused(index, number, f"{row.id[:80]!r} is not an arXiv identifier")
    title = _line(row.title)
    if title is None:
        return Refused(index, number, f"arXiv:{arxiv_id} has no title")
    first, last = _first_and_last(row.versions or [])
    paper = Paper(
        title=title,
        abstract=_abstract(row.abstract),
        authors=_authors(row),
        published=_day((first.created or "")[:_DAY_LENGTH]) if first else None,
        updated=_day((last.created or "")[:_DAY_LENGTH]) if last else None,
        arxiv_id=arxiv_id,
        arxiv_version=_number(last) if last else version,
        doi=_doi(row.doi),
        categories=_categories((row.categories or "")[:_LONGEST_CATEGORIES]),
        venue=_line(row.journal_ref),
        comment=_line(row.comments),
        links=fields.links(arxiv_id),
    )
    return Entry(paper=paper, line=number)


def _object(line: bytes) -> bytes:
    """The JSON object in `line`. A snapshot that was converted to a JSON array has brackets or commas around it."""
    return line.strip().removeprefix(b"[").removesuffix(b"]").rstrip(b", \t")


def _utf8(line: bytes) -> bytes:
    """`line` with U+FFFD in place of bytes that are not UTF-8.

    The replacement is made before JSON is decoded, because JSON decoders treat such bytes in different ways.
    """
    if line.isascii():
        return line
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace").encode()
    return line


@lru_cache(4096)
def _day(text: str) -> date | None:
    """The same as `fields.day`, but cached, because neighbouring papers of a snapshot often have the same days."""
    return fields.day(text)


@lru_cache(4096)
def _categories(text: str) -> tuple[str, ...]:
    """The same as `fields.categories`, but cached, because there are only a few thousand combinations of categories."""
    return fields.categories(text.split())


def _first_and_last(versions: list[_Version | str]) -> tuple[_Version | None, _Version | None]:
    """The first version (v1) and the newest version, each None if `versions` does not have it."""
    listed = [each if isinstance(each, _Version) else _Version(each) for each in versions]
    if listed and listed[0].version == "v1" and listed[-1].version == f"v{len(listed)}":
        return listed[0], listed[-1]
    numbered = sorted((each for each in listed if _number(each)), key=lambda each: _number(each) or 0)
    if not numbered:
        return None, None
    return numbered[0] if _number(numbered[0]) == 1 else None, numbered[-1]


def _number(version: _Version) -> int | None:
    digits = version.version.removeprefix("v")
    return int(digits) if digits.isdecimal() and len(digits) < 5 else None


def _line(text: str | None) -> str | None:
    """The same as `fields.line`, but faster for text without TeX."""
    if not text:
        return None
    return " ".join((tex.for_storage(text, keep_braces=True) if _may_hold_tex(text) else text).split()) or None


def _abstract(text: str | None) -> str | None:
    """The same as `fields.abstract`, but faster for an abstract of one paragraph."""
    if not text:
        return None
    flat = text.strip()
    if _may_hold_tex(flat):
        flat = tex.for_storage(flat, keep_braces=True)
    flat = flat.replace("\n", " ")
    return flat if flat and "  " not in flat and "\t" not in flat and "\r" not in flat else fields.abstract(text)


def _may_hold_tex(text: str) -> bool:
    return "\\" in text or "{" in text or "}" in text


def _doi(text: str | None) -> str | None:
    """The same as `fields.doi`, but faster for a plain DOI."""
    if not text or not _PLAIN_DOI.fullmatch(text) or text.startswith(_ARXIV_DOIS):
        return fields.doi(text)
    return text.lower()


def _authors(row: _Line) -> tuple[Author, ...]:
    """The authors in `authors_parsed`, where each is a list of last name, first name, suffix and affiliations.

    An old snapshot does not have that key, so its authors are read from the line of authors.
    """
    parsed = row.authors_parsed
    if not parsed:
        return authors(row.authors)
    names = [f"{each[1]} {each[0]}" for each in parsed if len(each) == 3 and each[1] and each[0] and not each[2]]
    joined = "\n".join(names)
    if joined.count("\n") == len(parsed) - 1 and _PLAIN_NAMES.fullmatch(joined):
        return tuple(map(Author, names))
    return tuple(filter(None, map(_author, parsed))) or authors(row.authors)


def _author(parsed: list[str | None]) -> Author | None:
    last, first, suffix, *affiliations = [*parsed, None, None, None] if len(parsed) < 3 else parsed
    full = f"{first} {last}" if first and last and not suffix else " ".join(filter(None, (first, last, suffix)))
    if not _PLAIN_NAME.fullmatch(full):
        full = tex.for_storage(name(full))
    if not full:
        return None
    lines = (" ".join(tex.for_storage(each).split()) for each in affiliations if each)
    return Author(full, tuple(filter(None, lines)))
