"""How the year of a page that prints dates without years is determined, and how a later listing corrects it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import batches, log, year_propagation, years
from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.importing.years import RULE_TEXT, Settled, settle
from store.library.library import Library
from store.model.entry import Entry
from store.model.paper import Paper
from store.model.partial_date import MonthDay
from store.papers import paper_details, paper_names

TODAY = date(2026, 7, 15)


def dated(*days: MonthDay) -> list[Entry]:
    return [Entry(paper=Paper(title="T"), published_on=day) for day in days]


def settled(
    printed: MonthDay | None = None,
    *days: MonthDay,
    given: date | None = None,
    name: str = "papers.txt",
    elsewhere: int | None = None,
    modified: date = date(2020, 1, 1),
    today: date = TODAY,
) -> Settled:
    return settle(printed, dated(*days), given=given, name=name, elsewhere=elsewhere, modified=modified, today=today)


# -- each rule, and the rules over which it has priority


def test_the_day_given_by_the_user_has_priority() -> None:
    result = settled(
        MonthDay(10, 30),
        MonthDay(8, 24, 2023),
        given=date(2022, 3, 1),
        name="2025-10-30.txt",
        elsewhere=2021,
    )
    assert result == Settled(2022, date(2022, 3, 1), "given")


def test_a_year_printed_over_the_page_comes_next() -> None:
    result = settled(MonthDay(10, 30, 2024), name="2025-10-30.txt", elsewhere=2021)
    assert result == Settled(2024, date(2024, 10, 30), "printed")


def test_next_comes_a_date_in_the_file_name() -> None:
    result = settled(MonthDay(10, 30), MonthDay(8, 24, 2023), name="hf-2025-10-31.txt", elsewhere=2021)
    assert result == Settled(2025, date(2025, 10, 30), "name")


def test_next_comes_another_listing_that_prints_the_year() -> None:
    result = settled(MonthDay(10, 30), MonthDay(8, 24, 2023), elsewhere=2021)
    assert result == Settled(2021, date(2021, 10, 30), "other-listing")


def test_next_comes_the_year_after_the_newest_one_printed_in_the_file() -> None:
    result = settled(MonthDay(10, 30), MonthDay(8, 24, 2023), MonthDay(8, 24, 2019), MonthDay(9, 1))
    assert result == Settled(2024, date(2024, 10, 30), "newest-printed")


def test_next_comes_the_modification_time_of_the_file() -> None:
    assert settled(MonthDay(10, 30), modified=date(2023, 11, 2)) == Settled(2023, date(2023, 10, 30), "modified")
    assert settled(MonthDay(10, 30), modified=date(2023, 1, 2)) == Settled(2022, date(2022, 10, 30), "modified")


def test_a_listing_that_asks_for_no_year_has_its_day_from_its_name_alone() -> None:
    assert settled(None, MonthDay(8, 24, 2023)) == Settled(None, None, None)
    assert settled(None, MonthDay(8, 24, 2023), name="2026-07-02.bib") == Settled(None, date(2026, 7, 2), "name")
    assert settled(None, name="x.bib", given=date(2026, 7, 1)) == Settled(2026, date(2026, 7, 1), "given")


def test_the_year_may_change_between_the_day_of_the_page_and_that_in_its_name() -> None:
    assert settled(MonthDay(12, 30), name="2026-01-02.txt").listed_on == date(2025, 12, 30)
    assert settled(MonthDay(1, 1), name="2025-12-31.txt").listed_on == date(2026, 1, 1)


def test_dates_of_papers_alone_are_not_after_the_day_in_the_name() -> None:
    assert settled(None, MonthDay(6, 15), name="2026-05-01.txt") == Settled(2025, date(2026, 5, 1), "name")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-07-02.txt", date(2026, 7, 2)),
        ("daily_papers_20260702.json", date(2026, 7, 2)),
        ("papers.2026.07.02.html", date(2026, 7, 2)),
        ("2026_07_02-copy (1).txt", date(2026, 7, 2)),
        ("2026-02-30 2026-03-01.txt", date(2026, 3, 1)),
        ("2026-07.txt", None),
        ("1234567890123.txt", None),
        ("v20260702a.txt", None),
        ("2026-07_02.txt", None),
    ],
)
def test_a_date_in_a_name(name: str, found: date | None) -> None:
    assert years.date_in_name(name) == found


# -- no year or day may be in the future


def test_a_day_in_the_future_is_moved_to_the_year_before() -> None:
    assert settled(MonthDay(10, 30), modified=date(2027, 1, 1)).listed_on == date(2025, 10, 30)
    assert settled(MonthDay(10, 30), MonthDay(1, 5, 2025)).listed_on == date(2025, 10, 30)
    assert settled(MonthDay(10, 30), elsewhere=2026).listed_on == date(2025, 10, 30)
    assert settled(MonthDay(7, 16, 2026)).listed_on == date(2025, 7, 16)
    assert settled(MonthDay(7, 15), modified=TODAY).listed_on == TODAY


def test_a_day_in_the_future_in_the_file_name_is_ignored() -> None:
    assert settled(name="conference-2026-09-01.bib") == Settled(None, None, None)


_days = st.builds(
    lambda day, year: MonthDay(day.month, day.day, year),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    st.none() | st.sampled_from([1999, 2004, 2024, 2025, 2026]),
)
_impossible = st.builds(MonthDay, st.integers(0, 13), st.integers(0, 32), st.none() | st.sampled_from([0, 1, 2026]))


@given(
    st.none() | _days | _impossible,
    st.lists(_days | _impossible, max_size=3),
    st.sampled_from(["x.txt", "2026-07-15.txt", "2024-02-29.txt", "2026-12-01.txt", "1900-03-01.txt"]),
    st.none() | st.integers(1996, 2030),
    st.dates(date(1970, 1, 1), date(2030, 1, 1)) | st.just(date.max),
    st.dates(date(2024, 3, 1), date(2026, 12, 31)),
)
def test_no_day_is_ever_in_the_future(
    printed: MonthDay | None,
    days: list[MonthDay],
    name: str,
    elsewhere: int | None,
    modified: date,
    today: date,
) -> None:
    result = settled(printed, *days, name=name, elsewhere=elsewhere, modified=modified, today=today)
    assert result.listed_on is None or result.listed_on <= today
    if printed and years.exists(printed):
        assert result.listed_on
        assert (result.listed_on.month, result.listed_on.day) == (printed.month, printed.day)
    if result.year is not None:
        for day in days:
            if years.exists(day) and day.year is None:
                assert years.on(result.year, day, today) <= today


# -- 29 February


def test_a_leap_day_is_in_the_latest_year_that_has_one() -> None:
    assert settled(MonthDay(2, 29), modified=date(2026, 3, 1)).listed_on == date(2024, 2, 29)
    assert settled(MonthDay(2, 29), name="2024-03-01.txt").listed_on == date(2024, 2, 29)
    assert years.on(2103, MonthDay(2, 29)) == date(2096, 2, 29)
    assert years.on(1907, MonthDay(2, 29)) == date(1904, 2, 29)
    assert years.on(1903, MonthDay(2, 29)) == date(1896, 2, 29)


@pytest.mark.parametrize("day", [MonthDay(2, 30), MonthDay(13, 1), MonthDay(0, 0)])
def test_an_impossible_day_is_an_error_and_not_an_endless_search(day: MonthDay) -> None:
    assert not years.exists(day)
    with pytest.raises(ValueError, match="there is no"):
        years.on(2026, day, TODAY)


def test_the_most_frequent_year_is_chosen_and_of_equally_frequent_ones_the_latest() -> None:
    assert years.agreed([2024, 2025, 2025]) == 2025
    assert years.agreed([2024, 2025]) == 2025
    assert years.agreed([]) is None


# -- a later listing that prints the year

PAGE = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\n{day}\n"
PAPER = "\n{title}\n\n{abstract}\n\n  • 4 authors\n·\n{date}\n"
Page = Callable[..., Path]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A function that writes a page of Daily Papers with the date of each title, last modified on the given day."""

    def write(name: str, day: str, papers: dict[str, str], modified: date = date(2026, 7, 14)) -> Path:
        text = PAGE.format(day=day)
        for title, printed in papers.items():
            words = f"{title} is a paper about something that nobody had looked at before, and this is what it found. "
            text += PAPER.format(title=title, abstract=words * 4, date=printed)
        path = tmp_path / name
        path.write_text(text)
        noon = datetime(modified.year, modified.month, modified.day, 12).timestamp()
        os.utime(path, (noon, noon))
        return path

    return write


