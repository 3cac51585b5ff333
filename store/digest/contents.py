"""The contents of a digest: its sections and their papers, each with the reason why it is there."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from store.digest.period import Period, day_name
from store.exporting.exported import ExportedPaper
from store.library.library import Library
from store.marks import stored_marks
from store.marks.stored_marks import BACK, DECIDED
from store.papers import queries, trending, views
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from store.text import result_sentence, tex
from store.text.clean import clean, line

if TYPE_CHECKING:
    from store.ranking.taste import Reasons

# How many papers a digest shows: new ones altogether, and in each of the other sections. The heading of a section says
# how many there are.
_MOST_NEW = 40
_MOST_OTHERS = 10
# How many sections of new papers there may be: days, or views that the user named.
_MOST_GROUPS = 12
# The longest texts (characters). _LONGEST_NAME is for the name of a view.
_LONGEST_TITLE = 250
_LONGEST_BYLINE = 120
_LONGEST_FACT = 80
_LONGEST_SUMMARY = 320
_BYLINE_AUTHORS = 4
_LONGEST_NAME = 100


class DigestPaper(NamedTuple):
    """One paper of a digest, as texts on one line each. `url` is None if the paper has no address that is safe."""

    number: int
    title: str
    byline: str
    reason: str
    facts: str
    summary: str
    url: str | None


class Section(NamedTuple):
    """A heading and papers. `total` is the number of papers in the library that belong here; not all may be shown.

    `command` shows all of them.
    """

    heading: str
    papers: tuple[DigestPaper, ...]
    total: int
    command: str


class Digest(NamedTuple):
    """A digest. `new`, `back`, `trending` and `queued` are the total numbers of papers of each kind.

    `id` is the same for two digests with the same new papers for the same selection. `last_entry` is the highest id of
    an entry in the library when the digest was made. `subject` names the query, or is "" without one.
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
        """Whether nothing is new and nothing came back. Such a digest is not sent."""
        return not (self.new or self.back)

    @property
    def counts(self) -> str:
        """The numbers in words, for example "12 new papers · 1 back from later · 3 trending"."""
        counts = [
            f"{self.new:,} new paper{'s' if self.new != 1 else ''}",
            f"{self.back:,} back from later" if self.back else "",
            f"{self.trending:,} trending" if self.trending else "",
            f"{self.queued:,} in the queue" if self.queued else "",
        ]
        return " · ".join(count for count in counts if count)


class Wanted(NamedTuple):
    """Which papers a digest may have: those that match `query`, and new ones only of `views` if there are any."""

    query: str = ""
    views: tuple[View, ...] = ()


def selection(wanted: Wanted) -> str:
    """The name under which the library remembers the last digest of the papers that are wanted."""
    return _hash([wanted.query, [*map(str, wanted.views)]])


class _Candidate(NamedTuple):
    """A paper for a section, and the reason why it is there."""

    number: int
    reason: str


class _Group(NamedTuple):
    """A section before its papers are read."""

    heading: str
    papers: Sequence[_Candidate]
    command: str


def collect(library: Library, period: Period, wanted: Wanted, today: date) -> Digest:
    """The digest of a period. Raises LibraryError when the library cannot be read."""
    connection = library.reader()
    new, last_entry = _new(connection, period, today)
    is_wanted = _filter(library, wanted, today)
    new = [each for each in new if is_wanted(each.number)]
    back = [each for each in _back(connection, today) if is_wanted(each.number)]
    shown = {each.number for each in new} | {each.number for each in back}
    rising = [each for each in _rising(connection) if is_wanted(each.number) and each.number not in shown]
    queued = [each for each in _queued(connection) if is_wanted(each.number)]
    groups = _by_view(library, new, wanted.views) if wanted.views else _by_day(new)
    sections = [
        _section(connection, _Group("Back from later", back, "recto list --view new"), _MOST_OTHERS),
        *_sections_of_new(connection, groups),
        _section(connection, _Group("Trending", rising, "recto list --view trending"), _MOST_OTHERS),
        _section(connection, _Group("In the queue", queued, "recto queue"), _MOST_OTHERS),
    ]
    numbers = sorted({each.number for group in groups for each in group.papers})
    return Digest(
        id=_hash([wanted.query, [*map(str, wanted.views)], numbers, sorted(each.number for each in back)]),
        day=today,
        period=period.text,
        subject=line(wanted.query)[:_LONGEST_FACT],
        sections=tuple(section for section in sections if section.papers),
        new=len(numbers),
        back=len(back),
        trending=len(rising),
        queued=len(queued),
        last_entry=last_entry,
    )


