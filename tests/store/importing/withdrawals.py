"""Listings whose import is undone, and the content of a library before and after that."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from store.importing import entries as stacks
from store.importing import log, year_propagation
from store.importing.entries import ListingKey
from store.importing.importer import Options
from store.importing.log import ImportReport
from store.importing.sources import take_in
from store.library.library import Library
from store.model.entry import Entry
from store.papers import paper_details, paper_names, stored_papers
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search

TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)
PAGE = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\n{day}\n"
PAPER = "\n{title}\n\n{abstract}\n\n  • {authors} authors\n·\n{date}\n"

ABSTRACTS = [
    "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went.",
    "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last.",
    "Rivers move. From nine centuries of maps we measured how far, and which villages had to follow them twice.",
]


def everything(library: Library) -> dict[str, Any]:
    """All rows and some search results, without the log, the files, the settings, the state of the index, and times."""
    connection = library.reader()
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    rows_by_table: dict[str, Any] = {}
    for (table,) in tables.fetchall():
        if table not in ("log", "file", "setting", "indexed", "unindexed"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            columns = [column for column in columns if column not in ("at", "first_read", "status_at")]
            rows_by_table[table] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
    for words in ("bees", "taxes or rivers", "sun", "land", "lovelace", "listed:2026"):
        rows_by_table[words] = list(Search(library).answer(View("all"), parse(words, TODAY)).ids)
    return rows_by_table


def contents(library: Library) -> list[Any]:
    """The details of every paper, without the ids."""
    connection = library.reader()
    details_of_papers = [
        paper_details.details(connection, number) for (number,) in connection.execute("SELECT id FROM paper")
    ]
    return sorted(
        (msgspec.structs.replace(each, id=0) for each in details_of_papers), key=lambda each: repr(each.listings)
    )


def assert_sound(library: Library) -> None:
    with closing(sqlite3.connect(library.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # Check that no row refers to a paper that does not exist.
        for table, column in (
            ("entry", "paper_id"),
            ("body", "paper_id"),
            ("alias", "paper_id"),
            ("mark", "paper_id"),
            ("queue", "paper_id"),
            ("tag", "paper_id"),
            ("collection", "paper_id"),
            ("joined", "kept"),
        ):
            lost = connection.execute(f"SELECT {column} FROM {table} EXCEPT SELECT id FROM paper").fetchall()
            assert lost == [], table


def page(path: Path, titles: dict[str, str] | Sequence[str], day: str = "Jul 2", authors: int = 4) -> Path:
    """Write a page of Daily Papers. `titles` can contain the date to print for each title."""
    dated = titles if isinstance(titles, dict) else dict.fromkeys(titles, "Jun 24, 2026")
    text = PAGE.format(day=day)
    for title, printed in dated.items():
        words = f"{title} is a paper about something that nobody had looked at before, and this is what it found. "
        text += PAPER.format(title=title, abstract=words * 4, authors=authors, date=printed)
    path.write_text(text)
    noon = datetime(2026, 7, 14, 12).timestamp()
    os.utime(path, (noon, noon))
    return path


def import_listing(library: Library, path: Path) -> ImportReport:
    (report,) = take_in(library, [path], OPTIONS)
    assert report.error is None
    return report


def last_id(library: Library) -> int:
    return log.read(library.reader(), 1)[0].id


def number(library: Library, title: str) -> int:
    return paper_names.find_paper(library.reader(), title)


def titles(library: Library) -> list[str]:
    return [title for (title,) in library.reader().execute("SELECT title FROM paper ORDER BY title")]


Listing = tuple[str, date | None, list[Entry]]


def store_listing(library: Library, listing: Listing, name: str) -> int:
    """Store a listing as an import does. Dates without a year get the year 2025. Returns the id of the log entry."""
    family, day, entries = listing
    with library.writing(durable=False) as connection:
        key = connection.execute(
            "INSERT INTO listing (content, path, size, format, family, month_day, listed_on, listed_on_rule, year,"
            " own_rule, own_year, state, stored, entries, first_read) VALUES (?1, ?1, 0, ?2, ?2, ?3, ?4, 'modified',"
            " 2025, 'modified', 2025, 'read', ?5, ?5, '')",
            (name, family, day and f"{day.month:02}-{day.day:02}", stored_papers.day_text(day), len(entries)),
        ).lastrowid
        assert key
        for position, entry in enumerate(entries, 1):
            stacks.place(connection, ListingKey(key, name, family, day, 2025), position, entry, TODAY)
        year_propagation.settle_years(connection, key, TODAY)
        return log.write(connection, None, key, ImportReport(path=name, entries=len(entries)), "read")
