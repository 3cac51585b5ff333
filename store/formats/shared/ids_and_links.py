"""Find the identifiers and the links of a paper in the fields and addresses of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from store.matching import identifiers
from store.model.paper import Link, LinkKind

_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_ADDRESS_WITHOUT_SCHEME = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}/\S+", re.IGNORECASE)


class Identity(NamedTuple):
    """The identifiers of a paper: its arXiv id without the version, the arXiv version, and a publisher's DOI."""

    arxiv_id: str | None
    arxiv_version: int | None
    doi: str | None


def identity(
    *,
    dois: Iterable[str | None] = (),
    arxiv_ids: Iterable[str | None] = (),
    addresses: Iterable[str | None] = (),
    mentions: Iterable[str | None] = (),
) -> Identity:
    """The first valid arXiv id and the first valid DOI in these fields.

    Each field in `dois` and `arxiv_ids` must contain a single identifier. `addresses` are web addresses, and `mentions`
    are texts that may contain identifiers. An arXiv id may also be found in `dois`, `addresses` or `mentions`, and a
    DOI in `mentions`.

    A DOI that arXiv registered for a paper (10.48550/arXiv.…) is returned as an arXiv id, not as a DOI.
    """
    doi_texts = [text for text in dois if text]
    mention_texts = [text for text in mentions if text]
    valid_dois = [doi for text in doi_texts if (doi := identifiers.doi(text))]
    valid_dois += [doi for text in mention_texts if (doi := identifiers.doi_in(text))]
    arxiv = [each for text in arxiv_ids if text and (each := identifiers.arxiv_id(text))]
    arxiv += [
        each for text in (*doi_texts, *addresses, *mention_texts) if text and (each := identifiers.arxiv_in(text))
    ]
    arxiv_id = arxiv[0].id if arxiv else None
    version = next((each.version for each in arxiv if each.id == arxiv_id and each.version), None)
    doi = next((each for each in valid_dois if not identifiers.is_arxiv_doi(each)), None)
    return Identity(arxiv_id, version, doi)


def address(text: str | None) -> str | None:
    """The http or https address in `text`. An address without a scheme gets https. None for any other text."""
    text = (text or "").strip()
    if _ADDRESS.fullmatch(text):
        return text
    return f"https://{text}" if _ADDRESS_WITHOUT_SCHEME.fullmatch(text) else None


def links(*addresses: tuple[LinkKind, str | None], stars: int | None = None) -> tuple[Link, ...]:
    """A link for each valid address, without duplicates. `stars` is the star count of the code repository."""
    unique: dict[tuple[LinkKind, str], Link] = {}
    for kind, text in addresses:
        if url := address(text):
            unique.setdefault((kind, url), Link(kind, url, stars if kind == "code" else None))
    return tuple(unique.values())


def arxiv_page(arxiv_id: str | None) -> str | None:
    """The address of the paper's page on arXiv; None without an id."""
    return identifiers.arxiv_page(arxiv_id) if arxiv_id else None


def arxiv_pdf(arxiv_id: str | None) -> str | None:
    """The address of the paper's PDF on arXiv; None without an id."""
    return identifiers.arxiv_pdf(arxiv_id) if arxiv_id else None


def doi_page(doi: str | None) -> str | None:
    """The address of a DOI at doi.org, which redirects to the page of the paper; None without a DOI."""
    return f"https://doi.org/{doi}" if doi else None
