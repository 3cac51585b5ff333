"""Conversions that the formats of PubMed share: titles, dates, identifiers, and whole papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from store.formats.bibliography import fields
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

_TRANSLATED = re.compile(r"\[(.+)\]\.?", re.DOTALL)
_INITIALS = re.compile(r"(.+?) ([^\W\d_a-z]{1,4}(?:-[^\W\d_a-z])?)(?: (Jr|Sr|2nd|3rd|\dth))?")
_NO_TITLE = "[not available]"


def title(text: str | None, vernacular: str | None = None) -> str | None:
    """`text`, an English title, without its full stop and without the brackets that mark a translated title.

    If `text` is empty or a placeholder, returns `vernacular`, the title in the language of the article.
    """
    if text and _NO_TITLE in text.lower():
        text = None
    text = text or vernacular
    if not text:
        return None
    if (translated := _TRANSLATED.fullmatch(text)) and "[" not in translated[1]:
        text = translated[1]
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def person(name: str) -> str:
    """The name with the given name first: "LeCun, Yann" becomes "Yann LeCun", and "LeCun Y Jr" becomes "Y LeCun Jr"."""
    if "," not in name and (match := _INITIALS.fullmatch(name)):
        return " ".join(part for part in (match[2], match[1], match[3]) if part)
    return fields.person(name)


def published(
    electronic: PartialDate | None, printed: PartialDate | None, *, printed_is_whole: bool
) -> PartialDate | None:
    """The date of the electronic article if there is one, else the date of the printed issue.

    `printed_is_whole` is True if the date of the printed issue contains a day. If both dates are given and it is True,
    the earlier of the two dates is returned.
    """
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
    pages: Iterable[str | None] = (),
    pdfs: Iterable[str | None] = (),
) -> Paper:
    """The paper that a record of PubMed describes.

    Each of the `identifiers` has a kind first: "doi", "pmc", "pii" or "arxiv". `pages` are addresses for a record that
    neither PubMed nor PubMed Central has.
    """
    known_ids = list(identifiers)
    central = [text.upper() for kind, text in known_ids if kind == "pmc" and text.upper().startswith("PMC")]
    return fields.paper(
        title=title,
        abstract=abstract,
        authors=authors,
        published=published,
        venue=venue,
        dois=[text for kind, text in known_ids if kind == "doi"],
        eprints=[text for kind, text in known_ids if kind == "arxiv"],
        urls=[
            f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
            *(f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/" for number in central),
            *(() if pmid or central else pages),
        ],
        pdfs=pdfs,
        mentions=[text for kind, text in known_ids if kind == "pii"],
    )
