"""What the formats of arXiv share: identifiers, days, categories, DOIs, and how a text of arXiv's becomes ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from store.formats import _tex
from store.paper import AnnounceType, Link

# Since 2007 "0704.0001", five digits since 2015; before, "astro-ph/0601001" and "math.GT/0309136".
_ID = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_WHOLE_ID = re.compile(rf"({_ID})(?:v(\d{{1,3}}))?")
_AFTER = r"(?:arxiv\.org/(?:abs|pdf|html|format)/|arxiv:|arxiv\.org:|10\.48550/arxiv\.)\s*"
_ID_IN_TEXT = re.compile(rf"(?i:{_AFTER})({_ID})(?:v(\d{{1,3}}))?(?![\d])")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
# DOIs that arXiv gives to everything it holds: they say no more than the identifier.
_ARXIV_DOI = "10.48550/arxiv."
_DAY = re.compile(r"\b(\d{1,2})[ -]([A-Z][a-z]{2})[a-z]*\.?[ -](\d{4}|\d{2})\b")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
# arXiv began in 1991: a year of two digits before is one of this century.
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


class Identifier(NamedTuple):
    """An arXiv identifier without its version, and the version where one was said."""

    id: str
    version: int | None


class Announced(NamedTuple):
    """What arXiv writes over an abstract in a feed: "arXiv:2604.21935v1 Announce Type: new"."""

    identifier: Identifier | None
    type: AnnounceType | None
    abstract: str


def identifier(text: str | None) -> Identifier | None:
    """The identifier that `text` is ("2303.00763v2"), or the first one it names ("http://arxiv.org/abs/…").

    A subject class in an old one is left out, as arXiv does: "math.GT/0309136" is "math/0309136".
    """
    if not text:
        return None
    text = text.strip()
    match = _WHOLE_ID.fullmatch(text) or _ID_IN_TEXT.search(text)
    if match is None:
        return None
    archive, slash, number = match[1].rpartition("/")
    plain = f"{archive.partition('.')[0]}/{number}" if slash else match[1]
    return Identifier(plain, int(match[2]) if match[2] else None)


def links(arxiv_id: str) -> tuple[Link, ...]:
    """The page and the PDF of the newest version."""
    return (
        Link("page", f"https://arxiv.org/abs/{arxiv_id}"),
        Link("pdf", f"https://arxiv.org/pdf/{arxiv_id}"),
    )


def doi(text: str | None) -> str | None:
    """The publisher's DOI in `text`: the first of several, and none that is arXiv's own."""
    if not text or "10." not in text:
        return None
    for match in _DOI.finditer(_tex.letters(text)):
        found = match[0].rstrip(".,;)")
        if not found.lower().startswith(_ARXIV_DOI):
            return found
    return None


def categories(named: Iterable[str], primary: str | None = None) -> tuple[str, ...]:
    """The categories among `named`, each once and the primary one first. Classes of MSC and ACM are none."""
    return tuple(dict.fromkeys(each for each in (primary, *named) if each and _CATEGORY.fullmatch(each)))


def day(text: str | None) -> date | None:
    """The first day written in `text`, as "Wed, 1 Mar 2023 19:00:02 GMT", "3 Mar 23" or "2023-03-01T…"."""
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
    """The kind of announcement a feed names: "replace-cross" is a replacement."""
    return _ANNOUNCE_TYPES.get((text or "").strip().lower())


def announced(text: str) -> Announced:
    """A feed's description taken apart; without arXiv's line over it, it is an abstract and nothing else."""
    match = _ANNOUNCED.fullmatch(text)
    if match is None:
        return Announced(None, None, text)
    return Announced(identifier(match[1]), announce_type(match[2]), match[3])


def line(text: str | None) -> str | None:
    """A title, a comment or a reference on one line, with letters for TeX; None where there is nothing."""
    if not text:
        return None
    return " ".join(_tex.letters(text, keep_braces=True).split()) or None


def abstract(text: str | None) -> str | None:
    """An abstract with letters for TeX and a blank line between paragraphs.

    arXiv starts a paragraph with an indented line; where every line is indented it is the file that is.
    """
    if not text:
        return None
    text = _tex.letters(text.strip(), keep_braces=True)
    if _is_one_paragraph(text):
        return text.replace("\n", " ") or None
    indented = len(_INDENTED.findall(text))
    if indented and indented < text.count("\n"):
        text = _INDENTED.sub("\n\n", text)
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(part for part in paragraphs if part) or None


def _is_one_paragraph(text: str) -> bool:
    """Whether the words of an abstract are one space or one line end apart. Nearly all are; told without regexes."""
    return not ("  " in text or "\n " in text or " \n" in text or "\n\n" in text or "\t" in text or "\r" in text)
