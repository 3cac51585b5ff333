"""Read the metadata of a paper in a web page: `citation_*` and Dublin Core in meta elements, schema.org in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any

import msgspec

from store.formats.bibliography import fields
from store.formats.feeds import names
from store.model.paper import Author

# An attribute in quotation marks may contain angle brackets.
_META = re.compile(r"""<meta\s((?:[^<>"']++|"[^"]{0,50000}+"|'[^']{0,50000}+'){1,400}+)>""", re.I)
_ATTRIBUTE = re.compile(r"""([A-Za-z:-]{2,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_JSON_LD = re.compile(r"""<script\b[^<>]{0,200}\btype\s*=\s*["']?application/ld\+json["']?[^<>]{0,200}>""", re.I)
# Limits that no real page of a paper reaches: even the authors of a large collaboration need only a few thousand meta
# elements.
_MOST_METAS = 20_000
_MOST_SCRIPTS = 20
_LONGEST_SCRIPT = 2_000_000
# The types of schema.org that are papers, and those that may be. An "Article" may also be a newspaper article, so a
# type in _MAYBE_TYPES counts only if the object has a DOI and a journal.
_SURE_TYPES = {"scholarlyarticle", "medicalscholarlyarticle", "thesis", "report", "chapter"}
_MAYBE_TYPES = {"article", "creativework", "publicationissue", "techarticle"}
# The deepest nesting and the largest number of JSON-LD objects that are examined.
_DEEPEST, _MOST_OBJECTS = 6, 200
# The names of meta elements with an affiliation. An affiliation belongs to the last author before it.
_AFFILIATIONS = ("citation_author_institution", "citation_author_affiliation")
_AUTHORS = ("citation_author", "citation_authors")

Meta = list[tuple[str, str]]


def metas(page: str) -> Meta:
    """The names (in lower case) and contents of all meta elements, in the order of the page."""
    pairs: Meta = []
    for tag in islice(_META.finditer(page), _MOST_METAS):
        attributes = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(tag[1])}
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = " ".join(unescape(attributes.get("content", "")).split())
        if name and content:
            pairs.append((name.lower().replace("dcterms.", "dc.").replace("dc:", "dc."), content))
    return pairs


def first(metas: Meta, *names: str) -> str | None:
    """The content of the meta element with the first name in `names` that the page has, or None."""
    values = dict(reversed(metas))
    return next((values[name] for name in names if name in values), None)


def every(metas: Meta, *names: str) -> list[str]:
    """The contents of all meta elements named in `names`, without duplicates, in the order of the page."""
    return list(dict.fromkeys(content for name, content in metas if name in names))


def authors(metas: Meta) -> tuple[Author, ...]:
    """The authors in `citation_author`, with their affiliations. Without such elements, the authors in `dc.creator`."""
    people: list[tuple[str, list[str]]] = []
    for name, content in metas:
        if name in _AUTHORS:
            people.append((content, []))
        elif name in _AFFILIATIONS and people and content not in people[-1][1]:
            people[-1][1].append(content)
    if not people:
        return one_or_many(every(metas, "dc.creator", "dc.contributor.author", "dc.creator.personalname"))
    if len(people) == 1 and _are_several(people[0][0]):
        return names.authors([people[0][0]])
    return tuple(
        Author(author.name, tuple(affiliations))
        for written, affiliations in people
        for author in fields.authors([fields.person(written)])
    )


def one_or_many(written: Sequence[str]) -> tuple[Author, ...]:
    """The authors in `written`: each text contains one name, but a single text contains the names of all authors."""
    if len(written) == 1 and _are_several(written[0]):
        return names.authors(written)
    return fields.authors(dict.fromkeys(map(fields.person, written)))


def _are_several(written: str) -> bool:
    return ";" in written or written.count(",") > 1 or bool(re.search(r",.*\sand\s", written))


def article(page: str) -> Mapping[str, Any] | None:
    """The JSON-LD object that describes a paper in the terms of schema.org; None when the page has none."""
    objects = (each for text in _scripts(page) for each in _objects(_decoded(text)))
    maybe: Mapping[str, Any] | None = None
    for number, each in enumerate(objects):
        if number == _MOST_OBJECTS:
            break
        kinds = {str(kind).rpartition("/")[2].lower() for kind in _listed(each.get("@type"))}
        if kinds & _SURE_TYPES:
            return each
        in_journal = isinstance(each.get("isPartOf"), dict) and "10." in str(each.get("identifier") or each.get("@id"))
        if maybe is None and kinds & _MAYBE_TYPES and in_journal:
            maybe = each
    return maybe


def text_of(value: Any) -> str | None:
    """A JSON-LD value as text; None when it has no text.

    The text of an object is its `name`, `value`, `@id` or `url`. The text of a list is its first text.
    """
    for each in _listed(value):
        if isinstance(each, dict):
            each = each.get("name") or each.get("value") or each.get("@id") or each.get("url")
        if isinstance(each, str | int) and str(each).strip():
            return str(each).strip()
    return None


def texts_of(value: Any) -> list[str]:
    """The texts of all values in a JSON-LD list, without empty ones."""
    return [text for each in _listed(value) if (text := text_of(each))]


def people_of(value: Any) -> tuple[Author, ...]:
    """The authors in a JSON-LD list of persons, with their affiliations."""
    people: list[Author] = []
    for each in _listed(value):
        if not isinstance(each, dict):
            people += one_or_many([each]) if isinstance(each, str) else ()
            continue
        name = text_of(each.get("name")) or " ".join(
            filter(None, map(text_of, (each.get("givenName"), each.get("familyName"))))
        )
        people += (
            Author(author.name, tuple(texts_of(each.get("affiliation"))))
            for author in fields.authors([fields.person(name)] if name else [])
        )
    return tuple(people)


def _scripts(page: str) -> Iterator[str]:
    """The text of each script element with JSON-LD."""
    for tag in islice(_JSON_LD.finditer(page), _MOST_SCRIPTS):
        end = page.find("</script", tag.end(), tag.end() + _LONGEST_SCRIPT)
        if end >= 0:
            yield page[tag.end() : end]


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text.strip())
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The objects in a JSON-LD value: the outermost ones, the objects in `@graph`, and the main entity of a page."""
    for each in _listed(value):
        if isinstance(each, dict) and depth < _DEEPEST:
            yield each
            yield from _objects(each.get("@graph"), depth + 1)
            yield from _objects(each.get("mainEntity"), depth + 1)
            yield from _objects(each.get("mainEntityOfPage"), depth + 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
