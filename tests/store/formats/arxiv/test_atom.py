"""arXiv's Atom feeds: responses of its API, announcements, error messages, and responses without papers."""

from __future__ import annotations

import contextlib
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import atom
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id><title>arXiv Query: search_query=all:x</title>
"""


def read(text: str | bytes) -> list[Item]:
    return list(atom.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def entry(number: str = "2303.00763v2", inside: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{number}</id><title>A title</title><updated>2023-03-09T18:59:59Z</updated>"
        f"<published>2023-03-01T19:00:02Z</published><summary>An abstract.</summary>{inside}</entry>\n"
    )


def one(inside: str = "", number: str = "2303.00763v2") -> Entry:
    (paper_entry,) = entries(read(HEAD + entry(number, inside) + "</feed>"))
    return paper_entry


def real(listings: Path, name: str) -> dict[str | None, Entry]:
    (path,) = (listings / "arxiv-atom").glob(name)
    return {each.paper.arxiv_id: each for each in entries(read(path.read_bytes()))}


def test_every_real_file_gives_as_many_papers_as_it_has_entries(listings: Path) -> None:
    for path in sorted((listings / "arxiv-atom").iterdir()):
        data = path.read_bytes()
        if b"/api/errors" in data:
            with pytest.raises(ListingError, match="incorrect id format for abc"):
                read(data)
            continue
        items = read(data)
        assert len(entries(items)) == data.count(b"<entry>"), path.name
        assert [type(each) for each in items if not isinstance(each, Entry)] == [Warned] * (b"<entry>" not in data)
        for paper_entry in entries(items):
            assert (
                paper_entry.paper.title
                and paper_entry.paper.abstract
                and paper_entry.paper.authors
                and paper_entry.paper.categories
            )
            assert paper_entry.paper.published and paper_entry.paper.updated and paper_entry.paper.arxiv_version
        names = sum(len(each.paper.authors) for each in entries(items))
        assert names == data.count(b"<name>"), path.name


def test_a_real_entry_with_affiliations_is_read_field_by_field(listings: Path) -> None:
    paper_entry = real(listings, "*astro-ph_0601001*")["astro-ph/0601001"]
    paper = paper_entry.paper
    assert paper.title.startswith("Frequency of Hot Jupiters and Very Hot Jupiters from the OGLE-III")
    assert paper.authors == (
        Author("Andrew Gould", ("Ohio State",)),
        Author("Susan Dorsher", ("Ohio State",)),
        Author("B. Scott Gaudi", ("CfA",)),
        Author("Andrzej Udalski", ("Warsaw University Observatory",)),
    )
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2006, 1, 2), date(2006, 1, 2), 1)
    assert (paper.categories, paper.doi, paper.venue) == (("astro-ph",), None, "ActaAstron.56:1-50,2006")
    assert paper.comment is not None and paper.comment.endswith("/~gould/ogle_hot_jupiters.ps.gz")
    assert paper.abstract is not None and paper.abstract.startswith("We derive the frequencies of hot Jupiters")
    assert "V_max<17.5" in paper.abstract and "(1^{+1.39}_{-0.59})" in paper.abstract
    assert paper.links == (
        Link("page", "https://arxiv.org/abs/astro-ph/0601001"),
        Link("pdf", "https://arxiv.org/pdf/astro-ph/0601001"),
    )
    assert (paper_entry.line, paper_entry.listed_on, paper_entry.announce_type) == (10, None, None)


def test_a_real_entry_with_many_authors_is_read_field_by_field(listings: Path) -> None:
    paper = real(listings, "*1707.08567*")["1707.08567"].paper
    assert paper.title == "Proceedings of Workshop AEW10: Concepts in Information Theory and Communications"
    assert len(paper.authors) == 34
    assert [paper.authors[at].name for at in (0, 4, -2, -1)] == [
        "Kees A. Schouhamer Immink", "Peter H. N. de With", "Dirk Wübben", "Hirosuke Yamamoto",
    ]  # fmt: skip
    assert paper.comment == "44 pages, editors for the proceedings: Yanling Chen and A. J. Han Vinck"
    assert paper.categories == ("cs.IT",)


def test_a_real_entry_with_a_doi_is_read_field_by_field(listings: Path) -> None:
    paper = real(listings, "*q_testing_s50*")["1709.03221"].paper
    assert paper.doi == "10.1145/3106237.3106277"
    assert paper.categories == ("cs.SE", "cs.AI", "cs.CY", "cs.DB", "cs.LG")
    assert [each.name for each in paper.authors] == ["Sainyam Galhotra", "Yuriy Brun", "Alexandra Meliou"]
    assert paper.published == date(2017, 9, 11)
    assert paper.title == "Fairness Testing: Testing Software for Discrimination"


def test_the_version_is_separate_from_the_identifier() -> None:
    assert (one().paper.arxiv_id, one().paper.arxiv_version) == ("2303.00763", 2)
    assert (one().paper.published, one().paper.updated) == (date(2023, 3, 1), date(2023, 3, 9))
    old = one(number="math.GT/0309136v12").paper
    assert (old.arxiv_id, old.arxiv_version) == ("math/0309136", 12)
    bare = one(number="2303.00763").paper
    assert (bare.arxiv_id, bare.arxiv_version) == ("2303.00763", None)


def test_the_primary_category_is_first_and_classes_of_msc_and_acm_are_dropped() -> None:
    inside = (
        '<category term="cs.LG"/><category term="68T05, 62-07"/><category term="I.2.6; H.3"/><category term="math.ST"/>'
        '<category term="cs.LG"/><arxiv:primary_category term="math.ST"/>'
    )
    assert one(inside).paper.categories == ("math.ST", "cs.LG")


def test_a_doi_that_arxiv_registered_is_not_the_publishers_doi() -> None:
    assert one("<arxiv:doi>10.48550/arXiv.2303.00763</arxiv:doi>").paper.doi is None
    assert one("<arxiv:doi>10.1000/a 10.1000/b</arxiv:doi>").paper.doi == "10.1000/a"


def test_tex_becomes_letters_and_math_stays() -> None:
    inside = "<author><name>M{\\aa}ns  Erd\\H{o}s</name></author><arxiv:comment>\\% of $x_{1}$</arxiv:comment>"
    paper = one(inside).paper
    assert paper.authors == (Author("Måns Erdős"),)
    assert paper.comment == "% of $x_{1}$"


def test_namespace_prefixes_may_differ() -> None:
    text = (HEAD + entry() + "</feed>").replace("<", "<ns0:").replace("<ns0:/", "</ns0:").replace("<ns0:?", "<?")
    (paper_entry,) = entries(read(text.replace("ns0:arxiv:", "ns1:").replace("xmlns=", "xmlns:ns0=")))
    assert paper_entry.paper.title == "A title"


ANNOUNCED = """<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns="http://www.w3.org/2005/Atom"><id>https://rss.arxiv.org/atom/cs.AI</id><title>cs.AI updates on arXiv.org</title>
<entry><id>oai:arXiv.org:2604.21935v3</id><title>Math Takes Two</title><updated>2026-04-27T04:00:00+00:00</updated>
<link href="https://arxiv.org/abs/2604.21935" rel="alternate"/>
<summary>arXiv:2604.21935v3 Announce Type: replace-cross
Abstract: Although models ...</summary><category term="cs.AI"/><published>2026-04-27T00:00:00-04:00</published>
<arxiv:announce_type>replace-cross</arxiv:announce_type><arxiv:DOI>10.1000/x</arxiv:DOI>
<arxiv:journal_reference>J. 1</arxiv:journal_reference><dc:creator>A. One (MIT, Boston), B. Two</dc:creator>
</entry></feed>"""


def test_a_feed_of_announcements_gives_listing_days_and_no_publication_dates() -> None:
    (paper_entry,) = entries(read(ANNOUNCED))
    paper = paper_entry.paper
    assert (paper_entry.listed_on, paper_entry.announce_type) == (date(2026, 4, 27), "replaced")
    assert (paper.published, paper.updated, paper.arxiv_id, paper.arxiv_version) == (None, None, "2604.21935", 3)
    assert paper.abstract == "Although models ..."
    assert paper.authors == (Author("A. One", ("MIT, Boston",)), Author("B. Two"))
    assert (paper.doi, paper.venue) == ("10.1000/x", "J. 1")


def test_an_error_of_arxiv_is_raised_with_its_message() -> None:
    with pytest.raises(ListingError, match="start must be an integer"):
        read(
            HEAD
            + "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>"
            + "<summary>start must be an integer</summary></entry></feed>"
        )
    with pytest.raises(ListingError, match="Invalid archive 'foo'"):
        read(
            "<feed><title>Feed error for query: https://rss.arxiv.org/atom/foo</title>"
            "<subtitle>Invalid archive 'foo'</subtitle></feed>"
        )


def test_an_answer_without_papers_gives_a_warning() -> None:
    (warned,) = read(HEAD + "</feed>")
    assert isinstance(warned, Warned) and "holds no papers" in warned.text and "search_query=all:x" in warned.text


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry("2303.0"), "no arXiv identifier"),
        ("<entry><title>x</title></entry>", "no arXiv identifier"),
        (entry().replace("A title", " "), "no title"),
        (entry(inside="<arxiv:comment>AT&T</arxiv:comment>"), "not well-formed"),
    ],
)
def test_an_invalid_entry_costs_no_other_entry(bad: str, reason: str) -> None:
    items = read(HEAD + entry("2303.00001v1") + bad + "\n" + entry("2303.00003v1") + "</feed>")
    assert [type(each) for each in items] == [Entry, Refused, Entry]
    refused = items[1]
    assert isinstance(refused, Refused)
    assert (refused.index, refused.line) == (2, 5) and reason in refused.reason


def test_a_cut_real_file_is_reported_and_the_cut_entry_is_not_produced(listings: Path) -> None:
    data = (listings / "arxiv-atom" / "sotawhat-arxiv_transformer.xml").read_bytes().rstrip()
    whole = entries(read(data))
    for cut in range(0, len(data), 37):
        try:
            items = read(data[:cut])
        except ListingError:
            assert b"<id>" not in data[:cut]
            continue
        assert entries(items) == whole[: data[:cut].count(b"</entry>")], cut
        assert [type(each) for each in items if not isinstance(each, Entry)] == [CutShort], cut


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "</feed>").encode(),
        b"\xef\xbb\xbf" + HEAD.encode(),
        HEAD.encode("utf-16"),
        HEAD.replace("<feed", "<!-- c --><?x y?>\n<!DOCTYPE feed>\n<feed").encode(),
        ANNOUNCED.encode(),
    ],
)
def test_a_feed_of_arxiv_is_detected_by_its_content(data: bytes) -> None:
    assert atom.sniff(data, "x.txt") >= 0.5


def test_no_other_file_is_detected_as_one(listings: Path) -> None:
    blog = b"<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id><entry>https://arxiv.org/abs/2303.00001</entry></feed>"
    assert atom.sniff(blog, "arxiv.xml") == 0
    for path in listings.glob("*/*"):
        sure = atom.sniff(path.read_bytes()[: 64 * 1024], path.name)
        assert (sure >= 0.5) == (path.parent.name == "arxiv-atom"), path


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_give_items_or_a_listing_error(data: bytes, at: int) -> None:
    whole = (HEAD + entry() + entry() + "</feed>").encode()
    for each in (data, whole[:at] + data + whole[at:], whole[:at] + data + whole[at + len(data) :]):
        atom.sniff(each, "")
        with contextlib.suppress(ListingError):
            read(each)
