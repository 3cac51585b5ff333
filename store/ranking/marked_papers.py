"""Chooses the papers from which the model of the user's taste learns.

The model learns from papers that the user kept (for example bookmarked), from papers that the user passed over (saw or
hid without keeping them), and from other papers of the library, which are chosen at random.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from random import Random

import msgspec

from store.ranking import opinions

# The model is trained only if there are at least FEWEST_KEPT kept papers, or at least FEWEST_NAMED papers that the user
# named to begin with (`recto taste from`) or on which the user has stated an opinion.
FEWEST_KEPT = 5
FEWEST_NAMED = 3
# At most this many papers of each kind are read, the newest ones, because training must not take longer than two
# seconds.
_MOST = 1_000
# Papers without marks are chosen at random: _OTHERS_PER_KEPT for each kept paper, but at least _FEWEST_OTHERS and at
# most _MOST_OTHERS in all. They are chosen among the _NEWEST newest papers of the library: from papers of all years,
# the model could learn to distinguish old papers from new ones instead of what the user likes.
_OTHERS_PER_KEPT, _FEWEST_OTHERS, _MOST_OTHERS, _NEWEST = 2, 50, 1_000, 50_000
_SEED = 11
# The weights of papers in the training: of a paper that was only seen, of a paper that was chosen at random, and of a
# paper on which the user has stated an opinion. A kept or hidden paper has the weight 1.
_SEEN_WEIGHT, OTHER_WEIGHT, _OPINION_WEIGHT = 0.6, 0.4, 3.0

# Ratings go from 1 to 5. A paper that the user rated 4 or 5 counts as kept, and one rated 1 or 2 as hidden, whatever
# its other marks are. A rating of 3 counts as neither.
_KEPT = (
    "SELECT paper_id FROM queue WHERE paper_id NOT IN (SELECT paper_id FROM mark WHERE rating <= 3)"
    " UNION SELECT paper_id FROM mark WHERE rating >= 4"
    " OR (rating IS NULL AND (bookmarked_at IS NOT NULL OR status IN ('reading', 'done')))"
)
_HIDDEN = "SELECT paper_id FROM mark WHERE rating <= 2 OR (rating IS NULL AND status = 'hidden')"
_SEEN = "SELECT paper_id FROM mark WHERE status = 'seen' AND later IS NULL"


class MarkedPapers(msgspec.Struct, frozen=True):
    """The papers from which the model of the user's taste learns.

    `kept` contains the ids of the papers that the user likes, the newest last. `weights` maps each paper to its weight
    in the training: positive for papers that the user likes, negative for papers that were passed over. `others` are
    papers without marks, chosen at random. `opinions` are the user's opinions on features (store/ranking/opinions.py).
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
        """A hash of the papers and their weights. If it has changed, the model must be trained again.

        The hash does not depend on the user's opinions on words, because these are applied after the training.
        """
        # Imported here and not at the top of the module, because only lists that are sorted by taste need it.
        import hashlib

        content = msgspec.json.encode(sorted(self.weights.items()))
        return hashlib.sha256(content).hexdigest()[:20]


def read(connection: sqlite3.Connection, source_papers: Sequence[int] | None = None) -> MarkedPapers:
    """The papers from which the model of the user's taste learns.

    If `source_papers` is given, these papers count as kept, and not those that the user has marked. A paper on which
    the user's opinion is "more" also counts as kept. A paper with any other opinion, such as "less", counts as passed
    over.
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
    weights |= dict.fromkeys(named, _OPINION_WEIGHT)
    stated = opinions.read(connection)
    for feature, opinion in stated.items():
        paper_id = opinions.paper_of(connection, feature) if feature.startswith(opinions.PAPER) else None
        if paper_id is not None:
            weights[paper_id] = _OPINION_WEIGHT if opinion == "more" else -_OPINION_WEIGHT
    liked = tuple(sorted(paper_id for paper_id, weight in weights.items() if weight > 0))
    return MarkedPapers(liked, weights, _others(connection, weights, len(liked)), stated)


def _others(connection: sqlite3.Connection, weights: dict[int, float], kept: int) -> tuple[int, ...]:
    """Papers without marks, chosen pseudo-randomly. For an unchanged library, the result is always the same."""
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
