"""Finds the figure or table of a caption, or a whole equation, on a page of a PDF.

In a PDF, a vector figure is not one object, but many separate paths and letters. So the region of a figure is found by
what surrounds it: the caption and the lines of the running text, with the graphics between them. All lengths are in
points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from store.texts.blocks import Box
from store.texts.pdf_lines import Line

# A line of running text has at least this many characters and fills at least this share of its column. Labels in a
# figure are shorter.
_LEAST_CHARACTERS, _LEAST_SHARE = 24, 0.55
# A page has two columns if at least this share of its long lines fills less than _HALF of the width of the text.
_MOSTLY, _HALF = 0.6, 0.55
# Running heads (the lines at the top of each page) are above this share of the page height.
_HEAD = 0.94
# A rule (horizontal line) of a table is at most this thick (points) and fills at least this share of the column.
_RULE, _RULE_SHARE = 2.5, 0.3
# The first rule of a table is at most this far from the caption, and each further rule at most this far from the
# previous rule (points).
_NEAR_CAPTION, _NEAR_RULE = 40.0, 320.0
# A region with a smaller height than this (points) is not taken for a figure.
_LEAST_HEIGHT = 18.0
_MARGIN = 4.0
# An equation extends at most _MOST_AROUND above and below a fragment of it, and the gap between its rows is less than
# _LINE_GAP (points).
_MOST_AROUND, _LINE_GAP = 60.0, 7.0
_WORD = re.compile(r"[^\W\d_]{4,}")


class Region(NamedTuple):
    """A rectangle on a page. The coordinates are in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def box(self) -> Box:
        return self.left, self.bottom, self.right, self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def overlaps(self, left: float, right: float) -> bool:
        """Whether the rectangle and the range from `left` to `right` have more than one point of width in common."""
        return min(self.right, right) - max(self.left, left) > 1

    def clipped(self, other: Region) -> Region:
        """The part of the rectangle inside `other`. If there is none, the result has a negative width or height."""
        return Region(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def wider(self, margin: float) -> Region:
        return Region(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)


def figure(
    caption: Box, lines: Sequence[Line], graphics: Sequence[Region], page: Region, *, is_table: bool
) -> Region | None:
    """The region of the figure or table to which the caption in the box `caption` belongs; None when none is found.

    `graphics` are the boxes of the pictures, paths and forms on the page, and `page` is the box of the page.
    """
    own = Region(*caption)
    column = _column(own, lines, page)
    text = [Region(*line.box) for line in lines if _is_running_text(line, column) and not _is_inside(line, own)]
    above = min((line.bottom for line in text if line.bottom > own.top - 1), default=page.top * _HEAD)
    below = max((line.top for line in text if line.top < own.bottom + 1), default=page.bottom)
    strips = [
        Region(column.left, own.top, column.right, above),
        Region(column.left, below, column.right, own.bottom),
    ]
    if is_table:
        table = _table(own, column, graphics)
        if table is not None:
            return table.wider(_MARGIN).clipped(page)
        strips.reverse()
    for strip in strips:
        found = _content(strip, lines, graphics)
        if found is not None and found.height >= _LEAST_HEIGHT:
            # Clip the region after adding the margin, so that the margin contains no part of the caption or the text.
            return found.wider(_MARGIN).clipped(Region(page.left, strip.bottom, page.right, strip.top))
    return None


def equation(own_box: Box, lines: Sequence[Line], graphics: Iterable[Region], page: Region) -> Region:
    """The region of the equation to which the text in `own_box` belongs.

    The text may be a fragment of the equation, because an equation is often split. So the region also includes the text
    and graphics near the fragment, between the lines of running text above and below it.
    """
    own = Region(*own_box)
    column = _column(own, lines, page)
    boxes = {line: Region(*line.box) for line in lines}
    text = [box for line, box in boxes.items() if _is_text(line, column) and not _is_inside(line, own)]
    middle = (own.bottom + own.top) / 2
    near = [box for box in text if box.overlaps(column.left, column.right)]
    strip = Region(
        column.left,
        max([own.bottom - _MOST_AROUND, *(box.top for box in near if box.top <= middle)]),
        column.right,
        min([own.top + _MOST_AROUND, *(box.bottom for box in near if box.bottom >= middle)]),
    )
    found = own
    others = [box for box in (*boxes.values(), *graphics) if box not in text and _is_mostly_in(box, strip)]
    while touching := [box for box in others if _is_level(box, found)]:
        found = _around([found, *touching])
        others = [box for box in others if box not in touching]
    low, high = min(strip.bottom, found.bottom), max(strip.top, found.top)
    return found.wider(_MARGIN).clipped(Region(page.left, low, page.right, high))


def _is_text(line: Line, column: Region) -> bool:
    """Whether a line is part of a paragraph and not of an equation."""
    words = len(_WORD.findall(line.text))
    return words > 1 or (not line.math and (words > 0 or _is_running_text(line, column)))


def _is_level(box: Region, found: Region) -> bool:
    """Whether the vertical gap between a box and a region is less than _LINE_GAP, or they are side by side."""
    return box.bottom - found.top < _LINE_GAP and found.bottom - box.top < _LINE_GAP


def _column(own: Region, lines: Sequence[Line], page: Region) -> Region:
    """The column in which the box `own` is: the left or the right column, or the whole width of the text."""
    long = [line for line in lines if len(line.text) >= _LEAST_CHARACTERS]
    left = min((line.left for line in long), default=page.left)
    right = max((line.right for line in long), default=page.right)
    width, middle = right - left, (left + right) / 2
    narrow = sum(line.right - line.left < _HALF * width for line in long)
    gap = 0.04 * width
    if long and narrow >= _MOSTLY * len(long):
        if own.right < middle + gap:
            return Region(left, page.bottom, middle, page.top)
        if own.left > middle - gap:
            return Region(middle, page.bottom, right, page.top)
    return Region(left, page.bottom, right, page.top)


def _is_running_text(line: Line, column: Region) -> bool:
    shared = min(line.right, column.right) - max(line.left, column.left)
    return len(line.text) >= _LEAST_CHARACTERS and shared > _LEAST_SHARE * column.width


def _is_inside(line: Line, own: Region) -> bool:
    return own.bottom - 1 <= line.middle <= own.top + 1 and own.overlaps(line.left, line.right)


def _content(strip: Region, lines: Sequence[Line], graphics: Iterable[Region]) -> Region | None:
    """The box around the graphics in a strip and the labels near them; if there are none, around the strip's text."""
    if strip.height < _LEAST_HEIGHT:
        return None
    inside = [part for each in graphics if _is_mostly_in(each, strip) and (part := each.clipped(strip)).height >= 0]
    # Leave out long thin rules: the rule below a running head or above the footnotes is not part of a figure.
    drawn = [each for each in inside if each.height > _RULE or each.width < _RULE_SHARE * strip.width]
    labels = [box for line in lines if _is_mostly_in(box := Region(*line.box), strip)]
    if not drawn:
        return _around([*inside, *labels]) if len(labels) > 1 else None
    bounds = _around(drawn).wider(3 * _MARGIN)
    return _around([*drawn, *(each for each in labels if _touches(each, bounds))])


def _is_mostly_in(each: Region, strip: Region) -> bool:
    part = each.clipped(strip)
    return (
        part.right >= part.left
        and part.top >= part.bottom
        and part.height >= 0.5 * each.height
        and part.width >= 0.3 * each.width
    )


def _touches(each: Region, other: Region) -> bool:
    part = each.clipped(other)
    return part.right > part.left and part.top > part.bottom


def _around(boxes: Sequence[Region]) -> Region:
    return Region(
        min(each.left for each in boxes),
        min(each.bottom for each in boxes),
        max(each.right for each in boxes),
        max(each.top for each in boxes),
    )


def _table(own: Region, column: Region, graphics: Iterable[Region]) -> Region | None:
    """The region from the first to the last rule of a table, below or above its caption; None if no rules are found."""
    rules = [
        each
        for each in graphics
        if each.height <= _RULE and each.width > _RULE_SHARE * column.width and each.overlaps(column.left, column.right)
    ]
    under = sorted((each for each in rules if each.top < own.bottom + 2), key=lambda each: -each.top)
    over = sorted((each for each in rules if each.bottom > own.top - 2), key=lambda each: each.bottom)
    chains = [
        _chain(under, lambda edge, rule: edge - rule.top, own.bottom),
        _chain(over, lambda edge, rule: rule.bottom - edge, own.top),
    ]
    # A table has at least two rules: one at its top and one at its bottom.
    found = [chain for chain in chains if len(chain) > 1]
    nearest = min(
        found, key=lambda chain: min(abs(chain[0].top - own.bottom), abs(chain[0].bottom - own.top)), default=[]
    )
    return _around(nearest) if nearest else None


def _chain(rules: Sequence[Region], distance: Callable[[float, Region], float], edge: float) -> list[Region]:
    """The rules that belong to one table, out of `rules`, which are sorted by their distance from the caption.

    Each rule is near the previous one, and about as wide as the first rule or centred on it. The first rule is near
    `edge`, the edge of the caption.
    """
    chain: list[Region] = []
    for rule in rules:
        if distance(edge, rule) > (_NEAR_RULE if chain else _NEAR_CAPTION):
            break
        # Leave out the rule above footnotes: it is neither as wide as the rules of the table nor centred below them.
        if chain and abs(rule.width - chain[0].width) > 0.1 * chain[0].width and not _is_centred(rule, chain[0]):
            continue
        chain.append(rule)
        edge = rule.bottom
    return chain


def _is_centred(rule: Region, other: Region) -> bool:
    """Whether the middles of two rules are nearly at the same horizontal position."""
    return abs(rule.left + rule.right - other.left - other.right) < 2 * _MARGIN
