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


class Said(NamedTuple):
    """The venue (journal or conference) and the year of publication in an entry."""

    venue: str | None = None
    year: int | None = None


class Pair(NamedTuple):
    """Two entries with the same title, and the publication data of each."""

    title: str
    one: Said
    other: Said


TWO_PAPERS = [
    Pair("Editorial", Said("Journal of Lists 12(3), 1–2", 2019), Said("Journal of Lists 12(4), 1–2", 2019)),
    Pair("Editorial", Said("Journal of Lists 12(3)", 2019), Said("Journal of Lists 13(3)", 2020)),
    Pair("Editorial", Said("Journal of Lists", 2019), Said("Journal of Lists", 2020)),
    Pair("Editorial", Said(None, 2019), Said(None, 2021)),
    Pair("Editorial", Said("Journal of Lists 12, 1–2", 2019), Said("J. Lists 13, 1–2", 2020)),
    Pair("Editorial", Said("Journal of Lists 12", 2019), Said("Annals of Cataloguing 12", 2019)),
    Pair(
        "Guest Editorial", Said("IEEE Trans. Lists 5(2), 101–103", 2018), Said("IEEE Trans. Lists 5(3), 201–203", 2018)
    ),
    Pair("Preface", Said("Proceedings of LISTS 2019", 2019), Said("Proceedings of LISTS 2020", 2020)),
    Pair("Preface", Said("37th Conference on Lists", 2019), Said("38th Conference on Lists", 2020)),
    Pair(
        "Preface",
        Said("Lecture Notes in Computer Science 11000", 2018),
        Said("Lecture Notes in Computer Science 12000", 2019),
    ),
    Pair("Preface", Said("Workshop on Reading Lists", 2019), Said("Symposium on Cataloguing", 2019)),
    Pair("Foreword", Said("Springer", 2018), Said("Springer", 2021)),
    Pair("Book Review", Said("Mind 12(3), 45–46", 2019), Said("Mind 12(3), 47–48", 2019)),
    Pair("Book Reviews", Said("Mind 12, 45", 2019), Said("Mind 12, 47", 2019)),
    Pair("Book Review", Said("Mind 12(3), 145–6", 2019), Said("Mind 12(3), 147–8", 2019)),
    Pair("Annual Report", Said("Institute of Lists", 2019), Said("Institute of Lists", 2020)),
    Pair("Annual Report of the Institute of Lists", Said(None, 2019), Said(None, 2020)),
    Pair("Activity Report", Said("Inria, RR-1", 2019), Said("Inria, RR-2", 2020)),
    Pair("Introduction", Said("Journal of Lists 12(3)", 2019), Said("Journal of Lists 14(1)", 2021)),
    Pair("Introduction to the Special Issue", Said("J. Lists 12(1), 1–3", 2019), Said("J. Lists 12(2), 95–97", 2019)),
    Pair("Erratum", Said("Phys. Rev. D 74, 129901", 2006), Said("Phys. Rev. D 75, 129902", 2007)),
    Pair("Obituary", Said("Nature 521, 36", 2015), Said("Nature 523, 40", 2015)),
    Pair("In this issue", Said("PNAS 112(1), 1–2", 2015), Said("PNAS 112(2), 305–306", 2015)),
    Pair("Message from the Chairs", Said("LISTS 2019, iii–iv", 2019), Said("LISTS 2020, iii–iv", 2020)),
    Pair("Comment", Said("Econometrica 80(1), 5–8", 2012), Said("Econometrica 81(4), 1–3", 2013)),
    Pair("A Survey of Lists", Said("Journal of Lists 12(3), 1–20", 2015), Said("Journal of Lists 17(1), 5–40", 2020)),
    Pair(
        "A Survey of Lists", Said("Journal of Reading 12(3), 1–20", 2015), Said("Annals of Cataloguing 3, 5–40", 2016)
    ),
    Pair("A Survey of Lists", Said("Conference on Reading, 10–20", 2015), Said("Symposium on Cataloguing, 5–9", 2016)),
    Pair("Overview of the Shared Task", Said("CLEF 2018", 2018), Said("CLEF 2019", 2019)),
    Pair("Overview of the Shared Task", Said("Conference of Lists", 2016), Said("Conference of Lists", 2019)),
    Pair("A Survey of Lists", Said("Nature 521, 436–444", 2015), Said("Science 348, 5–9", 2015)),
    Pair("A Survey of Lists", Said("Annals of Lists 12", 2015), Said("Journal of Lists 12", 2015)),
    Pair("Particle Lists", Said("Phys.Rev. D74 (2006) 123456", 2006), Said("Phys.Rev. D86 (2012) 010001", 2012)),
]
ONE_PAPER = [
    # A preprint and its publication: one paper.
    Pair("A Survey of Lists", Said(None, 2017), Said("Journal of Lists 12(3), 1–20", 2020)),
    Pair("A Survey of Lists", Said("bioRxiv", 2017), Said("Journal of Lists 12(3), 1–20", 2020)),
    Pair("A Survey of Lists", Said("medRxiv 2020.01.01", 2020), Said("The Lancet 395(2), 1–20", 2022)),
    Pair("A Survey of Lists", Said("SSRN Electronic Journal", 2015), Said("Econometrica 85(1), 5–8", 2017)),
    Pair("A Survey of Lists", Said("CoRR abs/1706.03762", 2017), Said("NIPS, 5998–6008", 2017)),
    Pair("A Survey of Lists", Said("Zenodo", 2017), Said("Journal of Lists 3", 2019)),
    Pair("A Survey of Lists", Said("Preprints.org", 2018), Said("Sensors 19(2), 333", 2019)),
    Pair("A Survey of Lists", Said("OpenReview", 2020), Said("ICLR 2021", 2021)),
    Pair(
        "A Survey of Lists", Said("NBER Working Paper 12345", 2013), Said("American Economic Review 106(1), 1–40", 2016)
    ),
    Pair("A Survey of Lists", Said("Submitted to Nature", 2014), Said("Nature 521, 436–444", 2015)),
    # The same venue, written differently: one paper.
    Pair("A Survey of Lists", Said("Nature", 2015), Said("Nature 521(7553), 436–444", 2015)),
    Pair("A Survey of Lists", Said("NATURE 521", 2015), Said("Nature 521(7553), 436–444", 2015)),
    Pair(
        "A Survey of Lists",
        Said("Physical Review Letters 116(6), 061102", 2016),
        Said("Phys. Rev. Lett. 116, 61102", 2016),
    ),
    Pair("A Survey of Lists", Said("PRL 116", 2016), Said("Physical Review Letters 116(6)", 2016)),
    Pair(
        "A Survey of Lists", Said("Phys.Rev. D74 (2006) 123456", 2006), Said("Physical Review D 74(12), 123456", 2006)
    ),
    Pair("A Survey of Lists", Said("PNAS 112(1), 5–9", 2015), Said("Proc. Natl. Acad. Sci. U.S.A. 112, 5–9", 2015)),
    Pair(
        "A Survey of Lists",
        Said("PNAS", 2015),
        Said("Proceedings of the National Academy of Sciences 112(1), 5–9", 2015),
    ),
    Pair("A Survey of Lists", Said("ApJ 800, 5", 2015), Said("The Astrophysical Journal 800(1), 5", 2015)),
    Pair(
        "A Survey of Lists",
        Said("MNRAS 450, 5–9", 2015),
        Said("Monthly Notices of the Royal Astronomical Society 450(1), 5–9", 2015),
    ),
    Pair("A Survey of Lists", Said("A&A 500, A1", 2015), Said("Astronomy & Astrophysics 500, A1", 2015)),
    Pair(
        "A Survey of Lists", Said("JMLR 15, 5–9", 2014), Said("Journal of Machine Learning Research 15(1), 5–9", 2014)
    ),
    Pair("A Survey of Lists", Said("The Lancet 395, 5–9", 2020), Said("Lancet 395(10223), 5–9", 2020)),
    Pair(
        "A Survey of Lists",
        Said("NeurIPS", 2017),
        Said("Advances in Neural Information Processing Systems 30, 5998–6008", 2017),
    ),
    Pair(
        "A Survey of Lists",
        Said("Neural Information Processing Systems", 2017),
        Said("Advances in Neural Information Processing Systems 30", 2018),
    ),
    Pair(
        "A Survey of Lists",
        Said("CVPR", 2016),
        Said("Proceedings of the IEEE conference on computer vision and pattern recognition, 770–778", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Said("2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR), 770–778", 2016),
        Said("CVPR 2016", 2016),
    ),
    Pair(
        "A Survey of Lists",
        Said("International Conference on Machine Learning, 1–9", 2019),
        Said("Proceedings of Machine Learning Research 97, 2342–2351", 2019),
    ),
    Pair(
        "A Survey of Lists",
        Said("ICML 2019", 2019),
        Said("International Conference on Machine Learning, 2342–2351", 2019),
    ),
    Pair("A Survey of Lists", Said("Lecture Notes in Computer Science 9910, 345–360", 2016), Said("ECCV 2016", 2016)),
    Pair(
        "A Survey of Lists",
        Said("Computer Vision – ECCV 2016, 345–360", 2016),
        Said("Lecture Notes in Computer Science 9910", 2016),
    ),
    Pair("A Survey of Lists", Said("Springer", 2016), Said("Reading Lists, 345–360", 2016)),
    Pair(
        "A Survey of Lists", Said("Association for Computational Linguistics", 2019), Said("NAACL-HLT, 4171–4186", 2019)
    ),
    Pair(
        "A Survey of Lists",
        Said("EMNLP", 2014),
        Said("Proceedings of the 2014 Conference on Empirical Methods in Natural Language Processing", 2014),
    ),
    Pair(
        "A Survey of Lists", Said("Journal of Lists 12(3), 1–20", 2019), Said("Journal of Lists 12(3), 345–364", 2020)
    ),
    Pair("A Survey of Lists", Said("Journal of Lists", 2019), Said("Journal of Lists", 2020)),
    Pair("A Survey of Lists", Said("Scientific Lists 12, 1135", 2022), Said("Scientific Lists 12(1), 1–12", 2022)),
    Pair("A Survey of Lists", Said("Journal of Lists 12, 345–64", 2019), Said("Journal of Lists 12, 345–364", 2019)),
    Pair("A Survey of Lists", Said("Journal of Lists 12, 345", 2019), Said("Journal of Lists 12, 345–364", 2019)),
    Pair("A Survey of Lists", Said("Journal of Lists 12, 0345–0364", 2019), Said("Journal of Lists 12, 345–364", 2019)),
    Pair("A Survey of Lists", Said("Journal of Lists 12", None), Said("Journal of Lists 12(3)", 2019)),
    # The volume is wrong in one entry, or both names belong to venues of the same publication.
    Pair("A Survey of Lists", Said("Journal of Lists 12, 12–23", 2013), Said("Journal of Lists n.s. 2, 12–23", 2013)),
    Pair("A Survey of Lists", Said("University of Lists"), Said("Institute of Reading")),
    # Many papers have such titles, so these pairs are not joined although no value of the two entries differs.
    Pair("Editorial", Said("Journal of Lists 12(3), 1–2", 2019), Said("J. Lists 12, 1–2", 2019)),
    Pair("Editorial", Said("Journal of Lists 12(3)", 2019), Said(None, 2019)),
    Pair("Preface", Said("Proceedings of LISTS 2019", 2019), Said("LISTS 2019", 2019)),
    Pair("Annual Report", Said("Institute of Lists", 2019), Said("Inst. of Lists", 2019)),
    Pair("Book Review", Said(), Said()),
]
PAIRS = [*((pair, 2) for pair in TWO_PAPERS), *((pair, 1) for pair in ONE_PAPER)]


def papers(pair: Pair, **fields: object) -> list[Paper]:
    """The papers of the two entries of a pair. Both have the same authors."""
    return [
        Paper(
            title=pair.title,
            authors=by("Ada Lovelace", "Alan Turing"),
            venue=said.venue,
            published=date(said.year, 1, 1) if said.year else None,
            published_to="year" if said.year else "day",
            **fields,  # type: ignore[arg-type]
        )
        for said in (pair.one, pair.other)
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
        found = count(folder, entries[:: 1 if number % 2 else -1], ("bibliography", "table"))
        if found < expected:
            false.append(pair)
        elif found > expected:
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
    one, other = papers(Pair("Editorial", Said("Journal of Lists 12", 2019), Said("Journal of Lists 13", 2020)))
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
