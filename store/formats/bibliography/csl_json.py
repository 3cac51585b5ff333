"""CSL-JSON, as citation processors and Zotero write it, and two JSON formats of Zotero itself.

The items are the elements of an array, the elements of the list `items` or `references` in an object, or separate
objects, for example one on each line. Zotero's own formats are the responses of its API, in which each item is the
value of `data` or `csljson`, and its exports, in which each item has an `itemType`. Notes, attachments and annotations
are not papers. For a book without authors, the editors become the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import json_items
from store.formats.shared.json_items import Around, Unfit, Value
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.model.partial_date import PartialDate

NAME = "csl-json"
TITLE = "CSL-JSON"
FAMILY = "bibliography"
EXAMPLE = "library.json"
STREAMS = False

_LISTS = (("items",), ("references",))
# Keys that every item has and that no object inside an item has. After a broken item, such a key shows where the next
# item starts.
_LANDMARKS = {"id"}
_DECODER = msgspec.json.Decoder(dict[str, Any])

# Item types that only CSL has. Other types, such as "article" and "book", also occur in the files of many indexes.
_CSL_TYPE = re.compile(
    r'"type"\s*:\s*"(?:article-(?:journal|magazine|newspaper)|paper-conference|entry-(?:dictionary|encyclopedia)'
    r"|legal_case|motion_picture|musical_score|personal_communication|post-weblog|review-book|collection|speech"
    r'|webpage|broadcast|manuscript|pamphlet|periodical|regulation|treaty)"'
)
_LOOSE_TYPE = re.compile(r'"type"\s*:\s*"(?:article|book|chapter|thesis|report|dataset|software|document|patent|bill)"')
_CSL_DATE = re.compile(r'"(?:issued|accessed)"\s*:\s*\{')
_ZOTERO = re.compile(r'"itemType"\s*:\s*"')
# Keys in the JSON of Crossref, OpenAlex and Semantic Scholar. They use the same type names as CSL, so a file with these
# keys is probably not CSL-JSON.
_FOREIGN = re.compile(
    r'"(?:message-type|reference-count|abstract_inverted_index|paperId|openAccessPdf|is-referenced-by-count)"\s*:'
)

_WHOLE = frozenset({
    "book", "thesis", "report", "patent", "software", "dataset", "computerProgram", "standard",
})  # fmt: skip
_EDITED = frozenset(("book", "collection", "periodical", "document"))
_TITLES = ("title", "caseName", "nameOfAct", "subject", "title-short", "shortTitle")
_ZOTERO_CONTAINERS = (
    "publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "encyclopediaTitle", "dictionaryTitle",
    "programTitle", "blogTitle", "forumTitle", "websiteTitle", "meetingName", "seriesTitle", "series", "repository",
)  # fmt: skip
_CSL_CONTAINERS = ("container-title", "event-title", "event", "collection-title", "container-title-short")
_DATES = ("issued", "available-date", "submitted")
_ZOTERO_DATES = ("date", "dateDecided", "dateEnacted", "issueDate", "year")
_KINDS_OF_FILE = ("mimeType", "contentType", "title")
# Fields whose text may contain an arXiv id or a DOI.
_WITH_IDS = (
    "extra", "note", "archiveID", "archiveLocation", "archive_location", "number", "reportNumber", "publicationTitle",
    "container-title", "publisher", "pages", "volume", "callNumber",
)  # fmt: skip
_PUBLISHERS = ("publisher", "university", "institution", "company", "label", "distributor", "studio", "network")
# For an item without authors, people in these roles (for example directors) become the authors.
_MAKERS = (
    "inventor", "programmer", "artist", "director", "presenter", "podcaster", "composer", "cartographer", "interviewee",
    "performer", "sponsor", "illustrator", "curator", "host", "chair", "compiler", "organizer",
)  # fmt: skip


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is CSL-JSON or JSON of Zotero.

    The value is highest with a type that only Zotero or CSL has. It is lower with a type that other formats share,
    which counts only together with a date in the form of CSL.
    """
    text = fields.start(head)
    if text[:1] not in ("{", "["):
        return 0.0
    if _ZOTERO.search(text):
        return 0.95
    doubtful = 0.4 if _FOREIGN.search(text) else 0.0
    if _CSL_TYPE.search(text):
        return 0.9 - doubtful
    return 0.75 - doubtful if _LOOSE_TYPE.search(text) and _CSL_DATE.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file in file order.

    Notes, attachments and annotations are left out and counted in a warning.
    """
    index = notes = 0
    has_report = False
    for value in json_items.items(stream, lists=_LISTS, landmarks=_LANDMARKS):
        if isinstance(value, Around):
            continue
        if not isinstance(value, Value):
            has_report = has_report or isinstance(value, CutShort | Refused)
            index += isinstance(value, Refused)
            yield msgspec.structs.replace(value, index=index) if isinstance(value, Refused) else value
            continue
        try:
            item = _item(json_items.decoded(value, _DECODER))
        except Unfit as unfit:
            index += 1
            yield Refused(index, value.line, str(unfit))
            continue
        if not fields.is_paper(_first_text(item, "itemType", "type")):
            notes += 1
            continue
        index += 1
        described = paper(item)
        yield Entry(paper=described, line=value.line) if described else Refused(index, value.line, "no title")
    if not index and not has_report:
        raise ListingError("only notes and attachments in this file, no paper" if notes else "no item in this file")
    if notes:
        yield fields.left_out(notes)


def _item(value: dict[str, Any]) -> dict[str, Any]:
    """The item without the object that Zotero's API puts around it. Raises Unfit when `value` is not an item."""
    for name in ("csljson", "data"):
        inner = value.get(name)
        if isinstance(inner, dict):
            around = value.get("meta")
            parsed = around.get("parsedDate") if isinstance(around, dict) else None
            return {"parsedDate": parsed, **inner}
    if not {"type", "itemType", *_TITLES} & value.keys():
        raise Unfit("neither a CSL item nor one of Zotero")
    return value