def import_listing(library: Library, path: Path, listed_on: date | None = None) -> ImportReport:
    (report,) = import_file(library, path, Options(today=TODAY, listed_on=listed_on))
    assert report.error is None
    return report


def published(library: Library, title: str) -> date | None:
    connection = library.reader()
    return paper_details.details(connection, paper_names.find_paper(connection, title)).paper.published


def days(library: Library) -> dict[str, tuple[str | None, str | None]]:
    rows = library.reader().execute("SELECT path, listed_on, listed_on_rule FROM listing")
    return {Path(path).name: (listed_on, rule) for path, listed_on, rule in rows}


def test_a_later_page_that_prints_the_year_puts_an_earlier_import_right(library: Library, page: Page) -> None:
    old = page("old.txt", "Oct 30", {"On Bees": "Aug 24", "On Taxes": "Oct 1"})
    assert import_listing(library, old).listed_on_rule == "modified"
    assert published(library, "On Bees") == date(2025, 8, 24)
    later = import_listing(library, page("new.txt", "Jul 2", {"On Bees": "Aug 24, 2023", "On Towns": "Jul 1"}))
    # The printed year corrects the date of "On Bees", the date of the other paper on the earlier page, and the day of
    # that page.
    assert published(library, "On Bees") == date(2023, 8, 24)
    assert published(library, "On Taxes") == date(2023, 10, 1)
    assert days(library)["old.txt"] == ("2023-10-30", "other-listing")
    assert (later.listed_on, later.listed_on_rule) == (date(2024, 7, 2), "newest-printed")
    assert any("old.txt is 2023" in warning for warning in later.warnings)
    assert log.read(library.reader())[0].report.warnings == later.warnings


