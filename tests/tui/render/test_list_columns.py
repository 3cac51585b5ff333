"""Papers as lines of text: exactly as wide as required, whatever they contain, and nothing acts on the terminal."""

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

from store.marks.stored_marks import STATUSES
from store.papers.list_rows import ListRow
from store.search.highlighting import Highlights
from store.text import dates
from tests.tui.hostile import PAYLOADS, WIDE, seen, texts
from tui.render import styled
from tui.render.styled import Columns, Line

WIDTHS = st.integers(20, 250)


def made(**fields: Any) -> ListRow:
    """A row of the list. Values that are not given are unknown."""
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

TODAY = date(2026, 7, 2)
OTHER = msgspec.structs.replace(ROW, published="2025-01-31", upvotes=999, comment_count=99)

# The columns of a list that needs all columns.
COLUMNS = Columns.none(TODAY).including([ROW, OTHER])
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


def drawn(
    row: ListRow, width: int, *, tall: bool = False, words: Sequence[str] = (), columns: Columns | None = None
) -> tuple[Line, ...]:
    """The lines of a paper as the list draws them, if another paper in the list needs every column."""
    title, highlights = styled.title(row.title), Highlights.exactly(words)
    byline = styled.byline_of(row) if tall else None
    return styled.paper_lines(
        row,
        width,
        COLUMNS if columns is None else columns,
        title=title,
        title_spans=highlights.spans(title),
        byline=byline,
        byline_spans=highlights.spans(byline or ""),
    )


def text(line: Line) -> str:
    return "".join(piece.text for piece in line)


def one(row: ListRow, width: int, **more: object) -> str:
    (line,) = drawn(row, width, **more)  # type: ignore[arg-type]
    return text(line)


def reach(line: str) -> int:
    """The column of the terminal after `line`, by the widths that most terminals use."""
    return wcswidth(line)


@pytest.mark.parametrize("published", ["2026-06-30", "2026-06", "2025-01-31"])
def test_a_date_is_shown_wherever_it_fits_beside_the_title(published: str) -> None:
    """The column of dates is as wide as the widest date.

    If there is too little room, a narrower date first loses the blanks beside it, and only then is left out.
    """
    shown = dates.stored_name(published, TODAY)
    row = msgspec.structs.replace(ROW, published=published)
    for width in range(40, 90):
        needed = COLUMNS.marks_width + len(ROW.title) + 1 + sum(map(len, (" ", shown, "  ▲12", "  ✎3", " ")))
        assert (f" {shown}  ▲12  ✎3 " in one(row, width)) == (needed <= width), width


def test_a_line_shows_marks_title_date_and_counts() -> None:
    row = msgspec.structs.replace(ROW, bookmarked=True, queue_position=4)
    assert one(row, 80) == f"●★ {ROW.title:<53}q4         Tue  ▲12  ✎3 "
    assert one(ROW, 80) == f"●  {ROW.title:<64}Tue  ▲12  ✎3 "


def test_a_long_title_replaces_the_details_but_not_the_queue_position() -> None:
    row = msgspec.structs.replace(ROW, queue_position=4)
    assert one(row, 60) == f"●  {ROW.title}    q4 Tue  ▲12  ✎3 "
    assert one(row, 50) == f"●  {ROW.title}   q4  ✎3 "
    assert one(row, 45) == f"●  {ROW.title}  q4 "
    assert one(row, 40) == "●  Retrieval for People Who Cannot … q4 "
    assert one(ROW, 40) == "●  Retrieval for People Who Cannot Spe… "


def test_only_columns_that_a_row_needs_take_space() -> None:
    bare = made(id=8, title="Of the Nature of Things", status="seen")
    undated = Columns.none(TODAY).including([bare, bare])
    assert one(bare, 40, columns=undated).rstrip() == "   Of the Nature of Things"
    same_day = Columns.none(TODAY).including([ROW, ROW])
    assert "Tue" not in one(ROW, 80, columns=same_day)
    assert same_day.including([OTHER]) == COLUMNS
    # "No date" is another value than a date, so the column of dates is shown.
    assert "Tue" in one(ROW, 80, columns=same_day.including([bare]))


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2026-07-02", "today"), ("2026-07-01", "Wed"), ("2026-06-26", "Fri"), ("2026-06-25", "25 Jun"),
        ("2026-07-03", "3 Jul"), ("2025-12-31", "31 Dec 2025"), ("2026-06", "Jun 2026"), ("2026", "2026"),
        ("2026-13-01", "2026-13-01"), ("soon", "soon"), (None, ""),
    ],
)  # fmt: skip
def test_dates_are_written_as_people_read_them(published: str | None, shown: str) -> None:
    row = msgspec.structs.replace(ROW, published=published, upvotes=None, comment_count=None)
    assert one(row, 90, columns=Columns.none(TODAY).including([row, OTHER]))[-22:].split("▲")[0].strip() == shown


def test_in_the_queue_the_place_stands_before_the_title() -> None:
    columns = Columns.none(TODAY, place=2)
    for place, shown in ((None, "  "), (1, " 1"), (99, "99"), (100, " +"), (2**40, " +")):
        line = one(msgspec.structs.replace(ROW, queue_position=place), 60, columns=columns)
        assert line.startswith(f"●  {shown} Retrieval")
        assert "q" not in line


