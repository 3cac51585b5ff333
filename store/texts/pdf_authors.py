"""The lines below the title of a PDF, which have the names of authors, institutions and addresses."""

from __future__ import annotations

from store.texts.pdf_lines import Line

# What is written between two names or addresses that are on different lines, or far from each other on one line.
SEPARATOR = " ·"
# Two lines are centred if their middles differ by at most _SAME_MIDDLE and their left edges by more than
# _OTHER_EDGE (points).
_SAME_MIDDLE, _OTHER_EDGE = 3.0, 2.0


def are_separate(last: Line, line: Line) -> bool:
    """Whether two lines are centred one below the other, so that each has a name or an address of its own.

    A name that is divided at the end of a line has a comma or a conjunction there.
    """
    is_centred = (
        abs((last.left + last.right) - (line.left + line.right)) < 2 * _SAME_MIDDLE
        and abs(last.left - line.left) > _OTHER_EDGE
    )
    return is_centred and last.text[-1] not in ",;-&" and not last.text.endswith((" and", " of"))


def with_separators(line: Line) -> Line:
    """A line whose parts are far from each other, with a separator between them."""
    if len(line.cells) < 2:
        return line
    starts = [cell.start for cell in line.cells]
    parts = [line.text[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return line._replace(text=f"{SEPARATOR} ".join(parts), cells=(), lead=0, emphasis=())
