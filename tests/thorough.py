"""Determines how many cases a test tries: a few in `make test`, and all of them in `make faults`.

A test that can try any number of cases (random examples, a file truncated at each byte, every order) uses `examples` or
`some`. It then runs in `make test` with a few cases, the same ones each time, and again in `make faults` with many. A
test that only `make faults` runs uses `number_of_rounds`, so that it is also fast enough for `make faults-proof`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

# Whether the tests try all their cases. `make faults` sets this environment variable.
THOROUGH = os.environ.get("RECTO_TESTS") == "thorough"

_Test = TypeVar("_Test", bound=Callable[..., object])
_Case = TypeVar("_Case")


def examples(few: int, many: int, *suppressed: HealthCheck) -> Callable[[_Test], _Test]:
    """A decorator for a Hypothesis test: `few` examples in `make test`, `many` in `make faults`."""

    def decorate(test: _Test) -> _Test:
        number = many if THOROUGH else few
        limited = settings(max_examples=number, deadline=None, suppress_health_check=suppressed)(test)
        return pytest.mark.thorough(limited)

    return decorate


def number_of_rounds(few: int, many: int) -> int:
    """The number of rounds (repetitions) in a test of `make faults`: `many`, or `few` when the test is run alone."""
    return many if THOROUGH else few


def some(few: int, cases: Sequence[_Case]) -> Sequence[_Case]:
    """All cases in `make faults`. In `make test`, only `few` of them, distributed evenly from the first to the last.

    The test that uses it needs `@pytest.mark.thorough`, so that `make faults` runs it.
    """
    if THOROUGH or len(cases) <= few:
        return cases
    return [cases[number * (len(cases) - 1) // max(1, few - 1)] for number in range(few)]
