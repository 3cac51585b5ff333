"""Placeholder titles, for papers of which only an identifier is known: "arXiv:2601.20030" or "doi:10.1000/182".

For example, a list of links to arXiv contains the ids of papers, but not their titles. A paper keeps its placeholder
title until another source provides the real title.
"""

from __future__ import annotations

import re

from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID

_PLACEHOLDER = re.compile(rf"arXiv:(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})|doi:{DOI_PREFIX}\S+")


def placeholder_title(arxiv_id: str | None, doi: str | None) -> str | None:
    """The placeholder title for a paper with these identifiers, or None when both are None."""
    if arxiv_id:
        return f"arXiv:{arxiv_id}"
    return f"doi:{doi}" if doi else None


def is_placeholder(title: str) -> bool:
    """Whether a title is a placeholder, which consists only of the identifier of its paper."""
    return title.startswith(("arXiv:", "doi:")) and _PLACEHOLDER.fullmatch(title) is not None
