"""Which papers each view contains, in which order, and how many they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.library.library import Library
from store.marks import journal, marking, stored_marks
from store.model.errors import LibraryError
from store.model.paper import Link, Paper
from store.papers import list_rows, listing_days, samples, views, visits
from store.papers.view_table import FIXED, Kind
from store.papers.views import CountedView, CountedViews, View
from store.search.parser import parse
from store.search.search import Search
from tests.store.listings import add_listing
from tests.thorough import examples

TODAY = date(2026, 7, 15)
FIRST, SECOND = date(2026, 7, 1), date(2026, 7, 2)
EVERYTHING = parse("", TODAY)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def shown(library: Library, view: View | str) -> list[int]:
    """The ids of the papers that a view shows without a filter."""
    view = View.parse(view) if isinstance(view, str) else view
    return list(Search(library).answer(view, EVERYTHING).ids)


def titles(library: Library, view: str) -> list[str]:
    return [row.title for row in list_rows.read(library.reader(), shown(library, view))]


def _all_views(counted: CountedViews) -> list[CountedView]:
    return [*counted.fixed, *(each for group in counted.groups for each in group.views)]


def assert_counts_are_lengths(library: Library) -> None:
    connection = library.reader()
    counted = views.counted_views(connection)
    for view, count in [(each.view, each.count) for each in _all_views(counted)]:
        assert count == len(shown(library, view)) == views.count(connection, view), view
        assert count == len(list_rows.read(connection, shown(library, view)))
    # There is a view for each listing day, the newest first, and for each tag, in the order of their names.
    listed = connection.execute("SELECT DISTINCT listed_on FROM entry WHERE listed_on IS NOT NULL ORDER BY 1 DESC")
    days = [day for (day,) in listed]
    shown_days = [each.view.argument for each in counted.of("day")]
    assert shown_days == [day for day in days if day in shown_days]
    tags = [each.view.argument for each in counted.of("tag")]
    assert tags == sorted(tags)
    kinds = [each.view.kind for each in counted.fixed]
    assert kinds == [kind for kind in FIXED if kind in kinds]
    assert set(FIXED) - set(kinds) <= {"changed", "later", "retracted", "since", "trending", "undated"}


def test_an_empty_library_has_empty_views(library: Library) -> None:
    assert {each.count for each in views.counted_views(library.reader()).fixed} == {0}
    assert_counts_are_lengths(library)
    assert shown(library, "new") == []


def test_new_has_the_newest_listing_first_in_the_order_of_the_listing(library: Library) -> None:
    add_listing(library, FIRST, "D", "A")
    add_listing(library, SECOND, "C", "A", "B")
    add_listing(library, None, "E")
    assert titles(library, "new") == ["C", "A", "B", "D"]
    assert_counts_are_lengths(library)


def test_a_paper_that_was_seen_or_decided_on_is_not_new(library: Library) -> None:
    numbers = add_listing(library, FIRST, "A", "B", "C", "D", "E", "F", "G")
    marking.seen(library, numbers[0])
    marking.bookmark(library, numbers[1:2])
    marking.queue(library, numbers[2:3])
    marking.postpone(library, numbers[3:4], date.today() + timedelta(days=1))
    marking.status(library, numbers[4:5], "hidden")
    marking.tag(library, numbers[5:6], ["nlp"])
    assert titles(library, "new") == ["F", "G"]
    for _ in range(5):
        journal.undo(library)
    assert titles(library, "new") == ["B", "C", "D", "E", "F", "G"]


def test_a_postponed_paper_is_new_again_on_its_day_and_comes_first(library: Library) -> None:
    add_listing(library, SECOND, "A")
    old, undated = add_listing(library, FIRST, "B") + add_listing(library, None, "C")
    marking.bookmark(library, [old])
    for number in (old, undated):
        marking.postpone(library, [number], date.today())
    assert titles(library, "new") == ["B", "C", "A"]
    assert shown(library, "later") == []
    assert_counts_are_lengths(library)


@pytest.mark.parametrize("listed_on", [FIRST, None])
def test_the_filter_is_new_finds_what_the_view_new_shows(library: Library, listed_on: date | None) -> None:
    numbers = add_listing(library, listed_on, "A", "B", "C", "D")
    add_listing(library, None, "E")
    marking.status(library, numbers[:1], "done")
    marking.queue(library, numbers[1:2])
    marking.postpone(library, numbers[2:3], date.today())
    marking.postpone(library, numbers[3:4], date.today() + timedelta(days=1))
    matching = Search(library).answer(View("all"), parse("is:new", date.today())).ids
    assert set(matching) == set(shown(library, "new")) == {numbers[2], *([] if listed_on else [5])}
    filtered = Search(library).answer(View("new"), parse("title:c", date.today())).ids
    assert list(filtered) == [numbers[2]]
    # A search in the index, which large libraries use for this view, returns the same papers.
    assert set(Search(library, max_whole=0).answer(View("new"), EVERYTHING).ids) == set(matching)


def test_samples_come_after_other_listings(library: Library, tmp_path: Path) -> None:
    add_listing(library, SECOND, "S", "T")
    path = tmp_path / "samples" / "sample.txt"
    with library.writing() as connection:
        connection.execute("UPDATE listing SET path = ?", (str(path),))
    samples.remember(library, path.parent)
    assert titles(library, "new") == ["S", "T"]
    assert listing_days.latest(library.reader()) == SECOND.isoformat()
    add_listing(library, FIRST, "A", "T")
    assert titles(library, "new") == ["T", "A", "S"]
    assert listing_days.latest(library.reader()) == FIRST.isoformat()
    assert_counts_are_lengths(library)


def test_new_is_undated_if_no_listing_has_a_day(library: Library) -> None:
    numbers = add_listing(library, None, "C", "A")
    assert shown(library, "new") == shown(library, "undated") == numbers
    marking.seen(library, numbers[0])
    assert shown(library, "new") == numbers[1:]
    assert_counts_are_lengths(library)
    add_listing(library, FIRST, "D")
    assert titles(library, "new") == ["D"]


def test_a_paper_in_two_listings_of_one_day_is_shown_once_on_that_day(library: Library) -> None:
    add_listing(library, FIRST, "A", "B")
    add_listing(library, FIRST, "B", "C")
    add_listing(library, SECOND, "B")
    assert titles(library, "day:2026-07-01") == [
        "A",
        "B",
        "C",
    ]
    assert len(shown(library, "day:2026-07-02")) == 1
    assert_counts_are_lengths(library)


def test_a_paper_that_gets_a_listing_day_leaves_undated(library: Library) -> None:
    add_listing(library, None, "A", "B")
    add_listing(library, FIRST, "B")
    assert titles(library, "undated") == ["A"]
    assert_counts_are_lengths(library)


def test_a_hidden_paper_is_shown_only_in_the_bookmarks_and_hidden(library: Library) -> None:
    hidden, other = add_listing(library, FIRST, "A", "B")
    for number in (hidden, other):
        marking.tag(library, [number], ["nlp"])
        marking.queue(library, [number])
        marking.bookmark(library, [number])
    marking.status(library, [hidden], "hidden")
    for view in ("all", "day:2026-07-01", "tag:nlp"):
        assert shown(library, view) == [other], view
    assert shown(library, "new") == []
    assert shown(library, "hidden") == [hidden]
    assert shown(library, "queue") == [other]
    assert set(shown(library, "bookmarks")) == {hidden, other}
    assert_counts_are_lengths(library)
    journal.undo(library)
    assert shown(library, "all") == [other, hidden]


def test_later_has_the_papers_that_wait_the_next_day_first(library: Library) -> None:
    one, two, three, four = add_listing(library, FIRST, "A", "B", "C", "D")
    today = date.today()
    for number, days in ((one, 9), (two, 2), (three, 0)):
        marking.postpone(library, [number], today + timedelta(days=days))
    assert titles(library, "later") == ["B", "A"]
    search = Search(library)
    assert set(search.answer(View("all"), parse("is:later", today)).ids) == {one, two}
    assert set(search.answer(View("all"), parse("-is:later", today)).ids) == {three, four}
    (row,) = list_rows.read(library.reader(), [two])
    assert row.later == (today + timedelta(days=2)).isoformat()
    assert_counts_are_lengths(library)


def test_a_tag_that_only_hidden_papers_have_is_shown_with_a_count_of_zero(library: Library) -> None:
    numbers = add_listing(library, FIRST, "A")
    marking.tag(library, numbers, ["nlp"])
    marking.status(library, numbers, "hidden")
    (tag,) = views.counted_views(library.reader()).of("tag")
    assert (str(tag.view), tag.count) == ("tag:nlp", 0)
    assert_counts_are_lengths(library)


def test_views_of_marks_show_the_latest_mark_first_and_the_queue_its_own_order(library: Library) -> None:
    one, two, three = add_listing(library, FIRST, "A", "B", "C")
    for number in (two, three, one):
        marking.bookmark(library, [number])
        marking.status(library, [number], "reading")
        marking.queue(library, [number])
    assert shown(library, "bookmarks") == shown(library, "reading") == [one, three, two]
    assert shown(library, "queue") == [two, three, one]


_actions = st.lists(
    st.tuples(
        st.sampled_from(["bookmark", "queue", "status", "tag", "undo", "listing"]),
        st.integers(1, 6),
        st.sampled_from(stored_marks.STATUSES),
        st.sampled_from(["a", "b", "c"]),
        st.none() | st.sampled_from([FIRST, SECOND]),
    ),
    max_size=15,
)


@examples(8, 60)
@given(_actions)
def test_every_count_is_the_length_of_its_list_after_any_actions(
    actions: list[tuple[str, int, stored_marks.Status, str, date | None]],
) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "library.db") as library:
        add_listing(library, FIRST, "A", "B", "C")
        add_listing(library, None, "D", "E", "F")
        for action, number, status, tag, day in actions:
            match action:
                case "bookmark":
                    marking.bookmark(library, [number])
                case "queue":
                    marking.queue(library, [number])
                case "status":
                    marking.status(library, [number], status)
                case "tag":
                    marking.tag(library, [number], [tag])
                case "undo":
                    journal.undo(library)
                case _:
                    add_listing(library, day, "ABCDEF"[number - 1])
        assert_counts_are_lengths(library)


def test_trending_shows_the_papers_that_rose_most_first(library: Library) -> None:
    def listed(day: date, upvotes: dict[str, int]) -> None:
        add_listing(library, day, *(Paper(title=title, upvotes=count) for title, count in upvotes.items()))

    listed(date(2026, 6, 1), {"Old favourite": 100, "Sleeper": 5, "Forgotten": 300})
    listed(date(2026, 7, 1), {"Old favourite": 103, "Fresh": 20})
    listed(date(2026, 7, 2), {"Sleeper": 45, "Fresh": 22, "Nobody's": 0})
    assert titles(library, "trending") == ["Sleeper", "Fresh", "Old favourite"]
    assert titles(library, "trending:day") == ["Sleeper", "Fresh"]
    assert titles(library, "trending:votes") == ["Old favourite", "Sleeper", "Fresh"]
    assert titles(library, "trending:day:votes") == ["Sleeper", "Fresh"]
    assert_counts_are_lengths(library)


def test_a_week_has_its_newest_day_first_and_each_paper_once_in_the_order_of_the_listing(library: Library) -> None:
    sunday, monday = date(2026, 7, 5), date(2026, 7, 6)
    add_listing(library, FIRST, "D", "A")
    add_listing(library, SECOND, "C", "A", "B")
    add_listing(library, SECOND, "A", "Z")
    add_listing(library, sunday, "Y")
    add_listing(library, monday, "X", "D")
    add_listing(library, None, "E")
    assert titles(library, "week:2026-W27") == ["Y", "C", "A", "B", "Z", "D"]
    assert titles(library, "week:2026-W28") == ["X", "D"]
    assert titles(library, "month:2026-07") == ["X", "D", "Y", "C", "A", "B", "Z"]
    assert titles(library, "month:2026-06") == []
    assert titles(library, "since:2026-07-05") == ["X", "D", "Y"]
    assert views.count(library.reader(), View.parse("week:2026-W27")) == 6


def test_the_last_days_end_today(library: Library) -> None:
    today = date.today()
    for days_ago in (9, 8, 3, 0):
        add_listing(library, today - timedelta(days=days_ago), f"{days_ago} days ago", "Every time")
    assert titles(library, "since:9d") == ["0 days ago", "Every time", "3 days ago", "8 days ago"]
    assert titles(library, "since:1") == ["0 days ago", "Every time"]


def test_since_last_has_what_came_after_the_last_day_of_use(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def visited() -> None:
        with library.writing(durable=False) as connection:
            visits.note(connection)

    class Later(date):
        @classmethod
        def today(cls) -> Later:
            return cls(2026, 7, 20)

    monkeypatch.setattr(visits, "date", type("Earlier", (date,), {"today": classmethod(lambda cls: TODAY)}))
    visited()
    add_listing(library, FIRST, "A", "B")
    visited()
    assert "since" not in {each.view.kind for each in views.counted_views(library.reader()).fixed}
    add_listing(library, SECOND, "C", "B")
    add_listing(library, None, "Undated")
    monkeypatch.setattr(visits, "date", Later)
    for _ in range(3):
        assert titles(library, "since:last") == ["C"]
        assert views.counted_views(library.reader()).of("since")[0].count == 1
        assert_counts_are_lengths(library)
        visited()
    add_listing(library, SECOND, "D")
    visited()
    assert titles(library, "since:last") == ["C", "D"]


# -- names of views


@pytest.mark.parametrize("kind", FIXED)
def test_the_name_of_a_fixed_view_is_its_kind(kind: Kind) -> None:
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
        ("week:2026-W27", View("week", "2026-W27")),
        ("WEEK:2026w1", View("week", "2026-W01")),
        ("month:2026-7", View("month", "2026-07")),
        ("since:last", View("since")),
        ("since:9", View("since", "9d")),
        ("since:2026-07-01", View("since", "2026-07-01")),
        ("trending:week:rise", View("trending")),
        ("trending:votes", View("trending", "votes")),
        ("trending:votes:month", View("trending", "month:votes")),
    ],
)
def test_a_view_of_a_day_or_a_tag_is_parsed(text: str, view: View) -> None:
    assert View.parse(text) == view
    assert View.parse(str(view)) == view


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "queue:1",
        "tag:",
        "tag",
        "day:",
        "2026-13-01",
        "day:yesterday",
        "0",
        "week:2026-W54",
        "month:9999-12",
        "week",
        "since:0",
        "trending:year",
        "trending::",
    ],
)
def test_an_unknown_view_is_an_error_that_lists_the_views(text: str) -> None:
    with pytest.raises(LibraryError) as raised:
        View.parse(text)
    assert "2026-07-02" in str(raised.value)


def test_trending_by_stars_has_the_listed_papers_with_the_most_stars_first(library: Library) -> None:
    old = date(2026, 5, 1)
    for title, day, stars in (("Few", SECOND, 5), ("Many", SECOND, 500), ("None", SECOND, None), ("Old", old, 9_000)):
        add_listing(library, day, Paper(title=title, links=(Link("code", f"https://github.com/a/{title}", stars),)))
    assert titles(library, "trending:stars") == ["Many", "Few"]
    assert View.parse("trending:stars").note == "by stars of the code in 7 days"
