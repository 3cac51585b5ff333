"""The progress of a sitting: which papers are left, what was decided, and how long the rest will probably take.

A sitting is one pass through the papers of a list, in which the user decides on each paper.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import islice

from store.marks.sittings import Decided, Decision

# The time that a decision is assumed to take at first, and the shortest time that is assumed for a decision (s). They
# are guesses: reading a title takes a second, and reading an abstract five to ten seconds.
_USUAL_SECONDS = 10.0
_SHORTEST_SECONDS = 1.0
# A decision that took longer than this (s) is left out of the estimate, because the user probably did something else.
_LONGEST_SECONDS = 90.0
# The estimated time for a decision is the mean of the last _RECENT decisions. At first, _ASSUMED decisions of
# _USUAL_SECONDS are assumed.
_RECENT = 20
_ASSUMED = 4


class SittingProgress:
    """The papers of a sitting in their order, and the decisions on them. This class does not write to the library.

    A decision counts at once, before it is stored in the library. The caller must call `confirm` when the decision is
    stored, or `cancel` when it could not be stored. `cancel` makes the paper the current one again.
    """

    def __init__(self, papers: Sequence[int], decided: Sequence[Decided]) -> None:
        """`papers` are the papers to decide on. `decided` are the decisions of this sitting that are stored already."""
        self._papers = list(dict.fromkeys(papers))
        self._decisions: dict[int, Decision] = {each.paper: each.decision for each in decided}
        self._unconfirmed: Counter[int] = Counter()
        self._at = 0
        self._seconds: deque[float] = deque([_USUAL_SECONDS] * _ASSUMED, maxlen=_RECENT)
        self._go_to_undecided()

    @property
    def paper(self) -> int | None:
        """The id of the paper to decide on now; None when no paper is left."""
        return self._papers[self._at] if self._at < len(self._papers) else None

    @property
    def following(self) -> int | None:
        """The id of the next paper to decide on, after `paper`; None when no other paper is left."""
        return next(iter(self.upcoming(1)), None)

    def upcoming(self, count: int) -> list[int]:
        """The ids of the next papers to decide on, after `paper`, in their order; at most `count`."""
        undecided = (number for number in self._order_from(self._at + 1) if number != self.paper)
        return list(islice((number for number in undecided if number not in self._decisions), count))

    @property
    def left(self) -> int:
        """The number of papers without a decision."""
        return sum(paper not in self._decisions for paper in self._papers)

    @property
    def decided(self) -> list[Decided]:
        """The decisions, in the order in which they were made."""
        return [Decided(paper, decision) for paper, decision in self._decisions.items()]

    def count(self, decision: Decision) -> int:
        """The number of decisions of this kind that are stored."""
        stored = (each for paper, each in self._decisions.items() if not self._unconfirmed[paper])
        return sum(each == decision for each in stored)

    @property
    def seconds_left(self) -> float:
        """The estimated time for the papers that are left (s). It is based on the times of the last decisions."""
        return self.left * sum(self._seconds) / len(self._seconds)

    @property
    def is_stored(self) -> bool:
        """Whether all decisions are stored."""
        return not any(self._unconfirmed.values())

    def decide(self, decision: Decision, seconds: float) -> None:
        """Record a decision on the current paper, which took `seconds`, and go to the next paper without a decision."""
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
        """Make `paper` the paper to decide on now, because the decision on it could not be stored."""
        self._unconfirmed[paper] -= 1
        self.take_back(paper)

    def last(self) -> int | None:
        """The paper that was decided last; None when there is none."""
        return next(reversed(self._decisions), None)

    def take_back(self, paper: int) -> None:
        """Forget the decision on `paper`, and make it the paper to decide on now."""
        self._decisions.pop(paper, None)
        if paper not in self._papers:
            # The decision was made before the sitting was interrupted and continued, so the paper is not in `_papers`.
            self._papers.insert(self._at, paper)
        self._at = self._papers.index(paper)

    def _go_to_undecided(self) -> None:
        """Go to the next paper without a decision. After the last paper, look for one from the first paper on."""
        following = next((number for number in self._order_from(self._at) if number not in self._decisions), None)
        self._at = len(self._papers) if following is None else self._papers.index(following)

    def _order_from(self, at: int) -> list[int]:
        return [*self._papers[at:], *self._papers[:at]]
