"""Separates names, institutions and addresses in the lines below the title of a PDF."""

from __future__ import annotations

from store.texts.pdf_lines import Line

# The text that is put between two names or addresses that are on different lines, or far from each other on one line.
SEPARATOR = " ·"
# Two lines are centred if their middles differ by at most _SAME_MIDDLE and their left edges by more than
# _OTHER_EDGE (points).
_SAME_MIDDLE, _OTHER_EDGE = 3.0, 2.0


def are_separate(last: Line, line: Line) -> bool:
    """Whether two lines are centred one below the other, so that each contains a separate name or address.

    False if the first line ends with a comma or a conjunction: the text then continues on the second line.
    """
    is_centred = (
        abs((last.left + last.right) - (line.left + line.right)) < 2 * _SAME_MIDDLE
        and abs(last.left - line.left) > _OTHER_EDGE
    )
    return is_centred and last.text[-1] not in ",;-&" and not last.text.endswith((" and", " of"))


def with_separators(line: Line) -> Line:
    """A copy of a line in which a separator is put between parts that are far from each other."""
    if len(line.cells) < 2:
        return line
    starts = [cell.start for cell in line.cells]
    parts = [line.text[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return line._replace(text=f"{SEPARATOR} ".join(parts), cells=(), lead=0, emphasis=())
