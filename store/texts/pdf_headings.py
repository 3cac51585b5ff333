"""Finds the headings among the lines of a PDF by the size and font of their letters, their numbers and positions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from store.texts.pdf_lines import Line
from store.texts.pdf_pages import Page

# The number of a section: "2", "2.1", "A.3", "IV." or "B.".
NUMBER = re.compile(
    r"(?:(?P<digits>\d{1,2}(?:\.\d{1,2}){0,4})\.?|(?P<roman>[IVX]{1,5})\.|(?P<letter>[A-H])(?:(?P<sub>(?:\.\d{1,2}){1,3})\.?|\.?))\s+(?=\S)"
)
_KNOWN = re.compile(
    r"(?:\d+\.?\s+|[IVX]+\.\s+)?(?:abstract|introduction|references|bibliography|literature cited|acknowledge?ments?"
    r"|conclusions?|discussion|results|methods|materials and methods|related work|background|appendix|appendices"
    r"|summary|keywords|index terms|ccs concepts|highlights|contents|declarations?|funding|data availability"
    r"|author contributions?|competing interests?|conflicts? of interest|supplementary materials?)\b.{0,30}",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CAPTION = re.compile(r"(?:fig(?:ure|\.)|table|algorithm|listing|scheme|chart|plate)\s*[\dIVXS]+", re.IGNORECASE)
# A heading has at most this many characters and lines.
_LONGEST = 160
MOST_LINES = 3
# The letters of a heading are larger than those of the text by this factor.
_LARGER = 1.1
# A line counts as bold, for example, if at least this share of its words is bold.
_MOSTLY = 0.75
# The space above a heading is larger than this multiple of the size of the text's letters.
_LEAST_GAP = 0.35


class Style(NamedTuple):
    """The appearance of the letters of a line: their size (points), and whether they are bold, italic or capitals."""

    size: float
    is_bold: bool
    is_italic: bool
    is_capital: bool


class Candidate(NamedTuple):
    """A line that may be a heading.

    `depth` is the depth of its number, or 0 without a number. `is_known` is true for a usual heading such as
    "Abstract".
    """

    style: Style
    depth: int
    is_known: bool


def levels(pages: Sequence[Page], body: float, *, is_bold_body: bool) -> dict[int, int]:
    """Maps the `id` of each line that is a heading to its level. The title of the paper is not among them.

    `body` is the size of the letters of the text. If none of the lines in a style is a numbered heading or a usual one
    such as "Abstract", the lines count as headings only if their letters are larger than those of the text.
    """
    candidates: dict[int, Candidate] = {}
    for page in pages:
        for index, line in enumerate(page.lines):
            before = page.lines[index - 1] if index else None
            after = page.lines[index + 1] if index + 1 < len(page.lines) else None
            if (found := _candidate(line, before, after, body, is_bold_body)) is not None:
                candidates[id(line)] = found
    _drop_paragraphs(pages, candidates)
    by_style: defaultdict[Style, list[Candidate]] = defaultdict(list)
    for candidate in candidates.values():
        by_style[candidate.style].append(candidate)
    accepted = {style: depth for style, found in by_style.items() if (depth := _depth(style, found, body)) is not None}
    ranks = {
        style: rank for rank, style in enumerate(sorted(accepted, key=lambda style: _rank(style, accepted[style])))
    }
    result: dict[int, int] = {}
    for key, candidate in candidates.items():
        if candidate.style in accepted:
            depth = candidate.depth or accepted[candidate.style] or min(ranks[candidate.style] + 1, 3)
            result[key] = min(depth + 1, 6)
    return result


def _drop_paragraphs(pages: Sequence[Page], candidates: dict[int, Candidate]) -> None:
    """Remove sequences of candidates in one style that are longer than a heading: they are a bold paragraph."""
    for page in pages:
        run: list[Line] = []
        for line in [*page.lines, None]:
            if line is not None and run and _goes_on(run[-1], line, candidates):
                run.append(line)
                continue
            if len(run) > MOST_LINES:
                for each in run:
                    del candidates[id(each)]
            run = [line] if line is not None and id(line) in candidates else []


def _goes_on(last: Line, line: Line, candidates: Mapping[int, Candidate]) -> bool:
    """Whether a line has the style of the last one and follows it closely."""
    found = candidates.get(id(line))
    is_alike = found is not None and found.style == candidates[id(last)].style and found.depth == 0
    return is_alike and -line.size < last.bottom - line.top < line.size


def _candidate(
    line: Line, before: Line | None, after: Line | None, body: float, is_bold_body: bool
) -> Candidate | None:
    text = line.text
    if len(text) > _LONGEST or not _WORDS.search(text) or _CAPTION.match(text) or line.math > 0.5:
        return None
    if not (text[0].isupper() or text[0].isdigit()):
        return None
    number = NUMBER.match(text)
    is_known = _is_known(text)
    style = _style(line, is_bold_body)
    is_larger = line.size > body * _LARGER
    stands_out = (
        is_larger or style.is_bold or (style.is_capital and (number or is_known)) or (style.is_italic and number)
    )
    if not (stands_out or (is_known and _gap(before, line) > _LEAST_GAP * body)) or line.size < body * 0.85:
        return None
    if text.endswith((",", ";")) or (text.endswith(".") and not number and not is_known and len(text) > 60):
        return None
    if not is_larger and not _has_room(line, before, after, body):
        return None
    return Candidate(style, _number_depth(number), is_known)


def is_usual(text: str) -> bool:
    """Whether `text` is a heading that most papers have, such as "Abstract", or a first numbered one."""
    return _is_known(text) or bool(re.match(r"(?:1|I)\.?\s+[A-Z]", text))


def _is_known(text: str) -> bool:
    return bool(_KNOWN.fullmatch(text.strip(" .:—–-")))


def _has_room(line: Line, before: Line | None, after: Line | None, body: float) -> bool:
    """Whether a line stands alone as a heading does: no text is beside it, and it does not continue the line above."""
    for other in (before, after):
        if other is not None and min(line.top, other.top) - max(line.bottom, other.bottom) > 0.5 * (
            line.top - line.bottom
        ):
            same_column = abs((other.left + other.right) - (line.left + line.right)) < 2 * 180
            if same_column and 0 <= max(line.left - other.right, other.left - line.right) < 60:
                return False
    return (
        before is None
        or before.bottom < line.top - 60
        or _gap(before, line) > _LEAST_GAP * body * 0.5
        or before.top < line.bottom
    )


def _gap(before: Line | None, line: Line) -> float:
    """The space above a line (points). It is large at the top of a column."""
    if before is None or before.bottom < line.bottom:
        return 1000.0
    return before.bottom - line.top


def _style(line: Line, is_bold_body: bool) -> Style:
    letters = [letter for letter in line.text if letter.isalpha()]
    is_capital = line.small_caps >= _MOSTLY or (
        len(letters) > 3 and sum(map(str.isupper, letters)) > 0.9 * len(letters)
    )
    return Style(
        round(line.size * 2) / 2,
        line.bold >= _MOSTLY and not is_bold_body,
        line.italic >= _MOSTLY,
        is_capital,
    )


def _number_depth(number: re.Match[str] | None) -> int:
    if number is None:
        return 0
    if digits := number["digits"]:
        return digits.count(".") + 1
    if number["roman"]:
        return 1
    # A letter numbers an appendix, or a part of a section: only the style of the heading shows which.
    sub = number["sub"]
    return sub.count(".") + 1 if sub else 0


def _depth(style: Style, found: Sequence[Candidate], body: float) -> int | None:
    """The depth of the headings in a style. 0 if their numbers do not show it, None if the lines are not headings."""
    depths = sorted(candidate.depth for candidate in found if candidate.depth)
    if depths and len(depths) >= 0.3 * len(found):
        return depths[len(depths) // 2]
    if any(candidate.is_known for candidate in found):
        return 1 if style.size >= body else 0
    return 0 if style.size > body * _LARGER or style.is_bold else None


def _rank(style: Style, depth: int) -> tuple[int, float, bool, bool]:
    return (depth or 9, -style.size, not style.is_capital, not style.is_bold)
