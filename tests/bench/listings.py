"""Writes generated papers as listing files: arXiv's snapshot, and Daily Papers pages in both layouts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

from tests.bench.corpus import SEED, MadePaper, papers
from tests.bench.submissions import LAST_DAY

Layout = Literal["bylines", "bare"]

# The number of papers on a page of Daily Papers. Real pages have 46 to 182.
PAGE = 100
_WIDTH = 78
_encode = json.JSONEncoder(separators=(",", ":")).encode


def snapshot(size: int, seed: int = SEED) -> Iterator[str]:
    """Yield the lines of a file like arXiv's metadata snapshot with `size` papers, including the line breaks."""
    for paper in papers(size, seed):
        yield snapshot_line(paper) + "\n"


def pages(size: int, layout: Layout, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield pages of Daily Papers with `size` papers altogether.

    Each page is a file name that contains the day, and the text.
    """
    made = papers(size, seed)
    day = LAST_DAY
    while page := list(islice(made, PAGE)):
        name = f"daily-papers-{day.isoformat()}.txt" if layout == "bylines" else f"page-{day.isoformat()}.txt"
        yield name, daily_page(page, day, layout, seed)
        day -= timedelta(days=1)


def write_pages(folder: Path, size: int, seed: int = SEED) -> None:
    """Write pages of Daily Papers into `folder`.

    Nine of ten papers are on pages with bylines (lines with authors and date).
    """
    folder.mkdir(parents=True, exist_ok=True)
    layouts: tuple[tuple[Layout, int], ...] = (("bylines", size - size // 10), ("bare", size // 10))
    for number, (layout, count) in enumerate(layouts):
        for name, text in pages(count, layout, seed + number):
            (folder / name).write_text(text, "utf-8")


def snapshot_line(paper: MadePaper) -> str:
    """One paper as a line of the snapshot, with the same keys, order, line breaks, and TeX accents as in arXiv's."""
    return _encode(
        {
            "id": paper.arxiv_id,
            "submitter": " ".join(paper.authors[0]),
            "authors": wrapped(tex(authors_line(paper)), "\n  "),
            "title": wrapped(tex(paper.title), "\n  "),
            "comments": paper.comment,
            "journal-ref": paper.venue,
            "doi": paper.doi,
            "report-no": None,
            "categories": " ".join(paper.categories),
            "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            "abstract": f"  {wrapped(tex(paper.abstract))}\n",
            "versions": [
                {"version": f"v{number}", "created": stamp(day)} for number, day in enumerate(_days(paper), 1)
            ],
            "update_date": paper.updated.isoformat(),
            "authors_parsed": [[family, given, ""] for given, family in paper.authors],
        }
    )


def daily_page(page: list[MadePaper], day: date, layout: Layout, seed: int = SEED) -> str:
    """A page of Daily Papers as text copied from the browser.

    In the layout with bylines, a few papers have none, as on real pages.
    """
    if layout == "bare":
        banner = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"
        text = "\n".join(f"{paper.title}\n{paper.abstract}" for paper in page)
        return f"{banner}Subscribe{text}\n\t\t\t \n\t\t\t \n"
    random = Random(f"{seed}-{day}").random
    parts = [_BANNER, _printed(day)]
    for paper in page:
        parts += [paper.title, paper.abstract]
        chance, talk = random(), random()
        if chance < _NO_BYLINE:
            continue
        who = f"  • {len(paper.authors)} authors" if chance < 1 - _ORGANIZED else _organization(random())
        year = "" if paper.published.year == day.year else f", {paper.published.year}"
        comments = f" {1 + int(talk * 100)}" if talk < _TALKED_ABOUT else ""
        parts.append(f"{who}\n·\n{_printed(paper.published)}{year}{comments}")
    return "\n\n".join(parts) + "\n"


_BANNER = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community"
)
_NO_BYLINE, _ORGANIZED, _TALKED_ABOUT = 0.04, 0.03, 0.25
_ORGANIZATIONS = (
    ("aurora-lab", "Aurora Lab"), ("northfield-ai", "Northfield AI"), ("zhiyuan", "智源研究院"),
    ("institut-ampere", "Institut Ampère"), ("halcyon", "Halcyon Research"), ("tu-ostsee", "TU Ostsee"),
)  # fmt: skip
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()  # noqa: SIM905
# TeX commands for combining accents, and for letters.
_ACCENTS = {
    "\u0300": r"\`", "\u0301": r"\'", "\u0302": r"\^", "\u0303": r"\~", "\u0308": r"\"", "\u0304": r"\=",
    "\u030a": r"\r ", "\u030b": r"\H ", "\u030c": r"\v ", "\u0327": r"\c ", "\u0328": r"\k ", "\u0306": r"\u ",
    "\u0307": r"\.",
}  # fmt: skip
_COMMANDS = {"ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "ß": r"{\ss}", "ı": r"{\i}", "æ": r"{\ae}"}


def tex(text: str) -> str:
    """`text` with TeX commands for accents, as authors type them. Letters without such a command are not changed."""
    return text if text.isascii() else "".join(letter if letter < "\x80" else _tex(letter) for letter in text)


def _tex(letter: str) -> str:
    if command := _COMMANDS.get(letter):
        return command
    plain = unicodedata.normalize("NFD", letter)
    accent = _ACCENTS.get(plain[1:])
    return f"{{{accent}{plain[0]}}}" if accent and plain[0].isascii() and plain[0].isalpha() else letter


def authors_line(paper: MadePaper) -> str:
    """The authors as arXiv prints them, for example "A, B and C"."""
    names = [f"{given} {family}" for given, family in paper.authors]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def wrapped(text: str, join: str = "\n") -> str:
    """`text` broken into lines of at most `_WIDTH` characters. The module textwrap would take ten times as long."""
    if len(text) <= _WIDTH:
        return text
    lines: list[str] = []
    line: list[str] = []
    length = -1
    for word in text.split(" "):
        if length + len(word) >= _WIDTH and line:
            lines.append(" ".join(line))
            line, length = [], -1
        line.append(word)
        length += len(word) + 1
    lines.append(" ".join(line))
    return join.join(lines)


def _days(paper: MadePaper) -> Iterator[date]:
    """Yield the day on which each version of the paper was submitted."""
    between = (paper.updated - paper.published).days
    for number in range(paper.versions):
        yield paper.published + timedelta(days=between * number // max(1, paper.versions - 1))


def stamp(day: date) -> str:
    """A time on `day` in the form of RFC 2822, for example "Mon, 2 Apr 2007 17:02:42 GMT"."""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year} 17:{day.day:02}:42 GMT"


def _printed(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"


def _organization(chance: float) -> str:
    slug, name = _ORGANIZATIONS[int(chance * len(_ORGANIZATIONS))]
    return f"{slug} {name}"
