"""Read the tables of links that read-later services and bookmark managers export, for example Pocket or Raindrop.

The column names in the header distinguish them from tables of papers. Links that do not lead to a paper are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import BinaryIO

from store.formats.bibliography import fields
from store.formats.links.linked_papers import LinkedPapers
from store.formats.links.page_titles import page_title
from store.formats.shared import text_lines
from store.model import limits
from store.model.entry import Item, Refused, Warned
from store.model.errors import ListingError

NAME = "links-csv"
TITLE = "Saved links in a table: Pocket, Instapaper, Raindrop, Reader"
FAMILY = "links"
EXAMPLE = "pocket-export.csv"
STREAMS = True

# The column names of the services, in lower case. A header matches if it contains all names of one of these sets.
_HEADERS = (
    # Pocket
    {"title", "url", "time_added", "status"},
    # Instapaper
    {"url", "title", "selection", "folder"},
    # Raindrop
    {"title", "excerpt", "url", "folder", "created"},
    # Readwise Reader
    {"title", "url", "document tags", "saved date"},
    # Matter, Omnivore, Wallabag
    {"title", "url", "saved_at"},
    {"title", "url", "savedat"},
    {"title", "url", "is_archived", "is_starred"},
)
_ADDED = ("time_added", "timestamp", "created", "saved date", "saved_at", "savedat", "created_at")
_SECONDS = re.compile(r"\d{9,11}")


def is_header(line: str) -> bool:
    """Whether a line is the header of a table of saved links."""
    if "," not in line or len(line) > 1_000:
        return False
    names = set(_names(line))
    return any(header <= names for header in _HEADERS)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a table of saved links: 0.95 if it has the header of a known service, else 0."""
    return 0.95 if is_header(_first_line(text_lines.text(head[:8_000]))) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers among the saved links. Raises ListingError when the header has no column "url"."""
    with text_lines.open_text(stream) as opened:
        names = _names(opened.readline(limits.MAIL_LINE))
        if "url" not in names:
            raise ListingError("a table whose header names no column “url”")
        papers = LinkedPapers()
        rows = csv.reader(iter(lambda: opened.readline(limits.TABLE_CELL), ""))
        index = 0
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                index += 1
                yield Refused(index, rows.line_num + 1, f"a row that cannot be read ({error})")
                continue
            if not cells:
                continue
            index += 1
            row = dict(zip(names, cells, strict=False))
            if len(cells) < len(names) or not row["url"]:
                reason = "a row without an address" if len(cells) >= len(names) else "a row with too few cells"
                yield Refused(index, rows.line_num + 1, reason)
                continue
            entry = papers.entry(
                row["url"], page_title(row.get("title", "")), line=rows.line_num + 1, listed_on=_added(row)
            )
            if entry:
                yield entry
    yield from papers.remarks()
    if not index:
        yield Warned("the table holds no links: nothing is below its header")


def _first_line(text: str) -> str:
    return text.lstrip("\ufeff \t\r\n").replace("\r", "\n").partition("\n")[0]


def _names(header: str) -> list[str]:
    """The column names in a header, in lower case."""
    return [cell.strip(' "\ufeff\r\n').lower() for cell in header.split(",")]


def _added(row: dict[str, str]) -> date | None:
    """The day on which a link was saved; None when the row contains no date."""
    text = next((row[name] for name in _ADDED if row.get(name)), "").strip()
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC).date()
    day = fields.when(text)
    return day.first_day if day and day.precision == "day" else None
