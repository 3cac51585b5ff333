"""An undo of an import that was interrupted or killed is continued later, and loses nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from store.importing import undo
from store.importing.undo import withdraw
from store.library.library import Library
from tests.store.importing.withdrawals import TODAY, assert_sound, contents, everything, import_listing, last_id, page

ROOT = Path(__file__).parents[3]


class Cut(Exception):
    pass


@pytest.mark.parametrize("after", [1, 2, 7, 11])
def test_an_interrupted_undo_of_an_import_continues_at_the_next_call(
    after: int, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    import_listing(library, page(tmp_path / "right.txt", ["Paper 3 of the lot", "On Bees"]))
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(12)], authors=9))
    log_id = last_id(library)

    def cut(done: int, whole: int) -> None:
        assert whole == 12
        if done == after:
            raise Cut

    with pytest.raises(Cut):
        withdraw(library, log_id, today=TODAY, on_step=cut)
    assert_sound(library)
    left = library.reader().execute("SELECT stored, state, (SELECT count(*) - 2 FROM entry) FROM listing WHERE id = 2")
    assert left.fetchone() == (12 - after, "interrupted", 12 - after)
    assert withdraw(library, log_id, today=TODAY).entries == 12 - after
    assert everything(library) == before
    assert_sound(library)


def test_importing_the_file_again_reverses_an_interrupted_undo(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BATCH_SECONDS", 0)
    path = page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(12)])
    import_listing(library, path)
    before = contents(library)
    answers = iter([False, False, True])
    done = withdraw(library, last_id(library), today=TODAY, should_stop=lambda: next(answers))
    assert (done.entries, done.removed, done.complete) == (3, 3, False)
    again = import_listing(library, path)
    assert (again.added, again.unchanged, again.complete) == (3, 9, True)
    assert contents(library) == before
    assert_sound(library)


_WITHDRAWAL = """
import sys
from datetime import date
from pathlib import Path
from store.importing import undo as withdrawal
from store.library.library import Library
withdrawal.BATCH_SECONDS = 0
on_step = lambda done, whole: print(done, flush=True)
library = Library.open(Path(sys.argv[1]))
withdrawal.withdraw(library, int(sys.argv[2]), today=date(2026, 7, 15), on_step=on_step)
"""


def test_an_undo_that_was_killed_continues_and_loses_nothing_else(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "right.txt", ["Paper 3 of the lot", "On Bees"]))
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", [f"Paper {n} of the lot" for n in range(60)], authors=9))
    log_id = last_id(library)
    for batches in (5, 20):
        command = [sys.executable, "-c", _WITHDRAWAL, str(library.path), str(log_id)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            while int(process.stdout.readline()) < batches:
                pass
            process.kill()
        assert_sound(library)
    left = (
        library.reader().execute("SELECT stored, (SELECT count(*) - 2 FROM entry) FROM listing WHERE id = 2").fetchone()
    )
    assert left[0] == left[1]
    assert left[0] <= 60 - 25
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
