"""Uses the running program without a pause, as a user would, and measures its memory, its open files and the WAL.

    python -m tests.faults.soak [--minutes NUMBER] [--file FILE]

Runs recto for an hour and prints one line for each minute. With --file, each sample (all measurements at one time) is
also written as a line of JSON. `tests/faults/test_soak.py` uses recto in the same way for a shorter time.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.search import index_sync
from store.texts import text_store
from tests.bench.resident import descendants
from tests.faults.test_index_kill import _listing as write_listing
from tests.scenarios.terminal import Terminal
from tests.store.texts.pages import MARKDOWN

_LISTINGS, _TEXTS = 6, 8
_TODAY = date(2026, 7, 15)
_IMPORT_SECONDS = 8.0
# The time between two keys (s).
_KEY_SECONDS = 0.1
_FILTERS = ("bees", "honey of", "author:lovelace", "-sing", "year:2024 bees", "hony", '"bees that sing"', "is:queued")
_LIST_KEYS = (*"jjjjkkbbdxTGgmar", "u", "ctrl+r", "ctrl+d", "ctrl+u", "2", "4", "1", "s", "s", "*4", "*0")
_PAPER_KEYS = ("j", "j", "ctrl+d", "k", "b", "a", "\x1b[C", "\x1b[D")
_TEXT_KEYS = ("j", "ctrl+d", "ctrl+d", "space", "]", "]", "[", "ctrl+u", "G", "g", "t")
# Each group of keys opens a dialog or a screen, uses it, and closes it. If it stays open, the key escape after the
# group closes it.
_DIALOGS = (
    ("?", "j", "j"),
    ("ctrl+p", *"calen"),
    ("D", "j", "escape"),
    ("t", *"bee", "enter"),
    ("n", *"a note", "ctrl+s"),
    ("%", "ctrl+d"),
    ("L", "j"),
    ("v", "j", "j", "b"),
    ("w", *"jbk"),
    ("=", "j"),
    ("#",),
)


class Sample(NamedTuple):
    """Measurements of a running recto at the time `at` (s).

    `memory` is its memory without mapped files, `resident` is all of its memory, `children` is the memory of all its
    child processes, and `wal` is the size of the WAL (MiB each). `files` and `threads` are the numbers of its open
    files and of its threads.
    """

    at: float
    memory: float
    resident: float
    files: int
    threads: int
    children: float
    wal: float


def _status(process: int) -> dict[str, int]:
    """The numbers in /proc/PID/status by their names: sizes in KiB, and counts."""
    lines = (line.split() for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def _sample(process: int, library: Path, began: float) -> Sample:
    status = _status(process)
    children, wal = 0, 0
    for child in descendants(process):
        with contextlib.suppress(OSError):
            children += _status(child).get("RssAnon", 0)
    with contextlib.suppress(FileNotFoundError):
        wal = Path(f"{library}-wal").stat().st_size
    return Sample(
        round(time.monotonic() - began, 1),
        round(status["RssAnon"] / 1024, 1),
        round(status["VmRSS"] / 1024, 1),
        sum(1 for _ in Path(f"/proc/{process}/fd").iterdir()),
        status["Threads"],
        round(children / 1024, 1),
        round(wal / 2**20, 2),
    )


class Soak:
    """A running recto that is used without a pause.

    `imports` is the number of listings that were put into its inbox.
    """

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.library, self._inbox, self._folder, self._chance = folder / "library.db", folder / "inbox", folder, chance
        self.imports = self.actions = 0
        with Library.open(self.library) as library:
            listings = [write_listing(folder, number) for number in range(_LISTINGS)]
            list(take_in(library, listings, Options(today=_TODAY)))
            for number in range(1, _TEXTS + 1):
                text = MARKDOWN + "".join(f"\n## Part {part}\n\n" + "All cranes fly. " * 90 for part in range(40))
                text_store.attach(library, number, io.BytesIO(f"{text}\n{number}\n".encode()), "cranes.md")
            assert index_sync.catch_up(library)

    def samples(self, seconds: float, every: float) -> Iterator[Sample]:
        """Use recto for `seconds`, and yield a sample after each `every` seconds."""
        next_import = next_sample = 0.0
        with Terminal("--library", self.library) as reader:
            reader.shows(" paper")
            began = time.monotonic()
            while (now := time.monotonic() - began) < seconds:
                self._act(reader)
                # The terminal stores all output. It would be a gigabyte in the end, so remove it.
                reader.output = b""
                assert reader.process.poll() is None, reader.text
                if now > next_import:
                    self._import()
                    next_import = now + _IMPORT_SECONDS
                if now > next_sample:
                    yield _sample(reader.process.pid, self.library, began)
                    next_sample = now + every

    def _import(self) -> None:
        """Import papers that the library already has, with other abstracts: the library changes, but does not grow."""
        new = write_listing(self._folder, self.imports % _LISTINGS)
        new.write_text(new.read_text("utf-8").replace("what it can", f"what it can {self.imports}"), "utf-8")
        new.rename(self._inbox / f"{self.imports}.bib")
        self.imports += 1

    def _act(self, reader: Terminal) -> None:
        """Do one thing that a user does: a filter and marks, a paper, its full text, or a dialog."""
        chance = self._chance
        choice = chance.random()
        keys: tuple[str, ...]
        if choice < 0.6:
            keys = (*(["/", *chance.choice(_FILTERS), "enter"] if chance.random() < 0.5 else []),
                    *chance.choices(_LIST_KEYS, k=8))  # fmt: skip
        elif choice < 0.75:
            keys = ("enter", *chance.choices(_PAPER_KEYS, k=6))
        elif choice < 0.85:
            keys = ("2", "/", *"has:text", "enter", *("j",) * chance.randrange(_TEXTS), "V",
                    *chance.choices(_TEXT_KEYS, k=8), "escape", "escape")  # fmt: skip
        else:
            keys = chance.choice(_DIALOGS)
        for key in (*keys, "escape", "escape", "escape"):
            reader.press(" " if key == "space" else key)
            reader.read_for(_KEY_SECONDS)
        self.actions += 1


def _line(samples: list[Sample], soak: Soak) -> str:
    """The line that is printed for a minute."""
    memory = [each.memory for each in samples]
    last = samples[-1]
    return (
        f"minute {last.at / 60:4.1f} · memory {min(memory):.0f}–{max(memory):.0f} MiB · files {last.files}"
        f" · threads {last.threads} · children up to {max(each.children for each in samples):.0f} MiB"
        f" · WAL up to {max(each.wal for each in samples):.1f} MiB · {soak.actions} actions, {soak.imports} imports"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Use the reader without a pause, and measure its memory.")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--file", type=Path, help="write each sample here, as a line of JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recto-soak-") as folder, contextlib.ExitStack() as stack:
        output = stack.enter_context(chosen.file.open("w", buffering=1)) if chosen.file else None
        soak = Soak(Path(folder), random.Random(58))
        minute: list[Sample] = []
        for sample in soak.samples(chosen.minutes * 60, 10.0):
            if output:
                output.write(json.dumps(sample._asdict()) + "\n")
            minute.append(sample)
            if len(minute) == 6:
                print(_line(minute, soak), flush=True)
                minute.clear()


if __name__ == "__main__":
    main()
