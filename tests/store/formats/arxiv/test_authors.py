"""arXiv's line "Authors:" is split into names and affiliations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv.authors import author_list, authors, name
from tests.timing import shortest_time


def read(line: str) -> list[tuple[str, ...]]:
    return [(each.name, *each.affiliations) for each in authors(line)]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("", []),
        ("Simeon Warner", ["Simeon Warner"]),
        ("Ada Lovelace and Charles Babbage", ["Ada Lovelace", "Charles Babbage"]),
        ("A. One, B. Two, and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One and B. Two and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One & B. Two", ["A. One", "B. Two"]),
        (r"A. One \& B. Two", ["A. One", "B. Two"]),
        ("A. One; B. Two", ["A. One", "B. Two"]),
        ("Sande Rand, And Erson, Andy Band", ["Sande Rand", "And Erson", "Andy Band"]),
        ("Fred Bloggs, Jr, Neal J. Evans II, A. B, III", ["Fred Bloggs Jr", "Neal J. Evans II", "A. B III"]),
        ("The DELPHI Collaboration, J. Abdallah, et al", ["The DELPHI Collaboration", "J. Abdallah"]),
        ("BELLE Collaboration: A Person, Nother Person", ["BELLE Collaboration", "A Person", "Nother Person"]),
        ("A. Trump, et al. (5 additional authors not shown)", ["A. Trump"]),
        ("S.M. Warner, C.-P. Yuan, J.-L. X. Q", ["S. M. Warner", "C.-P. Yuan", "J.-L. X. Q"]),
        (r"M.~Smith, A.\,B. Jones, M{\aa}ns \'E. H", ["M. Smith", "A. B. Jones", "Måns É. H"]),
        ("Anatoly Zlotnik and\n  Jr-Shin Li", ["Anatoly Zlotnik", "Jr-Shin Li"]),
        ("Yi (Ian) Chen, Bob", ["Yi (Ian) Chen", "Bob"]),
        ("()", []),
        (", , and", []),
    ],
)
def test_names_are_separated(line: str, names: list[str]) -> None:
    assert [each.name for each in authors(line)] == names
    assert not any(each.affiliations for each in authors(line))


@pytest.mark.parametrize(
    ("line", "names", "total"),
    [
        ("A. One, B. Two, et al. (72 additional authors not shown)", ["A. One", "B. Two"], 74),
        ("A. One, et al. (1 additional author not shown)", ["A. One"], 2),
        ("A. One, B. Two (1 additional author not shown)", ["A. One", "B. Two"], 3),
        ("DOME Collaboration: 84 additional authors", ["DOME Collaboration"], 85),
        ("DOME Collaboration: A. One, et al. (84 additional authors not shown)", ["DOME Collaboration", "A. One"], 86),
        ("A. One, B. Two, 12 additional authors", ["A. One", "B. Two"], 14),
        ("A. One, B. Two, and 12 others", ["A. One", "B. Two"], 14),
        ("A. One, B. Two (and 12 others)", ["A. One", "B. Two"], 14),
        ("A. One et al. (3 additional authors not shown)", ["A. One"], 4),
        ("The DOME Collaboration (250 authors)", ["The DOME Collaboration"], 250),
        ("A. One, et al", ["A. One"], None),
        ("A. One (MIT), et al. (5 additional authors not shown)", ["A. One"], 6),
        ("A. One, B. Two", ["A. One", "B. Two"], None),
    ],
)
def test_the_number_of_authors_that_are_not_shown(line: str, names: list[str], total: int | None) -> None:
    parsed = author_list(line)
    assert ([each.name for each in parsed.authors], parsed.total) == (names, total)
    assert {each.affiliations for each in parsed.authors} <= {(), ("MIT",)}


@pytest.mark.parametrize(
    "group",
    [
        "H.E.S.S. Collaboration",
        "The H.E.S.S. Collaboration",
        "L.I.S.T. Team",
        "L.I.S.T. Consortium",
        "O.B.E.L.I.X. Experiment",
        "H.E.S.S.",
    ],
)
def test_the_initials_of_a_group_stay_together(group: str) -> None:
    assert name(group) == group
    assert read(f"{group}: A.B. One, C.-D. Two") == [(group,), ("A. B. One",), ("C.-D. Two",)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A. One (MIT), B. Two", [("A. One", "MIT"), ("B. Two",)]),
        # An affiliation belongs to all authors between it and the previous affiliation.
        (
            "A. One, B. Two (MIT), C. Three (ETH, Zürich)",
            [("A. One", "MIT"), ("B. Two", "MIT"), ("C. Three", "ETH, Zürich")],
        ),
        ("X Collaboration: A. One (MIT)", [("X Collaboration",), ("A. One", "MIT")]),
        ("A. One(1,2)((1)lab a,(2)lab b)", [("A. One", "lab a", "lab b")]),
        (
            "A. One (1 and 2), B. Two (2) and C. Three (9) ((1) Here (or there), Town, (2) There)",
            [("A. One", "Here (or there), Town", "There"), ("B. Two", "There"), ("C. Three",)],
        ),
        ("A. One (a), B. Two (b) ((a) Here, (b) There)", [("A. One", "Here"), ("B. Two", "There")]),
        (
            "A. One (1,2), B. Two (2) (1-Here, 2-There, Town)",
            [("A. One", "Here", "There, Town"), ("B. Two", "There, Town")],
        ),
        ("MAGIC Collaboration (and others): J. A (1) ((1) Here)", [("MAGIC Collaboration",), ("J. A", "Here")]),
        ("A. One (Dept (CIERA) of X)", [("A. One", "Dept (CIERA) of X")]),
        ("A. One (cut off", [("A. One", "cut off")]),
        ("A. One) B. Two", [("A. One",), ("B. Two",)]),
        ("A. One (1), B. Two (1)", [("A. One",), ("B. Two",)]),
    ],
)  # fmt: skip
def test_affiliations_belong_to_the_right_authors(line: str, expected: list[tuple[str, ...]]) -> None:
    assert read(line) == expected


def test_with_each_has_its_own_an_affiliation_is_not_shared() -> None:
    listed = authors("Salt and Pepper Team, B. Two (MIT, Cambridge)", each_has_its_own=True)
    assert [(each.name, *each.affiliations) for each in listed] == [
        ("Salt and Pepper Team",),
        ("B. Two", "MIT, Cambridge"),
    ]


def test_names_from_all_outputs_get_one_spelling() -> None:
    assert name("C. -P.  Yuan") == name("C.-P. Yuan") == "C.-P. Yuan"
    assert name("S.M. Warner") == name("S. M. Warner") == "S. M. Warner"


@settings(deadline=None)
@given(st.text(st.sampled_from("AaBb. ,;:()12&\\'{}~-and\n"), max_size=80))
def test_any_line_gives_authors_that_have_a_name(line: str) -> None:
    for author in authors(line):
        assert any(map(str.isalpha, author.name))
        assert all(author.affiliations)


@pytest.mark.timing
@pytest.mark.parametrize("unit", ["(", ")", "()", "a (1), ", "(1) ", "and ", ", ", "A (", "((1) x ", "1 and "])
def test_a_hostile_line_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        line = "A. One (" + unit * size
        return shortest_time(lambda: authors(line))

    # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times. The limit is
    # between these.
    assert seconds(8_000) < 30 * max(seconds(1_000), 0.0005)
