"""The progress of a sitting: which papers are left, which were decided, and how long the rest will take.

A sitting is one pass through the papers of a list, in which the user decides on each paper.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import islice

from store.marks.sittings import Decided, Decision

# How long a decision is expected to take, and the shortest time that is assumed for one (s). Reading a title takes a
# second, and reading an abstract five to ten.
_USUAL_SECONDS = 10.0
_SHORTEST_SECONDS = 1.0
# A decision that took longer than this (s) is left out of the estimate, because the user probably did something else.
_LONGEST_SECONDS = 90.0
# The estimate is the mean time of the last _RECENT decisions. At first, _ASSUMED decisions are assumed to have taken
# the usual time.
_RECENT = 20
_ASSUMED = 4


class SittingProgress:
    """The papers of a sitting in their order, and the decisions on them. It does not write to the library.

    A decision counts at once, before it is stored. The caller must call `confirm` when the decision is stored, or
    `cancel` when it could not be stored; `cancel` brings the paper back.
    """

    def __init__(self, papers: Sequence[int], decided: Sequence[Decided]) -> None:
        """`papers` are the papers to decide on. `decided` are decisions of this sitting that are stored already."""
        self._papers = list(dict.fromkeys(papers))
        self._decisions: dict[int, Decision] = {each.paper: each.decision for each in decided}
        self._unconfirmed: Counter[int] = Counter()
        self._at = 0
        self._seconds: deque[float] = deque([_USUAL_SECONDS] * _ASSUMED, maxlen=_RECENT)
        self._go_to_undecided()

    @property
    def paper(self) -> int | None:
        """The id of the paper to decide on; None when none is left."""
        return self._papers[self._at] if self._at < len(self._papers) else None

    @property
    def following(self) -> int | None:
        """The id of the next paper to decide on, after `paper`; None when none is left."""
        return next(iter(self.upcoming(1)), None)

    def upcoming(self, count: int) -> list[int]:
        """The ids of the next papers to decide on, after `paper`, in their order; at most `count`."""
        undecided = (number for number in self._order_from(self._at + 1) if number != self.paper)
        return list(islice((number for number in undecided if number not in self._decisions), count))

    @property
    def left(self) -> int:
        """How many papers have no decision yet."""
        return sum(paper not in self._decisions for paper in self._papers)

    @property
    def decided(self) -> list[Decided]:
        """The decisions, in the order in which they were made."""
        return [Decided(paper, decision) for paper, decision in self._decisions.items()]

    def count(self, decision: Decision) -> int:
        """How many decisions of this kind are stored."""
        stored = (each for paper, each in self._decisions.items() if not self._unconfirmed[paper])
        return sum(each == decision for each in stored)

    @property
    def seconds_left(self) -> float:
        """An estimate, from the last decisions, of how long the papers that are left will take (s)."""
        return self.left * sum(self._seconds) / len(self._seconds)

    @property
    def is_stored(self) -> bool:
        """Whether every decision is stored."""
        return not any(self._unconfirmed.values())

    def decide(self, decision: Decision, seconds: float) -> None:
        """Record a decision on the paper `paper`, and go to the next one. The decision took `seconds`."""
        assert self.paper is not None
        if seconds <= _LONGEST_SECONDS:
            self._seconds.append(max(seconds, _SHORTEST_SECONDS))
        self._decisions[self.paper] = decision
        self._unconfirmed[self.paper] += 1
        self._go_to_undecided()

    def confirm(self, paper: int) -> None:
        """Record that the decision on `paper` is stored in the library."""
        self._unconfirmed[paper] -= 1

    def cancel(self, paper: int) -> None:
        """Bring `paper` back, because the decision on it could not be stored."""
        self._unconfirmed[paper] -= 1
        self.take_back(paper)

    def last(self) -> int | None:
        """The paper that was decided last; None when there is none."""
        return next(reversed(self._decisions), None)

    def take_back(self, paper: int) -> None:
        """Forget the decision on `paper`, and make it the paper to decide on now."""
        self._decisions.pop(paper, None)
        if paper not in self._papers:
            # The paper was decided before the sitting was continued, so it is not among the papers to decide on.
            self._papers.insert(self._at, paper)
        self._at = self._papers.index(paper)

    def _go_to_undecided(self) -> None:
        """Go to the next paper without a decision. After the last paper, go on with the first one."""
        following = next((number for number in self._order_from(self._at) if number not in self._decisions), None)
        self._at = len(self._papers) if following is None else self._papers.index(following)

    def _order_from(self, at: int) -> list[int]:
        return [*self._papers[at:], *self._papers[:at]]
