"""The user's taste: a model that computes a score for each paper, and the reasons for the score.

The model is trained on this machine and stored in the library, so that recto need not train it again at its next start,
and backups contain it. The table `taste_weight` contains the weights of its features. A setting contains the
fingerprint of the marks and opinions from which it was trained. If the present fingerprint differs, the marks have
changed since. The stored model can still be used until the next training.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import msgspec

from store.library import settings
from store.library.library import Library
from store.model.errors import LibraryError
from store.ranking import features, marked_papers, opinions, solver
from store.ranking.features import AUTHOR, CATEGORY, ORGANIZATION, PaperFeatures
from store.ranking.marked_papers import MarkedPapers
from store.ranking.opinions import Opinion
from store.ranking.solver import Example, Model
from store.ranking.word_weights import Frequencies

_FINGERPRINT, _BIAS = "taste.trained from", "taste.bias"
# At most this many weights are stored, those with the largest absolute values.
_MOST_WEIGHTS = 20_000
# The opinions "more" and "less" change the weight of a feature by this much, which is more than nearly every weight
# that is learnt. The opinion "never" gives it a weight that no other features of a paper can outweigh.
_OPINION_WEIGHT, _NEVER_WEIGHT = 8.0, -100.0
# The reasons contain at most _MOST_WORDS words and _MOST_NAMES names, and a word only if it adds at least _LEAST_SHARE
# to the score.
_MOST_WORDS, _MOST_NAMES, _LEAST_SHARE = 3, 2, 0.04
# Of several words whose first letters (this many) are equal, the reasons contain only one.
_SAME_LETTERS = 5
# The reasons contain a kept paper as similar if the scalar product of the word vectors of the two papers is at least
# _LEAST_LIKENESS. Only the newest _MOST_COMPARED kept papers are compared.
_LEAST_LIKENESS, _MOST_COMPARED = 0.15, 300


class Kept(msgspec.Struct, frozen=True):
    """A kept paper that is named as the reason for the score of a similar paper."""

    id: int
    title: str


class KnownAuthor(msgspec.Struct, frozen=True):
    """An author of a paper, and how many of the papers that the user kept are by this author."""

    name: str
    kept: int


class Reasons(msgspec.Struct, frozen=True):
    """The reasons for the position of a paper in a list.

    The reasons are words, names and categories that the user likes, and a similar kept paper. `probability` is the
    probability that the user keeps the paper, from 0 to 1. `against` are words that move it to the back. `is_random` is
    true for a paper that was put into its position at random. `filter` is the name of a saved filter that the paper
    matches.
    """

    probability: float
    words: tuple[str, ...] = ()
    authors: tuple[KnownAuthor, ...] = ()
    organization: str | None = None
    categories: tuple[str, ...] = ()
    similar_to: Kept | None = None
    against: tuple[str, ...] = ()
    is_random: bool = False
    filter: str | None = None


class FeatureWeight(msgspec.Struct, frozen=True):
    """A feature of the model: the text that is shown for it, its weight, and the user's opinion on it."""

    feature: str
    shown: str
    weight: float
    opinion: Opinion | None = None


