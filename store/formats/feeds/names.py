"""Read the authors of a feed item, from one field for each author or from one field with all names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from store.formats.bibliography import fields
from store.formats.shared import markup
from store.model.paper import Author
from store.text import author_names

# Initials: "A.", "B. C.", "D. E.-F.", "J.P.", and up to three capital letters without full stops.
_INITIALS = re.compile(r"(?:[^\W\d_a-z][a-z]{0,2}\.[ -]?){1,5}|[^\W\d_a-z]{1,3}")
_AND = re.compile(r"(?:,|(?<!\s))\s++(?:and|&|und|et|y)\s++(?=\S)")
_BYLINE = re.compile(r"\A\s*(?:(?:by|authors?(?:\(s\))?)\s*:\s*|by\s+)", re.I)
# RSS 2.0 requires a mail address in the author field. The name follows the address: "nobody@example.com (Ada Alpha)".
_MAIL = re.compile(r"\S{1,100}@\S{1,100}\s*(?:\(([^()]{1,300})\))?")
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]{0,30}|(?:van|von|de|der|den|da|del|di|la|le|al|el|bin|ten|ter|dos)\b)"
    r"(?: (?:[^\W\d_][\w.'’-]{0,30}|[^\W\d_]\.)){1,5}"
)
_BETWEEN = re.compile(r"\s*[,;•·]\s*(?:and\s+)?|\s+(?:and|&)\s+")
# A longer line is not a list of names (characters).
_LONGEST_LINE = 1_000


class AuthorsInLine(NamedTuple):
    """The authors in a line. `total` is the number of all authors if the line ends in "and 5 others", else None."""

    authors: tuple[Author, ...]
    total: int | None = None


def authors(names: Sequence[str]) -> tuple[Author, ...]:
    """The authors in the fields `names` of a feed item, with the given name first.

    If there are several fields, each contains one name. A single field contains all names, separated by semicolons or
    commas, in one of these forms: "Alpha, A., Beta, B. C.", "Ada Alpha, Bert Beta and Cara Gamma", "Alpha, Ada; Beta,
    Bert".
    """
    texts = [_plain(name) for name in names]
    if len(texts) == 1:
        texts = _split(texts[0])
    return fields.authors(dict.fromkeys(name for text in texts if (name := _name(text))))


def in_line(line: str) -> AuthorsInLine:
    """The authors in a line that consists of at least two names; no authors for any other line.

    A line with a single name is not accepted, because it may be a journal or the text of a button such as "View Paper".
    """
    parts = [part for part in _BETWEEN.split(line.rstrip(". ")) if part] if len(line) <= _LONGEST_LINE else []
    listed = [part for part in parts if author_names.is_name(part)]
    if len(listed) < 2 or not all(map(_NAME.fullmatch, listed)):
        return AuthorsInLine(())
    others = next((count for part in parts if (count := author_names.other_authors(part))), None)
    people = authors(listed)
    return AuthorsInLine(people, author_names.author_count(len(people), others))


def _plain(name: str) -> str:
    text = " ".join((markup.plain(name) or "").split())
    if "@" in text and (mail := _MAIL.fullmatch(text)):
        text = mail[1] or ""
    return _BYLINE.sub("", text).rstrip(";,")


def _name(text: str) -> str:
    """The name in `text` with the given name first; "" for a text that is not a name."""
    return fields.person(text.strip(" ;,")) if author_names.is_name(text) else ""


def _split(text: str) -> list[str]:
    """Split `text`, which contains the names of all authors, into single names."""
    if ";" in text:
        return text.split(";")
    parts = [part.strip() for part in _AND.sub(",", text).split(",")]
    if len(parts) == 2 and " " not in parts[0] and not _AND.search(text):
        # "Alpha, Ada" is one name. In a list of two names, the first one would have at least two words.
        return [text]
    names: list[str] = []
    for part in parts:
        if names and "," not in names[-1] and _INITIALS.fullmatch(part) and not _INITIALS.fullmatch(names[-1]):
            names[-1] = f"{names[-1]}, {part}"
        else:
            names.append(part)
    return names
