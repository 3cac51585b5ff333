"""A note in Markdown as blocks of styled text: what is styled, what becomes a link, and that no text is lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.highlighting import Highlights
from tests import thorough
from tui.render import note_text
from tui.render.page_layout import Page, PageBuilder


def laid_out(note: str, width: int = 40, words: tuple[str, ...] = ()) -> Page:
    page = PageBuilder(width, Highlights.exactly(words))
    for block in note_text.blocks(note):
        page.block(block)
    return page.page()


def lines(note: str, width: int = 40) -> list[str]:
    return [line.plain for line in laid_out(note, width).lines]


def styled(note: str, style: str) -> list[str]:
    """The pieces of text that have this style."""
    content = laid_out(note).content
    return [content.plain[span.start : span.end] for span in content.spans if span.style == style]


def test_line_breaks_stay_as_they_were_typed_and_several_empty_lines_become_one() -> None:
    assert lines("one\ntwo\n\n\nthree") == ["one", "two", "", "three"]


def test_emphasis_code_and_headings_have_styles_and_no_signs() -> None:
    note = "# Main point\nA **bold** claim, *perhaps*, in `model.py`, ~~not~~"
    assert lines(note, 80) == ["Main point", "A bold claim, perhaps, in model.py, not"]
    assert styled(note, "bold $heading") == ["Main point"]
    assert styled(note, "bold") == ["bold"]
    assert styled(note, "italic") == ["perhaps"]
    assert styled(note, "$organization") == ["model.py"]
    assert styled(note, "strike") == ["not"]


def test_lists_and_quotes_are_indented_also_where_a_line_is_wrapped() -> None:
    assert lines("- one two three four\n  - deep\n- \n\n3. first\n4. second", 20) == [
        "• one two three four",
        "  ◦ deep",
        "• ",
        "",
        "3. first",
        "4. second",
    ]
    assert lines("> quoted words that are long\n>\n> more", 20) == ["│ quoted words that", "│ are long", "│", "│ more"]


def test_code_keeps_its_spaces() -> None:
    assert lines("```python\nif a:\n    b\n```") == ["  if a:", "      b"]


def test_only_addresses_of_the_web_become_links_and_a_link_shows_where_it_leads() -> None:
    page = laid_out("[here](https://example.org/a) https://example.com/b [x](javascript:alert) model.py", 200)
    shown = page.content.plain
    assert shown == "here (example.org) https://example.com/b [x](javascript:alert) model.py"
    assert [(shown[each.start : each.end], each.value) for each in page.choices] == [
        ("here", "https://example.org/a"),
        ("https://example.com/b", "https://example.com/b"),
    ]


def test_a_link_can_be_clicked_in_each_of_its_lines() -> None:
    page = laid_out("- see https://example.org/a-long-address-of-a-page", 20)
    assert len(page.choices) == 3
    for choice in page.choices:
        line = page.lines[choice.line].plain
        assert line[choice.start : choice.end] in choice.value
    assert "".join(page.lines[each.line].plain[each.start : each.end] for each in page.choices) == page.choices[0].value


def test_html_images_and_definitions_of_references_stay_text() -> None:
    note = "<b>no</b> ![cat](https://example.org/cat.png)\n\n[a]: https://example.org"
    text = "\n".join(lines(note, 100))
    assert "<b>no</b>" in text
    assert "cat" in text
    assert "[a]: https://example.org" in text


@pytest.mark.parametrize(
    "note", ["\x1b[31mred", "&#27;[31mred", "&#x9b;31m", "`\x1b]52;c;x\x07`", "[a&#8238;b](http://x.org)"]
)
def test_no_control_character_reaches_the_screen_also_as_an_entity(note: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", laid_out(note).content.plain)


def test_words_of_the_filter_are_highlighted() -> None:
    spans = laid_out("a **gradient** step", words=("gradient",)).content.spans
    assert any(span.style == "bold $match" and (span.start, span.end) == (2, 10) for span in spans)


@thorough.examples(40, 2_000)
@given(st.text(alphabet="abcd1. \n-*_`>#[]<>!~:/|", max_size=120), st.integers(20, 60))
def test_all_text_of_a_note_is_shown_and_fits_the_width(note: str, width: int) -> None:
    page = laid_out(note, width)
    # The name of the language of a code block is not shown.
    without_languages = re.sub(r"(`{3,}|~{3,})[^\n]*", "", note)
    shown = Counter(page.content.plain)
    assert all(shown[letter] >= count for letter, count in Counter(re.findall("[abcd]", without_languages)).items())
    assert all(line.cell_length <= width for line in page.lines)


def test_a_very_long_or_malformed_note_is_shown() -> None:
    assert lines("word " * 5_000)[0].startswith("word word")
    assert "".join(lines("> " * 500 + "deep")).endswith("deep")
