"""Conversions that the formats of arXiv share: days, categories, DOIs, links, titles and abstracts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from store.matching import identifiers
from store.matching.identifiers import ArxivId, arxiv_id
from store.model.entry import AnnounceType
from store.model.paper import Link
from store.text import tex

_DAY = re.compile(r"\b(\d{1,2})[ -]([A-Z][a-z]{2})[a-z]*\.?[ -](\d{4}|\d{2})\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
# arXiv began in 1991, so a year of two digits that is less than 91 means a year after 2000.
_FIRST_YEAR = 91
_ANNOUNCED = re.compile(
    r"\s*arXiv:(\S+)\s+Announce Type:\s*([A-Za-z-]+)\s*(?:Abstract:\s*)?(.*)", re.DOTALL | re.IGNORECASE
)
_INDENTED = re.compile(r"\n[ \t]+(?=\S)")
_ANNOUNCE_TYPES: dict[str, AnnounceType] = {
    "new": "new",
    "cross": "cross",
    "replace": "replaced",
    "replace-cross": "replaced",
    "absonly": "replaced",
}


class Announced(NamedTuple):
    """The identifier, announcement type and abstract in the description of a paper in a feed.

    The description starts with a line such as "arXiv:2604.21935v1 Announce Type: new".
    """

    identifier: ArxivId | None
    type: AnnounceType | None
    abstract: str


def links(arxiv_id: str) -> tuple[Link, ...]:
    """The links to the page and to the PDF of a paper on arXiv, both for the newest version of the paper."""
    return Link("page", identifiers.arxiv_page(arxiv_id)), Link("pdf", identifiers.arxiv_pdf(arxiv_id))


def doi(text: str | None) -> str | None:
    """The publisher's DOI in `text`, the first if there are several. DOIs that arXiv itself registered are skipped."""
    if not text or "10." not in text:
        return None
    dois = map(identifiers.doi, tex.for_storage(text).split())
    return next((each for each in dois if each and not identifiers.is_arxiv_doi(each)), None)


def categories(names: Iterable[str], primary: str | None = None) -> tuple[str, ...]:
    """The arXiv categories among `names`, without duplicates, with `primary` first.

    Other classes, such as those of MSC and ACM, are dropped.
    """
    return tuple(dict.fromkeys(each for each in (primary, *names) if each and identifiers.is_category(each)))


def day(text: str | None) -> date | None:
    """The first date in `text`; None when there is none.

    A date may be written as "Wed, 1 Mar 2023 19:00:02 GMT", "3 Mar 23" or "2023-03-01T…".
    """
    if not text:
        return None
    try:
        if "-" in text and (match := _ISO_DAY.search(text)):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY.search(text):
            year = int(match[3])
            if len(match[3]) == 2:
                year += 1900 if year >= _FIRST_YEAR else 2000
            return date(year, _MONTHS[match[2]], int(match[1]))
    except (ValueError, KeyError):
        return None
    return None


def announce_type(text: str | None) -> AnnounceType | None:
    """The announcement type for its name `text` in a feed; None for an unknown name.

    The name "replace-cross" counts as a replacement.
    """
    return _ANNOUNCE_TYPES.get((text or "").strip().lower())


def announced(text: str) -> Announced:
    """The parts of `text`, which is the description of a paper in a feed.

    If `text` does not start with a line such as "arXiv:2604.21935v1 Announce Type: new", all of it is the abstract.
    """
    match = _ANNOUNCED.fullmatch(text)
    if match is None:
        return Announced(None, None, text)
    return Announced(arxiv_id(match[1]), announce_type(match[2]), match[3])


def line(text: str | None) -> str | None:
    """A title, a comment or a reference on one line, with its TeX converted for storage; None when `text` is empty."""
    if not text:
        return None
    return " ".join(tex.for_storage(text, keep_braces=True).split()) or None


def abstract(text: str | None) -> str | None:
    """An abstract with its TeX converted for storage and a blank line between paragraphs; None when `text` is empty.

    arXiv indents the first line of a paragraph. But if every line is indented, the indentation is that of the whole
    abstract, and no line starts a new paragraph.
    """
    if not text:
        return None
    text = tex.for_storage(text.strip(), keep_braces=True)
    if _is_one_paragraph(text):
        return text.replace("\n", " ") or None
    indented = len(_INDENTED.findall(text))
    if indented and indented < text.count("\n"):
        text = _INDENTED.sub("\n\n", text)
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(part for part in paragraphs if part) or None


def _is_one_paragraph(text: str) -> bool:
    """Whether all words are separated by single spaces or line ends.

    This is true for nearly all abstracts, and this test is faster than a regular expression.
    """
    return not ("  " in text or "\n " in text or " \n" in text or "\n\n" in text or "\t" in text or "\r" in text)
