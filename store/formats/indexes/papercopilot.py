"""Read the JSON lists of papercopilot (`github.com/papercopilot/paperlists`): the papers of one conference and year.

Several values in one text are usually separated by semicolons. An unknown value is an empty text, 0 or -1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import conference, ids_and_links, json_items
from store.formats.shared.json_items import Around, Unfit
from store.model.entry import Entry, Item
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

NAME = "papercopilot"
TITLE = "papercopilot conference list, JSON"
FAMILY = "papercopilot"
EXAMPLE = "iclr2026.json"
STREAMS = True

_MARKS = {"author", "authorids", "site", "rating", "primary_area", "aff", "gs_citation"}
_OPENREVIEW = "https://openreview.net"
_OPENREVIEW_ID = re.compile(r"[\w-]{8,12}")
# The pattern of a field in the BibTeX entry of a paper. The value of a field is in braces or quotation marks.
_BIBTEX_FIELD = r"\b{}\s*=\s*(?:\{{|\")\s*((?:[^{{}}\"]|\{{[^{{}}]*\}})*)"
_BOOK, _YEAR, _DOI = (re.compile(_BIBTEX_FIELD.format(name), re.IGNORECASE) for name in ("booktitle", "year", "doi"))
# The site of a conference, with its name and year, for example "https://cvpr.thecvf.com/virtual/2025/poster/35072".
_SITE = re.compile(r"https?://(?:www\.)?(\w+)\.(?:cc|thecvf\.com|org)/(?:virtual/|Conferences/)(\d{4})\b")
# An address of proceedings: ".../content_CVPR_2020/html/...", ".../papers/eccv_2018/papers_ECCV/...".
_PROCEEDINGS = re.compile(r"https?://\S{0,100}?/(?:content_)?(cvpr|iccv|wacv|eccv)_?((?:19|20)\d\d)\b", re.IGNORECASE)
# DOIs of AAAI contain the number of the conference: the 36th was in 2022, so the year is the number plus 1986.
_AAAI_DOI = re.compile(r"10\.1609/aaai\.v(\d{2})i")
_YEAR_BEFORE_THE_FIRST_AAAI = 1986
_SITE_NAMES = {"neurips": "NeurIPS", "nips": "NeurIPS", "corl": "CoRL"}
# Words that occur in the title of a conference's proceedings, in lower case, and the short name of the conference.
_SHORT_NAMES = (
    ("learning representations", "ICLR"),
    ("neural information processing systems", "NeurIPS"),
    ("international conference on machine learning", "ICML"),
    ("conference on language modeling", "COLM"),
    ("conference on robot learning", "CoRL"),
    ("robotics: science and systems", "RSS"),
    ("computer vision and pattern recognition", "CVPR"),
    ("international conference on computer vision", "ICCV"),
    ("artificial intelligence and statistics", "AISTATS"),
    ("uncertainty in artificial intelligence", "UAI"),
    ("empirical methods in natural language processing", "EMNLP"),
)


class _Item(msgspec.Struct):
    """A paper.

    `rating` has a score for each review. `rating_avg` is the mean score, or a list of the mean and the deviation.
    """

    id: Any = None
    title: str | None = None
    track: str | None = None
    status: str | None = None
    abstract: str | None = None
    tldr: str | None = None
    primary_area: str | None = None
    author: str | None = None
    author_site: str | None = None
    aff: str | None = None
    bibtex: str | None = None
    site: str | None = None
    openreview: str | None = None
    pdf: str | None = None
    oa: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    github: str | None = None
    project: str | None = None
    rating: str | None = None
    rating_avg: Any = None
    confidence: str | None = None


_ITEM = msgspec.json.Decoder(_Item)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a list of papercopilot: 0.95 when the papers have its keys, else 0."""
    keys = json_items.keys(head)
    return 0.95 if {"title", "status", "track"} <= keys and keys & _MARKS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The entries of the papers, in file order.

    The conference is read from the name of the file, because it is missing from many of the papers.
    """
    listed = conference.of_file(str(getattr(stream, "name", "")))

    def entry(item: _Item, line: int) -> Entry:
        return _entry(item, line, listed)

    for item in json_items.entries(stream, _ITEM, entry, landmarks=("id", "title")):
        if not isinstance(item, Around):
            yield item


def _entry(item: _Item, line: int, listed: str | None) -> Entry:
    """The entry of a paper. `listed` is the conference in the name of the file."""
    title = fields.plain(item.title)
    if title is None:
        raise Unfit("it has no title")
    bibtex = item.bibtex or ""
    year = _YEAR.search(bibtex)
    doi = _DOI.search(bibtex)
    pages = [text for text in (item.site, item.openreview, _forum(item), item.oa) if text]
    pdf = f"{_OPENREVIEW}{item.pdf}" if (item.pdf or "").startswith("/pdf") else item.pdf
    identity = ids_and_links.identity(
        dois=[item.doi, doi[1] if doi else None], arxiv_ids=[item.arxiv], addresses=[pdf, *pages]
    )
    authors = _authors(item)
    venue = listed or _venue(item)
    published, published_to = fields.when(year[1] if year else None, venue) or UNDATED
    return Entry(
        paper=Paper(
            title=title,
            abstract=item.abstract or None,
            authors=authors,
            author_count=len(authors) or None,
            published=published,
            published_to=published_to,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(filter(None, [item.primary_area])),
            venue=venue,
            comment=item.tldr or None,
            decision=conference.decision(item.status),
            track=item.track or None,
            scores=_scores(item),
            links=ids_and_links.links(
                ("page", next(iter(pages), None) or ids_and_links.doi_page(identity.doi)),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
                ("code", item.github),
                ("project", item.project),
            ),
        ),
        line=line,
    )


def _forum(item: _Item) -> str | None:
    """The address of the paper's page on OpenReview; None for a paper without reviews.

    The id of a paper with reviews is also its id on OpenReview.
    """
    is_reviewed = item.rating is not None or item.confidence is not None
    has_id = isinstance(item.id, str) and _OPENREVIEW_ID.fullmatch(item.id) and not item.id.startswith("site_")
    return f"{_OPENREVIEW}/forum?id={item.id}" if is_reviewed and has_id else None


def _authors(item: _Item) -> tuple[Author, ...]:
    """The authors, with their affiliations if `aff` has a part for each author.

    "+" separates several affiliations of one author.
    """
    text = item.author or item.author_site or ""
    names = text.split(";" if ";" in text else ",")
    places = (item.aff or "").split(";")
    if len(places) != len(names):
        places = [""] * len(names)
    return tuple(
        Author(name.strip(), tuple(part.strip() for part in place.split("+") if part.strip()))
        for name, place in zip(names, places, strict=True)
        if name.strip() and not conference.is_blinded(name)
    )


def _scores(item: _Item) -> tuple[float, ...]:
    """The score of each review. If the file contains only the mean score, the result is the mean alone."""
    each = tuple(score for score in conference.scores(item.rating or "") if score >= 0)
    mean = item.rating_avg[0] if isinstance(item.rating_avg, list) and item.rating_avg else item.rating_avg
    score = conference.score(mean)
    return each or ((score,) if score and score > 0 else ())


def _venue(item: _Item) -> str | None:
    """The short name and the year of the conference ("ICLR 2026"), or else the title of its proceedings, or None."""
    book, year = _BOOK.search(item.bibtex or ""), _YEAR.search(item.bibtex or "")
    title = " ".join(book[1].replace("{", "").replace("}", "").split()) if book else ""
    short = next((name for words, name in _SHORT_NAMES if words in title.lower()), None)
    if short and year:
        return f"{short} {year[1]}"
    if site := _SITE.match(item.site or ""):
        return f"{_SITE_NAMES.get(site[1].lower(), site[1].upper())} {site[2]}"
    if number := _AAAI_DOI.match(item.doi or ""):
        return f"AAAI {_YEAR_BEFORE_THE_FIRST_AAAI + int(number[1])}"
    if place := next(filter(None, (_PROCEEDINGS.match(text or "") for text in (item.site, item.oa, item.pdf))), None):
        return f"{place[1].upper()} {place[2]}"
    return title or None
