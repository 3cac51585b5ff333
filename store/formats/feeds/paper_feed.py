"""Read RSS and Atom feeds of papers from preprint servers, journals, PubMed and sites that list papers.

RSS 1.0 feeds and many RSS 2.0 feeds describe their items with Dublin Core (`dc:creator`) and PRISM (`prism:doi`). If a
feed has neither, the address of an item identifies the paper. arXiv's own feeds are read by the formats of arXiv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.arxiv import atom, rss
from store.formats.bibliography import fields
from store.formats.feeds import descriptions
from store.formats.feeds.names import authors
from store.formats.shared import ids_and_links, markup, paper_addresses, text_lines, xml_records
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.paper import Paper
from store.model.partial_date import UNDATED

NAME = "feed"
TITLE = "RSS and Atom feeds of papers (bioRxiv, journals, PubMed)"
FAMILY = "feed"
EXAMPLE = "biorxiv-neuroscience.rss"
STREAMS = False

_ROOTS = ("rss", "RDF", "feed")
_RSS_1 = "purl.org/rss/1.0/"
# Elements that occur only in feeds of publications.
_OF_PAPERS = re.compile(r"<(?:prism:(?:doi|publicationName|publicationDate|coverDate|section|volume|issn)|citation_)\b")
_IDENTIFIED = re.compile(
    r"""<(?:[a-z]{1,10}:)?(?:link|guid|id|identifier|doi|url)\b[^<>]{0,200}>\s*(?:<!\[CDATA\[\s*)?([^<>\s\]]{5,400})"""
    r"""|<link\b[^<>]{0,200}\bhref=["']([^"'<>]{5,400})|\babout=["']([^"'<>]{5,400})""",
)
# The largest number of addresses in a feed that `_lists_papers` examines.
_MOST_ADDRESSES = 300
_IDENTIFIER = re.compile(r"(?:doi|pmid)\s?:\s?\d", re.I)
_PMID = re.compile(r"(?:pmid|pubmed)\s?:\s?(\d{1,9})", re.I)
_BEFORE_TITLE = re.compile(
    r"\A\s*\[(?:ASAP|Articles?|Correspondence|Comment|Editorial|Review|Perspectives?)\]\s*", re.I
)
_DATES = (
    "publicationDate",
    "published",
    "issued",
    "date",
    "pubDate",
    "coverDate",
    "coverDisplayDate",
    "updated",
    "modified",
)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a feed of papers: 0.8 or 0.

    It is 0.8 for a feed with elements for publications, or with items whose addresses lead to papers.
    """
    root = xml_records.root(head)
    if root not in _ROOTS or rss.sniff(head, name) or atom.sniff(head, name):
        return 0.0
    text = text_lines.text(head)
    if root == "RDF" and _RSS_1 not in text:
        return 0.0
    return 0.8 if _OF_PAPERS.search(text) or _lists_papers(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the feed. Items that are not papers are left out, and a warning contains their number."""
    channel: dict[str, str] = {}
    left_out = produced = 0
    cut = False
    aside = {"title", "publicationName", "date", "pubDate"}
    for item in xml_records.records(stream, roots=_ROOTS, names={"item", "entry"}, aside=aside):
        if not isinstance(item, xml_records.Record):
            cut = cut or isinstance(item, CutShort)
            produced += isinstance(item, Refused)
            yield item
        elif item.element.tag not in ("item", "entry"):
            if text := xml_records.text(item.element):
                channel.setdefault(item.element.tag, text)
        elif entry := _entry(item, channel.get("publicationName")):
            produced += 1
            yield entry
        else:
            left_out += 1
    if left_out:
        what = "an item of the feed is" if left_out == 1 else f"{left_out} items of the feed are"
        yield Warned(f"{what} no paper by address, DOI or authors, and left out")
    elif not produced and not cut:
        yield Warned(f"the feed holds no papers ({channel.get('title', 'it has no title')})")


def _lists_papers(text: str) -> bool:
    """Whether at least one address or identifier in the feed `text` belongs to a paper."""
    for at, match in enumerate(_IDENTIFIED.finditer(text)):
        if at == _MOST_ADDRESSES:
            return False
        address = (match[1] or match[2] or match[3]).replace("&amp;", "&")
        if _IDENTIFIER.match(address) or paper_addresses.is_of_paper(address):
            return True
    return False


def _entry(record: xml_records.Record, journal: str | None) -> Entry | Refused | None:
    """The entry of an item; None when nothing shows that the item is a paper."""
    element = record.element
    addresses = _addresses(element)
    identifier_texts = [*xml_records.child_texts(element, "identifier"), *xml_records.child_texts(element, "doi")]
    described = descriptions.described(_texts(element))
    identity = _identity(addresses, identifier_texts, described.source)
    # PLOS has only the first author in the author field, and all authors in the description. Use the longer list.
    listed = max(authors(_names(element)), authors(described.names), key=len)
    name_of_journal = xml_records.child_text(element, "publicationName") or journal or described.journal
    has_identity = bool(identity.arxiv_id or identity.doi) or any(map(paper_addresses.is_of_paper, addresses))
    if not has_identity and not (name_of_journal and listed):
        return None
    title = fields.plain(_title(element))
    if title is None:
        return Refused(record.index, record.line, f"{(identity.arxiv_id or identity.doi or 'an item')!r} has no title")
    day, known_to = fields.when(*_dates(element), described.date) or UNDATED
    page = next((each for each in addresses if ids_and_links.address(each)), None)
    pmid = next((match[1] for each in (*identifier_texts, *addresses) if (match := _PMID.search(each))), None)
    paper = Paper(
        title=title,
        abstract=described.abstract,
        authors=listed,
        published=day,
        published_to=known_to,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        categories=identifiers.categories_in(_subjects(element)),
        venue=_venue(element, name_of_journal),
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(identity.arxiv_id)),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ("page", page and paper_addresses.without_tracking(page)),
            ("page", identifiers.pubmed_page(f"PMID: {pmid}") if pmid else None),
            ("page", ids_and_links.doi_page(identity.doi)),
        ),
    )
    return Entry(paper=paper, line=record.line)


