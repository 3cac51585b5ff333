"""A file in a followed folder is read again after each change, even after an interrupted import.

It is never read before it is complete.
"""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.importing import batches
from store.importing.folders import SETTLE_SECONDS, Watch
from store.importing.sources import take_in
from store.library.library import Library
from tests.store.importing.followed_folder import OPTIONS, Folder
from tests.tui import samples


def test_an_imported_file_is_ready_again_only_after_a_change(folder: Folder) -> None:
    path = folder.put("a.txt", samples.page(["Once"]))
    assert [report.added for report in folder.import_ready()] == [1]
    assert folder.settled() == []
    # This is what happens after a restart of the program.
    folder.watch = Watch(folder.library, folder.inbox)
    assert folder.settled() == []
    path.write_text(samples.page(["Once", "Twice"]))
    assert folder.scan() == []
    assert folder.watch.waiting
    assert [(report.added, report.merged + report.unchanged) for report in folder.import_ready()] == [(1, 1)]
    assert folder.settled() == []


def test_a_file_that_is_no_listing_is_tried_once(folder: Folder) -> None:
    path = folder.put("a.txt", "no listing")
    (report,) = folder.import_ready()
    assert report.error
    assert folder.settled() == []
    path.write_text(samples.page(["Now It Is"]))
    assert [report.added for report in folder.import_ready()] == [1]


def test_a_touched_file_is_read_again_and_changes_nothing(folder: Folder) -> None:
    path = folder.put("a.txt", samples.page(["Once"]))
    folder.import_ready()
    os.utime(path, ns=(1, 1))
    (report,) = folder.import_ready()
    assert (report.added, report.unchanged) == (0, 1)
    assert folder.settled() == []


def test_a_file_that_changes_while_it_is_read_is_read_again(folder: Folder) -> None:
    path = folder.put("a.txt", samples.page(["Before"]))
    (name,) = folder.settled()
    for report in take_in(folder.library, [folder.inbox / name], OPTIONS):
        assert report.added == 1
        path.write_text(samples.page(["Before", "Behind"]))
    assert folder.settled() == ["a.txt"]
    assert [report.added for report in folder.import_ready()] == [1]


def test_a_stopped_import_is_ready_again_and_is_finished(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    count = 2000
    path = folder.inbox / "snapshot.json"
    path.write_text("".join(samples.snapshot_line(number) + "\n" for number in range(count)))
    (name,) = folder.settled()

    def stop() -> bool:
        begun = "SELECT 1 FROM listing WHERE state = 'reading' AND stored > 0"
        return folder.library.reader().execute(begun).fetchone() is not None

    (report,) = take_in(folder.library, [folder.inbox / name], OPTIONS, should_stop=stop)
    assert report.interrupted
    assert 0 < report.entries < count
    assert folder.settled() == ["snapshot.json"]
    (report,) = folder.import_ready()
    assert (report.interrupted, report.entries) == (False, count)
    assert folder.settled() == []


def test_a_killed_import_is_ready_again(folder: Folder) -> None:
    folder.put("a.txt", samples.page(["Killed Once"]))

    def die(step: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(take_in(folder.library, [folder.inbox / "a.txt"], OPTIONS, on_step=die))
    assert folder.settled() == ["a.txt"]
    assert folder.import_ready()[0].error is None
    assert folder.settled() == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["write", "grow", "delete", "rename", "touch"]),
            st.sampled_from("abc"),
            st.sampled_from([0.0, 0.4, SETTLE_SECONDS, 3.0]),
        ),
        max_size=25,
    )
)
def test_a_ready_file_was_unchanged_for_the_settling_time_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, float]]
) -> None:
    inbox = tmp_path_factory.mktemp("inbox")
    watch = Watch(_library(tmp_path_factory), inbox)
    now, tick = 0.0, 1
    still: dict[Path, float] = {}
    # The actions are: a file changes, the folder is scanned, time passes. A ready file must not have changed since the
    # scan a second before.
    for action, letter, pause in steps:
        path = inbox / letter
        tick += 1
        if action in ("write", "grow"):
            with path.open("w" if action == "write" else "a") as file:
                file.write("x" * tick)
        elif action == "delete":
            path.unlink(missing_ok=True)
        elif action == "rename" and path.exists():
            path.replace(inbox / "c")
            path = inbox / "c"
        if path.exists():
            os.utime(path, ns=(tick, tick * 1000))
        still[path] = now
        still[inbox / letter] = now
        for ready in watch.scan(now):
            assert now - still[ready] >= SETTLE_SECONDS
        now += pause
    watch.scan(now)
    assert set(watch.scan(now + SETTLE_SECONDS)) <= set(inbox.iterdir())
    watch.scan(now + 10)
    # In the end every existing file was reported as ready.
    reported = {path for at in (20, 22, 24) for path in watch.scan(now + at)}
    assert reported == {path for path in inbox.iterdir() if path.stat().st_size}


_made: list[Library] = []


def _library(factory: pytest.TempPathFactory) -> Library:
    """One library for all random examples. It can be shared because no example writes to it."""
    if not _made:
        _made.append(Library.open(factory.mktemp("watch") / "library.db"))
    return _made[0]


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    while _made:
        _made.pop().close()


def test_a_scan_does_not_fail_while_files_appear_and_disappear(folder: Folder) -> None:
    over = threading.Event()

    def churn() -> None:
        for number in itertools.count():
            if over.is_set():
                return
            path = folder.inbox / f"folder {number % 3}" / f"{number % 7}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text("x" * (1 + number % 50))
            if number % 5 == 0:
                shutil.rmtree(folder.inbox / f"folder {number % 2}", ignore_errors=True)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(200):
            assert set(folder.scan(0.3)) <= {f"folder {n % 3}/{n % 7}.txt" for n in range(21)}
    finally:
        over.set()
        thread.join()
    folder.put("last.txt")
    assert "last.txt" in folder.settled()