def _hash(values: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:24]


class _NewPaper(NamedTuple):
    """A new paper with its newest listing day and its position in that listing."""

    number: int
    day: str
    position: int
    upvotes: int | None


def _new(connection: sqlite3.Connection, period: Period, today: date) -> tuple[list[_NewPaper], int]:
    """The papers that were listed for the first time in `period` and that the reader has not decided on, newest first.

    On each day, the papers with the most upvotes come first. Also returns the highest id of an entry in the library.
    """
    (last_entry,) = connection.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
    value: str | int
    if period.after_entry is None:
        first, value = "e.listed_on >= ?2", period.first_day.isoformat()
        earlier = "p.first_listed < ?2"
    else:
        first, value = "e.id > ?2 AND e.listed_on IS NOT NULL", period.after_entry
        earlier = "EXISTS (SELECT 1 FROM entry x WHERE x.paper_id = p.id AND x.id <= ?2 AND x.listed_on IS NOT NULL)"
    rows = connection.execute(
        f"SELECT p.id, max(e.listed_on), e.position, p.upvotes FROM entry e JOIN paper p ON p.id = e.paper_id"
        f" WHERE {first} AND e.id <= ?3 AND NOT {earlier} AND p.id NOT IN ({DECIDED}) AND p.id NOT IN ({BACK})"
        " GROUP BY p.id ORDER BY 2 DESC, p.upvotes DESC, e.listing_id, e.position",
        (today.isoformat(), value, last_entry),
    )
    return [_NewPaper(*row) for row in rows], int(last_entry)


def _back(connection: sqlite3.Connection, today: date) -> list[_Candidate]:
    """The papers that were postponed until today or an earlier day, and that the reader has not decided on since."""
    rows = connection.execute(
        f"SELECT paper_id, later FROM mark WHERE later <= ?1 AND paper_id NOT IN ({DECIDED}) ORDER BY later DESC",
        (today.isoformat(),),
    )
    return [_Candidate(number, f"postponed until {day_name(date.fromisoformat(later))}") for number, later in rows]


def _rising(connection: sqlite3.Connection) -> list[_Candidate]:
    chosen = views.selection(connection, View("trending"))
    rows = connection.execute(
        f"SELECT p.id, v.value FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
    )
    return [
        _Candidate(number, f"{rise:,} more upvotes and comments in {trending.SPAN_DAYS['week']} days")
        for number, rise in rows
    ]


