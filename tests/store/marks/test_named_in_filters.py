"""When a tag or a collection is renamed, saved filters and the settings of the user's taste use the new name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.library import settings
from store.library.library import Library
from store.marks import collections, filter_renaming, journal, marking, named_in_filters, saved_filters, tags
from store.marks.named_in_filters import Kind, in_filter, in_view
from store.marks.saved_filters import SavedFilter
from store.marks.stored_marks import FieldChange
from store.model.errors import LibraryError
from store.papers.views import View
from store.ranking import opinions
from store.search.parser import parse
from store.search.query import Label
from store.search.search import Search
from tests.store.marks.test_marking import filled
from tests.store.search.query_trees import leaves
from tests.thorough import examples


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tag:nlp", "tag:ml"),
        ("-tag:nlp graph", "-tag:ml graph"),
        ('TAG:"nlp" or (tag:nlp title:nlp)', "TAG:ml or (tag:ml title:nlp)"),
        ("tag:(nlp or robots or or)", "tag:(ml or robots or or)"),
        ("tag:(title:nlp nlp (nlp))", "tag:(title:nlp ml (ml))"),
        ("title:(nlp tag:nlp) nlp", "title:(nlp tag:ml) nlp"),
        ("tag:nlp2 tag:nl collection:nlp", "tag:nlp2 tag:nl collection:nlp"),
        ('"tag:nlp" nlp tag: nlp', '"tag:nlp" nlp tag: nlp'),
        ("tag:NLP|tag:#nlp", "tag:ml|tag:ml"),
        ("tag:nlp) (tag:nlp", "tag:ml) (tag:ml"),
        ("tag:“nlp", "tag:ml"),
        ("  graph   neural ", "  graph   neural "),
    ],
)
def test_a_tag_in_a_filter(before: str, after: str) -> None:
    assert in_filter(before, "tag", lambda name: marking.tag_name(name) == "nlp", "ml") == after


@pytest.mark.parametrize(
    ("new", "after"),
    [
        ("Book", "in:Book"),
        ("My thesis", 'in:"My thesis"'),
        ("-x", 'in:"-x"'),
        ("or", 'in:"or"'),
        ('The "end"', 'in:"The "'),
        ("a(b)", 'in:"a(b)"'),
    ],
)
def test_a_name_is_quoted_where_the_filter_needs_it(new: str, after: str) -> None:
    renamed = in_filter('in:"old  one"', "collection", lambda name: name == "old  one", new)
    assert renamed == after
    (leaf,) = leaves(parse(renamed, date(2026, 7, 2)).tree)
    assert isinstance(leaf, Label)
    assert new.startswith(leaf.value)


@examples(100, 3_000)
@given(
    st.lists(
        st.sampled_from(["tag:", "title:", "nlp", '"', "(", ")", " ", "|", "-", "or", "nlp:", "“", "x", "cat:"]),
        max_size=14,
    )
)
def test_the_parser_finds_the_new_tag_where_it_found_the_old_one(parts: list[str]) -> None:
    text = "".join(parts)
    renamed = in_filter(text, "tag", lambda name: name == "nlp", "zz")

    def labels(filter: str) -> list[str]:
        tree = parse(filter, date(2026, 7, 2)).tree
        return [each.value for each in leaves(tree) if isinstance(each, Label) and each.field == "tag"]

    assert labels(renamed) == [re.sub("^nlp$", "zz", value) for value in labels(text)]


@pytest.mark.parametrize(
    ("view", "after"),
    [("tag:nlp", "tag:ml"), ("collection:nlp", "collection:nlp"), ("queue", "queue"), ("tag:", "tag:")],
)
def test_a_view_that_names_a_tag_is_renamed(view: str, after: str) -> None:
    assert in_view(view, "tag", lambda name: name == "nlp", "ml") == after


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "library.db") as opened:
        yield opened


def saved(library: Library) -> list[tuple[str, str]]:
    return [(each.filter, each.view) for each in saved_filters.read_all(library.reader())]


def renamed(library: Library) -> list[tuple[str, str, str]]:
    return [tuple(each) for each in named_in_filters.renames(library.reader())]


@pytest.mark.parametrize("kind", ["tag", "collection"])
def test_renaming_changes_saved_filters_and_the_taste_and_is_one_step(library: Library, kind: Kind) -> None:
    marking.tag(library, [1, 2], ["nlp"])
    collections.add(library, [1, 2], "nlp")
    saved_filters.save(library, SavedFilter("one", f"graph -{kind}:nlp", key="f2"))
    saved_filters.save(library, SavedFilter("two", "graph", f"{kind}:nlp"))
    saved_filters.save(library, SavedFilter("other", "nlp"))
    opinions.set_source(library, f"{kind}:nlp")
    if kind == "tag":
        label = tags.rename(library, ["nlp"], "ml").label
        assert label == "renamed #nlp to #ml, also in 2 saved filters and your taste"
    else:
        label = collections.rename(library, "NLP", "ml").label
        assert label == "renamed “nlp” to “ml”, also in 2 saved filters and your taste"
    assert saved(library) == [(f"graph -{kind}:ml", "all"), ("graph", f"{kind}:ml"), ("nlp", "all")]
    assert saved_filters.find(library.reader(), "one").key == "f2"
    assert opinions.source(library.reader()) == f"{kind}:ml"
    journal.undo(library)
    assert saved(library) == [(f"graph -{kind}:nlp", "all"), ("graph", f"{kind}:nlp"), ("nlp", "all")]
    assert opinions.source(library.reader()) == f"{kind}:nlp"
    journal.redo(library)
    assert opinions.source(library.reader()) == f"{kind}:ml"


def test_merging_changes_the_filters_that_name_one_of_the_tags(library: Library) -> None:
    marking.tag(library, [1], ["nlp", "text"])
    marking.tag(library, [2], ["ml"])
    saved_filters.save(library, SavedFilter("one", "tag:nlp or tag:text or tag:ml"))
    assert tags.rename(library, ["nlp", "text", "ml"], "ml").label.startswith("renamed #nlp, #text to #ml")
    assert saved(library) == [("tag:ml or tag:ml or tag:ml", "all")]
    assert [(each.name, each.count) for each in tags.counted(library.reader())] == [("ml", 2)]


def test_a_taste_source_stored_by_an_earlier_version_is_read_and_renamed(library: Library) -> None:
    marking.tag(library, [1], ["nlp"])
    with library.writing() as connection:
        settings.put(connection, named_in_filters.TASTE_SOURCE, "tag:nlp")
    assert opinions.source(library.reader()) == "tag:nlp"
    tags.rename(library, ["nlp"], "ml")
    assert opinions.source(library.reader()) == "tag:ml"
    opinions.forget_all(library)
    assert opinions.source(library.reader()) == ""


def test_a_saved_filter_that_is_renamed_keeps_its_key_and_is_named_by_its_new_name(library: Library) -> None:
    saved_filters.save(library, SavedFilter("Heads", "attention", key="f2"))
    saved_filters.save(library, SavedFilter("other", "graph", "filter:heads"))
    opinions.set_source(library, "filter:Heads")
    label = filter_renaming.rename(library, "heads", "Minds").label
    assert label == "renamed the view “Heads” to “Minds”, also in 1 saved filter and your taste"
    assert saved(library) == [("attention", "all"), ("graph", "filter:Minds")]
    assert saved_filters.find(library.reader(), "minds").key == "f2"
    assert opinions.source(library.reader()) == "filter:Minds"
    journal.undo(library)
    assert saved(library) == [("attention", "all"), ("graph", "filter:heads")]
    assert opinions.source(library.reader()) == "filter:Heads"
    with pytest.raises(LibraryError, match="is not a name"):
        filter_renaming.rename(library, "heads", " ")


def test_an_earlier_name_leads_to_the_present_one_until_something_else_has_it(library: Library) -> None:
    marking.tag(library, [1], ["nlp"])
    collections.add(library, [2], "Thesis")
    tags.rename(library, ["nlp"], "ml")
    collections.rename(library, "Thesis", "Book")
    tags.rename(library, ["ml"], "learning")
    collections.rename(library, "Book", "book")
    assert renamed(library) == [("collection", "thesis", "book"), ("tag", "ml", "learning"), ("tag", "nlp", "learning")]
    search = Search(library)
    today = date(2026, 7, 2)
    assert list(search.answer(View.parse("collection:THESIS"), parse("", today)).ids) == [2]
    assert set(search.answer(View("all"), parse("tag:nlp or in:thesis", today)).ids) == {1, 2}
    journal.undo(library)
    journal.undo(library)
    assert renamed(library) == [("collection", "thesis", "Book"), ("tag", "nlp", "ml")]
    marking.tag(library, [3], ["nlp"])
    collections.delete(library, "Book")
    assert renamed(library) == []
    assert list(search.answer(View.parse("tag:nlp"), parse("", today)).ids) == [3]
    tags.rename(library, ["ml"], "nlp")
    assert renamed(library) == [("tag", "ml", "nlp")]


def test_names_that_were_exchanged_lead_nowhere(library: Library) -> None:
    marking.tag(library, [1], ["a"])
    tags.rename(library, ["a"], "b")
    tags.rename(library, ["b"], "a")
    assert renamed(library) == [("tag", "b", "a")]
    changes = [FieldChange(None, f"renamed:tag:{old}", new) for old, new in (("x", "y"), ("y", "x"), ("z", "x"))]
    journal.change_fields(library, lambda connection: ("from another machine", changes))
    assert renamed(library) == [("tag", "b", "a")]
