"""recto runs twice on one library: each running program shows the changes of the other."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader, OpenTerminal
from tests.scenarios.reader import Reader
from tests.scenarios.terminal import run

# A change of the other program is on the screen after this time (s); on a busy machine it may take longer.
_SOON = 2.0
_BUSY = 4.0


async def shows_no(screen: Reader, title: str) -> None:
    await screen.until(lambda: title not in screen.titles, f"{title} has gone")


def test_a_mark_of_one_reader_appears_in_the_other(terminal: OpenTerminal) -> None:
    one = terminal()
    one.shows("24 papers", "Appeared in")
    other = terminal()
    other.shows("24 papers", "Appeared in", "another recto is open")
    one.press("2", "b")
    other.press("2")
    one.shows("●★ Persimmon")
    other.until(lambda: "●★ Persimmon" in other.text and "★ bookmarked" in other.text, "the mark", _SOON + _BUSY)
    other.press("j", "a")
    other.shows("q1")
    one.until(lambda: "q1" in one.text, "the queue", _SOON + _BUSY)
    # The first program is killed. The second one still works.
    one.kill()
    other.press("j", "a")
    other.shows("q2")


async def test_the_reader_shows_the_effect_of_a_command_within_two_seconds(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        await screen.press("j", "3")
        assert screen.titles == []
        assert run("--library", library, "mark", "2", "--queue", "--tag", "fish").returncode == 0
        seconds = await screen.until(lambda: screen.titles and screen.count_of("#fish") == 1, "the mark")
        assert seconds < _SOON
        assert screen.titles == ["Hydrofoil Control by Reinforcement Learning"]


async def test_the_readers_own_changes_do_not_hide_those_of_others(reader: OpenReader, library: Path) -> None:
    async with reader() as screen:
        for number in (8, 9, 10):
            title = papers.AUTUMN[number - 1].title
            assert title in screen.titles
            assert run("--library", library, "mark", str(number), "--status", "hidden").returncode == 0
            # recto also writes its own marks and its session while the other process writes.
            await screen.press("m", "j")
            await shows_no(screen, title)
