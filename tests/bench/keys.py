"""Typing a filter: from each letter to the list that answers it, exact words and mistyped ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from store.search.search import Search
from tests.bench.figures import Figure, Yardstick, percentile
from tests.bench.keystrokes import Reaction, Region, Typist, milliseconds
from tests.bench.limits import explained, of_a_key
from tests.bench.queries import typed
from tests.bench.search import at_every_key, over_all_titles
from tests.bench.stand import Stand, has_fzf, one_line
from tests.bench.terminal import COLUMNS, ROWS
from tests.bench.typing_queries import CLEAR, changes, type_all, typist

NAME = "keys"

_EVERYWHERE: Region = (range(0, ROWS), range(0, COLUMNS))
_BELOW_PROMPT: Region = (range(1, ROWS), range(0, COLUMNS))
_SHARES = ((0.5, "p50"), (0.99, "p99"))
_Pair = tuple[float, float]
# So long the store alone is asked (s) for the note of a figure that misses its goal.
_LIMIT_SECONDS = 0.5
# Goals for the median and the 99th percentile up to the size they are set for, and what the yardstick took there.
_FIRST: Mapping[int, _Pair] = {100_000: (12, 25), 3_000_000: (16, 40)}
_COMPLETE: Mapping[int, _Pair] = {3_000_000: (60, 150)}
_MISTYPED: Mapping[int, _Pair] = {3_000_000: (120, 300)}
_FZF: Mapping[int, _Pair] = {100_000: (24, 126), 3_000_000: (1_280, 2_099)}
_RAPIDFUZZ: Mapping[int, _Pair] = {3_000_000: (2_500, 2_500)}


def measure(stand: Stand) -> Iterator[Figure]:
    """First and complete answers beside fzf on the same titles and the echo of Textual's own Input."""
    exact = typed(stand.catalogue, stand.rounds(3))
    mistyped = typed(stand.catalogue, stand.rounds(2), wrong=True)
    found, typos = _in_the_reader(stand, exact, mistyped)
    fzf = _in_fzf(stand, exact[: stand.rounds(2)]) if has_fzf() else []
    echo = _echo(stand.effort)
    fuzzy = over_all_titles(stand)
    yield from _figures(
        "key to repainted list, first answers", stand, milliseconds(found), (_FIRST, _FZF), exact,
        {"fzf on the titles": milliseconds(fzf), "Textual Input's echo": echo},
    )  # fmt: skip
    yield from _figures(
        "key to complete answer", stand, milliseconds(found, last=True), (_COMPLETE, _FZF), exact,
        {"fzf on the titles": milliseconds(fzf, last=True)},
    )  # fmt: skip
    yield from _figures(
        "key to complete answer, mistyped words", stand, milliseconds(typos, last=True), (_MISTYPED, _RAPIDFUZZ),
        mistyped, {"rapidfuzz over all titles": fuzzy}, "; a letter of each word is wrong",
    )  # fmt: skip


def _figures(
    name: str,
    stand: Stand,
    found: Sequence[float],
    goals: tuple[Mapping[int, _Pair], Mapping[int, _Pair]],
    queries: Sequence[str],
    yardsticks: Mapping[str, Sequence[float]],
    said_more: str = "",
) -> Iterator[Figure]:
    at, set_for = min((size for size in goals[0] if size >= stand.size), default=max(goals[0])), goals[0]
    for place, (share, said) in enumerate(_SHARES):
        figure = Figure(
            name=f"{name}, {said}",
            at=stand.size,
            figure=percentile(found, share),
            unit="ms",
            goal=set_for[at][place],
            # fzf takes as long as its titles are many: the ratio holds at the size it was set for alone.
            goal_ratio=set_for[at][place] / goals[1][at][place] if stand.size == at else None,
            yardsticks=tuple(
                Yardstick(each, percentile(taken, share) if taken else None) for each, taken in yardsticks.items()
            ),
            note=f"{len(found)} keys, worst {max(found):.0f} ms{said_more}",
        )
        yield explained(figure, partial(_limit, stand, share, queries))


def _limit(stand: Stand, share: float, queries: Sequence[str]) -> str:
    """What a key goes to, the store's part of it measured with the same queries."""
    return of_a_key(share, _store_alone(stand, tuple(queries)), _echo(stand.effort))


@cache
def _store_alone(stand: Stand, queries: tuple[str, ...]) -> list[float]:
    with stand.built.open() as library:
        return at_every_key(Search(library), library, queries, _LIMIT_SECONDS)


def _in_the_reader(
    stand: Stand, exact: Sequence[str], mistyped: Sequence[str]
) -> tuple[list[Reaction], list[Reaction]]:
    """Reactions to the keys of both kinds of queries; keys that change nothing are left out."""
    with stand.built.open() as library:
        changing = changes(Search(library), [*exact, *mistyped])
    with stand.opened_reader() as terminal:
        somebody = typist(stand, terminal)
        return type_all(somebody, exact, changing), type_all(somebody, mistyped, changing)


@cache
def _echo(effort: float) -> list[float]:
    """Milliseconds to the echo of letters in the smallest Textual app."""
    with one_line() as terminal:
        terminal.read(quiet=0.3, limit=1)
        typist = Typist(terminal, (_EVERYWHERE,), 0.03, pace=0)
        return milliseconds(typist.press_all("abcdefghij" * max(1, round(2 * effort))))


def _in_fzf(stand: Stand, queries: Sequence[str]) -> list[Reaction]:
    """Reactions of fzf."""
    with stand.fzf() as terminal:
        typist = Typist(terminal, (_BELOW_PROMPT,), stand.quiet, limit=10 * stand.quiet, pace=0)
        reactions: list[Reaction] = []
        for query in queries:
            alive = True
            for key in query:
                # A space changes nothing; nor does any letter once nothing is left.
                reactions.append(typist.press(key, expected=alive and not key.isspace()))
                alive = alive and (key.isspace() or reactions[-1].last is not None)
            typist.press(CLEAR)
        return reactions
