"""Every field of the filter language can be parsed and searched for, and has its example in the help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest

from store.library.library import Library
from store.model import paper_fields
from store.model.paper import Paper
from store.papers.views import View
from store.search.filter_fields import (
    BY_TYPED_NAME,
    FIELDS,
    FILTER_HELP,
    POSSESSIONS,
    STATES,
    CountField,
    CountFilter,
    DateField,
    DateFilter,
    FilterField,
    LabelField,
    LabelFilter,
    PaperFilter,
    PossessionFilter,
    StateFilter,
    TextField,
    TextFilter,
)
from store.search.parser import parse
from store.search.query import CountRange, DateRange, Has, Is, Label, Like, Word
from store.search.search import Search
from tests.store.search.sample_library import SampleLibrary

TODAY = date(2026, 7, 15)
HELP = "  ".join(f"{example}  {meaning}" for example, meaning in FILTER_HELP)
# A valid value for a field of each kind.
VALUES: dict[type[FilterField], str] = {
    TextFilter: "graph",
    LabelFilter: "nlp",
    DateFilter: "2026-06",
    CountFilter: ">20",
    StateFilter: "new",
    PossessionFilter: "code",
    PaperFilter: "1",
}
NODES = {
    TextFilter: Word,
    LabelFilter: Label,
    DateFilter: DateRange,
    CountFilter: CountRange,
    StateFilter: Is,
    PossessionFilter: Has,
    PaperFilter: Like,
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    sample = SampleLibrary(tmp_path_factory.mktemp("fields") / "library.db")
    sample.put(Paper(title="A graph"))
    yield sample.library
    sample.library.close()


def all_terms() -> Iterator[str]:
    """A term with each name of each field, and with each value of `is:` and `has:`."""
    for field in FIELDS:
        yield from (f"{name}:{VALUES[type(field)]}" for name in (field.name, *field.aliases))
    yield from (f"is:{state}" for state in STATES)
    yield from (f"has:{possession}" for possession in POSSESSIONS)


@pytest.mark.parametrize(
    ("kind", "names"),
    [(TextFilter, TextField), (LabelFilter, LabelField), (DateFilter, DateField), (CountFilter, CountField)],
)
def test_the_table_has_every_field_of_each_kind(kind: type[FilterField], names: object) -> None:
    assert [field.name for field in FIELDS if isinstance(field, kind)] == list(get_args(names))


def test_no_name_belongs_to_two_fields() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names)) == len(BY_TYPED_NAME)


def test_a_text_field_is_searched_for_in_every_text_that_the_index_holds() -> None:
    searched = {field.index_text for field in FIELDS if isinstance(field, TextFilter)}
    assert searched == {*get_args(paper_fields.TextField), "text"}


def test_a_count_names_a_column_of_the_library() -> None:
    # The rating is a mark of the user, so it is no field of a paper.
    columns = {field.column for field in FIELDS if isinstance(field, CountFilter) and field.name != "rating"}
    assert columns <= set(paper_fields.PaperColumns._fields)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_parser_knows_every_name_of_a_field(field: FilterField) -> None:
    for name in (field.name, *field.aliases):
        query = parse(f"{name}:{VALUES[type(field)]}", TODAY)
        assert isinstance(query.tree, NODES[type(field)])
        assert query.misread == ()


@pytest.mark.parametrize("term", list(all_terms()))
def test_every_term_can_be_searched_for(library: Library, term: str) -> None:
    search = Search(library)
    matching, others = (search.answer(View("all"), parse(text, TODAY)) for text in (term, f"-{term}"))
    assert {*matching.ids[: matching.exact], *others.ids} == {1}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_help_has_every_field(field: FilterField) -> None:
    assert any(f"{name}:" in HELP for name in (field.name, *field.aliases))


@pytest.mark.parametrize("name", [*STATES, *POSSESSIONS])
def test_the_help_has_every_state_and_possession(name: str) -> None:
    assert re.search(rf"\b{name}\b", HELP)


def test_the_help_names_no_field_that_does_not_exist() -> None:
    assert set(re.findall(r"\b([a-z]+):", HELP)) <= set(BY_TYPED_NAME)
