"""The main use of recto, in a real terminal: from a listing in the inbox to a reading queue that survives a kill."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.scenarios import papers
from tests.scenarios.conftest import OpenTerminal
from tests.scenarios.terminal import Terminal

# The colours of the cursor's line in the dark theme: with the focus and without it.
_CURSOR = ("2f3b4a", "262a31")


def cursor(screen: Terminal) -> tuple[int, str]:
    """The index of the screen line with the cursor, and the title of its paper."""
    for number, line in enumerate(screen.lines):
        if screen.style(6, number).bg in _CURSOR:
            return number, line[4:].split("│")[0].rstrip("▁▂▃▄▅▆▇█… ").lstrip(" 0123456789")
    raise AssertionError(f"no line has the cursor:\n{screen.text}")


def test_from_the_inbox_to_a_queue_that_survives_a_kill(terminal: OpenTerminal, inbox: Path) -> None:
    screen = terminal(size=(100, 24))
    screen.shows("24 papers", "30 Sep 2025")
    # Scroll the list and put the cursor in the middle of the screen, where a move of the list would be noticed.
    screen.press("2", "G", *"kkkk")
    screen.until(lambda: cursor(screen)[1].startswith("Knitting Patterns"), "the cursor is in the middle")
    screen.shows("Fair Queues for Shared", "Ambient Occlusion for Blind")
    chosen, above = cursor(screen), screen.lines[2:20]

    # A listing is put into the inbox: it is imported, and the list does not move.
    papers.write(inbox, papers.WINTER, papers.WINTER_DAY)
    # Wait for the message first, because it may disappear before the new count is shown.
    screen.shows("papers-2025-11-21.txt: 2 new, 1 known")
    screen.shows("26 papers")
    assert cursor(screen) == chosen
    assert [line[:44] for line in screen.lines[2:18]] == [line[:44] for line in above[:16]]

    # Find a paper by its title with three wrong letters, bookmark it and queue it. Do this with two more papers.
    screen.press("/", *"avalnche warnimgs infrasond")
    screen.shows("1 paper, spelling corrected", "Avalanche Warnings by Infra")
    screen.press("enter", "b")
    screen.shows("●★ Avalanche")
    screen.press("a")
    screen.shows("q1")
    screen.press("escape")
    screen.shows("26 papers")
    screen.press("g", "j", "a")
    screen.shows("q2")
    screen.press("j", "a")
    screen.shows("q3")

    # Change the order of the queue.
    screen.press("3")
    screen.shows("3 papers")
    screen.press("g", "J", "J", "K")
    screen.until(lambda: "●   1 Snowflake" in screen.lines[2], "the first paper has moved down")
    screen.until(lambda: "●★  2 Avalanche" in screen.lines[4], "the second paper has moved up")
    screen.shows("●   3 Persimmon")
    screen.press("s", ">", ">")
    screen.shows("Queue", "by date")
    screen.until(lambda: screen.lines[2].index("│") == 55, "the list is wider")

    # The session is saved a second after the last key; then recto is killed.
    screen.until(lambda: saved(terminal.library), "the session is saved")
    screen.kill()

    screen = terminal(size=(100, 24))
    screen.shows("Queue", "by date", "3 papers")
    screen.until(lambda: "Received" in screen.text, "the paper")
    # Avalanche is the first paper when the queue is sorted by date, and the second in the order of the queue.
    assert [line[1:16] for line in screen.lines[2:8:2]] == ["●★  2 Avalanche", "●   1 Snowflake", "●   3 Persimmon"]
    assert cursor(screen) == (2, "Avalanche Warnings by Infrasound")
    screen.until(lambda: screen.lines[2].index("│") == 55, "the list is as wide as before")
    screen.press("4")
    screen.shows("Bookmarks", "1 paper")
    screen.press("q")
    assert screen.ends() == 0


def saved(library: Path) -> bool:
    """Whether the stored session contains the view of the queue, sorted by date, and a wider list."""
    with sqlite3.connect(library) as connection:
        row = connection.execute("SELECT value FROM setting WHERE key = 'session'").fetchone()
    connection.close()
    found = json.loads(row[0]) if row else {}
    return (found.get("view"), found.get("sort"), found.get("list_share")) == ("queue", "date", 55)


def test_a_mark_is_on_the_disk_when_the_screen_shows_it(terminal: OpenTerminal) -> None:
    for key, signs in (("b", "●★ "), ("a", "●★ "), ("r", "◐★ ")):
        screen = terminal()
        screen.shows("papers", "Appeared in")
        # A paper with a mark is not new any more, so the view of new papers does not contain it.
        screen.press("2")
        screen.shows("24 papers", "Persimmon Orchards")
        screen.press("g", key)
        screen.shows(signs + "Persimmon", *(["q1"] if key != "b" else []))
        screen.kill()
    screen = terminal()
    screen.shows("papers", "Appeared in")
    screen.press("2")
    screen.until(lambda: "◐★ Persimmon" in screen.text and "q1" in screen.text, "all three marks")
