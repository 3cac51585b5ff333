"""Texts such as "n/a" that stand for a missing value: they are not stored as a title, a name or an abstract."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.entry import Entry
from store.model.paper import Author, Organization, Paper
from store.text import clean, missing_values
from tests.thorough import examples


def cleaned(**fields: object) -> Paper:
    return clean.entry(Entry(paper=Paper(**{"title": "Lists", **fields}))).paper  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["No Title", "[No title found]", "[Title not available]", "NA", "N/A", "nan", "null", "[Not Available]."]
)
def test_no_title(text: str) -> None:
    assert cleaned(title=text).title == ""


@pytest.mark.parametrize(
    "title", ["Null Results", "NaN Values in Tables", "na", "No Titles, Please", "?", "Undefined!"]
)
def test_titles_that_only_resemble_missing_ones_stay(title: str) -> None:
    assert cleaned(title=title).title == title


@pytest.mark.parametrize(
    "name",
    ["[No author name available]", "[Anonymous]", "NA", "None", "null", "nan", "N/A", "No authors listed", "undefined"],
)
def test_texts_that_are_no_name_are_recognized(name: str) -> None:
    paper = cleaned(authors=(Author("Ada Alpha"), Author(name)), author_count=2)
    assert [author.name for author in paper.authors] == ["Ada Alpha"]
    assert paper.author_count is None


@pytest.mark.parametrize(
    "name", ["Na Li", "Na", "Nora None", "Null Island Survey", "Anonymous", "Norbert", "Ng", "Unni"]
)
def test_names_that_only_resemble_missing_ones_stay(name: str) -> None:
    assert [author.name for author in cleaned(authors=(Author(name),)).authors] == [name]


@pytest.mark.parametrize(
    "text",
    ["NA", "nan", "None", "[No abstract available]", "No abstract available.", "Abstract not available", "-", "[]"],
)
def test_no_text(text: str) -> None:
    paper = cleaned(
        abstract=text, venue=text, comment=text, decision=text, ai_summary=text, organization=Organization(text)
    )
    assert (paper.abstract, paper.venue, paper.comment, paper.decision) == (None, None, None, None)
    assert (paper.ai_summary, paper.organization) == (None, None)


def test_the_quick_check_of_cleaning_lets_no_missing_value_pass() -> None:
    texts = missing_values._NO_TEXT | missing_values._NO_TITLE
    assert missing_values.LONGEST == clean._LONGEST_MISSING
    assert {text[0] for text in texts if text} <= clean._STARTS_OF_MISSING
    assert {text[0].upper() for text in texts if text} <= clean._STARTS_OF_MISSING
    assert set(missing_values._AROUND) <= clean._STARTS_OF_MISSING


def test_texts_that_only_resemble_missing_ones_stay() -> None:
    paper = cleaned(abstract="No abstract can describe lists.", venue="na", comment="None of the data is public")
    assert paper.abstract == "No abstract can describe lists."
    assert (paper.venue, paper.comment) == ("na", "None of the data is public")


@examples(100, 5000)
@given(
    st.sampled_from(sorted(missing_values._NO_TEXT | {"NA", "na", "Results", "Žena"})),
    st.text(missing_values._AROUND, max_size=3),
    st.text(missing_values._AROUND, max_size=3),
    st.sampled_from([str, str.upper, str.title]),
)
def test_every_missing_text_has_one_of_the_first_characters_that_cleaning_looks_for(
    word: str, before: str, behind: str, written: Callable[[str], str]
) -> None:
    text = before + written(word) + behind
    assert clean._present(text) == (None if missing_values.is_no_text(text) else text)