def test_the_result_is_the_same_in_the_other_order_of_import(library: Library, page: Page) -> None:
    import_listing(library, page("new.txt", "Jul 2", {"On Bees": "Aug 24, 2023", "On Towns": "Jul 1"}))
    report = import_listing(library, page("old.txt", "Oct 30", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}))
    assert (report.listed_on, report.listed_on_rule) == (date(2023, 10, 30), "other-listing")
    assert published(library, "On Bees") == date(2023, 8, 24)
    assert published(library, "On Taxes") == date(2023, 10, 1)


def test_a_year_that_was_determined_determines_those_of_other_listings(library: Library, page: Page) -> None:
    """The year is printed on the first page.

    This page and the second one share a paper, and so do the second and the third.
    """
    third = page("third.txt", "Nov 2", {"On Taxes": "Oct 1", "On Rivers": "Nov 1"})
    second = page("second.txt", "Oct 30", {"On Bees": "Aug 24", "On Taxes": "Oct 1"})
    first = page("first.txt", "Jul 2", {"On Bees": "Aug 24, 2022"})
    for path in (third, second, first):
        import_listing(library, path)
    assert published(library, "On Rivers") == date(2022, 11, 1)
    assert days(library)["third.txt"] == ("2022-11-02", "other-listing")


def test_a_year_from_the_name_is_not_overruled(library: Library, page: Page) -> None:
    import_listing(library, page("2025-10-30.txt", "Oct 30", {"On Bees": "Aug 24"}))
    import_listing(library, page("new.txt", "Jul 2", {"On Bees": "Aug 24, 2023"}))
    assert days(library)["2025-10-30.txt"] == ("2025-10-30", "name")
    # Nevertheless the paper gets the date with the printed year.
    assert published(library, "On Bees") == date(2023, 8, 24)


def test_only_a_date_with_the_same_day_determines_a_year(library: Library, page: Page) -> None:
    import_listing(library, page("old.txt", "Oct 30", {"On Bees": "Aug 24"}))
    import_listing(library, page("new.txt", "Jul 2", {"On Bees": "Aug 25, 2023"}))
    assert days(library)["old.txt"] == ("2025-10-30", "modified")


