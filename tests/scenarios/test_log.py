"""The import log: its order, and the actions on an import in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from store.importing import log
from store.importing.importer import Options
from store.importing.log import ImportReport, LogEntry
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
from store.model.entry import Refused
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader
from tui.screens.log_page import explanation, in_order, moment
from tui.workers.withdrawal import Withdrawal

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def winter(library: Path, tmp_path: Path) -> Path:
    """The path of a listing of three papers, one of which is already in the library.

    It was imported after a picture, which failed.
    """
    picture = tmp_path / "more" / "holiday.jpg"
    path = papers.write(picture.parent, papers.WINTER, papers.WINTER_DAY)
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    with Library.open(library) as opened:
        list(take_in(opened, [picture, path], Options(today=date(2026, 1, 1))))
    return path


def rows(screen: Reader) -> list[list[str]]:
    """The words of each line of the import log that is open."""
    # The line under the cursor begins with a bar, which is not a word.
    lines = [line.split("│")[1].replace("▌", " ").split() for line in screen.lines if line.count("│") > 1]
    return [words for words in lines if words and words[0] in ("failed", "read", "undone", "known", "in")]


async def test_failures_come_first_and_each_line_says_what_became_of_a_file(reader: OpenReader, winter: Path) -> None:
    for size in [(60, 20), (80, 24), (120, 36)]:
        async with reader(size) as screen:
            await screen.press("L")
            await screen.sees("Import log", "holiday.jpg", "enter explains")
            states = [words[0] for words in rows(screen)]
            assert states == ["failed", "read", "read"]
            assert "papers-2025-11" in screen.lines[screen.text.split("papers-2025-11")[0].count("\n")]
            assert "2 new, 1 known" in screen.text
            await screen.press("L")
            assert "Import log" not in screen.text


async def test_enter_explains_an_import(reader: OpenReader, winter: Path) -> None:
    async with reader((100, 30)) as screen:
        await screen.press("L", "enter")
        await screen.sees("holiday.jpg", "failed", "not a listing that recto can read", "r tries it again")
        await screen.press("escape")
        await screen.sees("Import log")
        await screen.press("j", "enter")
        await screen.sees("21 Nov 2025, from the date in the file's name", "2 new, 1 known")
        await screen.press("escape", "escape")
        assert screen.app.screen is screen.main


async def test_u_takes_an_import_back_and_r_brings_it_again(reader: OpenReader, library: Path, winter: Path) -> None:
    async with reader((120, 36)) as screen:
        await screen.press("2", "L", "j", "u")
        await screen.until(lambda: [words[0] for words in rows(screen)].count("undone") == 2, "it is taken back")
        # The table may be up to date before this message is shown. The message would then replace the message of the
        # next key, so wait for it.
        await screen.sees("papers removed")
        await screen.press("u")
        await screen.sees("taken back already")
        await screen.press("r")
        await screen.until(lambda: [words[0] for words in rows(screen)].count("read") == 2, "it is imported again")
        await screen.press("escape")
        await screen.until(lambda: screen.count == "26 papers", "the list has its papers")


async def test_an_import_whose_file_is_gone_is_taken_back_at_the_second_u(reader: OpenReader, winter: Path) -> None:
    winter.unlink()
    async with reader((120, 36)) as screen:
        await screen.press("2", "L", "j", "r")
        await screen.sees("there is no file")
        await screen.press("u")
        await screen.sees("u once more takes it back")
        # If any other key is pressed before the second "u", the question is cancelled.
        await screen.press("k", "j", "u")
        await screen.sees("u once more takes it back")
        assert [words[0] for words in rows(screen)] == ["failed", "read", "read"]
        await screen.press("u")
        await screen.until(lambda: [words[0] for words in rows(screen)].count("undone") == 2, "it is taken back")
        await screen.press("escape")
        await screen.until(lambda: screen.count == "24 papers", "its papers are gone")


async def test_undoing_an_import_keeps_papers_with_marks_and_the_log_reports_it(
    reader: OpenReader, library: Path, winter: Path
) -> None:
    with Library.open(library) as opened:
        marking.bookmark(opened, [25])
    async with reader((120, 36)) as screen:
        await screen.press("L", "j", "u")
        await screen.sees("1 paper removed, 1 kept for your marks")


async def test_an_import_that_added_nothing_cannot_be_undone(reader: OpenReader, winter: Path) -> None:
    async with reader((120, 36)) as screen:
        await screen.press("L", "u")
        await screen.sees("brought nothing")


async def test_the_log_uses_remapped_keys(
    reader: OpenReader, winter: Path, tmp_path: Path, monkeypatch: object
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[keys]\ndown = "n"\nnote = "f6"\nlog = "f4"\nundo = "Z"\nback = "h"\n')
    monkeypatch.setenv("RECTO_CONFIG", str(config))
    async with reader((120, 36)) as screen:
        await screen.press("f4", "n", "enter")
        await screen.sees("papers-2025-11-21.txt", "2 new")
        await screen.press("h", "Z")
        await screen.until(lambda: [words[0] for words in rows(screen)].count("undone") == 2, "it is taken back")
        await screen.press("f4")
        assert screen.app.screen is screen.main


async def test_a_library_without_imports_says_so(reader: OpenReader, empty: Path) -> None:
    async with reader(library=empty) as screen:
        await screen.press("L")
        await screen.sees("Nothing was imported yet.")
        await screen.press("enter", "u", "r", "escape")
        assert screen.app.screen is screen.main


async def test_a_failure_to_take_an_import_back_is_shown(
    reader: OpenReader, winter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader((120, 36)) as screen:
        await screen.press("L", "j")

        def start(self: Withdrawal, log_id: int, *rest: object) -> None:
            original(self, 999, *rest)  # type: ignore[arg-type]

        original = Withdrawal.start
        monkeypatch.setattr(Withdrawal, "start", start)
        await screen.press("u")
        await screen.sees("not taken back: the log has no entry 999")
        assert [words[0] for words in rows(screen)] == ["failed", "read", "read"]


def entry(number: int, path: str, state: log.State = "read", **values: object) -> LogEntry:
    report = msgspec.convert({"path": path, "entries": 1, **values}, ImportReport)
    return LogEntry(id=number, at="2026-03-04T10:31:00+00:00", state=state, report=report)


def order(*entries: LogEntry) -> list[tuple[int, bool]]:
    """The ids of the entries in the order of the log, each with whether its import was undone.

    `entries` begins with the oldest one.
    """
    return [(row.entry.id, row.is_undone) for row in in_order(entries[::-1])]


def test_a_failure_moves_down_when_the_file_was_read_later() -> None:
    failed = entry(1, "/a", "refused", error="broken")
    assert order(failed, entry(2, "/b")) == [(1, False), (2, False)]
    assert order(failed, entry(2, "/b"), entry(3, "/a")) == [(3, False), (2, False), (1, False)]
    # If a file is imported again and this import fails, the failure stays at its place above the earlier success.
    assert order(entry(1, "/a"), entry(2, "/b"), entry(3, "/a", "refused", error="gone")) == [
        (3, False),
        (2, False),
        (1, False),
    ]


def test_imports_before_a_withdrawal_are_undone_and_those_after_it_are_not() -> None:
    assert order(entry(1, "/a"), entry(2, "/a", "withdrawn"), entry(3, "/a"), entry(4, "/b")) == [
        (4, False),
        (3, False),
        (2, False),
        (1, True),
    ]


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-03-04T10:31:00+00:00", "today 10:31"),
        ("2026-03-02T10:31:00+00:00", "2 Mar 10:31"),
        ("2025-12-31T23:59:00+00:00", "31 Dec 2025"),
        ("nonsense", "nonsense"),
    ],
)
def test_times_are_local_and_short(at: str, text: str) -> None:
    assert moment(at, NOW) == text


def test_an_explanation_names_every_refused_entry_and_note() -> None:
    refused = [Refused(index=number, line=number * 10, reason=f"bad {number}") for number in range(1, 4)]
    report = ImportReport(path="/a", entries=2, added=2, refused=tuple(refused), warnings=("a note",))
    row = in_order([LogEntry(id=7, at="2026-03-04T10:31:00+00:00", state="read", report=report)])[0]
    text = explanation(row, NOW).plain
    for part in ("in part", "import 7", "3 entries not read", "entry 2, line 20: bad 2", "a note", "2 new"):
        assert part in text
