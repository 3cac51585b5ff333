"""Feeds of papers: RSS 1.0 and 2.0 and Atom, in the forms of preprint servers, journals and PubMed."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.feeds import paper_feed
from store.formats.feeds.names import authors
from store.formats.registry import SURE_ENOUGH, detect
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Paper
from store.text import clean

RSS_2 = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" version="2.0"><channel><title>Some lists</title>\n'
)
PUBMED = """<item><title>Lists in &lt;i>E. coli&lt;/i></title>
<link>https://pubmed.ncbi.nlm.nih.gov/33170317/?utm_source=Other&amp;utm_medium=rss&amp;fc=1&amp;ff=2&amp;v=2.17</link>
<description>PURPOSE: We keep lists.</description>
<content:encoded><![CDATA[<div><p style="color: #4aa564;">J Lists. 2026 Jan 20. doi: 10.1000/pm.1. Online ahead of
 print.</p><p><b>ABSTRACT</b></p><p>PURPOSE: We keep lists.</p><p>RESULTS: Many.</p><p style="color: lightgray">PMID:<a
 href="https://pubmed.ncbi.nlm.nih.gov/33170317/?x">33170317</a> | DOI:<a href=https://doi.org/10.1000/pm.1>
10.1000/pm.1</a></p></div>]]></content:encoded><guid isPermaLink="false">pubmed:33170317</guid>
<pubDate>Tue, 20 Jan 2026 06:00:00 -0500</pubDate><dc:creator>Ada Alpha</dc:creator><dc:creator>B C Beta</dc:creator>
<dc:date>2026-01-20</dc:date><dc:source>J Lists</dc:source><dc:identifier>pmid:33170317</dc:identifier>
<dc:identifier>doi:10.1000/pm.1</dc:identifier></item>
"""
NATURE = """<item><title>Lists in nature</title><link>https://www.nature.com/articles/s41586-025-01234-5</link>
<content:encoded><![CDATA[<p>Nature, Published online: 20 January 2026; <a
href="https://www.nature.com/articles/s41586-025-01234-5">doi:10.1038/s41586-025-01234-5</a></p>They are there.]]>
</content:encoded><dc:creator>Ada Alpha</dc:creator>
<dc:source>Nature, Published online: 2026-01-20; | doi:10.1038/s41586-025-01234-5</dc:source></item>
"""
SCIENCE_DIRECT = """<item><title>Lists by the publisher</title>
<link>https://www.sciencedirect.com/science/article/pii/S0000000026000011?dgcid=rss_sd_all</link>
<description><![CDATA[<p>Publication date: March 2026</p><p><b>Source:</b> Journal of Lists, Volume 3</p>
<p>Author(s): Ada Alpha, Bert Beta</p>]]></description></item>
"""
PHYSICS = """<item><title>A measured list</title>
<link>http://link.aps.org/doi/10.1103/PhysRevLett.136.1234</link>
<description>Author(s): Ada Alpha and Bert Beta&lt;br/&gt;&lt;p&gt;We measure.&lt;/p&gt;&lt;br/&gt;[Phys. Rev. Lett.
 136, 1234] Published Tue Jan 20, 2026</description></item>
