"""requirements.lock has an exact version and hashes for every package that pyproject.toml requires."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.lock import LOCK, pins

_PROJECT = tomllib.loads((Path(__file__).parent.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
_EXTRAS = _PROJECT["project"]["optional-dependencies"]
_LINES = (_PROJECT["project"]["dependencies"], _PROJECT["build-system"]["requires"], *_EXTRAS.values())
# The extra "test" requires other extras as "recto[…]". The lock file has no entry for recto itself.
_DECLARED = [requirement for lines in _LINES for requirement in map(Requirement, lines) if requirement.name != "recto"]


def test_the_extra_of_the_tests_contains_every_extra_that_has_tests() -> None:
    (own,) = (each for each in map(Requirement, _EXTRAS["test"]) if each.name == "recto")
    assert own.extras == set(_EXTRAS) - {"test", "check"}


@pytest.mark.parametrize("requirement", _DECLARED, ids=str)
def test_the_lock_has_a_version_that_the_declared_range_allows(requirement: Requirement) -> None:
    (pin,) = [pin for pin in pins() if canonicalize_name(pin.requirement.name) == canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pin.version), "the lock is older than pyproject.toml: run make lock"


def test_every_package_of_the_lock_has_one_version_and_hashes() -> None:
    locked = pins()
    assert len(locked) > 40
    for pin in locked:
        assert pin.version
        assert pin.hashes and all(re.fullmatch("sha256:[0-9a-f]{64}", value) for value in pin.hashes), pin.requirement


def test_the_lock_names_no_package_index() -> None:
    # Users choose the package index when they install. An address in the lock file would override their choice.
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", LOCK.read_text(encoding="utf-8"))


def test_the_wheel_declares_ranges_and_no_exact_versions() -> None:
    for line in _PROJECT["project"]["dependencies"]:
        assert not any(specifier.operator in ("==", "===") for specifier in Requirement(line).specifier), line
