"""The addresses from which the full text of a paper can be fetched, the best one first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec

from store.fetching import sites
from store.fetching.request import ARXIV_PAUSE_SECONDS
from store.fetching.sites import Site
from store.model.paper import Paper

# The pause between requests to a site other than arXiv (s).
_PAUSE_SECONDS = 1.0
_Format = Literal["html", "markdown", "pdf"]


class TextRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a full text. The caller must wait at least `pause` seconds between requests to the site."""

    url: str
    site: Site
    format: _Format
    pause: float


def text_requests(paper: Paper) -> Iterator[TextRequest]:
    """The addresses of the text of a paper: arXiv's HTML, the Markdown of Hugging Face, and PDFs.

    arXiv's HTML comes first, because it has formulas as MathML, and links between citations and references.
    """
    if paper.arxiv_id:
        identifier = quote(paper.arxiv_id, safe="/.")
        arxiv = sites.arxiv_pages()
        yield _request(arxiv, f"html/{identifier}", "html", ARXIV_PAUSE_SECONDS)
        yield _request(sites.hugging_face(), f"papers/{identifier}.md", "markdown", _PAUSE_SECONDS)
        yield _request(arxiv, f"pdf/{identifier}", "pdf", ARXIV_PAUSE_SECONDS)
    for link in paper.links:
        try:
            parts = urlsplit(link.url)
        except ValueError:
            continue
        is_arxiv = bool(paper.arxiv_id) and (parts.hostname or "").endswith("arxiv.org")
        if link.kind == "pdf" and parts.scheme == "https" and parts.netloc and not is_arxiv:
            site = Site(f"https://{parts.netloc}")
            yield TextRequest(url=link.url, site=site, format="pdf", pause=_PAUSE_SECONDS)


def _request(site: Site, path: str, format: _Format, pause: float) -> TextRequest:
    return TextRequest(url=f"{site.address}/{path}", site=site, format=format, pause=pause)