"""
PRISM = """<item><title>[ASAP] A List of Bonds</title><link>http://dx.doi.org/10.1021/acs.lists.1</link>
<prism:doi>10.1021/acs.lists.1</prism:doi><prism:publicationName>Lists &amp; Bonds</prism:publicationName>
<prism:volume>12</prism:volume><prism:number>3</prism:number><prism:startingPage>45</prism:startingPage>
<prism:endingPage>67</prism:endingPage><prism:coverDate>2026-02-03</prism:coverDate>
<dc:creator>Ada Alpha, Bert Beta, and Cara Gamma</dc:creator></item>
"""
BLOG = "<item><title>What we did</title><link>https://blog.example.org/a</link><description>Hi</description></item>"


def read(text: str) -> list[Item]:
    assert detect(text.encode(), "feed.xml") is paper_feed
    return list(paper_feed.read(io.BytesIO(text.encode())))


def papers(items: list[Item]) -> list[Paper]:
    return [clean.entry(each).paper for each in items if isinstance(each, Entry)]


def one(item: str) -> Paper:
    items = read(f"{RSS_2}{item}</channel></rss>")
    assert len(items) == 1
    return papers(items)[0]


def names(paper: Paper) -> list[str]:
    return [author.name for author in paper.authors]


def test_an_item_of_a_pubmed_feed_is_read() -> None:
    paper = one(PUBMED)
    assert (paper.title, paper.doi, paper.venue) == ("Lists in E. coli", "10.1000/pm.1", "J Lists")
    assert names(paper) == ["Ada Alpha", "B C Beta"]
    assert paper.abstract == "PURPOSE: We keep lists.\n\nRESULTS: Many."
    assert paper.published == date(2026, 1, 20)
    assert paper.links[0].url == "https://pubmed.ncbi.nlm.nih.gov/33170317/"


def test_a_journal_that_writes_its_name_the_date_and_the_doi_into_the_description() -> None:
    paper = one(NATURE)
    assert (paper.doi, paper.venue, paper.abstract) == ("10.1038/s41586-025-01234-5", "Nature", "They are there.")
    assert paper.published == date(2026, 1, 20)


def test_a_publisher_that_writes_fields_as_paragraphs() -> None:
    paper = one(SCIENCE_DIRECT)
    assert (names(paper), paper.venue) == (["Ada Alpha", "Bert Beta"], "Journal of Lists, Volume 3")
    assert (paper.published, paper.published_to, paper.abstract) == (date(2026, 3, 1), "month", None)


def test_authors_above_the_abstract_and_the_reference_below_it() -> None:
    paper = one(PHYSICS)
    assert (names(paper), paper.abstract) == (["Ada Alpha", "Bert Beta"], "We measure.")
    assert (paper.doi, paper.venue) == ("10.1103/physrevlett.136.1234", "Phys. Rev. Lett. 136, 1234")
    assert paper.published == date(2026, 1, 20)


def test_prism_names_volume_issue_and_pages() -> None:
    paper = one(PRISM)
    assert (paper.title, paper.venue) == ("A List of Bonds", "Lists & Bonds 12(3), 45–67")
    assert (names(paper), paper.published) == (["Ada Alpha", "Bert Beta", "Cara Gamma"], date(2026, 2, 3))


def test_an_atom_feed_links_to_papers_of_arxiv() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Lists</title><updated>2026-01-26T00:00:00Z</updated>
<entry><id>tag:x</id><title type="html">Cool &lt;b&gt;Lists&lt;/b&gt;</title>
<published>2026-01-23T18:59:30+01:00</published>
<link rel="enclosure" href="https://example.org/a.png"/>
<link rel="alternate" href="https://tldr.example.org/p/2601.20107"/>
<author><name>Ada Alpha</name></author><category term="cs.CL"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lists are cool.</p></div></content></entry></feed>"""
    (paper,) = papers(read(feed))
    assert (paper.arxiv_id, paper.title, paper.abstract) == ("2601.20107", "Cool Lists", "Lists are cool.")
    assert (names(paper), paper.published, paper.categories) == (["Ada Alpha"], date(2026, 1, 23), ("cs.CL",))


@pytest.mark.parametrize(
    "written",
    ["2026-01-20", "2026-01-20T06:00:00-05:00", "Tue, 20 Jan 2026 06:00:00 GMT", "2026-01-20-08:00", "20 January 2026"],
)
def test_dates_are_written_in_many_ways(written: str) -> None:
    paper = one(
        NATURE.replace(
            "<content:encoded>", f"<prism:publicationDate>{written}</prism:publicationDate><content:encoded>"
        )
    )
    assert paper.published == date(2026, 1, 20)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["Alpha, A., Beta, B. C., van Gamma, D. E.-F."], ["A. Alpha", "B. C. Beta", "D. E.-F. van Gamma"]),
        (["The LIST Consortium, Beta, B., Gamma, C."], ["The LIST Consortium", "B. Beta", "C. Gamma"]),
        (["Ada Alpha, Bert Beta and Cara Gamma"], ["Ada Alpha", "Bert Beta", "Cara Gamma"]),
        (["Alpha, Ada; Beta, Bert"], ["Ada Alpha", "Bert Beta"]),
        (["Alpha, Ada"], ["Ada Alpha"]),
        (["Alpha, Ada", "Beta, Bert"], ["Ada Alpha", "Bert Beta"]),
        (["Ada Alpha", ":", "Bert Beta"], ["Ada Alpha", "Bert Beta"]),
        (["noreply@example.org (Ada Alpha)"], ["Ada Alpha"]),
        (["by Ada Alpha, Bert Beta"], ["Ada Alpha", "Bert Beta"]),
    ],
)
def test_names_come_once_per_author_or_all_in_one(written: list[str], expected: list[str]) -> None:
    assert [author.name for author in authors(written)] == expected


