"""The title of a paper of which only an identifier is known: "arXiv:2601.20030", "doi:10.1000/182".

A list of links names papers without their titles. Such a title stands until another source gives the real one.
"""

from __future__ import annotations

import re

from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID

_PLACEHOLDER = re.compile(rf"arXiv:(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})|doi:{DOI_PREFIX}\S+")


def placeholder_title(arxiv_id: str | None, doi: str | None) -> str | None:
    """The title for a paper with these identifiers; None when it has neither."""
    if arxiv_id:
        return f"arXiv:{arxiv_id}"
    return f"doi:{doi}" if doi else None


def is_placeholder(title: str) -> bool:
    """Whether a title is only the identifier of its paper."""
    return title.startswith(("arXiv:", "doi:")) and _PLACEHOLDER.fullmatch(title) is not None
