"""Parse the byline of a paper on a Hugging Face page: authors or organization, "·", and date with comment count.

A slug is the name of an organization in addresses, for example "kaist-ai" for "KAIST AI".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from store.formats.hugging_face.page_parts import DOT, Line, is_long
from store.model.paper import Organization
from store.model.partial_date import MonthDay

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PUBLISHED = "Published on "
_DATE = re.compile(rf"(?:{_PUBLISHED})?" + r"([A-Z][a-z]{2,8})\.?\s?(\d{1,2})(?:,\s?(\d{4}))?(?:\s(\d{1,7}))?")
# In Windows-1252, a bullet is the byte 0x95. Decoded as Latin-1, it becomes the control character "\x95".
_BULLET = "•\x95*-"
AUTHORS = re.compile(rf"(?:[{_BULLET}]\s*)?(?:{DOT}\s*)?(\d{{1,6}}) authors?(?:\s(\d{{1,7}}))?")
_SLUG = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s(\S.*)")
_WORD = re.compile(r"[^\W_]+")

# The longest slug and display name together (characters). A longer line is an abstract.
_LONGEST_ORGANIZATION = 120
_LONGEST_DATE = 40
# A slug and a name belong to one organization when at least this many of their first letters are equal.
_SAME_LETTERS = 3


class Byline(NamedTuple):
    """A byline of `length` lines. `unread` is the line in the place of the date if it cannot be read as a date."""

    length: int
    authors: int | None = None
    organization: Organization | None = None
    date: MonthDay | None = None
    comments: int | None = None
    upvotes: int | None = None
    unread: Line | None = None


def printed_date(text: str) -> tuple[MonthDay, int | None] | None:
    """Parse `text` as a date, optionally followed by a number, and return both. None when `text` is anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    name, day, year, number = match.groups()
    month = next((at for at, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())), 0)
    try:
        # 2024 is a leap year, so that 29 February without a year is valid.
        date(int(year or 2024), month, int(day))
    except ValueError:
        return None
    return MonthDay(month, int(day), int(year) if year else None), int(number) if number else None


def byline(lines: Sequence[Line], at: int, *, slugs: bool = True) -> Byline | None:
    """The byline that starts at `at`; None when no byline starts there, or when the file ends inside the byline.

    `slugs` is True if the page prints a slug before the name of each organization. If it is False, the first word is
    treated as a slug only when it resembles the rest of the name.
    """
    first = lines[at].text
    if card := lines[at].card:
        organization = _organization(card.organization, slugs) if card.organization else None
        return Byline(1, card.authors, organization, comments=card.comments)
    if len(first) > _LONGEST_ORGANIZATION or lines[at].is_title:
        return None
    below = lines[at + 1 : at + 4]
    if first == DOT:
        date_line = printed_date(below[0].text) if below else None
        return Byline(2, date=date_line[0], comments=_comments(below[0].text, date_line[1])) if date_line else None
    if authors := AUTHORS.fullmatch(first):
        by = Byline(1, authors=int(authors[1]))
    elif below and below[0].text == DOT:
        by = Byline(1, organization=_organization(first, slugs))
    else:
        return None
    if not below or below[0].text != DOT:
        # On a card, this line is the whole byline. If the line starts with a bullet, more lines must follow.
        is_whole = below or first[0].isdigit() or first[0] == DOT
        return by._replace(comments=int(authors[2] or 0)) if authors and is_whole else None
    if len(below) > 1 and not by.authors and AUTHORS.fullmatch(below[1].text):
        # Some bylines have both an organization and authors: "Fjord AI", "·", "4 authors", "·", "Oct 29".
        rest = byline(lines, at + 2)
        return rest._replace(length=rest.length + 2, organization=by.organization) if rest else None
    if len(below) > 1 and (date_line := printed_date(below[1].text)):
        return by._replace(length=3, date=date_line[0], comments=_comments(below[1].text, date_line[1]))
    if len(below) > 2 and len(below[1].text) <= _LONGEST_DATE and not is_long(below[2]):
        return by._replace(length=3, unread=below[1])
    return by._replace(length=2) if len(below) > 2 else None


def prints_slugs(lines: Sequence[Line]) -> bool:
    """Whether the copied text contains the names of pictures. The name of an organization's picture is its slug.

    If the text has bullets in place of pictures, it also has the names of pictures, because programs that convert a
    page to text write both, and browsers write neither.
    """
    return any(line.text[0] in _BULLET[:2] and AUTHORS.fullmatch(line.text) for line in lines)


def _comments(text: str, number: int | None) -> int | None:
    """The comment count after a date. A missing number means 0, except on the trending page, which prints no counts."""
    return number if number is not None or text.startswith(_PUBLISHED) else 0


def _organization(text: str, slugs: bool) -> Organization:
    match = _SLUG.fullmatch(text)
    if match and (slugs or _is_slug_of(match[1], match[2])):
        return Organization(name=match[2], slug=match[1])
    return Organization(name=text)


def _is_slug_of(slug: str, name: str) -> bool:
    """Whether `slug`, the word before `name`, is the slug of the organization.

    It is a slug if it has no capital letter, starts like a word of the name, or consists of beginnings of the name's
    words.
    """
    if slug.islower():
        return True
    folded = "".join(_WORD.findall(slug.casefold()))
    words = _WORD.findall(name.casefold())
    starts = {"".join(words)[:_SAME_LETTERS], *(word[:_SAME_LETTERS] for word in words if len(word) >= _SAME_LETTERS)}
    return folded[:_SAME_LETTERS] in starts or _is_made_of_beginnings(folded, words)


def _is_made_of_beginnings(folded: str, words: Sequence[str]) -> bool:
    """Whether `folded` is made of beginnings of `words` in order, like "umass" of "university of massachusetts"."""
    reached = {0}
    for word in words:
        for at in sorted(reached):
            for length in range(1, len(word) + 1):
                if not folded.startswith(word[:length], at):
                    break
                reached.add(at + length)
    return len(folded) in reached and len(folded) > 1
