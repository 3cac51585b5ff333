"""Real bibliography programs (biber, BibTeX and pandoc) read every exported entry, if they are installed."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.exporting.formats import BY_NAME, Options
from store.importing.importer import Options as ImportOptions
from store.importing.sources import take_in
from store.library.library import Library
from store.model.paper import Author, Paper
from tests.store.exporting.samples import exported
from tests.tui import samples
from tests.tui.processes import ran

pytestmark = pytest.mark.faults

# Signs that have a meaning in TeX or BibTeX, letters, and letters of other scripts.
_SIGNS = "{}$\\%#&_^~\"'@=,-. "
_LETTERS = "aBcé中ßΩ🙂"


def hostile_text(chance: random.Random) -> str:
    """Up to 60 signs and letters, some of which form TeX commands."""
    pieces = (*_SIGNS, *_LETTERS, "\\begin", "\\end{document}", "\\verb|", "@article{x,", "and ", "$$", "\\(")
    return "x" + "".join(chance.choices(pieces, k=chance.randrange(60)))


def hostile_paper(chance: random.Random) -> Paper:
    """A paper in which every text is hostile."""
    return Paper(
        title=hostile_text(chance),
        authors=tuple(Author(hostile_text(chance)) for _ in range(chance.randrange(1, 4))),
        abstract=hostile_text(chance),
        venue=hostile_text(chance) if chance.random() < 0.5 else None,
        published=date(2024, 6, 1),
        doi="10.1000/a_b%c" if chance.random() < 0.5 else None,
    )


@pytest.fixture(scope="module")
def papers(listings: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A library with the papers of all real listings."""
    path = tmp_path_factory.mktemp("bibliography") / "library.db"
    with Library.open(path) as library:
        for _ in take_in(library, sorted(listings.glob("*/*")), ImportOptions(today=date(2026, 7, 15))):
            pass
    yield path


def needed(program: str) -> str:
    """The path of a program. The test is skipped if the program is not installed."""
    return shutil.which(program) or pytest.skip(f"{program} is not installed")


def run_biber(file: Path, *options: str) -> None:
    """Fail unless biber reads every entry of `file` without an error or a warning."""
    done = subprocess.run(
        [needed("biber"), "--tool", *options, "--nolog", "--output-file", str(file.with_suffix(".out")), str(file)],
        capture_output=True,
        text=True,
        cwd=file.parent,
        check=False,
    )
    problems = [line for line in done.stdout.splitlines() if line.startswith(("ERROR", "WARN"))]
    assert (done.returncode, problems) == (0, []), problems[:5]


def run_bibtex(file: Path) -> None:
    """Fail unless BibTeX reads every entry of `file` without an error.

    BibTeX's warnings about missing fields are ignored.
    """
    (file.parent / "x.aux").write_text(f"\\citation{{*}}\n\\bibstyle{{plain}}\n\\bibdata{{{file.stem}}}\n")
    done = subprocess.run([needed("bibtex"), "x"], capture_output=True, text=True, cwd=file.parent, check=False)
    assert done.returncode < 2 and "error message" not in done.stdout, done.stdout[-2000:]


def export(library: Path, name: str, file: Path, options: Options) -> None:
    from store.exporting import selected_papers
    from store.papers.views import View
    from store.search.parser import parse
    from store.search.search import Search

    with Library.open(library) as opened:
        numbers = Search(opened).answer(View.parse("all"), parse("", date(2026, 7, 15)), "best").ids
        file.write_bytes(b"".join(BY_NAME[name].pieces(selected_papers.read(opened, numbers), options)))
    assert len(numbers) > 3_000


@pytest.mark.parametrize("ascii", [False, True])
def test_bibtex_and_biber_read_the_papers_of_every_listing(papers: Path, tmp_path: Path, ascii: bool) -> None:
    export(papers, "bibtex", tmp_path / "all.bib", Options(ascii=ascii))
    run_bibtex(tmp_path / "all.bib")
    run_biber(tmp_path / "all.bib")
    export(papers, "biblatex", tmp_path / "all-biblatex.bib", Options(ascii=ascii))
    run_biber(tmp_path / "all-biblatex.bib")


def test_pandoc_cites_the_papers_of_every_listing(papers: Path, tmp_path: Path) -> None:
    pandoc = needed("pandoc")
    export(papers, "csl-json", tmp_path / "all.json", Options())
    (tmp_path / "all.md").write_text('---\nnocite: "@*"\n---\n')
    done = subprocess.run(
        [pandoc, "all.md", "--citeproc", "--bibliography", "all.json", "--to", "plain", "--output", "all.txt"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_bibtex_and_biber_read_hostile_papers(tmp_path: Path) -> None:
    chance = random.Random(15)
    rows = (exported(hostile_paper(chance), f"key{number}") for number in range(2_000))
    file = tmp_path / "hostile.bib"
    file.write_bytes(b"".join(BY_NAME["bibtex"].pieces(rows, Options())))
    run_bibtex(file)
    run_biber(file)


@pytest.mark.parametrize("ending", ["bib", "biblatex"])
def test_the_export_of_a_queue_of_collected_papers_compiles_without_a_warning(tmp_path: Path, ending: str) -> None:
    """The user imports listings, queues papers of all kinds and exports the queue. biber then reads the file."""

    def recto(*words: str | Path) -> None:
        code, _, err = ran("--library", tmp_path / "library.db", *words)
        assert (code, err) == (0, b""), err

    recto("import", *samples.write(tmp_path / "listings"), Path(__file__).parents[2] / "assets" / "listings")
    recto("mark", "Slow Glass", "cranes", "letters", "rain", "Retrieval for People", "俳句", "--queue")
    target = tmp_path / f"queue.{ending}"
    recto("export", "--view", "queue", "-o", target)
    text = target.read_text("utf-8")
    assert text.count("@") == 6 and all(f"{{{key}," in text for key in ("cranes", "letters", "rain"))
    bib = target.rename(target.with_suffix(".bib"))
    run_biber(bib, *(["--validate-datamodel"] if ending == "biblatex" else []))
    run_bibtex(bib)
