"""The main job, on the real program in a terminal: from a listing in the inbox to a queue that outlives a kill."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import Terminal

# The colour of the cursor's line in the dark theme, and of its line in a pane that has not the focus.
_CURSOR = ("2f3b4a", "262a31")


def cursor(screen: Terminal) -> tuple[int, str]:
    """The line of the screen that the cursor is on, and the paper there."""
    for number, line in enumerate(screen.lines):
        if screen.style(6, number).bg in _CURSOR:
            return number, line[5:].split("│")[0].rstrip("▁▂▃▄▅▆▇█… ")
    raise AssertionError(f"no line has the cursor:\n{screen.text}")


def test_from_the_inbox_to_a_queue_that_outlives_a_kill(terminal: OpenTerminal, inbox: Path) -> None:
    screen = terminal(size=(100, 24))
    screen.shows("24 papers", "30 Sep 2025")
    # Somewhere in the middle of a list that is scrolled.
    screen.press("2", "G", *"kkkk")
    screen.until(lambda: cursor(screen)[1].startswith("Knitting Patterns"), "the cursor is in the middle")
    chosen, above = cursor(screen), screen.lines[1:20]

    # A listing lands: it is read by itself, and nothing moves.
    papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
    screen.shows("papers-2025-11-21.txt: 2 new, 1 known", "26 papers")
    assert cursor(screen) == chosen
    assert [line[:44] for line in screen.lines[1:18]] == [line[:44] for line in above[:17]]

    # A paper is found by its title with three letters wrong, bookmarked and queued, and so are two others.
    screen.press("/", *"avalnche warnimgs infrasond")
    screen.shows("1 paper, spelling corrected", "Avalanche Warnings by Infra")
    screen.press("enter", "b")
    screen.shows("●★   Avalanche")
    screen.press("a")
    screen.shows("●★ 1 Avalanche")
    screen.press("escape")
    screen.shows("26 papers")
    screen.press("g", "j", "a")
    screen.shows("●  2 Snowflake")
    screen.press("j", "a")
    screen.shows("●  3 Persimmon")

    # The queue gets another order.
    screen.press("3")
    screen.shows("3 papers")
    screen.press("g", "J", "J", "K")
    screen.until(lambda: screen.lines[1].startswith("●  1 Snowflake"), "the first has gone down")
    screen.until(lambda: screen.lines[2].startswith("●★ 2 Avalanche"), "and up again")
    screen.shows("●  3 Persimmon")
    screen.press("s", ">", ">")
    screen.shows("Queue · by date")
    screen.until(lambda: screen.lines[1].index("│") == 55, "the list is wider")

    # Where the reader is gets written down a second after the last key; then the power goes.
    screen.until(lambda: saved(terminal.library), "where the reader is has been saved")
    screen.kill()

    screen = terminal(size=(100, 24))
    screen.shows("Queue · by date", "3 papers")
    screen.until(lambda: "Received" in screen.text, "the paper")
    # By date the first is Avalanche, whose place in the queue is the second.
    assert [line[:14] for line in screen.lines[1:4]] == ["●★ 2 Avalanche", "●  1 Snowflake", "●  3 Persimmon"]
    assert cursor(screen) == (1, "Avalanche Warnings by Infrasound")
    assert screen.lines[1].index("│") == 55
    screen.press("4")
    screen.shows("Bookmarks", "1 paper")
    screen.press("q")
    assert screen.ends() == 0


def saved(library: Path) -> bool:
    """Whether the session on the disk is that of the queue sorted by date, in a wider list."""
    with sqlite3.connect(library) as connection:
        row = connection.execute("SELECT value FROM setting WHERE key = 'session'").fetchone()
    connection.close()
    found = json.loads(row[0]) if row else {}
    return (found.get("view"), found.get("sort"), found.get("list_share")) == ("queue", "date", 55)


def test_a_mark_is_on_the_disk_when_the_screen_says_so(terminal: OpenTerminal) -> None:
    for key, said in (("b", "●★   "), ("a", "●★ 1 "), ("r", "◐★ 1 ")):
        screen = terminal()
        screen.shows("24 papers", "Appeared in")
        screen.press(key)
        screen.shows(said + "Persimmon")
        screen.kill()
    screen = terminal()
    screen.until(lambda: screen.lines[1].startswith("◐★ 1 Persimmon"), "all three marks")
