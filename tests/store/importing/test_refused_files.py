"""Files that are no listings are refused at once, with a message of one clear line."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from store.importing import log
from store.importing.importer import Options, import_file
from store.library.library import Library
from tests.store.importing.listings import PAGE, import_listing, page

REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a PDF": (
        lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(9000)),
        "the PDF cannot be read",
    ),
    "an empty file": (lambda path: path.touch(), "empty"),
    "a folder": (lambda path: path.mkdir(), "folder"),
    "nothing at all": (lambda path: None, "no such file"),
    "a pipe": (lambda path: os.mkfifo(path), "pipe"),
    "zeroes": (lambda path: path.write_bytes(bytes(100_000)), "not a listing"),
    "a page without papers": (lambda path: path.write_text(PAGE), "paper"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_listing_is_refused_with_one_clear_line(what: str, library: Library, tmp_path: Path) -> None:
    make, words = REFUSED[what]
    path = tmp_path / "listing.txt"
    make(path)
    started = time.monotonic()
    report = import_listing(library, path)
    # The PDF is read in a separate process.
    assert time.monotonic() - started < 30
    assert report.error
    assert words in report.error
    assert "\n" not in report.error
    assert (report.path, report.entries, report.complete) == (str(path), 0, False)
    (entry,) = log.read(library.reader())
    assert (entry.state, entry.report.error) == ("refused", report.error)


def test_a_sparse_file_of_a_terabyte_is_refused_at_once(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.truncate(2**40)
    started = time.monotonic()
    assert import_listing(library, path).error
    assert time.monotonic() - started < 2


def test_a_name_with_control_characters_is_shown_without_them(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\udcff.txt"
    path.write_text(page(1))
    report = import_listing(library, path)
    assert report.added == 1
    assert report.path.isprintable()
    assert log.read(library.reader())[0].report.path == report.path


def test_a_file_of_holes_is_refused_at_once(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    file.write_text('{"id": "2301.00001", "title": "A title"}\n' * 300)
    os.truncate(file, 2**40)
    (report,) = import_file(library, file, Options(today=date(2026, 7, 1)))
    assert "never written" in (report.error or "")
