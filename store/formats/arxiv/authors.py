"""The authors line of arXiv taken apart: names in Unicode, affiliations in parentheses or by number.

"A. One (1), B. Two (1 and 2), and C. Three ((1) Here, (2) There)". An affiliation counts for every author since
the one before it, as arXiv itself reads the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from store.model.paper import Author
from store.text import tex

_AND = re.compile(r"(?:,\s*|\s+)(?:and|&)(?=\s)|^\s*(?:and|&)\s")
_SEPARATOR = re.compile(r"[,;:]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_NOBODY = re.compile(r"et\.?\s*al\b\.?.*|others|\d*\s*(?:additional|other) authors.*|and", re.IGNORECASE)
_COLLABORATION = re.compile(r"\b(?:collaborations?|group|team|consortium)\b", re.IGNORECASE)
_KEY = re.compile(r"\(\s*(\d{1,3}|[a-z])\s*\)")
_DASHED_KEY = re.compile(r"(?:^|[,;]\s*)(\d{1,3})\s*[-:=]\s*(?=\S)")
_KEYS = re.compile(r"(?:\d{1,3}|[a-z])(?:\s*(?:,|;|&|and|\s)\s*(?:\d{1,3}|[a-z]))*\s*,?\s*[*†‡]*")
_NICKNAME = re.compile(r"[A-Z][a-z]{1,11}")
# More than any author has; all of them count for the authors before as well.
_MOST_AFFILIATIONS = 50
# "S.M. Warner" has a space after each initial, "C.-P. Yuan" has none before the hyphen.
_TIGHT_INITIAL = re.compile(r"\.\w")
_INITIAL = re.compile(r"(?<=\b\w\.)(?=\w)")


@dataclass(slots=True)
class _Named:
    """A name and what stands in parentheses behind it."""

    name: str
    notes: list[str] = field(default_factory=list)


def authors(line: str | None, *, each_has_its_own: bool = False) -> tuple[Author, ...]:
    """The authors of an authors line. With `each_has_its_own` an affiliation is that of one name alone."""
    if not line:
        return ()
    named, keyed = _named(" ".join(tex.for_storage(line).replace("~", " ").split()), each_has_its_own)
    found = [_affiliations(one.notes, keyed) for one in named]
    if not each_has_its_own:
        _carry_back(named, found)
    return tuple(Author(name(one.name), affiliations) for one, affiliations in zip(named, found, strict=True))


def name(text: str) -> str:
    """A name as arXiv's various outputs agree on it: "S. M. Warner", "C.-P. Yuan"."""
    if "." in text:
        if _TIGHT_INITIAL.search(text):
            text = _INITIAL.sub(" ", text)
        text = text.replace(". -", ".-")
    return " ".join(text.split())


def _named(line: str, no_and: bool) -> tuple[list[_Named], dict[str, str]]:
    """The names with their notes, and the affiliations that a list at the end numbers."""
    named: list[_Named] = []
    keyed: dict[str, str] = {}
    blocks = _blocks(line)
    for at, (inside, text) in enumerate(blocks):
        if not inside:
            joined = bool(at) and bool(named) and _goes_on_after_nickname(blocks, at)
            _add_names(named, text, no_and, joined)
            continue
        after_note = at > 0 and not blocks[at - 1][1].strip(" ,") and bool(named)
        if keys := _keyed(text, after_note or not named):
            for key, affiliation in keys.items():
                keyed.setdefault(key, affiliation)
        elif named and not (after_note and named[-1].notes):
            named[-1].notes.append(text.strip())
    return [one for one in named if any(map(str.isalpha, one.name))], keyed


def _blocks(line: str) -> list[tuple[bool, str]]:
    """The line cut at its outermost parentheses: whether inside, and the text."""
    blocks: list[tuple[bool, str]] = []
    depth = 0
    start = 0
    for match in re.finditer(r"[()]", line):
        if match[0] == "(":
            if depth == 0:
                blocks.append((False, line[start : match.start()]))
                start = match.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                blocks.append((True, line[start : match.start()]))
                start = match.end()
        else:
            # A parenthesis that nobody opened ends nothing.
            blocks.append((False, line[start : match.start()]))
            start = match.end()
    blocks.append((depth > 0, line[start:]))
    return blocks


def _goes_on_after_nickname(blocks: list[tuple[bool, str]], at: int) -> bool:
    """Whether the block at `at` is the rest of a name: "Yi (Ian) Chen, …"."""
    inside, note = blocks[at - 1]
    text = blocks[at][1]
    rest = _SEPARATOR.split(_AND.sub(",", text), maxsplit=1)[0].split()
    return (
        inside
        and _NICKNAME.fullmatch(note) is not None
        and text[:1] == " "
        and 1 <= len(rest) <= 2
        and all(word[:1].isupper() for word in rest)
    )


def _add_names(named: list[_Named], text: str, no_and: bool, joined: bool) -> None:
    if not no_and:
        text = _AND.sub(",", text)
    for number, part in enumerate(_SEPARATOR.split(text)):
        part = part.strip(" *")
        if number == 0 and joined and part:
            note = named[-1].notes.pop()
            named[-1].name += f" ({note}) {part}"
        elif _SUFFIX.fullmatch(part) and named and not named[-1].notes:
            named[-1].name += f" {part}"
        elif part and not _NOBODY.fullmatch(part):
            named.append(_Named(part))


def _keyed(note: str, may_be_dashed: bool) -> dict[str, str]:
    """The affiliations of a list such as "(1) Here, (2) There"; empty when the note is no such list."""
    if _KEY.match(note.lstrip()):
        parts = _KEY.split(note)
    elif may_be_dashed and _DASHED_KEY.match(note):
        parts = _DASHED_KEY.split(note)
    else:
        return {}
    return {
        key: affiliation
        for key, said in zip(parts[1::2], parts[2::2], strict=True)
        if (affiliation := said.strip(" ,.;:").removesuffix(" and").rstrip(" ,;"))
    }


def _affiliations(notes: list[str], keyed: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    for note in notes:
        if _KEYS.fullmatch(note):
            found += [keyed[key] for key in re.findall(r"\d+|\b[a-z]\b", note) if key in keyed]
        elif note and not _NOBODY.fullmatch(note.removeprefix("and ")):
            found.append(note)
    return tuple(dict.fromkeys(found))[:_MOST_AFFILIATIONS]


def _carry_back(named: list[_Named], found: list[tuple[str, ...]]) -> None:
    """Gives an author without an affiliation that of the next one who has one; collaborations at the start none."""
    first = 0
    while first < len(named) and _COLLABORATION.search(named[first].name):
        first += 1
    last: tuple[str, ...] = ()
    for at in range(len(named) - 1, first - 1, -1):
        if found[at]:
            last = found[at]
        elif not named[at].notes:
            found[at] = last
