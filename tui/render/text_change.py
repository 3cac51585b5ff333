"""The difference between two versions of a text, word by word, as a block of a page."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein
from textual.content import Span

from tui.render.page_layout import Block

_REMOVED = "strike $muted"
_ADDED = "bold $match"
# At most this many words of each text are compared, because the time grows with the square of their number. The rest of
# the texts is not shown.
_MOST_WORDS = 1_500


def block(before: str, after: str) -> Block:
    """The new text. New words are highlighted. The words that they replace are inserted before them and struck out.

    Both texts must be safe to display.
    """
    old, new = before.split()[:_MOST_WORDS], after.split()[:_MOST_WORDS]
    text = ""
    spans: list[Span] = []
    for change in Levenshtein.opcodes(old, new):
        is_same = change.tag == "equal"
        parts = [(new[change.dest_start : change.dest_end], "" if is_same else _ADDED)]
        if not is_same:
            parts.insert(0, (old[change.src_start : change.src_end], _REMOVED))
        for words, style in parts:
            if words:
                joined = " ".join(words)
                if style:
                    spans.append(Span(len(text), len(text) + len(joined), style))
                text += f"{joined} "
    return Block(text.rstrip(), tuple(spans))