def paper(item: Mapping[str, Any]) -> Paper | None:
    """The paper that an item of CSL or Zotero describes; None when the item has no title."""
    title = fields.plain(_first_text(item, *_TITLES))
    if title is None:
        return None
    kind = _first_text(item, "itemType", "type") or ""
    free = fields.extra(_first_text(item, "extra", "note") or "")
    attached = [each for each in _list(item, "attachments") if isinstance(each, dict)]
    linked = [
        (_first_text(each, "url"), "pdf" in (_first_text(each, *_KINDS_OF_FILE) or "").lower()) for each in attached
    ]
    pubmed = _first_text(item, "PMID") or free.get("pmid")
    # In Zotero, "extra" is free text for the user. Only a line "Comment: …" in it is a comment of the paper's authors.
    note = free.get("comment") or free.get("comments") or ("" if "extra" in item else free.get(""))
    return fields.paper(
        title=title,
        abstract=fields.plain(_first_text(item, "abstractNote", "abstract")),
        authors=_authors(item, kind),
        published=_published(item),
        venue=_venue(item, kind),
        comment=fields.plain(note),
        dois=[_first_text(item, "DOI", "doi"), free.get("doi")],
        eprints=[free.get("arxiv"), free.get("arxiv id"), free.get("eprint")],
        urls=[_first_text(item, "url", "URL"), *(url for url, is_pdf in linked if not is_pdf)],
        pdfs=[url for url, is_pdf in linked if is_pdf],
        mentions=[*(_first_text(item, name) for name in _WITH_IDS), f"PMID: {pubmed}" if pubmed else None],
        keywords=[*_tags(item), *([f"arXiv:{free['arxiv']}"] if "arxiv" in free else [])],
    )


def _published(item: Mapping[str, Any]) -> PartialDate | None:
    """The date of publication. The dates of CSL are numbers or text; the dates of Zotero are text."""
    issued = next((texts for name in _DATES if any(texts := _day_texts(item.get(name)))), [])
    return fields.when(*issued, _first_text(item, *_ZOTERO_DATES), _first_text(item, "parsedDate"))


def _day_texts(date: Any) -> list[str | None]:
    if not isinstance(date, dict):
        return [date if isinstance(date, str) else None]
    spans = date.get("date-parts")
    first = spans[0] if isinstance(spans, list) and spans and isinstance(spans[0], list) else []
    numbers = "-".join(str(part) for part in first[:3] if isinstance(part, int | str))
    return [numbers or None, _first_text(date, "raw"), _first_text(date, "literal"), _first_text(date, "string")]


def _venue(item: Mapping[str, Any], kind: str) -> str | None:
    publisher = _first_text(item, *_PUBLISHERS)
    containers = (_first_text(item, name) for name in (*_ZOTERO_CONTAINERS, *_CSL_CONTAINERS))
    container = next((name for name in containers if name and not fields.is_arxiv(name)), None)
    if kind in _WHOLE and publisher:
        return fields.venue(publisher)
    if container is None:
        return fields.venue(publisher)
    volume, issue = _first_text(item, "volume"), _first_text(item, "issue")
    return fields.venue(fields.plain(container), volume, issue, _first_text(item, "pages", "page"))


def _authors(item: Mapping[str, Any], kind: str) -> tuple[Author, ...]:
    """The authors. Without authors, the people in the first role of `_MAKERS` that occurs, or a book's editors."""
    by_role: dict[str, list[Author]] = {}
    for creator in _list(item, "creators"):
        if isinstance(creator, dict) and (author := _author(creator)):
            by_role.setdefault(_first_text(creator, "creatorType") or "author", []).append(author)
    for role in ("author", *_MAKERS, "editor"):
        for creator in _list(item, role):
            if isinstance(creator, dict) and (author := _author(creator)):
                by_role.setdefault(role, []).append(author)
    roles = ("author", *_MAKERS, *(("editor",) if kind in _EDITED else ()))
    return tuple(next((by_role[role] for role in roles if role in by_role), ()))


def _author(creator: Mapping[str, Any]) -> Author | None:
    """An author from a name that is divided into given name, family name and so on, or that is a single text."""
    parts = (
        _first_text(creator, "given", "firstName"),
        _first_text(creator, "dropping-particle"),
        _first_text(creator, "non-dropping-particle"),
        _first_text(creator, "family", "lastName"),
        _first_text(creator, "suffix"),
    )
    name = " ".join(part.strip() for part in parts if part) or _first_text(creator, "literal", "name") or ""
    places = [
        place
        for each in _list(creator, "affiliation")
        if (place := _first_text(each, "name") if isinstance(each, dict) else each if isinstance(each, str) else None)
    ]
    return Author(name, tuple(places)) if name.strip() else None


def _tags(item: Mapping[str, Any]) -> list[str]:
    tags = [_first_text(tag, "tag") if isinstance(tag, dict) else tag for tag in _list(item, "tags")]
    words = re.split(r"[,;]", _first_text(item, "keyword") or "")
    return [tag for tag in (*tags, *words) if isinstance(tag, str)]


def _first_text(item: Mapping[str, Any], *names: str) -> str | None:
    """The first value of the keys `names` that is text or a number, as text; None when there is no such value.

    If the value is a list, its first element is used.
    """
    for name in names:
        value = item.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _list(item: Mapping[str, Any], name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []
