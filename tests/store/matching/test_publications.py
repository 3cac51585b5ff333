"""Pairs of entries with the same title and authors: whether the library makes one paper or two of them.

Run pytest with `-s` to print how many pairs are joined falsely, and how many joins are missed.
"""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from store.library.library import Library
from store.matching import publications
from store.model.paper import Paper
from store.text import clean
from tests.store.matching.test_matches import put, stored
from tests.store.matching.works import ABOUT_BEES, ABOUT_BEES_AGAIN, by


class Publication(NamedTuple):
    """The venue (journal or conference) and the year of publication in an entry."""

    venue: str | None = None
    year: int | None = None


class Pair(NamedTuple):
    """Two entries with the same title, and the publication data of each."""

    title: str
    one: Publication
    other: Publication


TWO_PAPERS = [
    Pair(
        "Editorial", Publication("Journal of Lists 12(3), 1–2", 2019), Publication("Journal of Lists 12(4), 1–2", 2019)
    ),
    Pair("Editorial", Publication("Journal of Lists 12(3)", 2019), Publication("Journal of Lists 13(3)", 2020)),
    Pair("Editorial", Publication("Journal of Lists", 2019), Publication("Journal of Lists", 2020)),
    Pair("Editorial", Publication(None, 2019), Publication(None, 2021)),
    Pair("Editorial", Publication("Journal of Lists 12, 1–2", 2019), Publication("J. Lists 13, 1–2", 2020)),
    Pair("Editorial", Publication("Journal of Lists 12", 2019), Publication("Annals of Cataloguing 12", 2019)),
    Pair(
        "Guest Editorial",
        Publication("IEEE Trans. Lists 5(2), 101–103", 2018),
        Publication("IEEE Trans. Lists 5(3), 201–203", 2018),
    ),
    Pair("Preface", Publication("Proceedings of LISTS 2019", 2019), Publication("Proceedings of LISTS 2020", 2020)),
    Pair("Preface", Publication("37th Conference on Lists", 2019), Publication("38th Conference on Lists", 2020)),
    Pair(
        "Preface",
        Publication("Lecture Notes in Computer Science 11000", 2018),
        Publication("Lecture Notes in Computer Science 12000", 2019),
    ),
    Pair("Preface", Publication("Workshop on Reading Lists", 2019), Publication("Symposium on Cataloguing", 2019)),
    Pair("Foreword", Publication("Springer", 2018), Publication("Springer", 2021)),
    Pair("Book Review", Publication("Mind 12(3), 45–46", 2019), Publication("Mind 12(3), 47–48", 2019)),
    Pair("Book Reviews", Publication("Mind 12, 45", 2019), Publication("Mind 12, 47", 2019)),
    Pair("Book Review", Publication("Mind 12(3), 145–6", 2019), Publication("Mind 12(3), 147–8", 2019)),
    Pair("Annual Report", Publication("Institute of Lists", 2019), Publication("Institute of Lists", 2020)),
    Pair("Annual Report of the Institute of Lists", Publication(None, 2019), Publication(None, 2020)),
    Pair("Activity Report", Publication("Inria, RR-1", 2019), Publication("Inria, RR-2", 2020)),
    Pair("Introduction", Publication("Journal of Lists 12(3)", 2019), Publication("Journal of Lists 14(1)", 2021)),
    Pair(
        "Introduction to the Special Issue",
        Publication("J. Lists 12(1), 1–3", 2019),
        Publication("J. Lists 12(2), 95–97", 2019),
    ),
    Pair("Erratum", Publication("Phys. Rev. D 74, 129901", 2006), Publication("Phys. Rev. D 75, 129902", 2007)),
    Pair("Obituary", Publication("Nature 521, 36", 2015), Publication("Nature 523, 40", 2015)),
    Pair("In this issue", Publication("PNAS 112(1), 1–2", 2015), Publication("PNAS 112(2), 305–306", 2015)),
    Pair("Message from the Chairs", Publication("LISTS 2019, iii–iv", 2019), Publication("LISTS 2020, iii–iv", 2020)),
    Pair("Comment", Publication("Econometrica 80(1), 5–8", 2012), Publication("Econometrica 81(4), 1–3", 2013)),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12(3), 1–20", 2015),
        Publication("Journal of Lists 17(1), 5–40", 2020),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Reading 12(3), 1–20", 2015),
        Publication("Annals of Cataloguing 3, 5–40", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Conference on Reading, 10–20", 2015),
        Publication("Symposium on Cataloguing, 5–9", 2016),
    ),
    Pair("Overview of the Shared Task", Publication("CLEF 2018", 2018), Publication("CLEF 2019", 2019)),
    Pair(
        "Overview of the Shared Task",
        Publication("Conference of Lists", 2016),
        Publication("Conference of Lists", 2019),
    ),
    Pair("A Survey of Lists", Publication("Nature 521, 436–444", 2015), Publication("Science 348, 5–9", 2015)),
    Pair("A Survey of Lists", Publication("Annals of Lists 12", 2015), Publication("Journal of Lists 12", 2015)),
    Pair(
        "Particle Lists",
        Publication("Phys.Rev. D74 (2006) 123456", 2006),
        Publication("Phys.Rev. D86 (2012) 010001", 2012),
    ),
]
ONE_PAPER = [
    # A preprint and its publication: one paper.
    Pair("A Survey of Lists", Publication(None, 2017), Publication("Journal of Lists 12(3), 1–20", 2020)),
    Pair("A Survey of Lists", Publication("bioRxiv", 2017), Publication("Journal of Lists 12(3), 1–20", 2020)),
    Pair("A Survey of Lists", Publication("medRxiv 2020.01.01", 2020), Publication("The Lancet 395(2), 1–20", 2022)),
    Pair(
        "A Survey of Lists", Publication("SSRN Electronic Journal", 2015), Publication("Econometrica 85(1), 5–8", 2017)
    ),
    Pair("A Survey of Lists", Publication("CoRR abs/1706.03762", 2017), Publication("NIPS, 5998–6008", 2017)),
    Pair("A Survey of Lists", Publication("Zenodo", 2017), Publication("Journal of Lists 3", 2019)),
    Pair("A Survey of Lists", Publication("Preprints.org", 2018), Publication("Sensors 19(2), 333", 2019)),
    Pair("A Survey of Lists", Publication("OpenReview", 2020), Publication("ICLR 2021", 2021)),
    Pair(
        "A Survey of Lists",
        Publication("NBER Working Paper 12345", 2013),
        Publication("American Economic Review 106(1), 1–40", 2016),
    ),
    Pair("A Survey of Lists", Publication("Submitted to Nature", 2014), Publication("Nature 521, 436–444", 2015)),
    # The same venue, written differently: one paper.
    Pair("A Survey of Lists", Publication("Nature", 2015), Publication("Nature 521(7553), 436–444", 2015)),
    Pair("A Survey of Lists", Publication("NATURE 521", 2015), Publication("Nature 521(7553), 436–444", 2015)),
    Pair(
        "A Survey of Lists",
        Publication("Physical Review Letters 116(6), 061102", 2016),
        Publication("Phys. Rev. Lett. 116, 61102", 2016),
    ),
    Pair("A Survey of Lists", Publication("PRL 116", 2016), Publication("Physical Review Letters 116(6)", 2016)),
    Pair(
        "A Survey of Lists",
        Publication("Phys.Rev. D74 (2006) 123456", 2006),
        Publication("Physical Review D 74(12), 123456", 2006),
    ),
    Pair(
        "A Survey of Lists",
        Publication("PNAS 112(1), 5–9", 2015),
        Publication("Proc. Natl. Acad. Sci. U.S.A. 112, 5–9", 2015),
    ),
    Pair(
        "A Survey of Lists",
        Publication("PNAS", 2015),
        Publication("Proceedings of the National Academy of Sciences 112(1), 5–9", 2015),
    ),
    Pair(
        "A Survey of Lists", Publication("ApJ 800, 5", 2015), Publication("The Astrophysical Journal 800(1), 5", 2015)
    ),
    Pair(
        "A Survey of Lists",
        Publication("MNRAS 450, 5–9", 2015),
        Publication("Monthly Notices of the Royal Astronomical Society 450(1), 5–9", 2015),
    ),
    Pair("A Survey of Lists", Publication("A&A 500, A1", 2015), Publication("Astronomy & Astrophysics 500, A1", 2015)),
    Pair(
        "A Survey of Lists",
        Publication("JMLR 15, 5–9", 2014),
        Publication("Journal of Machine Learning Research 15(1), 5–9", 2014),
    ),
    Pair("A Survey of Lists", Publication("The Lancet 395, 5–9", 2020), Publication("Lancet 395(10223), 5–9", 2020)),
    Pair(
        "A Survey of Lists",
        Publication("NeurIPS", 2017),
        Publication("Advances in Neural Information Processing Systems 30, 5998–6008", 2017),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Neural Information Processing Systems", 2017),
        Publication("Advances in Neural Information Processing Systems 30", 2018),
    ),
    Pair(
        "A Survey of Lists",
        Publication("CVPR", 2016),
        Publication("Proceedings of the IEEE conference on computer vision and pattern recognition, 770–778", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Publication("2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR), 770–778", 2016),
        Publication("CVPR 2016", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Publication("International Conference on Machine Learning, 1–9", 2019),
        Publication("Proceedings of Machine Learning Research 97, 2342–2351", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Publication("ICML 2019", 2019),
        Publication("International Conference on Machine Learning, 2342–2351", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Lecture Notes in Computer Science 9910, 345–360", 2016),
        Publication("ECCV 2016", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Computer Vision – ECCV 2016, 345–360", 2016),
        Publication("Lecture Notes in Computer Science 9910", 2016),
    ),
    Pair("A Survey of Lists", Publication("Springer", 2016), Publication("Reading Lists, 345–360", 2016)),
    Pair(
        "A Survey of Lists",
        Publication("Association for Computational Linguistics", 2019),
        Publication("NAACL-HLT, 4171–4186", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Publication("EMNLP", 2014),
        Publication("Proceedings of the 2014 Conference on Empirical Methods in Natural Language Processing", 2014),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12(3), 1–20", 2019),
        Publication("Journal of Lists 12(3), 345–364", 2020),
    ),
    Pair("A Survey of Lists", Publication("Journal of Lists", 2019), Publication("Journal of Lists", 2020)),
    Pair(
        "A Survey of Lists",
        Publication("Scientific Lists 12, 1135", 2022),
        Publication("Scientific Lists 12(1), 1–12", 2022),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12, 345–64", 2019),
        Publication("Journal of Lists 12, 345–364", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12, 345", 2019),
        Publication("Journal of Lists 12, 345–364", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12, 0345–0364", 2019),
        Publication("Journal of Lists 12, 345–364", 2019),
    ),
    Pair("A Survey of Lists", Publication("Journal of Lists 12", None), Publication("Journal of Lists 12(3)", 2019)),
    # The volume is wrong in one entry, or both names belong to venues of the same publication.
    Pair(
        "A Survey of Lists",
        Publication("Journal of Lists 12, 12–23", 2013),
        Publication("Journal of Lists n.s. 2, 12–23", 2013),
    ),
    Pair("A Survey of Lists", Publication("University of Lists"), Publication("Institute of Reading")),
    # Many papers have such titles, so these pairs are not joined although no value of the two entries differs.
    Pair("Editorial", Publication("Journal of Lists 12(3), 1–2", 2019), Publication("J. Lists 12, 1–2", 2019)),
    Pair("Editorial", Publication("Journal of Lists 12(3)", 2019), Publication(None, 2019)),
    Pair("Preface", Publication("Proceedings of LISTS 2019", 2019), Publication("LISTS 2019", 2019)),
    Pair("Annual Report", Publication("Institute of Lists", 2019), Publication("Inst. of Lists", 2019)),
    Pair("Book Review", Publication(), Publication()),
]
PAIRS = [*((pair, 2) for pair in TWO_PAPERS), *((pair, 1) for pair in ONE_PAPER)]


def papers(pair: Pair, **fields: object) -> list[Paper]:
    """The papers of the two entries of a pair. Both have the same authors."""
    return [
        Paper(
            title=pair.title,
            authors=by("Ada Lovelace", "Alan Turing"),
            venue=publication.venue,
            published=date(publication.year, 1, 1) if publication.year else None,
            published_to="year" if publication.year else "day",
            **fields,  # type: ignore[arg-type]
        )
        for publication in (pair.one, pair.other)
    ]


def count(folder: Path, entries: list[Paper], families: tuple[str, str]) -> int:
    """The number of papers in a new library after these entries were stored."""
    with Library.open(folder / "library.db") as library:
        for number, (paper, family) in enumerate(zip(entries, families, strict=True), 1):
            put(library, number, paper, family)
        return len(stored(library))


@pytest.mark.parametrize(("pair", "expected"), PAIRS)
def test_a_pair_is_one_paper_or_two(pair: Pair, expected: int) -> None:
    one, other = papers(pair)
    assert publications.differ(one, other) is (expected == 2)
    assert publications.differ(other, one) is (expected == 2)
    assert not publications.agree(one, other) or expected == 1


def test_few_pairs_are_joined_falsely_and_few_joins_are_missed(tmp_path: Path) -> None:
    false: list[Pair] = []
    missed: list[Pair] = []
    for number, (pair, expected) in enumerate(PAIRS):
        folder = tmp_path / str(number)
        folder.mkdir()
        entries = papers(pair)
        paper_count = count(folder, entries[:: 1 if number % 2 else -1], ("bibliography", "table"))
        if paper_count < expected:
            false.append(pair)
        elif paper_count > expected:
            missed.append(pair)
    print(f"{len(PAIRS)} pairs: {len(false)} joined falsely, {len(missed)} joins missed")
    assert (false, missed) == ([], [])


def test_an_equal_abstract_does_not_join_two_publications(tmp_path: Path) -> None:
    (one, _), (_, other) = papers(TWO_PAPERS[0], abstract=ABOUT_BEES), papers(TWO_PAPERS[0], abstract=ABOUT_BEES_AGAIN)
    assert count(tmp_path, [one, other], ("bibliography", "bibliography")) == 2


def test_an_equal_identifier_counts_more_than_different_venues(tmp_path: Path) -> None:
    assert count(tmp_path, papers(TWO_PAPERS[0], doi="10.1000/1"), ("bibliography", "crossref")) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_preprint_joins_one_of_two_publications(order: tuple[int, ...], tmp_path: Path) -> None:
    one, other = papers(
        Pair("Editorial", Publication("Journal of Lists 12", 2019), Publication("Journal of Lists 13", 2020))
    )
    entries = [one, other, Paper(title="Editorial", authors=one.authors)]
    with Library.open(tmp_path / "library.db") as library:
        for number, index in enumerate(order, 1):
            put(library, number, entries[index], "bibliography")
        assert {paper.venue for paper in stored(library)} == {"Journal of Lists 12", "Journal of Lists 13"}
        assert len(stored(library)) == 2


def test_any_venue_is_understood() -> None:
    for venue in (
        "1" * 5_000,
        "a " * 5_000,
        "(2019)" * 2_000,
        ", 1" * 3_000,
        "A.B" * 3_000,
        "12(" * 3_000,
        " " * 9_000,
    ):
        text = clean.line(venue) or "x"
        assert publications.differ(Paper(title="T", venue=text), Paper(title="T", venue=f"{text} 2")) in (True, False)
