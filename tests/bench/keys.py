"""Measures typing a filter: the time from each key to the list with its result, for exact and for mistyped words."""

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
# If a figure misses its goal, the search without a screen is measured for this long (s). The result becomes part of the
# figure's note.
_LIMIT_SECONDS = 0.5
# For each maximum number of papers: the goals for p50 and p99, and fzf's times with that many papers when the goals
# were set (ms).
_FIRST: Mapping[int, _Pair] = {100_000: (12, 25), 3_000_000: (16, 40)}
_COMPLETE: Mapping[int, _Pair] = {3_000_000: (60, 150)}
_MISTYPED: Mapping[int, _Pair] = {3_000_000: (120, 300)}
_FZF: Mapping[int, _Pair] = {100_000: (24, 126), 3_000_000: (1_280, 2_099)}
_RAPIDFUZZ: Mapping[int, _Pair] = {3_000_000: (2_500, 2_500)}


def measure(stand: Stand) -> Iterator[Figure]:
    """The times to first and complete answers, compared with fzf on the same titles and the echo of Textual's Input."""
    exact = typed(stand.catalogue, stand.rounds(3))
    mistyped = typed(stand.catalogue, stand.rounds(2), wrong=True)
    exact_reactions, mistyped_reactions = _in_the_reader(stand, exact, mistyped)
    fzf = _in_fzf(stand, exact[: stand.rounds(2)]) if has_fzf() else []
    echoes = echo(stand.effort)
    fuzzy = over_all_titles(stand)
    yield from _figures(
        "key to repainted list, first answers", stand, milliseconds(exact_reactions), (_FIRST, _FZF), exact,
        {"fzf on the titles": milliseconds(fzf), "Textual Input's echo": echoes},
    )  # fmt: skip
    yield from _figures(
        "key to complete answer", stand, milliseconds(exact_reactions, last=True), (_COMPLETE, _FZF), exact,
        {"fzf on the titles": milliseconds(fzf, last=True)},
    )  # fmt: skip
    yield from _figures(
        "key to complete answer, mistyped words", stand, milliseconds(mistyped_reactions, last=True),
        (_MISTYPED, _RAPIDFUZZ), mistyped, {"rapidfuzz over all titles": fuzzy}, "; a letter of each word is wrong",
    )  # fmt: skip


def _figures(
    name: str,
    stand: Stand,
    durations: Sequence[float],
    goals: tuple[Mapping[int, _Pair], Mapping[int, _Pair]],
    queries: Sequence[str],
    yardsticks: Mapping[str, Sequence[float]],
    remark: str = "",
) -> Iterator[Figure]:
    goal_size = min((size for size in goals[0] if size >= stand.size), default=max(goals[0]))
    for at, (share, label) in enumerate(_SHARES):
        figure = Figure(
            name=f"{name}, {label}",
            at=stand.size,
            figure=percentile(durations, share),
            unit="ms",
            goal=goals[0][goal_size][at],
            # The time of fzf grows with the number of titles, so the ratio is a goal at this size only.
            goal_ratio=goals[0][goal_size][at] / goals[1][goal_size][at] if stand.size == goal_size else None,
            yardsticks=tuple(
                Yardstick(yardstick, percentile(times, share) if times else None)
                for yardstick, times in yardsticks.items()
            ),
            note=f"{len(durations)} keys, worst {max(durations):.0f} ms{remark}",
        )
        yield explained(figure, partial(_limit, stand, share, queries))


def _limit(stand: Stand, share: float, queries: Sequence[str]) -> str:
    """A text that divides the time after a key into parts. The time of the search is measured with the same queries."""
    return of_a_key(share, _search_alone(stand, tuple(queries)), echo(stand.effort))


@cache
def _search_alone(stand: Stand, queries: tuple[str, ...]) -> list[float]:
    """The durations of the searches alone, without a screen (ms)."""
    with stand.built.open() as library:
        return at_every_key(Search(library), library, queries, _LIMIT_SECONDS)


def _in_the_reader(
    stand: Stand, exact: Sequence[str], mistyped: Sequence[str]
) -> tuple[list[Reaction], list[Reaction]]:
    """recto's reactions to the keys of exact and of mistyped queries. Keys that change nothing are left out."""
    with stand.built.open() as library:
        changed = changes(Search(library), [*exact, *mistyped])
    with stand.opened_reader() as terminal:
        keyboard = typist(stand, terminal)
        return type_all(keyboard, exact, changed), type_all(keyboard, mistyped, changed)


@cache
def echo(effort: float) -> list[float]:
    """The time to the echo of each letter in a minimal Textual app (ms)."""
    with one_line() as terminal:
        terminal.read(quiet=0.3, limit=1)
        typist = Typist(terminal, (_EVERYWHERE,), 0.03, pace=0)
        return milliseconds(typist.press_all("abcdefghij" * max(1, round(2 * effort))))


def _in_fzf(stand: Stand, queries: Sequence[str]) -> list[Reaction]:
    """The times from each key of `queries` to the changes that it causes on fzf's screen."""
    with stand.fzf() as terminal:
        typist = Typist(terminal, (_BELOW_PROMPT,), stand.quiet, limit=10 * stand.quiet, pace=0)
        reactions: list[Reaction] = []
        for query in queries:
            has_matches = True
            for key in query:
                # A space does not change fzf's list, and when the list is empty, letters do not change it either. So
                # these keys are not measured.
                reactions.append(typist.press(key, expected=has_matches and not key.isspace()))
                has_matches = has_matches and (key.isspace() or reactions[-1].last is not None)
            typist.press(CLEAR)
        return reactions
