"""`recto taste` shows the model of the user's taste and changes it. Lists sorted by taste print the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import marking
from store.ranking import opinions
from tests.tui.conftest import Recto


@pytest.fixture
def taught(recto: Recto, library: Library, tmp_path: Path) -> Iterator[Recto]:
    """A library in which papers about terns are bookmarked, and papers about ice are not."""
    lines = ["title,authors,date"]
    for number in range(10):
        lines += [
            f"Terns migrate in autumn {number},Ada Alpha,2026-07-02",
            f"Ice sheet drilling {number},Bo,2026-07-02",
        ]
    table = tmp_path / "papers.csv"
    table.write_text("\n".join(lines), "utf-8")
    list(take_in(library, [table], Options(today=date(2026, 7, 2), listed_on=date(2026, 7, 2))))
    terns = library.reader().execute("SELECT id FROM paper WHERE title LIKE 'Terns%' ORDER BY id DESC LIMIT 6")
    marking.bookmark(library, [paper_id for (paper_id,) in terns], True)
    yield recto


def test_taste_shows_the_words_that_count_for_and_against_a_paper(taught: Recto) -> None:
    said = taught("taste")
    assert (said.code, said.err) == (0, "")
    assert "6 kept papers" in said.lines[0]
    assert "author:Ada Alpha" in said.out
    shown = json.loads(taught("taste", "--json").out)
    assert {"migrate", "terns", "author:Ada Alpha"} & {each["name"] for each in shown["for"]}
    assert (shown["source"], shown["kept"]) == ("marks", 6)


def test_words_can_be_set_and_forgotten(taught: Recto) -> None:
    assert taught("taste", "set", "drilling", "more").code == 0
    assert taught("taste", "set", "Tern", "never").code == 0
    assert json.loads(taught("list", "--view", "for-you", "--json").out)[0]["title"].startswith("Ice")
    assert "drilling (more)" in taught("taste").out
    assert taught("taste", "set", "drilling", "forget").code == 0
    assert taught("taste", "set", "terns", "forget").code == 0
    assert json.loads(taught("list", "--view", "for-you", "--json").out)[0]["title"].startswith("Terns")
    refused = taught("taste", "set", "drilling", "forget")
    assert (refused.code, "said nothing" in refused.err) == (1, True)


def test_a_list_by_taste_gives_reasons(taught: Recto) -> None:
    said = taught("list", "--view", "for-you", "-n", "1")
    assert "which you kept" in said.out
    assert "by Ada Alpha, of whom you kept 6 papers" in said.out
    (paper,) = json.loads(taught("list", "--sort", "for-you", "-n", "1", "--json").out)
    assert paper["reasons"]["authors"] == [{"name": "Ada Alpha", "kept": 6}]


def test_the_taste_can_come_from_papers_or_a_view(taught: Recto) -> None:
    ice = [str(paper["id"]) for paper in json.loads(taught("list", "drilling", "--json").out)]
    assert taught("taste", "from", *ice[:2]).code == 1
    assert taught("taste", "from", *ice[:3]).code == 0
    assert "3 papers that you named" in taught("taste").lines[0]
    taught("mark", *ice, "--tag", "ice")
    assert taught("taste", "from", "tag:ice").code == 0
    assert "the papers of tag:ice" in taught("taste").lines[0]
    assert taught("taste", "from", "marks").code == 0
    assert taught("taste").lines[0] == "learnt from your marks: 6 kept papers"


def test_the_model_can_be_deleted(taught: Recto, library: Library) -> None:
    taught("taste")
    taught("taste", "set", "drilling", "never")
    assert taught("taste", "forget").code == 0
    assert library.reader().execute("SELECT count(*) FROM taste_weight").fetchone() == (0,)
    assert opinions.read(library.reader()) == {}


def test_with_too_few_marks_taste_says_that_there_is_no_ranking(taught: Recto, library: Library) -> None:
    kept = [number for (number,) in library.reader().execute("SELECT paper_id FROM mark")]
    marking.bookmark(library, kept, False)
    for command in (("taste",), ("list", "--view", "for-you"), ("list", "--sort", "for-you")):
        said = taught(*command)
        assert (said.code, "there is no ranking yet" in said.err) == (0, True)
