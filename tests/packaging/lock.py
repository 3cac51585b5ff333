"""Reads the lock file requirements.lock: the packages, versions and hashes that `make test` installs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

LOCK = Path(__file__).parent.parent.parent / "requirements.lock"


@dataclass(frozen=True)
class Pin:
    """One package of the lock file: its exact version, the systems that need it, and the hashes of its files."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> str:
        """The only version that the lock file allows. Raises ValueError if it allows more than one."""
        (specifier,) = self.requirement.specifier
        if specifier.operator != "==" or "*" in specifier.version:
            raise ValueError(f"{self.requirement} is no exact version")
        return specifier.version

    @property
    def for_this_system(self) -> bool:
        """Whether the package is needed with this version of Python on this operating system."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate({**default_environment(), "extra": ""})


def pins() -> list[Pin]:
    """Every package of the lock file, in the order of the file."""
    text = re.sub(r"^\s*#.*\n", "", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = []
    for line in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = line.split("--hash=")
        entries.append(Pin(Requirement(requirement), tuple(value.strip() for value in hashes)))
    return entries


def environment_is_locked() -> bool:
    """Whether every package that the lock file lists for this system is installed in exactly the locked version."""
    try:
        return all(version(pin.requirement.name) == pin.version for pin in pins() if pin.for_this_system)
    except PackageNotFoundError:
        return False
