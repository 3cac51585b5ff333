"""Decides whether two entries with the same title were published in different places, and are therefore two papers.

For example, every issue of a journal may have a different paper with the title "Editorial" and the same authors. So two
entries are about two papers if both state a place of publication and the places differ. A place is a journal or
conference with its volume, issue and pages. An entry whose place is a preprint server is not compared in this way,
because a preprint and its publication in a journal are one paper.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from store.model.paper import Paper

_Names = Literal["same", "different", "unknown"]

# Matches titles that many different papers have, such as "Editorial", because they recur in each issue or year.
_RECURRING = re.compile(
    r"\b(?:editorials?|prefaces?|forewords?|book reviews?|reviews? of books|annual reports?|activity reports?"
    r"|progress reports?|financial statements?|yearbook|newsletter|errat(?:um|a)|corrigend(?:um|a)|in memoriam"
    r"|obituar(?:y|ies)|guest editors?|from the editors?|letters? to the editors?|messages? from|welcome"
    r"|front matter|back matter|table of contents|contents|call for papers|announcements?|in this issue"
    r"|year in review|list of reviewers|acknowledge?ments? (?:of|to) (?:the )?reviewers|program committee"
    r"|organizing committee|conference report|workshop (?:summary|report)|meeting report|reviewers|news)\b"
    r"|^(?:an? |the )?(?:introduction|conclusions?|discussion|summary|comments?|commentary|reply|response"
    r"|corrections?|notes?|index|abstracts?|overview|notices?|correspondence|retrospective|epilogue|prologue"
    r"|afterword)$",
    re.IGNORECASE,
)
# Matches a venue that shows that the paper is not published yet: it begins with the name of a preprint server, or with
# a word such as "submitted".
_PREPRINT = re.compile(
    r"(?:arxiv|corr\b|\w*rxiv|ssrn|research square|preprints?\b|zenodo|figshare|osf\b|hal\b|openreview"
    r"|cryptology eprint|iacr|eprint|techrxiv|authorea|nber|working paper|mimeo|unpublished|submitted|in press"
    r"|under review|to appear|accepted)",
    re.IGNORECASE,
)
# Matches the names of publishers, and of series that contain many proceedings. Such a name does not identify a journal
# or conference.
_UNSPECIFIC = re.compile(
    r"(?:springer|elsevier|wiley|ieee|acm|aaai press|mit press|\w+ university press|pmlr|jmlr\.org|curran|usenix"
    r"|crc|sage|taylor|association for computational linguistics|association for computing machinery"
    r"|lecture notes|lncs|lnai|communications in computer and information science|ceur|procedia"
    r"|acm international conference proceeding|advances in intelligent systems|ifip advances"
    r"|studies in computational)\b.*",
    re.IGNORECASE,
)
# Words that occur in the names of many journals and conferences, so that two different names may share them.
_COMMON = frozenset({
    "a", "an", "and", "annual", "annals", "at", "bulletin", "conf", "conference", "der", "die", "for", "in", "int",
    "international", "j", "jour", "journal", "meeting", "of", "on", "open", "proc", "proceedings", "research", "review",
    "reviews", "rev", "series", "symp", "symposium", "th", "the", "to", "trans", "transactions", "und", "vol", "volume",
    "workshop", "workshops", "st", "nd", "rd", "de", "la", "et", "acta", "letters", "lett", "advances", "adv", "new",
    "joint", "ieee", "acm", "cvf", "pp", "no", "companion", "abstracts", "world", "european", "american", "national",
    "magazine", "reports", "rep", "notes", "studies", "archives", "zeitschrift", "revue",
})  # fmt: skip
# Words for kinds of periodicals, with their abbreviations. Names with different kinds are different periodicals:
# "Annals of Lists" is not the "Journal of Lists".
_KINDS = {
    "journal": "journal", "j": "journal", "annals": "annals", "ann": "annals", "bulletin": "bulletin",
    "bull": "bulletin", "transactions": "transactions", "trans": "transactions", "letters": "letters",
    "lett": "letters", "magazine": "magazine", "archives": "archives", "arch": "archives", "acta": "acta",
}  # fmt: skip

_YEAR_IN_BRACKETS = re.compile(r"\(\s*((?:1[89]|20)\d\d)[^()]{0,12}\)")
_PAGES = re.compile(r",\s*(?:pp?\.?\s*)?([A-Za-z]{0,3}\d[\w.]*)(?:\s*[–-]+\s*([A-Za-z]{0,3}\d[\w.]*))?[^,]{0,12}$")
_VOLUME = re.compile(
    r"[\s,.](?:vol(?:ume|\.)?\s*)?([A-Za-z]?\d{1,6}[A-Za-z]?)(?:\s*\(([^()]{1,12})\))?(?:[\s,:]+([A-Za-z]?\d[\w]*))?$"
)
_ISSUE_ALONE = re.compile(r"\s\(([^()]{1,12})\)$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ORDINAL = re.compile(r"(?<!\d)(\d{1,3})(?:st|nd|rd|th)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z][A-Za-z&+]{0,8}|[A-Z&]{2,10}")
# If a page number has more digits than this, it is taken for an article number, which some journals have instead of
# pages.
_LONGEST_PAGE = 4


class _Place(NamedTuple):
    """Where an entry was published: a journal or conference, with the volume, the issue and so on.

    `pages` are the first and the last page. `years` and `ordinals` are the years and ordinal numbers in the name of the
    place, for example "2023" and "40" in "40th Conference, 2023".
    """

    name: str
    volume: str | None
    issue: str | None
    pages: tuple[str, str | None] | None
    years: frozenset[str]
    ordinals: frozenset[str]

    @property
    def has_numbers(self) -> bool:
        """Whether the entry states more than the name of the place: a volume, pages, a year or an ordinal number."""
        return bool(self.volume or self.pages or self.years or self.ordinals)

    @property
    def starts_inside(self) -> bool:
        """Whether the pages are known and do not start at 1.

        Pages that start at 1 do not identify an article, because some sources count the pages of each article from 1.
        """
        return self.pages is not None and self.pages[0] != "1"


def differ(one: Paper, other: Paper) -> bool:
    """Whether the venues and dates of two papers with the same title show that they are two publications."""
    recurring = _RECURRING.search(one.title) is not None
    gap = abs(one.published.year - other.published.year) if one.published and other.published else 0
    if not one.venue or not other.venue:
        return recurring and gap > 0 and not (_is_preprint(one) or _is_preprint(other))
    if _is_preprint(one) or _is_preprint(other):
        return False
    place, other_place = _place(one.venue), _place(other.venue)
    names = _compare_names(place.name, other_place.name)
    if names == "same":
        return _numbers_differ(place, other_place, gap, recurring)
    if names == "different":
        # A journal may have two names, for example if it is also published in translation. In that case, volume, issue
        # and pages are the same under both names.
        is_translation = place.volume and place.pages and place[1:4] == other_place[1:4]
        # Require a date or numbers for both entries. Without them, what looks like the name of a journal may be the
        # publisher of the other entry's journal.
        are_exact = all(entry.published or each.has_numbers for entry, each in ((one, place), (other, other_place)))
        return (recurring or are_exact) and not is_translation
    return recurring and (gap > 0 or _pages_differ(place, other_place))


def agree(one: Paper, other: Paper) -> bool:
    """Whether two papers with the same title were published in the same place, with equal volumes or equal pages."""
    if not one.venue or not other.venue or _is_preprint(one) or _is_preprint(other):
        return False
    place, other_place = _place(one.venue), _place(other.venue)
    is_same = _compare_names(place.name, other_place.name) == "same" and not differ(one, other)
    return is_same and bool((place.volume and other_place.volume) or (place.pages and other_place.pages))


def _numbers_differ(place: _Place, other: _Place, gap: int, recurring: bool) -> bool:
    """Whether volume, issue, pages or year show that two papers in the same journal or conference are two publications.

    `gap` is the difference between their years of publication. `recurring` is true if their title occurs again in many
    issues, as "Editorial" does.
    """
    if place.volume and other.volume:
        if place.volume != other.volume:
            # If the pages and the year are the same, one of the two volume numbers is probably a mistake in the source.
            is_mistake = not recurring and gap == 0 and place.pages == other.pages and place.starts_inside
            return not is_mistake
        if place.issue and other.issue and place.issue != other.issue:
            return True
        return _pages_differ(place, other)
    if place.ordinals and other.ordinals and place.ordinals.isdisjoint(other.ordinals):
        return True
    if place.years and other.years and place.years.isdisjoint(other.years):
        return True
    # Ignore a gap of one year: many papers appear online in the year before the year of their issue.
    return gap > (0 if recurring else 1) or _pages_differ(place, other)


def _pages_differ(place: _Place, other: _Place) -> bool:
    if not place.pages or not other.pages:
        return False
    (first, last), (other_first, other_last) = place.pages, other.pages
    if first == other_first:
        return False
    if not first.isdecimal() or not other_first.isdecimal():
        return first.isalnum() and other_first.isalnum() and first.isalpha() == other_first.isalpha()
    is_article, other_is_article = len(first) > _LONGEST_PAGE, len(other_first) > _LONGEST_PAGE
    # An article number and a page number cannot be compared. If one of the first pages is page 1, nothing can be
    # concluded, because some sources count the pages of each article from 1.
    if is_article != other_is_article or "1" in (first, other_first):
        return False
    if last is None and other_last is None:
        return True
    start, end = int(first), _end(first, last)
    other_start, other_end = int(other_first), _end(other_first, other_last)
    return end < other_start or other_end < start


def _end(first: str, last: str | None) -> int:
    """The number of the last page. `last` may lack its first digits: for "145–67", the result is 167."""
    if last is None or not last.isdecimal():
        return int(first)
    return int(last) if len(last) >= len(first) else int(first[: len(first) - len(last)] + last)


def _is_preprint(paper: Paper) -> bool:
    """Whether an entry is a preprint: its venue shows it (`_PREPRINT`), or it has an arXiv id and no venue."""
    if not paper.venue:
        return paper.arxiv_id is not None
    return _PREPRINT.match(paper.venue) is not None


@lru_cache(1024)
def _place(venue: str) -> _Place:
    """Parse a venue such as "Journal 12(3), 45–67", or "Phys. Rev. D74 (2006) 123456" as arXiv writes it."""
    years = {match[1] for match in _YEAR_IN_BRACKETS.finditer(venue)}
    rest = " ".join(_YEAR_IN_BRACKETS.sub(" ", venue).split())
    pages: tuple[str, str | None] | None = None
    if match := _PAGES.search(rest):
        pages = match[1].lstrip("0").lower() or "0", match[2].lower() if match[2] else None
        rest = rest[: match.start()]
    volume = issue = None
    if (match := _VOLUME.search(rest)) and not _YEAR.fullmatch(match[1]):
        volume, issue = match[1].lower(), match[2].lower() if match[2] else None
        if match[3] and pages is None:
            pages = match[3].lstrip("0").lower() or "0", None
        rest = rest[: match.start()]
    elif match := _ISSUE_ALONE.search(rest):
        issue, rest = match[1].lower(), rest[: match.start()]
    years |= set(_YEAR.findall(rest))
    # The letter of a journal's section may be written before the volume: "Phys. Rev. D74" is volume 74 of "Phys. Rev.
    # D".
    if volume and volume[0].isalpha():
        rest, volume = f"{rest} {volume[0]}", volume[1:]
    return _Place(rest, volume, issue, pages, frozenset(years), frozenset(_ORDINAL.findall(rest)))


@lru_cache(1024)
def _compare_names(one: str, other: str) -> _Names:
    """Decide whether two names belong to the same journal or conference.

    Names are the same if they have most words in common, or if one is an abbreviation ("Phys. Rev. Lett.") or an
    acronym ("PRL") of the other.
    """
    words, other_words = _words(one), _words(other)
    if words == other_words:
        return "same"
    if _UNSPECIFIC.fullmatch(one.strip()) or _UNSPECIFIC.fullmatch(other.strip()):
        return "unknown"
    if _is_acronym_of(one, other_words) or _is_acronym_of(other, words):
        return "same"
    kinds = {_KINDS[word] for word in words if word in _KINDS}
    other_kinds = {_KINDS[word] for word in other_words if word in _KINDS}
    if kinds and other_kinds and kinds.isdisjoint(other_kinds):
        return "different"
    telling = [word for word in words if word not in _COMMON]
    other_telling = [word for word in other_words if word not in _COMMON]
    if not telling or not other_telling:
        shorter, longer = sorted((words, other_words), key=len)
        return "same" if _abbreviates(shorter, longer) else "unknown"
    shorter, longer = sorted((telling, other_telling), key=len)
    shared = sum(any(_are_alike(word, each) for each in longer) for word in shorter)
    if 2 * shared > len(shorter) or _abbreviates(shorter, longer):
        return "same"
    is_acronym = _ACRONYM.search(one) or _ACRONYM.search(other)
    return "unknown" if shared or is_acronym else "different"


def _words(name: str) -> list[str]:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    words = _WORD.findall(plain.replace("&", " and "))
    return words[1:] if words[:1] == ["the"] else words


def _are_alike(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter) and len(shorter) > 2


def _abbreviates(shorter: list[str], longer: list[str]) -> bool:
    """Whether each word of `shorter` is the beginning of a word of `longer`, and these words are in the same order."""
    rest = iter(longer)
    return bool(shorter) and all(any(each.startswith(word) for each in rest) for word in shorter)


def _is_acronym_of(name: str, words: list[str]) -> bool:
    """Whether `name` contains an acronym whose letters occur in `words` in the same order.

    The first letter of the acronym must be the first letter of one of the words.
    """
    acronym = next((word for word in re.split(r"[\s,.()/'’-]+", name) if _ACRONYM.fullmatch(word)), None)
    if acronym is None or len(words) < 2:
        return False
    letters = [letter for letter in acronym.casefold() if letter.isalpha()]
    starts = [at for at, word in enumerate(words) if word[0] == letters[0]]
    return any(_occur_in_order(letters, "".join(words[at:])) for at in starts)


def _occur_in_order(letters: list[str], text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
