"""Row 62: recto ends in any way, at any moment. The terminal is restored, and no saved mark is lost."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.search import index_sync
from tests.faults.conftest import Report
from tests.faults.test_index_kill import _listing
from tests.scenarios.terminal import PATIENCE, Terminal
from tests.scenarios.test_leaving import is_as_it_was
from tests.store.library.libraries import assert_sound
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_ROUNDS = number_of_rounds(10, 60)
# If keys had no effect, they are pressed again after this time (s).
_AGAIN_SECONDS = 30.0
_TODAY = date(2026, 7, 15)
# The keys that the test presses. None of them opens a dialog, in which the next keys would be typed as text.
_KEYS = (*"jkgGsSbadrxmuvJK<>12345678T /", "up", "down", "tab", "escape", "enter", "ctrl+d", "ctrl+u", "ctrl+r")
_KEYS += ("/bees", "/honye", "/author:lovelace", "/-sing", "/year 20")
# Texts that must not appear on the terminal, neither while recto runs nor after it has ended.
_SAID = (b"Traceback", b"Fatal", b"Exception ignored", b"panicked", b"Warning: ", b"recto stopped")
_ENDS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "q": (lambda reader: reader.press("escape", "escape", "escape", "q"), 0),
    "ctrl+c": (lambda reader: reader.press("ctrl+c"), 130),
    "SIGTERM": (lambda reader: reader.send(signal.SIGTERM), 143),
    "SIGHUP": (lambda reader: reader.send(signal.SIGHUP), 129),
    "SIGINT": (lambda reader: reader.send(signal.SIGINT), 130),
    "kill -9": (lambda reader: reader.send(signal.SIGKILL), 137),
    "its window closed": (lambda reader: reader.close(), 129),
}
# What the test does to the running import or to the index before recto ends; "" for nothing.
_HARM = ("", "", "", "its import killed", "its import stopped", "its index gone")


def _descendants(mark: str) -> list[int]:
    """The processes that have `mark` in their environment, even if their parent process has changed."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                found += [int(folder.name)] if state != "Z" else []
    return found


def _has_tag(path: Path, tag: str) -> bool:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT 1 FROM tag WHERE name = ?", (tag,)).fetchone() is not None


def _tag(reader: Terminal, tag: str) -> None:
    """Give a paper a tag that no other paper has. Returns when recto shows it, after all earlier keys were handled.

    If recto drops an earlier action, it also drops the keys that wait for it. In that case the tag is tried again.
    """
    ends = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(AssertionError):
            reader.press("escape", "escape", "escape", "escape", "2", "g", "t")
            reader.until(lambda: "Tags" in reader.text, "the dialog for tags is open", _AGAIN_SECONDS)
            reader.press(*tag, "enter")
            # The tag is drawn when it is saved. Wait for the tag and not for its message, because an older message may
            # hide the message.
            is_saved = lambda: f"#{tag}" in reader.text and "Tags" not in reader.text  # noqa: E731
            reader.until(is_saved, "the tag is saved", _AGAIN_SECONDS)
            return
        assert time.monotonic() < ends, reader.text


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes as Linux shows them")
def test_the_reader_is_left_in_any_way_at_any_moment(tmp_path: Path, report: Report) -> None:
    chance = random.Random(62)
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir()
    with Library.open(path) as library:
        list(take_in(library, [_listing(tmp_path, number) for number in range(3)], Options(today=_TODAY)))
        assert index_sync.catch_up(library)
    marks, wrong = 0, []
    for round_ in range(_ROUNDS):
        mark = f"RECTO_ROUND={os.getpid()}-{round_}"
        how = chance.choice(list(_ENDS))
        harm = chance.choice(_HARM)
        words = (
            ["read", _listing(tmp_path, 3 + round_)] if harm.startswith("its import") or chance.random() < 0.4 else []
        )
        saved = None
        with Terminal("--library", path, *words, env=dict([mark.split("=")])) as reader:
            _press(reader, chance)
            if chance.random() < 0.3:
                reader.shows(" paper")
                saved = f"round-{round_}"
                _tag(reader, saved)
                marks += 1
            _harm(harm, path, [number for number in _descendants(mark) if number != reader.process.pid])
            act, code = _ENDS[how]
            act(reader)
            ended = reader.process.wait(PATIENCE) if how == "its window closed" else reader.ends()
            if not _is_before_recto(reader.output):
                if (ended if ended >= 0 else 128 - ended) != code:
                    wrong.append(f"{round_}: {how}, {harm}: code {ended}")
                # The last line of an error report is the most useful one.
                last = re.sub(rb"\x1b[^A-Za-z]*[A-Za-z]", b"", reader.output)[-300:]
                wrong += [f"{round_}: {how}, {harm}: said {said!r} {last!r}" for said in _SAID if said in reader.output]
            if how not in ("kill -9", "its window closed") and not is_as_it_was(reader):
                wrong.append(f"{round_}: {how}, {harm}: the terminal is not as it was")
        for number in _descendants(mark):
            # Continue processes that the test stopped, so that they can end.
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGCONT)
        ends = time.monotonic() + PATIENCE
        while _descendants(mark) and time.monotonic() < ends:
            time.sleep(0.05)
        wrong += [f"{round_}: {how}, {harm}: {number} is left" for number in _descendants(mark)]
        if saved is not None and not _has_tag(path, saved):
            wrong.append(f"{round_}: {how}, {harm}: {saved} is lost")
        assert_sound(path)
    with Library.open(path) as library:
        assert index_sync.catch_up(library)
        searcher = index_sync.Snapshots(library).newest(library.reader())
        (papers,) = library.reader().execute("SELECT count(*) FROM paper").fetchone()
        assert searcher is not None and searcher.num_docs == papers
    report(62, _ROUNDS, f"{len(wrong)} wrong, {marks} marks kept {wrong[:5] or ''}".strip(), not wrong and marks > 0)


def _is_before_recto(output: bytes) -> bool:
    """Whether SIGINT ended Python while it started, before the first line of recto ran.

    Python then prints a traceback.
    """
    return b"KeyboardInterrupt" in output and b"/tui/" not in output


def _press(reader: Terminal, chance: random.Random) -> None:
    """Press random keys as fast as possible, for a random time that may be zero."""
    for _ in range(chance.choice([0, 0, 1, 4, 8])):
        reader.press(*(letter for _ in range(chance.randrange(1, 20)) for letter in _letters(chance.choice(_KEYS))))
        reader.read(chance.random() * 0.2)
    ends = time.monotonic() + chance.random() ** 3 * 2
    while time.monotonic() < ends and reader.process.poll() is None:
        reader.read(0.02)


def _letters(key: str) -> list[str]:
    return [*key, "escape"] if key.startswith("/") and len(key) > 1 else [key]


def _harm(harm: str, path: Path, children: list[int]) -> None:
    if harm == "its index gone":
        shutil.rmtree(path.with_name(f"{path.name}.index"), ignore_errors=True)
    elif harm:
        for number in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL if harm.endswith("killed") else signal.SIGSTOP)
