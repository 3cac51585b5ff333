"""EndNote's tagged text, as Google Scholar, ACM and others export it."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import endnote_tagged
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean

ACM = """\
%0 Journal Article
%1 3065386
%A Alex Krizhevsky
%A Sutskever, Ilya
%T ImageNet Classification with
Deep Networks
%J Commun. ACM
%@ 0001-0782
%V 60
%N 6
%P 84-90
%D 2017
%R 10.1145/3065386
%U https://doi.org/10.1145/3065386
%X We trained a large network.

It has <i>many</i> weights.
%8 May 24, 2017
%> https://example.org/paper.pdf
"""
SCHOLAR = """\
%0 Conference Proceedings
%T Attention is all you need
%A Vaswani, Ashish
%B Advances in Neural Information Processing Systems
%P 5998-6008
%D 2017
"""
ARXIV = "%0 Generic\n%T Third\n%A B, A\n%D 2014\n%J arXiv preprint arXiv:1409.0473\n"


def read(text: str) -> list[Item]:
    return list(endnote_tagged.read(io.BytesIO(text.encode())))


def papers(text: str) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def test_an_article_is_read_field_by_field() -> None:
    (paper,) = papers(ACM)
    assert paper.title == "ImageNet Classification with Deep Networks"
    assert paper.abstract == "We trained a large network.\n\nIt has many weights."
    assert paper.authors == (Author("Alex Krizhevsky"), Author("Ilya Sutskever"))
    assert paper.published == date(2017, 5, 24)
    assert (paper.doi, paper.venue) == ("10.1145/3065386", "Commun. ACM 60(6), 84–90")
    assert paper.links == (
        Link("page", "https://doi.org/10.1145/3065386"),
        Link("pdf", "https://example.org/paper.pdf"),
    )


def test_several_entries_in_one_file_are_separated() -> None:
    first, second, third = papers(f"{ACM}\n{SCHOLAR}{ARXIV}")
    assert first.title.startswith("ImageNet")
    assert second.venue == "Advances in Neural Information Processing Systems, 5998–6008"
    assert (third.arxiv_id, third.venue) == ("1409.0473", None)
    plain = SCHOLAR.replace("%0 Conference Proceedings\n", "")
    assert len(papers(f"{plain}\n{plain}")) == 2


def test_editors_stand_in_for_the_authors_of_a_book() -> None:
    (book,) = papers("%0 Edited Book\n%T A book\n%E Babbage, Charles\n%I Press\n%D 2001\n")
    assert (book.authors, book.venue) == ((Author("Charles Babbage"),), "Press")


def test_the_format_is_detected_by_the_content_of_the_file() -> None:
    assert detect(ACM.encode(), "upload.txt") is endnote_tagged
    assert detect(b"\xef\xbb\xbf" + SCHOLAR.encode(), "upload.txt") is endnote_tagged
    assert endnote_tagged.sniff(b"%PDF-1.5\n%T x\n", "x.enw") < 0.5
    assert endnote_tagged.sniff(b"%% Encoding: UTF-8\n@article{a, title={x}}\n", "x.enw") < 0.5


def test_one_entry_without_a_title_costs_no_other_and_notes_are_no_papers() -> None:
    items = read(f"{SCHOLAR}\n%0 Book\n%A B, A\n%D 2001\n\n%0 Note\n%T mine\n\n{ARXIV}")
    assert [type(item) for item in items] == [Entry, Refused, Entry, Warned]
    assert items[1] == Refused(2, 8, "no title")


@pytest.mark.parametrize("tail", ["%", "%0", "%0 Journal Article\n", "%0 Book\n%T A ti", "%0 Book\n%T A\n%A Bab"])
def test_a_file_that_ends_in_the_middle_says_so(tail: str) -> None:
    items = read(f"{SCHOLAR}\n{tail}")
    assert isinstance(items[0], Entry)
    assert isinstance(items[-1], CutShort)
    assert len(items) == 2


def test_a_file_without_a_line_end_may_go_on() -> None:
    entry, warned = read(SCHOLAR.rstrip())
    assert isinstance(entry, Entry)
    assert isinstance(warned, Warned)


def test_a_file_without_an_entry_says_so() -> None:
    with pytest.raises(ListingError, match="no EndNote entry"):
        read("nothing\n")


def test_all_authors_may_stand_on_one_line() -> None:
    text = "%0 Journal Article\n%A 王小明%A 李华\n%T 风筝\n%D 2020\n"
    (item,) = endnote_tagged.read(io.BytesIO(text.encode()))
    assert isinstance(item, Entry)
    assert [author.name for author in item.paper.authors] == ["王小明", "李华"]
