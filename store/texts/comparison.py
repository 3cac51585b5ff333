"""Compares two full texts of a paper, such as two versions of it, paragraph by paragraph and then word by word.

The time is limited: a part with too many paragraphs or words is not compared, but counts as changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from store.text import folding
from store.texts.blocks import Block

# The largest numbers that are compared with each other: paragraphs of a text, paragraphs between two equal paragraphs,
# and words of a paragraph. The time grows with the squares of these numbers.
_MOST_BLOCKS, _MOST_IN_GAP, _MOST_WORDS = 4_000, 60, 2_000
# Two paragraphs count as versions of the same paragraph if their words are at least this similar (percent).
_ALIKE = 50.0
# To find out whether two paragraphs are similar, only this many characters at the start of each are compared.
_LONGEST_ALIKE = 3_000

_WORD = re.compile(r"\S+")

# The start and the end of a range of characters in the text of a block.
Range = tuple[int, int]


class Row(NamedTuple):
    """A paragraph of the two texts: the index of its block in the earlier and in the later text, or None if a text
    lacks it.

    `removed` are the ranges of the words in the earlier block that the later block lacks. `added` are the ranges of the
    words in the later block that the earlier block lacks. Both are empty for an unchanged paragraph.
    """

    before: int | None
    after: int | None
    removed: tuple[Range, ...] = ()
    added: tuple[Range, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether the paragraph differs between the two texts, or only one of them has it."""
        return self.before is None or self.after is None or bool(self.removed or self.added)


def compare(before: Sequence[Block], after: Sequence[Block]) -> list[Row]:
    """Compare two texts. Returns a row for each paragraph, in the order of the texts. Case, hyphens and spaces are
    ignored.
    """
    old, new = [_key(block) for block in before], [_key(block) for block in after]
    rows: list[Row] = []
    at_old = at_new = 0
    for first, second in _equal(old, new):
        # The paragraphs `first` and `second` are equal. Those between them and the last two equal paragraphs are not.
        rows += _changed(before, after, range(at_old, first), range(at_new, second))
        if first < len(before):
            rows.append(Row(first, second))
        at_old, at_new = first + 1, second + 1
    return rows


def _key(block: Block) -> str:
    return f"{block.kind == 'heading'}{folding.letters(block.text) or block.text}"


def _equal(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the two indices of each pair of equal paragraphs, in order, and at last the numbers of paragraphs of both
    texts.
    """
    at_old = at_new = 0
    while at_old < len(old) and at_new < len(new):
        part_old, part_new = old[at_old : at_old + _MOST_BLOCKS], new[at_new : at_new + _MOST_BLOCKS]
        same = [
            (change.src_start + number, change.dest_start + number)
            for change in Levenshtein.opcodes(part_old, part_new)
            if change.tag == "equal"
            for number in range(change.src_end - change.src_start)
        ]
        is_last = at_old + _MOST_BLOCKS >= len(old) and at_new + _MOST_BLOCKS >= len(new)
        # The texts are compared in parts. The end of a part may match the next part of the other text, so it is
        # compared again together with that part.
        kept = same if is_last else same[: len(same) // 2 + 1]
        yield from ((at_old + first, at_new + second) for first, second in kept)
        if is_last or not kept:
            break
        at_old, at_new = at_old + kept[-1][0] + 1, at_new + kept[-1][1] + 1
    yield len(old), len(new)


def _changed(before: Sequence[Block], after: Sequence[Block], old: range, new: range) -> Iterator[Row]:
    """The rows of the paragraphs between two pairs of equal paragraphs."""
    pairs = _alike(before, after, old, new) if len(old) <= _MOST_IN_GAP and len(new) <= _MOST_IN_GAP else []
    at_old, at_new = old.start, new.start
    for first, second in [*pairs, (old.stop, new.stop)]:
        yield from (_removed(before, index) for index in range(at_old, first))
        yield from (_added(after, index) for index in range(at_new, second))
        if first < old.stop:
            yield _words(before[first], after[second], first, second)
        at_old, at_new = first + 1, second + 1


def _alike(before: Sequence[Block], after: Sequence[Block], old: range, new: range) -> list[tuple[int, int]]:
    """Pairs of paragraphs: one of the earlier text and its version in the later text. The pairs have the order of both
    texts.
    """
    # best[i][j] is the largest sum of the likenesses (similarities) of pairs that can be formed from the first i
    # paragraphs of one text and the first j of the other.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(before[first], after[second]) for second in new] for first in old]
    for i in range(1, len(old) + 1):
        for j in range(1, len(new) + 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + alike[i - 1][j - 1])
    pairs: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((old[i], new[j]))
    return pairs[::-1]


def _likeness(before: Block, after: Block) -> float:
    if (before.kind == "heading") != (after.kind == "heading"):
        return 0.0
    first, second = before.text[:_LONGEST_ALIKE].split(), after.text[:_LONGEST_ALIKE].split()
    share: float = Levenshtein.normalized_similarity(first, second) * 100
    if len(first) < 8 and len(second) < 8:
        share = max(share, fuzz.ratio(" ".join(first), " ".join(second)))
    return share if share >= _ALIKE else 0.0


def _words(before: Block, after: Block, first: int, second: int) -> Row:
    """The row of a changed paragraph, with the ranges of the removed and added words."""
    old, new = _ranges(before.text), _ranges(after.text)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return Row(first, second, ((0, len(before.text)),), ((0, len(after.text)),))
    removed: list[Range] = []
    added: list[Range] = []
    for change in Levenshtein.opcodes([word for word, _, _ in old], [word for word, _, _ in new]):
        if change.tag != "equal":
            if change.src_end > change.src_start:
                removed.append((old[change.src_start][1], old[change.src_end - 1][2]))
            if change.dest_end > change.dest_start:
                added.append((new[change.dest_start][1], new[change.dest_end - 1][2]))
    return Row(first, second, tuple(removed), tuple(added))


def _ranges(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded (lower case, no accents), and the range of each word in the text."""
    return [(folding.letters(match[0]) or match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


def _removed(before: Sequence[Block], index: int) -> Row:
    return Row(index, None, removed=((0, len(before[index].text)),))


def _added(after: Sequence[Block], index: int) -> Row:
    return Row(None, index, added=((0, len(after[index].text)),))