def test_a_paper_stands_out_until_it_was_seen() -> None:
    styles = {}
    for status in STATUSES:
        (line,) = drawn(msgspec.structs.replace(ROW, status=status), 80)
        styles[status] = next(piece.style for piece in line if piece.text.startswith("Retrieval"))
    assert styles == {
        "new": "title-new", "seen": "title-seen", "reading": "title", "done": "title-seen", "hidden": "title-seen"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "sign"), [("new", "●"), ("seen", " "), ("reading", "◐"), ("done", "✓"), ("hidden", "∅")]
)
def test_each_status_has_a_sign_of_its_own(status: str, sign: str) -> None:
    assert one(msgspec.structs.replace(ROW, status=status), 60)[0] == sign


def test_a_line_of_two_rows_has_authors_tags_date_and_counts() -> None:
    first, second = drawn(ROW, 120, tall=True)
    assert text(first).rstrip() == "●  Retrieval for People Who Cannot Spell"
    said = "   Tern Lab · Aino Sipilä, Chidi Okafor · #spelling · #people"
    assert text(second) == f"{said:<107}Tue  ▲12  ✎3 "


def test_a_long_title_continues_in_the_second_row() -> None:
    first, second = drawn(ROW, 32, tall=True)
    assert text(first).rstrip() == "●  Retrieval for People Who"
    assert text(second) == "   Cannot Spell    Tue  ▲12  ✎3 "
    first, second = drawn(ROW, 32, tall=True, words=["people", "spell"])
    assert [piece.text for line in (first, second) for piece in line if piece.style == "match"] == ["People", "Spell"]
    # The authors are shown if there is room for more than a fragment.
    second = drawn(ROW, 36, tall=True, columns=Columns.none(TODAY))[1]
    assert text(second) == "   Spell · Tern Lab · Aino Sipilä,… "


def test_a_title_without_blanks_is_broken_where_the_line_ends() -> None:
    first, second = drawn(msgspec.structs.replace(ROW, title="漢字" * 12), 32, tall=True)
    assert text(first) == f"●  {'漢字' * 7} "
    assert text(second).startswith(f"   {'漢字' * 5} ")


def test_a_tall_line_of_a_conference_paper_has_its_decision_and_score() -> None:
    row = made(title="T", decision="Oral", score=725, status="new", tags=(), published="2026")
    _, second = drawn(row, 80, tall=True)
    assert text(second).strip().startswith("Oral 7.25  ")
    _, without = drawn(made(title="T", score=600, status="new", tags=()), 80, tall=True)
    assert text(without).strip() == "score 6"


def test_if_only_the_number_of_authors_is_known_it_is_shown() -> None:
    for count, said in ((1, "1 author"), (14, "14 authors")):
        second = drawn(msgspec.structs.replace(ROW, byline=None, author_count=count), 120, tall=True)[1]
        assert f" · {said} · " in text(second)


def test_the_letters_of_authors_and_organization_that_matched_are_lit() -> None:
    second = drawn(ROW, 120, tall=True, words=["tern", "oka"])[1]
    assert [piece.text for piece in second if piece.style == "match"] == ["Tern", "Oka"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""), (0, ""), (1, "▲1"), (999, "▲999"), (1000, "▲1k"), (12_345, "▲12k"), (999_999, "▲999k"),
        (1_000_000, "▲1M"), (2**53, "▲9P"),
    ],
)  # fmt: skip
def test_counts_are_aligned_at_the_right_whatever_they_are(count: int | None, shown: str) -> None:
    row = msgspec.structs.replace(ROW, upvotes=count)
    line = one(row, 90, columns=COLUMNS.including([row]))
    assert line.endswith(f"{shown:>4}  ✎3 ")


def test_the_letters_that_matched_are_lit() -> None:
    (line,) = drawn(ROW, 80, words=["people", "sp"])
    assert [piece.text for piece in line if piece.style == "match"] == ["People", "Sp"]
    assert "Retrieval for People Who Cannot Spell" in text(line)


def test_every_cut_is_said_also_between_lit_letters() -> None:
    for width in range(20, 45):
        for words in ([], ["people"], ["retrieval", "for", "people", "who", "cannot", "spell"]):
            line = one(ROW, width, words=words).rstrip()
            line = line.partition("▲")[0].partition(" ✎")[0].rstrip()
            assert line.endswith(("…", "Spell")), (width, words)


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
        # Each piece is drawn separately, so the widths of the pieces must add up too.
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
            assert reach(text(line)) == width


@settings(max_examples=150, deadline=None)
@given(rows, WIDTHS)
def test_the_details_at_the_right_are_in_the_same_column_for_every_title(row: ListRow, width: int) -> None:
    line, plain = one(row, width), one(msgspec.structs.replace(row, title="plain"), width)
    # Terminals draw the vowel signs of Indian scripts in one cell or in none, and also differ for characters that are
    # not assigned yet.
    assume(not any(unicodedata.category(letter) in ("Mc", "Cn") for letter in line))
    # If the title is longer, some of the details at its right are left out, beginning at the left.
    if " ✎" in line[-6:]:
        tail = line[-6:][line[-6:].index("✎") :]
        assert plain.endswith(tail)
        assert reach(line[: -len(tail)]) == reach(plain[: -len(tail)])


@pytest.mark.parametrize("width", [-3, 0, 1, 4, 5, 6])
def test_no_width_is_too_small(width: int) -> None:
    for tall in (False, True):
        for line in drawn(ROW, width, tall=tall):
            assert cell_len(text(line)) == max(0, width)
