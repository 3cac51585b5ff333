"""Registers (single values of marks) from other machines.

Well-formed ones are accepted, even with unknown fields, and malformed ones are refused.
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from store.marks.clock import Clock
from store.marks.registers import Register, cleaned, is_acceptable, moment, time_text

CLOCK = Clock(1_764_509_400_000, 0, "ab12")
NOW = 1_764_509_400_000_000
GOOD = Register("arxiv:2310.06770", "status", ["done", NOW], CLOCK)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bookmark", NOW),
        ("status", ["seen", NOW]),
        ("rating", 5),
        ("tag:nlp", True),
        ("collection:thesis", {"key": "V0001", "at": NOW, "by": "ab12"}),
        ("note", "two\nlines"),
        ("queue", {"key": "V0001", "at": NOW}),
        ("later", "2026-07-02"),
        ("later", "similar"),
        ("position", {"section": 3}),
        ("field of a newer version", [1, 2]),
        ("status", None),
    ],
)
def test_well_formed_registers_are_accepted(field: str, value: Any) -> None:
    assert is_acceptable(replace(GOOD, field=field, value=value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bookmark", True),
        ("bookmark", "yesterday"),
        ("bookmark", 2**62),
        ("status", "done"),
        ("status", ["new", NOW]),
        ("status", ["done", NOW, 1]),
        ("rating", 0),
        ("rating", 6),
        ("rating", True),
        ("tag:nlp", 1),
        ("collection:thesis", {"key": "", "at": NOW}),
        ("note", ""),
        ("note", 7),
        ("queue", "V0001"),
        ("queue", {"key": "V0000", "at": NOW}),
        ("later", "tomorrow"),
        ("later", "20260702"),
        ("", True),
        ("tag:\x1b[2J", True),
        ("x" * 201, True),
        ("position", "x" * 200_000),
    ],
)
def test_malformed_values_are_refused(field: str, value: Any) -> None:
    assert not is_acceptable(replace(GOOD, field=field, value=value))


@pytest.mark.parametrize("paper", ["7", "arxiv:", "arxiv:a b", "doi:10.1/\x1b", "file:x", "title:" + "x" * 501])
def test_malformed_identities_are_refused(paper: str) -> None:
    assert not is_acceptable(replace(GOOD, paper=paper))
    assert not is_acceptable(replace(GOOD, over=(paper,)))


@pytest.mark.parametrize("clock", [Clock(-1, 0, "a"), Clock(1, 2**16, "a"), Clock(2**50, 0, "a"), Clock(1, 0, "A!")])
def test_malformed_clocks_are_refused(clock: Clock) -> None:
    assert not is_acceptable(replace(GOOD, clock=clock))
    assert not is_acceptable(replace(GOOD, replaced=clock))


def test_a_value_with_a_time_after_its_clock_reading_is_refused() -> None:
    assert is_acceptable(replace(GOOD, made=CLOCK.number))
    assert GOOD.made_at == CLOCK.number
    for made in (-1, CLOCK.number + 1):
        assert not is_acceptable(replace(GOOD, made=made))


def test_registers_without_a_paper_are_accepted() -> None:
    assert is_acceptable(Register("", "filter:sleep", {"query": "sleep"}, CLOCK))
    assert is_acceptable(Register("", "device:ab12", "laptop", CLOCK))
    assert not is_acceptable(Register("", "device:ab12", 7, CLOCK))


def test_cleaning_reaches_every_text() -> None:
    assert cleaned({"a\x1b": ["\x9b2J", {"b": "\u202e"}], "n": 1}) == {"a␛": ["\ufffd2J", {"b": "\ufffd"}], "n": 1}


def test_times_are_converted_exactly_between_texts_and_microseconds() -> None:
    text = "2026-07-02T08:30:00.000001+00:00"
    assert time_text(moment(text)) == text
    assert moment("2026-07-02T08:30:00") == moment("2026-07-02T10:30:00+02:00")
    assert moment("1969-12-31T23:59:59.999999+00:00") == -1
