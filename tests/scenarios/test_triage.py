"""Triage (deciding on the papers of a list one by one): leaving and continuing it, and undoing decisions."""

from __future__ import annotations

import itertools
import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import journal, sittings, stored_marks
from store.marks.stored_marks import Marks
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.reader import Reader

TITLES = [paper.title.replace("$O(n^2)$", "O(n²)") for paper in papers.AUTUMN]
NEXT_WEEK = date.today() + timedelta(days=7 - date.today().weekday())


def marks(library: Path, *numbers: int) -> list[Marks]:
    with Library.open(library) as opened:
        return [stored_marks.read(opened.reader(), number) for number in numbers]


async def begin(screen: Reader) -> None:
    await screen.press("w")
    await screen.sees("24 left · about 4 minutes · kept 0", TITLES[0])


async def test_each_key_decides_and_the_next_paper_appears(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        for key, word, title in (
            ("a", "kept: ", TITLES[1]),
            ("l", "postponed until", TITLES[2]),
            ("b", "bookmarked: ", TITLES[3]),
            ("x", "hid: ", TITLES[4]),
            ("s", "skipped: ", TITLES[5]),
        ):
            await screen.press(key)
            await screen.sees(word, title)
        await screen.sees("19 left", "kept 1")
        await screen.press("escape")
        await screen.counts("Queue", 1)
        assert screen.app.screen is screen.main
    kept, later, bookmarked, hidden, skipped, untouched = marks(library, 1, 2, 3, 4, 5, 6)
    assert kept == Marks(queue_position=1, status="seen", queued_because="view new")
    assert later == Marks(later=NEXT_WEEK.isoformat())
    assert bookmarked.bookmarked and bookmarked.status == "seen"
    assert (hidden, skipped, untouched) == (Marks(status="hidden"), Marks(status="seen"), Marks())


async def test_u_brings_back_one_paper_after_the_other(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        # These keys arrive faster than the decisions are written to the disk. None may be lost.
        await screen.type("axsuuu")
        await screen.sees("24 left", TITLES[0], "taken back: ")
        await screen.press("u")
        await screen.sees("nothing is decided yet")
    assert marks(library, 1, 2, 3) == [Marks()] * 3


async def test_a_sitting_continues_after_a_restart(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.press("a", "s", "x", "escape")
        # The cursor of the list is on the paper at which triage stopped.
        assert (screen.paper, screen.titles[0]) == (TITLES[3], TITLES[3])
        assert "21 papers left to decide: w continues" in screen.status
        await screen.press("w")
        await screen.sees("21 left", "kept 1", TITLES[3])
        # recto ends in the middle of the triage.
        await screen.press("b")
    async with reader() as screen:
        await screen.press("w")
        await screen.sees("20 left", "kept 1", TITLES[4], "continued: 4 papers decided before")
        # Decisions of an earlier day can also be undone.
        await screen.press("u")
        await screen.sees("21 left", TITLES[3])
    assert marks(library, 4) == [Marks()]


async def test_the_end_shows_what_was_decided_and_any_of_it_can_be_taken_back(
    reader: OpenReader, library: Path
) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.type("axalb" + 19 * "s")
        await screen.sees("24 decisions  2 kept · 1 bookmarked · 1 postponed · 1 hidden · 19 skipped")
        await screen.sees("Kept, in the reading queue: 2", TITLES[0], TITLES[2])
        # The cursor is on the first paper that was kept. The next line is the second one.
        await screen.press("j", "u")
        await screen.sees("23 decisions  1 kept", "Go on with 1 left")
        await screen.press("enter")
        await screen.sees("1 left", TITLES[2])
        await screen.press("s")
        await screen.sees("24 decisions  1 kept · 1 bookmarked")
        await screen.press("enter")
        assert screen.app.screen is screen.main
        # All papers of this list have been decided on, so triage has no paper to show.
        await screen.press("w")
        assert "nothing is left to decide here" in screen.status
    assert marks(library, 1, 3) == [
        Marks(queue_position=1, status="seen", queued_because="view new"),
        Marks(status="seen"),
    ]


async def test_decisions_are_single_steps_and_one_key_undoes_the_sitting(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.type(24 * "a")
        await screen.sees("24 decisions  24 kept")
        await screen.press("enter", "u", "u")
        await screen.counts("Queue", 22)
        await screen.press("U")
        await screen.counts("Queue", 0)
        assert "undone: the sitting, 22 decisions" in screen.status
        await screen.press("U")
        assert "there is no sitting to undo" in screen.status
    assert marks(library, *range(1, 25)) == [Marks()] * 24
    with Library.open(library) as opened:
        for _ in range(24):
            assert journal.redo(opened)
        assert journal.redo(opened) is None


async def test_a_sitting_can_be_undone_from_inside_and_from_the_summary(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.type("asx")
        await screen.press("U")
        await screen.sees("24 left", TITLES[0], "taken back: 3 decisions")
        await screen.until(lambda: "in your queue" not in screen.text, "the page is as before the decision")
        await screen.type("asxv")
        await screen.sees("3 decisions", "Go on with 21 left")
        await screen.press("U")
        await screen.sees("0 decisions")
        await screen.press("enter")
        await screen.sees("24 left", TITLES[0])
    assert marks(library, 1, 2, 3) == [Marks()] * 3


async def test_a_sitting_goes_through_what_the_filter_shows_and_says_what_matched(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("learn")
        await screen.press("enter", "w")
        count = int(screen.text.split(" left")[0].split()[-1])
        assert 1 < count < 24
        await screen.sees("learn", "matches in the ")


async def test_triage_leaves_out_papers_that_were_decided_on_before(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("x", "j", "a", "j", "b", "j", "m", "w")
        await screen.sees("20 left", TITLES[4])
        await screen.press("escape", "3", "w")
        # Every paper in the queue has been decided on before. For the queue, triage shows them nevertheless.
        await screen.sees("1 left", TITLES[1])


async def test_a_paper_is_postponed_until_a_day_that_the_reader_names(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.press("L")
        await screen.sees("Until when?")
        # Typed text replaces the suggestion "next week".
        await screen.type("someday")
        await screen.press("enter")
        # The question stays open, with the text that was typed.
        await screen.sees("Until when?", "someday", "'someday' is not a day", TITLES[0])
        await screen.press("ctrl+u")
        assert "is not a day" not in screen.text
        await screen.type("tomorrow")
        await screen.press("enter")
        await screen.sees("postponed until", TITLES[1])
    assert marks(library, 1) == [Marks(later=(date.today() + timedelta(days=1)).isoformat())]


async def test_a_long_abstract_scrolls_and_one_key_goes_to_the_result(reader: OpenReader, library: Path) -> None:
    with sqlite3.connect(library) as connection:
        text = " ".join(f"Sentence {number} describes the background." for number in range(80))
        text += " We find that persimmons ripen 30% faster in orbit."
        connection.execute("UPDATE body SET abstract = ? WHERE paper_id = 1", (text,))
    connection.close()
    async with reader((80, 24)) as screen:
        await begin(screen)
        await screen.sees("space: ", "more lines", "Sentence 0 ")
        await screen.press(" ")
        assert "Sentence 0 " not in screen.text
        await screen.press("k")
        assert "Sentence 0 " in screen.text
        await screen.press("r")
        await screen.sees("We find that persimmons")
        await screen.press("s")
        await screen.sees("skipped: ")
        await screen.press("r")
        await screen.sees("no sentence of the abstract reads like a result")


async def test_a_decision_that_cannot_be_stored_brings_the_paper_back(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        with sqlite3.connect(library) as connection:
            connection.execute("DELETE FROM paper WHERE id = 2")
        connection.close()
        await screen.press("a")
        await screen.sees("kept 1")
        await screen.press("a")
        await screen.sees("not saved, so it is back", "23 left", "kept 1")


async def test_only_the_keys_of_a_sitting_work_in_it(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await begin(screen)
        await screen.press("d", "m", "3", "/", "i", "t", "T", "y")
        await screen.sees("24 left", TITLES[0])
        await screen.press("?")
        await screen.sees("Help", "Triage", "go to the sentence with the result")
        assert "go one line down" not in screen.text
        await screen.press("escape", "q")
        assert screen.app.screen is screen.main
    assert marks(library, *range(1, 25)) == [Marks()] * 24


async def test_keys_of_a_sitting_are_configured_and_clicked(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    # In the list, "k" moves the cursor up. In triage, the configuration may assign the action "keep" to it.
    config.write_text('[keys]\ntriage_keep = "k"\ntriage_scroll_back = "up"\n', "utf-8")
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    async with reader() as screen:
        await begin(screen)
        await screen.press("k", "a")
        await screen.sees("23 left", "kept 1")
        x = screen.lines[-1].index("Skip")
        await screen.click(x, len(screen.lines) - 1)
        await screen.sees("22 left", TITLES[2])


def test_a_crash_in_a_sitting_loses_no_decision(terminal: OpenTerminal, library: Path) -> None:
    screen = terminal()
    screen.shows("24 papers", "Appeared in")
    screen.press(*"waas")
    screen.shows("21 left", "kept 2")
    screen.kill()
    with Library.open(library) as opened:
        connection = opened.reader()
        sitting = sittings.begin(connection, "new", "")
        stored = [(each.paper, each.decision) for each in sittings.decisions(connection, sitting.id)]
    # recto, started again, would continue this triage with the stored decisions.
    assert stored == [(1, "keep"), (2, "keep"), (3, "skip")]


# The keys of the decisions, repeated in this order: of five papers, one is kept ("a"), the others skipped or hidden.
DECISIONS = "ssxsa"


def real_library(folder: Path, listing: Path) -> Path:
    """The path of a library with the papers of a real listing."""
    path = folder / "real.db"
    with Library.open(path) as opened:
        list(take_in(opened, [listing], Options(today=date(2026, 11, 30))))
    return path


def check_sitting(path: Path, count: int) -> None:
    """Check the marks in the library at `path` after DECISIONS were applied in triage to `count` papers."""
    with Library.open(path) as opened:
        statuses = opened.reader().execute("SELECT status, count(*) FROM mark GROUP BY status ORDER BY status")
        assert statuses.fetchall() == [("hidden", (count + 2) // 5), ("seen", count - (count + 2) // 5)]


async def test_a_sitting_over_a_real_listing_takes_one_key_for_each_paper(
    reader: OpenReader, listings: Path, tmp_path: Path
) -> None:
    path, count = real_library(tmp_path, listings / "arxiv-email/browse-astro-ph-new.txt"), 97
    async with reader((80, 24), library=path) as screen:
        keys = ["2", "w", *itertools.islice(itertools.cycle(DECISIONS), count)]
        assert len(keys) <= 1.2 * count
        await screen.type("".join(keys))
        await screen.sees(f"{count} decisions", f"{count // 5} kept")
        await screen.press("enter")
        assert screen.where == "All"
    check_sitting(path, count)


@pytest.mark.faults
@pytest.mark.parametrize(("source", "count"), [("arxiv-email/browse-astro-ph-new.txt", 97), ("hf-text", 286)])
def test_a_sitting_is_as_fast_as_a_terminal_can_send_keys(
    terminal: OpenTerminal, listings: Path, tmp_path: Path, source: str, count: int
) -> None:
    """No key is lost, and no key decides twice on a paper."""
    path = real_library(tmp_path, listings / source)
    screen = terminal(library=path)
    screen.shows(f"{count} papers" if count == 97 else "papers")
    screen.press("2", "w", *itertools.islice(itertools.cycle(DECISIONS), count))
    screen.shows(f"{count} decisions", f"{count // 5} kept")
    screen.press("enter")
    screen.shows("All")
    check_sitting(path, count)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 50), (20, 5)])
async def test_a_sitting_fits_every_size(reader: OpenReader, size: tuple[int, int]) -> None:
    async with reader(size) as screen:
        await screen.press("w")
        await screen.sees("24 left")
        assert all(len(line) <= size[0] for line in screen.lines)
        await screen.type("asx")
        await screen.sees("21 left")
        await screen.press("v")
        await screen.sees("3 decisions")
        await screen.press("enter")
        await screen.resize(100, 30)
        await screen.sees("21 left", TITLES[3])


async def test_a_wide_screen_shows_the_last_decisions_and_the_papers_to_come(reader: OpenReader) -> None:
    async with reader((200, 50)) as screen:
        await begin(screen)
        await screen.sees("─ Next ")
        assert "─ Decided" not in screen.text
        await screen.press("a")
        await screen.sees("─ Decided ", f"kept        {TITLES[0]}")
        await screen.press("x")
        await screen.sees(f"hid         {TITLES[1][:36]}")
        below = screen.text.partition("─ Next ")[2]
        assert TITLES[2] not in below and TITLES[4] in below
        await screen.press("u")
        await screen.until(lambda: "hid  " not in screen.text, "the decision is taken back")
        await screen.resize(120, 36)
        assert "─ Next " not in screen.text


async def test_a_high_screen_previews_the_next_paper_below(reader: OpenReader) -> None:
    async with reader((200, 50)) as screen:
        await begin(screen)
        for number in range(3):
            await screen.until(
                lambda: "─ The next paper ─" in "".join(screen.lines[24:30]), "the lower half has a heading"
            )
            assert TITLES[number] in "\n".join(line[:140] for line in screen.lines[:8])
            assert TITLES[number + 1] in "\n".join(line[:140] for line in screen.lines[24:])
            await screen.press("s")
        await screen.press("r", "space", "k")
        assert TITLES[4] in "\n".join(line[:140] for line in screen.lines[24:])
        await screen.resize(100, 30)
        await screen.until(lambda: "─ The next paper ─" not in screen.text, "there is no room below")


@pytest.mark.parametrize(("width", "keys"), [(60, 7), (80, 8), (200, 11)])
async def test_the_key_that_leaves_a_sitting_is_always_shown(reader: OpenReader, width: int, keys: int) -> None:
    async with reader((width, 24)) as screen:
        await begin(screen)
        line = screen.lines[-1].rstrip()
        assert line.startswith(" a Keep") and line.endswith("? Help") and "esc Leave" in line
        assert len(re.findall(r" (?:\w|esc|\?) (?=[A-Z])", line)) == keys
