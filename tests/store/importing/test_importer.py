"""Listing files that are imported again, renamed or changed.

Every entry is stored once, and the log contains what happened.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from store.importing import log
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model.entry import Entry, Refused
from store.model.paper import Paper
from store.papers import views
from tests.store.importing.listings import OPTIONS, TODAY, Scripted, import_listing, page, whole


def test_a_renamed_copy_is_known(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(5))
    (tmp_path / "b.txt").write_text(page(5))
    assert import_listing(library, tmp_path / "a.txt").added == 5
    copy = import_listing(library, tmp_path / "b.txt")
    assert (copy.entries, copy.unchanged, copy.complete) == (5, 5, True)
    assert [each.state for each in log.read(library.reader())] == ["known", "read"]
    assert library.reader().execute("SELECT count(*) FROM listing").fetchone() == (1,)


def test_a_file_that_changed_adds_what_is_new_and_leaves_the_rest(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(5))
    import_listing(library, path)
    path.write_text(page(6))
    changed = import_listing(library, path)
    assert (changed.entries, changed.added, changed.merged, changed.unchanged) == (6, 1, 0, 5)
    path.write_text(page(6, comments=9))
    changed = import_listing(library, path)
    assert (changed.added, changed.merged, changed.unchanged) == (0, 6, 0)
    assert whole(library, "Paper number 0").paper.comment_count == 9


def test_refused_entries_are_reported_again_when_the_file_is_imported_again(
    library: Library, tmp_path: Path, scripted: Scripted
) -> None:
    path = scripted(Entry(paper=Paper(title="A")), Refused(2, 7, "no title"))
    first, again = import_listing(library, path), import_listing(library, path)
    assert (first.entries, first.refused) == (1, (Refused(2, 7, "no title"),))
    assert (again.unchanged, again.refused, again.complete) == (1, first.refused, False)


def test_the_same_bytes_can_be_read_as_another_format(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(["TY  - JOUR"]))
    assert import_listing(library, path).format == "hf-text"
    with_format = import_listing(library, path, Options(today=TODAY, format="hf-text"))
    assert (with_format.unchanged, with_format.added) == (1, 0)
    other = import_listing(library, path, Options(today=TODAY, format="ris"))
    assert other.format == "ris"
    assert other.error is not None


def test_two_files_of_one_name_in_an_archive_are_both_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("papers.txt", page(["One of the two"]))
        archive.writestr("papers.txt", page(["The other of the two"]))
    reports = list(import_file(library, path, OPTIONS))
    assert [(Path(each.path).name, each.added) for each in reports] == [
        ("week.zip!papers.txt", 1),
        ("week.zip!papers.txt#2", 1),
    ]
    assert [each.unchanged for each in import_file(library, path, OPTIONS)] == [1, 1]


def test_listing_days_and_counts_reach_the_views(library: Library, tmp_path: Path) -> None:
    (tmp_path / "2026-07-02.txt").write_text(page(3))
    (tmp_path / "2026-07-01.txt").write_text(page(2).replace("Jul 2", "Jul 1"))
    for name in ("2026-07-02.txt", "2026-07-01.txt"):
        import_listing(library, tmp_path / name)
    counted = views.counted_views(library.reader())
    assert [(str(each.view), each.count) for each in counted.of("day")] == [
        ("day:2026-07-02", 3),
        ("day:2026-07-01", 2),
    ]
