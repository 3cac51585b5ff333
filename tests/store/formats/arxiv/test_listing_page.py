"""arXiv's listing pages saved as HTML, in the layouts of its templates of several years."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.arxiv import listing_page
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.arxiv.listing_pages import FOOT, HEAD, RECENT, RESULTS, item, listed


def read(text: str) -> list[Item]:
    return list(listing_page.read(io.BytesIO(text.encode())))


def entries(items: list[Item]) -> list[Entry]:
    return [clean.entry(each) for each in items if isinstance(each, Entry)]


def reports(items: list[Item]) -> list[Item]:
    return [each for each in items if not isinstance(each, Entry)]


def test_recent_papers_have_the_day_of_the_heading_above_them() -> None:
    items = read(RECENT)
    assert [(each.paper.arxiv_id, each.listed_on, each.announce_type) for each in entries(items)] == [
        ("2601.20007", date(2026, 1, 26), "new"),
        ("2601.20008", date(2026, 1, 26), "cross"),
        ("hep-th/0601001", date(2026, 1, 23), "new"),
    ]
    assert all(each.paper.abstract is None for each in entries(items))
    (warning,) = reports(items)
    assert isinstance(warning, Warned)
    assert "3 of the 93 entries" in warning.text


def test_a_result_of_a_search_has_its_dates_abstract_and_identifiers() -> None:
    (entry,) = entries(read(RESULTS))
    paper = entry.paper
    assert paper.title == "A Wind of $10^3$ Lists"
    assert [author.name for author in paper.authors] == ["Ada Alpha", "Bert Beta"]
    assert (paper.published, paper.updated) == (date(2023, 10, 10), date(2025, 5, 12))
    assert paper.abstract == "The whole of it. It is longer."
    assert (paper.arxiv_id, paper.doi, paper.categories) == ("2310.06825", "10.1000/res.1", ("cs.CL", "cs.LG"))
    assert (paper.comment, paper.venue) == ("7 pages", "J. Winds 3 (2024) 4")
    assert (entry.listed_on, entry.announce_type) == (None, None)


def test_the_sections_of_older_pages_have_their_day_in_the_heading() -> None:
    page = (
        HEAD
        + "<h3>New submissions for Tue, 25 Jan 22</h3><dl>"
        + item(1, "2201.00001", "A First")
        + "</dl><h3>Cross-lists for Tue, 25 Jan 22</h3><dl>"
        + item(2, "2201.00002", "A Second")
        + "</dl><h3>Replacements for Tue, 25 Jan 22</h3><dl>"
        + item(3, "2101.00003", "A Third")
        + "</dl>"
        + FOOT
    )
    types_and_days = [(each.announce_type, each.listed_on) for each in entries(read(page))]
    assert types_and_days == [(kind, date(2022, 1, 25)) for kind in ("new", "cross", "replaced")]


def test_authors_that_the_page_leaves_out_are_counted() -> None:
    authors = '<a href="#">Ada Alpha</a>, <a href="#">Bert Beta</a>, et al. (72 additional authors not shown)'
    (entry,) = entries(read(HEAD + listed("New submissions", item(1, "2601.00001", "T", authors=authors)) + FOOT))
    assert [author.name for author in entry.paper.authors] == ["Ada Alpha", "Bert Beta"]
    assert entry.paper.author_count == 74


def test_a_formula_that_was_drawn_before_the_page_was_saved_is_its_source() -> None:
    title = (
        'Lists of <span class="MathJax_Preview"></span><span class="MathJax"><nobr>x2</nobr><span '
        'class="MJX_Assistive_MathML">x2</span></span><script type="math/tex" id="M-1">x^2</script> items'
    )
    (entry,) = entries(read(HEAD + listed("New submissions", item(1, "2601.00001", title)) + FOOT))
    assert entry.paper.title == "Lists of $x^2$ items"


def test_line_breaks_in_an_abstract_divide_paragraphs() -> None:
    rest = (
        '<p class=\'mathjax\'>We look at\n lists. <br>Code at <a href="https://github.com/a/b" class="link-external '
        'link-https" rel="external noopener nofollow">this https URL</a>.</p>'
    )
    (entry,) = entries(read(HEAD + listed("New submissions", item(1, "2601.00001", "T", rest=rest)) + FOOT))
    assert entry.paper.abstract == "We look at lists.\n\nCode at https://github.com/a/b."


def test_a_page_saved_by_the_extension_singlefile_is_whole() -> None:
    page = (
        "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://arxiv.org/list/cs.CL/new \n"
        "--><meta charset=utf-8><title>Computation and Language  </title>\n<h3>Showing new listings for Monday, 26 "
        "January 2026</h3>\n<dl id=articles><h3>New submissions (showing 1 of 1 entries)</h3><dt><a name=item1>[1]</a> "
        "<a href=https://arxiv.org/abs/2601.20007 title=Abstract id=2601.20007> arXiv:2601.20007 </a> [<a "
        "href=https://arxiv.org/pdf/2601.20007>pdf</a>]<dd><div class=meta><div class='list-title mathjax'><span "
        "class=descriptor>Title:</span> Reading Lists</div><div class=list-authors><a href=#>Ada Alpha</a></div></dl>"
    )
    assert detect(page.encode(), "page") is listing_page
    items = read(page)
    assert [each.paper.title for each in entries(items)] == ["Reading Lists"]
    assert reports(items) == []


def test_a_page_with_fewer_entries_than_it_counts_is_partial() -> None:
    page = HEAD + listed("New submissions (showing 3 of 3 entries)", item(1, "2601.00001", "A First")) + FOOT
    assert reports(read(page)) == [CutShort("the page counts 3 entries and holds 1")]


def test_an_entry_without_a_title_or_an_identifier_is_refused() -> None:
    page = HEAD + listed("New", item(1, "2601.00001", ""), "<dt>[2] <a href='/x'>y</a></dt><dd>z</dd>") + FOOT
    assert [each.reason for each in reports(read(page)) if isinstance(each, Refused)] == [
        "arXiv:2601.00001 has no title",
        "an entry without an arXiv identifier",
    ]


def test_a_day_without_papers_is_no_error() -> None:
    page = HEAD + "<dl id='articles'><p>No updates for this time period.</p></dl>" + FOOT
    (warning,) = read(page)
    assert isinstance(warning, Warned)
    with pytest.raises(ListingError, match="without a list"):
        read(HEAD + '<a href="https://arxiv.org/list/cs.CL/new">cs.CL</a>' + FOOT)
