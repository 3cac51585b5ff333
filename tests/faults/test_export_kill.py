"""Row 38: recto is killed at any moment of an export.

Afterwards there is either the complete old file or the complete new one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.faults.injection import killed_at, needs_strace, traced
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_PIECES, _SIZE = 4, 70_000
_CALLS = ("write", "fsync", "rename", "openat", "close")
# How many of the last system calls of each kind are tried: in each round the export is killed at one of them, first at
# the last one.
_KILLS = number_of_rounds(3, 14)
# Replaces a file by new content, as an export does, and writes the content in pieces of _SIZE bytes.
_PROGRAM = f"""
import sys
from pathlib import Path
from store.exporting import target_file
target_file.replace(Path(sys.argv[1]), (b"new " * ({_SIZE} // 4) for _ in range({_PIECES})))
"""
_OLD, _NEW = b"old " * 50_000, b"new " * (_SIZE // 4) * _PIECES


@needs_strace
def test_a_killed_export_leaves_the_old_file_or_the_new_one(tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    target = folder / "papers.bib"
    rounds = old = half = 0
    for call in _CALLS:
        last = len(traced(call, tmp_path / "log", "-c", _PROGRAM, target))
        for when in range(last, max(0, last - _KILLS), -1):
            target.write_bytes(_OLD)
            assert killed_at(call, when, "-c", _PROGRAM, target).returncode, f"{call} {when} was not reached"
            rounds += 1
            content = target.read_bytes()
            old += content == _OLD
            half += content not in (_OLD, _NEW)
            for path in folder.iterdir():
                # The temporary file that a killed export leaves is hidden, so nobody takes it for an export.
                assert path == target or (path.name.startswith(".writing-") and path.name.endswith(".part"))
                if path != target:
                    path.unlink()
    report(
        38, rounds, f"{half} files that are neither old nor new, {old} times the old one", not half and 0 < old < rounds
    )
