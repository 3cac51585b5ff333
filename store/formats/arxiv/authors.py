"""Read the line of authors of an arXiv paper: names in Unicode, with affiliations.

Affiliations are in parentheses after a name, or in a numbered list to which the names refer, for example "A. One (1),
B. Two (1 and 2), and C. Three ((1) Here, (2) There)". As on arXiv itself, an affiliation in parentheses belongs to all
authors between it and the previous affiliation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from store.model.paper import Author
from store.text import author_names, tex
from store.text.author_names import OtherAuthors

_AND = re.compile(r"(?:,\s*|\s+)(?:and|&)(?=\s)|^\s*(?:and|&)\s")
_SEPARATOR = re.compile(r"[,;:]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_COLLABORATION = re.compile(r"\b(?:collaborations?|group|team|consortium)\b", re.IGNORECASE)
# Groups whose initials are written without spaces: "H.E.S.S. Collaboration", "L.I.S.T. Project", "H.E.S.S.".
_GROUP = re.compile(
    r"\b(?:collaborations?|groups?|teams?|consorti(?:um|a)|project|experiment|survey|network|observatory|institute"
    r"|committee|initiative)\b",
    re.IGNORECASE,
)
_INITIALS_ALONE = re.compile(r"(?:The )?(?:\w\.){3,}")
_ET_AL = re.compile(r"(?<!\s)\s++et\.?\s*+al\.?$", re.IGNORECASE)
_KEY = re.compile(r"\(\s*(\d{1,3}|[a-z])\s*\)")
_DASHED_KEY = re.compile(r"(?:^|[,;]\s*)(\d{1,3})\s*[-:=]\s*(?=\S)")
_KEYS = re.compile(r"(?:\d{1,3}|[a-z])(?:(?:\s*+(?:,|;|&|and)|\s)\s*+(?:\d{1,3}|[a-z]))*+\s*+,?\s*+[*†‡]*+")
_NICKNAME = re.compile(r"[A-Z][a-z]{1,11}")
# The largest number of affiliations that are kept for one author. Without a limit, a hostile line could use much
# memory, because all affiliations are repeated for each author that shares them.
_MOST_AFFILIATIONS = 50
# A name has a space after each initial ("S. M. Warner"), but none before a hyphen ("C.-P. Yuan").
_TIGHT_INITIAL = re.compile(r"\.\w")
_INITIAL = re.compile(r"(?<=\b\w\.)(?=\w)")


@dataclass(slots=True)
class _Name:
    """A name, and the texts in parentheses that follow it."""

    name: str
    notes: list[str] = field(default_factory=list)


class AuthorList(NamedTuple):
    """The authors in a line of authors.

    `total` is the number of all authors if the line states how many it does not name ("and 72 others"), else None.
    """

    authors: tuple[Author, ...]
    total: int | None = None


def authors(line: str | None, *, each_has_its_own: bool = False) -> tuple[Author, ...]:
    """The authors whose names are in a line of authors. The parameters are those of `author_list`."""
    return author_list(line, each_has_its_own=each_has_its_own).authors


def author_list(line: str | None, *, each_has_its_own: bool = False) -> AuthorList:
    """The authors in a line of authors, and their number if the line does not contain all of their names.

    With `each_has_its_own`, an affiliation belongs only to the name directly before it, and the word "and" does not
    separate names.
    """
    if not line:
        return AuthorList(())
    split = _names(" ".join(tex.for_storage(line).replace("~", " ").split()), each_has_its_own)
    affiliations = [_affiliations(each.notes, split.numbered) for each in split.names]
    if not each_has_its_own:
        _share_with_names_before(split.names, affiliations)
    listed = tuple(Author(name(each.name), own) for each, own in zip(split.names, affiliations, strict=True))
    return AuthorList(listed, author_names.author_count(len(listed), split.others))


def name(text: str) -> str:
    """A name with uniform spaces after initials, because arXiv's formats differ in them: "S. M. Warner", "C.-P. Yuan".

    The name of a group is not changed: "H.E.S.S. Collaboration".
    """
    if "." in text:
        if _TIGHT_INITIAL.search(text):
            if _GROUP.search(text) or _INITIALS_ALONE.fullmatch(text):
                return " ".join(text.split())
            text = _INITIAL.sub(" ", text)
        text = text.replace(". -", ".-")
    return " ".join(text.split())


class _Split(NamedTuple):
    """The parts of a line of authors.

    `names` are the names with the texts in parentheses after them, `numbered` the affiliations of a numbered list by
    their numbers, and `others` the number in a text such as "and 72 others".
    """

    names: list[_Name]
    numbered: dict[str, str]
    others: OtherAuthors | None


def _names(line: str, no_and: bool) -> _Split:
    """Split a line of authors. With `no_and`, the word "and" does not separate names."""
    names: list[_Name] = []
    numbered: dict[str, str] = {}
    others: OtherAuthors | None = None
    blocks = _blocks(line)
    for at, (inside, text) in enumerate(blocks):
        if inside and (count := author_names.other_authors(text)):
            others = count
            continue
        if not inside:
            joined = bool(at) and bool(names) and _continues_after_nickname(blocks, at)
            others = _add_names(names, text, no_and, joined) or others
            continue
        after_note = at > 0 and not blocks[at - 1][1].strip(" ,-") and bool(names)
        if affiliations := _numbered(text, after_note or not names):
            for key, affiliation in affiliations.items():
                numbered.setdefault(key, affiliation)
        elif names and not (after_note and names[-1].notes):
            names[-1].notes.append(text.strip())
    return _Split([each for each in names if any(map(str.isalpha, each.name))], numbered, others)


def _blocks(line: str) -> list[tuple[bool, str]]:
    """The line, split at its outermost parentheses.

    Each part is a pair: True if the text was inside parentheses, and the text.
    """
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
            # A closing parenthesis without a partner is dropped. The text before it is outside parentheses.
            blocks.append((False, line[start : match.start()]))
            start = match.end()
    blocks.append((depth > 0, line[start:]))
    return blocks


def _continues_after_nickname(blocks: list[tuple[bool, str]], at: int) -> bool:
    """Whether the part at `at` continues the name before a nickname in parentheses.

    An example is "Chen" in "Yi (Ian) Chen".
    """
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


def _add_names(names: list[_Name], text: str, no_and: bool, joined: bool) -> OtherAuthors | None:
    """Add the names in `text` to `names`. Returns the number of other authors if `text` mentions them.

    With `joined`, the start of `text` continues the last of `names`. With `no_and`, "and" does not separate names.
    """
    others: OtherAuthors | None = None
    if not no_and:
        text = _AND.sub(",", text)
    for number, part in enumerate(_SEPARATOR.split(text)):
        part = part.strip(" *")
        if number == 0 and joined and part:
            note = names[-1].notes.pop()
            names[-1].name += f" ({note}) {part}"
        elif _SUFFIX.fullmatch(part) and names and not names[-1].notes:
            names[-1].name += f" {part}"
        elif author_names.is_name(part):
            names.append(_Name(_ET_AL.sub("", part) if part.endswith(("al", "al.")) else part))
        else:
            others = author_names.other_authors(part) or others
    return others


def _numbered(note: str, may_be_dashed: bool) -> dict[str, str]:
    """The affiliations in a list such as "(1) Here, (2) There", by their numbers.

    The result is empty when `note` is not such a list.
    """
    if _KEY.match(note.lstrip()):
        parts = _KEY.split(note)
    elif may_be_dashed and _DASHED_KEY.match(note):
        parts = _DASHED_KEY.split(note)
    else:
        return {}
    return {
        key: affiliation
        for key, text in zip(parts[1::2], parts[2::2], strict=True)
        if (affiliation := text.strip(" ,.;:").removesuffix(" and").rstrip(" ,;"))
    }


def _affiliations(notes: list[str], numbered: dict[str, str]) -> tuple[str, ...]:
    """The affiliations of one name.

    Each of `notes`, the texts in parentheses after the name, is either an affiliation or the numbers of affiliations in
    `numbered`.
    """
    affiliations: list[str] = []
    for note in notes:
        if _KEYS.fullmatch(note):
            affiliations += [numbered[key] for key in re.findall(r"\d+|\b[a-z]\b", note) if key in numbered]
        elif author_names.is_name(note.removeprefix("and ")):
            affiliations.append(note)
    return tuple(dict.fromkeys(affiliations))[:_MOST_AFFILIATIONS]


def _share_with_names_before(names: list[_Name], affiliations: list[tuple[str, ...]]) -> None:
    """Copy to each name without affiliations the affiliations of the next name that has some.

    Collaborations at the start of the line are left without affiliations.
    """
    first = 0
    while first < len(names) and _COLLABORATION.search(names[first].name):
        first += 1
    following: tuple[str, ...] = ()
    for at in range(len(names) - 1, first - 1, -1):
        if affiliations[at]:
            following = affiliations[at]
        elif not names[at].notes:
            affiliations[at] = following
