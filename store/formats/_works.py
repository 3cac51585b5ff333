"""What the records of scholarly indexes share: identifiers, addresses, and text with markup in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from store.formats import _identifiers
from store.paper import Link, LinkKind

_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}/\S+", re.IGNORECASE)

_TAG = re.compile(r"<(/?)((?:jats|mml|m|xhtml|html):)?([A-Za-z][A-Za-z0-9-]{0,30})(?:\s[^<>]*)?>")
_CHARACTER = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
_BLOCKS = frozenset(
    ("p", "sec", "title", "label", "list", "list-item", "disp-formula", "div", "li", "ul", "ol", "br", "break")
)
_INLINE = frozenset(
    (
        "i",
        "b",
        "u",
        "em",
        "strong",
        "bold",
        "italic",
        "sub",
        "sup",
        "sc",
        "scp",
        "small",
        "tt",
        "span",
        "a",
        "font",
        "math",
    )
)
# A second telling of a formula, in TeX.
_ASIDE = frozenset(("tex-math", "annotation"))
_HEADINGS = frozenset(("title", "label"))
_NO_HEADING = re.compile(r"(?:abstract|summary)[\s.:]*", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IN_SCRIPT = {"sup": _RAISED, "sub": _LOWERED}


class Identity(NamedTuple):
    """What a paper is known by: an arXiv id without its version, the version, a publisher's DOI."""

    arxiv_id: str | None
    arxiv_version: int | None
    doi: str | None


def identity(
    *,
    dois: Iterable[str | None] = (),
    arxiv_ids: Iterable[str | None] = (),
    addresses: Iterable[str | None] = (),
) -> Identity:
    """The identity that fields made for a DOI, fields made for an arXiv id, and addresses give together.

    A DOI that arXiv itself gives a paper is its arXiv id, and no DOI.
    """
    said = [text for text in dois if text]
    found = [doi for text in said if (doi := _identifiers.doi(text))]
    arxiv = [each for text in arxiv_ids if text and (each := _identifiers.arxiv_id(text))]
    arxiv += [each for text in (*said, *addresses) if text and (each := _identifiers.arxiv_in(text))]
    arxiv_id = arxiv[0].id if arxiv else None
    version = next((each.version for each in arxiv if each.id == arxiv_id and each.version), None)
    doi = next((each for each in found if not _identifiers.is_arxiv_doi(each)), None)
    return Identity(arxiv_id, version, doi)


def address(text: str | None) -> str | None:
    """An http or https address that stands in a field made for one; https where no scheme is written."""
    text = (text or "").strip()
    if _ADDRESS.fullmatch(text):
        return text
    return f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else None


def links(*addresses: tuple[LinkKind, str | None], stars: int | None = None) -> tuple[Link, ...]:
    """Links of those `addresses` that are ones, each once. `stars` are those of the code."""
    found: dict[tuple[LinkKind, str], Link] = {}
    for kind, text in addresses:
        if url := address(text):
            found.setdefault((kind, url), Link(kind, url, stars if kind == "code" else None))
    return tuple(found.values())


def arxiv_page(arxiv_id: str | None) -> str | None:
    """The address of a paper on arXiv."""
    return f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else None


def arxiv_pdf(arxiv_id: str | None) -> str | None:
    """The address of a paper's PDF on arXiv, of its newest version."""
    return f"https://arxiv.org/pdf/{arxiv_id}" if arxiv_id else None


def doi_page(doi: str | None) -> str | None:
    """The address that a DOI leads to."""
    return f"https://doi.org/{doi}" if doi else None


def plain(text: str | None) -> str | None:
    """`text` without HTML, JATS and MathML markup; paragraphs stay apart, "Methods" over one becomes "Methods: "."""
    if not text or ("<" not in text and "&" not in text):
        return text
    found = _CHARACTER.sub(lambda character: html.unescape(character[0]), _without_tags(text))
    # Some publishers deposit markup that was escaped once too often.
    return _without_tags(found) if "<" in found else found


def _without_tags(text: str) -> str:
    parts: list[str] = []
    heading: int | None = None
    script: int | None = None
    aside = 0
    at = 0
    for tag in _TAG.finditer(text):
        closing, prefix, name = bool(tag[1]), tag[2], tag[3].lower()
        if not prefix and name not in _BLOCKS and name not in _INLINE:
            continue
        if not aside:
            parts.append(text[at : tag.start()])
        at = tag.end()
        if name in _ASIDE:
            aside = max(0, aside + (-1 if closing else 1))
        elif name in _IN_SCRIPT and not closing:
            script = len(parts)
        elif name in _IN_SCRIPT and script is not None:
            parts[script:] = [_in_script("".join(parts[script:]), name)]
            script = None
        elif name in _HEADINGS and closing and heading is not None:
            said = "".join(parts[heading:]).strip()
            parts[heading:] = [] if _NO_HEADING.fullmatch(said) or not said else [said.rstrip(":. "), ": "]
            heading = None
        elif name in _BLOCKS:
            if parts[-1:] != [": "] and not (len(parts) > 1 and parts[-2] == ": " and not parts[-1].strip()):
                parts.append("\n\n")
            heading = len(parts) if name in _HEADINGS and not closing else heading
    if not aside:
        parts.append(text[at:])
    return "".join(parts).strip()


def _in_script(text: str, name: str) -> str:
    """`text` raised or lowered, where Unicode has all its characters so."""
    table = _IN_SCRIPT[name]
    return text.translate(table) if all(ord(letter) in table for letter in text.strip()) else text