def test_the_day_given_for_a_known_file_is_taken(library: Library, page: Page) -> None:
    path = page("old.txt", "Oct 30", {"On Bees": "Aug 24", "On Taxes": "Oct 1"})
    import_listing(library, path)
    again = import_listing(library, path, listed_on=date(2021, 10, 30))
    assert (again.added, again.merged, again.unchanged) == (0, 0, 2)
    assert (again.listed_on, again.listed_on_rule) == (date(2021, 10, 30), "given")
    assert published(library, "On Taxes") == date(2021, 10, 1)
    # If the file is imported again without `listed_on`, its day does not change.
    assert import_listing(library, path).listed_on == date(2021, 10, 30)


def test_a_listing_day_to_come_is_refused(library: Library, page: Page) -> None:
    path = page("old.txt", "Oct 30", {"On Bees": "Aug 24"})
    (report,) = import_file(library, path, Options(today=TODAY, listed_on=date(2026, 7, 16)))
    assert report.error == "the listing day 2026-07-16 is in the future"


def test_a_file_from_before_1970_or_after_9999_is_read_all_the_same(library: Library, page: Page) -> None:
    path = page("old.txt", "Oct 30", {"On Bees": "Aug 24"})
    os.utime(path, (-5e9, -5e9))
    assert import_listing(library, path).entries == 1
    path = page("far.txt", "Oct 30", {"On Towns": "Aug 24"})
    os.utime(path, (4e11, 4e11))
    assert import_listing(library, path).listed_on == date(2025, 10, 30)


def test_a_listing_too_long_for_a_page_settles_years_all_the_same(
    library: Library, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year_propagation, "_LARGEST_PAGE", 1)
    import_listing(library, page("old.txt", "Oct 30", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}))
    import_listing(library, page("new.txt", "Jul 2", {"On Bees": "Aug 24, 2023", "On Towns": "Jul 1"}))
    assert days(library)["old.txt"] == ("2023-10-30", "other-listing")


# -- listings whose entries have days of their own


def api(*days: str, **more: str) -> str:
    """A response of the Daily Papers API, with a paper for each of the days."""
    return json.dumps(
        [
            {
                "paper": {
                    "id": f"2606.{number:05}",
                    "title": f"On {number} bees",
                    "publishedAt": "2026-05-30T00:00:00.000Z",
                    "submittedOnDailyAt": f"{day}T00:00:00.000Z",
                    "upvotes": 1,
                    **more,
                },
                "publishedAt": "2026-05-29T20:00:00.000Z",
                "title": f"On {number} bees",
                "numComments": 1,
            }
            for number, day in enumerate(days, 1)
        ]
    )


def test_a_report_names_the_newest_day_of_entries_that_have_days_of_their_own(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "daily.json"
    path.write_text(api("2026-06-11", "2026-06-12", "2026-06-10"))
    report = import_listing(library, path)
    assert (report.listed_on, report.listed_on_rule, report.added) == (date(2026, 6, 12), "entries", 3)
    # The listing as a whole has no day. Each entry keeps its own day.
    assert days(library) == {"daily.json": (None, None)}
    stored_days = library.reader().execute("SELECT listed_on FROM entry ORDER BY position").fetchall()
    assert stored_days == [("2026-06-11",), ("2026-06-12",), ("2026-06-10",)]
    again = import_listing(library, path)
    assert (again.listed_on, again.listed_on_rule, again.unchanged) == (date(2026, 6, 12), "entries", 3)
    assert [each.report.listed_on for each in log.read(library.reader())] == [date(2026, 6, 12)] * 2
    assert report.listed_on_rule in RULE_TEXT


def test_the_report_has_the_day_of_the_listing(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "daily-2026-06-13.json"
    path.write_text(api("2026-06-11", "2026-06-12"))
    report = import_listing(library, path)
    assert (report.listed_on, report.listed_on_rule) == (date(2026, 6, 13), "name")


def test_an_import_that_is_taken_up_again_knows_the_days_of_what_it_had_read_before(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(batches, "GAP_SECONDS", 0.0)
    path = tmp_path / "daily.json"
    path.write_text(api("2026-06-12", *["2026-06-10"] * 200))
    looks = iter([False] * 3)
    options = Options(today=TODAY)
    (begun,) = import_file(library, path, options, should_stop=lambda: next(looks, True))
    assert begun.interrupted
    assert 0 < begun.entries < 201
    ended = import_listing(library, path)
    assert (ended.entries, ended.unchanged) == (201, begun.entries)
    assert (ended.listed_on, ended.listed_on_rule) == (date(2026, 6, 12), "entries")
