"""Measures how a listing file of each format is parsed without storing it: entries per second, and the peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path

from store.formats.registry import named
from tests.bench import arxiv_files, json_files, reference_files
from tests.bench.corpus import MadePaper, papers
from tests.bench.figures import Figure, Yardstick
from tests.bench.libraries import ROOT, scratch
from tests.bench.listings import daily_page, snapshot_line
from tests.bench.stand import Stand
from tests.bench.submissions import LAST_DAY
from tests.store.formats.samples import SAMPLES, Sample

NAME = "formats"

# The number of entries in a file. It is multiplied by the option for effort on the command line.
_ENTRIES = 2_000


@dataclass(frozen=True)
class Kind:
    """A kind of listing file: the name of its format in recto, its file name, and the function that writes it.

    `alone` is the yardstick: the name of the library that parses such a file (see tests/bench/reading.py). `is_sample`
    is true for a file that repeats the papers of tests/store/formats/samples.py.
    """

    format: str
    file: str
    write: Callable[[Iterable[MadePaper]], Iterator[str]]
    alone: str | None = None
    said: str = ""
    is_sample: bool = False

    @property
    def name(self) -> str:
        return f"{self.format}{f' ({self.said})' if self.said else ''}"


def _snapshot(made: Iterable[MadePaper]) -> Iterator[str]:
    return (snapshot_line(paper) + "\n" for paper in made)


def _copied_page(made: Iterable[MadePaper]) -> Iterator[str]:
    yield daily_page(list(made), LAST_DAY, "bylines")


def _of_samples(others: tuple[Kind, ...]) -> Iterator[Kind]:
    """A kind for each format that is missing in `others`: its file repeats the sample of the format."""
    for name in sorted(SAMPLES.keys() - {kind.format for kind in others}):
        yield Kind(name, named(name).EXAMPLE, partial(_repeated, SAMPLES[name]), is_sample=True)


def _repeated(sample: Sample, made: Iterable[MadePaper]) -> Iterator[str]:
    yield sample.text(sum(1 for _ in made))


_WRITTEN = (
    Kind("arxiv-snapshot", "arxiv-metadata-oai-snapshot.json", _snapshot, "json"),
    Kind("arxiv-email", "arxiv-daily.eml", arxiv_files.mailing, "email.parser", "a day's mail"),
    Kind("arxiv-email", "arxiv-month.txt", arxiv_files.month_list, "email.parser", "a month's list"),
    Kind("arxiv-atom", "arxiv-query.xml", arxiv_files.atom),
    Kind("arxiv-rss", "cs.LG.rss", arxiv_files.rss),
    Kind("arxiv-oai-pmh", "arxiv-oai.xml", arxiv_files.oai),
    Kind("hf-text", "daily-papers.txt", _copied_page),
    Kind("hf-json", "daily_papers.json", json_files.daily_papers),
    Kind("hf-html", "Daily Papers - Hugging Face.html", json_files.daily_page),
    Kind("bibtex", "references.bib", reference_files.bibtex, "bibtexparser"),
    Kind("ris", "citations.ris", reference_files.ris),
    Kind("refworks", "refworks-export.txt", reference_files.refworks),
    Kind("wos", "savedrecs.txt", reference_files.web_of_science),
    Kind("csl-json", "library.json", json_files.csl),
    Kind("csv", "papers.csv", reference_files.table),
    Kind("endnote-xml", "endnote-library.xml", reference_files.endnote),
    Kind("endnote-tagged", "endnote.enw", reference_files.endnote_tagged),
    Kind("nbib", "pubmed-set.nbib", reference_files.nbib),
    Kind("pubmed", "pubmed-set.xml", reference_files.pubmed),
    Kind("zotero-rdf", "library.rdf", reference_files.zotero),
    Kind("crossref", "crossref-works.json", json_files.crossref),
    Kind("openalex", "openalex-works.json", json_files.openalex),
    Kind("semantic-scholar", "semantic-scholar-search.json", json_files.semantic_scholar),
    Kind("papers-with-code", "links-between-papers-and-code.json", json_files.papers_with_code),
    Kind("recto", "recto-export.jsonl", json_files.recto),
)
KINDS = (*_WRITTEN, *_of_samples(_WRITTEN))


def measure(stand: Stand) -> Iterator[Figure]:
    """The figures of each format, compared with a library that parses the same file, if there is one.

    Each file is parsed in a separate process.
    """
    # The size of the files does not depend on the size of the library.
    yield from _measured(stand.rounds(_ENTRIES))


def made(count: int) -> list[MadePaper]:
    """This many papers of a large generated corpus, taken from those with new-style arXiv ids ("2401.00001")."""
    return list(islice(papers(100 * count), count))


@cache
def _measured(count: int) -> list[Figure]:
    figures: list[Figure] = []
    some = made(count)
    with scratch() as folder:
        for kind in KINDS:
            path = folder / kind.file
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(kind.write(some))
            own, alone = _read(kind.format, path), _read(kind.alone, path) if kind.alone else None
            path.unlink()
            figures.append(
                Figure(
                    name=f"reading {kind.name}",
                    at=count,
                    figure=own.rate,
                    unit="entries/s",
                    yardsticks=(Yardstick(f"{kind.alone} alone", alone.rate),) if alone else (),
                    note=f"{own.entries:,} entries, {own.megabytes:.1f} MB; {_memory(own)}",
                )
            )
            if alone:
                figures.append(
                    Figure(
                        name=f"peak memory, reading {kind.name}",
                        at=count,
                        figure=own.peak,
                        unit="MB",
                        yardsticks=(Yardstick(f"{kind.alone} alone", alone.peak),),
                        note=_memory(own),
                    )
                )
    return figures


@dataclass(frozen=True)
class _Reading:
    """The result of parsing a file: entries, seconds, and the resident memory before it and at its peak (MB)."""

    entries: int
    seconds: float
    before: float
    peak: float
    megabytes: float

    @property
    def rate(self) -> float:
        return self.entries / self.seconds


def _memory(reading: _Reading) -> str:
    return f"peak memory {reading.peak:.0f} MB, {reading.peak - reading.before:.1f} more than before it began"


def _read(reader: str, path: Path) -> _Reading:
    """Parse a file in a separate process. Raises CalledProcessError if that fails."""
    command = [sys.executable, "-m", "tests.bench.reading", reader, str(path)]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return _Reading(**json.loads(run.stdout), megabytes=path.stat().st_size / 1e6)
