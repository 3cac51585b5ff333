"""The commands for collections and saved filters, and what JSON says about a paper's place in them."""

from __future__ import annotations

import json
from pathlib import Path

from store.library.library import Library
from tests.tui import samples
from tests.tui.conftest import Recto

# A word that a new paper has.
WORD = samples.DAILY[0].split()[0].casefold()


def numbers(recto: Recto, *words: str) -> list[int]:
    return [each["id"] for each in json.loads(recto("list", "--json", *words).out)]


def test_a_collection_is_made_ordered_listed_and_removed(recto: Recto, path: Path, library: Library) -> None:
    assert "make one with: recto collection add NAME ID" in recto("collection", "list").err
    assert recto("collection", "add", "Thesis", "3", "1").out == "put into “Thesis”, 2 papers\n"
    recto("collection", "add", "thesis", "2", "--at", "1")
    assert numbers(recto, "--view", "collection:Thesis") == numbers(recto, "--collection", "thesis") == [2, 3, 1]
    recto("collection", "move", "Thesis", "1", "2")
    assert [line.split()[0] for line in recto("collection", "list", "Thesis").lines] == ["2", "1", "3"]
    recto("collection", "remove", "Thesis", "1")
    recto("collection", "add", "Ideas")
    assert json.loads(recto("collection", "list", "--json").out) == [
        {"name": "Ideas", "count": 0},
        {"name": "Thesis", "count": 2},
    ]
    recto("collection", "rename", "Thesis", "Book")
    assert [line.split() for line in recto("collection", "list").lines] == [["2", "Book"], ["0", "Ideas"]]
    assert recto("collection", "remove", "book").out == "removed the collection “Book”, 2 papers\n"
    recto("undo")
    assert numbers(recto, "--collection", "Book") == [2, 3]
    assert numbers(recto, "collection:bo") == numbers(recto, "in:book")


def test_a_collection_is_exported_in_its_order(recto: Recto, path: Path, library: Library, tmp_path: Path) -> None:
    recto("collection", "add", "Thesis", "3", "1")
    target = tmp_path / "thesis.jsonl.json"
    assert recto("export", "--collection", "Thesis", "--format", "csl-json", "-o", str(target)).code == 0
    titles = [each["title"] for each in json.loads(target.read_text())]
    assert titles == [json.loads(recto("show", number, "--json").out)["title"] for number in ("3", "1")]
    assert "no collection 'Gone'" in recto("export", "--collection", "Gone", "-o", str(target)).complaint()
    assert "go together" in recto("list", "--collection", "Thesis", "--view", "queue").complaint(2)


def test_json_says_where_a_paper_is_and_since_when(recto: Recto, path: Path, library: Library) -> None:
    recto("collection", "add", "Thesis", "3", "1")
    recto("collection", "add", "Slides", "1")
    recto("mark", "1", "--queue", "--because", "Ada asked", "--status", "reading", "--bookmark")
    shown = json.loads(recto("show", "1", "--json").out)
    assert shown["collections"] == [{"name": "Slides", "position": 1}, {"name": "Thesis", "position": 2}]
    assert (shown["queue_position"], shown["queued_because"], shown["rating"]) == (1, "Ada asked", None)
    assert all(shown[field].startswith("20") for field in ("queued_at", "status_at", "bookmarked_at"))
    assert "Slides (no. 1), Thesis (no. 2)" in recto("show", "1").out
    plain = json.loads(recto("show", "2", "--json").out)
    assert (plain["collections"], plain["queued_at"], plain["status_at"]) == ([], None, None)


def test_a_filter_is_saved_listed_moved_and_removed(recto: Recto, path: Path, library: Library) -> None:
    assert "save one with: recto view add NAME QUERY" in recto("view", "list").err
    assert recto("view", "add", "Letters", WORD, "--key", "f2").out == "saved the view “Letters”\n"
    recto("view", "add", "Mine", "--view", "queue", "--sort", "title")
    (letters, mine) = json.loads(recto("view", "list", "--json").out)
    assert letters["new"] == len(numbers(recto, WORD, "is:new")) > 0
    assert {name: letters[name] for name in ("name", "filter", "view", "sort", "key", "order")} == {
        "name": "Letters", "filter": WORD, "view": "all", "sort": "best", "key": "f2", "order": 1,
    }  # fmt: skip
    assert (mine["view"], mine["sort"], mine["key"]) == ("queue", "title", None)
    assert numbers(recto, "--view", "filter:LETTERS") == numbers(recto, WORD)
    recto("view", "move", "Mine", "1")
    assert [each["name"] for each in json.loads(recto("view", "list", "--json").out)] == ["Mine", "Letters"]
    assert "f2  Letters" in recto("view", "list").out
    recto("view", "remove", "mine")
    assert "no saved filter 'Mine'" in recto("list", "--view", "filter:Mine").complaint()


def test_a_key_that_cannot_show_a_view_is_refused(recto: Recto, path: Path, library: Library) -> None:
    assert "has an action already" in recto("view", "add", "X", WORD, "--key", "j").complaint(2)
    assert "is not a key" in recto("view", "add", "X", WORD, "--key", "nokey").complaint(2)
    assert "name a filter" in recto("view", "add", "X").complaint(2)
