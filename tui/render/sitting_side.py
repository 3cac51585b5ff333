"""The text beside the paper on a wide screen for triage: the last decisions, and the titles of the next papers.

In triage, the user decides on papers one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from store.marks.sittings import Decision
from tui.render.styled import shortened
from tui.render.triage_page import WORDS

# At most this many decisions are shown.
MOST_DECIDED = 12
_WORD_WIDTH = max(map(len, WORDS.values())) + 2


def side(decided: Sequence[tuple[Decision, str]], following: Sequence[str], width: int, height: int) -> Content:
    """The text beside the paper, in lines of at most `width` cells.

    `decided` are the last decisions with the titles of their papers, the newest last. `following` are the titles of the
    next papers. Only as many of them are shown as fit into `height` lines.
    """
    lines: list[Content] = []
    if decided:
        lines.append(_heading("Decided", width))
        for decision, title in reversed(decided[-MOST_DECIDED:]):
            word = Content.styled(f"{WORDS[decision]:<{_WORD_WIDTH}}", "$note" if decision == "keep" else "$muted")
            lines.append(word + Content.styled(shortened(title, width - _WORD_WIDTH), "$muted"))
        lines.append(Content())
    room = height - len(lines) - 1
    if following and room > 0:
        lines.append(_heading("Next", width))
        lines += [Content(shortened(title, width)) for title in following[:room]]
    return Content("\n").join(lines)


def _heading(name: str, width: int) -> Content:
    return Content.assemble(("─ ", "$muted"), (name, "bold $heading"), (f" {'─' * (width - len(name) - 3)}", "$muted"))
