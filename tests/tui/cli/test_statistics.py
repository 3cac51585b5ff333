"""The command `stats`: the printed page, the files that it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from store.library.library import Library
from tests.tui.conftest import Recto


def test_statistics_are_printed_as_text_json_and_files(
    recto: Recto, path: Path, library: Library, tmp_path: Path
) -> None:
    recto("mark", "1", "--status", "done")
    page = recto("stats").out
    assert page.startswith("1 paper read of ")
    assert "─ Papers read per week ─" in page
    assert json.loads(recto("stats", "--json").out)["read"] == 1
    for name, start in (("year.svg", "<svg "), ("year.CSV", "statistic,of,value\n")):
        assert recto("stats", "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_another_kind_of_file_is_refused(recto: Recto, path: Path, library: Library, tmp_path: Path) -> None:
    refused = recto("stats", "-o", str(tmp_path / "year.png"))
    assert refused.code == 1
    assert "ends in neither .svg nor .csv; name the file like one of these" in refused.err
