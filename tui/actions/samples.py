"""Finds the sample listings that are delivered with recto."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def sample_folder() -> Path:
    """The folder of the sample listings.

    It is inside the package `tui` if recto was installed from a wheel, and assets/listings in a checkout of the source.
    """
    package = Path(str(resources.files("tui")))
    samples = package / "samples"
    return samples if samples.is_dir() else package.parent / "assets" / "listings"
