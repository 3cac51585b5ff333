"""The contents of a digest: its sections and their papers, each with the reason why the digest shows it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from store.digest import candidates, period
from store.digest.candidates import MOST_NEW, MOST_OTHERS, Group
from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.papers import paper_details
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from store.text import result_sentence, tex
from store.text.clean import line

# The largest numbers of characters of the texts of a paper in a digest.
_LONGEST_TITLE = 250
_LONGEST_BYLINE = 120
_LONGEST_FACT = 80
_LONGEST_SUMMARY = 320
_BYLINE_AUTHORS = 4
_LONGEST_REASON = 200


class DigestPaper(NamedTuple):
    """One paper of a digest. Each field is a text of one line. `url` is None if the paper has no address that is safe
    to open.
    """

    number: int
    title: str
    byline: str
    reason: str
    facts: str
    summary: str
    url: str | None


class Section(NamedTuple):
    """A section of a digest: a heading and papers.

    `total` is how many papers of the library belong to the section. If the digest shows fewer, `command` is a command
    that shows all of them.
    """

    heading: str
    papers: tuple[DigestPaper, ...]
    total: int
    command: str


class Digest(NamedTuple):
    """A digest. `new`, `back`, `trending` and `queued` are the total numbers of papers of each kind.

    `id` is the same for two digests with the same new papers and the same query and views. `last_entry` is the highest
    id of an entry (one paper in one listing) that the library had when the digest was made. `subject` is a text about
    the query; "" if there is none.
    """

    id: str
    day: date
    period: str
    subject: str
    sections: tuple[Section, ...]
    new: int
    back: int
    trending: int
    queued: int
    last_entry: int

    @property
    def is_empty(self) -> bool:
        """Whether the digest has no new papers and no papers that were postponed until now. It is then not sent."""
        return not (self.new or self.back)

    @property
    def counts(self) -> str:
        """The numbers of papers as a text, for example "12 new papers · 1 back from later · 3 trending"."""
        counts = [
            f"{self.new:,} new paper{'s' if self.new != 1 else ''}",
            f"{self.back:,} back from later" if self.back else "",
            f"{self.trending:,} trending" if self.trending else "",
            f"{self.queued:,} in the queue" if self.queued else "",
        ]
        return " · ".join(count for count in counts if count)


class Wanted(NamedTuple):
    """The user's selection of papers for a digest.

    All papers must match `query`. If `views` is not empty, new papers must also be in one of these views.
    """

    query: str = ""
    views: tuple[View, ...] = ()


def selection(choice: Wanted) -> str:
    """The key under which the library stores the last digest with the same query and the same views."""
    return _hash([choice.query, [*map(str, choice.views)]])


def collect(library: Library, since: str, choice: Wanted, today: date) -> Digest:
    """Make the digest of the period that begins with `since` (see `period.parse`).

    Raises LibraryError when `since` names no period or the library cannot be read.
    """
    connection = library.reader()
    chosen = period.parse(connection, since, selection(choice), today)
    last_entry = period.last_entry(connection)
    matches_query = _filter(library, choice, today)
    new = (each for each in candidates.new(connection, chosen, last_entry, today) if matches_query(each.number))
    numbers = array("q")
    if choice.views:
        groups = candidates.by_view(library, new, choice.views, numbers)
    else:
        groups = candidates.by_day(new, numbers)
    back = [each for each in candidates.back(connection, today) if matches_query(each.number)]
    rising = [each for each in candidates.rising(connection) if matches_query(each.number)]
    shown = {each.number for each in rising}.intersection(numbers) | {each.number for each in back}
    rising = [each for each in rising if each.number not in shown]
    queued = [each for each in candidates.queued(connection) if matches_query(each.number)]
    sections = [
        _section(connection, Group("Back from later", back, len(back), "recto list --view new"), MOST_OTHERS),
        *_sections_of_new(connection, groups, are_days=not choice.views),
        _section(connection, Group("Trending", rising, len(rising), "recto list --view trending"), MOST_OTHERS),
        _section(connection, Group("In the queue", queued, len(queued), "recto queue"), MOST_OTHERS),
    ]
    return Digest(
        id=_hash([choice.query, [*map(str, choice.views)], sorted(numbers), sorted(each.number for each in back)]),
        day=today,
        period=chosen.text,
        subject=line(choice.query)[:_LONGEST_FACT],
        sections=tuple(section for section in sections if section.papers),
        new=len(numbers),
        back=len(back),
        trending=len(rising),
        queued=len(queued),
        last_entry=last_entry,
    )


def _hash(values: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:24]


def _filter(library: Library, choice: Wanted, today: date) -> Callable[[int], bool]:
    """A function that takes the id of a paper and returns whether the paper matches the query."""
    if not choice.query:
        return lambda number: True
    matching = frozenset(Search(library).answer(View("all"), parse(choice.query, today)).ids)
    return lambda number: number in matching


def _sections_of_new(connection: sqlite3.Connection, groups: Sequence[Group], *, are_days: bool) -> list[Section]:
    """The sections of new papers. Together they have at most MOST_NEW papers, and each has at least one.

    If each section is a view, all sections may show equally many papers. If each section is a day, the newest day may
    show half of the MOST_NEW papers, the day before it half of the rest, and so on.
    """
    groups = [group for group in groups if group.papers]
    sections: list[Section] = []
    room = MOST_NEW
    for number, group in enumerate(groups):
        left = len(groups) - number
        share = max(1, room // (min(2, left) if are_days else left))
        sections.append(_section(connection, group, share))
        room -= len(sections[-1].papers)
    return sections


def _section(connection: sqlite3.Connection, group: Group, most: int) -> Section:
    reasons = dict(group.papers[:most])
    details_of_papers = paper_details.details_of_all(connection, list(reasons))
    papers = tuple(_paper(ExportedPaper(details, ""), reasons[details.id]) for details in details_of_papers)
    return Section(group.heading, papers, group.total, group.command)


def _paper(exported: ExportedPaper, reason: str) -> DigestPaper:
    paper = exported.paper
    names = [author.name for author in paper.authors[:_BYLINE_AUTHORS]]
    others = max(len(paper.authors), paper.author_count or 0) - len(names)
    facts = [
        exported.retraction,
        exported.date.text if exported.date else "",
        paper.organization.name if paper.organization else "",
        paper.venue or "",
        exported.decision,
        f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        " ".join(f"#{tag}" for tag in exported.details.marks.tags),
    ]
    return DigestPaper(
        number=exported.details.id,
        title=_shortened(tex.for_display(paper.title[: 2 * _LONGEST_TITLE]), _LONGEST_TITLE),
        byline=_shortened(
            ", ".join(names) + (f" and {others:,} more" if names and others > 0 else ""), _LONGEST_BYLINE
        ),
        reason=_shortened(reason, _LONGEST_REASON),
        facts=" · ".join(_shortened(fact, _LONGEST_FACT) for fact in facts if fact),
        summary=_summary(paper.ai_summary, paper.abstract),
        url=exported.url if exported.url and len(exported.url) <= _LONGEST_TITLE else None,
    )


def _summary(ai_summary: str | None, abstract: str | None) -> str:
    """The summary of a paper, or else the sentence of its abstract that states the result, or else the start of the
    abstract.
    """
    if ai_summary:
        return _shortened(tex.for_display(ai_summary[: 4 * _LONGEST_SUMMARY]), _LONGEST_SUMMARY)
    if not abstract:
        return ""
    offsets = result_sentence.find(abstract[:10_000])
    text = abstract[slice(*offsets)] if offsets else abstract
    return _shortened(tex.for_display(text[: 4 * _LONGEST_SUMMARY]), _LONGEST_SUMMARY)


def _shortened(text: str, longest: int) -> str:
    """`text` on one line without control characters. If it is too long, only its first words are kept,
    followed by "…".
    """
    text = line(text)
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
