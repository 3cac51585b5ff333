"""The views of trending papers: the papers listed in a recent period, with the most upvotes or the fastest rise first.

The argument of such a view consists of a period and a ranking, for example "month:votes". The period ends with the
newest listing day of the library, because a library may have no listing of today yet.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Literal, get_args

from store.papers import listing_days
from store.text.dates import shifted

Span = Literal["day", "week", "month"]
Ranking = Literal["rise", "votes", "stars"]

SPAN_DAYS: dict[Span, int] = {"day": 1, "week": 7, "month": 30}
SPANS: tuple[Span, ...] = get_args(Span)
RANKINGS: tuple[Ranking, ...] = get_args(Ranking)
_RANKING_TEXTS: dict[Ranking, str] = {
    "rise": "rise of upvotes and comments",
    "votes": "upvotes and comments",
    "stars": "stars of the code",
}

# The rise of a paper is the sum of its upvotes and comments now, minus this sum before the first day of the period. For
# a paper that was not listed before that day, the rise is the whole sum.
_VOTES = "coalesce(upvotes, 0) + coalesce(comment_count, 0)"
# Two partial indexes have exactly this condition, so that SQLite reads only the entries with votes.
_VOTED = "coalesce(upvotes, comment_count) IS NOT NULL"
_IN_SPAN = f"SELECT paper_id FROM entry WHERE listed_on >= ?1 AND {_VOTED}"
_VALUES: dict[Literal["rise", "votes"], str] = {
    "rise": f"max({_VOTES}) FILTER (WHERE listed_on >= ?1) - coalesce(max({_VOTES}) FILTER (WHERE listed_on < ?1), 0)",
    "votes": f"max({_VOTES})",
}


def parse(text: str) -> str:
    """The usual form of an argument, for example "month", "votes" or "month:votes".

    The period "week" and the ranking "rise" are the defaults and are left out, so the usual form may be "". Raises
    ValueError for any other text.
    """
    span, ranking = split(text.casefold())
    return ":".join(each for each in (span if span != "week" else "", ranking if ranking != "rise" else "") if each)


def split(text: str) -> tuple[Span, Ranking]:
    """The period and the ranking in an argument. Raises ValueError when it contains anything else."""
    span: Span = "week"
    ranking: Ranking = "rise"
    for part in text.split(":") if text else ():
        if part in SPANS:
            span = part
        elif part in RANKINGS:
            ranking = part
        else:
            raise ValueError(text)
    return span, ranking


def arguments() -> list[str]:
    """The usual forms of all arguments, except for the default ""."""
    return [each for span in SPANS for ranking in RANKINGS if (each := parse(f"{span}:{ranking}"))]


def neighbour(text: str, step: int) -> str | None:
    """The argument with the next longer period if `step` is positive, or else with the next shorter period.

    None when there is no such period.
    """
    span, ranking = split(text)
    at = SPANS.index(span) + (1 if step > 0 else -1)
    return parse(f"{SPANS[at]}:{ranking}") if 0 <= at < len(SPANS) else None


def name(text: str) -> str:
    """The name of the view on the screen: "Trending, month, votes" for "month:votes", "Trending" for ""."""
    return ", ".join(["Trending", *parse(text).split(":")]).removesuffix(", ")


def note(text: str) -> str:
    """How the view with this argument ranks its papers, for example "by rise of upvotes and comments in 7 days"."""
    span, ranking = split(text)
    days = SPAN_DAYS[span]
    return f"by {_RANKING_TEXTS[ranking]} {f'in {days} days' if days > 1 else 'on the newest day'}"


def join(text: str) -> str:
    """The JOIN clause that selects the papers of the view with this argument. `v.value` is the value to sort by.

    The clause has one parameter, ?1: the first day of the period.
    """
    _, ranking = split(text)
    if ranking == "stars":
        # The plus sign keeps SQLite from using the index of papers with stars, which would read all of them, although
        # few are in the period.
        return (
            "JOIN (SELECT id, stars AS value FROM paper WHERE +stars > 0"
            " AND id IN (SELECT paper_id FROM entry WHERE listed_on >= ?1)) v ON v.id = p.id"
        )
    return (
        f"JOIN (SELECT * FROM (SELECT paper_id, {_VALUES[ranking]} AS value FROM entry WHERE paper_id IN ({_IN_SPAN})"
        f" AND listed_on IS NOT NULL AND {_VOTED} GROUP BY paper_id) WHERE value > 0) v ON v.paper_id = p.id"
    )


def first_day(connection: sqlite3.Connection, text: str) -> str:
    """The first day of the period in an argument.

    If the library has no listing day, this is the last possible day (`date.max`), so that no paper is trending.
    """
    latest = listing_days.latest(connection)
    span, _ = split(text)
    days = SPAN_DAYS[span] - 1
    return (shifted(date.fromisoformat(latest), -days) if latest else date.max).isoformat()
