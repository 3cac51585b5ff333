"""recto fetch, against a server on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.fetching.servers import DAY, Run, Said, Site, atom, daily, item, reply


def test_fetch_hf_brings_a_day_in_and_imports_it(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1, 2), ETag='"a"'), reply(b"", 304))
    said = recto("fetch", "hf", "2025-10-28")
    path = tmp_path / "shelf" / "inbox" / DAY
    assert said.code == 0, said
    assert said.out.splitlines()[0] == f"fetched {path}"
    assert "2 papers (2 added, 0 merged, 0 unchanged) · hf-json" in said.out
    assert said.err == ""
    assert "Paper 1 of Quiet Lamps" in recto("list").out
    again = recto("fetch", "hf", "2025-10-28")
    assert again == Said(0, f"nothing new since the last time: {path}\n", "")
    assert recto("log").out.count(str(path)) == 1


def test_fetch_without_import_leaves_it_to_the_next_time(recto: Run, site: Site) -> None:
    site.answers(reply(daily(1), ETag='"a"'), reply(b"", 304))
    said = recto("fetch", "hf", "2025-10-28", "--no-import")
    assert (said.code, len(said.out.splitlines())) == (0, 1)
    assert "Quiet Lamps" not in recto("list").out
    said = recto("fetch", "hf", "2025-10-28")
    assert said.code == 0
    assert "nothing new since the last time" in said.out
    assert "1 added" in said.out


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (("cs.CL",), "cat:cs.CL"),
        (("graph retrieval",), "all:graph AND all:retrieval"),
        (("graph", "retrieval"), "all:graph AND all:retrieval"),
    ],
)
def test_fetch_arxiv_brings_in_a_category_or_a_query(
    recto: Run, site: Site, words: tuple[str, ...], query: str
) -> None:
    site.answers(reply(atom(1, 2, 3)))
    said = recto("fetch", "arxiv", *words)
    assert said.code == 0, said
    assert site.asked[0].query["search_query"] == query
    assert "3 papers (3 added, 0 merged, 0 unchanged) · arxiv-atom" in said.out
    assert "Paper 3 of Quiet Lamps" in recto("list").out


@pytest.mark.parametrize(
    "words", [("hf", "2025-13-40"), ("hf", "9999-01-01"), ("hf", "2025-10-28"), ("arxiv", "cs.CL")]
)
def test_an_error_of_a_fetch_is_one_line_and_exit_1(
    recto: Run, site: Site, words: tuple[str, ...], tmp_path: Path
) -> None:
    site.answers(reply(b"", 404))
    said = recto("fetch", *words)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("recto: ")
    assert said.err.count("\n") == 1
    assert len(said.err) < 300


def test_a_fetch_without_papers_says_so(recto: Run, site: Site) -> None:
    site.answers(reply(b"[]"))
    assert recto("fetch", "hf", "2025-10-25") == Said(0, "nothing new: there are no papers\n", "")


def test_what_came_and_cannot_all_be_read_is_exit_1(recto: Run, site: Site) -> None:
    untitled = {"paper": {"id": "2510.00009", "upvotes": 1, "summary": "x"}}
    site.answers(reply(json.dumps([item(1), untitled]).encode()))
    said = recto("fetch", "hf", "2025-10-28")
    assert said.code == 1
    assert "1 paper (1 added" in said.out
    assert "refused: entry 2" in said.out


def test_fetch_says_what_there_is_to_fetch(recto: Run) -> None:
    said = recto("fetch")
    assert (said.code, said.err) == (2, "recto: name one of: recto fetch arxiv, recto fetch hf\n")
    assert recto("fetch", "arxiv").code == 2
    assert "--no-import" in recto("fetch", "hf", "--help").out


def test_no_command_but_fetch_makes_a_request(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1)))
    (tmp_path / DAY).write_bytes(daily(1))
    for words in (["import", str(tmp_path / DAY)], ["list"], ["show", "1"], ["log"], ["watch", "list"], ["formats"]):
        assert recto(*words).code == 0, words
    assert site.asked == []


def test_what_does_not_fetch_does_not_load_the_http_client(tmp_path: Path) -> None:
    code = "import sys; import tui.cli.group;print({'httpx', 'httpcore'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout == "set()\n"