class Taste(msgspec.Struct, frozen=True):
    """A trained model with the opinions of the user.

    `shown` contains the text that is shown for each feature. `learnt` is the model without opinions. Its weights
    include corrections for single papers: the weight of the feature "paper:ID" is added only to the score of that
    paper.
    """

    learnt: Model
    shown: Mapping[str, str]
    opinions: Mapping[str, Opinion]
    kept: tuple[int, ...]
    fingerprint: str

    def weight(self, feature: str) -> float:
        """The weight of a feature, with the user's opinion on it."""
        weight = self.learnt.weights.get(feature, 0.0)
        match self.opinions.get(feature):
            case "more":
                return max(0.0, weight) + _OPINION_WEIGHT
            case "less":
                return min(0.0, weight) - _OPINION_WEIGHT
            case "never":
                return _NEVER_WEIGHT
            case "ignore":
                return 0.0
        return weight

    def weights(self) -> dict[str, float]:
        """The weights of all features, with the user's opinions."""
        changed = {feature: self.weight(feature) for feature in self.opinions if not feature.startswith(opinions.PAPER)}
        return {**self.learnt.weights, **changed}

    def strongest(self, most: int) -> tuple[list[FeatureWeight], list[FeatureWeight]]:
        """The features with the highest weights and those with the lowest, at most `most` of each.

        The weights are above 0 in the first list, and 0 or less in the second. In both lists, the feature that
        influences scores most comes first.
        """
        weighted = sorted(
            (
                FeatureWeight(feature, self.shown.get(feature, feature), weight, self.opinions.get(feature))
                for feature, weight in self.weights().items()
                if (weight or feature in self.opinions) and not feature.startswith(opinions.PAPER)
            ),
            key=lambda each: (-each.weight, each.feature),
        )
        liked = [each for each in weighted if each.weight > 0][:most]
        return liked, [each for each in reversed(weighted) if each.weight <= 0][:most]


def load(connection: sqlite3.Connection, marked: MarkedPapers, known: Taste | None = None) -> Taste | None:
    """The stored model, with the opinions that the user has now; None if none is stored.

    The model may have been trained before the user last changed marks. To find out, compare its fingerprint with that
    of `marked`. If `known` is the stored model, its weights are used and not read from the library again.
    """
    fingerprint, bias = settings.get(connection, _FINGERPRINT), settings.get(connection, _BIAS)
    if fingerprint is None or bias is None:
        return None
    if known is not None and known.fingerprint == fingerprint:
        return msgspec.structs.replace(known, opinions=marked.opinions)
    weights, shown = {}, {}
    for feature, text, weight in connection.execute("SELECT feature, shown, weight FROM taste_weight"):
        weights[feature], shown[feature] = weight, text
    return Taste(Model(weights, float(bias)), shown, marked.opinions, marked.kept, fingerprint)


