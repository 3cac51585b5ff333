"""Reads the table of Retraction Watch, which Crossref publishes as CSV with a header and a row for each notice.

https://gitlab.com/crossref/retraction-watch-data describes the columns. Notices are retractions, corrections,
expressions of concern and reinstatements; a reinstatement cancels an earlier retraction of the same paper.

In the published file, each line ends with a comma, so there is one more column, which is empty. In dates, such as
"5/24/2021 0:00", the month comes first. A missing DOI is "unavailable" or "Unavailable". Most lines are UTF-8, but some
copies of the file have lines in Windows-1252.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from store.fetching import http_get, sites
from store.fetching.http_get import Validators
from store.fetching.network import TemporaryError, display_url
from store.fetching.polite import PoliteRequests
from store.library import settings
from store.library.library import Library
from store.library.side_files import read_small
from store.matching import identifiers, same_paper, title_merging
from store.model.errors import ListingError
from store.model.paper import Paper
from store.papers import retractions
from store.text.clean import line

_COLUMNS = frozenset(
    ("Record ID", "Title", "Author", "RetractionDate", "RetractionDOI", "OriginalPaperDate", "OriginalPaperDOI",
     "RetractionNature", "Reason")
)  # fmt: skip
# The largest table that is fetched. In 2026, the table had 60 MB.
_MAX_BYTES = 256 * 2**20
_MAX_SECONDS = 300.0
# Matches the separator between two DOIs in one cell. It must be followed by the start of a DOI, because a DOI itself
# may contain a semicolon or a comma. A match does not begin inside a sequence of separators, so that a long sequence
# takes linear time.
_BETWEEN_DOIS = re.compile(r"(?<![;,|\s])[;,|\s]++(?=(?:https?://\S*?|doi:\s*)?10\.\d)", re.I)
# A notice about several DOIs becomes several rows. The rows after the first get the number of the notice plus a
# multiple of this number, so that each row has a different number.
_NEXT_RECORD = 10**12
# The longest text that is stored, and the longest cell that is read (characters).
_LONGEST = 500
_LONGEST_CELL = 1 << 20
# The longest line that is read (bytes), the largest number of lines, and the largest number of notices of one nature
# (such as "Retraction"). In 2026, the table had 70,000 notices.
_LONGEST_LINE = 4 << 20
_MOST_LINES = 1_000_000
_MOST_NOTICES = 300_000


class Row(NamedTuple):
    """A row of the table `retraction` of the library, without the column `shown`."""

    record: int
    doi: str | None
    arxiv_id: str | None
    title_key: int
    names: str
    year: int | None
    day: str | None
    reasons: str
    notice: str | None


def fetch(library: Library) -> int | None:
    """Fetch the table and store its retractions.

    Returns the number of retractions; None if the table has not changed since the last fetch.

    Raises ListingError when it cannot be fetched.
    """
    site = sites.retraction_watch()
    url = site.address
    key = f"fetched:{url}"
    value = settings.get(library.reader(), key)
    try:
        last = msgspec.json.decode(value, type=Validators) if value is not None else Validators()
    except msgspec.DecodeError:
        last = Validators()
    try:
        answer = PoliteRequests(library).run(
            url,
            0.0,
            lambda: http_get.get(url, site, last, max_bytes=_MAX_BYTES, max_seconds=_MAX_SECONDS),
        )
    except (TemporaryError, ListingError) as error:
        raise ListingError(f"could not fetch {display_url(url)}: {error}") from error
    if answer is None:
        return None
    stored = store(library, answer.body)
    with library.writing(durable=False) as connection:
        settings.put(connection, key, msgspec.json.encode(answer.validators).decode())
    return stored


def read(library: Library, file: Path) -> int:
    """Store the retractions of the table in `file`. Returns their number.

    Raises ListingError when the file cannot be read or is not the table of Retraction Watch.
    """
    try:
        table = read_small(file, _MAX_BYTES, follow_links=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ListingError(f"{line(str(file))} cannot be read: {reason}") from error
    return store(library, table)


def store(library: Library, table: bytes) -> int:
    """Store the retractions of a table in place of those stored before. Returns their number.

    Retractions that the user has already seen stay marked as seen, so recto does not show them as new again. Raises
    ListingError when `table` is not the table of Retraction Watch.
    """
    retracted = list(rows(table))
    if not retracted:
        raise ListingError("the table of Retraction Watch has no retraction; nothing was changed")
    with library.writing(durable=False) as connection:
        shown_records = {record for (record,) in connection.execute("SELECT record FROM retraction WHERE shown")}
        connection.execute("DELETE FROM retraction")
        connection.executemany(
            f"INSERT OR REPLACE INTO retraction ({', '.join(Row._fields)}, shown)"
            f" VALUES ({', '.join('?' * len(Row._fields))}, ?)",
            [(*row, int(row.record in shown_records)) for row in retracted],
        )
    retractions.match(library)
    return len(retracted)


def rows(table: bytes) -> Iterator[Row]:
    """Yield the retractions that no later reinstatement cancels.

    The table is read twice, row by row, so that a table of 256 MiB needs little memory besides its bytes.
    Raises ListingError when `table` is not the table of Retraction Watch.
    """
    reinstated: dict[str, str] = {}
    for notice in _notices(table, "reinstatement"):
        if key := _paper(notice):
            reinstated[key] = max(reinstated.get(key, ""), _day(notice["RetractionDate"]) or "")
    for notice in _notices(table, "retraction"):
        later = reinstated.get(_paper(notice))
        if later is None or later < (_day(notice["RetractionDate"]) or ""):
            for number, doi in enumerate(_dois(notice["OriginalPaperDOI"]) or [None]):
                yield _row(notice, number, doi)


def _notices(table: bytes, nature: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the table that have a number and whose notice has this nature, such as "Retraction".

    Raises ListingError when `table` is not the table of Retraction Watch, or exceeds the limits above.
    """
    limit = csv.field_size_limit(_LONGEST_CELL)
    count = 0
    try:
        reader = csv.DictReader(_lines(table), restval="")
        if not set(reader.fieldnames or ()) >= _COLUMNS:
            raise ListingError("this is not the table of Retraction Watch: its columns are others")
        for notice in reader:
            if not notice["Record ID"].strip().isdecimal() or _nature(notice) != nature:
                continue
            count += 1
            if count > _MOST_NOTICES:
                raise ListingError(f"the table of Retraction Watch has more than {_MOST_NOTICES:,} notices")
            yield notice
    except csv.Error as error:
        raise ListingError(f"the table of Retraction Watch is damaged: {line(str(error))}") from error
    finally:
        csv.field_size_limit(limit)