def test_items_that_are_no_papers_are_left_out_and_counted() -> None:
    items = read(f"{RSS_2}{PUBMED}{BLOG}{BLOG}</channel></rss>")
    assert len(papers(items)) == 1
    (warning,) = (each for each in items if isinstance(each, Warned))
    assert warning.text.startswith("2 items of the feed are no paper")


def test_a_paper_without_a_title_is_refused() -> None:
    items = read(f"{RSS_2}{PUBMED.replace('Lists in &lt;i>E. coli&lt;/i>', ' ')}</channel></rss>")
    assert [each.reason for each in items if isinstance(each, Refused)] == ["'10.1000/pm.1' has no title"]


def test_a_feed_of_news_is_not_read() -> None:
    for feed in (f"{RSS_2.replace('prism', 'p')}{BLOG}</channel></rss>", "<feed><entry><id>x</id></entry></feed>"):
        assert paper_feed.sniff(feed.encode(), "feed.rss") < SURE_ENOUGH


def test_other_publishers() -> None:
    wiley = one(
        "<item><title>Lists by Wiley</title><link>https://onlinelibrary.wiley.com/doi/10.1002/li.1?af=R</link>"
        "<description>Journal of Lists, Volume 5, Issue 3, Page 1-10, March 2026.</description>"
        "<content:encoded>&lt;h2>ABSTRACT&lt;/h2> &lt;p>They are bound.&lt;/p></content:encoded>"
        "<dc:creator>\nAda Alpha, \nBert Beta\n</dc:creator></item>"
    )
    assert (wiley.abstract, wiley.venue, wiley.doi) == ("They are bound.", "Journal of Lists", "10.1002/li.1")
    assert (names(wiley), wiley.published) == (["Ada Alpha", "Bert Beta"], date(2026, 3, 1))
    mdpi = one(
        "<item><title>Sensors, Vol. 26, Pages 1234: Lists of Sensors</title>"
        "<link>https://www.mdpi.com/1424-8220/26/4/1</link>"
        "<description>&lt;p>&lt;b>Sensors, Vol. 26, Pages 1234: Lists of Sensors&lt;/b>&lt;/p> &lt;p>Sensors &lt;a "
        'href="https://www.mdpi.com/x">doi: 10.3390/s26041234&lt;/a>&lt;/p> &lt;p>Authors: Ada Alpha Bert Beta &lt;/p> '
        "&lt;p>They sense.&lt;/p></description><dc:creator>Ada Alpha</dc:creator><dc:creator>Bert Beta</dc:creator>"
        "</item>"
    )
    assert (mdpi.title, mdpi.doi, mdpi.abstract) == ("Lists of Sensors", "10.3390/s26041234", "They sense.")
    assert (names(mdpi), mdpi.venue) == (["Ada Alpha", "Bert Beta"], "Sensors")


def test_springer_writes_a_heading_above_the_abstract() -> None:
    paper = one(
        "<item><title>Lists by Springer</title><link>https://link.springer.com/10.1007/s00000-026-00001-1</link>"
        "<description>&lt;h3&gt;Abstract&lt;/h3&gt; &lt;p&gt;They are sprung.&lt;/p&gt;</description>"
        "<pubDate>2026-01-20</pubDate></item>"
    )
    assert (paper.doi, paper.abstract) == ("10.1007/s00000-026-00001-1", "They are sprung.")


def test_plos_names_all_authors_only_in_the_description() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>PLOS Lists</title>
<entry><title>Lists in Public</title><author><name>Ada Alpha</name></author>
<link rel="related" type="application/pdf" href="https://example.org/file?id=10.1371/journal.li.1.PDF"/>
<link href="https://journals.plos.org/plosone/article?id=10.1371/journal.li.1"/><id>10.1371/journal.li.1</id>
<published>2026-01-20T14:00:00Z</published>
<content type="html">&lt;p&gt;by Ada Alpha, Bert Beta&lt;/p&gt;\nThey are public.</content></entry></feed>"""
    (paper,) = papers(read(feed))
    assert (names(paper), paper.abstract, paper.doi) == (
        ["Ada Alpha", "Bert Beta"],
        "They are public.",
        "10.1371/journal.li.1",
    )
