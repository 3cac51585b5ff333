"""Small inputs in the layouts of real programs, with the papers and the report that each must produce.

The files are in ../shared/trials, outside of the checkout. The README in that folder explains why each file is hard to
read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from store.formats.registry import HEAD_SIZE, SURE_ENOUGH, formats
from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library
from store.model.paper import Paper
from store.papers import stored_papers

OPTIONS = Options(today=date(2026, 11, 30))
_TRIALS = Path(__file__).parents[4] / "shared" / "trials"


class Listed(NamedTuple):
    """A paper after the import, with the days on which it was listed and the announcement types of its entries."""

    paper: Paper
    last_listed: date | None
    announced: tuple[str | None, ...]


def paper(**fields: Any) -> dict[str, Any]:
    """The expected values of one paper, as keyword arguments.

    Their names are those that the function `value` accepts.
    """
    return fields


def value(listed: Listed, name: str) -> Any:
    """A value of the paper by its name: an attribute of Paper, or one of the names below, such as "names" or "urls"."""
    paper = listed.paper
    match name:
        case "names":
            return [author.name for author in paper.authors]
        case "affiliations":
            return [author.affiliations for author in paper.authors]
        case "published":
            return paper.publication_date.text if paper.publication_date else None
        case "updated":
            return str(paper.updated) if paper.updated else None
        case "urls":
            return [link.url for link in paper.links]
        case "listed_on":
            return str(listed.last_listed) if listed.last_listed else None
        case "announced":
            return listed.announced[0]
        case _:
            return getattr(paper, name)


class Trial(NamedTuple):
    """The expected result for a file: its papers, in any order, and words that the report's warnings must contain.

    If no words are given, the report must have no warning.
    """

    papers: tuple[dict[str, Any], ...]
    in_report: tuple[str, ...] = ()


TRIALS: dict[str, Trial] = {
    "springer.csv": Trial(
        (
            paper(
                title="Lists in Springer",
                venue="Journal of Lists 12(3)",
                doi="10.1007/s00000-026-20140-1",
                names=["Ada Alpha", "Bert Beta", "Cara Gamma"],
                published="2026",
            ),
            paper(
                title="A Chapter of Lists",
                venue="Advances in Lists",
                doi="10.1007/978-3-000-20141-0_1",
                names=["Ada Alpha"],
                published="2025",
            ),
        )
    ),
    "scopus-two-surnames.csv": Trial((paper(names=["María García López", "Juan de la Gamma", "Ada N. Alpha"]),)),
    "dimensions-two-surnames.csv": Trial((paper(names=["Ada Di Alpha", "Bert Le Beta"]),)),
    "bib-comment-after-field.bib": Trial(
        (
            paper(title="Comment After a Field", names=["Ada Alpha"], published="2020"),
            paper(title="Second", names=["Bert Beta"], published="2021", urls=[]),
            paper(title="After the Comment", names=["Cara Gamma"], published="2022"),
        )
    ),
    "mail-additional-authors.txt": Trial(
        (
            paper(arxiv_id="2601.20001", names=["Ada Alpha", "Bert Beta", "Cara Gamma"], author_count=75),
            paper(arxiv_id="2601.20002", names=["Ada Alpha", "Bert Beta"], author_count=3, affiliations=[(), ()]),
        )
    ),
    "atom-colon-author.xml": Trial((paper(names=["The RIVER Collaboration", "T. Ude", "S. Kora"]),)),
    "bib-superscript.bib": Trial((paper(title="Lists of 10³ Items in H₂O"), paper(title="A bound of 10⁻²⁶ on lists"))),
    "mail-names-and-braces.txt": Trial(
        (
            paper(
                title="Listening to waves:Combined effects of force and friction",
                names=["L.I.S.T. Collaboration", "A. Alpha", "B. C. Beta", "J.-P. Gamma"],
            ),
        )
    ),
    "gscholar-backslash.bib": Trial((paper(title="On ℓ₁ lists", names=["B Beta", "Éric Delta"]),)),
    "scopus-short-header.csv": Trial(
        (
            paper(
                doi="10.1038/s41598-022-20150-0",
                title="A First List",
                names=["A. Alpha", "B.C. Beta", "M. Gamma"],
                published="2022",
                venue="Scientific Lists 12(1), 1135",
            ),
            paper(
                doi="10.1038/s41598-021-20151-0",
                title="A Second List",
                names=["D. Delta"],
                published="2021",
                venue="Scientific Lists 11, 20151",
            ),
        ),
        in_report=("one cell",),
    ),
    "arxiv-record.abs": Trial(
        (
            paper(
                arxiv_id="2601.20089",
                arxiv_version=2,
                published="2026-01-20",
                updated="2026-01-25",
                abstract="One record in one file.",
                comment="4 pages",
            ),
        )
    ),
    "ris-ovid-after-er.ris": Trial(
        (
            paper(title="Lists and Moods", doi="10.1000/ovid.20152", names=["Ada A. Alpha"]),
            paper(title="Lists and More Moods", doi="10.1000/ovid.20153", names=["Bert Beta"]),
        )
    ),
    "arxiv-list-new.html": Trial(
        (
            paper(
                arxiv_id="2601.20007",
                title="Reading Lists at Scale",
                names=["Ada Alpha", "Bert Beta"],
                abstract="We study lists of papers and how people read them.",
                comment="12 pages, 3 figures",
                categories=("cs.CL", "cs.LG"),
                announced="new",
                listed_on="2026-01-26",
            ),
            paper(
                arxiv_id="2601.20008",
                title="Ranking Without Clicks",
                names=["Cara Gamma"],
                abstract="Clicks are not needed.",
                categories=("cs.IR", "cs.CL"),
                announced="cross",
                listed_on="2026-01-26",
            ),
            paper(
                arxiv_id="2512.20009",
                title="A Second Look",
                names=["Dan Delta"],
                abstract="We look again.",
                venue="J. Looks 3 (2025) 4",
                announced="replaced",
                listed_on="2026-01-26",
            ),
        )
    ),
    "arxiv-list-copied.txt": Trial(
        (
            paper(
                arxiv_id="2601.20007",
                title="Reading Lists at Scale",
                names=["Ada Alpha", "Bert Beta"],
                abstract="We study lists of papers and how people read them.",
                comment="12 pages, 3 figures",
                categories=("cs.CL", "cs.LG"),
                listed_on="2026-01-26",
            ),
            paper(
                arxiv_id="2601.20010",
                title="Prompts as Programs: A Survey",
                names=["Cara Gamma"],
                abstract="We survey prompts and the programs that they are.",
                categories=("cs.CL",),
                listed_on="2026-01-26",
            ),
        ),
    ),
    "scholar-alert.eml": Trial(
        (
            paper(
                title="Reading Lists in the Wild",
                arxiv_id="2605.20011",
                names=["A Alpha", "B Beta"],
                abstract=None,
            ),
            paper(
                title="Keeping Up With Papers",
                doi="10.1000/xyz.20012",
                venue="Journal of Reading",
                published="2026",
                names=["C Gamma", "D Delta"],
                abstract=None,
            ),
        )
    ),
    "biorxiv-rss.xml": Trial(
        (
            paper(
                title="Lists in the brain",
                names=["A. Alpha", "B. C. Beta"],
                published="2026-01-21",
                doi="10.64898/2026.01.20.720027",
                venue="bioRxiv",
            ),
        )
    ),
    "papers-feed-atom.xml": Trial(
        (
            paper(
                title="Cool Lists",
                arxiv_id="2601.20107",
                names=["Ada Alpha", "Bert Beta"],
                published="2026-01-23",
            ),
        )
    ),
    "dblp.json": Trial(
        (
            paper(title="Lists for LLMs", names=["Ada Alpha", "Bert Beta"], venue="LISTS", published="2026"),
            paper(title="Lists for Everyone", arxiv_id="2601.20021"),
        )
    ),
    "inspire.json": Trial(
        (
            paper(
                arxiv_id="2601.20023",
                doi="10.1000/insp.20023",
                names=["Ada Alpha", "Bert Beta"],
                published="2026-01-15",
                venue="Phys.Rev.Lists 12, 034001",
                categories=("hep-ex", "hep-ph"),
                affiliations=[("Some U.",), ()],
            ),
        )
    ),
    "openreview.json": Trial(
        (
            paper(
                title="Lists for Agents",
                names=["Ada Alpha", "Bert Beta"],
                abstract="We give lists to agents.",
                venue="LISTS 2026 Poster",
                urls=["https://openreview.net/forum?id=abcDEF1234", "https://openreview.net/pdf/aaaa.pdf"],
            ),
        )
    ),
    "links.txt": Trial(
        (
            paper(arxiv_id="2601.20030"),
            paper(arxiv_id="2601.20031"),
            paper(arxiv_id="2601.20032"),
            paper(arxiv_id="2601.20033"),
            paper(doi="10.1000/link.20034"),
        ),
        in_report=("recto fetch",),
    ),
    "savedrecs.xlsx": Trial(
        (paper(title="Lists in Cells", names=["Ada Alpha", "Bert Beta"], published="2026", doi="10.1000/x.20112"),)
    ),
    "word-sources.xml": Trial(
        (
            paper(
                title="Lists in Word",
                names=["Ada Alpha"],
                published="2026",
                venue="Journal of Lists",
                doi="10.1000/w.20110",
            ),
        )
    ),
    "pubmed-abstract.txt": Trial(
        (
            paper(
                doi="10.1000/pt.20144",
                title="Lists in hospitals: a text",
                names=["A Alpha", "BC Beta"],
                published="2026-01-05",
                abstract="Hospitals keep lists. We counted them.",
            ),
            paper(
                doi="10.1000/pt.20145",
                title="More lists in hospitals",
                names=["C Gamma"],
                published="2026-01-06",
                abstract="More were counted.",
            ),
        )
    ),
}


@pytest.fixture
def trials() -> Path:
    """The folder ../shared/trials with the small inputs, outside of the checkout."""
    if not _TRIALS.is_dir():
        pytest.skip("the trial inputs are not beside this checkout (../shared/trials)")
    return _TRIALS


def imported(path: Path, library_path: Path) -> tuple[list[Listed], list[ImportReport]]:
    """The papers of a new library into which only this file was imported, and the reports of the import."""
    with Library.open(library_path) as library:
        reports = list(import_file(library, path, OPTIONS))
        connection = library.reader()
        papers: list[Listed] = []
        for (number,) in connection.execute("SELECT id FROM paper ORDER BY id").fetchall():
            merged = stored_papers.read(connection, number)
            assert merged is not None
            kinds = connection.execute("SELECT announce_type FROM entry WHERE paper_id = ?", (number,))
            papers.append(Listed(merged.paper, merged.last_listed, tuple(kind for (kind,) in kinds)))
        return papers, reports


def mismatches(listed: Listed, expected: dict[str, Any]) -> dict[str, Any]:
    """The values of a paper that differ from the expected ones."""
    return {name: actual for name in expected if (actual := value(listed, name)) != expected[name]}


def assert_papers(papers: Sequence[Listed], expected: Sequence[dict[str, Any]]) -> None:
    """Check that each expected paper is found once, and no other paper."""
    left = list(papers)
    for each in expected:
        if not left:
            break
        nearest = min(left, key=lambda listed: len(mismatches(listed, each)))
        assert mismatches(nearest, each) == {}
        left.remove(nearest)
    assert len(papers) == len(expected)


@pytest.mark.parametrize("name", TRIALS)
def test_a_small_input_gives_its_papers(name: str, trials: Path, tmp_path: Path) -> None:
    expected = TRIALS[name]
    papers, reports = imported(trials / name, tmp_path / "library.db")
    assert [report.error for report in reports] == [None]
    assert_papers(papers, expected.papers)
    (report,) = reports
    assert not report.partial
    assert report.refused == ()
    sentences = " ".join(report.warnings)
    assert bool(sentences) == bool(expected.in_report), sentences
    for words in expected.in_report:
        assert words in sentences


@pytest.mark.parametrize("name", TRIALS)
def test_exactly_one_format_detects_a_small_input(name: str, trials: Path) -> None:
    head = (trials / name).read_bytes()[:HEAD_SIZE]
    assert len([each.NAME for each in formats() if each.sniff(head, name) >= SURE_ENOUGH]) == 1


def test_every_trial_has_a_row(trials: Path) -> None:
    files = {path.name for path in trials.iterdir()} - {"README.md"}
    assert files == set(TRIALS)
