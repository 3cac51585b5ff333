"""The output of the commands for a user who looks for papers or mistypes a word."""

from __future__ import annotations

import importlib
import json
import time
from datetime import date, timedelta
from pathlib import Path

import click
import pytest

from store.library.library import Library
from store.marks import marking
from tests.tui import samples
from tests.tui.conftest import Recto
from tui.cli.group import MODULES
from tui.cli.group import recto as program

PAPER_FIELDS = {
    "title", "abstract", "authors", "author_count", "organization", "published", "updated", "arxiv_id",
    "arxiv_version", "doi", "categories", "venue", "comment", "upvotes", "comment_count", "links", "ai_summary",
    "ai_keywords", "id", "citation_key", "bookmarked", "queue_position", "status", "later", "tags", "listings",
}  # fmt: skip

PROMISED = {
    "read", "import", "list", "show", "mark", "queue", "queue move", "log", "watch add", "watch remove", "watch list",
    "undo", "redo", "paths", "formats", "keys",
}  # fmt: skip


def every_command() -> list[str]:
    """All commands by their full names. The program itself has the name ""."""
    found = ["", *program.commands]
    for name, group in program.commands.items():
        if isinstance(group, click.Group):
            found += [f"{name} {below}" for below in group.commands]
    return found


def test_the_table_of_modules_names_every_command() -> None:
    modules = {name: importlib.import_module(f"tui.cli.{name}") for name in set(MODULES.values())}
    assert {command.name: name for name, module in modules.items() for command in module.COMMANDS} == MODULES


@pytest.mark.parametrize("command", every_command())
def test_every_command_explains_itself(recto: Recto, command: str) -> None:
    for flag in ("--help", "-h"):
        said = recto(*command.split(), flag)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Usage: recto {command}".rstrip())
        assert len(said.lines) > 3


def test_every_promised_command_is_there() -> None:
    assert set(every_command()) >= PROMISED


def test_the_version_is_printed(recto: Recto) -> None:
    said = recto("--version")
    assert (said.code, said.lines[0].split()[0]) == (0, "recto,")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["lst"], "list"),
        (["--wrong"], "--help"),
        (["list", "--limt", "3"], "--limit"),
        (["list", "--limit"], "requires an argument"),
        (["list", "word", "--limit"], "requires an argument"),
        (["list", "--limit", "0"], "--limit"),
        (["list", "--limit", "many"], "'--limit' / '-n': 'many' is not a whole number from 1 on"),
        (["list", "--sort", "colour"], "upvotes"),
        (["list", "--format", "xml"], "jsonl"),
        (["show"], "ID"),
        (["show", "1", "--wrong"], "--help"),
        (["mark"], "ID"),
        (["mark", "1"], "--bookmark"),
        (["mark", "1", "--at", "1"], "--queue"),
        (["mark", "1", "--no-queue", "--at", "1"], "--queue"),
        (["mark", "1", "--status", "lost"], "hidden"),
        (["mark", "1", "--tag", " # "], "tag"),
        (["mark", "1", "--note", "x", "--no-note"], "--no-note"),
        (["import"], "PATHS"),
        (
            ["import", "x", "--listed-on", "yesterday"],
            "'yesterday' is not a date; write it like 2026-07-02",
        ),
        (["import", "x", "--format", "nope"], "hf-text"),
        (["read"], "PATHS"),
        (["queue", "move", "1"], "'N'"),
        (["queue", "move", "1", "0"], "'0' is not a whole number from 1 on"),
        (["queue", "mvoe", "1", "2"], "move"),
        (["watch", "ad", "."], "add"),
        (["undo", "0"], "--help"),
        (["undo", "all"], "--help"),
        (["log", "--limit", "0"], "--limit"),
        (["log", "undo", str(2**63)], "is not a whole number from 1 on"),
    ],
)
def test_a_wrong_argument_gives_one_line_that_names_the_valid_ones(
    recto: Recto, path: Path, words: list[str], hint: str
) -> None:
    said = recto(*words)
    assert hint in said.complaint(2)
    assert said.out == ""


def test_a_listing_day_to_come_is_refused(recto: Recto, path: Path) -> None:
    tomorrow = date.today() + timedelta(days=1)
    assert "future" in recto("import", "x", "--listed-on", tomorrow.isoformat()).complaint(2)


def test_without_a_terminal_the_message_names_other_commands(recto: Recto, path: Path) -> None:
    assert "recto list" in recto().complaint(2)
    assert "recto list" in recto("read", "x.txt").complaint(2)


