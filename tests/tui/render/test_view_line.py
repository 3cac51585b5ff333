"""The lines of the views pane, and the names of views and dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from store.marks.stored_marks import Marks
from store.model.paper import Paper
from store.model.partial_date import PartialDate
from store.papers.paper_details import PaperDetails
from store.papers.views import CountedView, View
from store.search.highlighting import Highlights
from tests.tui.hostile import seen, texts
from tests.tui.render.test_paper_page import KEYS
from tui.render import paper_page, styled
from tui.render.styled import Line


def text(line: Line) -> str:
    return "".join(piece.text for piece in line)


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (View("new"), "New"),
        (View("bookmarks"), "Bookmarks"),
        (View("undated"), "Undated"),
        (View("day", "2001-07-02"), "2 Jul 2001"),
        (View("tag", "nlp"), "#nlp"),
        (View("tag", "a\x1b[2Jb\u202e[/]"), "#a␛[2Jb\ufffd[/]"),
    ],
)
def test_views_are_called_as_readers_call_them(view: View, name: str) -> None:
    assert styled.view_name(view) == name


def test_the_view_of_this_day_is_called_today() -> None:
    day = date.today()
    name = styled.view_name(View("day", day.isoformat()))
    assert name == "today" or date.today() > day


def test_a_day_has_the_same_name_in_every_locale() -> None:
    assert [styled.day_name(date(2026, month, 1)).split()[1] for month in range(1, 13)] == (
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )
    assert styled.day_name(date(1, 1, 1)) == "1 Jan 1"


def test_a_date_is_written_with_its_known_precision() -> None:
    assert styled.day_name(date(2024, 6, 1), "month") == "Jun 2024"
    assert styled.day_name(date(2024, 1, 1), "year") == "2024"


@pytest.mark.parametrize(
    ("published", "named"), [("2024", "2024"), ("2024-01", "Jan 2024"), ("2024-01-01", "1 Jan 2024")]
)
def test_the_page_of_a_paper_names_no_more_of_its_date_than_is_known(published: str, named: str) -> None:
    when, revised = PartialDate.parse(published), date(2024, 1, 1)
    paper = Paper(title="T", published=when.first_day, published_to=when.precision, updated=revised)
    known = PaperDetails(1, paper, None, None, Marks(), (), {})
    lines = paper_page.paper(known, Highlights(), 40, KEYS).content.plain.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("Published")] == [named]
    # The page shows the day of revision if it differs from the date of publication. The first day of a year differs
    # from the year alone.
    assert any(line.startswith("Revised") for line in lines) == (when != PartialDate(revised))


@settings(max_examples=150, deadline=None)
@given(texts.filter(str.strip), st.integers(0, 3_000_000), st.integers(8, 60), st.sampled_from(["", "3", "ctrl+x"]))
def test_a_view_takes_one_line_with_its_count_at_the_right(tag: str, count: int, width: int, key: str) -> None:
    line = styled.view_line(CountedView(View("tag", tag), count), key, width)
    assert cell_len(text(line)) == width
    assert sum(cell_len(piece.text) for piece in line) == width
    assert "\n" not in seen(text(line))
    if width >= 24:
        assert text(line).endswith(f"{count:,} ")


@given(st.integers(0, 60))
def test_a_heading_is_as_wide_as_its_pane(width: int) -> None:
    assert cell_len(text(styled.heading_line("Days", width))) == width
