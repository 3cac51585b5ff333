"""The entries of a table: each row becomes the paper that its cells describe.

All formats of tables share this module. The caller splits the table into rows and finds the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import conference, ids_and_links
from store.formats.tables import names, references
from store.formats.tables.names import NameStyle
from store.formats.tables.references import Reference
from store.formats.tables.rows import Row
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.paper import Author, Organization, Paper
from store.model.partial_date import UNDATED
from store.text import tex

# Some programs write an apostrophe before a cell that a spreadsheet would take for a formula.
_FORMULA_GUARD = re.compile(r"\A'(?=\s*[=+\-@])")
_EMPTY = {"nan", "none", "null", "n/a", "na", "nat", "-", "[]", "{}"}
_LONGEST_EMPTY = max(map(len, _EMPTY))
_NUMBER = re.compile(r"(\d{1,15})(?:\.0+)?")
# A list as Python prints it, for example "['Ada Lovelace', 'Alan Turing']". Tables that pandas wrote have such cells.
_PRINTED_LIST = re.compile(r"[\[({].*[\])}]", re.DOTALL)
_PRINTED_ITEM = re.compile(r"'((?:[^'\\]|\\.)*+)(?:'|\Z)|\"((?:[^\"\\]|\\.)*+)(?:\"|\Z)", re.DOTALL)
# Authors or ids of Semantic Scholar in a table that pandas wrote: "[{'authorId': '1', 'name': 'Ada Lovelace'}]".
_PRINTED_NAME = re.compile(r"""['"]name['"]\s*:\s*(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)")""", re.DOTALL)
_PRINTED_ID = r"""['"]{}['"]\s*:\s*['"]([^'"]++)['"]"""
_PRINTED_DOI, _PRINTED_ARXIV = (re.compile(_PRINTED_ID.format(name)) for name in ("DOI", "ArXiv"))
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# This pattern has no white space before the separator, because a search for it in a long run of spaces would take
# quadratic time.
_BETWEEN = re.compile(r"[;|\n]")
# Names of databases. In some tables the column "Source" has such a name, and in others the journal. A database is no
# venue.
_DATABASES = re.compile(
    r"scopus|(?:ovid )?medline|pubmed|embase|crossref|google scholar|web of science|wos|semantic scholar|openalex"
    r"|ieee(?: xplore)?|acm(?: digital library)?|dblp|springer(?:link)?|sciencedirect|dimensions|lens(?:\.org)?",
    re.IGNORECASE,
)
# The style of the names in the column of authors is decided from the first rows, which are kept in memory until the
# decision. If a cell contains a separator of names, _ENOUGH_CELLS cells with names are enough. At most this many rows
# and characters are read before the decision.
_ENOUGH_CELLS = 200
_MOST_ROWS = 20_000
_MOST_CHARACTERS = 4 * 2**20
# Matches the sign for further names at the end of an incomplete list, for example "..." or "et al.".
_CUT_NAMES = re.compile(r"(?:\.\.\.|…|\bet\.? al\.?)[\s.,;\])]{0,5}\Z", re.IGNORECASE)
_LONGEST_CUT = 12
_SEPARATED = re.compile(r"[;|\n]|,.*,|\s(?:and|&)\s", re.IGNORECASE | re.DOTALL)


def entries(rows: Iterable[Row | Refused | CutShort], columns: Mapping[str, Sequence[int]]) -> Iterator[Item]:
    """The entry of each row; a Refused or CutShort in `rows` is passed on in its position, with its index.

    `columns` has the indexes of the columns for each field, as the function `columns.columns` returns them.
    """
    index = notes = 0
    rows = iter(rows)
    ahead, style = _look_ahead(rows, columns)
    for row in _chained(ahead, rows):
        if isinstance(row, Row):
            texts = _texts(row, columns)
            if not fields.is_paper(texts.get("kind")) and "title" not in texts:
                notes += 1
                continue
            index += 1
            yield _entry(texts, row.line, style) or Refused(index, row.line, "it has no title")
        else:
            index += 1
            yield msgspec.structs.replace(row, index=index) if isinstance(row, Refused) else row
    if notes:
        yield fields.left_out(notes)
    elif not index:
        yield Warned("the table holds no papers: nothing is below its header")


def _look_ahead(
    rows: Iterator[Row | Refused | CutShort], columns: Mapping[str, Sequence[int]]
) -> tuple[list[Row | Refused | CutShort], NameStyle]:
    """The first rows, and the style of the names in their column of authors.

    Rows are taken from `rows` until their cells show the style or a limit is reached.
    """
    ahead: list[Row | Refused | CutShort] = []
    texts: list[str] = []
    size = 0
    separated = False
    for row in rows:
        ahead.append(row)
        if not isinstance(row, Row):
            continue
        size += sum(map(len, row.cells))
        text = _texts(row, columns).get("authors")
        if text and _printed(text) is None:
            texts.append(text)
            separated = separated or _SEPARATED.search(text) is not None
        if (separated and len(texts) >= _ENOUGH_CELLS) or len(ahead) >= _MOST_ROWS or size >= _MOST_CHARACTERS:
            break
    return ahead, names.name_style(texts)


def _chained(
    ahead: list[Row | Refused | CutShort], rest: Iterator[Row | Refused | CutShort]
) -> Iterator[Row | Refused | CutShort]:
    """The rows in `ahead`, which is emptied to free memory, and then the rows in `rest`."""
    ahead.reverse()
    while ahead:
        yield ahead.pop()
    yield from rest


def _texts(row: Row, columns: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """The texts of a row, by the field of the paper that they contain. Empty cells are left out.

    If several columns are for one field, the first of their cells that is not empty is used.
    """
    texts = {}
    for field, places in columns.items():
        for place in places:
            text = row.cells[place].strip()
            if text.startswith("'"):
                text = _FORMULA_GUARD.sub("", text, count=1).strip()
            if text and (len(text) > _LONGEST_EMPTY or text.lower() not in _EMPTY):
                texts[field] = text
                break
    return texts


def _number(text: str | None) -> int | None:
    """The whole number in a cell; None for any other text. pandas may write 12 as 12.0, which counts as 12."""
    match = _NUMBER.fullmatch(text) if text else None
    return int(match[1]) if match else None


def _entry(row: Mapping[str, str], line: int, style: NameStyle) -> Entry | None:
    title = fields.plain(row.get("title"))
    if not title:
        return None
    if subtitle := row.get("subtitle"):
        title = f"{title}: {subtitle}"
    page, pdf = _first(row.get("page")), _first(row.get("pdf"))
    number = row.get("id") or ""
    others = row.get("external_ids") or ""
    identity = ids_and_links.identity(
        dois=[row.get("doi"), *_PRINTED_DOI.findall(others), page, number if identifiers.doi(number) else None],
        arxiv_ids=[row.get("arxiv_id"), *_PRINTED_ARXIV.findall(others), number],
        addresses=[page, pdf],
    )
    # TeX occurs only in tables made from the metadata of arXiv, so it is converted only for papers on arXiv.
    is_arxivs = identity.arxiv_id is not None
    abstract = fields.plain(row.get("abstract"))
    authors = _authors(row.get("authors"), tex.for_storage if is_arxivs else str, style)
    comment = row.get("comment")
    organization = row.get("organization")
    day, month = row.get("day"), row.get("month")
    whole_date = f"{day or ''} {fields.month(month or '')} {row.get('year')}" if day or month else None
    source = references.reference(row.get("venue") or "")
    printed = source.date if source else None
    published, published_to = (
        fields.when(row.get("published"), row.get("year"), whole_date, row.get("online"), printed) or UNDATED
    )
    updated = fields.when(row.get("updated"))
    return Entry(
        paper=Paper(
            title=tex.for_storage(title, keep_braces=True) if is_arxivs else title,
            abstract=tex.for_storage(abstract, keep_braces=True) if abstract and is_arxivs else abstract,
            authors=authors,
            author_count=_author_count(row, len(authors)),
            organization=Organization(organization) if organization else None,
            published=published,
            published_to=published_to,
            updated=updated.first_day if updated and updated.precision == "day" else None,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version or _number(row.get("arxiv_version")),
            doi=identity.doi,
            categories=_categories(row.get("categories")) or identifiers.categories_in(_list(row.get("keywords"))),
            venue=_venue(row, source),
            comment=None if _number(row.get("comment")) is not None else comment,
            decision=conference.decision(row.get("decision")),
            track=row.get("track"),
            scores=conference.scores(row.get("scores") or ""),
            upvotes=_number(row.get("upvotes")),
            comment_count=_number(row.get("comment_count"))
            if row.get("comment_count")
            else _number(row.get("comment")),
            links=ids_and_links.links(
                ("page", page or ids_and_links.doi_page(identity.doi) or ids_and_links.arxiv_page(identity.arxiv_id)),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
                ("code", _first(row.get("code"))),
                ("project", _first(row.get("project"))),
                ("dataset", _first(row.get("dataset"))),
                stars=_number(row.get("stars")),
            ),
            ai_summary=row.get("ai_summary"),
            ai_keywords=_list(row.get("ai_keywords")),
        ),
        line=line,
        listed_on=_day(row.get("listed_on")),
    )


def _authors(text: str | None, written: Callable[[str], str], style: NameStyle) -> tuple[Author, ...]:
    """The authors in a cell whose column has the style `style`.

    The given name comes first in each name. `written` is applied to each name, for example to convert TeX.
    """
    if not text:
        return ()
    if printed_names := [match[1] or match[2] or "" for match in _PRINTED_NAME.finditer(text)]:
        listed = [_ESCAPED.sub(r"\1", name) for name in printed_names]
    elif (printed := _printed(text)) is not None:
        listed = [fields.person(name) for name in printed]
    else:
        listed = names.names(text, style)
    return fields.authors(written(name.strip(" ,")) for name in listed)


def _author_count(row: Mapping[str, str], names: int) -> int | None:
    """The number of authors of a row that names `names` of them; None if it is unknown.

    Google Scholar cuts long lists: "A Alpha, B Beta, ...". Publish or Perish then counts only the names.
    """
    count = _number(row.get("author_count"))
    if _CUT_NAMES.search((row.get("authors") or "")[-_LONGEST_CUT:]):
        return count if count and count > names else None
    return count or names or None


def _venue(row: Mapping[str, str], source: Reference | None) -> str | None:
    """The venue of a row. `source` is the reference in the column for the venue, or None if that column contains no
    complete reference.
    """
    if source:
        return fields.venue(source.journal, source.volume, source.issue, source.pages)
    name = fields.plain(row.get("venue"))
    if not name or _DATABASES.fullmatch(name):
        return None
    return fields.venue(name, row.get("volume"), row.get("issue"), _pages(row))


def _categories(text: str | None) -> tuple[str, ...]:
    """The categories in a cell. A list of arXiv's categories may have only spaces between its elements."""
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
    """The strings in a list that is written as Python prints it; None for any other text."""
    if not _PRINTED_LIST.fullmatch(text):
        return None
    items = [_ESCAPED.sub(r"\1", match[1] or match[2] or "") for match in _PRINTED_ITEM.finditer(text)]
    return items or None


def _pages(row: Mapping[str, str]) -> str | None:
    return row.get("pages") or fields.pages(row.get("first_page"), row.get("last_page")) or row.get("article_number")


def _first(text: str | None) -> str | None:
    """The first address in a cell, or its first word when it has no address; None for an empty cell."""
    if not text:
        return None
    return next(iter(identifiers.addresses(text)), None) or text.split()[0]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
