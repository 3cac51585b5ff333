"""Merges the links of the entries about one paper: each address once, in its best spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable

from store.model.paper import Link, Paper

_KINDS = ("page", "pdf", "code", "project", "model", "dataset")
_SCHEME = re.compile(r"https?://(?:www\.|dx\.(?=doi\.org/)|export\.(?=arxiv\.org/))?", re.I)
_ARXIV_VERSION = re.compile(r"(arxiv\.org/(?:abs|pdf)/.*?)(?:v\d+)?(?:\.pdf)?", re.I)
_CASE_INSENSITIVE = re.compile(r"(doi\.org/.*|github\.com/[^/]+/[^/]+?)(?:\.git)?", re.I)


def merged_links(papers: Iterable[Paper]) -> tuple[Link, ...]:
    """All links of `papers`, each once, sorted by kind and address.

    A code repository gets the highest number of stars that any of `papers` has for it. If an address is spelled in
    several ways, the spelling with https is kept, or else the shortest. If an address is a PDF or code in one source
    and a page in another, no link of the kind "page" is returned for it, because some sources call every address a
    page.
    """
    stars: dict[tuple[str, str], int | None] = {}
    spellings: dict[tuple[str, str], str] = {}
    for paper in papers:
        for link in paper.links:
            target = link.kind, _target(link.url)
            counts = [count for count in (stars.get(target), link.stars) if count is not None]
            stars[target] = max(counts, default=None)
            spellings[target] = min(spellings.get(target, link.url), link.url, key=_spelling_rank)
    not_pages = {address for kind, address in stars if kind != "page"}
    links = [
        Link(kind, spellings[kind, address], count)  # type: ignore[arg-type]
        for (kind, address), count in stars.items()
        if kind != "page" or address not in not_pages
    ]
    return tuple(sorted(links, key=lambda link: (_KINDS.index(link.kind), link.url)))


def are_arxiv_links(links: tuple[Link, ...]) -> bool:
    """Whether `links` are the page and the PDF of a paper on arXiv, which `merged_links` would return unchanged."""
    if len(links) != 2:
        return False
    page, pdf = links
    return (
        page.kind == "page"
        and pdf.kind == "pdf"
        and page.url.startswith("https://arxiv.org/abs/")
        and pdf.url.startswith("https://arxiv.org/pdf/")
    )


def _target(url: str) -> str:
    """A key for an address: all addresses that lead to the same page or file have the same key.

    For example, it is the same for all versions of an arXiv paper, and for a DOI in small and in capital letters.
    """
    address = _SCHEME.sub("", url, count=1).rstrip("/")
    if match := _ARXIV_VERSION.fullmatch(address) or _CASE_INSENSITIVE.fullmatch(address):
        return match[1].casefold()
    host, slash, path = address.partition("/")
    return f"{host.casefold()}{slash}{path}"


def _spelling_rank(url: str) -> tuple[bool, int, str]:
    """The rank of a spelling of an address. The smallest rank is the best: https before http, then the shortest."""
    return not url.startswith("https://"), len(url), url
