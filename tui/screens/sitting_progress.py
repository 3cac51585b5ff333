"""How far a sitting is: which papers are left, which were decided, and how long the rest will take."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from store.marks.sittings import Decided, Decision

# How long a decision is expected to take, and at least takes (s). A title takes a second, an abstract five to ten.
_USUAL_SECONDS = 10.0
_SHORTEST_SECONDS = 1.0
# A pause longer than this was not spent on the paper (s).
_LONGEST_SECONDS = 90.0
# The estimate is the mean of this many decisions; at first, this many are assumed to have taken the usual time.
_RECENT = 20
_ASSUMED = 4


class SittingProgress:
    """The papers of a sitting in order, and the decisions on them. It changes nothing in the library.

    A decision is counted when it is made. `confirm` counts it as stored; `cancel` brings a paper back when its decision
    could not be stored.
    """

    def __init__(self, papers: Sequence[int], decided: Sequence[Decided]) -> None:
        """`papers` are to be decided, each once; `decided` are decisions that are stored already."""
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
        """The id of the paper that comes after this one is decided; None when none is left."""
        undecided = (number for number in self._order_from(self._at + 1) if number != self.paper)
        return next((number for number in undecided if number not in self._decisions), None)

    @property
    def left(self) -> int:
        """How many papers have no decision yet."""
        return sum(paper not in self._decisions for paper in self._papers)

    @property
    def decided(self) -> list[Decided]:
        """The decisions, in the order in which they were made."""
        return [Decided(paper, decision) for paper, decision in self._decisions.items()]

    def count(self, decision: Decision) -> int:
        """How many decisions of a kind are stored."""
        stored = (each for paper, each in self._decisions.items() if not self._unconfirmed[paper])
        return sum(each == decision for each in stored)

    @property
    def seconds_left(self) -> float:
        """How long the papers that are left will take, going by the last decisions (s)."""
        return self.left * sum(self._seconds) / len(self._seconds)

    @property
    def is_stored(self) -> bool:
        """Whether every decision is stored."""
        return not any(self._unconfirmed.values())

    def decide(self, decision: Decision, seconds: float) -> None:
        """Decide on the paper, which took `seconds`, and go to the next one."""
        assert self.paper is not None
        if seconds <= _LONGEST_SECONDS:
            self._seconds.append(max(seconds, _SHORTEST_SECONDS))
        self._decisions[self.paper] = decision
        self._unconfirmed[self.paper] += 1
        self._go_to_undecided()

    def confirm(self, paper: int) -> None:
        """Count the decision on `paper` as stored."""
        self._unconfirmed[paper] -= 1

    def cancel(self, paper: int) -> None:
        """Bring `paper` back: its decision could not be stored."""
        self._unconfirmed[paper] -= 1
        self.take_back(paper)

    def last(self) -> int | None:
        """The paper that was decided last; None when there is none."""
        return next(reversed(self._decisions), None)

    def take_back(self, paper: int) -> None:
        """Forget the decision on `paper`, and make it the one to decide on."""
        self._decisions.pop(paper, None)
        if paper not in self._papers:
            # It was decided when the sitting was begun, and is not in the list any more.
            self._papers.insert(self._at, paper)
        self._at = self._papers.index(paper)

    def _go_to_undecided(self) -> None:
        """Go to the next paper without a decision, or to the first one that was passed over."""
        following = next((number for number in self._order_from(self._at) if number not in self._decisions), None)
        self._at = len(self._papers) if following is None else self._papers.index(following)

    def _order_from(self, at: int) -> list[int]:
        return [*self._papers[at:], *self._papers[:at]]
