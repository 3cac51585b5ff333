"""Divide the description of a feed item into its abstract and what stands before it: the journal, authors, a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from store.formats.shared import markup

# ScienceDirect writes the fields of an item as paragraphs: "Publication date: March 2026", "Source: …", "Author(s): …".
_LABELLED = re.compile(r"(Publication date|Source|Author\(s\)|Authors?|DOI|Journal)\s*:\s*(.+)", re.I)
# "J Lists. 2026 Jan 20. doi: 10.1000/x. Online ahead of print.", "Nature, Published online: 20 January 2026; doi:10.…".
_SOURCE = re.compile(
    r"(?=.{0,300}\b(?:doi\s?:|doi\.org/|Online ahead of print|Published online))"
    r"(?:[^\n]{1,80}?[.,] )?(?:\d{4}\b|Published online|Publication date|Volume |[^\n]{0,60}\d{4} [A-Z][a-z]{2})"
    r"[^\n]{0,400}"
)
_PUBLISHED_ONLINE = re.compile(r"([^\n,;]{2,120}),? Published online:?\s*([^;|\n]{4,40})", re.I)
_HEADING = re.compile(r"(?:abstract|summary|graphical abstract|author\(s\))\s*[.:]?", re.I)
_HEADING_BEFORE = re.compile(r"\A\s*(?:ABSTRACT|Abstract)\s*[.:]?\s+(?=[A-Z\d])")
# American Physical Society: "[Phys. Rev. Lett. 136, 1234] Published Tue Jan 20, 2026".
_REFERENCE = re.compile(r"\[([^\[\]\n]{3,80})\] Published (.{4,40})")
_BELOW = re.compile(r"PMID:.{0,200}|Read more\b.{0,40}|Continue reading.{0,80}", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)


class Described(NamedTuple):
    """The parts of a description. `source` is the line that names journal, date and DOI."""

    abstract: str | None
    source: str | None
    journal: str | None
    date: str | None
    names: tuple[str, ...]


def described(texts: Sequence[str]) -> Described:
    """The parts of the descriptions of one item, of which the first has the abstract."""
    source = journal = date = None
    names: tuple[str, ...] = ()
    abstract: str | None = None
    for text in texts:
        kept: list[str] = []
        for paragraph in (markup.plain(_BREAK.sub("\n\n", text)) or "").split("\n\n"):
            line = " ".join(paragraph.split())
            if not line or _HEADING.fullmatch(line) or _BELOW.fullmatch(line):
                continue
            if reference := _REFERENCE.fullmatch(line):
                journal, date = reference[1], reference[2]
            elif labelled := _LABELLED.fullmatch(line):
                label, value = labelled[1].lower(), labelled[2]
                journal = value if label in ("source", "journal") else journal
                date = value if label == "publication date" else date
                names = (value,) if label.startswith("author") else names
                source = source or (line if label == "doi" else None)
            elif not kept and _SOURCE.fullmatch(line):
                source = source or line
                if published := _PUBLISHED_ONLINE.match(line):
                    journal, date = journal or published[1], date or published[2]
            else:
                kept.append(_HEADING_BEFORE.sub("", line))
        abstract = abstract or "\n\n".join(kept) or None
    return Described(abstract, source, journal, date, names)


def journal_of(source: str | None) -> str | None:
    """The name of the journal in `dc:source`, which some publishers extend by the date and the DOI."""
    if not source:
        return None
    published = _PUBLISHED_ONLINE.match(source)
    name = (published[1] if published else source).strip()
    return None if "://" in name or len(name) > 150 else name
