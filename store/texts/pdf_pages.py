"""Sorts the lines of a PDF into reading order, and removes running heads, page numbers and line numbers."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from store.texts.pdf_lines import Line, without_start

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
# Matches a line that consists only of symbols, such as the points of a diagram.
_SYMBOLS = re.compile(r"[●○■□▲△▼▽◆◇★☆✕✖\s]+")
# Running heads are above the height _HEAD, and page numbers above it or below _FOOT (fractions of the page height, from
# the bottom). On pages with wide margins, they are the first or the last line.
_HEAD, _FOOT = 0.88, 0.12
# The first or last line of a page is separate from the text if the space between them is larger than _APART times the
# size of its letters. This is examined only on pages with more than _LEAST_LINES lines.
_APART, _LEAST_LINES = 0.6, 8
# Lines of different pages count as being at the same height if their heights differ by at most about this (points).
_SAME_HEIGHT = 4.0
# Matches a line number. Manuscripts have one beside every line, every second or every fifth line (_STEPS). A page has
# line numbers if at least _LEAST_NUMBERED lines begin with such numbers. If another page has line numbers,
# _FEW_NUMBERED lines are enough.
_LINE_NUMBER = re.compile(r"(\d{1,5})(?:\s+|$)")
_LEAST_NUMBERED, _FEW_NUMBERED = 12, 4
_STEPS = (1, 2, 5)
# Fewer line numbers are enough if they begin more than _OUTSIDE points to the left of a column. A position is the left
# edge of a column if at least _LEAST_EDGES lines with more than _LONG characters begin there.
_OUTSIDE, _LONG, _LEAST_EDGES = 8.0, 30, 3
# Numbers are line numbers if they count lines: between 5 and 10, for example, there must be the height of five lines.
# This must be true for at least the share _MOSTLY_COUNTING of the numbers, with an error below the share _SAME_LINE of
# a line's height.
_SAME_LINE, _MOSTLY_COUNTING = 0.15, 0.6
# A jump is a line that is above the line before it in the content stream, in the same column. If at most _LEAST_JUMPS
# lines, or the share _MOST_JUMPS of the lines, are jumps, the order of the content stream is used as reading order. If
# there are more, the lines are sorted by their positions.
_MOST_JUMPS = 0.12
_LEAST_JUMPS = 3
# A line that extends this far beyond the middle of the page on both sides (points) has the full width of both columns.
_CROSSES = 20.0


class Page(NamedTuple):
    """The lines of one page in reading order, and the size of the page in points."""

    lines: Sequence[Line]
    width: float
    height: float


def ordered(pages: Sequence[Page]) -> list[Page]:
    """The pages with only those lines that belong to the text, in reading order."""
    repeated = _repeated(pages)
    result: list[Page] = []
    least = _LEAST_NUMBERED
    for page in pages:
        edges = _edges(page)
        kept = [line for line in page.lines if not _is_marginal(line, page, edges, repeated)]
        outside = _outside(kept)
        numbered = _numbered(kept) | outside
        if outside or len(numbered) >= least:
            kept = _without_line_numbers(kept, numbered)
            least = _FEW_NUMBERED
        result.append(Page(kept if _is_in_order(kept) else _by_columns(kept, page.width), page.width, page.height))
    return result


def _place(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.bottom / _SAME_HEIGHT)


def _repeated(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """Texts that several pages have at the same height, such as running heads, with these heights. Numbers in the texts
    may differ between pages.
    """
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        edges = _edges(page)
        for line in page.lines:
            if _is_outside(line, edges):
                seen[_place(line)].add(line.page)
    return {place for place, numbers in seen.items() if len(numbers) > 1}


def _edges(page: Page) -> tuple[float, float]:
    """The lower and the upper limit of the text of a page. Running heads and page numbers are outside these limits.

    The limits are the usual margins. If the first or last line is separate from the text, the limit is in the middle of
    the space between them.
    """
    foot, head = page.height * _FOOT, page.height * _HEAD
    lines = sorted(page.lines, key=lambda line: line.middle)
    if len(lines) > _LEAST_LINES:
        lowest, highest = lines[0], lines[-1]
        above = min((line.bottom for line in lines if line.middle > lowest.top), default=lowest.top)
        below = max((line.top for line in lines if line.middle < highest.bottom), default=highest.bottom)
        if above - lowest.top > _APART * lowest.size:
            foot = max(foot, (above + lowest.top) / 2)
        if highest.bottom - below > _APART * highest.size:
            head = min(head, (below + highest.bottom) / 2)
    return foot, head


def _is_outside(line: Line, edges: tuple[float, float]) -> bool:
    return line.top < edges[0] or line.bottom > edges[1]


def _is_marginal(line: Line, page: Page, edges: tuple[float, float], repeated: set[tuple[str, int]]) -> bool:
    """Whether a line does not belong to the text: a running head, a page number, or the points of a diagram."""
    if _SYMBOLS.fullmatch(line.text):
        return True
    if not _is_outside(line, edges):
        return False
    text, height = _place(line)
    is_in_margin = line.bottom > page.height * _HEAD or line.top < page.height * _FOOT
    is_number = is_in_margin and bool(_PAGE_NUMBER.fullmatch(line.text))
    return is_number or any((text, height + near) in repeated for near in (0, -1, 1))


def _numbered(lines: Sequence[Line]) -> dict[int, int]:
    """Maps the `id` of each line that begins with a line number to the length of this number and the space after it.

    These lines are the longest sequence of lines whose numbers differ by one of `_STEPS`.
    """
    matches = [(line, match) for line in lines if (match := _LINE_NUMBER.match(line.text))]
    # For each number, the length of the longest sequence that ends with it, and the index of the number before it in
    # this sequence.
    last: dict[int, int] = {}
    lengths: list[tuple[int, int]] = []
    for index, (_, match) in enumerate(matches):
        value = int(match[1])
        before = max(
            (last[value - step] for step in _STEPS if value - step in last), key=lambda at: lengths[at], default=-1
        )
        lengths.append((lengths[before][0] + 1 if before >= 0 else 1, before))
        last[value] = index
    at = max(range(len(lengths)), key=lambda index: lengths[index][0], default=-1)
    found: dict[int, int] = {}
    while at >= 0:
        line, match = matches[at]
        found[id(line)] = match.end()
        at = lengths[at][1]
    return found


def _outside(lines: Sequence[Line]) -> dict[int, int]:
    """The same dictionary as `_numbered` returns, but for line numbers to the left of a column.

    Empty if there are only a few, or if the numbers do not count lines, as those of a list or a bibliography.
    """
    edges = Counter(
        round(line.left) for line in lines if len(line.text) > _LONG and _LINE_NUMBER.match(line.text) is None
    )
    columns = [edge for edge, count in edges.items() if count >= _LEAST_EDGES]
    found: list[tuple[Line, re.Match[str]]] = []
    for line in lines:
        match = _LINE_NUMBER.match(line.text)
        if match and any(line.left < edge - _OUTSIDE and edge - 2 <= line.second_left < edge + 30 for edge in columns):
            found.append((line, match))
    pairs = [
        (before.top - line.top) / (int(second[1]) - int(first[1]))
        for (before, first), (line, second) in itertools.pairwise(found)
        if int(second[1]) > int(first[1]) and before.top > line.top
    ]
    heights = [before.top - line.top for before, line in itertools.pairwise(lines) if abs(before.left - line.left) < 1]
    if len(found) < _FEW_NUMBERED or not pairs or not heights:
        return {}
    height = statistics.median(heights)
    counting = sum(abs(each - height) < _SAME_LINE * height for each in pairs)
    is_counting = counting >= _MOSTLY_COUNTING * len(pairs)
    return {id(line): match.end() for line, match in found} if is_counting else {}


def _without_line_numbers(lines: Sequence[Line], ends: Mapping[int, int]) -> list[Line]:
    """The lines after line numbers were removed. PDFium returns line numbers as separate lines, or at the start of
    lines.
    """
    return [
        without_start(line, end)._replace(left=line.second_left or line.left) if (end := ends.get(id(line))) else line
        for line in lines
        if len(line.text) > ends.get(id(line), 0)
    ]


def _is_in_order(lines: Sequence[Line]) -> bool:
    """Whether the lines in the content stream are in reading order, so that a line is seldom above the line
    before it.
    """
    jumps = 0
    for before, line in itertools.pairwise(lines):
        narrower = min(before.right - before.left, line.right - line.left)
        jumps += line.bottom > before.top + 2 * before.size and before.shared_width(line) > 0.5 * narrower
    return jumps <= max(_LEAST_JUMPS, _MOST_JUMPS * len(lines))


def _by_columns(lines: Iterable[Line], width: float) -> list[Line]:
    """The lines in the reading order of a page with two columns.

    Between two lines that have the full width, all lines of the left column come before those of the right column.
    """
    middle = width / 2
    result: list[Line] = []
    band: list[Line] = []

    def close_band() -> None:
        band.sort(key=lambda line: -line.top)
        for is_right in (False, True):
            result.extend(line for line in band if ((line.left + line.right) / 2 >= middle) is is_right)
        band.clear()

    for line in sorted(lines, key=lambda line: -line.top):
        if line.left < middle - _CROSSES and line.right > middle + _CROSSES:
            close_band()
            result.append(line)
        else:
            band.append(line)
    close_band()
    return result


def body_size(pages: Sequence[Page]) -> float:
    """The size that most letters of the text have (points); 0 when there is no text."""
    sizes: defaultdict[float, int] = defaultdict(int)
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: sizes[size]) if sizes else 0.0


def body_is_bold(pages: Sequence[Page]) -> bool:
    """Whether most of the text is bold, so that bold letters do not show that a line is a heading."""
    shares = [line.bold for page in pages for line in page.lines if len(line.text) > 20]
    return bool(shares) and statistics.median(shares) > 0.5
