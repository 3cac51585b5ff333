"""The command `digest`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui import samples
from tests.tui.conftest import Recto


@pytest.fixture
def listed(recto: Recto, tmp_path: Path) -> Recto:
    file = tmp_path / "daily-2026-07-02.txt"
    file.write_text(samples.page(samples.DAILY), "utf-8")
    assert recto("import", str(file)).code == 0
    return recto


def test_a_digest_is_plain_text_until_another_format_is_named(listed: Recto, tmp_path: Path) -> None:
    done = listed("digest")
    assert (done.code, done.err) == (0, "")
    assert done.lines[1:3] == ["5 new papers", "New since Thursday 2 July 2026, the newest listing day"]
    assert "New on Thursday 2 July 2026 (5)" in done.lines
    target = tmp_path / "digest.html"
    assert listed("digest", "--format", "html", "-o", str(target)).lines == [f"{target}: 5 new papers"]
    assert target.read_text().startswith("<!DOCTYPE html>")
    assert listed("digest", "--format", "markdown").out.startswith("# Papers of ")


def test_a_query_and_views_select_papers(listed: Recto) -> None:
    listed("mark", "1", "2", "--tag", "sky")
    done = listed("digest", "--view", "tag:sky", "--since", "2026-07-01")
    assert "New in tag:sky (2)" in done.lines
    assert listed("digest", "no-such-word-anywhere").lines[1] == "0 new papers"
    assert "there is no view" in listed("digest", "--view", "nothing").complaint()
    assert "is not a day" in listed("digest", "--since", "someday").complaint()
