"""Finds the papers that a digest may show, each with a reason: new papers in groups, and papers of other sections."""

from __future__ import annotations

import shlex
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from store.digest.period import Period, day_name
from store.library.library import Library
from store.marks import stored_marks
from store.marks.stored_marks import BACK, DECIDED
from store.papers import trending, views
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from store.text.clean import line

if TYPE_CHECKING:
    from store.ranking.taste import Reasons

# The largest numbers of papers that a digest shows: of new papers in total, and of papers in each other section.
MOST_NEW = 40
MOST_OTHERS = 10
# The largest number of groups of new papers in a digest. There is one group for each listing day, or for each view that
# the user chose.
MOST_GROUPS = 12
# The largest number of characters of the name of a view, and of a title in a reason.
_LONGEST_NAME, _LONGEST_TITLE = 100, 80


class Candidate(NamedTuple):
    """The id of a paper that a digest may show, and the reason for that, in words for the user."""

    number: int
    reason: str


class Group(NamedTuple):
    """A section of a digest before the titles and other texts of its papers are read. It contains only their ids.

    `papers` are the first few of the `total` papers of the section, and `command` is a command that shows all of them.
    """

    heading: str
    papers: list[Candidate]
    total: int
    command: str


class NewPaper(NamedTuple):
    """A new paper with its newest listing day and its position in that listing."""

    number: int
    day: str
    position: int
    upvotes: int | None


def new(connection: sqlite3.Connection, period: Period, up_to_entry: int, today: date) -> Iterator[NewPaper]:
    """Yield the papers that were listed for the first time in `period` and that the user has not decided on.

    The newest day comes first, and on each day the papers with the most upvotes come first. Papers whose entries (one
    for each listing) have ids above `up_to_entry` are left for the next digest.
    """
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
        (today.isoformat(), value, up_to_entry),
    )
    return (NewPaper(*row) for row in rows)


def by_day(papers: Iterable[NewPaper], numbers: array[int]) -> list[Group]:
    """The new papers in groups, one for each listing day. Appends the ids of all these papers to `numbers`.

    There are at most MOST_GROUPS groups. If there are more days, the last group has all papers of the remaining days.
    """
    groups: list[Group] = []
    for day, of_day in groupby(papers, key=lambda each: each.day):
        if len(groups) < MOST_GROUPS:
            is_last = len(groups) == MOST_GROUPS - 1
            heading = "New before that" if is_last else f"New on {day_name(date.fromisoformat(day))}"
            groups.append(Group(heading, [], 0, "recto list --view new" if is_last else f"recto list --view {day}"))
        group = groups[-1]
        total = group.total
        for each in of_day:
            numbers.append(each.number)
            total += 1
            if len(group.papers) < MOST_NEW:
                group.papers.append(Candidate(each.number, f"no. {each.position:,} in its listing{_votes(each)}"))
        groups[-1] = group._replace(total=total)
    return groups


def by_view(library: Library, papers: Iterable[NewPaper], chosen: Iterable[View], numbers: array[int]) -> list[Group]:
    """The new papers in groups, one for each view; each group has the order of its view. A paper may be in several
    groups.

    Appends the ids of all these papers to `numbers`, each id once.
    """
    by_number = {each.number: each for each in papers}
    groups: list[Group] = []
    search = Search(library)
    for view in chosen:
        answer = search.answer(view, parse("", date.today()))
        paper_ids = [number for number in answer.ids if number in by_number]
        first = paper_ids[:MOST_NEW]
        name = line(str(view))[:_LONGEST_NAME]
        # In a view such as "For you", the model of the user's taste gives the reason why a paper is shown.
        taste = search.reasons_in(answer, first)
        candidates: list[Candidate] = []
        for number in first:
            fits = _taste_text(taste[number]) if number in taste else ""
            reason = f"in {name}, listed on {by_number[number].day}{_votes(by_number[number])}"
            candidates.append(Candidate(number, f"{fits} · {reason}" if fits else reason))
        groups.append(Group(f"New in {name}", candidates, len(paper_ids), f"recto list --view {shlex.quote(name)}"))
        earlier_ids = set(numbers)
        numbers.extend(number for number in paper_ids if number not in earlier_ids)
    return groups


def back(connection: sqlite3.Connection, today: date) -> list[Candidate]:
    """The papers that were postponed until today or an earlier day, and that the user has not decided on since."""
    rows = connection.execute(
        "SELECT paper_id, later, later_because FROM mark"
        f" WHERE later <= ?1 AND paper_id NOT IN ({DECIDED}) ORDER BY later DESC",
        (today.isoformat(),),
    )
    return [
        Candidate(
            number, f"“{because}” arrived" if because else f"postponed until {day_name(date.fromisoformat(later))}"
        )
        for number, later, because in rows
    ]


def rising(connection: sqlite3.Connection) -> list[Candidate]:
    """The papers of the view "trending", in its order."""
    chosen = views.selection(connection, View("trending"))
    rows = connection.execute(
        f"SELECT p.id, v.value FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
    )
    return [
        Candidate(number, f"{rise:,} more upvotes and comments in {trending.SPAN_DAYS['week']} days")
        for number, rise in rows
    ]


def queued(connection: sqlite3.Connection) -> list[Candidate]:
    """The papers in the queue, in its order. The reasons of the first few contain the user's note why the paper was
    queued.
    """
    numbers = [number for (number,) in connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")]
    marks = stored_marks.read_all(connection, numbers[:MOST_OTHERS])
    because = {number: f": {line(each.queued_because)}" for number, each in marks.items() if each.queued_because}
    return [
        Candidate(number, f"no. {position:,} in your queue{because.get(number, '')}")
        for position, number in enumerate(numbers, 1)
    ]


def _taste_text(reasons: Reasons) -> str:
    """Why the user may like a paper, for example "replay, continual; by Ada Alpha"; "" if there is no such reason."""
    if reasons.is_random:
        return "chosen by chance"
    parts = [
        f"fits your filter {reasons.filter}" if reasons.filter else "",
        ", ".join(reasons.words),
        f"by {', '.join(author.name for author in reasons.authors)}" if reasons.authors else "",
        f"from {reasons.organization}" if reasons.organization else "",
        f"like “{reasons.similar_to.title[:_LONGEST_TITLE]}”, which you kept" if reasons.similar_to else "",
    ]
    return line("; ".join(part for part in parts if part))


def _votes(paper: NewPaper) -> str:
    return f", {paper.upvotes:,} upvote{'s' if paper.upvotes != 1 else ''}" if paper.upvotes else ""
