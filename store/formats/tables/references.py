"""Split a whole reference in the column "Source" of Embase: journal, year, volume, issue, pages and date.

An example is "Journal of Lists (2014) 3:3 (152-160). Date of Publication: 25 Aug 2014".
"""

from __future__ import annotations

import re

import msgspec

_REFERENCE = re.compile(
    r"(?P<journal>[^()]{2,200}(?:\([^()]{1,60}\)[^()]{0,100})??) \((?P<year>(?:1[89]|20)\d\d)\)"
    r"(?: (?P<volume>[^\s:()]{1,20}))?(?::(?P<issue>[^()]{1,30}?))?(?: \((?P<pages>[^()]{1,40})\))?\.?"
    r"(?: Article Number: (?P<number>\S{1,30}?)\.?)?(?: Date of Publication: (?P<date>.{4,40}))?"
)


class Reference(msgspec.Struct, frozen=True):
    """The parts of a reference. A part that is missing is None; `date` is at least the year."""

    journal: str
    volume: str | None
    issue: str | None
    pages: str | None
    date: str


def reference(text: str) -> Reference | None:
    """The parts of `text`; None if it is not a reference of Embase, for example only the name of a journal."""
    match = _REFERENCE.fullmatch(" ".join(text.split())) if " (" in text else None
    if match is None:
        return None
    pages = match["pages"] or match["number"]
    return Reference(match["journal"], match["volume"], match["issue"], pages, match["date"] or match["year"])
