"""The papers from which a taste is learnt: those that the reader kept, those that were passed over, and others."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from random import Random

import msgspec

from store.ranking import opinions

# A ranking needs at least this many kept papers, or as many papers that the reader names as a beginning.
FEWEST_KEPT = 5
FEWEST_NAMED = 3
# At most this many papers of each kind are read, the newest ones, because training must not take longer than two
# seconds.
_MOST = 1_000
# How many other papers are chosen by chance for each kept paper, and at least and at most in all. They are chosen among
# the newest papers of the library, so that the model does not learn in which year papers were written.
_OTHERS_PER_KEPT, _FEWEST_OTHERS, _MOST_OTHERS, _NEWEST = 2, 50, 1_000, 50_000
_SEED = 11
# How much a paper counts: one that was kept or hidden, one that was only seen, one that was chosen by chance, and one
# on which the reader has an opinion.
_SEEN_WEIGHT, _OTHER_WEIGHT, OPINION_WEIGHT = 0.6, 0.4, 3.0

# A paper that the reader rated is judged by its rating, from 1 to 5. A rating of 3 says nothing.
_KEPT = (
    "SELECT paper_id FROM queue WHERE paper_id NOT IN (SELECT paper_id FROM mark WHERE rating <= 3)"
    " UNION SELECT paper_id FROM mark WHERE rating >= 4"
    " OR (rating IS NULL AND (bookmarked_at IS NOT NULL OR status IN ('reading', 'done')))"
)
_HIDDEN = "SELECT paper_id FROM mark WHERE rating <= 2 OR (rating IS NULL AND status = 'hidden')"
_SEEN = "SELECT paper_id FROM mark WHERE status = 'seen' AND later IS NULL"


class MarkedPapers(msgspec.Struct, frozen=True):
    """The papers from which to learn. `kept` are liked papers, newest last.

    `weights` maps each paper to how much it counts: positive for papers that were kept, negative for others. `others`
    were chosen by chance. `opinions` are the reader's opinions.
    """

    kept: tuple[int, ...]
    weights: dict[int, float]
    others: tuple[int, ...]
    opinions: dict[str, opinions.Opinion]

    @property
    def are_enough(self) -> bool:
        """Whether there are enough kept papers for a ranking."""
        return len(self.kept) >= FEWEST_KEPT or sum(weight > 1 for weight in self.weights.values()) >= FEWEST_NAMED

    @property
    def fingerprint(self) -> str:
        """A text that differs if the model would be trained on other papers. Opinions on words need no training."""
        # Imported here, because a list in another order does not need it.
        import hashlib

        content = msgspec.json.encode(sorted(self.weights.items()))
        return hashlib.sha256(content).hexdigest()[:20]


def read(connection: sqlite3.Connection, source_papers: Sequence[int] | None = None) -> MarkedPapers:
    """The papers from which to learn. If `source_papers` are given, they are the kept papers, and not the marked ones.

    Papers on which the reader has the opinions "more" and "less" count as kept and as passed over.
    """
    weights: dict[int, float] = {}
    hidden = _ids(connection, _HIDDEN)
    if source_papers is None:
        kept = _ids(connection, _KEPT)
        weights |= dict.fromkeys(_ids(connection, _SEEN)[-_MOST:], -_SEEN_WEIGHT)
        named = opinions.first_papers(connection)
    else:
        kept, named = list(source_papers), []
    weights |= dict.fromkeys(hidden[-_MOST:], -1.0)
    weights |= dict.fromkeys(kept[-_MOST:], 1.0)
    weights |= dict.fromkeys(named, OPINION_WEIGHT)
    stated = opinions.read(connection)
    for feature, opinion in stated.items():
        paper_id = opinions.paper_of(connection, feature) if feature.startswith(opinions.PAPER) else None
        if paper_id is not None:
            weights[paper_id] = OPINION_WEIGHT if opinion == "more" else -OPINION_WEIGHT
    liked = tuple(sorted(paper_id for paper_id, weight in weights.items() if weight > 0))
    return MarkedPapers(liked, weights, _others(connection, weights, len(liked)), stated)


def other_weight() -> float:
    """How much a paper that was chosen by chance counts."""
    return _OTHER_WEIGHT


def _others(connection: sqlite3.Connection, weights: dict[int, float], kept: int) -> tuple[int, ...]:
    """Papers chosen by chance, without marks. The same library always gives the same papers."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    lowest = max(1, highest - _NEWEST)
    wanted = min(_MOST_OTHERS, max(_FEWEST_OTHERS, _OTHERS_PER_KEPT * kept))
    numbers = range(lowest, highest + 1)
    chosen = Random(_SEED).sample(numbers, min(len(numbers), wanted + len(weights)))
    existing = connection.execute(
        "SELECT i.value FROM json_each(?) i JOIN paper p ON p.id = i.value",
        (msgspec.json.encode([number for number in chosen if number not in weights][:wanted]).decode(),),
    )
    return tuple(chain.from_iterable(existing))


def _ids(connection: sqlite3.Connection, select: str) -> list[int]:
    return sorted(chain.from_iterable(connection.execute(select)))
