"""The sample listings that come with recto."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def sample_folder() -> Path:
    """The folder of the sample listings: inside the package `tui` in a wheel, under assets in a checkout."""
    package = Path(str(resources.files("tui")))
    samples = package / "samples"
    return samples if samples.is_dir() else package.parent / "assets" / "listings"
