"""The commands for collections and saved filters, and the data about a paper's collections in JSON output."""

from __future__ import annotations

import json
import re
from pathlib import Path

from store.library.library import Library
from tests.tui import samples
from tests.tui.conftest import Recto

# A word that occurs in one of the new papers.
WORD = samples.DAILY[0].split()[0].casefold()


def numbers(recto: Recto, *words: str) -> list[int]:
    return [each["id"] for each in json.loads(recto("list", "--json", *words).out)]


def test_a_collection_is_made_ordered_listed_and_removed(recto: Recto, path: Path, library: Library) -> None:
    assert "make one with: recto collection add NAME ID" in recto("collection", "list").err
    assert recto("collection", "add", "Thesis", "3", "1").out == "put 2 papers into “Thesis”\n"
    recto("collection", "add", "thesis", "2", "--at", "1")
    assert numbers(recto, "--view", "collection:Thesis") == numbers(recto, "--collection", "thesis") == [2, 3, 1]
    recto("collection", "move", "Thesis", "1", "2")
    assert [line.split()[0] for line in recto("collection", "list", "Thesis").lines] == ["2", "1", "3"]
    recto("collection", "remove", "Thesis", "1")
    recto("collection", "add", "Ideas")
    assert json.loads(recto("collection", "list", "--json").out) == [
        {"name": "Ideas", "count": 0, "shared": None},
        {"name": "Thesis", "count": 2, "shared": None},
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
    places = [(each["name"], each["position"], each["added_by"]) for each in shown["collections"]]
    assert places == [("Slides", 1, None), ("Thesis", 2, None)]
    assert all(each["added_at"].startswith("20") for each in shown["collections"])
    assert (shown["queue_position"], shown["queued_because"], shown["rating"]) == (1, "Ada asked", None)
    assert all(shown[field].startswith("20") for field in ("queued_at", "status_at", "bookmarked_at"))
    assert all(text in recto("show", "1").out for text in ("Slides (no. 1)", "Thesis (no. 2)"))
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


def test_a_collection_is_shared_through_a_folder_and_left(
    recto: Recto, path: Path, library: Library, tmp_path: Path
) -> None:
    folder, other = tmp_path / "folder", str(tmp_path / "other.db")
    assert "is not a folder" in recto("collection", "share", "Group", str(folder)).complaint()
    assert recto("collection", "list").out == ""
    folder.mkdir()
    recto("collection", "add", "Group", "1", "--because", "the proof in section 3")
    assert "name the folder" in recto("collection", "share", "Group").complaint()
    shared = recto("collection", "share", "group", str(folder), "--as", "Ada")
    assert shared.out == "Shared as Ada · “Group”: 1 change written\n"
    joined = recto("--library", other, "collection", "share", "Reading", str(folder), "--as", "Bob", "--json")
    assert json.loads(joined.out)["added"] == {"Ada": 1}
    (paper,) = json.loads(recto("--library", other, "list", "--collection", "Reading", "--json").out)
    (place,) = paper["collections"]
    assert (place["name"], place["added_by"], place["because"]) == ("Reading", "Ada", "the proof in section 3")
    assert "by Ada: the proof in section 3" in recto("--library", other, "show", str(paper["id"])).out
    assert re.search(
        r"· Ada, 20\d\d-\d\d-\d\d: the proof", recto("--library", other, "collection", "list", "Reading").out
    )
    assert f"shared as Bob with Ada through {folder}" in recto("--library", other, "collection", "list").out
    assert json.loads(recto("--library", other, "collection", "list", "--json").out)[0]["shared"] == {
        "person": "Bob", "people": ["Ada"], "folder": str(folder),
    }  # fmt: skip
    assert "its papers stay" in recto("--library", other, "collection", "leave", "Reading").out
    assert "is not shared" in recto("--library", other, "collection", "leave", "Reading").complaint()
    recto("--library", other, "undo")
    assert "nothing new" in recto("--library", other, "collection", "share", "Reading").out
    assert "other people put papers into" in recto("sync", str(folder)).complaint()


def test_the_name_in_a_shared_collection_is_a_setting(
    recto: Recto, path: Path, library: Library, tmp_path: Path
) -> None:
    recto("config", "set", "person", "Ada Lovelace")
    assert "Shared as Ada Lovelace" in recto("collection", "share", "Group", str(tmp_path)).out
    assert "Shared as Countess" in recto("collection", "share", "Group", "--as", "Countess").out


def test_a_view_with_text_that_cannot_be_stored_is_cleaned(recto: Recto, path: Path) -> None:
    for text in ("\udcff", "a\x1b[2J\u202eb", "x\ny"):
        assert recto("view", "add", text, text).code == 0
        assert recto("view", "list").out.replace("\n", "").isprintable()
        assert recto("list", "--view", f"filter:{text}").code in (0, 1)
