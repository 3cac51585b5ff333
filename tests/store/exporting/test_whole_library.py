"""A whole library is exported as JSON lines, and an equal library is restored from them."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from array import array
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.exporting import selected_papers, whole_library
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library import schema
from store.library.library import Library
from store.marks import journal, marking
from store.model.errors import LibraryError
from store.model.paper import Author, Paper
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from store.text.clean import line
from tests.store.exporting.samples import ATTENTION, HOSTILE, add
from tests.thorough import examples

TODAY = date(2026, 7, 15)


def exported(library: Library) -> bytes:
    return b"".join(whole_library.pieces(library))


def tables(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, except those about the search index."""
    connection = library.reader()
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if name not in ("indexed", "unindexed") and not name.startswith("sqlite_")
    ]
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in names}


def restored(path: Path, data: bytes) -> Library:
    library = Library.open(path)
    whole_library.restore(library, io.BytesIO(data))
    return library


def test_a_restored_library_is_equal_table_by_table(library: Library, tmp_path: Path, listings: Path) -> None:
    for _ in take_in(
        library, [listings / "bibtex", listings / "arxiv-rss", listings / "hf-json"], Options(today=TODAY)
    ):
        pass
    numbers = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id LIMIT 6")]
    marking.bookmark(library, numbers[:2])
    marking.queue(library, numbers[2:5])
    marking.queue(library, numbers[4:6], at=1)
    marking.note(library, numbers[0], "a note\nwith é")
    journal.undo(library)
    list(selected_papers.read(library, array("q", numbers)))
    with restored(tmp_path / "other.db", exported(library)) as other:
        assert tables(other) == tables(library)
        assert exported(other) == exported(library)
        query = parse("learning", TODAY)
        both = [list(Search(each).answer(View.parse("all"), query, "best").ids) for each in (library, other)]
        assert both[0] == both[1]
        # The restored library has the same undo history, so redo repeats the same step.
        assert journal.redo(other) == journal.redo(library)


@given(st.lists(st.sampled_from("bqsnu"), max_size=8), st.sets(st.text(min_size=1, max_size=20), max_size=4))
@examples(15, 300)
def test_any_library_is_equal_after_export_and_restore(steps: list[str], titles: set[str]) -> None:
    with TemporaryDirectory() as folder, Library.open(Path(folder) / "a.db") as library:
        papers = [Paper(title=title, authors=(Author(title),)) for title in sorted(map(line, titles)) if title]
        numbers = sorted({*add(library, ATTENTION, HOSTILE, *papers)})
        for place, step in enumerate(steps):
            number = numbers[place % len(numbers)]
            if step == "b":
                marking.bookmark(library, [number])
            elif step == "q":
                marking.queue(library, [number])
            elif step == "s":
                marking.status(library, [number], "done")
            elif step == "n":
                marking.note(library, number, f"note {place}")
            else:
                journal.undo(library)
        with restored(Path(folder) / "b.db", exported(library)) as other:
            assert tables(other) == tables(library)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"content": "../" * 20, "format": "pdf", "data": ""}, "no part of a full text"),
        ({"content": "a" * 64, "format": "exe", "data": ""}, "no part of a full text"),
        ({"content": "a" * 64, "format": "pdf", "data": "%"}, "no part of a full text"),
        ({"content": 7, "format": "pdf", "data": ""}, "no part of a full text"),
    ],
)
def test_a_hostile_text_in_an_export_is_refused(
    library: Library, tmp_path: Path, values: dict[str, object], message: str
) -> None:
    line = msgspec.json.encode({"text_file": values}) + b"\n"
    with pytest.raises(LibraryError, match=message):
        restored(tmp_path / "new.db", exported(library) + line)
    assert not (tmp_path / "texts").exists()


def test_a_text_in_an_export_with_another_sha_256_is_left_out(library: Library, tmp_path: Path) -> None:
    sound = hashlib.sha256(b"text").hexdigest()
    lines = [
        msgspec.json.encode({"text_file": {"content": content, "format": "markdown", "data": "dGV4dA=="}}) + b"\n"
        for content in (sound, "a" * 64)
    ]
    with restored(tmp_path / "new.db", exported(library) + b"".join(lines)):
        assert [each.name for each in (tmp_path / "texts").iterdir()] == [f"{sound}.markdown"]


