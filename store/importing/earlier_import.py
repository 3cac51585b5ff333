"""Finds the earlier import of a file with the same bytes, so that the file need not be read again."""

from __future__ import annotations

import time

import msgspec

from store.importing.log import ImportReport
from store.library.library import Library
from store.model.entry import Refused
from store.papers.stored_papers import parse_day


class EarlierImport(msgspec.Struct, frozen=True):
    """An earlier import that read a file with the same bytes to its end.

    `rule` is the rule by which its listing day `listed_on` was found.
    """

    id: int
    format: str
    listed_on: str | None
    rule: str | None
    entries: int
    refused: str | None

    def report(self, path: str, started: float) -> ImportReport:
        """The report for importing the same bytes again: all entries that were not refused count as unchanged."""
        return ImportReport(
            path=path,
            format=self.format,
            listed_on=parse_day(self.listed_on),
            listed_on_rule=self.rule,
            entries=self.entries,
            unchanged=self.entries,
            refused=tuple(msgspec.json.decode(self.refused, type=list[Refused])) if self.refused else (),
            seconds=round(time.monotonic() - started, 3),
        )


def find(library: Library, content: str) -> EarlierImport | None:
    """The import that has read the listing with the digest `content` to its end, or None if there is none."""
    row = (
        library.reader()
        .execute(
            "SELECT l.id, l.format, coalesce(l.listed_on, g.listed_on),"
            " iif(l.listed_on IS NULL AND g.listed_on IS NOT NULL, g.listed_on_rule, l.listed_on_rule),"
            " l.entries, g.refused"
            " FROM listing l LEFT JOIN log g ON g.id ="
            " (SELECT max(id) FROM log WHERE listing_id = l.id AND state = 'read')"
            " WHERE l.content = ? AND l.state = 'read'",
            (content,),
        )
        .fetchone()
    )
    return EarlierImport(*row) if row else None
