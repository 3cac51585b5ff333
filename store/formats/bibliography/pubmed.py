"""PubMed's XML, as efetch and the web site deliver it: articles, and books with their chapters.

`published` is the day of the electronic article if there is one. Otherwise it is the date of the issue, which may be a
month or a year ("2010 Sep-Oct", "Spring 1998"). The full stop after a title and the brackets around a translated title
are removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.bibliography import fields, medline
from store.formats.shared import xml_records
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

NAME = "pubmed"
TITLE = "PubMed XML"
FAMILY = "pubmed"
EXAMPLE = "pubmed-set.xml"
STREAMS = False

_ROOTS = {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"}
_NAMES = {"PubmedArticle", "PubmedBookArticle"}
_NO_LABEL = ("UNLABELLED", "UNASSIGNED")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is PubMed XML: 0.95 if the root element has a name of PubMed."""
    return 0.95 if xml_records.root(head) in _ROOTS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers (articles, chapters and books) of the file, in order."""
    index = deleted = 0
    is_cut = False
    for record in xml_records.records(stream, roots=_ROOTS, names=_NAMES, aside={"DeleteCitation", "DeleteDocument"}):
        if not isinstance(record, xml_records.Record):
            is_cut = is_cut or isinstance(record, CutShort)
            index += isinstance(record, Refused)
            yield record
        elif record.element.tag not in _NAMES:
            deleted += len(record.element)
        else:
            index += 1
            book = record.element.find("BookDocument")
            paper = _article(record.element) if book is None else _book(book, record.element)
            yield Entry(paper=paper, line=record.line) if paper else Refused(index, record.line, "no title")
    if not index and not is_cut:
        raise ListingError("no article in this PubMed file")
    if deleted:
        yield Warned(f"records that PubMed has deleted were left out: {deleted}")


def _article(record: Element) -> Paper | None:
    citation, article = record.find("MedlineCitation"), record.find("MedlineCitation/Article")
    if citation is None or article is None:
        return None
    title = _title(article)
    if title is None:
        return None
    journal = article.find("Journal")
    name = issue = volume = None
    if journal is not None:
        name = _text(journal.find("Title")) or _text(journal.find("ISOAbbreviation"))
        volume, issue = _text(journal.find("JournalIssue/Volume")), _text(journal.find("JournalIssue/Issue"))
    pages = _text(article.find("Pagination/MedlinePgn")) or _text(article.find("Pagination/StartPage"))
    # The lists of cited papers also contain identifiers, so only the identifiers outside these lists are read.
    identifiers = [*article.findall("ELocationID"), *record.findall("PubmedData/ArticleIdList/ArticleId")]
    return _paper(
        title,
        abstract=_abstract(article) or _abstract(citation, "OtherAbstract"),
        authors=_authors(article.findall("AuthorList/Author")),
        published=_published(article),
        venue=fields.venue(name, volume, issue, pages),
        identifiers=identifiers,
        pmid=_text(citation.find("PMID")),
    )


def _book(document: Element, record: Element) -> Paper | None:
    whole = _title(document, "Book/BookTitle")
    chapter = _title(document, "ArticleTitle")
    if chapter is None and whole is None:
        return None
    people = document.findall("AuthorList[@Type='authors']/Author") or document.findall("AuthorList/Author")
    for kind in ("authors", "editors"):
        people = people or document.findall(f"Book/AuthorList[@Type='{kind}']/Author")
    publisher = _text(document.find("Book/Publisher/PublisherName"))
    pages = _text(document.find("Pagination/MedlinePgn"))
    return _paper(
        chapter or whole or "",
        abstract=_abstract(document),
        authors=_authors(people or document.findall("Book/AuthorList/Author")),
        published=fields.when(
            *_day_texts(document.find("Book/PubDate")), *_day_texts(document.find("ContributionDate"))
        ),
        venue=fields.venue(whole, pages=pages) if chapter and whole else fields.venue(publisher),
        identifiers=[
            *document.findall("Book/ELocationID"),
            *document.findall("ELocationID"),
            *document.findall("ArticleIdList/ArticleId"),
            *record.findall("PubmedBookData/ArticleIdList/ArticleId"),
        ],
        pmid=_text(document.find("PMID")),
    )


def _paper(
    title: str,
    *,
    abstract: str | None,
    authors: tuple[Author, ...],
    published: PartialDate | None,
    venue: str | None,
    identifiers: Iterable[Element],
    pmid: str | None,
) -> Paper:
    return medline.paper(
        title,
        abstract=abstract,
        authors=authors,
        published=published,
        venue=venue,
        identifiers=[
            (each.get("EIdType") or each.get("IdType"), text) for each in identifiers if (text := _text(each))
        ],
        pmid=pmid,
    )


def _title(element: Element, path: str = "ArticleTitle") -> str | None:
    return medline.title(_text(element.find(path)), _text(element.find("VernacularTitle")))


def _abstract(element: Element, name: str = "Abstract") -> str | None:
    """The sections of the abstract as paragraphs, each with its label in front, for example "METHODS: …"."""
    abstract = element.find(name)
    if abstract is None:
        return None
    parts: list[str] = []
    for part in abstract.findall("AbstractText"):
        text, label = _text(part), part.get("Label", "").strip().rstrip(":")
        if text:
            parts.append(f"{label}: {text}" if label and label.upper() not in _NO_LABEL else text)
    return "\n\n".join(parts) or None


def _authors(people: Iterable[Element]) -> tuple[Author, ...]:
    authors: list[Author] = []
    for person in people:
        given_name = _text(person.find("ForeName")) or _text(person.find("Initials"))
        parts = (given_name, _text(person.find("LastName")), _text(person.find("Suffix")))
        name = " ".join(part for part in parts if part) or _text(person.find("CollectiveName"))
        places = (*person.findall("AffiliationInfo/Affiliation"), *person.findall("Affiliation"))
        if name:
            authors.append(Author(name, tuple(text for place in places if (text := _text(place)))))
    return tuple(authors)


def _published(article: Element) -> PartialDate | None:
    issue = article.find("Journal/JournalIssue/PubDate")
    return medline.published(
        fields.when(*_day_texts(article.find("ArticleDate"))),
        fields.when(*_day_texts(issue)),
        printed_is_whole=issue is not None and issue.find("Day") is not None,
    )


def _day_texts(date: Element | None) -> list[str | None]:
    if date is None:
        return []
    year, month, day = (_text(date.find(name)) or "" for name in ("Year", "Month", "Day"))
    return [f"{day} {fields.month(month)} {year}" if year else None, _text(date.find("MedlineDate"))]


def _text(element: Element | None) -> str | None:
    """The text of `element`, with superscripts and subscripts as Unicode characters."""
    if element is None:
        return None
    text = xml_records.text(element)
    return fields.plain(text) if len(element) else text
