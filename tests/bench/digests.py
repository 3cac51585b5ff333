"""Measures the time of the command `recto digest` for a day with 40 new papers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.corpus import papers
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.libraries import ROOT, import_into
from tests.bench.listings import daily_page
from tests.bench.stand import Stand
from tests.bench.submissions import LAST_DAY
from tests.bench.timing import duration

NAME = "digest"

_RECTO = [sys.executable, "-P", "-m", "tui"]
_PAPERS, _SEED = 40, 40
_ROUNDS = 7
_GOAL = 300.0


def measure(stand: Stand) -> Iterator[Figure]:
    """The time of `recto digest` for each output format that is an HTML page or an e-mail.

    The yardstick is the time of `recto --version`.
    """
    with TemporaryDirectory() as folder:
        library, page = Path(folder) / "library.db", Path(folder) / "daily.txt"
        page.write_text(daily_page(list(papers(_PAPERS, _SEED)), LAST_DAY, "bylines"), "utf-8")
        import_into(library, page)
        version = _milliseconds([*_RECTO, "--version"], stand.rounds(_ROUNDS))
        for format in ("terminal", "html", "eml"):
            command = [*_RECTO, "--library", str(library), "digest", "--format", format]
            durations = _milliseconds(command, stand.rounds(_ROUNDS))
            yield Figure(
                name=f"digest of {_PAPERS} papers, {format}",
                at=_PAPERS,
                figure=percentile(durations, 0.5),
                unit="ms",
                goal=_GOAL,
                yardsticks=(Yardstick("recto --version", percentile(version, 0.5)),),
                note=f"worst {max(durations):.0f} ms",
            )


def _milliseconds(command: Sequence[str], rounds: int) -> list[float]:
    def run() -> None:
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    return [duration(run) for _ in range(rounds)]
