"""The command `recto fetch`, with a local server instead of the sites."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.fetching.servers import DAY, Outcome, Run, Site, atom, daily, item, reply


def test_fetch_hf_fetches_and_imports_a_day(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1, 2), ETag='"a"'), reply(b"", 304))
    outcome = recto("fetch", "hf", "2025-10-28")
    path = tmp_path / "shelf" / "inbox" / DAY
    assert outcome.code == 0, outcome
    assert outcome.out.splitlines()[0] == f"fetched {path}"
    assert "2 papers (2 added, 0 merged, 0 unchanged) · hf-json" in outcome.out
    assert outcome.err == ""
    assert "Paper 1 of Quiet Lamps" in recto("list").out
    again = recto("fetch", "hf", "2025-10-28")
    assert again == Outcome(0, f"nothing new since the last time: {path}\n", "")
    assert recto("log").out.count(str(path)) == 1


def test_fetch_without_import_leaves_the_import_to_the_next_fetch(recto: Run, site: Site) -> None:
    site.answers(reply(daily(1), ETag='"a"'), reply(b"", 304))
    outcome = recto("fetch", "hf", "2025-10-28", "--no-import")
    assert (outcome.code, len(outcome.out.splitlines())) == (0, 1)
    assert "Quiet Lamps" not in recto("list").out
    outcome = recto("fetch", "hf", "2025-10-28")
    assert outcome.code == 0
    assert "nothing new since the last time" in outcome.out
    assert "1 added" in outcome.out


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (("cs.CL",), "cat:cs.CL"),
        (("graph retrieval",), "all:graph AND all:retrieval"),
        (("graph", "retrieval"), "all:graph AND all:retrieval"),
    ],
)
def test_fetch_arxiv_fetches_a_category_or_a_query(recto: Run, site: Site, words: tuple[str, ...], query: str) -> None:
    site.answers(reply(atom(1, 2, 3)))
    outcome = recto("fetch", "arxiv", *words)
    assert outcome.code == 0, outcome
    assert site.requests[0].query["search_query"] == query
    assert "3 papers (3 added, 0 merged, 0 unchanged) · arxiv-atom" in outcome.out
    assert "Paper 3 of Quiet Lamps" in recto("list").out


@pytest.mark.parametrize(
    "words", [("hf", "2025-13-40"), ("hf", "9999-01-01"), ("hf", "2025-10-28"), ("arxiv", "cs.CL")]
)
def test_a_failed_fetch_prints_one_line_and_exits_with_1(
    recto: Run, site: Site, words: tuple[str, ...], tmp_path: Path
) -> None:
    site.answers(reply(b"", 404))
    outcome = recto("fetch", *words)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("recto: ")
    assert outcome.err.count("\n") == 1
    assert len(outcome.err) < 300


def test_a_fetch_without_papers_prints_that(recto: Run, site: Site) -> None:
    site.answers(reply(b"[]"))
    assert recto("fetch", "hf", "2025-10-25") == Outcome(0, "nothing new: there are no papers\n", "")


def test_a_fetch_with_an_unreadable_paper_exits_with_1(recto: Run, site: Site) -> None:
    untitled = {"paper": {"id": "2510.00009", "upvotes": 1, "summary": "x"}}
    site.answers(reply(json.dumps([item(1), untitled]).encode()))
    outcome = recto("fetch", "hf", "2025-10-28")
    assert outcome.code == 1
    assert "1 paper (1 added" in outcome.out
    assert "refused: entry 2" in outcome.out


def test_fetch_alone_shows_its_help(recto: Run) -> None:
    outcome = recto("fetch")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(f"  {name}  " in outcome.out for name in ("arxiv", "hf", "missing", "paper", "retractions", "text"))
    assert recto("fetch", "arxiv").code == 2
    assert "--no-import" in recto("fetch", "hf", "--help").out


def test_only_fetch_makes_requests(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1)))
    (tmp_path / DAY).write_bytes(daily(1))
    for words in (["import", str(tmp_path / DAY)], ["list"], ["show", "1"], ["log"], ["watch", "list"], ["formats"]):
        assert recto(*words).code == 0, words
    assert site.requests == []


def test_other_commands_do_not_load_the_http_client(tmp_path: Path) -> None:
    code = "import sys; import tui.cli.group;print({'httpx', 'httpcore'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout == "set()\n"


def test_fetch_paper_fetches_papers_by_their_ids(recto: Run, site: Site) -> None:
    site.answers(reply(atom(1)))
    outcome = recto("fetch", "paper", "arXiv:2510.00001v2")
    assert outcome.code == 0, outcome
    assert site.requests[0].query["id_list"] == "2510.00001"
    assert "Paper 1 of Quiet Lamps" in recto("list").out
    assert "is no arXiv id and no DOI" in recto("fetch", "paper", "lamps").err
