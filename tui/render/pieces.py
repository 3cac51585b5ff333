"""Pieces of styled text, of which the lines of lists consist."""

from __future__ import annotations

from collections import namedtuple

from tui.render.cell_width import cut
from tui.render.cell_width import width as width_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Piece(namedtuple("_Piece", ("text", "style"), defaults=("plain",))):
    """A text and the name of its style."""

    __slots__ = ()
    text: str
    style: str


Line = tuple[Piece, ...]


def highlighted(text: str, spans: Sequence[tuple[int, int]], style: str) -> Line:
    """`text` in `style`, with the ranges `spans` in the style "match". A range may extend beyond the text."""
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        start = max(start, 0)
        if start > at:
            pieces.append(Piece(text[at:start], style))
        pieces.append(Piece(text[start:end], "match"))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], style))
    return tuple(pieces)


def fit(pieces: Iterable[Piece], width: int) -> Line:
    """`pieces` truncated or padded to exactly `width` cells. Truncated text ends with "…"."""
    pieces = tuple(pieces)
    total = sum(width_of(piece.text) for piece in pieces)
    if total <= width:
        return (*pieces, Piece(" " * (width - total))) if total < width else pieces
    fitted: list[Piece] = []
    room = width - 1
    for piece in pieces:
        size = width_of(piece.text)
        if size > room:
            if room >= 0:
                fitted.append(Piece(cut(piece.text, room) + "…", piece.style))
            break
        fitted.append(piece)
        room -= size
    return tuple(fitted)
