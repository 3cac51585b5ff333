"""What the records of scholarly indexes share: identities and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from store.matching import identifiers
from store.model.paper import Link, LinkKind

_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}/\S+", re.IGNORECASE)


class Identity(NamedTuple):
    """What a paper is known by: an arXiv id without its version, the version, a publisher's DOI."""

    arxiv_id: str | None
    arxiv_version: int | None
    doi: str | None


def identity(
    *,
    dois: Iterable[str | None] = (),
    arxiv_ids: Iterable[str | None] = (),
    addresses: Iterable[str | None] = (),
) -> Identity:
    """The identity that fields made for a DOI, fields made for an arXiv id, and addresses give together.

    A DOI that arXiv itself gives a paper is its arXiv id, and no DOI.
    """
    said = [text for text in dois if text]
    found = [doi for text in said if (doi := identifiers.doi(text))]
    arxiv = [each for text in arxiv_ids if text and (each := identifiers.arxiv_id(text))]
    arxiv += [each for text in (*said, *addresses) if text and (each := identifiers.arxiv_in(text))]
    arxiv_id = arxiv[0].id if arxiv else None
    version = next((each.version for each in arxiv if each.id == arxiv_id and each.version), None)
    doi = next((each for each in found if not identifiers.is_arxiv_doi(each)), None)
    return Identity(arxiv_id, version, doi)


def address(text: str | None) -> str | None:
    """An http or https address that stands in a field made for one; https where no scheme is written."""
    text = (text or "").strip()
    if _ADDRESS.fullmatch(text):
        return text
    return f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else None


def links(*addresses: tuple[LinkKind, str | None], stars: int | None = None) -> tuple[Link, ...]:
    """Links of those `addresses` that are ones, each once. `stars` are those of the code."""
    found: dict[tuple[LinkKind, str], Link] = {}
    for kind, text in addresses:
        if url := address(text):
            found.setdefault((kind, url), Link(kind, url, stars if kind == "code" else None))
    return tuple(found.values())


def arxiv_page(arxiv_id: str | None) -> str | None:
    """The address of a paper on arXiv, if it is there."""
    return identifiers.arxiv_page(arxiv_id) if arxiv_id else None


def arxiv_pdf(arxiv_id: str | None) -> str | None:
    """The address of a paper's PDF on arXiv, if it is there."""
    return identifiers.arxiv_pdf(arxiv_id) if arxiv_id else None


def doi_page(doi: str | None) -> str | None:
    """The address that a DOI leads to."""
    return f"https://doi.org/{doi}" if doi else None
