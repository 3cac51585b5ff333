"""No two formats recognize the same file: every sample, every real listing, every small input, under any file name."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.formats.registry import HEAD_SIZE, SURE_ENOUGH, formats
from tests.store.formats.samples import ONE_PAPER, SAMPLES

# These files are no listings: a file of comments, and two files that describe the other files.
NO_LISTINGS = {"bibtexparser1-empty.bib", "SOURCES.tsv", "README.md"}
# Formats use the name of a file as a hint. So each file is also tested under names that suggest another format.
NAMES = ("upload.bin", "references.bib", "papers.csv", "page.html", "alert.eml", "data.json", "notes.md", "feed.xml")


def claims(head: bytes, name: str) -> list[str]:
    """The formats that recognize a file with this name and these first bytes."""
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
