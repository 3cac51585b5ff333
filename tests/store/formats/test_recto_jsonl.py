"""recto's own export can be imported again, with every field of a paper but without bookmarks, tags and notes."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats import recto_jsonl
from store.model.entry import Entry, Item, Refused
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import PartialDate, Precision

WHOLE = Paper(
    title="A Title",
    abstract="One.\n\nTwo.",
    authors=(Author("Ada Lovelace", ("London",)), Author("Alan Turing")),
    author_count=2,
    organization=Organization("KAIST AI", "kaist-ai"),
    published=date(2026, 5, 30),
    updated=date(2026, 6, 1),
    arxiv_id="2606.00001",
    arxiv_version=3,
    doi="10.1000/abc",
    categories=("cs.LG", "cs.CL"),
    venue="Nature 5(1), 1–9",
    comment="12 pages",
    upvotes=0,
    comment_count=4,
    links=(
        Link("page", "https://a.example/1"),
        Link("code", "https://github.com/a/b", 7),
        Link("dataset", "https://d"),
    ),
    ai_summary="Short.",
    ai_keywords=("one", "two"),
)


def exported(paper: Paper, **beside: Any) -> dict[str, Any]:
    """What `recto list --json` prints for a paper."""
    fields = {name: msgspec.to_builtins(getattr(paper, name)) for name in paper.__struct_fields__}
    del fields["published_to"]
    fields["published"] = paper.publication_date and paper.publication_date.text
    return {
        "id": 17,
        **fields,
        "first_listed": "2026-06-10",
        "last_listed": "2026-06-12",
        "bookmarked": True,
        "queue_position": 3,
        "status": "reading",
        "tags": ["to-read"],
        "note": "mine",
        "listings": [
            {
                "path": "a.json",
                "format": "hf-json",
                "listed_on": "2026-06-12",
                "position": 1,
                "upvotes": 5,
                "comments": 1,
            }
        ],
        "sources": {"title": "a.json"},
        **beside,
    }


def read(*values: Any) -> list[Item]:
    return list(recto_jsonl.read(io.BytesIO("".join(json.dumps(value) + "\n" for value in values).encode())))


def entry(value: Any) -> Entry:
    (item,) = read(value)
    assert isinstance(item, Entry)
    return item


def test_every_field_comes_back() -> None:
    parsed = entry(exported(WHOLE))
    assert parsed.paper == WHOLE
    assert (parsed.line, parsed.listed_on) == (1, date(2026, 6, 12))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024", PartialDate(date(2024, 1, 1), "year")),
        ("2024-06", PartialDate(date(2024, 6, 1), "month")),
        ("2024-01-01", PartialDate(date(2024, 1, 1))),
        ("2024-06-15T12:00:00Z", PartialDate(date(2024, 6, 15))),
        ("24", None),
        ("2024-13", None),
        ("2024-00-00", None),
        ("", None),
    ],
)
def test_a_date_is_imported_with_the_precision_of_the_export(text: str, when: PartialDate | None) -> None:
    assert entry(exported(WHOLE) | {"published": text}).paper.publication_date == when


def test_unknown_fields_stay_unknown() -> None:
    bare = Paper(title="A Title")
    assert entry(exported(bare, first_listed=None, last_listed=None, listings=[])) == Entry(paper=bare, line=1)
    assert entry({"title": "A Title"}) == Entry(paper=bare, line=1)


def test_an_array_is_read_as_well_as_lines() -> None:
    values = [exported(WHOLE, title=f"Paper {number}") for number in range(3)]
    for text in (json.dumps(values), "[" + ",".join("\n" + json.dumps(value) for value in values) + "\n]"):
        items = list(recto_jsonl.read(io.BytesIO(text.encode())))
        assert [item.paper.title for item in items if isinstance(item, Entry)] == ["Paper 0", "Paper 1", "Paper 2"]


def test_the_listing_day_is_the_last_one() -> None:
    listings = [{"listed_on": "2026-06-09"}, {"listed_on": None}, {"listed_on": "2026-06-11", "announce_type": "cross"}]
    parsed = entry(exported(WHOLE, last_listed=None, listings=listings))
    assert (parsed.listed_on, parsed.announce_type) == (date(2026, 6, 11), "cross")
    assert entry(exported(WHOLE, last_listed=None, listings=[])).listed_on == date(2026, 6, 10)
    assert (
        entry(exported(WHOLE, listings=[{"announce_type": "other", "listed_on": "2026-06-11"}])).announce_type is None
    )


def test_fields_and_links_of_later_versions_are_ignored() -> None:
    links = [{"kind": "video", "url": "https://v"}, {"kind": "pdf", "url": "https://p"}, {"kind": "pdf", "url": None}]
    assert entry(exported(WHOLE, links=links, rating=5)).paper.links == (Link("pdf", "https://p"),)


def test_a_bad_line_costs_one_paper() -> None:
    items = read(exported(WHOLE), exported(WHOLE, upvotes="many"), exported(WHOLE, title=" "), exported(WHOLE))
    assert len([item for item in items if isinstance(item, Entry)]) == 2
    mistyped, untitled = [item for item in items if isinstance(item, Refused)]
    # msgspec writes the rest of the message, so only the name of the field is checked.
    assert (mistyped.index, mistyped.line) == (2, 2) and "upvotes" in mistyped.reason
    assert untitled == Refused(3, 3, "it has no title")


def test_only_exports_of_recto_are_detected() -> None:
    assert recto_jsonl.sniff(json.dumps(exported(Paper(title="T"))).encode(), "x") > 0.97
    assert recto_jsonl.sniff(json.dumps({"title": "T", "arxiv_id": None, "abstract": ""}).encode(), "x") == 0.0


_LINE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
_DAY = st.none() | st.dates()
_COUNT = st.none() | st.integers(0, 2**53)
_PAPERS = st.builds(
    Paper,
    title=_LINE,
    abstract=st.none() | _LINE,
    authors=st.lists(st.builds(Author, _LINE, st.lists(_LINE, max_size=2).map(tuple)), max_size=3).map(tuple),
    author_count=_COUNT,
    organization=st.none() | st.builds(Organization, _LINE, st.none() | _LINE),
    published=_DAY,
    updated=_DAY,
    arxiv_id=st.sampled_from([None, "2401.00001", "hep-th/9901001"]),
    arxiv_version=st.none() | st.integers(1, 999),
    doi=st.sampled_from([None, "10.1000/abc", "10.1002/(sici)1097"]),
    categories=st.lists(_LINE, max_size=2).map(tuple),
    venue=st.none() | _LINE,
    comment=st.none() | _LINE,
    upvotes=_COUNT,
    comment_count=_COUNT,
    links=st.lists(st.builds(Link, st.sampled_from(["page", "code"]), _LINE, _COUNT), max_size=2).map(tuple),
    ai_summary=st.none() | _LINE,
    ai_keywords=st.lists(_LINE, max_size=2).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(_PAPERS, st.sampled_from(["day", "month", "year"]))
def test_any_paper_comes_back_as_it_was(paper: Paper, known_to: Precision) -> None:
    if paper.published:
        first = PartialDate.parse(PartialDate(paper.published, known_to).text).first_day
        paper = msgspec.structs.replace(paper, published=first, published_to=known_to)
    assert entry(exported(paper)).paper == paper
