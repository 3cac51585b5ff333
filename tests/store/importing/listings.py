"""Listings to import, and the content of a library after an import."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library
from store.model.entry import Item
from store.papers import paper_details, paper_names

TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)
PAGE = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\nJul 2\n"
BYLINE = "\n  • {authors} authors\n·\nAug 24, 2024 {comments}\n"


def import_listing(library: Library, path: Path, options: Options = OPTIONS, **more: Any) -> ImportReport:
    (report,) = import_file(library, path, options, **more)
    return report


def page(papers: int | list[str], comments: int = 2) -> str:
    titles = [f"Paper number {number} of them all" for number in range(papers)] if isinstance(papers, int) else papers
    abstract = "{title}: we asked what nobody had asked before, and this is what we found out in the end. "
    text = PAGE
    for title in titles:
        text += f"\n{title}\n\n{(abstract.format(title=title) * 4).strip()}\n" + BYLINE.format(
            authors=4, comments=comments
        )
    return text


def whole(library: Library, title: str) -> paper_details.PaperDetails:
    return paper_details.details(library.reader(), paper_names.find_paper(library.reader(), title))


def contents(library: Library) -> dict[str, Any]:
    """The papers and listings of a library, without the ids, which depend on the order of import."""
    connection = library.reader()
    result: dict[str, Any] = {}
    for (number,) in connection.execute("SELECT id FROM paper").fetchall():
        details = paper_details.details(connection, number)
        listings = sorted((Path(each.path).name, each.position, str(each)) for each in details.listings)
        result[details.paper.title] = (
            details.paper,
            details.first_listed,
            details.last_listed,
            listings,
            details.marks,
        )
    result["listings"] = sorted(
        connection.execute("SELECT content, listed_on, listed_on_rule, year, state, stored, entries FROM listing")
    )
    return result


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


Scripted = Callable[..., Path]


class Script:
    """A format that ignores the content of the file.

    Instead, it yields the given items and raises the given exceptions.
    """

    NAME = "scripted"
    TITLE = "A script"
    FAMILY = "hf"
    EXAMPLE = "scripted.txt"
    STREAMS = False

    def __init__(self, items: tuple[Item | Exception, ...]) -> None:
        self.items = items

    def sniff(self, head: bytes, name: str) -> float:
        return 1.0

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        stream.read()
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            yield item
