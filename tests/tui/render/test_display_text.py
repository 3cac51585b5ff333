"""Any text that is displayed: its lines, its length and its accents, and that nothing in it acts on the terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.hostile import LONG, RTL, ZALGO, seen, texts
from tui.render import styled


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(1, 50))
def test_a_line_of_any_text_can_only_be_seen(foreign: str, longest: int) -> None:
    for shown in (styled.safe(foreign), styled.safe(foreign, longest), styled.title(foreign)):
        assert "\n" not in seen(shown)
        assert shown == shown.strip()
        # A text that was made displayable once is not changed when it is made displayable again.
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
    # Accents that belong to a letter are not removed.
    for name in ("Việt Nam", "Dvořák", "e\u0323\u0302", "หนังสือที่น้ำ", "ပြုစုပျိုးထောင်", "བསྒྲུབས་", "क्षत्रिय", "שָׁלוֹם"):
        assert styled.safe(name) == unicodedata.normalize("NFC", name)


def test_letters_of_every_script_stay() -> None:
    for name in (RTL, "漢字かな", "한글", "Ελληνικά", "ქართული", "አማርኛ", "🙂", "∀x∈ℝ", "naïve — “quoted”", "a\u200cb"):
        assert styled.safe(name) == name


def test_characters_that_terminals_draw_in_different_widths_are_left_out() -> None:
    assert styled.safe("👩\u200d🔬 👍🏽 ❤\ufe0f a\u200db") == "👩🔬 👍 ❤ ab"
    assert styled.safe("from \N{REGIONAL INDICATOR SYMBOL LETTER F}\N{REGIONAL INDICATOR SYMBOL LETTER R}") == "from FR"


def test_a_very_long_title_is_cut_and_ends_in_an_ellipsis() -> None:
    assert styled.title(LONG) == LONG[: styled.LONGEST_TITLE] + "…"
    assert styled.safe(LONG, 10) == LONG[:10] + "…"
    assert styled.safe(LONG[:10], 10) == LONG[:10]
    assert len(styled.safe_text("x" * 300_000)) == styled.LONGEST_TEXT + 1


def test_markup_is_text() -> None:
    for shown in (styled.safe, styled.safe_text, styled.title):
        assert shown("[/] [@click=app.quit]x[/]") == "[/] [@click=app.quit]x[/]"