def test_the_list_shows_number_day_and_title(recto: Recto, path: Path) -> None:
    said = recto("list")
    assert set(said.titles) == {*samples.DAILY, *samples.LIBRARY}
    assert said.lines[0].split() == ["5", "2026-06-30", *["Hedgehog", "Graphs", "and", "Their", "Quills"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["bread"], {"Slow Bread: Fermentation as Search"}),
        (["slow", "-bread"], {"Slow Glass: Delayed Attention for Long Films"}),
        (["-bread", "slow"], {"Slow Glass: Delayed Attention for Long Films"}),
        (["slow", "-glass", "-n", "5"], {"Slow Bread: Fermentation as Search"}),
        (["slow", "-hedgehog", "-n1"], {"Slow Bread: Fermentation as Search"}),
        (["--", "slow", "-glass"], {"Slow Bread: Fermentation as Search"}),
        (["slow -glass"], {"Slow Bread: Fermentation as Search"}),
        (["--sort", "title", "slow", "-glass"], {"Slow Bread: Fermentation as Search"}),
        (["--sort=title", "-n", "9", "slow", "-glass"], {"Slow Bread: Fermentation as Search"}),
        (["author:sipilä"], {"Harbour Cranes That Learn to Wait"}),
        (["angstrom"], {"Ångström-Scale Maps of Åland's Ørsted Fields"}),
        (["id:2503.01234"], {"A Catalogue of Unsent Letters"}),
        (["has:abstract", "year:2023"], {"Measuring Rain by Its Sound"}),
        (["hedghog"], {"Hedgehog Graphs and Their Quills"}),
    ],
)
def test_a_query_is_the_filter_of_the_reader(recto: Recto, path: Path, words: list[str], found: set[str]) -> None:
    assert set(recto("list", *words).titles) == found


@pytest.mark.parametrize(
    "word", ["-bread", "-other", "-neural", "-hidden", "-h2o", "-note", "-5", "-", "-n-gram", "-é"]
)
def test_a_word_that_begins_with_a_dash_is_never_an_option(recto: Recto, path: Path, word: str) -> None:
    for words in ([word], ["--", word], ["slow", word]):
        said = recto("list", *words)
        assert said.code == 0
        assert "Usage" not in said.out
        assert "Traceback" not in said.err
    without = recto("list", "--", "-bread").titles
    assert len(without) == 7


def test_words_with_a_minus_sign_are_excluded(recto: Recto, path: Path) -> None:
    everything = recto("list").titles
    kept = recto("list", "-other", "-neural", "-hedgehog").titles
    assert kept == [title for title in everything if "Hedgehog" not in title]


def test_the_options_limit_and_sort_choose_the_papers(recto: Recto, path: Path) -> None:
    # "Ångström" is sorted under a, where users look for it.
    by_title = sorted([*samples.DAILY, *samples.LIBRARY], key=lambda title: title.casefold().replace("å", "a"))
    assert recto("list", "--sort", "title").titles[:3] == by_title[:3]
    assert recto("list", "--sort", "title", "--limit", "2").titles == by_title[:2]
    assert recto("list", "--sort", "date", "-n", "1").titles == ["Hedgehog Graphs and Their Quills"]
    assert recto("list", "--sort", "comments", "-n1").titles == ["Hedgehog Graphs and Their Quills"]


def test_views_have_the_same_names_as_in_the_reader(recto: Recto, path: Path, library: Library) -> None:
    marking.tag(library, [8], ["weather"])
    marking.status(library, [1], "hidden")
    assert recto("list", "--view", "2026-07-02").titles == list(samples.DAILY[1:])
    assert recto("list", "--view", "new").titles == list(samples.DAILY[1:])
    assert recto("list", "--view", "hidden").titles == [samples.DAILY[0]]
    assert recto("list", "--view", "tag:weather").titles == ["Measuring Rain by Its Sound"]
    assert recto("list", "--view", "undated").titles == list(samples.LIBRARY)
    assert "bookmarks" in recto("list", "--view", "favourites").complaint()
    assert "2026-07-02" in recto("list", "--view", "2026-13-99").complaint()


def test_an_empty_answer_says_so_and_is_no_error(recto: Recto, path: Path) -> None:
    for words, said in (
        (["zzqxwv"], "no papers found"),
        (["--view", "queue"], "recto mark ID --queue"),
        (["--view", "done"], "done"),
        (["--view", "week:1999-W01"], "The newest listing is of 20"),
    ):
        answer = recto("list", *words)
        assert (answer.code, answer.out) == (0, "")
        assert said in answer.err


