"""The progress and the results of imports in the status line and in toasts (short messages)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.importing.log import ImportReport, Step
from store.library.library import Library
from store.papers.views import View
from store.search.index_sync import Progress
from tests.tui.screens.parts import Status
from tui.screens.import_status import ImportStatus


class Imports:
    """An import status, with its status line and its toasts."""

    def __init__(self, library: Library) -> None:
        self.status = Status()
        self.toasts: list[tuple[str, str]] = []
        self.offers: list[tuple[str, View]] = []
        self.imports = ImportStatus(
            library,
            library.path.parent / "inbox",
            self.status,  # type: ignore[arg-type]
            {"log": "z"},
            receiver=None,  # type: ignore[arg-type]
            toast=lambda text, severity: self.toasts.append((text, severity)),
            offer=lambda text, view: self.offers.append((text, view)),
            refresh=lambda: None,
        )

    def add(self, *names: str, may_toast: bool = True, error: str | None = None, added: int = 2) -> None:
        for name in names:
            self.imports.add(report(name, error, added), may_toast=may_toast)


def report(name: str, error: str | None, added: int) -> ImportReport:
    """The report of a listing with `added` new papers, and one paper that is already in the library."""
    return ImportReport(
        path=f"/listings/{name}",
        format="recto-jsonl",
        entries=added + 1,
        added=added,
        merged=1,
        error=error,
    )


@pytest.fixture
def imports(tmp_path: Path) -> Iterator[Imports]:
    with Library.open(tmp_path / "library.db") as library:
        yield Imports(library)


def test_the_status_line_shows_how_far_an_import_is(imports: Imports) -> None:
    imports.imports.show_step(Step("/listings/big.json", 50, 200, 1200, 150.0))
    assert imports.status.progress == {
        "import": "reading big.json 25%, 1,200 of about 4,800 papers, about 2 minutes left"
    }
    imports.imports.show_indexed(Progress(30, 40))
    assert imports.status.progress == {"import": "building the search index: 75%, the rest is found by title"}
    imports.imports.end()
    assert imports.status.progress == {"import": ""}


def test_waiting_files_are_shown_before_the_import_process_answers(imports: Imports) -> None:
    def state() -> str:
        return imports.status.progress["import"]

    imports.imports.expect([Path("/listings/a.txt"), Path("/drops"), Path("/b.zip")])
    assert state() == "starting to read a.txt · 2 more waiting"
    imports.imports.show_step(Step("/listings/a.txt", 0, None, 3))
    assert state() == "reading a.txt, 3 papers · 2 more waiting"
    imports.add("a.txt")
    assert state() == "starting to read drops · 1 more waiting"
    imports.imports.show_step(Step("/drops/july/c.txt", 1, 100, 0))
    assert state() == "reading c.txt 1%, 0 papers · 1 more waiting"
    # A file that is requested twice is in the queue only once.
    imports.imports.expect([Path("/b.zip"), Path("/b.zip"), Path("/late.txt")])
    assert state().endswith(" · 2 more waiting")
    imports.imports.show_step(Step("/b.zip!d.txt", 1, 100, 0))
    assert state() == "reading d.txt 1%, 0 papers · 1 more waiting".replace("d.txt", "b.zip!d.txt")
    imports.imports.end()
    assert state() == ""


def test_new_papers_are_offered_at_the_end_of_an_import(imports: Imports) -> None:
    imports.add("a", "b", "c")
    assert (imports.toasts, imports.offers) == ([], [])
    imports.imports.end()
    assert imports.offers == [("3 listings, 6 new, 3 known: enter shows them", View("new"))]
    imports.add("d")
    imports.imports.end()
    assert imports.offers[1:] == [("d: 2 new, 1 known: enter shows them", View("new"))]
    assert imports.toasts == []


def test_listings_without_new_papers_offer_nothing(imports: Imports) -> None:
    imports.add("a", "b", added=0)
    imports.imports.end()
    assert imports.toasts == [("2 listings, nothing new, 2 known", "information")]
    assert imports.offers == []


def test_the_first_failures_have_a_toast_each_and_the_others_share_one(imports: Imports) -> None:
    imports.add("a", "b", "c", "d", "e", error="no such file")
    assert imports.toasts == [(f"{name}: not read: no such file", "error") for name in "abc"]
    imports.imports.end()
    assert [text for text, _ in imports.toasts[3:]] == ["2 more files: 4 new, 2 known; 2 not read whole (z shows why)"]


def test_on_a_small_screen_all_failures_share_one_toast(imports: Imports) -> None:
    imports.add("a", "b", may_toast=False, error="no such file")
    assert imports.toasts == []
    imports.imports.end()
    assert len(imports.toasts) == 1


def test_the_next_imports_begin_without_reports(imports: Imports) -> None:
    imports.add("a")
    imports.imports.end()
    imports.imports.end()
    assert len(imports.offers) == 1
    assert not imports.imports.is_awaited
