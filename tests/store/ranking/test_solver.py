"""The logistic regression separates separable papers, computes the same weights in every run, and can be stopped."""

from __future__ import annotations

from random import Random

from store.ranking import solver
from store.ranking.solver import Example, Model


def examples(count: int, seed: int) -> list[Example]:
    """Random papers: those that the user kept have the feature "good", the others have "bad".

    All other features are noise.
    """
    random = Random(seed)
    return [
        Example({"good" if kept else "bad": 0.5, **{f"noise{random.randrange(200)}": 0.3 for _ in range(8)}}, kept)
        for kept in (random.random() < 0.3 for _ in range(count))
    ]


def score(model: Model, example: Example) -> float:
    return model.bias + sum(model.weights.get(feature, 0.0) * value for feature, value in example.values.items())


def test_the_model_learns_which_feature_decides() -> None:
    model = solver.train(examples(200, seed=1))
    assert model is not None
    assert max(model.weights, key=model.weights.__getitem__) == "good"
    assert min(model.weights, key=model.weights.__getitem__) == "bad"
    others = examples(200, seed=2)
    assert all((score(model, each) > 0) == each.is_kept for each in others)


def test_the_same_examples_give_the_same_model() -> None:
    assert solver.train(examples(50, seed=3)) == solver.train(examples(50, seed=3))


def test_an_example_that_counts_more_moves_the_weights_more() -> None:
    both = [Example({"word": 1.0, "rest": 1.0}, True), Example({"rest": 1.0}, False)]
    contrary = Example({"word": 1.0}, False, weight=5.0)
    usual, moved = solver.train(both), solver.train([*both, contrary])
    assert usual is not None
    assert moved is not None
    assert moved.weights["word"] < usual.weights["word"]


def test_examples_of_one_kind_only_give_a_finite_model() -> None:
    for kept in (True, False):
        model = solver.train([Example({"word": 1.0}, kept)] * 3)
        assert model is not None
        assert all(abs(weight) < 100 for weight in model.weights.values())
    assert solver.train([]) == Model({}, 0.0)


def test_a_stopped_training_gives_no_model() -> None:
    assert solver.train(examples(10, seed=4), lambda: True) is None
