"""Convert the fields of a DBLP record to a paper. DBLP's JSON and XML have the same fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from store.formats.bibliography import fields
from store.formats.shared import ids_and_links, markup
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED

# DBLP appends a number to a name that several people share: "Wei Wang 0001". The number is removed.
_NAMESAKE = re.compile(r" \d{4}$")
# DBLP lists a paper on arXiv under the journal CoRR, with a volume such as "abs/2301.00001" ("cs.CL/0001001" before
# 2007), which contains the arXiv id.
_CORR_VOLUME = re.compile(r"(?:abs/)?(\d{4}\.\d{4,5}|[\w.-]+/\d{7})")


def title(text: str | None) -> str | None:
    """A title without markup and without the full stop that DBLP adds to every title; None when nothing is left."""
    plain = (markup.plain(text) or "").strip()
    if plain.endswith(".") and not plain.endswith(".."):
        plain = plain[:-1].rstrip()
    return plain or None


def paper(
    *,
    title: str,
    names: Iterable[str],
    year: str | None,
    containers: Sequence[str],
    volume: str | None,
    number: str | None,
    pages: str | None,
    dois: Sequence[str],
    editions: Sequence[str],
    record: str | None,
) -> Paper:
    """The paper that a record of DBLP describes.

    `containers` are the names of journals or proceedings and of the publisher, the best name first. `editions` are the
    addresses at which the paper can be read, and `record` is the address of the record at DBLP.
    """
    in_corr = any(name.strip().lower() == "corr" for name in containers)
    arxiv = _CORR_VOLUME.fullmatch(volume or "") if in_corr else None
    identity = ids_and_links.identity(
        dois=dois,
        arxiv_ids=[arxiv[1]] if arxiv else [],
        addresses=editions,
        mentions=[text for text in editions if "doi" in text.lower()],
    )
    place = next((name for name in map(markup.plain, containers) if name and not fields.is_arxiv(name)), None)
    page = next(iter(editions), None) or ids_and_links.doi_page(identity.doi) or record
    is_pdf = (page or "").lower().endswith(".pdf")
    published, published_to = fields.when(year) or UNDATED
    authors = tuple(Author(name) for text in names if (name := _NAMESAKE.sub("", (markup.plain(text) or "").strip())))
    return Paper(
        title=title,
        authors=authors,
        author_count=len(authors) or None,
        published=published,
        published_to=published_to,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        venue=None if arxiv else fields.venue(place, volume, number, pages),
        links=ids_and_links.links(
            ("page", record if is_pdf else page),
            ("pdf", page if is_pdf else ids_and_links.arxiv_pdf(identity.arxiv_id)),
        ),
    )