def _title(element: Element) -> str:
    """The title of an item without the labels that some publishers write before it, for example "[ASAP]"."""
    title = _BEFORE_TITLE.sub("", xml_records.child_text(element, "title") or "", count=1)
    return descriptions.BEFORE_TITLE.sub("", title, count=1)


def _addresses(element: Element) -> list[str]:
    """The addresses of an item, the best one first: from its links, its identifiers, and its attribute `about`."""
    atom_links = sorted(
        (each for each in element.findall("link") if each.get("href")), key=lambda each: each.get("rel") != "alternate"
    )
    texts = [
        *(each.get("href", "") for each in atom_links),
        *(xml_records.text(each) or "" for each in element.findall("link")),
        *xml_records.child_texts(element, "url"),
        *xml_records.child_texts(element, "guid"),
        *xml_records.child_texts(element, "id"),
        element.get("about", ""),
    ]
    return list(dict.fromkeys(paper_addresses.target(each) for each in texts if each))


def _identity(addresses: list[str], identifiers: list[str], source: str | None) -> ids_and_links.Identity:
    """The arXiv id and the DOI of an item.

    Each is taken from the first of these that contains it: the fields for identifiers, the addresses, the line
    `source`.
    """
    stated = ids_and_links.identity(dois=[each for each in identifiers if "10." in each], arxiv_ids=identifiers)
    of_addresses = [paper_addresses.identity_of(each) for each in addresses]
    mentioned = ids_and_links.identity(mentions=[source])
    arxiv = next((each for each in (stated, *of_addresses, mentioned) if each.arxiv_id), None)
    doi = next((each.doi for each in (stated, *of_addresses, mentioned) if each.doi), None)
    return ids_and_links.Identity(arxiv.arxiv_id if arxiv else None, arxiv.arxiv_version if arxiv else None, doi)


def _texts(element: Element) -> list[str]:
    """The descriptions of an item, the longest one first."""
    texts: list[str] = []
    for name in ("encoded", "description", "summary", "content", "abstract"):
        for each in element.findall(name):
            # An Atom element may contain XHTML elements. Its text is then inside these elements.
            texts.append((each.text or "") if not len(each) else " ".join(each.itertext()))
    return sorted((text for text in texts if text.strip()), key=len, reverse=True)


def _names(element: Element) -> tuple[str, ...]:
    """The texts of the author fields of an item."""
    atom_names = xml_records.child_texts(element, "author/name")
    return (
        atom_names
        or xml_records.child_texts(element, "creator")
        or xml_records.child_texts(element, "authors")
        or (xml_records.child_texts(element, "author"))
    )


def _dates(element: Element) -> Iterator[str]:
    """The dates of an item, the date of publication first."""
    for name in _DATES:
        yield from xml_records.child_texts(element, name)


def _subjects(element: Element) -> Iterator[str]:
    for name in ("category", "subject", "section"):
        for each in element.findall(name):
            yield each.get("term") or xml_records.text(each) or ""


def _venue(element: Element, journal: str | None) -> str | None:
    """The journal of an item, with volume, issue and pages if the feed contains them."""
    name = journal or descriptions.journal_of(xml_records.child_text(element, "source"))
    return fields.venue(
        markup.plain(name),
        xml_records.child_text(element, "volume"),
        xml_records.child_text(element, "number"),
        fields.pages(xml_records.child_text(element, "startingPage"), xml_records.child_text(element, "endingPage")),
    )
