"""Logistic regression for sparse vectors, trained by stochastic gradient descent.

It minimizes the weighted logistic loss plus half of PENALTY times the squared length of the weights. Each step is
shorter than the one before it (Bottou, "Stochastic gradient descent tricks", 2012). The examples are visited in a fixed
pseudo-random order, so that the same examples always give the same model. Training on two thousand papers takes about a
second, so recto needs no library for linear algebra.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import mul
from random import Random

import msgspec

# The strength of the penalty for large weights, the number of passes over the examples, and the length of the first
# step. They were chosen by measurements with tests/bench/taste.py.
PENALTY = 0.002
_PASSES = 5
_FIRST_STEP = 1.0
_SEED = 7
# `should_stop` is called each time after this many steps, which take a few milliseconds.
_STEPS_BETWEEN = 50
# When `scale` (see `train`) becomes smaller than this, the weights are multiplied by `scale`, and `scale` is reset to
# 1. With a smaller `scale`, precision would be lost.
_LEAST_SCALE = 1e-6


class Example(msgspec.Struct, frozen=True):
    """A training example: the features of a paper, whether the user kept it, and the weight of the example."""

    values: dict[str, float]
    is_kept: bool
    weight: float = 1.0


class Model(msgspec.Struct, frozen=True):
    """The weights of features. The score of a paper is `bias` plus the sum of weights times values.

    `own_shares` contains, for each training example, the part of its score that comes from training on that example
    itself. Subtract it to estimate the score after training on only the other examples.
    """

    weights: dict[str, float]
    bias: float
    own_shares: tuple[float, ...] = ()


def train(examples: Sequence[Example], should_stop: Callable[[], bool] = lambda: False) -> Model | None:
    """Train a model. Returns None when `should_stop` returned True before the end."""
    numbers: dict[str, int] = {}
    vectors = [
        ([numbers.setdefault(feature, len(numbers)) for feature in example.values], list(example.values.values()))
        for example in examples
    ]
    total = {kept: sum(each.weight for each in examples if each.is_kept is kept) for kept in (False, True)}
    # Usually, most of the papers were not kept. Weight the examples so that kept and other papers count the same in
    # total.
    factors = [
        each.weight * (total[False] + total[True]) / (2 * total[each.is_kept]) if total[each.is_kept] else 0.0
        for each in examples
    ]
    # The weights are `scale` times `scaled`. So the penalty, which shrinks all weights, needs only one multiplication.
    scaled, scale, bias = [0.0] * len(numbers), 1.0, 0.0
    # The weights are the sum of the vectors of the examples, each multiplied by a factor. `added` contains these
    # factors, divided by `scale` like `scaled`.
    added = [0.0] * len(examples)
    order, random, steps = list(range(len(examples))), Random(_SEED), 0
    for _ in range(_PASSES):
        random.shuffle(order)
        for number in order:
            features, values = vectors[number]
            score = bias + scale * sum(map(mul, map(scaled.__getitem__, features), values))
            step = _FIRST_STEP / (1 + _FIRST_STEP * PENALTY * steps)
            steps += 1
            if steps % _STEPS_BETWEEN == 0 and should_stop():
                return None
            error = probability(score) - examples[number].is_kept
            change = step * factors[number] * error
            scale *= 1 - min(0.5, step * PENALTY)
            bias -= change / 10
            if abs(change) > 1e-4:
                change /= scale
                added[number] -= change
                for feature, value in zip(features, values, strict=True):
                    scaled[feature] -= change * value
            if scale < _LEAST_SCALE:
                scaled, added = [weight * scale for weight in scaled], [factor * scale for factor in added]
                scale = 1.0
    own_shares = tuple(
        factor * scale * sum(value * value for value in values)
        for factor, (_, values) in zip(added, vectors, strict=True)
    )
    return Model({feature: scaled[number] * scale for feature, number in numbers.items()}, bias, own_shares)


def probability(score: float) -> float:
    """The probability that the user keeps a paper with this score."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
