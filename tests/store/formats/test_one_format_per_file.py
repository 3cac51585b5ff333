"""No two formats claim the same file: every sample, every real listing, every small input, under any name."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.formats.registry import HEAD_SIZE, SURE_ENOUGH, formats
from tests.store.formats.samples import ONE_PAPER, SAMPLES

# These files are no listings: a file of comments, and two that describe the others.
NO_LISTINGS = {"bibtexparser1-empty.bib", "SOURCES.tsv", "README.md"}
# The names of files are hints, so that a file gets the name of another format too.
NAMES = ("upload.bin", "references.bib", "papers.csv", "page.html", "alert.eml", "data.json", "notes.md", "feed.xml")


def claims(head: bytes, name: str) -> list[str]:
    """The names of the formats that claim a file of this name that starts with `head`."""
    return [each.NAME for each in formats() if each.sniff(head, name) >= SURE_ENOUGH]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_of_one_format_whatever_its_name(name: str) -> None:
    samples = {**{format: sample.text().encode() for format, sample in SAMPLES.items()}, **ONE_PAPER}
    assert {format: claims(data[:HEAD_SIZE], name) for format, data in samples.items()} == {
        format: [format] for format in samples
    }


def test_a_real_file_is_of_one_format(listings: Path) -> None:
    files = [
        path
        for folder in (listings, listings.parent / "trials")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in NO_LISTINGS
    ]
    counts = {path.name: claims(path.read_bytes()[:HEAD_SIZE], path.name) for path in files}
    assert {name: found for name, found in counts.items() if len(found) != 1} == {}
