"""Saved pages of one paper, in the layouts of archives and publishers."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from store.formats.pages import paper_page
from store.formats.registry import SURE_ENOUGH, formats
from store.model.entry import CutShort, Entry
from store.model.errors import ListingError
from store.model.paper import Paper
from store.text import clean
from tests.thorough import some

LONG = "We look at lists that people keep, and at what becomes of them. " * 5


def metas(**contents: str | list[str]) -> str:
    """HTML <meta> elements, one for each keyword argument. "__" in a name becomes ".": `DC__title` is "DC.title"."""
    return "".join(
        f'<meta name="{name.replace("__", ".")}" content="{content}"/>\n'
        for name, value in contents.items()
        for content in ([value] if isinstance(value, str) else value)
    )


def page(head: str, body: str = "<p>…</p>") -> str:
    return f"<!DOCTYPE html>\n<html lang='en'><head><title>x</title>\n{head}</head><body>{body}</body></html>\n"


def read(text: str) -> Paper:
    data = text.encode()
    assert [each.NAME for each in formats() if each.sniff(data[: 64 * 1024], "x.html") >= SURE_ENOUGH] == ["paper-page"]
    (entry,) = paper_page.read(io.BytesIO(data))
    assert isinstance(entry, Entry)
    return clean.entry(entry).paper


def names(paper: Paper) -> list[str]:
    return [author.name for author in paper.authors]


ARXIV = page(
    '<link rel="canonical" href="https://arxiv.org/abs/2601.20007"/>'
    + metas(
        citation_title="Lists of $x^2$ Things",
        citation_author=["Alpha, Ada", "van der Beta, Bert"],
        citation_date="2026/01/20",
        citation_online_date="2026/01/25",
        citation_pdf_url="https://arxiv.org/pdf/2601.20007v2",
        citation_arxiv_id="2601.20007",
    ),
    '<div id="abs"><blockquote class="abstract mathjax">\n<span class="descriptor">Abstract:</span>We look at '
    '<a href="x">lists</a>.\n</blockquote><table><tr><td class="tablecell subjects"><span class="primary-subject">'
    "Computation and Language (cs.CL)</span>; Machine Learning (cs.LG)</td></tr><tr><td class='tablecell label'>"
    "Comments:</td><td class='tablecell comments mathjax'>12 pages</td></tr><tr><td class='tablecell jref'>J. Lists 3 "
    "(2026) 4</td></tr></table></div>",
)


def test_the_page_of_a_paper_on_arxiv_is_read() -> None:
    paper = read(ARXIV)
    assert (paper.title, paper.arxiv_id, paper.arxiv_version) == ("Lists of $x^2$ Things", "2601.20007", 2)
    assert (names(paper), paper.published) == (["Ada Alpha", "Bert van der Beta"], date(2026, 1, 20))
    assert (paper.abstract, paper.categories) == ("We look at lists.", ("cs.CL", "cs.LG"))
    assert (paper.comment, paper.venue, paper.updated) == ("12 pages", "J. Lists 3 (2026) 4", date(2026, 1, 25))


def test_a_journal_with_affiliations() -> None:
    paper = read(
        page(
            metas(
                citation_journal_title="Journal of Lists &amp; Things",
                citation_title="A <i>List</i> of Cells",
                citation_volume="12",
                citation_issue="3",
                citation_firstpage="45",
                citation_lastpage="67",
                citation_publication_date="2026/02",
                citation_online_date="2026/01/25",
                citation_doi="10.1000/jl.1",
                dc__description=LONG,
            )
            + '<meta content="Ada Alpha" name="citation_author">\n'
            + '<meta name=citation_author_institution content="Some U.">'
            + metas(citation_author="Bert Beta", citation_pdf_url="https://journal.example.org/1.pdf")
        )
    )
    assert (paper.title, paper.doi) == ("A List of Cells", "10.1000/jl.1")
    assert paper.venue == "Journal of Lists & Things 12(3), 45–67"
    assert [(author.name, author.affiliations) for author in paper.authors] == [
        ("Ada Alpha", ("Some U.",)),
        ("Bert Beta", ()),
    ]
    assert (paper.published, paper.published_to) == (date(2026, 1, 25), "day")
    assert paper.abstract == LONG.strip()
    assert ("pdf", "https://journal.example.org/1.pdf") in [(link.kind, link.url) for link in paper.links]


def test_the_page_of_a_conference_paper_is_read() -> None:
    paper = read(
        page(
            metas(
                citation_title="Lists for Agents",
                citation_authors="Ada Alpha; Bert Beta; Cara Gamma",
                citation_date="2026-03-01",
                citation_conference_title="The Conference on Lists",
                citation_abstract="We give lists to agents. p <0.05 > x",
                og__x="y",
            ).replace("og.x", "og:x")
            + '<meta property="og:url" content="https://openreview.net/forum?id=abc"/>'
        )
    )
    assert names(paper) == ["Ada Alpha", "Bert Beta", "Cara Gamma"]
    assert (paper.venue, paper.abstract) == ("The Conference on Lists", "We give lists to agents. p <0.05 > x")
    assert [link.url for link in paper.links] == ["https://openreview.net/forum?id=abc"]


@pytest.mark.parametrize("prefix", ["DC.", "dc.", "DCTERMS.", "dc:"])
def test_a_page_with_dublin_core_metadata_is_read(prefix: str) -> None:
    head = metas(
        DC__title="Lists in an Archive",
        DC__creator=["Alpha, Ada", "Beta, Bert"],
        DC__date="2025-11-02",
        DC__identifier=["https://archive.example.org/1", "doi:10.1000/arch.1"],
        DC__source="Bulletin of Lists",
    ).replace("DC.", prefix)
    paper = read(page(head))
    assert (paper.title, paper.doi, paper.venue) == ("Lists in an Archive", "10.1000/arch.1", "Bulletin of Lists")
    assert (names(paper), paper.published) == (["Ada Alpha", "Bert Beta"], date(2025, 11, 2))


@pytest.mark.parametrize("wrap", ["alone", "list", "graph", "main entity"])
def test_a_page_with_schema_org_metadata_is_read(wrap: str) -> None:
    article: object = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": "Lists by Schema",
        "author": [
            {"@type": "Person", "name": "Ada Alpha", "affiliation": {"@type": "Organization", "name": "Some U."}},
            {"@type": "Person", "givenName": "Bert", "familyName": "Beta"},
        ],
        "datePublished": "2026-01-20T00:00:00Z",
        "description": LONG,
        "sameAs": "https://doi.org/10.1000/schema.1",
        "pageStart": "45",
        "pageEnd": "67",
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "3",
            "isPartOf": {
                "@type": "PublicationVolume",
                "volumeNumber": 12,
                "isPartOf": {"@type": "Periodical", "name": "Journal of Schemas"},
            },
        },
    }
    if wrap == "list":
        article = [{"@type": "WebSite", "name": "x"}, article]
    elif wrap == "graph":
        article = {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, article]}
    elif wrap == "main entity":
        article = {"@type": "WebPage", "mainEntity": article}
    paper = read(page(f'<script type="application/ld+json">{json.dumps(article)}</script>'))
    assert (paper.title, paper.doi) == ("Lists by Schema", "10.1000/schema.1")
    assert paper.venue == "Journal of Schemas 12(3), 45–67"
    assert [(author.name, author.affiliations) for author in paper.authors] == [
        ("Ada Alpha", ("Some U.",)),
        ("Bert Beta", ()),
    ]
    assert (paper.published, paper.abstract) == (date(2026, 1, 20), LONG.strip())


def test_the_identity_may_only_be_in_the_address_of_the_page() -> None:
    head = metas(citation_title="A Preprint of Lists", citation_author="Ada Alpha")
    saved = "<!-- saved from url=(0065)https://www.biorxiv.org/content/10.1101/2026.01.20.720027v1.full -->\n"
    paper = read(saved + page(head))
    assert paper.doi == "10.1101/2026.01.20.720027"


def test_a_description_that_is_cut_is_no_abstract() -> None:
    head = metas(citation_title="A Preprint of Lists", citation_author="Ada Alpha")
    assert read(page(head + metas(description=f"{LONG}…"))).abstract is None
    assert read(page(head + metas(description="A page about lists."))).abstract is None


@pytest.mark.parametrize(
    "text",
    [
        page('<meta name="description" content="A blog">'),
        page('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "News"}</script>'),
        page(metas(citation_title="x")).replace("<!DOCTYPE html>\n<html", "@misc{a, title={<html"),
    ],
)
def test_other_pages_are_not_read(text: str) -> None:
    assert paper_page.sniff(text.encode(), "x.html") < SURE_ENOUGH
    with pytest.raises(ListingError):
        list(paper_page.read(io.BytesIO(page("").encode())))


@pytest.mark.thorough
def test_a_page_that_ends_inside_its_head_is_partial() -> None:
    end = ARXIV.index("</head>")
    for cut in some(20, range(ARXIV.index("<head>") + 6, end)):
        assert list(paper_page.read(io.BytesIO(ARXIV[:cut].encode()))) == [
            CutShort("the page ends inside its head; save it again")
        ]


def test_the_page_of_a_paper_that_links_to_listings_is_no_listing() -> None:
    links = '<a href="https://arxiv.org/list/cs.CL/new">new</a> <a href="https://arxiv.org/a/alpha_a_1">Ada Alpha</a>'
    assert read(ARXIV.replace("<div id", f"{links}<div id")).arxiv_id == "2601.20007"
