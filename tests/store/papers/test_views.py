"""Which papers a view shows: its count is the length of its list, and hidden papers are out of sight."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.marks import journal, marks, paper_marks
from store.model.entry import Entry
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers import queries, views
from store.papers.views import FIXED, View
from store.search.parser import parse
from store.search.search import Search
from tests.thorough import examples

TODAY = date(2026, 7, 15)
FIRST, SECOND = date(2026, 7, 1), date(2026, 7, 2)
EVERYTHING = parse("", TODAY)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def take(library: Library, listed_on: date | None, *titles: str) -> list[int]:
    """A listing of papers with these titles; their numbers."""
    with library.writing(durable=False) as connection:
        (number,) = connection.execute("SELECT count(*) + 1 FROM listing").fetchone()
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (?1, ?1, ?1, 0, 'hf-text', 'hf', 'read', 0, 0, '')",
            (number,),
        )
        key = ListingKey(number, f"{number}", "hf", listed_on, None)
        return [
            entries.place(connection, key, position, Entry(paper=Paper(title=title)), TODAY).paper_id
            for position, title in enumerate(titles, 1)
        ]


def shown(library: Library, view: View | str) -> list[int]:
    """The papers of a view as the list shows them without a filter."""
    asked = View.parse(view) if isinstance(view, str) else view
    return list(Search(library).answer(asked, EVERYTHING).ids)


def assert_counts_are_lengths(library: Library) -> None:
    connection = library.reader()
    shelves = views.shelves(connection)
    every = [*shelves.fixed, *shelves.days, *shelves.tags]
    for shelf in every:
        assert shelf.count == len(shown(library, shelf.view)) == views.count(connection, shelf.view), shelf
        assert shelf.count == len(queries.list_rows(connection, shown(library, shelf.view)))
    # Every day and tag there is has a shelf, newest and first first.
    days = [day for (day,) in connection.execute("SELECT DISTINCT listed_on FROM entry WHERE listed_on IS NOT NULL")]
    assert {shelf.view.key for shelf in shelves.days} <= set(days)
    assert [shelf.view.key for shelf in shelves.days] == sorted((s.view.key for s in shelves.days), reverse=True)
    assert [shelf.view.key for shelf in shelves.tags] == sorted(shelf.view.key for shelf in shelves.tags)
    kinds = [shelf.view.kind for shelf in shelves.fixed]
    assert kinds == [kind for kind in FIXED if kind in kinds]
    assert set(FIXED) - set(kinds) <= {"trending", "undated"}


def test_an_empty_library_has_empty_views(library: Library) -> None:
    assert {shelf.count for shelf in views.shelves(library.reader()).fixed} == {0}
    assert_counts_are_lengths(library)
    assert shown(library, "new") == []


def test_new_is_the_latest_listing_in_the_order_of_its_page(library: Library) -> None:
    take(library, SECOND, "C", "A", "B")
    take(library, FIRST, "D")
    assert [row.title for row in queries.list_rows(library.reader(), shown(library, "new"))] == ["C", "A", "B"]
    assert shown(library, "new") == shown(library, "2026-07-02")


def test_without_any_listing_day_new_is_what_has_none(library: Library) -> None:
    numbers = take(library, None, "C", "A")
    assert shown(library, "new") == shown(library, "undated") == numbers
    take(library, FIRST, "D")
    assert [row.title for row in queries.list_rows(library.reader(), shown(library, "new"))] == ["D"]


def test_a_paper_on_two_pages_of_one_day_is_shown_once_and_on_each_of_its_days(library: Library) -> None:
    take(library, FIRST, "A", "B")
    take(library, FIRST, "B", "C")
    take(library, SECOND, "B")
    assert [row.title for row in queries.list_rows(library.reader(), shown(library, "day:2026-07-01"))] == [
        "A",
        "B",
        "C",
    ]
    assert len(shown(library, "day:2026-07-02")) == 1
    assert_counts_are_lengths(library)


def test_a_paper_that_gets_a_day_is_undated_no_more(library: Library) -> None:
    take(library, None, "A", "B")
    take(library, FIRST, "B")
    assert [row.title for row in queries.list_rows(library.reader(), shown(library, "undated"))] == ["A"]
    assert_counts_are_lengths(library)


def test_a_hidden_paper_is_out_of_sight_except_where_it_was_put_on_purpose(library: Library) -> None:
    hidden, other = take(library, FIRST, "A", "B")
    for number in (hidden, other):
        marks.tag(library, [number], ["nlp"])
        marks.queue(library, [number])
        marks.bookmark(library, [number])
    marks.status(library, [hidden], "hidden")
    for view in ("new", "all", "day:2026-07-01", "tag:nlp"):
        assert shown(library, view) == [other], view
    assert shown(library, "hidden") == [hidden]
    assert shown(library, "queue") == [hidden, other]
    assert set(shown(library, "bookmarks")) == {hidden, other}
    assert_counts_are_lengths(library)
    journal.undo(library)
    assert shown(library, "all") == [other, hidden]


def test_the_tag_of_hidden_papers_alone_is_still_there_with_none(library: Library) -> None:
    numbers = take(library, FIRST, "A")
    marks.tag(library, numbers, ["nlp"])
    marks.status(library, numbers, "hidden")
    (shelf,) = views.shelves(library.reader()).tags
    assert (str(shelf.view), shelf.count) == ("tag:nlp", 0)
    assert_counts_are_lengths(library)


def test_marks_are_shown_latest_first_and_the_queue_in_its_order(library: Library) -> None:
    one, two, three = take(library, FIRST, "A", "B", "C")
    for number in (two, three, one):
        marks.bookmark(library, [number])
        marks.status(library, [number], "reading")
        marks.queue(library, [number])
    assert shown(library, "bookmarks") == shown(library, "reading") == [one, three, two]
    assert shown(library, "queue") == [two, three, one]


_actions = st.lists(
    st.tuples(
        st.sampled_from(["bookmark", "queue", "status", "tag", "undo", "listing"]),
        st.integers(1, 6),
        st.sampled_from(paper_marks.STATUSES),
        st.sampled_from(["a", "b", "c"]),
        st.none() | st.sampled_from([FIRST, SECOND]),
    ),
    max_size=15,
)


@examples(8, 60)
@given(_actions)
def test_every_count_is_the_length_of_its_list_whatever_was_done(
    actions: list[tuple[str, int, paper_marks.Status, str, date | None]],
) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        take(library, FIRST, "A", "B", "C")
        take(library, None, "D", "E", "F")
        for action, number, status, tag, day in actions:
            match action:
                case "bookmark":
                    marks.bookmark(library, [number])
                case "queue":
                    marks.queue(library, [number])
                case "status":
                    marks.status(library, [number], status)
                case "tag":
                    marks.tag(library, [number], [tag])
                case "undo":
                    journal.undo(library)
                case _:
                    take(library, day, "ABCDEF"[number - 1])
        assert_counts_are_lengths(library)


# -- their names


@pytest.mark.parametrize("kind", FIXED)
def test_a_fixed_view_is_called_by_its_kind(kind: views.Kind) -> None:
    assert View.parse(str(View(kind))) == View(kind)
    assert View.parse(f" {kind.upper()} ") == View(kind)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("2026-07-02", View("day", "2026-07-02")),
        ("day:2026-07-02", View("day", "2026-07-02")),
        ("20260702", View("day", "2026-07-02")),
        ("tag:NLP", View("tag", "nlp")),
        ("tag:#Large Models", View("tag", "large-models")),
        ("tag:a:b", View("tag", "a:b")),
    ],
)
def test_a_day_or_a_tag_is_called_by_its_name(text: str, view: View) -> None:
    assert View.parse(text) == view
    assert View.parse(str(view)) == view


@pytest.mark.parametrize("text", ["", "nothing", "queue:1", "tag:", "tag", "day:", "2026-13-01", "day:yesterday", "0"])
def test_a_name_that_is_no_views_is_an_error_that_says_what_there_is(text: str) -> None:
    with pytest.raises(LibraryError) as raised:
        View.parse(text)
    assert "2026-07-02" in str(raised.value)


# -- rows and papers by name


def test_rows_come_in_the_order_they_are_asked_for_and_leave_out_what_is_gone(library: Library) -> None:
    numbers = take(library, FIRST, "A", "B", "C")
    marks.tag(library, [numbers[0]], ["z", "a", "m"])
    rows = queries.list_rows(library.reader(), [numbers[2], 99, numbers[0], numbers[2]])
    assert [row.title for row in rows] == ["C", "A", "C"]
    assert rows[1].tags == ("a", "m", "z")
    assert queries.list_rows(library.reader(), []) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", 1),
        ("2510.01234", 1),
        ("https://arxiv.org/abs/2510.01234v2", 1),
        ("doi:10.1000/ABC", 2),
        ("attention is all", 1),
        ("Attention is all you need?", 1),
        ('"Why?" asked', 3),
        ("100% of", 4),
        ("100", None),
        ("1_0", None),
        ("Att", None),
        ("need", None),
        ("", None),
        ("99999999999999999999999", None),
        ("9" * 5000, None),
        ("\udcff", None),
        ("???", None),
        ("*", None),
    ],
)
def test_a_paper_is_found_by_what_names_it(text: str, found: int | None, library: Library) -> None:
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (1, 'x', 'x', 0, 'hf-text', 'hf', 'read', 0, 0, '')"
        )
        position = itertools.count(1)
        for paper in (
            Paper(title="Attention Is All You Need", arxiv_id="2510.01234"),
            Paper(title="Attractors", doi="10.1000/abc"),
            Paper(title='"Why?" asked the bee'),
            Paper(title="100% of the bees"),
            Paper(title="Attuned"),
        ):
            entries.place(connection, ListingKey(1, "x", "hf", None, None), next(position), Entry(paper=paper), TODAY)
    if found:
        assert queries.find_paper(library.reader(), text) == found
    else:
        with pytest.raises(LibraryError) as raised:
            queries.find_paper(library.reader(), text)
        assert "\n" not in str(raised.value)


def test_a_name_that_fits_several_papers_names_them(library: Library) -> None:
    take(library, FIRST, "Attention one", "Attention two")
    with pytest.raises(LibraryError, match=r"2 papers fit 'attention' \(1, 2\); say which"):
        queries.find_paper(library.reader(), "attention")


def test_trending_shows_what_rose_most_since_the_listings_before(library: Library) -> None:
    def listed(number: int, day: date, upvotes: dict[str, int]) -> None:
        with library.writing(durable=False) as connection:
            connection.execute(
                "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
                " VALUES (?1, ?1, ?1, 0, 'hf-json', 'hf', 'read', 0, 0, '')",
                (number,),
            )
            key = ListingKey(number, f"{number}", "hf", day, None)
            for position, (title, count) in enumerate(upvotes.items(), 1):
                entries.place(connection, key, position, Entry(paper=Paper(title=title, upvotes=count)), TODAY)

    listed(1, date(2026, 6, 1), {"Old favourite": 100, "Sleeper": 5, "Forgotten": 300})
    listed(2, date(2026, 7, 1), {"Old favourite": 103, "Fresh": 20})
    listed(3, date(2026, 7, 2), {"Sleeper": 45, "Fresh": 22, "Nobody's": 0})
    rows = queries.list_rows(library.reader(), shown(library, "trending"))
    assert [row.title for row in rows] == ["Sleeper", "Fresh", "Old favourite"]
    assert_counts_are_lengths(library)