def train(
    connection: sqlite3.Connection,
    marked: MarkedPapers,
    frequencies: Frequencies,
    papers: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Taste | None:
    """Train a model. Returns None when there are too few kept papers, or `should_stop` returned True."""
    if not marked.are_enough:
        return None
    examples: list[Example] = []
    numbers: list[int] = []
    shown: dict[str, str] = {}
    for paper in features.read(connection, [*marked.weights, *marked.others], frequencies, papers):
        numbers.append(paper.id)
        weight = marked.weights.get(paper.id)
        if weight is None:
            examples.append(Example(paper.values, False, marked_papers.OTHER_WEIGHT))
        else:
            examples.append(Example(paper.values, weight > 0, abs(weight)))
        shown |= paper.names
        if should_stop():
            return None
    model = solver.train(examples, should_stop)
    if model is None:
        return None
    strongest = sorted(model.weights.items(), key=lambda item: (-abs(item[1]), item[0]))[:_MOST_WEIGHTS]
    weights = {feature: round(weight, 4) for feature, weight in strongest if round(weight, 4)}
    # The papers chosen at random were used as examples of papers that the user does not keep. This must not lower their
    # own scores, because the user has not decided on them. So store a correction for the score of each.
    others = set(marked.others)
    weights |= {
        f"{opinions.PAPER}{number}": round(-own_share, 4)
        for number, own_share in zip(numbers, model.own_shares, strict=True)
        if number in others
    }
    return Taste(Model(weights, model.bias), shown, marked.opinions, marked.kept, marked.fingerprint)


def save(library: Library, taste: Taste) -> None:
    """Store a model. If the library cannot be written now, the model is not stored, and will be trained again later."""
    with suppress(LibraryError), library.writing(durable=False, wait=False) as connection:
        connection.execute("DELETE FROM taste_weight")
        connection.executemany(
            "INSERT INTO taste_weight (feature, shown, weight) VALUES (?, ?, ?)",
            [(feature, taste.shown.get(feature, feature), weight) for feature, weight in taste.learnt.weights.items()],
        )
        settings.put(connection, _FINGERPRINT, taste.fingerprint)
        settings.put(connection, _BIAS, repr(taste.learnt.bias))


class Explainer:
    """Finds the reasons for the scores of papers. It reads the kept papers from the library only once."""

    def __init__(self, connection: sqlite3.Connection, taste: Taste, frequencies: Frequencies, papers: int) -> None:
        self._connection = connection
        self._taste = taste
        self._frequencies = frequencies
        self._papers = papers
        self._kept = list(features.read(connection, taste.kept[-_MOST_COMPARED:], frequencies, papers))
        self._kept_authors = Counter(
            feature for paper in self._kept for feature in paper.names if feature.startswith(AUTHOR)
        )

    def reasons(self, paper_ids: Sequence[int]) -> dict[int, Reasons]:
        """The reasons for the score of each of the papers. Papers that do not exist any more are left out."""
        read = features.read(self._connection, paper_ids, self._frequencies, self._papers)
        return {paper.id: self._reasons(paper) for paper in read}

    def _reasons(self, paper: PaperFeatures) -> Reasons:
        shares = {feature: self._taste.weight(feature) * value for feature, value in paper.values.items()}
        strongest = sorted(shares, key=lambda feature: (-shares[feature], feature))
        liked = [feature for feature in strongest if shares[feature] >= _LEAST_SHARE]
        disliked = [feature for feature in reversed(strongest) if shares[feature] <= -_LEAST_SHARE]
        own = self._taste.learnt.weights.get(f"{opinions.PAPER}{paper.id}", 0.0)
        score = self._taste.learnt.bias + own + sum(shares.values())
        return Reasons(
            probability=round(solver.probability(score), 3),
            words=self._shown(paper, filter(opinions.is_word, liked), _MOST_WORDS),
            authors=tuple(
                KnownAuthor(paper.names[feature], self._kept_authors[feature])
                for feature in [each for each in liked if each.startswith(AUTHOR)][:_MOST_NAMES]
            ),
            organization=next((paper.names[each] for each in liked if each.startswith(ORGANIZATION)), None),
            categories=self._shown(paper, (each for each in liked if each.startswith(CATEGORY)), _MOST_NAMES),
            similar_to=self._most_similar(paper),
            against=self._shown(paper, disliked, _MOST_WORDS),
        )

    @staticmethod
    def _shown(paper: PaperFeatures, chosen: Iterable[str], most: int) -> tuple[str, ...]:
        """The texts of the first `most` features in `chosen`.

        Words that begin with the same letters (_SAME_LETTERS) as an earlier word are left out.
        """
        shown: dict[str, str] = {}
        for feature in chosen:
            start = feature[:_SAME_LETTERS] if opinions.is_word(feature) else feature
            shown.setdefault(start, paper.names[feature])
            if len(shown) == most:
                break
        return tuple(shown.values())

    def _most_similar(self, paper: PaperFeatures) -> Kept | None:
        """The kept paper whose words are most similar to those of `paper`, or None if none is similar enough."""
        words = dict(features.words_only(paper.values))
        best, most = None, _LEAST_LIKENESS
        for kept in self._kept:
            if kept.id != paper.id and (likeness := features.likeness(words, kept.values)) >= most:
                best, most = Kept(kept.id, kept.title), likeness
        return best


def scores(
    taste: Taste, connection: sqlite3.Connection, paper_ids: Sequence[int], frequencies: Frequencies, papers: int
) -> dict[int, float]:
    """Maps each of the papers to its score. Papers that do not exist any more are left out."""
    weights = taste.weights()
    bias = taste.learnt.bias
    return {
        paper.id: bias
        + weights.get(f"{opinions.PAPER}{paper.id}", 0.0)
        + sum(weights.get(feature, 0.0) * value for feature, value in paper.values.items())
        for paper in features.read(connection, paper_ids, frequencies, papers)
    }
