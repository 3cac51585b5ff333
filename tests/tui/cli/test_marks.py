"""The commands mark, queue, undo and redo."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

from store.library.library import Library
from store.marks import stored_marks
from tests.tui import samples
from tests.tui.conftest import Recto


def marks(library: Library, number: int) -> stored_marks.Marks:
    return stored_marks.read(library.reader(), number)


def test_every_mark_is_kept_and_shown(recto: Recto, path: Path, library: Library) -> None:
    said = recto("mark", "1", "--bookmark", "--queue", "--status", "reading", "--tag", "Tides", "--tag", "two words",
                 "--note", "Look at figure 3.")  # fmt: skip
    assert (said.code, said.err) == (0, "")
    assert "★1" in said.out and samples.DAILY[0] in said.out
    kept = marks(library, 1)
    assert kept.bookmarked
    assert (kept.queue_position, kept.status, kept.note) == (1, "reading", "Look at figure 3.")
    assert kept.tags == ("tides", "two-words")
    said = recto("mark", "1", "--no-bookmark", "--no-queue", "--status", "done", "--no-tag", "tides", "--no-note")
    assert said.code == 0
    assert marks(library, 1) == stored_marks.Marks(status="done", tags=("two-words",))


def test_several_papers_are_marked_at_once_however_they_are_named(recto: Recto, path: Path, library: Library) -> None:
    said = recto("mark", "2503.01234", "1", "Harbour", "1", "--queue", "--json")
    assert [each["id"] for each in json.loads(said.out)] == [7, 1, 6]
    assert recto("queue").titles == ["A Catalogue of Unsent Letters", samples.DAILY[0], samples.LIBRARY[0]]
    assert [marks(library, number).queue_position for number in (7, 1, 6)] == [1, 2, 3]


def test_when_one_paper_is_not_found_none_is_marked(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "999", "--bookmark").complaint()
    assert marks(library, 1) == stored_marks.Marks()


def test_a_mark_is_a_plain_word_and_not_an_option_of_the_shell(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "--note", "--at the end--", "--tag", "-x")
    assert marks(library, 1).note == "--at the end--"
    assert marks(library, 1).tags == ("-x",)


def test_a_paper_is_queued_at_its_place_and_moved(recto: Recto, path: Path) -> None:
    recto("mark", "1", "2", "3", "--queue")
    recto("mark", "4", "--queue", "--at", "2")
    assert [line.split()[0] for line in recto("queue").lines] == ["1", "4", "2", "3"]
    assert "★" not in recto("queue", "move", "3", "1").out
    assert [line.split()[0] for line in recto("queue").lines] == ["3", "1", "4", "2"]
    recto("queue", "move", "3", "99")
    assert [line.split()[0] for line in recto("queue").lines] == ["1", "4", "2", "3"]
    found = json.loads(recto("queue", "--json").out)
    assert [(each["id"], each["queue_position"]) for each in found] == [(1, 1), (4, 2), (2, 3), (3, 4)]
    assert "recto mark 5 --queue" in recto("queue", "move", "5", "1").complaint()


def test_a_long_queue_shows_every_place(recto: Recto, path: Path, library: Library) -> None:
    with library.writing() as connection:
        connection.executemany(
            "INSERT INTO queue (paper_id, key, identity) VALUES (?, ?, '')",
            [({1234: 1, 12345: 2}.get(place, 100_000 + place), f"V{place:05}1") for place in range(1, 12346)],
        )
        connection.execute("INSERT INTO mark (paper_id, bookmarked_at) VALUES (1, '2026'), (2, '2026')")
    table = recto("list", "--view", "queue").lines
    assert "★1234 " in table[0]
    # A number that does not fit into its column is not truncated, because it would become another number.
    assert "★+ " in table[1]


def test_undo_and_redo_walk_as_many_steps_as_asked(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "--bookmark")
    recto("mark", "1", "2", "--tag", "x")
    recto("mark", "1", "--status", "done")
    assert recto("undo").lines == ["Undone: done, 1 paper"]
    assert recto("undo", "2").lines == ["Undone: tagged with “x”, 2 papers", "Undone: bookmarked, 1 paper"]
    assert marks(library, 1) == stored_marks.Marks()
    assert recto("redo", "3").lines == [
        "Redone: bookmarked, 1 paper",
        "Redone: tagged with “x”, 2 papers",
        "Redone: done, 1 paper",
    ]
    assert marks(library, 1).status == "done"
    assert recto("redo").complaint() == "nothing to redo"
    said = recto("undo", "5")
    # The steps that can be undone are undone. The exit code shows that they were fewer than requested.
    assert len(said.lines) == 3
    assert said.complaint() == "nothing more to undo"
    assert recto("undo").complaint() == "nothing to undo"


def test_a_paper_is_postponed_until_a_day_and_again_not(recto: Recto, path: Path, library: Library) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    (shown,) = json.loads(recto("mark", "1", "--later", "tomorrow", "--json").out)
    assert shown["later"] == tomorrow
    assert f"later:        {tomorrow}" in recto("show", "1").out
    assert recto("list", "is:later").out == recto("list", "--view", "later").out != ""
    recto("mark", "1", "--no-later")
    assert marks(library, 1) == stored_marks.Marks()
    assert "someday" in recto("mark", "1", "--later", "someday").complaint()
    assert "--no-later" in recto("mark", "1", "--later", "friday", "--no-later").complaint(2)


def test_papers_are_rated_filtered_and_sorted_by_rating(recto: Recto, path: Path, library: Library) -> None:
    for number, rating in ((1, "2"), (2, "5"), (3, "4")):
        assert recto("mark", str(number), "--rate", rating).code == 0
    shown = json.loads(recto("show", "2", "--json").out)
    assert shown["rating"] == 5
    assert "rating:       5 of 5" in recto("show", "2").out
    assert [each["id"] for each in json.loads(recto("list", "rating:>3", "--sort", "rating", "--json").out)] == [2, 3]
    assert [each["id"] for each in json.loads(recto("list", "--sort", "rating", "-n3", "--json").out)] == [2, 3, 1]
    assert recto("list", "rating:1..2").out == recto("list", "rating:2").out != ""
    recto("mark", "2", "--no-rate")
    assert marks(library, 2) == stored_marks.Marks()
    assert "range 1<=x<=5" in recto("mark", "1", "--rate", "6").complaint(2)
    assert "--no-rate" in recto("mark", "1", "--rate", "3", "--no-rate").complaint(2)


def test_marks_are_shown_with_their_times(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "--queue", "--status", "reading", "--bookmark")
    (before,) = json.loads(recto("list", "is:reading", "--json").out)
    assert before["status_at"].startswith("20") and before["queued_at"].startswith("20") and before["bookmarked_at"]
    assert re.search(r"reading since 20\d\d-\d\d-\d\d \d\d:\d\d ", recto("show", "1").out)
    recto("mark", "1", "--status", "done")
    recto("undo")
    assert json.loads(recto("show", "1", "--json").out) == before


def test_the_journal_is_shown_and_an_earlier_step_undone_when_nothing_depends_on_it(
    recto: Recto, path: Path, library: Library
) -> None:
    assert recto("log", "--mine").lines == ["You have made no marks yet. Try: recto mark ID --bookmark"]
    recto("mark", "1", "--tag", "x")
    recto("mark", "1", "2", "--rate", "3")
    recto("mark", "1", "--rate", "4")
    lines = recto("log", "--mine").lines
    assert [line.split(maxsplit=4)[0] for line in lines] == ["1", "2", "3"]
    assert f"tagged “{samples.DAILY[0][:20]}" in lines[0]
    assert "rated 2 papers 3 of 5" in lines[1]
    said = recto("undo", "--step", "2").complaint()
    assert "step 3 (rated 4)" in said and "recto undo --step 3" in said
    assert recto("undo", "--step", "1").lines == ["Undone: tagged with “x”, 1 paper"]
    assert marks(library, 1) == stored_marks.Marks(rating=4)
    steps = json.loads(recto("log", "--mine", "--json").out)
    assert [(step["id"], step["papers"], step["undone"]) for step in steps] == [
        (1, [1], True),
        (2, [1, 2], False),
        (3, [1], False),
    ]
    assert "is undone already" in recto("undo", "--step", "1").complaint()
    assert "there is no step 99" in recto("undo", "--step", "99").complaint()
    assert recto("redo").lines == ["Redone: tagged with “x”, 1 paper"]
    assert [len(recto("log", "--mine", "-n1").lines), len(recto("log", "--mine").lines)] == [1, 3]
    assert recto("undo", "2", "--step", "1").complaint(2)


def test_a_paper_is_postponed_until_a_similar_paper_arrives(
    recto: Recto, path: Path, library: Library, tmp_path: Path
) -> None:
    title = json.loads(recto("show", "1", "--json").out)["title"]
    # In a small library, a word of the title would be in too large a share of the papers.
    others = "".join(f"@misc{{k{number}, title={{Other{number} text{number} of{number}}}}}\n" for number in range(40))
    (tmp_path / "others.bib").write_text(others)
    recto("import", str(tmp_path / "others.bib"))
    (shown,) = json.loads(recto("mark", "1", "--later", "similar", "--json").out)
    assert (shown["later"], shown["later_because"]) == ("similar", None)
    assert "until a similar paper arrives" in recto("show", "1").out
    arriving = f"{title}, Revisited"
    (tmp_path / "similar.bib").write_text(f"@misc{{similar, title={{{arriving}}}, author={{Someone Else}}}}\n")
    said = recto("import", str(tmp_path / "similar.bib"))
    assert f"back: “{title}”, because “{arriving}” arrived" in said.out
    shown = json.loads(recto("show", "1", "--json").out)
    assert (shown["later"], shown["later_because"]) == (date.today().isoformat(), arriving)
    assert f"“{arriving}” arrived" in recto("show", "1").out
