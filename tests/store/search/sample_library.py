"""A library whose papers are also available as plain values, so that a test can compute what a search must find."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import msgspec

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.marks import marking
from store.marks.stored_marks import Marks
from store.model.entry import Entry
from store.model.paper import Paper
from store.papers.views import Sort, View
from store.search.answer import Answer
from store.search.parser import parse
from store.search.query import Node, Query
from store.search.search import MAX_WHOLE, Search

TODAY = date(2026, 7, 15)
ALL_PAPERS = View("all")


class StoredPaper(msgspec.Struct, frozen=True):
    """A paper of the library with its marks, the families (sources) that listed it and its listing days."""

    paper: Paper
    families: frozenset[str]
    listing_days: tuple[date, ...]
    marks: Marks


class SampleLibrary:
    """A library, and its papers as plain values, by id."""

    def __init__(self, path: Path) -> None:
        self.library = Library.open(path)
        self.papers: dict[int, StoredPaper] = {}
        self._listing_ids = itertools.count(1)

    def put(self, paper: Paper, family: str = "hf", listed: date | None = None) -> int:
        """Import a listing with only this paper. Returns the id of the paper."""
        listing_id = next(self._listing_ids)
        with self.library.writing(durable=False) as connection:
            connection.execute(
                "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
                " VALUES (?1, ?1, ?1, 0, ?2, ?2, 'read', 1, 1, '')",
                (listing_id, family),
            )
            key = ListingKey(listing_id, f"{listing_id}", family, listed, None)
            paper_id = entries.place(connection, key, 1, Entry(paper=paper), TODAY).paper_id
        self.papers[paper_id] = StoredPaper(paper, frozenset([family]), (listed,) if listed else (), Marks())
        return paper_id

    def mark(self, paper_id: int, marks: Marks) -> None:
        """Give a paper all of these marks. A paper with the status "done" or "hidden" is taken out of the queue."""
        if marks.bookmarked:
            marking.bookmark(self.library, [paper_id], True)
        if marks.queue_position:
            marking.queue(self.library, [paper_id], True)
        marking.status(self.library, [paper_id], marks.status)
        marking.retag(self.library, [paper_id], marks.tags)
        marking.note(self.library, paper_id, marks.note)
        marking.rate(self.library, [paper_id], marks.rating)
        if marks.status in ("done", "hidden"):
            marks = msgspec.structs.replace(marks, queue_position=None)
        self.papers[paper_id] = msgspec.structs.replace(self.papers[paper_id], marks=marks)

    def answer(
        self, query: Node | str | None, view: View = ALL_PAPERS, sort: Sort = "best", max_whole: int = MAX_WHOLE
    ) -> Answer:
        """The result of a search with a filter, which is given as text or as a tree."""
        parsed = parse(query, TODAY) if isinstance(query, str) else Query("", query)
        return Search(self.library, max_whole=max_whole).answer(view, parsed, sort)

    def exact_matches(self, text: str) -> list[int]:
        """The papers that match a filter as it was typed, the best match first."""
        answer = self.answer(text)
        return list(answer.ids[: answer.exact])

    def title(self, paper_id: int) -> str:
        return self.papers[paper_id].paper.title
