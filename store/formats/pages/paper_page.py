"""Read a saved web page about one paper, from the metadata in the head of the page.

Publishers and archives add this metadata for Google Scholar and Zotero: meta elements such as `citation_title`, Dublin
Core, or an object of schema.org. The body is read only on pages of arXiv, for the abstract and a few other fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from store.formats.arxiv import listing_page
from store.formats.bibliography import fields
from store.formats.hugging_face import saved_page
from store.formats.links.page_titles import page_title
from store.formats.pages import head_metadata
from store.formats.pages.arxiv_body import ArxivBody, arxiv_body
from store.formats.pages.head_metadata import Meta, every, first
from store.formats.shared import html_text, ids_and_links, paper_addresses, text_lines
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item
from store.model.errors import ListingError
from store.model.paper import Paper
from store.model.partial_date import UNDATED, PartialDate

NAME = "paper-page"
TITLE = "A saved web page of one paper"
FAMILY = "page"
EXAMPLE = "A Paper - Journal of Lists.html"
STREAMS = False

_CITATION = re.compile(
    r"""<meta\s[^<>]{0,2000}?(?:name|property)\s*=\s*["']?(?:citation_title|dc(?:terms)?[.:]title)["'\s>]""", re.I
)
_CREATOR = re.compile(
    r"""=\s*["']?(?:citation_(?:authors?|doi|arxiv_id|date|publication_date)|dc(?:terms)?[.:]creator)""", re.I
)
_ARTICLE = re.compile(r""""@type"\s*:\s*\[?\s*"(?:https?://schema.org/)?(?:Medical)?ScholarlyArticle\"""")
_ADDRESS = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(?P<saved>https?://\S{4,1000})"
    r"""|<link\s(?=[^<>]{0,500}rel\s*=\s*["']?canonical)[^<>]{0,500}?href\s*=\s*["']?(?P<canonical>https?://[^\s"'<>]{4,1000})""",
    re.I,
)
_HEADING = re.compile(r"\A\s*(?:Abstract|Summary)\s*[:.]?\s*(?=\S)", re.I)
# Only this many characters at the start of a page are searched for the address of the page.
_MOST_READ = 300_000
# A description is used as the abstract only if it has at least this many characters and does not end in "…".
_SHORTEST_ABSTRACT = 200
_CUT = ("…", "...", "..")


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a web page about one paper: 0.85 or 0.

    It is 0.85 if the page has the metadata of one paper and no format for pages with several papers fits it.
    """
    text = text_lines.text(head)
    if not html_text.is_html(text):
        return 0.0
    has_metadata = (_CITATION.search(text) and _CREATOR.search(text)) or _ARTICLE.search(text)
    if not has_metadata or listing_page.sniff(head, name) or saved_page.sniff(head, name):
        return 0.0
    return 0.85


def read(stream: BinaryIO) -> Iterator[Item]:
    """The paper of the page. Raises ListingError when the metadata has no title."""
    page = html_text.read_page(stream)
    if (
        re.search(r"<head\b", page, re.I)
        and not re.search(r"</head\s*>|<body\b", page, re.I)
        and html_text.is_cut(page)
    ):
        yield CutShort("the page ends inside its head; save it again")
        return
    metas = head_metadata.metas(page)
    article = head_metadata.article(page) or {}
    title = first(metas, "citation_title", "dc.title", "prism.title") or head_metadata.text_of(
        article.get("headline") or article.get("name")
    )
    title = fields.plain(title)
    if title is None:
        raise ListingError("a web page that does not name the paper that it is about")
    yield Entry(paper=_paper(title, metas, article, page), line=1)


def _paper(title: str, metas: Meta, article: Any, page: str) -> Paper:
    text_of = head_metadata.text_of
    pdf = first(metas, "citation_pdf_url")
    addresses = [each for each in (*_page_addresses(page), first(metas, "og:url", "citation_public_url")) if each]
    identity = _identity(metas, article, [*addresses, *([pdf] if pdf else [])])
    body = arxiv_body(page) if identity.arxiv_id else ArxivBody()
    day, known_to = _published(metas, article) or UNDATED
    pmid = first(metas, "citation_pmid", "ncbi_uid")
    page_address = next(iter(addresses), None)
    return Paper(
        title=page_title(title) or title,
        abstract=_abstract(metas, article, body),
        authors=head_metadata.authors(metas)
        or head_metadata.people_of(article.get("author") or article.get("creator")),
        published=day,
        published_to=known_to,
        # On a page of arXiv, `citation_online_date` is the day of the newest version.
        updated=_day(first(metas, "citation_online_date")) if identity.arxiv_id else None,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        categories=body.categories,
        venue=_venue(metas, article) or body.journal,
        comment=body.comment,
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(identity.arxiv_id)),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ("page", None if identity.arxiv_id else page_address and paper_addresses.without_tracking(page_address)),
            ("page", ids_and_links.doi_page(identity.doi)),
            ("page", identifiers.pubmed_page(f"PMID: {pmid}") if pmid else None),
            ("pdf", None if identity.arxiv_id else pdf),
            ("page", text_of(article.get("url")) if not page_address and not identity.arxiv_id else None),
        ),
    )


def _identity(metas: Meta, article: Any, addresses: list[str]) -> ids_and_links.Identity:
    """The arXiv id and the DOI in the metadata; if it contains neither, those in the addresses of the page."""
    identifiers = [
        *every(metas, "citation_doi", "prism.doi", "dc.identifier.doi", "bepress_citation_doi", "doi"),
        *every(metas, "dc.identifier", "dc.source"),
        *head_metadata.texts_of(article.get("identifier")),
        head_metadata.text_of(article.get("@id")) or "",
        *head_metadata.texts_of(article.get("sameAs")),
    ]
    stated = ids_and_links.identity(
        dois=[each for each in identifiers if "10." in each],
        arxiv_ids=every(metas, "citation_arxiv_id"),
        mentions=identifiers,
    )
    if stated.arxiv_id or stated.doi:
        shown_ids = [each for each in map(paper_addresses.identity_of, addresses) if each.arxiv_id == stated.arxiv_id]
        version = next((each.arxiv_version for each in shown_ids if each.arxiv_version), None)
        return stated._replace(arxiv_version=stated.arxiv_version or (version if stated.arxiv_id else None))
    of_addresses = (paper_addresses.identity_of(each) for each in addresses)
    return next((each for each in of_addresses if each.arxiv_id or each.doi), stated)


def _published(metas: Meta, article: Any) -> PartialDate | None:
    """The most precise date of publication that has the same year as the first known date; None without a date."""
    dates = [
        fields.when(each)
        for each in (
            first(metas, "citation_publication_date", "citation_cover_date"),
            first(metas, "citation_date", "citation_online_date"),
            first(metas, "dc.date.issued", "dc.issued", "prism.publicationdate", "dc.date"),
            head_metadata.text_of(article.get("datePublished")),
            first(metas, "citation_year"),
        )
    ]
    known_dates = [each for each in dates if each]
    if not known_dates:
        return None
    # A later field is used only if it is more precise and has the same year.
    same_year = [each for each in known_dates if each.first_day.year == known_dates[0].first_day.year]
    return max(same_year, key=lambda each: ("year", "month", "day").index(each.precision))


def _venue(metas: Meta, article: Any) -> str | None:
    text_of = head_metadata.text_of
    part_of, volume, issue = article.get("isPartOf"), None, None
    journal: str | None = None
    # In schema.org, the paper is part of an issue, the issue of a volume, and the volume of a journal.
    for _ in range(3):
        if not isinstance(part_of, dict):
            break
        volume = volume or text_of(part_of.get("volumeNumber"))
        issue = issue or text_of(part_of.get("issueNumber"))
        journal = text_of(part_of.get("name")) or journal
        part_of = part_of.get("isPartOf")
    name = first(
        metas, "citation_journal_title", "citation_conference_title", "citation_inbook_title", "citation_book_title",
        "prism.publicationname", "citation_journal_abbrev", "dc.source", "dc.relation.ispartof",
        "citation_dissertation_institution", "citation_technical_report_institution",
    )  # fmt: skip
    name = None if name and ("://" in name or identifiers.doi_in(name)) else name
    return fields.venue(
        fields.plain(name or journal),
        first(metas, "citation_volume", "prism.volume") or volume,
        first(metas, "citation_issue", "prism.number", "prism.issue") or issue,
        fields.pages(
            first(metas, "citation_firstpage", "prism.startingpage") or text_of(article.get("pageStart")),
            first(metas, "citation_lastpage", "prism.endingpage") or text_of(article.get("pageEnd")),
        ),
    )


def _abstract(metas: Meta, article: Any, body: ArxivBody) -> str | None:
    """The abstract in the metadata, or else on arXiv's page, or else a long description that does not end in "…"."""
    stated = first(metas, "citation_abstract", "dc.abstract", "dc.description.abstract", "eprints.abstract")
    stated = stated or body.abstract
    if stated is None:
        descriptions = (
            head_metadata.text_of(article.get("abstract")),
            first(metas, "dc.description"),
            head_metadata.text_of(article.get("description")),
            first(metas, "description", "og:description"),
        )
        whole = (each for each in descriptions if each and len(each) >= _SHORTEST_ABSTRACT and not each.endswith(_CUT))
        stated = next(whole, None)
    text = fields.plain(stated)
    return _HEADING.sub("", text, count=1) if text else None


def _page_addresses(page: str) -> Iterator[str]:
    """The addresses of the page: first its canonical address, then the address from which it was saved."""
    matches = list(_ADDRESS.finditer(page[:_MOST_READ]))
    yield from (match["canonical"] for match in matches if match["canonical"])
    yield from (match["saved"] for match in matches if match["saved"])


def _day(text: str | None) -> date | None:
    """The day in a field; None when the field has no complete date."""
    parsed = fields.when(text)
    return parsed.first_day if parsed and parsed.precision == "day" else None
