"""The papers of a conference: filtered by decision, track and score, sorted by score, and shown with these values."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from store.formats import recto_jsonl
from store.model.entry import Entry
from tests.tui.conftest import Recto

PAPERS = (
    ("Good Lists", "ICLR 2026 Oral", [8, 8, 6]),
    ("Fair Lists", "ICLR 2026 Oral", [6, 6]),
    ("Long Lists", "ICLR 2026 Poster", [8, 7]),
    ("Old Lists", "ICLR 2025 Oral", [9]),
    ("Late Lists", "Submitted to ICLR 2026", []),
)


@pytest.fixture
def conference(path: Path, tmp_path: Path, recto: Recto) -> Path:
    """A response of OpenReview with these papers, which are imported into the library."""
    notes = [
        {
            "id": f"note{number}",
            "forum": f"note{number}",
            "content": {"title": {"value": title}, "venue": {"value": venue}},
            "details": {"directReplies": [{"content": {"rating": {"value": score}}} for score in scores]},
        }
        for number, (title, venue, scores) in enumerate(PAPERS)
    ]
    file = tmp_path / "iclr.json"
    file.write_text(json.dumps({"notes": notes, "count": len(notes)}), "utf-8")
    assert recto("import", file).code == 0
    return file


@pytest.mark.parametrize(
    ("filter", "titles"),
    [
        ('venue:"ICLR 2026" decision:oral score:>6', ["Good Lists"]),
        ("decision:oral score:>=6", ["Good Lists", "Fair Lists", "Old Lists"]),
        ("score:6..7.5 -decision:oral", ["Long Lists"]),
        ("score:9", ["Old Lists"]),
        ("decision:(poster or rej)", ["Long Lists"]),
    ],
)
def test_filters_compare_decisions_and_scores(filter: str, titles: list[str], recto: Recto, conference: Path) -> None:
    assert sorted(recto("list", filter).titles) == sorted(titles)


def test_the_best_score_comes_first(recto: Recto, conference: Path) -> None:
    first = ["Old Lists", "Long Lists", "Good Lists", "Fair Lists"]
    assert recto("list", "--sort", "score", "-n4").titles == first
    assert recto("list", "venue:iclr", "--sort", "score").titles == [*first, "Late Lists"]


def test_json_and_the_page_of_a_paper_have_the_scores(recto: Recto, conference: Path) -> None:
    exported = recto("list", "score:7.33", "--json").out
    (found,) = json.loads(exported)
    assert (found["decision"], found["track"]) == ("Oral", None)
    assert (found["scores"], found["score"]) == ([8.0, 8.0, 6.0], 7.33)
    shown = recto("show", "Good Lists").out
    assert "decision:     Oral" in shown
    assert "score:        7.33 (8, 8, 6)" in shown
    (entry,) = recto_jsonl.read(io.BytesIO(exported.encode()))
    assert isinstance(entry, Entry)
    assert (entry.paper.decision, entry.paper.scores) == ("Oral", (8.0, 8.0, 6.0))
