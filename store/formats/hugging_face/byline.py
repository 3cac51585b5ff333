"""The byline of a paper on a page of Hugging Face: who ("4 authors", or an organization), "·", date and comments."""

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
# \x95 is the bullet of a Windows-1252 file that was read as Latin-1.
_BULLET = "•\x95*-"
AUTHORS = re.compile(rf"(?:[{_BULLET}]\s*)?(?:{DOT}\s*)?(\d{{1,6}}) authors?(?:\s(\d{{1,7}}))?")
_SLUG = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s(\S.*)")
_WORD = re.compile(r"[^\W_]+")

# A slug and a display name. An abstract in their place is longer.
_LONGEST_ORGANIZATION = 120
_LONGEST_DATE = 40
# So many first letters in common tell that a slug and a name are of one organization.
_ALIKE = 3


class Byline(NamedTuple):
    """`length` in lines. `unread` is a date that is none."""

    length: int
    authors: int | None = None
    organization: Organization | None = None
    date: MonthDay | None = None
    comments: int | None = None
    upvotes: int | None = None
    unread: Line | None = None


def printed_date(text: str) -> tuple[MonthDay, int | None] | None:
    """A printed date and the number after it; None when `text` is anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    name, day, year, number = match.groups()
    month = next((at for at, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())), 0)
    try:
        # Without a year, 29 February may be meant.
        date(int(year or 2024), month, int(day))
    except ValueError:
        return None
    return MonthDay(month, int(day), int(year) if year else None), int(number) if number else None


def byline(lines: Sequence[Line], at: int, *, slugs: bool = True) -> Byline | None:
    """The byline that starts at `at`, if one does and the file does not end in it.

    `slugs` says whether the page prints one before each organization's name; where it need not, only one that is
    like the name is taken for one.
    """
    who = lines[at].text
    if card := lines[at].card:
        organization = _organization(card.organization, slugs) if card.organization else None
        return Byline(1, card.authors, organization, comments=card.comments)
    if len(who) > _LONGEST_ORGANIZATION or lines[at].is_title:
        return None
    below = lines[at + 1 : at + 4]
    if who == DOT:
        dated = printed_date(below[0].text) if below else None
        return Byline(2, date=dated[0], comments=_comments(below[0].text, dated[1])) if dated else None
    if authors := AUTHORS.fullmatch(who):
        by = Byline(1, authors=int(authors[1]))
    elif below and below[0].text == DOT:
        by = Byline(1, organization=_organization(who, slugs))
    else:
        return None
    if not below or below[0].text != DOT:
        # A card's byline has one line. A bullet promises more of them.
        whole = below or who[0].isdigit() or who[0] == DOT
        return by._replace(comments=int(authors[2] or 0)) if authors and whole else None
    if len(below) > 1 and not by.authors and AUTHORS.fullmatch(below[1].text):
        # Both: "Fjord AI", "·", "4 authors", "·", "Oct 29".
        rest = byline(lines, at + 2)
        return rest._replace(length=rest.length + 2, organization=by.organization) if rest else None
    if len(below) > 1 and (dated := printed_date(below[1].text)):
        return by._replace(length=3, date=dated[0], comments=_comments(below[1].text, dated[1]))
    if len(below) > 2 and len(below[1].text) <= _LONGEST_DATE and not is_long(below[2]):
        return by._replace(length=3, unread=below[1])
    return by._replace(length=2) if len(below) > 2 else None


def prints_slugs(lines: Sequence[Line]) -> bool:
    """Whether a page was copied with the names of its pictures: those of organizations are slugs.

    Its bullets tell, which a browser copies as little as these.
    """
    return any(line.text[0] in _BULLET[:2] and AUTHORS.fullmatch(line.text) for line in lines)


def _comments(text: str, number: int | None) -> int | None:
    """How many comments the line of a date says: none without a number, but the trending page does not tell them."""
    return number if number is not None or text.startswith(_PUBLISHED) else 0


def _organization(text: str, slugs: bool) -> Organization:
    match = _SLUG.fullmatch(text)
    if match and (slugs or _alike(match[1], match[2])):
        return Organization(name=match[2], slug=match[1])
    return Organization(name=text)


def _alike(slug: str, name: str) -> bool:
    """Whether what stands before a name is its slug: it has no capital, begins like one of the name's words, or is
    made of how they begin.
    """
    if slug.islower():
        return True
    folded = "".join(_WORD.findall(slug.casefold()))
    words = _WORD.findall(name.casefold())
    starts = {"".join(words)[:_ALIKE], *(word[:_ALIKE] for word in words if len(word) >= _ALIKE)}
    return folded[:_ALIKE] in starts or _of_beginnings(folded, words)


def _of_beginnings(folded: str, words: Sequence[str]) -> bool:
    """Whether letters are the beginnings of words, in their order, some of which may be left out ("umass")."""
    reached = {0}
    for word in words:
        for at in sorted(reached):
            for length in range(1, len(word) + 1):
                if not folded.startswith(word[:length], at):
                    break
                reached.add(at + length)
    return len(folded) in reached and len(folded) > 1
