"""Typing filters into the open reader, key by key, with what each key must change known before.

First answers and the complete one are told apart by the screen. A key has first answers when the list changes (or the
count, where the first screen of the list stays as it is). It has its complete answer with the last change of list or
count; while the count ends in "+" or "…", an answer is not complete, however quiet the program is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from store.search.search import Search
from tests.bench.asked import answer
from tests.bench.keystrokes import Reaction, Region, Typist
from tests.bench.queries import prefixes
from tests.bench.stand import COUNT, LIST, Stand
from tests.bench.terminal import Terminal

CLEAR = "\x15"
# So many papers of the list are on the screen, with two lines each.
_SURELY_SEEN = 14
_GIVEN_UP = 40
_PROVISIONAL = re.compile(r"\d\s?[+…]")


class Key(NamedTuple):
    """The filter before a key and after it."""

    before: str
    after: str


def changes(search: Search, queries: Sequence[str]) -> dict[Key, Region]:
    """The keys that change what the reader shows, and where it must: in the list, or in its count alone."""
    changing: dict[Key, Region] = {}
    for query in queries:
        shown = answer(search, "")
        before = ""
        for text in prefixes(query):
            found = answer(search, text)
            if found.ids[:_SURELY_SEEN] != shown.ids[:_SURELY_SEEN]:
                changing[Key(before, text)] = LIST
            elif (len(found.ids), found.exact) != (len(shown.ids), shown.exact):
                changing[Key(before, text)] = COUNT
            before, shown = text, found
    return changing


def typist(stand: Stand, terminal: Terminal) -> Typist:
    """Somebody with the filter before them, who waits until each answer is complete."""
    # A key that does nothing, because of what has meanwhile come in perhaps, is given up after a while.
    made = Typist(terminal, (LIST, COUNT), stand.quiet, limit=_GIVEN_UP * stand.quiet, pending=is_pending)
    made.press("/", expected=False)
    return made


def type_all(typist: Typist, queries: Sequence[str], changing: Mapping[Key, Region]) -> list[Reaction]:
    """Reactions to the keys of `queries` that change something; the filter is empty again behind each."""
    reactions: list[Reaction] = []
    for query in queries:
        before = ""
        for text in prefixes(query):
            where = changing.get(Key(before, text))
            reaction = typist.press(text[-1], expected=where is not None, answered_in=where)
            reactions += [reaction] if where else []
            before = text
        typist.press(CLEAR)
    return reactions


def is_pending(terminal: Terminal) -> bool:
    """Whether the count says that the answer is not complete."""
    rows, columns = COUNT
    return any(_PROVISIONAL.search(terminal.text(row)[columns.start : columns.stop]) for row in rows)
