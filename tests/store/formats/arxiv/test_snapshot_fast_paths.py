"""The code that reads arXiv's snapshot has fast paths for common values.

They must return the same as the general code.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.arxiv import fields as _arxiv
from store.formats.arxiv import snapshot
from store.formats.arxiv.authors import name
from store.matching.identifiers import arxiv_id
from store.model.paper import Author
from store.text import tex
from tests.store.formats.arxiv.snapshots import entries, line, one, read

WORDS = st.lists(
    st.sampled_from(
        ["Ada", "é", "C.", "-P.", "S.M.", " ", "  ", "\n", "\n  ", "{", "}", "\\'e", "$x_1$", "\t", ".", "-"]
    ),
    max_size=7,
).map("".join)


@given(WORDS, WORDS, st.sampled_from(["", "Jr", "III"]), WORDS)
def test_the_fast_paths_give_the_results_of_the_general_functions(
    last: str, first: str, suffix: str, text: str
) -> None:
    paper = one(authors_parsed=[[last, first, suffix], ["Curie", "Marie", ""]], abstract=text, comments=text).paper
    full = tex.for_storage(name(" ".join(filter(None, (first, last, suffix)))))
    assert paper.authors == tuple(Author(each) for each in (full, "Marie Curie") if each)
    assert paper.abstract == _arxiv.abstract(text)
    assert paper.comment == _arxiv.line(text)


@given(st.text("10.48/aA_-()%.", max_size=8).map(lambda rest: f"10.1000/{rest}") | st.text(max_size=20))
def test_the_fast_path_for_a_doi_gives_the_result_of_the_general_function(doi: str) -> None:
    assert one(doi=doi).paper.doi == _arxiv.doi(doi)


@pytest.mark.parametrize(
    "number", ["0704.0001", "0713.0001", "2510.01234", "2510.01234v2", "hep-th/9901001", "٠٧٠٤.0001"]
)
def test_the_fast_path_for_an_id_gives_the_result_of_the_general_function(number: str) -> None:
    identifier = arxiv_id(number)
    papers = [each.paper.arxiv_id for each in entries(read(line(number) + line("0704.0002")))]
    assert papers == [*([identifier.id] if identifier else []), "0704.0002"]


@pytest.mark.parametrize(
    "parsed",
    [
        [["Lovelace", "Ada", ""], ["Two", "B.", ""]],
        [["Lovelace", "Ada\nB. Two", ""], ["Three", "C.", ""]],
        [["Lovelace\nTwo B.", "Ada", ""], ["", "", ""], ["Three", "C.", "", "Paris"]],
        [["Lovelace", "Ada", "Jr"], ["Two", "B."], ["Three"], [], [None, "Dee", None]],
        [["{\\'E}lan", 'Zo\\"e', ""], ["Two", "-B.", ""]],
    ],
)
def test_the_fast_path_for_authors_gives_the_result_of_reading_them_one_by_one(parsed: list[list[str | None]]) -> None:
    together = snapshot._authors(snapshot._Line(id="", authors_parsed=parsed))
    alone = [snapshot._authors(snapshot._Line(id="", authors_parsed=[each])) for each in parsed]
    assert together == tuple(author for authors in alone for author in authors)
    assert together
    assert all("\n" not in author.name for author in together)
