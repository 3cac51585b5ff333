"""A digest as an Atom feed, with an entry for each paper (RFC 4287)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from store.digest.contents import Digest, DigestPaper
from store.digest.period import day_name

_NAMESPACE = "http://www.w3.org/2005/Atom"


def feed(digest: Digest) -> str:
    """The digest as an Atom feed.

    The entry of a paper has the same id in every digest, so that a feed reader does not show a paper twice.
    """
    root = ET.Element("feed", xmlns=_NAMESPACE)
    updated = datetime.now(UTC).isoformat(timespec="seconds")
    _add(root, "id", f"urn:recto:digest:{digest.id}")
    _add(root, "title", f"Papers of {day_name(digest.day)}")
    _add(root, "subtitle", f"{digest.counts} · new {digest.period}")
    _add(root, "updated", updated)
    _add(ET.SubElement(root, "author"), "name", "recto")
    shown: set[int] = set()
    for section in digest.sections:
        for paper in section.papers:
            if paper.number not in shown:
                shown.add(paper.number)
                root.append(_entry(paper, section.heading, updated))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _entry(paper: DigestPaper, section: str, updated: str) -> ET.Element:
    entry = ET.Element("entry")
    _add(entry, "id", paper.url or f"urn:recto:paper:{paper.number}")
    _add(entry, "title", paper.title)
    _add(entry, "updated", updated)
    if paper.url:
        ET.SubElement(entry, "link", rel="alternate", href=paper.url)
    _add(ET.SubElement(entry, "author"), "name", paper.byline or "unknown")
    ET.SubElement(entry, "category", term=_text(section))
    facts = " · ".join(part for part in (paper.reason, paper.facts) if part)
    _add(entry, "summary", f"{facts}\n\n{paper.summary}" if paper.summary else facts)
    return entry


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _text(text)


def _text(text: str) -> str:
    """`text` with U+FFFD in place of U+FFFE and U+FFFF, which `clean` does not remove but XML 1.0 forbids."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
