"""Undoing an import leaves the library as if the file had never been read, except for papers that have marks."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from store.importing import log
from store.importing.folders import Watch
from store.importing.log import ImportReport
from store.importing.sources import take_in
from store.importing.undo import Withdrawn, withdraw
from store.library.library import Library
from store.marks import marking
from store.model.errors import LibraryError
from store.papers import paper_details
from store.papers.views import View
from store.search.parser import parse
from store.search.search import Search
from tests.store.importing.withdrawals import (
    OPTIONS,
    TODAY,
    assert_sound,
    contents,
    everything,
    import_listing,
    last_id,
    number,
    page,
    titles,
)


def test_undoing_an_import_removes_only_the_papers_that_no_other_file_has(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "right.txt", ["On Bees", "On Taxes"]))
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", ["On Taxes", "On Rivers", "On Towns"], "Jul 9", authors=9))
    assert paper_details.details(library.reader(), number(library, "On Taxes")).paper.author_count == 9
    assert everything(library) != before
    done = withdraw(library, last_id(library), today=TODAY)
    assert done == Withdrawn(str(tmp_path / "wrong.txt"), entries=3, removed=2, kept=0)
    assert titles(library) == ["On Bees", "On Taxes"]
    assert everything(library) == before
    assert_sound(library)


def test_after_undoing_an_import_only_the_remaining_papers_are_found(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "right.txt", ["On Bees"]))
    import_listing(library, page(tmp_path / "wrong.txt", ["On Bees", "On Rivers"]))
    search = Search(library)

    def found(words: str) -> int:
        return len(search.answer(View("all"), parse(words, TODAY)).ids)

    assert [found(words) for words in ("rivers", "abstract:rivers", "rivrs", "bees", "abstract:bees")] == [1] * 5
    withdraw(library, last_id(library), today=TODAY)
    assert [found(words) for words in ("rivers", "abstract:rivers", "rivrs", "bees", "abstract:bees")] == [
        0,
        0,
        0,
        1,
        1,
    ]
    assert_sound(library)


def test_the_file_imported_again_brings_everything_back(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "right.txt", ["On Bees", "On Taxes"]))
    path = page(tmp_path / "wrong.txt", ["On Taxes", "On Rivers", "On Towns"], "Jul 9", authors=9)
    first = import_listing(library, path)
    before = contents(library)
    withdraw(library, last_id(library), today=TODAY)
    again = import_listing(library, path)
    assert (again.entries, again.added, again.merged) == (first.entries, first.added, first.merged)
    assert contents(library) == before


def test_the_only_listing_taken_back_leaves_an_empty_library(library: Library, tmp_path: Path) -> None:
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(50)]))
    assert withdraw(library, last_id(library), today=TODAY).removed == 50
    assert everything(library) == before
    assert_sound(library)


def test_undoing_one_listing_of_an_archive_keeps_the_others(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, titles_in in (("a.txt", ["On Bees", "On Taxes"]), ("b.txt", ["On Taxes", "On Rivers"])):
            archive.write(page(tmp_path / name, titles_in), name)
    list(take_in(library, [path], OPTIONS))
    done = withdraw(library, last_id(library), today=TODAY)
    assert (Path(done.path).name, done.entries, done.removed) == ("week.zip!b.txt", 2, 1)
    assert titles(library) == ["On Bees", "On Taxes"]


def test_a_followed_file_that_was_taken_back_is_read_again_only_when_it_is_named(
    library: Library, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = page(inbox / "wrong.txt", ["On Bees"])
    watch = Watch(library, inbox)

    def scanned() -> list[Path]:
        watch.scan(0.0)
        return watch.scan(5.0)

    assert scanned() == [path]
    import_listing(library, path)
    assert scanned() == []
    withdraw(library, last_id(library), today=TODAY)
    assert scanned() == []
    assert titles(library) == []
    assert import_listing(library, path).added == 1
    withdraw(library, last_id(library), today=TODAY)
    # After a change, the file counts as another file and is imported again.
    page(path, ["On Bees", "On Taxes"])
    assert scanned() == [path]


def test_an_id_that_the_log_does_not_have_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="the log has no entry 7"):
        withdraw(library, 7, today=TODAY)


def test_a_refused_file_leaves_nothing_to_take_back(library: Library, tmp_path: Path) -> None:
    for name, text in (("none.txt", "no listing"), ("untitled.ris", "TY  - JOUR\nAU  - Lovelace, Ada\nER  - \n")):
        (tmp_path / name).write_text(text)
        (report,) = take_in(library, [tmp_path / name], OPTIONS)
        assert report.error
        with pytest.raises(LibraryError, match=f"nothing to undo.*{name} read no papers"):
            withdraw(library, last_id(library), today=TODAY)
    assert [each.state for each in log.read(library.reader())] == ["refused", "refused"]


def test_an_import_that_was_undone_cannot_be_undone_again(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "wrong.txt", ["On Bees"]))
    log_id = last_id(library)
    withdraw(library, log_id, today=TODAY)
    for entry in (log_id, last_id(library)):
        with pytest.raises(LibraryError, match=r"wrong\.txt was undone already; import it again with: recto import"):
            withdraw(library, entry, today=TODAY)


def test_the_entry_of_a_copy_that_was_known_takes_the_listing_back(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "wrong.txt", ["On Bees"]))
    import_listing(library, page(tmp_path / "copy.txt", ["On Bees"]))
    assert log.read(library.reader())[0].state == "known"
    assert withdraw(library, last_id(library), today=TODAY).removed == 1
    assert titles(library) == []


def test_the_log_says_what_was_taken_back_and_what_stayed(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "wrong.txt", ["On Bees", "On Taxes", "On Rivers"]))
    marking.bookmark(library, [1])
    withdraw(library, last_id(library), today=TODAY)
    newest, imported = log.read(library.reader())
    assert (newest.state, imported.state) == ("withdrawn", "read")
    assert newest.report == ImportReport(
        path=imported.report.path,
        format="hf-text",
        entries=3,
        warnings=("2 papers removed with it, 1 stays for your marks",),
    )
