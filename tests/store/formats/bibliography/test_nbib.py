"""PubMed's tagged text (.nbib), in the form in which its web site saves articles."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import nbib
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.model.partial_date import PartialDate
from store.text import clean

ARTICLE = """\
PMID- 26017442
OWN - NLM
STAT- MEDLINE
IS  - 1476-4687 (Electronic)
VI  - 521
IP  - 7553
DP  - 2015 May 28
TI  - Deep learning and a title
      that goes over two lines.
PG  - 436-44
LID - 10.1038/nature14539 [doi]
AB  - Deep learning allows models
      to learn.
FAU - LeCun, Yann
AU  - LeCun Y
AD  - Facebook AI Research, New York.
AD  - New York University.
FAU - Smith, John A Jr
AU  - Smith JA Jr
CN  - The Group
LA  - eng
PT  - Journal Article
DEP - 20150501
TA  - Nature
JT  - Nature
PMC - PMC4612345
AID - nature14539 [pii]
AID - 10.1038/nature14539 [doi]
SO  - Nature. 2015 May 28;521(7553):436-44. doi: 10.1038/nature14539.
"""
BOOK = """\
PMID- 20301295
STAT- Publisher
BTI - GeneReviews
TI  - [A chapter].
FED - Adam, Margaret P
FAU - Rosenthal, A
PB  - University of Washington
DP  - 1993
SO  - 1993.
"""
SHORT = """\
PMID- 3
DP  - 2010 Sep-Oct
TI  - Third...
AU  - Müller-Lüdenscheidt KH
AU  - Doe A
JT  - Revue
SO  - Revue. 2010.
"""


def read(text: str) -> list[Item]:
    return list(nbib.read(io.BytesIO(text.encode())))


def papers(text: str) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def test_an_article_is_read_field_by_field() -> None:
    (paper,) = papers(ARTICLE)
    assert paper.title == "Deep learning and a title that goes over two lines"
    assert paper.abstract == "Deep learning allows models to learn."
    assert paper.authors == (
        Author("Yann LeCun", ("Facebook AI Research, New York.", "New York University.")),
        Author("John A Jr Smith"),
        Author("The Group"),
    )
    assert paper.publication_date == PartialDate(date(2015, 5, 1))
    assert paper.doi == "10.1038/nature14539"
    assert paper.venue == "Nature 521(7553), 436–44"
    assert paper.links == (
        Link("page", "https://pubmed.ncbi.nlm.nih.gov/26017442/"),
        Link("page", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4612345/"),
    )


def test_a_chapter_of_a_book_and_an_article_with_short_names() -> None:
    chapter, short = papers(f"{BOOK}\n{SHORT}")
    assert (chapter.title, chapter.venue, chapter.publication_date) == (
        "A chapter",
        "GeneReviews",
        PartialDate(date(1993, 1, 1), "year"),
    )
    assert chapter.authors == (Author("A Rosenthal"),)
    assert (short.title, short.publication_date) == ("Third...", PartialDate(date(2010, 9, 1), "month"))
    assert short.authors == (Author("KH Müller-Lüdenscheidt"), Author("A Doe"))


def test_the_editors_of_a_book_without_authors_count_as_authors() -> None:
    (book,) = papers("PMID- 1\nBTI - A book\nFED - Adam, Margaret P\nPB  - Press\nDP  - 1993\nSO  - 1993.\n")
    assert (book.title, book.venue, book.authors) == ("A book", "Press", (Author("Margaret P Adam"),))


def test_the_format_is_detected_by_the_content_of_the_file() -> None:
    assert detect(f"\n\n{ARTICLE}".encode(), "upload.txt") is nbib
    assert nbib.sniff(b"PMID- 5\nsomething else\n", "x.nbib") < 0.5


def test_one_record_without_a_title_costs_no_other() -> None:
    items = read(f"{ARTICLE}\nPMID- 2\nDP  - 2010\nSO  - X. 2010.\n\n{SHORT}")
    assert [type(item) for item in items] == [Entry, Refused, Entry]
    assert items[1] == Refused(2, ARTICLE.count("\n") + 2, "no title")


@pytest.mark.parametrize("cut", [5, 40, len(ARTICLE) // 2, len(ARTICLE) - 75])
def test_a_file_that_ends_in_the_middle_says_so(cut: int) -> None:
    items = read(f"{SHORT}\n{ARTICLE[:cut]}")
    assert [type(item) for item in items] == [Entry, CutShort]


def test_a_file_without_a_record_says_so() -> None:
    with pytest.raises(ListingError, match="no PubMed record"):
        read("nothing\n")


ERIC = """OWN - ERIC
TI  - Lists in Schools. Research Report 2019-2
AU  - van Alpha, Ada B.
AU  - Beta, Bert
OT  - Lists
JT  - Journal of Lists
SO  - v21 n1 p12-24 2020
AID - http://lists.example.org/1
OID - EJ0000001
VI  - 21
IP  - 1
PG  - 12-24
DP  - 2020
LID - http://eric.ed.gov/?id=EJ0000001
AB  - We list.
LA  - English
PT  - Journal Articles
PT  - Reports - Research

OWN - ERIC
TI  - A List of Lists
JT  - ProQuest LLC
DP  - 2021
LID - http://eric.ed.gov/?id=ED0000002
PT  - Dissertations
"""


def test_the_records_of_eric() -> None:
    assert nbib.sniff(b"\n" + ERIC.encode(), "x.txt") > 0.9
    first, second = nbib.read(io.BytesIO(ERIC.encode()))
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    paper = first.paper
    assert paper.title == "Lists in Schools. Research Report 2019-2"
    assert [author.name for author in paper.authors] == ["Ada B. van Alpha", "Bert Beta"]
    assert (paper.venue, str(paper.published), paper.abstract) == (
        "Journal of Lists 21(1), 12–24", "2020-01-01", "We list.",
    )  # fmt: skip
    assert [link.url for link in paper.links] == ["http://lists.example.org/1", "http://eric.ed.gov/?id=EJ0000001"]
    assert (second.paper.title, second.paper.venue) == ("A List of Lists", "ProQuest LLC")


def test_a_record_of_eric_that_is_cut() -> None:
    *whole, cut = nbib.read(io.BytesIO(ERIC[: ERIC.index("LID - http://eric.ed.gov/?id=ED")].encode()))
    assert len(whole) == 1
    assert isinstance(cut, CutShort)