@pytest.mark.parametrize("version", range(1, schema.version() + 1))
def test_a_file_of_every_earlier_version_is_brought_to_this_one(tmp_path: Path, version: int) -> None:
    lines = [
        f'{{"recto":"library","version":{version}}}',
        '{"paper":{"id":7,"title":"Old","title_key":1,"families":"bibtex","has_abstract":0,"has_code":0,"has_pdf":0}}',
        '{"body":{"paper_id":7}}',
    ]
    with restored(tmp_path / "other.db", "\n".join(lines).encode()) as other:
        assert [row[:2] for row in tables(other)["paper"]] == [(7, "Old")]
        connection = other.reader()
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.version(),)
        with Library.open(tmp_path / "new.db") as new:
            made = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
            assert connection.execute(made).fetchall() == new.reader().execute(made).fetchall()


@pytest.mark.parametrize(
    "row",
    [
        '{"nothing":{"id":1}}',
        '{"paper":{"id":1,"colour":"red"}}',
        '{"paper":{}}',
        '{"paper":{"id":1}}',
        '{"paper":{"id":99999999999999999999,"title":"x"}}',
        '{"sqlite_master":{"name":"x"}}',
        '["paper"]',
        "{",
        "\udcff",
    ],
)
def test_a_wrong_line_restores_nothing(tmp_path: Path, row: str) -> None:
    data = b'{"recto":"library","version":1}\n' + row.encode("utf-8", "surrogateescape")
    with Library.open(tmp_path / "other.db") as other:
        before = tables(other)
        with pytest.raises(LibraryError, match="line 2 is no row of a library; nothing was restored"):
            whole_library.restore(other, io.BytesIO(data))
        assert tables(other) == before


def test_a_library_that_lacks_rows_is_refused(tmp_path: Path) -> None:
    data = (
        b'{"recto":"library","version":1}\n{"entry":{"id":1,"listing_id":5,"position":1,"paper_id":1,"yearless":0}}\n'
    )
    with Library.open(tmp_path / "other.db") as other, pytest.raises(LibraryError, match="is missing"):
        whole_library.restore(other, io.BytesIO(data))


def test_a_library_that_has_papers_is_left_alone(library: Library) -> None:
    add(library, ATTENTION)
    before = tables(library)
    with pytest.raises(LibraryError, match="name a new one"):
        whole_library.restore(library, io.BytesIO(exported(library)))
    assert tables(library) == before


@pytest.mark.parametrize("header", [b"", b"[]", b'{"recto":"library","version":999}', b'{"title":"x"}'])
def test_a_file_that_is_no_library_export_is_refused(tmp_path: Path, header: bytes) -> None:
    with Library.open(tmp_path / "other.db") as other, pytest.raises(LibraryError):
        whole_library.restore(other, io.BytesIO(header))


def test_no_control_character_comes_in_with_a_library(tmp_path: Path) -> None:
    data = (
        b'{"recto":"library","version":4}\n'
        b'{"paper":{"id":1,"title":"a\\u001b[31m\\u202eb","title_key":1,"families":"x","has_abstract":0,"has_code":0,'
        b'"has_pdf":0}}\n'
        b'{"body":{"paper_id":1,"authors":"[{\\"name\\":\\"x\\\\u001b[2J\\"}]"}}\n'
    )
    with restored(tmp_path / "other.db", data) as other:
        connection: sqlite3.Connection = other.reader()
        assert connection.execute("SELECT title FROM paper").fetchone() == ("a␛[31m\ufffdb",)
        assert connection.execute("SELECT authors FROM body").fetchone() == ('[{"name":"x␛[2J"}]',)


def test_changes_made_during_an_export_are_not_in_it(library: Library) -> None:
    add(library, ATTENTION)
    pieces = whole_library.pieces(library)
    head = next(pieces)
    with library.writing() as connection:
        connection.execute("UPDATE paper SET title = 'changed'")
    assert b"changed" not in head + b"".join(pieces)
