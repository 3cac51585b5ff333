"""Characters of untrusted text that could control a terminal are replaced by visible signs. Other characters stay."""

from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.model.entry import Entry
from store.model.paper import Author, Link, Organization, Paper
from store.text.author_names import is_name
from store.text.clean import UNSAFE, _cleaned, _is_line, clean, entry, line, line_or_none, prose

_any = st.text(st.characters(codec=None, categories=None), max_size=30)
_hostile = st.text(
    st.sampled_from(
        "a é\t\n\r\x00\x07\x1b\x7f\x85\x9b\xad\u061c\u200b\u200d\u202e\u2028\u2066\ud800\ufeff\U000e0041\u0301"
    ),
    max_size=20,
)


@given(_any | _hostile)
@example("e\u0301" * 3)
@example("a" + "\u0301" * 100)
def test_cleaned_text_holds_nothing_that_acts_on_a_terminal(text: str) -> None:
    cleaned = clean(text)
    for character in cleaned:
        code = ord(character)
        assert character in "\t\n" or code >= 0x20
        assert not 0x7F <= code < 0xA0
        assert not 0x202A <= code <= 0x202E
        assert not 0x2066 <= code <= 0x2069
        assert not 0xD800 <= code < 0xE000
        assert not 0xE0000 <= code < 0xE0080
        assert code not in (0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0x200B, 0xAD)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned


@given(_any | _hostile)
def test_a_line_has_no_line_breaks_and_prose_keeps_its_paragraphs(text: str) -> None:
    one = line(text)
    assert len(one.splitlines()) <= 1
    assert one == one.strip()
    assert "  " not in one
    assert line(one) == one
    assert line_or_none(text) == (one or None)
    running = prose(text)
    if running is None:
        assert not one
    else:
        assert prose(running) == running
        assert "\n\n\n" not in running
        assert " ".join(running.split()) == one


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b31mred\x7f", "\ufffd31mred␡"),
        ("safe\u202eevil\u2069", "safe\ufffdevil\ufffd"),
        ("so\xadft hy\u200bphen", "soft hyphen"),
        ("one\u2028two\x85three\r\nfour\rfive", "one\ntwo\nthree\nfour\nfive"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("broken \ud83d text", "broken \ufffd text"),
        ("👩\u200d💻 and العربية and हिन्दी", "👩\u200d💻 and العربية and हिन्दी"),
        ("H₂O in ℝ³, $\\alpha$ < 5 & more", "H₂O in ℝ³, $\\alpha$ < 5 & more"),
    ],
)
def test_control_characters_become_visible_and_other_text_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_letter_carries_at_most_thirty_combining_marks() -> None:
    some = unicodedata.normalize("NFC", "x" + "\u0323\u0302\u0301" * 10)
    assert clean(some) == some
    assert clean("x" + "\u0323" * 31 + "y") == "x" + "\u0323" * 30 + "\ufffdy"
    assert len(clean("x" + "\u0323\u0302\u0301" * 5000 + "y")) == 33


def test_a_million_marks_take_no_longer_than_a_million_letters() -> None:
    """Unicode normalization sorts the combining marks of a letter in quadratic time, so `clean` limits them first."""
    started = time.process_time()
    clean("x" + "\u0323\u0302" * 500_000)
    assert time.process_time() - started < 5


@given(_hostile, st.integers(-(2**80), 2**80))
def test_every_field_of_an_entry_is_cleaned(text: str, number: int) -> None:
    cleaned = entry(
        Entry(
            paper=Paper(
                title=text,
                abstract=text,
                authors=(Author(text, (text, "")),),
                upvotes=number,
                comment_count=number,
                links=(Link("code", text, number),),
                ai_keywords=(text,),
                published=date(2026, 7, 2),
            ),
            line=number,
        )
    )
    paper = cleaned.paper
    assert paper.title == line(text)
    assert paper.abstract == prose(text)
    assert [author.name for author in paper.authors] == ([line(text)] if is_name(line(text)) else [])
    assert all(author.affiliations == (line(text),) for author in paper.authors)
    count = number if 0 <= number <= 2**53 else None
    assert (paper.upvotes, paper.comment_count, cleaned.line) == (count, count, count)
    assert [link.url for link in paper.links] == ([line(text)] if line(text) else [])
    assert paper.published == date(2026, 7, 2)
    assert entry(cleaned) == cleaned


_part = st.sampled_from(["a", "Bees", "é", "ő", " ", "  ", ",", " ,", "\n", "\x1b", "\u202e", "e\u0301", "\xa0", "."])
_text = st.lists(_part, max_size=5).map("".join)
_number = st.none() | st.integers(-1, 3) | st.just(2**60)
_some = st.lists(_text | st.just("Ada Lovelace"), max_size=3).map(tuple)
_papers = st.builds(
    Paper,
    title=_text,
    abstract=st.none() | _text,
    authors=st.lists(st.builds(Author, _text | st.just("Ada Lovelace"), st.just(()) | _some), max_size=3).map(tuple),
    author_count=_number,
    organization=st.none() | st.builds(Organization, _text, st.none() | _text),
    arxiv_id=st.none() | _text,
    arxiv_version=_number,
    doi=st.none() | _text,
    categories=_some,
    venue=st.none() | _text,
    comment=st.none() | _text,
    decision=st.none() | _text,
    track=st.none() | _text,
    scores=st.lists(st.floats(), max_size=3).map(tuple),
    upvotes=_number,
    comment_count=_number,
    links=st.lists(st.builds(Link, st.just("page"), _text, _number), max_size=2).map(tuple),
    submitter=st.none() | _text,
    ai_summary=st.none() | _text,
    ai_keywords=st.just(()) | _some,
)


@given(st.builds(Entry, paper=_papers, line=_number))
@example(Entry(paper=Paper(title="On Bees", authors=(Author("Ada Lovelace", ("\x1b[31mLab",)),))))
@example(Entry(paper=Paper(title="On Bees", links=(Link("code", "https://example.org", 2**60),))))
@example(Entry(paper=Paper(title="On Bees", organization=Organization("\x1b", None))))
def test_the_fast_path_gives_what_cleaning_every_field_gives(raw: Entry) -> None:
    assert entry(raw) == _cleaned(raw)


def test_the_fast_path_property_covers_every_field_of_text_and_numbers() -> None:
    assert {*Paper.__struct_fields__} - {"published", "published_to", "updated"} == _COVERED


_COVERED = {
    "title", "abstract", "authors", "author_count", "organization", "arxiv_id", "arxiv_version", "doi", "categories",
    "venue", "comment", "decision", "track", "scores", "upvotes", "comment_count", "links", "submitter",
    "ai_summary", "ai_keywords",
}  # fmt: skip


def test_printable_characters_are_never_unsafe() -> None:
    """`clean` relies on this: it looks for unsafe characters only in text that str.isprintable() rejects."""
    assert not [code for code in range(0x110000) if chr(code).isprintable() and UNSAFE.search(chr(code))]


@given(_any | _hostile | st.text(st.characters(codec="ascii"), max_size=10))
@example("")
@example("a  b")
def test_one_line_is_printable_text_with_single_spaces(text: str) -> None:
    assert _is_line(text) == (text.isprintable() and text == " ".join(text.split()))
