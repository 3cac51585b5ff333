"""Join the titles and abstracts of a copied page that are broken into several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from store.formats.hugging_face.byline import AUTHORS, printed_date
from store.formats.hugging_face.page_parts import DOT, SURELY_ABSTRACT, Line, is_long

# arXiv breaks titles at this width (characters). Authors break their abstracts at a similar width.
_TITLE_WIDTH = 73
# The second line of a title is shorter than this (characters). A longer line is the first line of the abstract.
_LONGEST_REST = 50
# The lines of a broken abstract have _NARROWEST to _WIDEST characters. A title and its broken abstract have at least
# _SHORTEST_RUN lines together.
_WIDEST = 120
_NARROWEST = 40
_SHORTEST_RUN = 4
# The length of a link number such as "[123] ", which may have been removed from a line after the line was broken.
_REMOVED = 8
_COUNT = re.compile(r"[\d.,]{1,9}[kKM]?|-")


def unwrap(lines: list[Line]) -> list[Line]:
    """The page with each title and each abstract on one line. Returns the list `lines` itself when nothing is joined.

    If no line is as long as an abstract, the lines between two blank lines are joined. Otherwise, consecutive lines
    are joined into a title and an abstract only if several lines follow the title.
    """
    blocks = _blocks(lines)
    if not any(map(is_long, lines)) and len(blocks) > 1:
        unwrapped = _unwrapped(blocks, by_block=True)
        if any(map(is_long, unwrapped)):
            return unwrapped
    unwrapped = _unwrapped(blocks, by_block=False)
    return unwrapped if len(unwrapped) < len(lines) else lines


def may_go_on(lines: Sequence[Line]) -> bool:
    """Whether the last line is as wide as a line of a broken abstract, so that more lines of it may be missing."""
    return bool(lines) and _NARROWEST <= len(lines[-1].text) <= _WIDEST


def _unwrapped(blocks: Sequence[list[Line]], *, by_block: bool) -> list[Line]:
    """Join lines in each block. A block consists of lines without a blank line between them.

    With `by_block`, all lines of a block without a byline become one title or abstract.
    """
    out: list[Line] = []
    for block in blocks:
        if by_block and all(line.text != DOT for line in block):
            out.append(_joined(block))
            continue
        at = 0
        while at < len(block):
            end = at
            while end < len(block) and not is_long(block[end]) and not _is_mark(block, end):
                end += 1
            after_mark = at == 0 or _is_mark(block, at - 1)
            run, is_last = block[at:end], end == len(block) and block is blocks[-1]
            if at == 0 and out and not _is_mark(out, len(out) - 1) and _is_broken(run):
                # The block is an abstract. Its title is in the block above.
                out.append(_joined(run))
            else:
                out += _title_and_abstract(run, block[end : end + 1], after_mark, is_last)
            out += block[end : end + 1]
            at = end + 1
    return out


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        if not blocks or line.number > blocks[-1][-1].number + 1:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _title_and_abstract(run: list[Line], below: Sequence[Line], after_mark: bool, is_last: bool) -> list[Line]:
    """Consecutive lines, joined when they form a title, or a title and an abstract; otherwise unchanged.

    `is_last` is True if the page ends with these lines. The abstract may then be incomplete and have few lines.
    """
    if len(run) < 2 or not after_mark:
        return run
    end = _title_end(run)
    if below and is_long(below[0]):
        return [_joined(run)] if end == len(run) else run
    rest = run[end:]
    broken = len(rest) >= _SHORTEST_RUN - 1 and _flows(rest)
    if broken and len(rest[-1].text) <= _WIDEST and sum(len(line.text) for line in rest) >= SURELY_ABSTRACT // 2:
        return [_joined(run[:end]), _joined(rest)]
    if is_last and len(rest) > 1 and all(_NARROWEST <= len(line.text) <= _WIDEST for line in rest[:-1]):
        # Join the lines only if none of them ends a sentence, so that each sentence continues on the next line.
        has_whole_lines = any(line.text.endswith((".", "!", "?")) for line in rest[:-1])
        return run if has_whole_lines else [_joined(run[:end]), _joined(rest)]
    return [_joined(run[:end]), *rest] if run[0].is_title or any(line.is_indented for line in run[1:end]) else run


def _title_end(run: Sequence[Line]) -> int:
    """The number of lines of the title. A line belongs to the title if it follows a full line or is indented."""
    end = 1
    while end < len(run):
        last, following = run[end - 1], run[end]
        word = following.text.split(" ", 1)[0]
        full = len(last.text) + 1 + len(word) > _TITLE_WIDTH >= len(last.text) and len(following.text) < _LONGEST_REST
        if not (full or run[0].is_title or (following.is_indented and not run[0].is_indented)):
            break
        end += 1
    return end


def _is_broken(lines: Sequence[Line]) -> bool:
    """Whether each line except the last is so long that the first word of the next line did not fit."""
    if len(lines) < 2 or not _NARROWEST <= len(lines[0].text) <= _WIDEST:
        return False
    width = _width(lines)
    return width <= _WIDEST and all(_is_full(line, below, width) for line, below in pairwise(lines))


def _flows(lines: Sequence[Line]) -> bool:
    """Whether the lines may be one abstract that its authors broke by hand."""
    width = _width(lines)
    return width <= _WIDEST and all(
        len(line.text) >= _NARROWEST or _is_full(line, below, width) for line, below in pairwise(lines)
    )


def _width(lines: Sequence[Line]) -> int:
    """The width at which the lines were broken. Lines without a space, such as a long address, are not counted."""
    return max((len(line.text) for line in lines if " " in line.text), default=_NARROWEST)


def _is_full(line: Line, below: Line, width: int) -> bool:
    """Whether the first word of `below` did not fit on `line`. Up to _REMOVED characters of `line` may be missing."""
    return len(line.text) + 1 + len(below.text.split(" ", 1)[0]) > width - _REMOVED


def _is_mark(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is part of a byline, or a count. The line directly above "·" is the first line of a byline."""
    text = lines[at].text
    if at + 1 < len(lines) and lines[at + 1].text == DOT:
        continues = at > 0 and lines[at].is_indented and not lines[at - 1].is_indented
        if not continues:
            return True
    return bool(text == DOT or _COUNT.fullmatch(text) or AUTHORS.fullmatch(text) or printed_date(text))


def _joined(lines: Sequence[Line]) -> Line:
    paper_id = next((line.paper_id for line in lines if line.paper_id), None)
    return lines[0]._replace(text=" ".join(line.text for line in lines), paper_id=paper_id)
