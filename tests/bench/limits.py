"""Finds out why a figure misses its goal, and returns it as text.

The text is based on a profile made during the benchmark.
"""

from __future__ import annotations

import pstats
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

from tests.bench.figures import Figure, number, percentile
from tests.bench.libraries import ROOT, import_command, scratch

_IMPORTED = re.compile(r"import time:\s*(\d+) \|\s*\d+ \| +(\S+)")
# The modules that recto imports before it can handle the first key.
_READER = (
    "import tui.__main__, tui.startup.splash, tui.cli.exit_codes, tui.startup.open_reader\n"
    "import tui.settings.config, tui.settings.session, tui.startup.handover"
)
_TEXTUAL = ("textual", "rich", "markdown_it", "pygments", "asyncio", "linkify_it", "mdit_py_plugins")
_OWN = ("store", "tui")
# An import is profiled while this many papers are imported.
_PROFILED = 5_000
# The part of an import to which the functions of a module belong, by the start of the module's path in store/. The
# functions of all other modules prepare papers.
PARTS = (
    ("formats/", "reading"), ("importing/stream.py", "reading"), ("text/tex", "reading"), ("text/clean.py", "cleaning"),
    ("search/", "indexing"), ("papers/searchable.py", "indexing"), ("papers/stored_papers.py", "SQLite"),
    ("library/", "SQLite"),
)  # fmt: skip
_READY, _REST = "making ready", "start and the rest"


def explained(figure: Figure, limit: Callable[[], str]) -> Figure:
    """`figure`, unchanged if it reaches its goal. If not, the text that `limit` returns is added to its note."""
    if figure.reached is not False:
        return figure
    return replace(figure, note="; ".join(part for part in (figure.note, f"limit: {limit()}") if part))


def of_a_start(milliseconds: float) -> str:
    """A text about the parts of a start that took this long (ms): importing Textual, importing recto, and the rest."""
    textual, own, rest = _imports()
    drawn = max(0.0, milliseconds - textual - own - rest)
    return (
        f"importing Textual {number(textual)} ms, recto {number(own)}, what else there is {number(rest)};"
        f" first layout and echo {number(drawn)}"
    )


def of_a_key(share: float, store: Sequence[float], echo: Sequence[float]) -> str:
    """A text about the parts of the time after a key (ms): the search, Textual's own part, and drawing."""
    return (
        f"the store answers in {number(percentile(store, share))} ms, Textual's echo takes"
        f" {number(percentile(echo, share))}; the rest is laying out and painting list, counts and detail"
    )


@cache
def of_an_import(snapshot: Path) -> str:
    """The processor time of each part of an import (µs per paper), by a profile of the first papers of `snapshot`."""
    with scratch() as folder:
        some, profile = folder / "some.json", folder / "profile"
        with snapshot.open("rb") as lines:
            some.write_bytes(b"".join(islice(lines, _PROFILED)))
        python, *rest = import_command(folder / "library.db", some)
        command = [python, "-m", "cProfile", "-o", str(profile), *rest]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        parts: dict[str, float] = {}
        for part, seconds in _shares(pstats.Stats(str(profile))):
            parts[part] = parts.get(part, 0.0) + seconds
    dearest = sorted(parts.items(), key=lambda each: -each[1])
    said = ", ".join(f"{part} {seconds / _PROFILED * 1e6:.0f}" for part, seconds in dearest)
    return f"processor time, µs per paper under a profile of {_PROFILED:,}: {said}"


@cache
def of_the_importer() -> str:
    """A text about the memory of the import process before it reads a file (MB).

    The rest of its memory is for papers and the index.
    """
    storing, reading = (
        _held(modules)
        for modules in ("store.importing.importer, store.search.index_sync", "store.importing.worker_process")
    )
    return (
        f"{number(storing)} MB are the modules of the process that stores, {number(reading)} those of the one that"
        " reads, the rest papers on their way and the index being written"
    )


def _held(modules: str) -> float:
    program = f"import os, {modules}; from tests.bench import resident; print(resident.now(os.getpid()))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return float(run.stdout)


def _shares(profile: pstats.Stats) -> Iterator[tuple[str, float]]:
    """The seconds of each part of an import.

    The time of a function outside recto counts for the part that called it.
    """
    found: dict[tuple[str, int, str], tuple[int, int, float, float, dict[tuple[str, int, str], tuple[float, ...]]]]
    found = profile.stats  # type: ignore[attr-defined]
    for (file, _, name), (_, _, own, _, callers) in found.items():
        if part := _part(file, name):
            yield part, own
        else:
            called = [(_part(caller[0], caller[2]), numbers[2]) for caller, numbers in callers.items()]
            yield from ((part or _REST, seconds) for part, seconds in called)
            # A function without a caller in the profile belongs to no part, so its time is left out.
            yield _REST, own - sum(seconds for _, seconds in called)


def _part(file: str, name: str) -> str | None:
    """The part of an import to which a function belongs. None if it belongs to the part of its caller."""
    if "sqlite3." in name or "tantivy" in name:
        return "SQLite" if "sqlite3." in name else "indexing"
    _, inside, path = file.partition(f"{ROOT}/store/")
    if not inside:
        return None
    return next((part for start, part in PARTS if path.startswith(start)), _READY)


@cache
def _imports() -> tuple[float, float, float]:
    """How long imports take at a start (ms): of Textual, of recto and of other modules.

    Each module counts only once.
    """
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", _READER], cwd=ROOT, check=True, capture_output=True, text=True
    )
    textual = own = rest = 0.0
    for microseconds, module in _IMPORTED.findall(run.stderr):
        root = module.partition(".")[0]
        milliseconds = int(microseconds) / 1000
        if root in _OWN:
            own += milliseconds
        elif root in _TEXTUAL:
            textual += milliseconds
        else:
            rest += milliseconds
    return textual, own, rest
