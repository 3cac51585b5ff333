"""mark, queue, undo and redo from the command line."""

from __future__ import annotations

import json
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
    # What has no room is not cut to a wrong number.
    assert "★+ " in table[1]


def test_undo_and_redo_walk_as_many_steps_as_asked(recto: Recto, path: Path, library: Library) -> None:
    recto("mark", "1", "--bookmark")
    recto("mark", "1", "2", "--tag", "x")
    recto("mark", "1", "--status", "done")
    assert recto("undo").lines == ["Undone: done, 1 paper"]
    assert recto("undo", "2").lines == ["Undone: tagged, 2 papers", "Undone: bookmarked, 1 paper"]
    assert marks(library, 1) == stored_marks.Marks()
    assert recto("redo", "3").lines == [
        "Redone: bookmarked, 1 paper",
        "Redone: tagged, 2 papers",
        "Redone: done, 1 paper",
    ]
    assert marks(library, 1).status == "done"
    assert recto("redo").complaint() == "nothing to redo"
    said = recto("undo", "5")
    # What could be undone is, and the code says that it was not all.
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
