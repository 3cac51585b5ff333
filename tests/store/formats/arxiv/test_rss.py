"""arXiv's RSS feeds: announcements of a day, weekends, errors, and the feeds before 2024."""

from __future__ import annotations

import contextlib
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import rss
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>
<description>cs.LG updates on the arXiv.org e-print archive.</description>
<pubDate>Mon, 27 Apr 2026 00:00:00 -0400</pubDate><skipDays><day>Saturday</day></skipDays>
"""
END = "</channel></rss>"


def read(text: str | bytes) -> list[Item]:
    return list(rss.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def entry(number: str = "2604.21935", kind: str = "new", inside: str = "") -> str:
    return (
        f"<item><title>A title</title><link>https://arxiv.org/abs/{number}</link>"
        f"<description>arXiv:{number}v2 Announce Type: {kind} \nAbstract: An abstract.</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{number}v2</guid><category>cs.LG</category>{inside}</item>\n'
    )


def one(text: str) -> Entry:
    (paper_entry,) = entries(read(HEAD + text + END))
    return paper_entry


def test_every_real_file_gives_as_many_papers_as_it_has_items(listings: Path) -> None:
    for path in sorted((listings / "arxiv-rss").iterdir()):
        data = path.read_bytes()
        items = read(data)
        assert [type(each) for each in items] == [Entry] * data.count(b"<item>"), path.name
        assert data.count(b"<item>") == 3


REAL = [
    (
        "distill-arxiv_cs_ai.xml", "2604.21935", ("cs.AI", "cs.LG"), 2, "Michael Cooper", "Samuel Cooper",
        "Math Takes Two: A test for emergent mathematical reasoning in communication",
        "Although language models demonstrate remarkable proficiency", 16,
    ),
    (
        "distill-arxiv_cs_ai.xml", "2604.21936", ("cs.AI", "cs.CV", "cs.MA"), 18, "Lianrui Zuo", "Bennett A. Landman",
        "An Artifact-based Agent Framework for Adaptive and Reproducible Medical Image Processing",
        "Medical imaging research is increasingly shifting", 29,
    ),
    (
        "distill-arxiv_cs_lg.xml", "2604.21952", ("cs.LG", "cs.AI", "cs.AR", "cs.NE", "cs.RO"), 6, "Muhammad Shafique",
        "Minghao Shao",
        "Focus Session: Hardware and Software Techniques for Accelerating Multimodal Foundation Models",
        "This work presents a multi-layered methodology", 16,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "number", "categories", "count", "first", "last", "title", "start", "line"), REAL)
def test_a_real_item_is_read_field_by_field(
    listings: Path,
    file: str,
    number: str,
    categories: tuple[str, ...],
    count: int,
    first: str,
    last: str,
    title: str,
    start: str,
    line: int,
) -> None:
    paper_entry = {each.paper.arxiv_id: each for each in entries(read((listings / "arxiv-rss" / file).read_bytes()))}[
        number
    ]
    paper = paper_entry.paper
    assert (paper.title, paper.categories, paper.arxiv_version) == (title, categories, 1)
    assert (len(paper.authors), paper.authors[0], paper.authors[-1]) == (count, Author(first), Author(last))
    assert paper.abstract is not None and paper.abstract.startswith(start)
    assert (paper.published, paper.updated) == (None, None)
    assert (paper_entry.listed_on, paper_entry.announce_type, paper_entry.line) == (date(2026, 4, 27), "new", line)
    assert paper.links == (
        Link("page", f"https://arxiv.org/abs/{number}"),
        Link("pdf", f"https://arxiv.org/pdf/{number}"),
    )


def test_commands_in_a_real_abstract_are_replaced_by_their_text(listings: Path) -> None:
    paper_entry = entries(read((listings / "arxiv-rss" / "distill-arxiv_cs_ai.xml").read_bytes()))[1]
    assert paper_entry.paper.abstract is not None
    assert "become central: adaptability, the ability" in paper_entry.paper.abstract


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("new", "new"),
        ("cross", "cross"),
        ("replace", "replaced"),
        ("replace-cross", "replaced"),
        ("absonly", "replaced"),
        ("other", None),
    ],
)
def test_the_announcement_type_comes_from_the_item_or_its_description(written: str, kind: str | None) -> None:
    assert one(entry(kind=written)).announce_type == kind
    assert one(entry(inside=f"<arxiv:announce_type>{written}</arxiv:announce_type>")).announce_type == (kind or "new")


def test_commas_inside_parentheses_do_not_separate_names() -> None:
    inside = "<dc:creator>A. One (MIT, Boston), B. Two, M\\'edecins and Others Team</dc:creator>"
    assert one(entry(inside=inside)).paper.authors == (
        Author("A. One", ("MIT, Boston",)),
        Author("B. Two"),
        Author("Médecins and Others Team"),
    )


def test_an_item_has_its_own_day_or_that_of_the_feed() -> None:
    assert one(entry()).listed_on == date(2026, 4, 27)
    inside = "<pubDate>Tue, 28 Apr 2026 00:00:00 -0400</pubDate>"
    assert one(entry(inside=inside)).listed_on == date(2026, 4, 28)


def test_doi_and_journal_are_read_but_not_a_doi_that_arxiv_registered() -> None:
    inside = "<arxiv:DOI>10.1000/x</arxiv:DOI><arxiv:journal_reference>J. of\n Things</arxiv:journal_reference>"
    paper = one(entry(inside=inside)).paper
    assert (paper.doi, paper.venue) == ("10.1000/x", "J. of Things")
    assert one(entry(inside="<arxiv:DOI>10.48550/arXiv.2604.21935</arxiv:DOI>")).paper.doi is None


def test_the_identifier_may_stand_in_any_field_of_an_item() -> None:
    for text in (
        "<item><title>t</title><link>https://arxiv.org/abs/math.GT/0309136</link></item>",
        "<item><title>t</title><guid>oai:arXiv.org:math/0309136</guid></item>",
        "<item><title>t</title><description>arXiv:math/0309136 Announce Type: new</description></item>",
    ):
        assert one(text).paper.arxiv_id == "math/0309136"


OLD = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://export.arxiv.org/rss/cs.LG"><title>cs.LG updates on arXiv.org</title>
<link>http://export.arxiv.org/</link><description>Computer Science</description>
<dc:date>2023-01-03T20:30:00-05:00</dc:date>
<items><rdf:Seq><rdf:li rdf:resource="http://arxiv.org/abs/2301.00001"/></rdf:Seq></items></channel>
<item rdf:about="http://arxiv.org/abs/2301.00001">
<title>NFTrig: Using Blockchain. (arXiv:2301.00001v2 [cs.HC] UPDATED)</title><link>http://arxiv.org/abs/2301.00001</link>
<description rdf:parseType="Literal">&lt;p&gt;NFTrig is a web-based application,
1 &amp;lt; 2.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>
<dc:creator>&lt;a href="http://arxiv.org/find/1"&gt;Jordan Thompson&lt;/a&gt;,
&lt;a href="x"&gt;Ryan Benac&lt;/a&gt; (MIT)</dc:creator>
</item></rdf:RDF>"""


