"""Split the cells of a column of authors into names: find the sign that separates them and the order of each name.

A single cell may be ambiguous: "Núñez Gamma, Cara" is one name if semicolons separate names, but two names if commas
do. So the style of the names is decided for the whole column, from those of its cells that the caller has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from store.formats.bibliography import fields
from store.text import author_names

# What separates the names. "semicolon": semicolons, vertical bars or line ends. "and": "and" or "&". "comma": commas.
# "pairs": every second comma, as in "Last, First, Last, First". "nothing": no sign at all, as in "Ada AlphaBert Beta",
# which is how SpringerLink writes names.
Separator = Literal["semicolon", "and", "comma", "pairs", "nothing"]


class NameStyle(NamedTuple):
    """The way in which names are written in a column of authors.

    `initials_last` is whether the column uses PubMed's order, in which "Smith JA" means J. A. Smith.
    """

    separator: Separator
    initials_last: bool = False


# Replaces full-width punctuation (Chinese, Japanese) and the Arabic comma and semicolon by ASCII signs.
_SIGNS = str.maketrans("；，、،؛", ";,;,;")
# This pattern has no white space before the separator, because a search for it in a long run of spaces would take
# quadratic time.
_SEMICOLON = re.compile(r"[;|\n]")
_AND = re.compile(r",?(?<!\s)\s++(?:and|&)\s++", re.IGNORECASE)
_LEADING_AND = re.compile(r"\A(?:and|&)\s+", re.IGNORECASE)
_INITIALS_ALONE = re.compile(r"(?:[^\W\d_a-z][a-z]{0,2}\.[ -]?){1,5}|[^\W\d_a-z]{1,3}(?:[ -][^\W\d_a-z]{1,2})?")
_LAST_AND_INITIALS = re.compile(
    r"([^\W\d_][\w'’. -]*[\w'’]) ((?:[^\W\d_a-z][a-z]{0,2}\.-?){1,4}|[^\W\d_a-z]{1,3}|[^\W\d_a-z]-[^\W\d_a-z])"
    r"(?: ((?:Jr|Sr|II|III|IV|2nd|3rd)))?\.?"
)
_SEVERAL_CAPITALS = re.compile(r"[^\W\d_a-z]{2,3}")
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Scopus and ORCID add an author number to a name, for example "Bernard, Matthew (57190000000)".
_AUTHOR_NUMBER = re.compile(r"(?<!\s)\s*+\(\d[\d-]{4,}[\dX]\)$")
# Beginnings of family names. A capital letter after such a beginning does not start a new name: "McDonald", "LeCun",
# "DiCaprio".
_PREFIXES = frozenset({
    "mc", "mac", "o", "fitz", "de", "del", "della", "der", "di", "du", "da", "dal", "dos", "des", "la", "le", "li",
    "lo", "van", "vander", "von", "ter", "ten", "te", "st", "san", "santa", "al", "el", "abu", "abdel", "ben", "ibn",
    "ap",
})  # fmt: skip
_LONGEST_PREFIX = max(map(len, _PREFIXES)) + 1
_LONGEST_SUFFIX = len(" Senior.")
# In the style "pairs", at least this share (from 0 to 1) of the parts between commas are single words. In "Last, First,
# Last, First", about half of the parts are single words. In a list of whole names, few parts are single words, because
# a whole name has two words or more.
_PAIRED_SHARE = 0.4
# A column has PubMed's order only if at least this share of its names have the form "Smith JA".
_INITIALS_SHARE = 0.8
# If more than _RARE times as many cells of the column have commas between names as have a semicolon, semicolons do not
# count as separators. They are then probably mistakes.
_RARE = 10


def name_style(cells: Iterable[str]) -> NameStyle:
    """The style in which the column that contains `cells` writes names."""
    texts = [_plain(cell) for cell in cells]
    separator = _separator(texts)
    split = [name for text in texts for name in _split(text, separator)]
    plain = [name for name in split if "," not in name and author_names.is_name(name)]
    matches = [match for name in plain if (match := _LAST_AND_INITIALS.fullmatch(name))]
    people = sum(not author_names.group_word(name) for name in plain)
    # A name that ends in two or three capitals may not end in initials ("KAIST AI", "Ada LI"). So at least one name of
    # the column must end in a single initial or in initials with full stops.
    sure = any(not _SEVERAL_CAPITALS.fullmatch(match[2]) for match in matches)
    return NameStyle(separator, sure and len(matches) >= _INITIALS_SHARE * people)


def names(cell: str, style: NameStyle) -> list[str]:
    """The names in a cell of a column that has the style `style`, each with the given name first."""
    return [_given_first(name, style) for name in _split(_plain(cell), style.separator)]


def _plain(cell: str) -> str:
    """`cell` with ASCII separators, and without separators at its ends.

    The full stop with which PubMed ends a list of names is also removed.
    """
    text = (cell if cell.isascii() else cell.translate(_SIGNS)).strip(" ;,")
    is_sentence = text.endswith(".") and text.count(".") == 1 and " " in text.rpartition(", ")[2] and ", " in text
    return text[:-1] if is_sentence else text


def _given_first(name: str, style: NameStyle) -> str:
    if name.endswith((")", "…")):
        name = _AUTHOR_NUMBER.sub("", name.rstrip("…")).strip()
    if "," in name:
        # The name of a group is not changed: "National Institute of Health, USA" must not become "USA National
        # Institute of Health".
        return (
            name
            if author_names.group_word(name) and not author_names.group_word(name, at_start=True)
            else fields.person(name)
        )
    if style.initials_last and (match := _LAST_AND_INITIALS.fullmatch(name)):
        return " ".join(filter(None, (match[2], match[1], match[3])))
    return name


def _separator(texts: Sequence[str]) -> Separator:
    semicolons = sum(bool(_SEMICOLON.search(text)) for text in texts)
    others = [text for text in texts if not _SEMICOLON.search(text)]
    if semicolons and semicolons * _RARE >= sum(text.count(",") > 1 for text in others):
        return "semicolon"
    ands = [parts for text in others if len(parts := _at_and(text)) > 1]
    with_commas_inside = sum(len(parts) > 2 or _has_comma(parts[-1]) for parts in ands)
    if 2 * with_commas_inside > len(ands):
        return "and"
    between = [parts for text in others if len(parts := _at_commas(text)) > 1]
    if not between and not ands:
        return "nothing" if any(len(_at_seams(text)) > 1 for text in texts) else "comma"
    parts = [part for each in between for part in each]
    return "pairs" if sum(map(_is_single, parts)) >= _PAIRED_SHARE * len(parts) and parts else "comma"


def _split(text: str, separator: Separator) -> list[str]:
    """The names in `text`, each with its words in their original order."""
    if _SEMICOLON.search(text):
        separator = "semicolon"
    match separator:
        case "semicolon":
            parts = [part for each in _SEMICOLON.split(text) for part in _joined_by_and(each)]
            split = [name for part in parts for name in _one_or_several(part)]
        case "and":
            split = [name for part in _at_and(text) for name in _one_or_several(part)]
        case "pairs":
            split = _paired(_at_commas(text))
        case "nothing":
            split = _at_seams(text)
        case _:
            split = _at_commas(text)
            if len(split) == 2 and " " not in split[0] and _is_single(split[1]):
                split = [", ".join(split)]
    return [name for each in split if (name := _LEADING_AND.sub("", each.strip(" ,")))]


def _at_and(text: str) -> list[str]:
    """The parts of `text` between "and" or "&".

    The name of a group is not split, for example "Centers for Disease Control and Prevention".
    """
    if "&" not in text and "nd " not in text and "ND " not in text:
        return [text]
    parts = [part.strip(" ,") for part in _AND.split(text)]
    if len(parts) == 2 and author_names.group_word(text) and not any("," in part for part in parts):
        return [text]
    return [part for part in parts if part]


def _joined_by_and(text: str) -> list[str]:
    """The names in `text`, which is the text between two semicolons.

    There are two names if "and" or "&" joins people, as in "Beta, Bert & Gamma, Cara". Otherwise "and" is part of the
    name of a group.
    """
    parts = _at_and(text)
    if len(parts) < 2:
        return [text]
    are_people = all("," in part for part in parts) or not any("," in part or " " not in part for part in parts)
    return parts if are_people and not author_names.group_word(text) else [text]


def _at_commas(text: str) -> list[str]:
    """The parts of `text` between commas and "and". A suffix such as "Jr." is not separated from the part before it."""
    parts: list[str] = []
    for part in [part for each in _at_and(text) for part in each.split(",")]:
        part = part.strip()
        if parts and fields.is_suffix(part):
            parts[-1] += f" {part}"
        elif part:
            parts.append(part)
    return parts


def _one_or_several(text: str) -> list[str]:
    """The names in `text`, which is the text between two separators of the column.

    Usually the text is one name, which may contain a comma. It contains several names if commas separate the names in
    this cell although its column uses another separator.
    """
    parts = _at_commas(text) if text.count(",") > 1 else ()
    if len(parts) < 3:
        return [text]
    if not any(map(_is_single, parts)):
        return parts
    return _paired(parts) if len(parts) % 2 == 0 else [text]


def _paired(parts: Sequence[str]) -> list[str]:
    """The names in a list "Last, First, Last, First", joined again from its parts.

    A part that is a whole name, for example because it starts with initials, is not joined with the next part.
    """
    paired: list[str] = []
    at = 0
    while at < len(parts):
        ends = at + 1 == len(parts) or author_names.group_word(parts[at]) or _is_whole(parts[at])
        paired.append(parts[at] if ends else f"{parts[at]}, {parts[at + 1]}")
        at += 1 if ends else 2
    return paired


def _is_whole(part: str) -> bool:
    """Whether a part is a whole name: "A. Turing", or a name in Chinese, Japanese or Korean characters."""
    first, _, rest = part.partition(" ")
    return bool(_CHINESE.search(part)) or (bool(rest) and _INITIALS_ALONE.fullmatch(first) is not None)


def _has_comma(part: str) -> bool:
    return "," in part and not fields.is_suffix(part.rpartition(",")[2].strip())


def _is_single(part: str) -> bool:
    """Whether a part is only half of a name: a single word or initials.

    Chinese names are single words, but they are whole names.
    """
    return (" " not in part or _INITIALS_ALONE.fullmatch(part) is not None) and not _CHINESE.search(part)


def _at_seams(text: str) -> list[str]:
    """The names in `text`, where nothing separates one name from the next, as in "Ada AlphaBert Beta".

    The result is empty if `text` cannot be split into names with certainty.
    """
    seams = [at for at in range(1, len(text)) if _is_seam(text, at)]
    if not seams:
        return [text]
    split = [text[start:end].strip() for start, end in zip([0, *seams], [*seams, len(text)], strict=True)]
    return split if all(" " in name for name in split) else []


def _is_seam(text: str, at: int) -> bool:
    """Whether a name may start at the index `at`, directly after another: "AlphaBert", "(Luke)Zhang", "Jr.Bert"."""
    before = text[at - 1]
    if not text[at].isupper():
        return False
    if before == ".":
        return fields.is_suffix(text[max(0, at - _LONGEST_SUFFIX) : at].rpartition(" ")[2])
    return before == ")" or (before.islower() and not _ends_in_prefix(text[max(0, at - _LONGEST_PREFIX) : at]))


def _ends_in_prefix(before: str) -> bool:
    """Whether `before` ends in the beginning of a family name, such as "Mc".

    Only the part of `before` from its last capital letter on is compared.
    """
    capital = max((at for at, letter in enumerate(before) if letter.isupper()), default=len(before))
    return before[capital:].lower() in _PREFIXES