def _lines(table: bytes) -> Iterator[str]:
    """Yield the lines of the table as text. Raises ListingError when a line is too long or when there are too many
    lines.
    """
    file = io.BytesIO(table)
    file.seek(len(codecs.BOM_UTF8) if table.startswith(codecs.BOM_UTF8) else 0)
    for _ in range(_MOST_LINES):
        text = file.readline(_LONGEST_LINE + 1)
        if not text:
            return
        if len(text) > _LONGEST_LINE:
            raise ListingError("the table of Retraction Watch is damaged: it has a line that is too long")
        yield _decoded(text).replace("\0", "")
    raise ListingError(f"the table of Retraction Watch has more than {_MOST_LINES:,} lines")


def _row(notice: dict[str, str], number: int, doi: str | None) -> Row:
    """The row to store for one DOI of a notice. `number` is the index of this DOI among the DOIs of the
    notice, from 0.
    """
    # The DOI of a paper on arXiv becomes its arXiv id.
    paper = same_paper.normalized(Paper(title="", doi=doi))
    written = _day(notice["OriginalPaperDate"])
    return Row(
        record=int(notice["Record ID"].strip()[:12]) + number * _NEXT_RECORD,
        doi=paper.doi,
        arxiv_id=paper.arxiv_id,
        title_key=title_merging.title_key(line(notice["Title"])),
        names=retractions.family_names([line(name) for name in (notice["Author"] or "").split(";")])[:_LONGEST],
        year=int(written[:4]) if written else None,
        day=_day(notice["RetractionDate"]),
        reasons=_reasons(notice["Reason"]),
        notice=next(iter(_dois(notice["RetractionDOI"])), None),
    )


def _nature(notice: dict[str, str]) -> str:
    return (notice["RetractionNature"] or "").strip().casefold()


def _paper(notice: dict[str, str]) -> str:
    """A key by which notices about the same paper are recognized: the DOIs of the paper, or else its title."""
    return " ".join(_dois(notice["OriginalPaperDOI"])).casefold() or line(notice["Title"]).casefold()


def _dois(text: str | None) -> list[str]:
    """The DOIs in a cell, in the form in which the library stores them. Other texts, such as "unavailable", are left
    out.
    """
    parts = _BETWEEN_DOIS.split(line(text or "")[:_LONGEST])
    return list(dict.fromkeys(doi for part in parts if (doi := identifiers.exact_doi(part.strip(" ;,|")))))


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def _day(text: str | None) -> str | None:
    """Convert a day such as "5/24/2021 0:00" or "2021-05-24" to the stored form "2021-05-24". None for any
    other text.
    """
    first = (text or "").strip().split(" ")[0]
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(first, form).date()
        except ValueError:
            continue
        return day.isoformat() if date(1800, 1, 1) <= day else None
    return None


def _reasons(text: str | None) -> str:
    """Convert reasons such as "+Error in Data;+Falsification/Fabrication of Data;" to a list in words."""
    parts = (line(part).lstrip("+ ") for part in (text or "").split(";"))
    return "; ".join(part for part in parts if part)[:_LONGEST]
