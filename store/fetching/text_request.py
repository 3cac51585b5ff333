"""The addresses from which the full text of a paper can be fetched, the best one first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec

from store.fetching.request import ARXIV_PAUSE_SECONDS, HF_URL, configured_site
from store.model.paper import Paper

# arXiv's pages for people. Its interface for programs, which `request` uses, has neither HTML nor PDF files.
ARXIV_PAGES_URL = "https://arxiv.org"
# The pause between requests to any other site (s).
_PAUSE_SECONDS = 1.0


class TextRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a full text.

    `site` is the address of the site; `site_is_configured` is True if it comes from an environment variable. The caller
    must wait at least `pause` seconds between requests to the site.
    """

    url: str
    site: str
    site_is_configured: bool
    format: Literal["html", "markdown", "pdf"]
    pause: float


def text_requests(paper: Paper) -> Iterator[TextRequest]:
    """The addresses of the text of a paper: arXiv's HTML, the Markdown of Hugging Face, and PDFs.

    arXiv's HTML comes first, because it has formulas as MathML, and links between citations and references.
    """
    if paper.arxiv_id:
        identifier = quote(paper.arxiv_id, safe="/.")
        arxiv, is_configured = configured_site("RECTO_ARXIV_URL", ARXIV_PAGES_URL)
        yield TextRequest(
            url=f"{arxiv}/html/{identifier}",
            site=arxiv,
            site_is_configured=is_configured,
            format="html",
            pause=ARXIV_PAUSE_SECONDS,
        )
        hugging_face, hf_is_configured = configured_site("RECTO_HF_URL", HF_URL)
        yield TextRequest(
            url=f"{hugging_face}/papers/{identifier}.md",
            site=hugging_face,
            site_is_configured=hf_is_configured,
            format="markdown",
            pause=_PAUSE_SECONDS,
        )
        yield TextRequest(
            url=f"{arxiv}/pdf/{identifier}",
            site=arxiv,
            site_is_configured=is_configured,
            format="pdf",
            pause=ARXIV_PAUSE_SECONDS,
        )
    for link in paper.links:
        parts = urlsplit(link.url)
        is_arxiv = bool(paper.arxiv_id) and (parts.hostname or "").endswith("arxiv.org")
        if link.kind == "pdf" and parts.scheme == "https" and parts.netloc and not is_arxiv:
            site = f"https://{parts.netloc}"
            yield TextRequest(url=link.url, site=site, site_is_configured=False, format="pdf", pause=_PAUSE_SECONDS)
