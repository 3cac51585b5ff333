"""Parse the parts of a citation as PubMed prints it: authors, date, journal reference and DOI.

The parameter `rest` of these functions is the part of a citation after the name of the journal. It starts with the
year, for example "2026 Jan 5;12(1):3-9. doi: … Epub 2025 Dec 3.".
"""

from __future__ import annotations

import re

from store.formats.bibliography import fields, medline
from store.model.partial_date import PartialDate

YEAR = r"(?:1[6-9]|20)\d\d"
# Matches a date with volume, issue and pages, for example "2026 Jan 5;12(1):3-9", "2005;59:587-635" or "2016 Mar;36
# Suppl 1:S1-5".
_ISSUE = re.compile(
    r"(?P<date>[^;:.]{4,60})(?:;\s?(?P<volume>[^(:.;]{0,60})(?:\((?P<issue>[^)]{0,60})\))?(?::\s?(?P<pages>[^.;]{0,60}))?)?"
)
_EPUB = re.compile(rf"\bEpub ({YEAR}[^.;]{{0,20}})")
_WHOLE_DAY = re.compile(r"\d{4} [A-Z][a-z]{2} \d{1,2}")
_DOI = re.compile(r"\bdoi: (10\.\S+?)\.?(?:\s|$)")
_WITH_INITIALS = re.compile(r"[^,;]{1,80} [^\W\d_a-z]{1,4}(?: (?:Jr|Sr|2nd|3rd|\dth))?(?:\([^()\s]{1,6}\)){0,40}")
_GROUPS = ("Group.", "Collaboration.", "Consortium.")


def joined(text: str) -> str:
    """`text` with all white space, including line breaks, replaced by single spaces."""
    return " ".join(text.split())


def published(rest: str) -> PartialDate | None:
    """The date in `rest`: that of the electronic article ("Epub …") or that of the issue."""
    issue, electronic = _ISSUE.match(rest), _EPUB.search(rest)
    printed = issue["date"].strip() if issue else rest
    return medline.published(
        fields.when(electronic[1]) if electronic else None,
        fields.when(printed),
        printed_is_whole=_WHOLE_DAY.fullmatch(printed) is not None,
    )


def venue(journal: str | None, rest: str) -> str | None:
    """A reference such as "Journal 12(3), 45–67", from the name of the journal and the numbers in `rest`."""
    issue = _ISSUE.match(rest)
    if issue is None:
        return fields.venue(journal)
    return fields.venue(journal, (issue["volume"] or "").strip() or None, issue["issue"], issue["pages"])


def doi(rest: str) -> str | None:
    """The DOI in `rest`; None when there is none."""
    match = _DOI.search(rest)
    return match[1] if match else None


def are_names(text: str) -> bool:
    """Whether `text` is a list of authors: it ends in a full stop, and most of its names end in initials.

    A list that ends in the name of a group or collaboration counts too.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text.rstrip("."))]
    with_initials = sum(_WITH_INITIALS.fullmatch(part) is not None for part in parts)
    return text.endswith(".") and (2 * with_initials > len(parts) or text.endswith(_GROUPS))
