"""Measures triage of two real listings: the time from each deciding key to the next paper, and the number of keys."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from store.library.library import Library
from store.papers import list_rows
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.keys import echo
from tests.bench.libraries import ROOT
from tests.bench.stand import Stand
from tests.bench.terminal import Terminal
from tui.render import styled

NAME = "triage"

_LISTINGS = ROOT.parent / "shared" / "listings"
# The listings: 97 papers of an arXiv mailing, and 286 papers of copied pages of Daily Papers. If these files are
# missing, the samples are used.
_SOURCES = (_LISTINGS / "arxiv-email" / "browse-astro-ph-new.txt", _LISTINGS / "hf-text")
_SAMPLES = ROOT / "assets" / "listings"
# The keys of the decisions, repeated in this order. Most of them skip ("s") or hide ("x") the paper.
_KEYS = "ssxsalssbs"
_LIMIT_SECONDS = 30.0
# The pause after a key (s). In this time recto saves the decision and prepares the page of the paper after the next.
_PAUSE_SECONDS = 0.08
# At least this many characters of a title are on its first line on the benchmark's terminal.
_START_OF_TITLE = 30
_GOALS = {"p50": 25.0, "p99": 50.0}
_MOST_KEYS = 1.2


def measure(stand: Stand) -> Iterator[Figure]:
    """The times from each key to the next paper, compared with the echo of Textual's Input, and the keys per paper."""
    with TemporaryDirectory() as folder:
        library = Path(folder) / "library.db"
        titles = _imported(library)
        durations, keys = _sitting(library, titles)
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        yield Figure(
            name=f"triage: key to the next paper, {label}",
            at=len(titles),
            figure=percentile(durations, share),
            unit="ms",
            goal=_GOALS[label],
            yardsticks=(Yardstick("Textual Input's echo", percentile(echo(stand.effort), share)),),
            note=f"{len(durations)} keys, worst {max(durations):.0f} ms",
        )
    yield Figure(
        name="triage: keys per paper",
        at=len(titles),
        figure=keys / len(titles),
        unit="keys",
        goal=_MOST_KEYS,
        note="with those that begin and end the sitting",
    )


def _imported(library: Path) -> list[str]:
    """Import the listings. Returns the beginnings of the titles of their papers, in the order of the triage."""
    sources = _SOURCES if all(path.exists() for path in _SOURCES) else (_SAMPLES,)
    command = [sys.executable, "-P", "-m", "tui", "import", "--library", str(library), *map(str, sources)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with Library.open(library) as opened:
        ids = Search(opened).answer(View("all"), parse("", date.today())).ids
        rows = list_rows.read(opened.reader(), ids[:])
    return [styled.title(row.title)[:_START_OF_TITLE] for row in rows]


def _sitting(library: Path, titles: Sequence[str]) -> tuple[list[float], int]:
    """Decide on every paper. Returns the time from each key to the next paper (ms), and the number of keys pressed."""
    durations: list[float] = []
    command = [sys.executable, "-P", "-m", "tui", "--library", str(library)]
    with Terminal(command, cwd=ROOT) as terminal:
        terminal.read_until(_shows("papers"), limit=_LIMIT_SECONDS)
        terminal.read(quiet=0.5, limit=3)
        # Open the view of all papers, because papers of listings without a day are not in the view of new papers.
        terminal.send("2")
        terminal.read(quiet=0.5, limit=3)
        terminal.send("w")
        terminal.read_until(_shows("left"), limit=_LIMIT_SECONDS)
        terminal.read(quiet=0.3, limit=2)
        for key, title in zip(itertools.cycle(_KEYS), titles[1:], strict=False):
            sent = terminal.send(key)
            chunks = terminal.read_until(_shows(title), limit=_LIMIT_SECONDS)
            durations.append((chunks[-1].at - sent) * 1000)
            terminal.read(quiet=_PAUSE_SECONDS, limit=_PAUSE_SECONDS)
        terminal.send("s")
        terminal.read_until(_shows("decisions"), limit=_LIMIT_SECONDS)
        terminal.send("\r")
    # Four more keys are not measured: two begin the triage, one decides on the last paper, and one closes the summary.
    return durations, len(durations) + 4


def _shows(text: str) -> Callable[[bytes], bool]:
    """A function that returns whether output contains `text`."""
    wanted = text.encode()
    return lambda seen: wanted in seen