def test_an_empty_library_says_how_papers_come_in(recto: Recto, tmp_path: Path) -> None:
    said = recto("list")
    assert (said.code, said.out) == (0, "")
    assert "recto import" in said.err
    assert recto("list", "--json").out == "[\n]\n"
    assert recto("list", "--format", "jsonl").out == ""
    assert "recto import" in recto("log").out


def test_the_part_of_a_query_that_was_not_understood_is_reported_on_standard_error(recto: Recto, path: Path) -> None:
    said = recto("list", "bread", "date:someday")
    assert said.code == 0
    assert "someday" in said.err


def test_json_has_every_field_of_a_paper(recto: Recto, path: Path, library: Library) -> None:
    marking.bookmark(library, [6], True)
    marking.queue(library, [6])
    marking.tag(library, [6], ["harbour", "cranes"])
    found = json.loads(recto("list", "--json").out)
    assert [each["id"] for each in found] == [5, 4, 3, 2, 1, 7, 6, 8]
    assert all(each.keys() >= PAPER_FIELDS for each in found)
    (cranes,) = [each for each in found if each["id"] == 6]
    assert cranes["authors"] == [{"name": "Aino Sipilä"}, {"name": "Chidi Okafor"}]
    assert (cranes["doi"], cranes["venue"]) == ("10.5555/jpm.2024.17", "Journal of Patient Machines")
    assert (cranes["bookmarked"], cranes["queue_position"], cranes["status"]) == (True, 1, "new")
    assert cranes["tags"] == ["cranes", "harbour"]
    assert cranes["upvotes"] is None
    (hedgehog,) = [each for each in found if each["id"] == 5]
    assert (hedgehog["published"], hedgehog["author_count"], hedgehog["comment_count"]) == ("2026-06-30", 5, 5)
    (listing,) = hedgehog["listings"]
    assert {"path", "listed_on", "position", "upvotes", "comments"} <= listing.keys()
    assert (listing["listed_on"], listing["position"]) == ("2026-07-02", 5)
    assert listing["path"].endswith("/daily-2026-07-02.txt")


def test_all_ways_to_ask_for_json_give_the_same_papers(recto: Recto, path: Path) -> None:
    as_json = json.loads(recto("list", "slow", "--json").out)
    assert json.loads(recto("list", "slow", "--format", "json").out) == as_json
    assert [json.loads(line) for line in recto("list", "slow", "--format", "jsonl").lines] == as_json
    assert [json.loads(recto("show", str(each["id"]), "--json").out) for each in as_json] == as_json
    # One paper is printed on each line, so that programs such as grep can be used.
    assert [json.loads(line.strip(",")) for line in recto("list", "slow", "--json").lines[1:-1]] == as_json


@pytest.mark.parametrize(
    "named",
    [
        ["6"],
        ["10.5555/jpm.2024.17"],
        ["https://doi.org/10.5555/jpm.2024.17"],
        ["Harbour Cranes That Learn to Wait"],
        ["harbour", "cranes", "that", "learn", "to", "wait"],
        ["Harbour"],
    ],
)
def test_a_paper_is_shown_by_whatever_names_it(recto: Recto, path: Path, named: list[str]) -> None:
    said = recto("show", *named)
    assert said.code == 0
    assert said.lines[0] == "Harbour Cranes That Learn to Wait"
    for part in ("Aino Sipilä, Chidi Okafor", "10.5555/jpm.2024.17", "Journal of Patient Machines", "shelf.bib"):
        assert part in said.out
    assert "Cranes that wait for the right moment" in said.out


@pytest.mark.parametrize(
    "named", ["2503.01234", "arXiv:2503.01234", "2503.01234v2", "https://arxiv.org/abs/2503.01234"]
)
def test_a_paper_is_shown_by_its_arxiv_id(recto: Recto, path: Path, named: str) -> None:
    assert recto("show", named).lines[0] == "A Catalogue of Unsent Letters"


def test_show_says_when_and_where_a_paper_was_listed_and_what_you_made_of_it(
    recto: Recto, path: Path, library: Library
) -> None:
    marking.tag(library, [2], ["film"])
    marking.note(library, 2, "Ask Ren.\n\nThen again.")
    shown = recto("show", "2").out
    for part in ("2 authors", "2026-06-30", "2026-07-02", "no. 2", "daily-2026-07-02.txt", "film", "Ask Ren."):
        assert part in shown


def test_an_ambiguous_title_gives_an_error_that_names_the_papers(recto: Recto, path: Path) -> None:
    said = recto("show", "Slow").complaint()
    assert "2 papers" in said and "2 “Slow" in said and "3 “Slow" in said


