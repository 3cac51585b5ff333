"""BibTeX files with the mistakes of people and programs: all entries except the bad ones are read."""

from __future__ import annotations

import time
from datetime import date

import pytest
from bibtexparser import splitter
from bibtexparser.exceptions import BlockAbortedException
from hypothesis import example, given
from hypothesis import strategies as st

from store.formats.bibliography import bibtex
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.model.paper import Paper
from store.text import clean
from tests.store.formats.bibliography.bibtex_reading import papers, read, warnings


@pytest.mark.parametrize(
    "text",
    [
        "@article{a,, title={A},, year=2000,,}",
        "@article{a\n title={A}, year=2000}",
        "@article{title={A}, year=2000}",
        "@article{a, title={A} year=2000\n author={X}}",
        "@article{a, title={A},\n abstract={x \\\\}, year=2000}",
        "@article{a, title={A},\n file={C:\\papers\\}, year=2000}",
        "@article{a, title={A}, abstract={mail\n@me (x) or\n@you{y}}, year=2000}",
        "@article{a, title={A}, title={Z}, year=2000}",
        "@ article\n{a, title={A}, year = 2000 }",
        "junk } before @article{z}\n @ARTICLE {a ,Title= {A}, YEAR= 2000 }",
        "@article{a, title={A}, year=2000, abstract={one\n" + "\n" * 5000 + "two}}",
    ],
)
def test_entries_with_small_mistakes_are_read(text: str) -> None:
    parsed_papers = papers(f"{text}\n@book{{b, title={{B}}}}")
    assert [each.title for each in parsed_papers] == ["A", "B"]
    assert parsed_papers[0].published == date(2000, 1, 1)


@pytest.mark.parametrize(
    "broken",
    [
        "@article{x, {X}, 2000",
        "@article{x, title}",
        "@article{x, title={X}, {y}}",
        "@article{x, author={A B}}",
        "@article{x, title={{}}}",
    ],
)
def test_one_bad_entry_costs_no_other_and_is_named(broken: str) -> None:
    good = [f"@article{{k{n}, title={{T{n}}}}}\n" for n in range(99)]
    items = read("".join([*good[:50], broken, "\n", *good[50:]]))
    assert [item.paper.title for item in items if isinstance(item, Entry)] == [f"T{n}" for n in range(99)]
    (refused,) = [item for item in items if isinstance(item, Refused)]
    assert (refused.index, refused.line) == (51, 51)
    assert refused.reason and "\n" not in refused.reason


def test_a_line_break_of_tex_before_a_brace_does_not_hide_it() -> None:
    assert papers("@article{a, abstract={One \\\\}, title={A}}") == [Paper(title="A", abstract="One")]


def test_text_behind_a_brace_too_many_is_not_lost_in_silence() -> None:
    items = read("@article{a, title={A}}, year=2000}\n@book{b, title={B}}")
    assert warnings(items) == ["line 1: the braces of the entry “a” are not balanced"]
    assert [item.paper.published for item in items if isinstance(item, Entry)] == [date(2000, 1, 1), None]


@pytest.mark.parametrize(
    "entry",
    ["@article{x, title={X}, year=2000", "@article{x, title={X, year=2000}", '@article{x, title="X, year=2000}'],
)
def test_an_entry_without_an_end_is_read_up_to_the_next(entry: str) -> None:
    items = read(f"@article{{a, title={{A}}}}\n{entry}\n@article{{b, title={{B}}}}")
    parsed_papers = [item.paper for item in items if isinstance(item, Entry)]
    assert [paper.title for paper in parsed_papers] == ["A", "X", "B"]
    assert parsed_papers[1].published == date(2000, 1, 1)
    assert warnings(items) == ["line 2: the braces of the entry “x” are not balanced"]


@pytest.mark.parametrize(
    "tail", ["@art", "@", "@article{", "@article{key", "@article{key, tit", '@string{x = "a', "@comment{"]
)
def test_a_file_that_ends_in_the_middle_says_so(tail: str) -> None:
    items = read(f"@article{{a, title={{A}}}}\n{tail}")
    assert [type(item) for item in items] == [Entry, CutShort]


def test_a_missing_last_brace_is_a_cut() -> None:
    items = read("@article{a, title={A}}\n@book{b,\n title={B},\n year=2000\n")
    assert [type(item) for item in items] == [Entry, CutShort]


@pytest.mark.parametrize("end_index", [True, False])
def test_a_truncated_entry_is_recognized_whatever_message_bibtexparser_gives(
    end_index: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reworded(BlockAbortedException):
        def __init__(self, abort_reason: str, end_index: int | None = None) -> None:
            super().__init__("Other words.", end_index if with_index else None)

    with_index = end_index
    monkeypatch.setattr(splitter, "BlockAbortedException", Reworded)
    whole = "@article{a, title={A}}\n"
    for cut in ("@book{b,\n title={B},\n year=2000\n", "@book{b, title={B", '@book{b, title="B', "@book{b"):
        assert [type(item) for item in read(whole + cut)] == [Entry, CutShort], cut
    if with_index:
        assert [type(item) for item in read(whole + "@book{b, title}")] == [Entry, Refused]


@pytest.mark.parametrize("text", ["", " \n", "no listing", "@comment{x}", "@string{a = {b}}", "@control{c, title={0}}"])
def test_a_file_without_a_paper_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_a_message_shows_keys_safely_and_briefly() -> None:
    (refused,) = read("@article{a\x1b]52;c;x\x07" + "k" * 500 + ", year=2000}")
    assert isinstance(refused, Refused)
    assert "\x1b" not in refused.reason
    assert len(refused.reason) < 200


def test_byte_order_marks_inside_a_joined_file_are_ignored() -> None:
    assert len(papers("\ufeff@article{a, title={A}}\n\ufeff@article{b, title={B}}")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "<html><pre>@article{a, title={A}}</pre>",
        '{"bibtex": "@article{a, title={A}}"}',
        "from x import y\n\n@dataclass(frozen=True)\nclass A: ...\n@cache\ndef f(): ...",
        "Ask me@example.org {or not}.",
    ],
)
def test_other_files_are_not_taken_for_bibtex(text: str) -> None:
    assert bibtex.sniff(text.encode(), "x.bib") < SURE_ENOUGH


def test_storing_ten_thousand_entries_takes_a_few_seconds_at_most() -> None:
    one = "@article{k%d, title={{A} t{\\'i}tle}, author={Ada Lovelace and Hopper, G.}, year=2000, abstract={%s}}\n"
    text = "".join(one % (number, "word " * 100) for number in range(2_500))
    start = time.process_time()
    assert len(papers(text)) == 2_500
    assert time.process_time() - start < 5


_TITLES = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="{}\\~`'-\ufeff\ufdd0\ufdd1")


@given(title=st.text(_TITLES, min_size=1))
@example("NA")
def test_a_title_in_braces_is_read_unchanged(title: str) -> None:
    # Cleaning removes a title such as "NA", which stands for a missing value.
    expected = clean.entry(Entry(paper=Paper(title=title))).paper.title
    items = read(f"@article{{k, title={{{title}}}}}")
    assert [clean.entry(i).paper.title for i in items if isinstance(i, Entry)] == ([expected] if title.strip() else [])


def test_characters_that_unicode_reserves_for_internal_use_do_not_become_signs() -> None:
    """While a block is parsed, U+FDD0 and U+FDD1 replace "@" and the backslash."""
    items = read("@article{k, title={mail ada\ufdd0example.org \ufdd1emph}}")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["mail ada\ufffdexample.org \ufffdemph"]
