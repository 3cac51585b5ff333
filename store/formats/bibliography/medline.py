"""Fields that PubMed's XML and its tagged text share: titles, dates, identifiers, and the whole paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from store.formats.bibliography import fields
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

_TRANSLATED = re.compile(r"\[(.+)\]\.?", re.DOTALL)
_NO_TITLE = "[not available]"


def title(said: str | None, vernacular: str | None = None) -> str | None:
    """The title without its full stop and without the brackets around a translation.

    Without a title in English, the title in the language of the article.
    """
    if said and _NO_TITLE in said.lower():
        said = None
    said = said or vernacular
    if not said:
        return None
    if (translated := _TRANSLATED.fullmatch(said)) and "[" not in translated[1]:
        said = translated[1]
    return said[:-1] if said.endswith(".") and not said.endswith("..") else said


def published(
    electronic: PartialDate | None, printed: PartialDate | None, *, printed_is_whole: bool
) -> PartialDate | None:
    """The date of the electronic article or of the issue: the earlier one when both are whole days."""
    if electronic and printed and printed_is_whole:
        return min(electronic, printed)
    return electronic or printed


def paper(
    title: str,
    *,
    abstract: str | None,
    authors: Sequence[Author],
    published: PartialDate | None,
    venue: str | None,
    identifiers: Iterable[tuple[str | None, str]],
    pmid: str | None,
) -> Paper:
    """The paper that a record describes. Each identifier has a kind: "doi", "pmc", "pii" or "arxiv"."""
    said = list(identifiers)
    central = [text.upper() for kind, text in said if kind == "pmc" and text.upper().startswith("PMC")]
    return fields.paper(
        title=title,
        abstract=abstract,
        authors=authors,
        published=published,
        venue=venue,
        dois=[text for kind, text in said if kind == "doi"],
        eprints=[text for kind, text in said if kind == "arxiv"],
        urls=[
            f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
            *(f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/" for number in central),
        ],
        mentions=[text for kind, text in said if kind == "pii"],
    )
