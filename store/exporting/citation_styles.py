"""References in the citation styles of journals, formatted by citeproc-py, which is installed with the optional extra
`cite`.

The styles are files of the Citation Style Language in the folder `styles`, which also contains their licence.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from store.exporting import csl_json
from store.exporting.exported import ExportedPaper
from store.exporting.person_names import EAST_ASIAN
from store.model.errors import LibraryError

# Maps the name of each style file to the full name of the style.
STYLES = {
    "apa": "APA, 7th edition",
    "ieee": "IEEE",
    "chicago": "Chicago, author-date",
    "mla": "MLA",
    "vancouver": "Vancouver (NLM)",
    "nature": "Nature",
    "acm": "ACM",
    "harvard": "Harvard, Cite Them Right",
    "lncs": "Springer LNCS",
    "acl": "ACL",
}
_FOLDER = Path(__file__).parent / "styles"
# Fields of a CSL item that a reference does not need. They are not passed to citeproc-py.
_UNUSED = ("abstract", "keyword", "note", "archive_location")
# Matches the number before a reference in a numeric style: "[1]" or "1.". It does not match a number of four digits,
# which is a year.
_NUMBER = re.compile(r"^(\[\d+\]|\d{1,3}\.)\s*")


def references(papers: Sequence[ExportedPaper], style: str) -> list[str]:
    """The references of the papers, one line each, in the order in which the style sorts them.

    `style` is a key of STYLES. If there are several references, those of a numeric style begin with their numbers.
    Raises LibraryError when the extra `cite` is not installed.
    """
    try:
        # Imported here, because citeproc-py is an optional dependency (the extra `cite`), and imports lxml, which is
        # slow.
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON
    except ImportError as error:
        raise LibraryError("citation styles need the package citeproc-py: install recto[cite]") from error
    items = [_item(paper, number) for number, paper in enumerate(papers)]
    with warnings.catch_warnings():
        # Suppress the warnings of citeproc-py. It warns about each part of a style or an item that it does not support.
        warnings.simplefilter("ignore")
        rules = CitationStylesStyle(str(_FOLDER / f"{style}.csl"), validate=False)
        bibliography = CitationStylesBibliography(rules, CiteProcJSON(items), formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        lines = [" ".join("".join(map(str, entry)).split()) for entry in bibliography.bibliography()]
    of_key = {item["id"]: item for item in items}
    written: list[str] = []
    for key, line in zip(bibliography.keys, lines, strict=True):
        item = of_key[key]
        text = line if "author" in item else _with_title_once(line, item["title"])
        written.append(_NUMBER.sub(r"\1 " if len(lines) > 1 else "", text, count=1))
    return written


def _with_title_once(line: str, title: str) -> str:
    """The reference of a paper without authors.

    Most styles put the title in the place of the missing authors. citeproc-py then writes the title again in its usual
    place, so this function removes the second one.
    """
    words = r"\s+".join(map(re.escape, title.split()))
    found = [*re.finditer(rf"[“\"]?{words}[”\"]?[.,]?\s*", line, re.IGNORECASE)]
    if len(found) < 2:
        return line
    shorter = f"{line[: found[1].start()]}{line[found[1].end() :]}".strip()
    return shorter if shorter.endswith((".", "?", "!")) else f"{shorter.rstrip(',')}."


def _item(exported: ExportedPaper, number: int) -> dict[str, Any]:
    """The paper as an item for citeproc-py. If it has no authors, its organization becomes the author."""
    item = {name: value for name, value in csl_json.item(exported).items() if name not in _UNUSED}
    authors = [_name(author) for author in item.get("author", ())]
    if not authors and exported.paper.organization:
        authors = [{"literal": exported.paper.organization.name}]
    if authors:
        item["author"] = authors
    return {**item, "id": f"paper{number}"}


def _name(author: dict[str, str]) -> dict[str, str]:
    """The fields of a person's name for citeproc-py.

    Chinese, Japanese and Korean names are passed as one text, with the family name first and without a space, because
    citeproc-py would put the given name first and write initials.
    """
    family, given = author.get("family", ""), author.get("given", "")
    if EAST_ASIAN.search(family) and EAST_ASIAN.search(given):
        return {"literal": f"{family}{given}"}
    return author
