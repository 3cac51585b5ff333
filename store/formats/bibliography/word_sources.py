"""The list of sources that Microsoft Word stores in `Sources.xml`: `<b:Sources><b:Source>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.bibliography import fields
from store.formats.shared import xml_entries, xml_records, xml_text
from store.model.entry import Item
from store.model.paper import Author, Paper

NAME = "word-sources"
TITLE = "Microsoft Word, Sources.xml"
FAMILY = "bibliography"
EXAMPLE = "Sources.xml"
STREAMS = False

_ROOTS = {"Sources", "Source"}
_NAMESPACE = "officeDocument/2006/bibliography"
# The roles in which people can be responsible for a source, the preferred role first. The role depends on the kind of
# source: a report has an author, a film has a director.
_ROLES = (
    "Author", "Artist", "Performer", "Composer", "Director", "Interviewer", "Inventor", "Writer", "Editor", "Compiler",
    "BookAuthor",
)  # fmt: skip
_CONTAINERS = (
    "JournalName", "ConferenceName", "BookTitle", "PeriodicalTitle", "InternetSiteTitle", "PublicationTitle",
    "AlbumTitle", "BroadcastTitle",
)  # fmt: skip
_ISSUERS = ("Institution", "ThesisType", "Publisher", "Court")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a list of sources from Word.

    The value is 0.95 if the file has the root element and the namespace of such a list.
    """
    if xml_records.root(head) not in _ROOTS:
        return 0.0
    text = xml_text.start(head)
    return 0.95 if _NAMESPACE in text or "SourceType>" in text else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    return xml_entries.entries(
        stream, _paper, roots=_ROOTS, names={"Source"}, missing="no source in this list of Word's"
    )


def _paper(source: Element) -> Paper | None:
    title = _first(source, "Title", "ShortTitle", "InternetSiteTitle")
    if title is None:
        return None
    year, month, day = (_first(source, name) or "" for name in ("Year", "Month", "Day"))
    container = next((name for name in (_first(source, each) for each in _CONTAINERS) if name and name != title), None)
    return fields.paper(
        title=title,
        abstract=_first(source, "Abstract"),
        authors=_authors(source),
        published=fields.when(f"{day} {fields.month(month)} {year}" if year else None, year),
        venue=fields.venue(
            container or _first(source, *_ISSUERS),
            _first(source, "Volume"),
            _first(source, "Issue"),
            _first(source, "Pages"),
        ),
        comment=_first(source, "Comments"),
        dois=[_first(source, "DOI")],
        urls=[_first(source, "URL")],
        mentions=[_first(source, name) for name in ("StandardNumber", "Comments", "Volume")],
    )


def _authors(source: Element) -> tuple[Author, ...]:
    """The people, or the organization, in the first role of `_ROLES` that the source has."""
    for role in _ROLES:
        for holder in source.findall(f"Author/{role}"):
            people = [_person(person) for person in holder.findall("NameList/Person")]
            names = [name for name in people if name] or list(xml_records.child_texts(holder, "Corporate"))
            if names:
                return fields.authors(names)
    return ()


def _person(person: Element) -> str:
    parts = (xml_records.child_text(person, name) for name in ("First", "Middle", "Last"))
    return " ".join(part for part in parts if part)


def _first(source: Element, *names: str) -> str | None:
    return next((text for name in names if (text := fields.plain(xml_records.child_text(source, name)))), None)
