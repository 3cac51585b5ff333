"""Types filters into the running program, key by key. Which part of the screen each key must change is computed before.

The screen shows whether an answer is the first or the complete one. The first answer is the first change of the list,
or of the count if the first screen of the list stays the same. The complete answer is the last change of list or count.
While the count ends in "+" or "…", the answer is not complete, even if the program writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from store.search.search import Search
from tests.bench.answers import answer
from tests.bench.keystrokes import Reaction, Region, Typist
from tests.bench.queries import prefixes
from tests.bench.stand import COUNT, LIST, Stand
from tests.bench.terminal import Terminal

CLEAR = "\x15"
# The number of papers of the list that fit on the screen, with two lines each.
_SURELY_SEEN = 14
# The program stops waiting for the reaction to a key after this many times the pause that ends an answer.
_GIVEN_UP = 40
_PROVISIONAL = re.compile(r"\d\s?[+…]")


class Key(NamedTuple):
    """A key: the text of the filter before it and after it."""

    before: str
    after: str


def changes(search: Search, queries: Sequence[str]) -> dict[Key, Region]:
    """The keys that change the screen, each with the part of the screen that changes: the list, or only its count."""
    changed: dict[Key, Region] = {}
    for query in queries:
        shown = answer(search, "")
        before = ""
        for text in prefixes(query):
            following = answer(search, text)
            if following.ids[:_SURELY_SEEN] != shown.ids[:_SURELY_SEEN]:
                changed[Key(before, text)] = LIST
            elif (len(following.ids), following.exact) != (len(shown.ids), shown.exact):
                changed[Key(before, text)] = COUNT
            before, shown = text, following
    return changed


def typist(stand: Stand, terminal: Terminal) -> Typist:
    """A Typist in the open filter. It waits after each key until the answer is complete."""
    # Stop waiting if the screen does not change after a key, for example because the list already shows the answer.
    typist = Typist(terminal, (LIST, COUNT), stand.quiet, limit=_GIVEN_UP * stand.quiet, pending=is_pending)
    typist.press("/", expected=False)
    return typist


def type_all(typist: Typist, queries: Sequence[str], changing: Mapping[Key, Region]) -> list[Reaction]:
    """The reactions to the keys of `queries` that change something on the screen.

    The filter is cleared after each query.
    """
    reactions: list[Reaction] = []
    for query in queries:
        before = ""
        for text in prefixes(query):
            region = changing.get(Key(before, text))
            reaction = typist.press(text[-1], expected=region is not None, answered_in=region)
            reactions += [reaction] if region else []
            before = text
        typist.press(CLEAR)
    return reactions


def is_pending(terminal: Terminal) -> bool:
    """Whether the count on the screen ends in "+" or "…", so that the answer is not complete."""
    rows, columns = COUNT
    return any(_PROVISIONAL.search(terminal.text(row)[columns.start : columns.stop]) for row in rows)