def test_a_feed_from_before_2024_is_read() -> None:
    (paper_entry,) = entries(read(OLD))
    paper = paper_entry.paper
    assert (paper.title, paper.arxiv_id, paper.arxiv_version) == ("NFTrig: Using Blockchain", "2301.00001", 2)
    assert (paper_entry.announce_type, paper_entry.listed_on) == ("replaced", date(2023, 1, 3))
    assert paper.authors == (Author("Jordan Thompson"), Author("Ryan Benac", ("MIT",)))
    assert paper.categories == ("cs.HC",)
    assert paper.abstract == "NFTrig is a web-based application, 1 < 2.\n\nTwo."


def test_a_weekend_feed_gives_a_warning() -> None:
    (warned,) = read(HEAD + END)
    assert isinstance(warned, Warned) and "holds no papers" in warned.text and "cs.LG updates" in warned.text


def test_an_error_feed_is_raised_with_its_message() -> None:
    text = HEAD.replace("cs.LG updates on arXiv.org<", "Feed error for query: https://rss.arxiv.org/rss/foo<")
    text = text.replace("cs.LG updates on the arXiv.org e-print archive.", "Invalid archive 'foo'")
    with pytest.raises(ListingError, match="Invalid archive 'foo'"):
        read(text + END)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("<item><title>t</title><link>https://example.org/</link></item>", "no arXiv identifier"),
        ("<item/>", "no arXiv identifier"),
        (entry().replace("A title", ""), "no title"),
        (entry(inside="<x>AT&T</x>"), "not well-formed"),
    ],
)
def test_an_invalid_item_costs_no_other_item(bad: str, reason: str) -> None:
    items = read(HEAD + entry("2604.00001") + bad + entry("2604.00003") + END)
    assert [type(each) for each in items] == [Entry, Refused, Entry]
    refused = items[1]
    assert isinstance(refused, Refused)
    assert refused.index == 2 and reason in refused.reason


def test_a_cut_real_file_is_reported_and_the_cut_item_is_not_produced(listings: Path) -> None:
    data = (listings / "arxiv-rss" / "distill-arxiv_cs_lg.xml").read_bytes().rstrip()
    whole = entries(read(data))
    for cut in range(0, len(data), 13):
        try:
            items = read(data[:cut])
        except ListingError:
            assert b"<title>" not in data[:cut]
            continue
        assert entries(items) == whole[: data[:cut].count(b"</item>")], cut
        assert [type(each) for each in items if not isinstance(each, Entry)] == [CutShort], cut


@pytest.mark.parametrize(
    "data",
    [
        HEAD.encode(),
        b"\xef\xbb\xbf<!-- c -->" + HEAD.partition("\n")[2].encode(),
        HEAD.encode("utf-16"),
        OLD.encode(),
        b"<rss><channel><title>Feed error for query: https://rss.arxiv.org/rss/foo</title></channel></rss>",
    ],
)
def test_a_feed_of_arxiv_is_detected_by_its_content(data: bytes) -> None:
    assert rss.sniff(data, "x.txt") >= 0.5


def test_no_other_file_is_detected_as_one(listings: Path) -> None:
    assert rss.sniff(b"<rss><channel><link>https://arxiv.org/abs/2303.00001</link></channel></rss>", "") == 0
    for path in listings.glob("*/*"):
        sure = rss.sniff(path.read_bytes()[: 64 * 1024], path.name)
        assert (sure >= 0.5) == (path.parent.name == "arxiv-rss"), path


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 700))
def test_any_bytes_give_items_or_a_listing_error(data: bytes, at: int) -> None:
    whole = (HEAD + entry() + entry() + END).encode()
    for each in (data, whole[:at] + data + whole[at:], whole[:at] + data + whole[at + len(data) :]):
        rss.sniff(each, "")
        with contextlib.suppress(ListingError):
            read(each)
