"""Typing a filter: from each letter to the list that answers it, exact words and mistyped ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from store.search import Search
from tests.bench.figures import Figure, percentile
from tests.bench.keystrokes import Reaction, Region, Typist, milliseconds
from tests.bench.queries import prefixes, typed
from tests.bench.search import over_all_titles
from tests.bench.stand import COUNT, LIST, Stand, answer, has_fzf, one_line
from tests.bench.terminal import COLUMNS, ROWS

NAME = "keys"

_CLEAR = "\x15"
_EVERYWHERE: Region = (range(0, ROWS), range(0, COLUMNS))
_BELOW_PROMPT: Region = (range(1, ROWS), range(0, COLUMNS))
# Goals for the median and the 99th percentile, and what fzf took where they were set; at 100,000 and at 3,000,000.
_FIRST = {100_000: (12, 25), 3_000_000: (16, 40)}
_COMPLETE = {100_000: (12, 25), 3_000_000: (60, 150)}
_MISTYPED = {100_000: (12, 25), 3_000_000: (120, 300)}
_FZF = {100_000: (24, 126), 3_000_000: (1_280, 2_099)}
# So many papers of the list are on the screen, with two lines each.
_SURELY_SEEN = 14
_SHARES = ((0.5, "p50"), (0.99, "p99"))


def measure(stand: Stand) -> Iterator[Figure]:
    """First answers beside the echo of Textual's own Input, complete ones beside fzf on the same titles."""
    with stand.built.open() as library:
        exact = typed(library, stand.rounds(5))
        mistyped = typed(library, stand.rounds(3), wrong=True)
        expected = _expected(Search(library), [*exact, *mistyped])
    found, typos = _in_the_reader(stand, exact, mistyped, expected)
    echo = _echo(stand.effort)
    fzf = milliseconds(_in_fzf(stand, exact), last=True) if has_fzf() else []
    keys = f"{len(found)} keys"
    for at, (share, name) in enumerate(_SHARES):
        yield Figure(
            name=f"key to repainted list, {name}",
            at=stand.size,
            figure=percentile(milliseconds(found), share),
            unit="ms",
            goal=_goal(_FIRST, stand.size)[at],
            yardstick="Textual Input's echo",
            yardstick_figure=percentile(echo, share),
            note=f"{keys}, worst {max(milliseconds(found)):.0f} ms",
        )
    for at, (share, name) in enumerate(_SHARES):
        goal = _goal(_COMPLETE, stand.size)[at]
        yield Figure(
            name=f"key to complete answer, {name}",
            at=stand.size,
            figure=percentile(milliseconds(found, last=True), share),
            unit="ms",
            goal=goal,
            goal_ratio=goal / _FZF[stand.size][at] if stand.size in _FZF else None,
            yardstick="fzf on the titles",
            yardstick_figure=percentile(fzf, share) if fzf else None,
            note=keys,
        )
    over_titles = over_all_titles(stand, mistyped[:3])
    for at, (share, name) in enumerate(_SHARES):
        yield Figure(
            name=f"the same, a letter of each word wrong, {name}",
            at=stand.size,
            figure=percentile(milliseconds(typos, last=True), share),
            unit="ms",
            goal=_goal(_MISTYPED, stand.size)[at],
            yardstick="rapidfuzz over all titles",
            yardstick_figure=percentile(over_titles, share),
            note=f"{len(typos)} keys",
        )


def _goal(goals: dict[int, tuple[int, int]], size: int) -> tuple[int, int]:
    return goals[min(each for each in goals if each >= min(size, max(goals)))]


def _expected(search: Search, queries: Sequence[str]) -> set[tuple[str, str]]:
    """Which keys change what the list shows: pairs of the filter before and after."""
    changing = set()
    for query in queries:
        before, shown = "", None
        for text in prefixes(query):
            found = answer(search, text)
            now = (list(found.ids[:_SURELY_SEEN]), len(found.ids), found.exact)
            if now != shown:
                changing.add((before, text))
            before, shown = text, now
    return changing


def _in_the_reader(
    stand: Stand, exact: Sequence[str], mistyped: Sequence[str], expected: set[tuple[str, str]]
) -> tuple[list[Reaction], list[Reaction]]:
    """Reactions to the keys of both kinds of queries; keys that change nothing are left out."""
    with stand.opened_reader() as terminal:
        typist = Typist(terminal, (LIST, COUNT), stand.quiet)
        typist.press("/", expected=False)
        kinds: tuple[list[Reaction], list[Reaction]] = ([], [])
        for reactions, queries in zip(kinds, (exact, mistyped), strict=True):
            for query in queries:
                before = ""
                for text in prefixes(query):
                    changes = (before, text) in expected
                    reaction = typist.press(text[-1], expected=changes)
                    reactions += [reaction] if changes else []
                    before = text
                typist.press(_CLEAR)
        return kinds


@cache
def _echo(effort: float) -> list[float]:
    """Milliseconds to the echo of letters in the smallest Textual app."""
    with one_line() as terminal:
        terminal.read(quiet=0.3, limit=5)
        typist = Typist(terminal, (_EVERYWHERE,), 0.03, pace=0)
        return milliseconds(typist.press_all("abcdefghij" * max(1, round(4 * effort))))


def _in_fzf(stand: Stand, queries: Sequence[str]) -> list[Reaction]:
    """Reactions of fzf."""
    with stand.fzf() as terminal:
        typist = Typist(terminal, (_BELOW_PROMPT,), stand.quiet, limit=40 * stand.quiet, pace=0)
        reactions: list[Reaction] = []
        for query in queries:
            alive = True
            for key in query:
                # A space changes nothing; nor does any letter once nothing is left.
                reactions.append(typist.press(key, expected=alive and not key.isspace()))
                alive = alive and (key.isspace() or reactions[-1].last is not None)
            typist.press(_CLEAR)
        return reactions