@pytest.mark.parametrize("named", ["999", "nothing like it", "2501.99999", "10.5555/none", "  ", "0", "-1", "1" * 18])
def test_a_paper_that_is_not_there_is_one_line(recto: Recto, path: Path, named: str) -> None:
    recto("show", "--", named).complaint()
    recto("mark", "--bookmark", "--", named).complaint()


def test_a_date_is_shown_with_the_precision_of_the_listing(recto: Recto, tmp_path: Path) -> None:
    told = {"2023": "PY  - 2023", "2024-06": "PY  - 2024\nDA  - 2024/06//", "2024-06-15": "DA  - 2024/06/15"}
    ris = "".join(f"TY  - JOUR\nTI  - Bees of {day}\n{line}\nER  - \n" for day, line in told.items())
    (tmp_path / "bees.ris").write_text(ris)
    assert recto("import", tmp_path / "bees.ris", "--json").report["added"] == 3
    table = recto("list").lines
    assert [line.partition("Bees")[0].split()[-1] for line in table] == ["2024-06-15", "2024-06", "2023"]
    assert len({line.index("Bees") for line in table}) == 1
    exported = recto("list", "--format", "jsonl").out
    assert [json.loads(line)["published"] for line in exported.splitlines()] == ["2024-06-15", "2024-06", "2023"]
    assert "published_to" not in exported
    assert "2023-01-01" not in recto("show", "Bees of 2023").out
    assert [line for line in recto("show", "Bees of 2023").lines if line.startswith("published:")] == [
        "published:    2023"
    ]


def test_dates_come_back_from_an_export_as_they_were(
    recto: Recto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bees.bib").write_text(
        "@article{a, title={Bees}, year={2023}}\n@article{b, title={Wasps}, year={2024}, month=jun}\n"
    )
    recto("import", tmp_path / "bees.bib")
    exported = recto("list", "--format", "jsonl").out
    (tmp_path / "export.jsonl").write_text(exported)
    monkeypatch.setenv("RECTO_LIBRARY", str(tmp_path / "other" / "library.db"))
    assert recto("import", tmp_path / "export.jsonl", "--json").report["added"] == 2
    for name, published in (("Bees", "2023"), ("Wasps", "2024-06")):
        assert json.loads(recto("show", name, "--json").out)["published"] == published


def test_in_a_pipe_titles_are_whole(recto: Recto, path: Path) -> None:
    title = "A Title of Many Words " * 12
    with Library.open(path) as library, library.writing() as connection:
        connection.execute("UPDATE paper SET title = ? WHERE id = 1", (title.strip(),))
    assert title.strip() in recto("list", "--view", "all").out


@pytest.mark.parametrize(("typed", "field"), [("autor:zhu", "author"), ('titel:"a b"', "title"), ("tags:nlp", "tag")])
def test_a_mistyped_field_is_named_with_the_nearest_one(recto: Recto, typed: str, field: str) -> None:
    name = typed.partition(":")[0]
    assert f"unknown field {name}, read as a word; did you mean {field}:?" in recto("list", typed).err


def test_the_log_has_local_times_that_say_so(recto: Recto, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    with Library.open(path) as library, library.writing() as connection:
        connection.execute("UPDATE log SET at = '2026-07-02T22:31:00+00:00'")
    try:
        monkeypatch.setenv("TZ", "UTC-2")
        time.tzset()
        assert "  2026-07-03 00:31 +0200  " in recto("log").out
    finally:
        monkeypatch.undo()
        time.tzset()


def test_every_group_alone_shows_something_and_is_no_error(recto: Recto) -> None:
    for name, command in program.commands.items():
        # `recto sync` without a folder uses the folder of the previous call.
        if isinstance(command, click.Group) and name != "sync":
            said = recto(name)
            assert said.code == 0, name
            # If the library has no collection, for example, the message explains how to create one.
            assert said.out or "recto " in said.err, name
    assert recto("view", "--json").out == recto("view", "list", "--json").out
    assert recto("config").out == recto("config", "show").out


def test_the_lists_of_commands_are_not_cut_at_80_columns() -> None:
    def cut(group: click.Group, path: str) -> list[str]:
        texts = {f"{path} {name}": (command, max(map(len, group.commands))) for name, command in group.commands.items()}
        found = [name for name, (each, wide) in texts.items() if each.get_short_help_str(78 - 6 - wide).endswith("...")]
        below = [cut(each, name) for name, (each, _) in texts.items() if isinstance(each, click.Group)]
        return found + [name for names in below for name in names]

    assert cut(program, "recto") == []
