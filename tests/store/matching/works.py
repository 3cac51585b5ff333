"""Random papers and entries for the tests that compare and join entries."""

from __future__ import annotations

import itertools
from datetime import date

import msgspec
from hypothesis import strategies as st

from store.matching.merge import EntryRecord, merge_entries
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import UNDATED, PartialDate

FAMILIES = ["arxiv", "hf", "bibliography", "crossref", "recto", "somewhere-else"]
# The values of an entry: a paper, its family (source), its listing day, and whether the listing printed the year of its
# date.
EntryValues = tuple[Paper, str, date | None, bool]

ABOUT_BEES = "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went."
ABOUT_BEES_AGAIN = ABOUT_BEES.replace("two hundred", "200").replace("summer", "long summer")
ABOUT_TAXES = "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last."


def by(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


_words = st.sampled_from(["bees", "sun", "summer", "taxes", "north", "towns"])
# Papers with one of three titles, each with or without an abstract, authors and ids.
some_papers = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Editorial", "Taxes"]),
    abstract=st.none() | st.lists(_words, min_size=8, max_size=12).map(" ".join),
    authors=st.lists(st.sampled_from(["Ada Lovelace", "Alan Turing", "Bo Li"]), max_size=2, unique=True).map(
        lambda names: by(*names)
    ),
    arxiv_id=st.none() | st.sampled_from(["2510.00001", "2510.00002"]),
    doi=st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
)


def record(
    entry_id: int, paper: Paper, family: str = "hf", day: date | None = None, *, printed: bool = True
) -> EntryRecord:
    return EntryRecord(entry_id=entry_id, family=family, paper=paper, listed_on=day, year_printed=printed)


def records(entries: list[EntryValues]) -> list[EntryRecord]:
    """The records of these entries. Their ids are 1, 2, 3, …"""
    return [
        record(number, paper, family, day, printed=printed)
        for number, (paper, family, day, printed) in enumerate(entries, 1)
    ]


_text = st.sampled_from(["a", "b", "bees", "taxes"])
_days = st.dates(date(2024, 1, 1), date(2026, 7, 15))
_counts = st.none() | st.integers(0, 5)
_links = st.builds(
    Link,
    kind=st.sampled_from(["page", "pdf", "code", "project", "dataset"]),
    url=st.sampled_from(["https://a.org", "https://b.org"]),
    stars=_counts,
)
_partial_dates = st.builds(
    lambda day, length: PartialDate.parse(day.isoformat()[:length]), _days, st.sampled_from([4, 7, 10])
)


@st.composite
def _dated(draw: st.DrawFn, undated: st.SearchStrategy[Paper]) -> Paper:
    published, precision = draw(st.none() | _partial_dates) or UNDATED
    return msgspec.structs.replace(draw(undated), published=published, published_to=precision)


_undated = st.builds(
    Paper,
    title=_text,
    abstract=st.none() | _text,
    authors=st.lists(
        st.builds(Author, name=_text, affiliations=st.lists(_text, max_size=1).map(tuple)), max_size=2
    ).map(tuple),
    author_count=_counts,
    organization=st.none() | st.builds(Organization, name=_text, slug=st.none() | _text),
    updated=st.none() | _days,
    arxiv_id=st.none() | st.just("2510.00001"),
    arxiv_version=st.none() | st.integers(1, 3),
    doi=st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "Linguistics"]), max_size=2, unique=True).map(tuple),
    venue=st.none() | _text,
    comment=st.none() | _text,
    upvotes=_counts,
    comment_count=_counts,
    links=st.lists(_links, max_size=2, unique_by=lambda link: (link.kind, link.url)).map(tuple),
    ai_summary=st.none() | _text,
    ai_keywords=st.lists(_text, max_size=2, unique=True).map(tuple),
)
# Random papers in which any field may be missing.
any_papers = _dated(_undated)
entry_lists = st.lists(
    st.tuples(any_papers, st.sampled_from(FAMILIES), st.none() | _days, st.booleans()), min_size=1, max_size=5
)


def best(field: str, *values: tuple[str, object]) -> object:
    """Merge entries with these (family, value) pairs for `field` in every order, and check that the result is the same.

    Returns the value that is stored. The family is the source of an entry.
    """
    results = []
    for order in itertools.permutations(values):
        entries = [
            record(number, Paper(title="T", **{field: value}), family)  # type: ignore[arg-type]
            if field != "title"
            else record(number, Paper(title=str(value)), family)
            for number, (family, value) in enumerate(order, 1)
        ]
        results.append(getattr(merge_entries(entries).paper, field))
    assert all(value == results[0] for value in results)
    return results[0]
