"""Papers as lines of text: exactly as wide as they should be, whatever is in them, and nothing in them acts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth

from store.marks.stored_marks import STATUSES, Marks
from store.model.paper import Author, Organization, Paper
from store.model.partial_date import PartialDate
from store.papers.queries import ListRow, PaperDetails
from store.papers.views import CountedView, View
from store.search.highlighting import Highlights
from tests.tui.hostile import LONG, PAYLOADS, RTL, WIDE, ZALGO, seen, texts
from tui.render import paper_page, styled
from tui.render.styled import Line

WIDTHS = st.integers(20, 250)


def made(**fields: Any) -> ListRow:
    """A row; what is not named is unknown."""
    unknown: dict[str, Any] = dict.fromkeys(ListRow.__struct_fields__)
    return ListRow(**(unknown | fields))


ROW = made(
    id=7,
    title="Retrieval for People Who Cannot Spell",
    byline="Aino Sipilä, Chidi Okafor",
    author_count=2,
    organization="Tern Lab",
    published="2026-06-30",
    last_listed="2026-07-02",
    upvotes=12,
    comment_count=3,
    bookmarked=False,
    status="new",
    queue_position=None,
    tags=("spelling", "people"),
)
counts = st.one_of(st.none(), st.integers(0, 2**53))
rows = st.builds(
    made,
    id=st.integers(1, 2**53),
    title=texts,
    byline=st.none() | texts,
    author_count=st.none() | st.integers(0, 5000),
    organization=st.none() | texts,
    published=st.none()
    | st.builds(lambda day, length: day.isoformat()[:length], st.dates(), st.sampled_from([4, 7, 10])),
    last_listed=st.none(),
    upvotes=counts,
    comment_count=counts,
    bookmarked=st.booleans(),
    status=st.sampled_from(STATUSES),
    queue_position=st.none() | st.integers(1, 2**40),
    tags=st.lists(texts, max_size=4).map(tuple),
    decision=st.none() | texts,
    score=st.none() | st.integers(0, 100_000),
)


def drawn(row: ListRow, width: int, *, tall: bool = False, words: Sequence[str] = ()) -> tuple[Line, ...]:
    """The lines of a paper as the list draws them."""
    shown = styled.title(row.title)
    return styled.paper_lines(row, width, Highlights.exactly(words).spans(shown), tall=tall, shown=shown)


def text(line: Line) -> str:
    return "".join(piece.text for piece in line)


def one(row: ListRow, width: int, **more: object) -> str:
    (line,) = drawn(row, width, **more)  # type: ignore[arg-type]
    return text(line)


def columns(line: str) -> int:
    """The column at which a terminal writes what comes behind `line`, by the measure that most of them use."""
    return wcswidth(line)


# -- lines of the list


def test_a_line_shows_marks_title_and_day() -> None:
    row = msgspec.structs.replace(ROW, bookmarked=True, queue_position=4)
    assert one(row, 40) == "●★ 4 Retrieval for People Who Cannot S… "
    assert one(row, 60) == "●★ 4 Retrieval for People Who Cannot Spell          2026-06 "
    assert one(row, 80) == f"●★ 4 {ROW.title:<54}▲12    ✎3 2026-06-30 "


@pytest.mark.parametrize("published", ["2026", "2026-06", "2026-06-30"])
@pytest.mark.parametrize("width", [60, 80])
def test_a_date_that_is_known_less_well_begins_in_the_same_column(published: str, width: int) -> None:
    usual, line = one(ROW, width), one(msgspec.structs.replace(ROW, published=published), width)
    assert line.index(published[:7]) == usual.index("2026")
    assert line[: line.index("2026")] == usual[: usual.index("2026")]
    assert line.split()[-1] == published[: 7 if width < 70 else 10]


@pytest.mark.parametrize("published", ["2026", "2026-06"])
def test_in_a_tall_line_what_follows_a_date_stands_in_a_column(published: str) -> None:
    usual, second = (
        drawn(ROW, 120, tall=True)[1],
        drawn(msgspec.structs.replace(ROW, published=published), 120, tall=True)[1],
    )
    assert text(second).startswith(f"     {published} ")
    assert text(second).index("Tern Lab") == text(usual).index("Tern Lab")


@pytest.mark.parametrize(
    ("status", "sign"), [("new", "●"), ("seen", " "), ("reading", "◐"), ("done", "✓"), ("hidden", "∅")]
)
def test_each_status_has_a_sign_of_its_own(status: str, sign: str) -> None:
    assert one(msgspec.structs.replace(ROW, status=status), 60)[0] == sign


@pytest.mark.parametrize(("place", "shown"), [(None, "  "), (1, " 1"), (99, "99"), (100, " +"), (2**40, " +")])
def test_a_place_in_the_queue_is_whole_or_a_sign(place: int | None, shown: str) -> None:
    assert one(msgspec.structs.replace(ROW, queue_position=place), 60)[2:5] == f"{shown} "


def test_a_tall_line_says_who_when_and_how_it_was_received() -> None:
    first, second = drawn(ROW, 120, tall=True)
    assert text(first).rstrip() == "●    Retrieval for People Who Cannot Spell"
    assert text(second).rstrip() == (
        "     2026-06-30 · Tern Lab · Aino Sipilä, Chidi Okafor · ▲ 12 · 3 comments · #spelling · #people"
    )


def test_a_tall_line_of_a_conference_paper_has_its_decision_and_score() -> None:
    row = made(title="T", decision="Oral", score=725, status="new", tags=(), published="2026")
    _, second = drawn(row, 80, tall=True)
    assert text(second).strip() == "2026       · Oral · score 7.25"


def test_where_only_the_number_of_authors_is_known_it_is_said() -> None:
    for count, said in ((1, "1 author"), (14, "14 authors")):
        second = drawn(msgspec.structs.replace(ROW, byline=None, author_count=count), 120, tall=True)[1]
        assert f" · {said} · " in text(second)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""), (0, ""), (1, "▲1"), (999, "▲999"), (1000, "▲1k"), (12_345, "▲12k"), (999_999, "▲999k"),
        (1_000_000, "▲1M"), (2**53, "▲9P"),
    ],
)  # fmt: skip
def test_counts_take_the_same_columns_whatever_they_are(count: int | None, shown: str) -> None:
    usual = one(ROW, 90)
    line = one(msgspec.structs.replace(ROW, upvotes=count), 90)
    assert line.index("✎") == usual.index("✎")
    assert line[: line.index("✎")].split("Spell")[1].strip() == shown


def test_the_letters_that_matched_are_lit() -> None:
    (line,) = drawn(ROW, 80, words=["people", "sp"])
    assert [piece.text for piece in line if piece.style == "match"] == ["People", "Sp"]
    assert "Retrieval for People Who Cannot Spell" in text(line)


def test_every_cut_is_said_also_between_lit_letters() -> None:
    for width in range(20, 45):
        for words in ([], ["people"], ["retrieval", "for", "people", "who", "cannot", "spell"]):
            line = one(ROW, width, words=words).rstrip()
            assert line.endswith("…") or line.endswith("Spell"), (width, words)


@settings(max_examples=300, deadline=None)
@given(rows, WIDTHS, st.booleans(), st.lists(st.sampled_from(["l", "z", "漢", "a"]), max_size=2))
@example(ROW, 20, False, [])
@example(msgspec.structs.replace(ROW, title=WIDE * 9, upvotes=2**53, comment_count=2**53), 70, False, ["a"])
def test_a_line_is_exactly_as_wide_as_asked(row: ListRow, width: int, tall: bool, words: list[str]) -> None:
    lines = drawn(row, width, tall=tall, words=words)
    assert len(lines) == (2 if tall else 1)
    for line in lines:
        seen(text(line))
        assert "\n" not in text(line)
        # Each piece is drawn on its own: their widths must add up as well.
        assert cell_len(text(line)) == width
        assert sum(cell_len(piece.text) for piece in line) == width


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("width", [20, 33, 56, 70, 100, 250])
def test_on_a_terminal_no_column_shifts(payload: str, width: int) -> None:
    row = msgspec.structs.replace(
        ROW,
        title=PAYLOADS[payload],
        organization=PAYLOADS[payload],
        byline=PAYLOADS[payload],
        tags=(PAYLOADS[payload],),
    )
    for tall in (False, True):
        for line in drawn(row, width, tall=tall):
            assert columns(text(line)) == width


@settings(max_examples=150, deadline=None)
@given(rows, WIDTHS)
def test_what_stands_at_the_right_is_in_the_same_column_for_every_title(row: ListRow, width: int) -> None:
    line, plain = one(row, width), one(msgspec.structs.replace(row, title="plain"), width)
    # Terminals do not agree on the vowel signs of Indian scripts: one cell, or none; nor on what is no letter yet.
    assume(not any(unicodedata.category(letter) in ("Mc", "Cn") for letter in line))
    tail = plain[plain.index("plain") + 5 :].lstrip()
    if tail:
        assert line.endswith(tail)
        assert columns(line[: -len(tail)]) == columns(plain[: -len(tail)])


@pytest.mark.parametrize("width", [-3, 0, 1, 4, 5, 6])
def test_no_width_is_too_small(width: int) -> None:
    for tall in (False, True):
        for line in drawn(ROW, width, tall=tall):
            assert cell_len(text(line)) == max(0, width)


# -- any text


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(1, 50))
def test_a_line_of_any_text_can_only_be_seen(foreign: str, longest: int) -> None:
    for shown in (styled.safe(foreign), styled.safe(foreign, longest), styled.title(foreign)):
        assert "\n" not in seen(shown)
        assert shown == shown.strip()
        # What is shown once can be shown again.
        assert styled.safe(shown) == shown
    assert len(styled.safe(foreign, longest)) <= 4 * longest + 1
    assert "\n" not in seen(styled.shortened(foreign, longest))
    assert cell_len(styled.shortened(foreign, longest)) <= longest


@settings(max_examples=300, deadline=None)
@given(texts)
def test_running_text_keeps_its_lines_and_nothing_else_that_acts(foreign: str) -> None:
    seen(styled.safe_text(foreign))
    assert styled.safe_text(styled.safe_text(foreign)) == styled.safe_text(foreign)


def test_lines_stay_lines_in_running_text_and_become_spaces_elsewhere() -> None:
    foreign = "one\r\ntwo\rthree\n\nfour\tfive\u2028six\x85seven"
    assert styled.safe_text(foreign) == "one\ntwo\nthree\n\nfour five\nsix\nseven"
    assert styled.safe(foreign) == "one two three four five six seven"


def test_no_more_than_four_accents_stand_on_a_letter() -> None:
    for shown in (styled.safe(ZALGO), styled.safe_text(ZALGO), styled.title(ZALGO), styled.drawable(ZALGO)):
        run = longest = 0
        for letter in shown:
            run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
            longest = max(longest, run)
        assert longest <= 4
    # Accents that belong there stay.
    for name in ("Việt Nam", "Dvořák", "e\u0323\u0302", "หนังสือที่น้ำ", "ပြုစုပျိုးထောင်", "བསྒྲུབས་", "क्षत्रिय", "שָׁלוֹם"):
        assert styled.safe(name) == unicodedata.normalize("NFC", name)


def test_letters_of_every_script_stay() -> None:
    for name in (RTL, "漢字かな", "한글", "Ελληνικά", "ქართული", "አማርኛ", "🙂", "∀x∈ℝ", "naïve — “quoted”", "a\u200cb"):
        assert styled.safe(name) == name


def test_what_terminals_draw_in_different_widths_is_left_out() -> None:
    assert styled.safe("👩\u200d🔬 👍🏽 ❤\ufe0f a\u200db") == "👩🔬 👍 ❤ ab"


def test_a_title_without_end_is_cut_and_says_so() -> None:
    assert styled.title(LONG) == LONG[: styled.LONGEST_TITLE] + "…"
    assert styled.safe(LONG, 10) == LONG[:10] + "…"
    assert styled.safe(LONG[:10], 10) == LONG[:10]
    assert len(styled.safe_text("x" * 300_000)) == styled.LONGEST_TEXT + 1


def test_markup_is_text() -> None:
    for shown in (styled.safe, styled.safe_text, styled.title):
        assert shown("[/] [@click=app.quit]x[/]") == "[/] [@click=app.quit]x[/]"


# -- the views pane


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (View("new"), "New"),
        (View("bookmarks"), "Bookmarks"),
        (View("undated"), "Undated"),
        (View("day", "2026-07-02"), "2 Jul 2026"),
        (View("tag", "nlp"), "#nlp"),
        (View("tag", "a\x1b[2Jb\u202e[/]"), "#a␛[2Jb\ufffd[/]"),
    ],
)
def test_views_are_called_as_readers_call_them(view: View, name: str) -> None:
    assert styled.view_name(view) == name


def test_a_day_has_the_same_name_in_every_locale() -> None:
    assert [styled.day_name(date(2026, month, 1)).split()[1] for month in range(1, 13)] == (
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )
    assert styled.day_name(date(1, 1, 1)) == "1 Jan 1"


def test_no_more_of_a_date_is_named_than_is_known() -> None:
    assert styled.day_name(date(2024, 6, 1), "month") == "Jun 2024"
    assert styled.day_name(date(2024, 1, 1), "year") == "2024"


@pytest.mark.parametrize(
    ("published", "named"), [("2024", "2024"), ("2024-01", "Jan 2024"), ("2024-01-01", "1 Jan 2024")]
)
def test_the_page_of_a_paper_names_no_more_of_its_date_than_is_known(published: str, named: str) -> None:
    when, revised = PartialDate.parse(published), date(2024, 1, 1)
    paper = Paper(title="T", published=when.first_day, published_to=when.precision, updated=revised)
    known = PaperDetails(1, paper, None, None, Marks(), (), {})
    lines = paper_page.paper(known, Highlights()).plain.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("Published")] == [named]
    # A revision on the first day of a year is another day than that year.
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


def test_all_that_a_filter_looks_at_is_lit_in_a_paper() -> None:
    told = Paper(
        title="Land use",
        abstract="Of land.",
        authors=(Author("Ada Landau"),),
        organization=Organization("Land Institute"),
        venue="Journal of Land",
        categories=("land.GT",),
        comment="12 lands",
    )
    known = PaperDetails(7, told, None, None, Marks(), (), {})
    shown = paper_page.paper(known, Highlights.exactly(["land"]))
    lit = [shown.plain[span.start : span.end + 9] for span in shown.spans if span.style == paper_page.MATCH_STYLE]
    assert [text.split("\n")[0] for text in lit] == ["Land use", "Landau", "Land Institut", "Land", "land."]