def _queued(connection: sqlite3.Connection) -> list[_Candidate]:
    """The papers of the queue in their order, with the reader's own reason for the first ones."""
    numbers = [number for (number,) in connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")]
    marks = stored_marks.read_all(connection, numbers[:_MOST_OTHERS])
    because = {number: f": {line(each.queued_because)}" for number, each in marks.items() if each.queued_because}
    return [
        _Candidate(number, f"no. {position:,} in your queue{because.get(number, '')}")
        for position, number in enumerate(numbers, 1)
    ]


def _filter(library: Library, wanted: Wanted, today: date) -> Callable[[int], bool]:
    """A function that says whether the paper with a number matches the query."""
    if not wanted.query:
        return lambda number: True
    matching = frozenset(Search(library).answer(View("all"), parse(wanted.query, today)).ids)
    return lambda number: number in matching


def _by_day(new: Iterable[_NewPaper]) -> list[_Group]:
    return [
        _Group(
            f"New on {day_name(date.fromisoformat(day))}",
            [_Candidate(each.number, f"no. {each.position:,} in its listing{_votes(each)}") for each in papers],
            f"recto list --view {day}",
        )
        for day, papers in groupby(new, key=lambda each: each.day)
    ]


def _by_view(library: Library, new: Sequence[_NewPaper], chosen: Iterable[View]) -> list[_Group]:
    """The new papers of each view, in the order of the view. A paper may be in several views."""
    by_number = {each.number: each for each in new}
    groups: list[_Group] = []
    search = Search(library)
    for view in chosen:
        answer = search.answer(view, parse("", date.today()))
        papers = [by_number[number] for number in answer.ids if number in by_number]
        name = line(str(view))[:_LONGEST_NAME]
        # A view such as "For you" knows why a paper fits the reader.
        taste = search.reasons_in(answer, [each.number for each in papers[:_MOST_NEW]])
        candidates: list[_Candidate] = []
        for each in papers:
            fits = _taste_text(taste[each.number]) if each.number in taste else ""
            reason = f"in {name}, listed on {each.day}{_votes(each)}"
            candidates.append(_Candidate(each.number, f"{fits} · {reason}" if fits else reason))
        groups.append(_Group(f"New in {name}", candidates, f"recto list --view {name}"))
    return groups


def _taste_text(reasons: Reasons) -> str:
    """Why a paper fits the reader, for example "replay, continual; by Ada Alpha"; "" if nothing speaks for it."""
    if reasons.is_random:
        return "chosen by chance"
    parts = [
        f"fits your filter {reasons.filter}" if reasons.filter else "",
        ", ".join(reasons.words),
        f"by {', '.join(author.name for author in reasons.authors)}" if reasons.authors else "",
        f"from {reasons.organization}" if reasons.organization else "",
        f"like “{reasons.similar_to.title[:_LONGEST_FACT]}”, which you kept" if reasons.similar_to else "",
    ]
    return line("; ".join(part for part in parts if part))


def _votes(paper: _NewPaper) -> str:
    return f", {paper.upvotes:,} upvote{'s' if paper.upvotes != 1 else ''}" if paper.upvotes else ""


def _sections_of_new(connection: sqlite3.Connection, groups: Sequence[_Group]) -> list[Section]:
    """The sections of new papers, which have at most _MOST_NEW papers altogether. Each shows some of its papers."""
    groups = [group for group in groups if group.papers]
    if len(groups) > _MOST_GROUPS:
        rest = groups[_MOST_GROUPS - 1 :]
        others = [each for group in rest for each in group.papers]
        groups[_MOST_GROUPS - 1 :] = [_Group(f"New in {len(rest)} more", others, "recto list --view new")]
    sections: list[Section] = []
    room = _MOST_NEW
    for number, group in enumerate(groups):
        share = max(1, room // (len(groups) - number))
        sections.append(_section(connection, group, share))
        room -= len(sections[-1].papers)
    return sections


def _section(connection: sqlite3.Connection, group: _Group, most: int) -> Section:
    reasons = dict(group.papers[:most])
    known = queries.details_of_all(connection, list(reasons))
    papers = tuple(_paper(ExportedPaper(details, ""), reasons[details.id]) for details in known)
    return Section(group.heading, papers, len(group.papers), group.command)


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
        reason=_shortened(reason, _LONGEST_NAME + _LONGEST_FACT),
        facts=" · ".join(_shortened(fact, _LONGEST_FACT) for fact in facts if fact),
        summary=_summary(paper.ai_summary, paper.abstract),
        url=exported.url if exported.url and len(exported.url) <= _LONGEST_TITLE else None,
    )


def _summary(ai_summary: str | None, abstract: str | None) -> str:
    """The summary, or else the sentence of the abstract that states the result, or else the start of the abstract."""
    if ai_summary:
        return _shortened(tex.for_display(ai_summary[: 4 * _LONGEST_SUMMARY]), _LONGEST_SUMMARY)
    if not abstract:
        return ""
    found = result_sentence.find(abstract[:10_000])
    text = abstract[slice(*found)] if found else abstract
    return _shortened(tex.for_display(text[: 4 * _LONGEST_SUMMARY]), _LONGEST_SUMMARY)


def _shortened(text: str, longest: int) -> str:
    """`text` on one line without control characters, cut after a word and with "…" if it is too long."""
    text = " ".join(clean(text).split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
