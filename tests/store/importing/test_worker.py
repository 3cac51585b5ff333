"""A worker process reads a long listing. The result is the same as without it, and each kind of failure is reported."""

from __future__ import annotations

import gzip
import itertools
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from store.importing import worker
from store.importing.log import ImportReport, Step
from store.library.library import Library
from tests.store.importing.listings import assert_sound, contents
from tests.store.importing.long_listings import MANY, import_listing, line, snapshot, stored, write
from tests.thorough import some


def without_time(reports: list[ImportReport]) -> list[ImportReport]:
    return [msgspec.structs.replace(each, seconds=0.0) for each in reports]


def _plain(folder: Path) -> Path:
    lines = snapshot()
    lines[5:5] = ["[]", line(7000, title=" "), line(7001, title=None), "{not json}"]
    lines[800:800] = [
        line(3),
        line(7002, title="\x1b]52;c;aGk=\x07 evil\u202e"),
        '{"id": "none"}',
        line(4, title="Another"),
    ]
    return write(folder / "snapshot.json", lines)


def _packed(folder: Path) -> Path:
    path = folder / "snapshot.json.gz"
    path.write_bytes(gzip.compress("\n".join(snapshot()).encode()))
    return path


def _damaged(folder: Path) -> Path:
    path = folder / "damaged.json.gz"
    whole = gzip.compress("\n".join(snapshot(3000)).encode())
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def _cut(folder: Path) -> Path:
    path = folder / "cut.json"
    path.write_text("\n".join(snapshot())[:-200])
    return path


def _archive(folder: Path) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.json", "\n".join(snapshot(400)))
        archive.writestr("odd.txt", "no listing at all")
        archive.writestr("second.json", "\n".join(snapshot(500, 300)))
        archive.writestr("second.json", "\n".join(snapshot(400, 1000)))
    return path


@pytest.mark.thorough
@pytest.mark.parametrize("make", some(3, [_plain, _packed, _damaged, _cut, _archive]))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_listing_read_by_a_worker_process_gives_the_same_papers(
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], Path],
) -> None:
    path = make(tmp_path)
    with Library.open(tmp_path / "apart.db") as library:
        reports = import_listing(library, path)
        content = contents(library)
        again = import_listing(library, path)
    assert len(started) >= (3 if make is _archive else 1)
    assert all(process.returncode is not None for process in started)
    monkeypatch.setattr(worker, "_cores", lambda: 1)
    before = len(started)
    with Library.open(tmp_path / "here.db") as library:
        assert without_time(import_listing(library, path)) == without_time(reports)
        assert contents(library) == content
        assert without_time(import_listing(library, path)) == without_time(again)
    assert len(started) == before
    assert sum(each.entries for each in reports) >= MANY - 300
    assert_sound(tmp_path / "apart.db")


def test_a_worker_process_matches_known_papers_in_the_same_way(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    first = write(tmp_path / "first.json", snapshot(600))
    other = [line(number, title=f"Way {number} to fold", comments="12 pages") for number in range(300, 900)]
    second = write(tmp_path / "second.json", [*other, *snapshot(100)])
    library_contents = []
    for name, which in (("apart.db", worker.LONG), ("here.db", 2**40)):
        worker.LONG = which
        with Library.open(tmp_path / name) as library:
            reports = [*import_listing(library, first), *import_listing(library, second)]
            library_contents.append((without_time(reports), contents(library)))
    assert len(started) == 2
    assert library_contents[0] == library_contents[1]
    assert library_contents[0][0][1].merged == 400


def test_a_short_listing_a_format_that_is_read_whole_and_one_processor_need_no_other_process(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_listing(library, write(tmp_path / "few.json", snapshot(200)))
    (tmp_path / "a.bib").write_text("".join(f"@article{{a{n}, title={{Paper {n}}}, year=2020}}\n" for n in range(MANY)))
    import_listing(library, tmp_path / "a.bib")
    monkeypatch.setattr(worker, "_cores", lambda: 1)
    (report,) = import_listing(library, write(tmp_path / "many.json", snapshot()))
    assert not started
    assert report.complete
    monkeypatch.undo()
    assert import_listing(library, write(tmp_path / "others.json", snapshot(MANY, 5000)))[0].added == MANY
    assert worker.LONG > 2**20


def test_progress_tells_the_bytes_that_the_other_process_has_read(
    tmp_path: Path, library: Library, long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.importing.batches.STEP_SECONDS", 0.0)
    path = write(tmp_path / "snapshot.json", snapshot(5000))
    steps: list[Step] = []
    import_listing(library, path, on_step=steps.append)
    size = path.stat().st_size
    assert steps[-1] == Step(str(path), size, size, 5000)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert any(0 < step.done < size for step in steps)


def test_stopping_ends_the_other_process_and_the_next_import_goes_on(
    tmp_path: Path, library: Library, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.importing.batches.BATCH_SECONDS", 0.0)
    path = write(tmp_path / "snapshot.json", snapshot(3000))
    calls = itertools.count()
    # `should_stop` returns true after it was called 13 times since the first entries were stored.
    (cut,) = import_listing(library, path, should_stop=lambda: stored(library) > 0 and next(calls) > 12)
    assert cut.interrupted
    assert 0 < cut.entries < 3000
    assert started[0].returncode is not None
    (rest,) = import_listing(library, path)
    assert (rest.added, rest.unchanged, rest.complete) == (3000 - cut.entries, cut.entries, True)
