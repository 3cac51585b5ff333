"""The commands tag list, tag rename and tag merge."""

from __future__ import annotations

import json
from pathlib import Path

from store.library.library import Library
from store.marks import stored_marks
from tests.tui.conftest import Recto


def tags(library: Library, *papers: int) -> list[tuple[str, ...]]:
    return [stored_marks.read(library.reader(), paper).tags for paper in papers]


def test_tags_are_listed_with_the_number_of_their_papers(recto: Recto, path: Path, library: Library) -> None:
    assert "no paper has a tag" in recto("tag", "list").err
    recto("mark", "1", "2", "--tag", "nlp")
    recto("mark", "1", "--tag", "tides")
    assert [line.split() for line in recto("tag", "list").lines] == [["2", "nlp"], ["1", "tides"]]
    assert json.loads(recto("tag", "list", "--json").out) == [
        {"name": "nlp", "count": 2},
        {"name": "tides", "count": 1},
    ]


def test_a_tag_is_renamed_for_all_its_papers_and_one_undo_takes_it_back(
    recto: Recto, path: Path, library: Library
) -> None:
    recto("mark", "1", "2", "--tag", "nlp")
    said = recto("tag", "rename", "NLP", "Language Models")
    assert said.out == "renamed #nlp to #language-models, 2 papers\n"
    assert tags(library, 1, 2) == [("language-models",), ("language-models",)]
    assert recto("undo").out == "Undone: renamed #nlp to #language-models, 2 papers\n"
    assert tags(library, 1, 2) == [("nlp",), ("nlp",)]


def test_tags_are_merged(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "--tag", "a")
    recto("mark", "2", "--tag", "b")
    recto("mark", "3", "--tag", "b", "--tag", "c")
    assert recto("tag", "merge", "a", "b", "c").code == 0
    assert tags(library, 1, 2, 3) == [("c",), ("c",), ("c",)]


def test_a_tag_that_no_paper_has_cannot_be_renamed(recto: Recto, path: Path, library: Library) -> None:
    assert (
        "no paper has the tag 'gone'; recto tag list shows the tags" in recto("tag", "rename", "gone", "x").complaint()
    )
    recto("mark", "1", "--tag", "a")
    assert "not a name for a tag" in recto("tag", "rename", "a", "#").complaint()
    assert tags(library, 1) == [("a",)]
