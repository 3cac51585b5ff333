"""Tables with a header row: CSV, TSV, and tables with semicolons or bars between the cells.

The names in the header decide the fields (store/formats/tables/columns.py). The delimiter is the one that gives the
most known columns. Lines above the header, such as "sep=;", are ignored.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import ids_and_links, text_lines
from store.formats.tables import rows
from store.formats.tables.columns import certainty, columns
from store.matching import identifiers
from store.model.entry import Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Organization, Paper
from store.model.partial_date import UNDATED
from store.text import tex

NAME = "csv"
TITLE = "CSV and TSV with a header row"
FAMILY = "table"
EXAMPLE = "papers.csv"
STREAMS = True

_DELIMITERS = (",", "\t", ";", "|")
# How many lines may precede the header.
_ABOVE = 5
# How many lines of a table decide whether its quotation marks quote.
_SAMPLE_LINES = 200

_LINE_END = re.compile(r"\r\n|\r|\n")
# Exports write an apostrophe before a cell that a spreadsheet would take for a formula.
_FORMULA_GUARD = re.compile(r"\A'(?=\s*[=+\-@])")
_EMPTY = {"nan", "none", "null", "n/a", "na", "nat", "-", "[]", "{}"}
_NUMBER = re.compile(r"(\d{1,15})(?:\.0+)?")
# A list as Python prints it. Data frames write lists like that into cells.
_PRINTED_LIST = re.compile(r"[\[({].*[\])}]", re.DOTALL)
_PRINTED_ITEM = re.compile(r"'((?:[^'\\]|\\.)*+)(?:'|\Z)|\"((?:[^\"\\]|\\.)*+)(?:\"|\Z)", re.DOTALL)
# Semantic Scholar's authors and ids in a data frame: "[{'authorId': '1', 'name': 'Ada Lovelace'}]".
_PRINTED_NAME = re.compile(r"""['"]name['"]\s*:\s*(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)")""", re.DOTALL)
_PRINTED_ID = r"""['"]{}['"]\s*:\s*['"]([^'"]++)['"]"""
_PRINTED_DOI, _PRINTED_ARXIV = (re.compile(_PRINTED_ID.format(name)) for name in ("DOI", "ArXiv"))
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# No white space before a separator: a search would try a long run of it from each of its characters.
_BETWEEN = re.compile(r"[;|\n]")
_BETWEEN_NAMES = re.compile(r"[;|\n]\s*+|(?<!\s)\s++and\s+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_a-z][a-z]?\.[ -]?){1,4}|[^\W\d_a-z]{1,3}")
_LAST_AND_INITIALS = re.compile(r"([^\W\d_][\w'’ -]+) ([^\W\d_a-z]{1,3})\.?")
# Scopus: "Bernard, Matthew (57190000000)".
_AUTHOR_NUMBER = re.compile(r"(?<!\s)\s*+\(\d{6,}\)$")


class _Header(msgspec.Struct, frozen=True):
    """The header of a table: its width, the delimiter, its line from 1, and the indexes of columns by field."""

    width: int
    delimiter: str
    line: int
    columns: dict[str, tuple[int, ...]]


def sniff(head: bytes, name: str) -> float:
    """How certain the header names columns of papers: most with a title and two columns that only papers have."""
    if b"\0" in head and not text_lines.encoding(head).startswith("utf-16"):
        return 0.0
    text = text_lines.text(head[: 16 * 1024]).lstrip("\ufeff")
    if not text.strip() or text.lstrip()[0] in "{[<@%":
        return 0.0
    header = _header(_LINE_END.split(text))
    if header is None:
        return 0.0
    return max(certainty(header.columns), 0.6 if name.lower().endswith((".csv", ".tsv")) else 0.0)


def read(stream: BinaryIO) -> Iterator[Item]:
    """The entry of each row. Raises ListingError when no header names a column of titles."""
    with text_lines.open_text(stream) as opened:
        sample = list(islice(opened, _ABOVE + _SAMPLE_LINES))
        if not "".join(sample).strip():
            raise ListingError("an empty file")
        header = _header(sample)
        if header is None:
            raise ListingError("a table whose header names no column of titles; call it “title”")
        yield from _entries(sample[header.line :], opened, header)


def _entries(sample: list[str], lines: Iterable[str], header: _Header) -> Iterator[Item]:
    quoting = rows.quoting(sample, width=header.width, delimiter=header.delimiter)
    index = notes = 0
    for result in rows.rows(
        chain(sample, lines), line=header.line + 1, width=header.width, delimiter=header.delimiter, quoting=quoting
    ):
        if isinstance(result, rows.Row):
            row = _Cells(result.cells, header.columns)
            if not fields.is_paper(row["kind"]) and not row["title"]:
                notes += 1
                continue
            index += 1
            entry = _entry(row, result.line)
            yield entry or Refused(index, result.line, "it has no title")
        else:
            index += 1
            yield msgspec.structs.replace(result, index=index) if isinstance(result, Refused) else result
    if notes:
        yield fields.left_out(notes)
    elif not index:
        yield Warned("the table holds no papers: nothing is below its header")


def _header(lines: Sequence[str]) -> _Header | None:
    """The first line that names a column of titles, split by the delimiter that gives the most known columns."""
    for number, line in enumerate(lines[: _ABOVE + 1], 1):
        headers = [_split(line, delimiter, number) for delimiter in _DELIMITERS]
        best = max(headers, key=lambda header: len(header.columns))
        if best.columns:
            return best
    return None


def _split(line: str, delimiter: str, number: int) -> _Header:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return _Header(len(cells), delimiter, number, columns(cells))


class _Cells:
    """One row: by field, the first of its cells that is not empty."""

    def __init__(self, cells: Sequence[str], places: dict[str, tuple[int, ...]]) -> None:
        self._cells = cells
        self._places = places

    def __getitem__(self, field: str) -> str | None:
        for place in self._places.get(field, ()):
            text = _FORMULA_GUARD.sub("", self._cells[place].strip(), count=1).strip()
            if text and text.lower() not in _EMPTY:
                return text
        return None

    def number(self, field: str) -> int | None:
        """The whole number in a field, also from 12.0, as data frames write 12."""
        match = _NUMBER.fullmatch(self[field] or "")
        return int(match[1]) if match else None


def _entry(row: _Cells, line: int) -> Entry | None:
    title = row["title"]
    if not title:
        return None
    if subtitle := row["subtitle"]:
        title = f"{title}: {subtitle}"
    page, pdf = _first(row["page"]), _first(row["pdf"])
    number = row["id"] or ""
    others = row["external_ids"] or ""
    identity = ids_and_links.identity(
        dois=[row["doi"], *_PRINTED_DOI.findall(others), page, number if identifiers.doi(number) else None],
        arxiv_ids=[row["arxiv_id"], *_PRINTED_ARXIV.findall(others), number],
        addresses=[page, pdf],
    )
    # Only tables made of arXiv's metadata hold TeX.
    is_arxivs = identity.arxiv_id is not None
    abstract = row["abstract"]
    authors = _authors(row["authors"], tex.for_storage if is_arxivs else str)
    comment = row["comment"]
    organization = row["organization"]
    month_and_year = f"{fields.month(row['month'] or '')} {row['year']}"
    published, published_to = fields.when(row["published"], row["year"], month_and_year) or UNDATED
    updated = fields.when(row["updated"])
    return Entry(
        paper=Paper(
            title=tex.for_storage(title, keep_braces=True) if is_arxivs else title,
            abstract=tex.for_storage(abstract, keep_braces=True) if abstract and is_arxivs else abstract,
            authors=authors,
            author_count=len(authors) or row.number("author_count"),
            organization=Organization(organization) if organization else None,
            published=published,
            published_to=published_to,
            updated=updated.first_day if updated and updated.precision == "day" else None,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version or row.number("arxiv_version"),
            doi=identity.doi,
            categories=_categories(row["categories"]) or identifiers.categories_in(_list(row["keywords"])),
            venue=fields.venue(row["venue"], row["volume"], row["issue"], _pages(row)),
            comment=None if row.number("comment") is not None else comment,
            upvotes=row.number("upvotes"),
            comment_count=row.number("comment_count") if row["comment_count"] else row.number("comment"),
            links=ids_and_links.links(
                ("page", page or ids_and_links.doi_page(identity.doi) or ids_and_links.arxiv_page(identity.arxiv_id)),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
                ("code", _first(row["code"])),
                ("project", _first(row["project"])),
                ("dataset", _first(row["dataset"])),
                stars=row.number("stars"),
            ),
            ai_summary=row["ai_summary"],
            ai_keywords=_list(row["ai_keywords"]),
        ),
        line=line,
        listed_on=_day(row["listed_on"]),
    )


def _authors(text: str | None, written: Callable[[str], str]) -> tuple[Author, ...]:
    """The names in a cell, given name first, whatever separates them; each converted by `written`."""
    if not text:
        return ()
    if named := [match[1] or match[2] or "" for match in _PRINTED_NAME.finditer(text)]:
        names = [_ESCAPED.sub(r"\1", name) for name in named]
    elif (printed := _printed(text)) is not None:
        names = printed
    elif _BETWEEN_NAMES.search(text):
        names = [name for part in _BETWEEN_NAMES.split(text) for name in _whole_names(part)]
    else:
        names = _whole_names(text)
    names = [_AUTHOR_NUMBER.sub("", written(name.strip(" ,"))) for name in names]
    return fields.authors(fields.person(name) for name in _initials_first(names))


def _whole_names(text: str) -> list[str]:
    """The names in text without semicolons: one name "Last, First", or names separated by commas."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return parts
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{last}, {given}" for last, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) == 2 and " " not in parts[0]:
        return [f"{parts[0]}, {parts[1]}"]
    return parts


def _initials_first(names: list[str]) -> list[str]:
    """Names in PubMed's form, "Smith JA", as "JA Smith", if all have that form and one has a single initial."""
    matches = [match for name in names if (match := _LAST_AND_INITIALS.fullmatch(name))]
    if len(matches) < len(names) or all(len(match[2]) > 1 for match in matches):
        return names
    return [f"{match[2]} {match[1]}" for match in matches]


def _categories(text: str | None) -> tuple[str, ...]:
    """The categories in a cell. Only spaces may separate those of arXiv."""
    if not text:
        return ()
    words = text.split()
    if len(words) > 1 and all(identifiers.categories_in([word]) for word in words):
        return tuple(dict.fromkeys(words))
    return _list(text)


def _list(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    parts = _printed(text)
    if parts is None:
        parts = _BETWEEN.split(text) if _BETWEEN.search(text) else text.split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _printed(text: str) -> list[str] | None:
    """The items of a list in Python's notation; None for any other text."""
    if not _PRINTED_LIST.fullmatch(text):
        return None
    items = [_ESCAPED.sub(r"\1", match[1] or match[2] or "") for match in _PRINTED_ITEM.finditer(text)]
    return items or None


def _pages(row: _Cells) -> str | None:
    return row["pages"] or fields.pages(row["first_page"], row["last_page"])


def _first(text: str | None) -> str | None:
    """The first address in a cell; None when there is none."""
    if not text:
        return None
    return next(iter(identifiers.addresses(text)), None) or text.split()[0]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
