"""The addresses of papers on Hugging Face."""

from __future__ import annotations

from urllib.parse import quote

from store.formats.shared import ids_and_links
from store.model.paper import LinkKind

SITE = "https://huggingface.co"


def paper_addresses(paper_id: str | None, arxiv_id: str | None) -> tuple[tuple[LinkKind, str | None], ...]:
    """The addresses of a paper's page on Hugging Face and of its PDF on arXiv. An address is None if its id is None."""
    page = f"{SITE}/papers/{quote(paper_id)}" if paper_id else None
    return ("page", page), ("pdf", ids_and_links.arxiv_pdf(arxiv_id))
