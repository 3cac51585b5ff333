"""Format detection takes linear time for any content of the first 64 KiB of a file, and has a time limit."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import registry
from store.formats.registry import HEAD_SIZE, Format
from store.importing import resource_limits
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model import limits
from store.model.errors import ListingError
from tests.thorough import examples

# Texts that formats look for at the start of a file. The repeated text that follows the start is then read by the code
# for that format.
STARTS = (
    "",
    "\ufeff",
    "<",
    "<?xml ",
    "<feed>",
    "<!DOCTYPE html>",
    '{"a":',
    '{"id":"0704.0001","submitter":',
    '[{"type":"',
    "@article{a,",
    "@['Review']{",
    "%0 Journal Article\n",
    "TY  - JOUR\n",
    "PMID- 1\n",
    "RT Journal\n",
    "FN Clarivate\nPT J\n",
    "From: a\nDate: b\n\n",
    "Received from a to b\n",
    "\\\\\narXiv:",
    "title,authors,doi\n",
    "### ",
    "Subscribe",
    "Get trending papers in your email inbox!\n",
    "[A](https://huggingface.co/papers/2401.00001)\n",
)
REPEATED = (" ", "\r", "\n", "\t", "<", "[", "{", "\\", "-", "@", '"', "0", "a", "é", "\x00")
MIXED = (
    "\r\n", " \n", "\n\n\t", "\x0b", "\u2028", "[ ", '{"', "\\\\\n", "- \n", "@a{", "%A ", "> ", "a, ", "· ", "TY",
    "<!---->", "<!-- -->\n",
    "*  ", " 0", "(", "]", "}", "<!--", "<a ", "&a;", "=", "$", "|", "#", "'", ": ", "A ", "0,", "[](", "1. ", "https://",
)  # fmt: skip
# The maximum processor time for 64 KiB (s). All formats together need 0.02 s. A pattern with quadratic time needed 10
# to 100 s.
BOUND = 2.0


def detect(data: bytes) -> str | None:
    """The name of the format of `data`, or None if no format accepts it. Fails if detection takes longer than BOUND."""
    before = time.process_time()
    try:
        detected: Format | None = resource_limits.detected_in_time(lambda: registry.detect(data, "listing.txt"))
    except ListingError as error:
        assert "not a listing" in str(error), data[:40]
        detected = None
    assert time.process_time() - before < BOUND, data[:40]
    return detected.NAME if detected else None


@pytest.fixture(autouse=True)
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the time limit of detection, so that the test of a slow pattern ends after seconds, not minutes."""
    monkeypatch.setattr(limits, "DETECTION_SECONDS", BOUND)


# Some formats remove white space at the start of a file. So each text is tested a second time with a letter before it.
@pytest.mark.parametrize("start", ["", "x"])
@pytest.mark.parametrize("unit", [*REPEATED, *MIXED])
def test_a_repeated_character_takes_linear_time(unit: str, start: str) -> None:
    detect((start + unit * HEAD_SIZE).encode()[:HEAD_SIZE])


@pytest.mark.parametrize("start", STARTS)
def test_a_repeated_character_after_a_known_start_takes_linear_time(start: str) -> None:
    for unit in (" ", "["):
        detect((start + unit * HEAD_SIZE).encode()[:HEAD_SIZE])


@pytest.mark.parametrize("unit", REPEATED)
def test_a_wide_encoding_takes_linear_time(unit: str) -> None:
    detect((unit * HEAD_SIZE).encode("utf-16")[:HEAD_SIZE])


_UNITS = st.lists(st.sampled_from(REPEATED + MIXED), min_size=1, max_size=3).map("".join)


@examples(60, 1_500)
@given(st.sampled_from(STARTS), _UNITS, _UNITS, st.integers(0, HEAD_SIZE))
def test_any_mixture_takes_linear_time(start: str, first: str, second: str, length: int) -> None:
    data = (start + first * (length // len(first)) + second * HEAD_SIZE).encode()[:HEAD_SIZE]
    detect(data)


def test_a_format_that_does_not_come_to_an_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(head: bytes, name: str) -> float:
        while True:
            pass

    monkeypatch.setattr(limits, "DETECTION_SECONDS", 0.2)
    monkeypatch.setattr(registry, "formats", lambda: (SimpleNamespace(NAME="slow", sniff=endless),))
    listing = tmp_path / "listing"
    listing.write_text("something")
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, listing, Options(today=date(2026, 11, 1)))
    assert report.error is not None
    assert report.error.startswith("its format was not known after 0 s; name it with --format")
    monkeypatch.undo()
    listing.write_text("TY  - JOUR\nTI  - A title\nER  - \n")
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, listing, Options(today=date(2026, 11, 1)))
    assert (report.error, report.entries) == (None, 1)
