"""The JSON output of the commands agrees with the schema that `recto schema` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from store.library.library import Library
from tests.store.exporting.samples import ATTENTION, HOSTILE
from tests.store.exporting.samples import add as add_papers
from tests.tui import samples
from tests.tui.conftest import Recto
from tui.cli import schema
from tui.cli.group import recto as group


def check(name: str, text: str) -> Any:
    """The JSON value that a command printed. It must not be empty."""
    value = json.loads(text)
    Draft202012Validator.check_schema(schema.of(name))
    Draft202012Validator(schema.of(name), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)
    assert value
    return value


@pytest.fixture
def filled(recto: Recto, tmp_path: Path) -> Recto:
    """A library whose papers contain every kind of value."""
    daily, bibliography = samples.write(tmp_path / "listings")
    assert recto("import", str(daily), str(bibliography)).code == 0
    shown = recto("paths", "--json")
    with Library.open(Path(json.loads(shown.out)["library"])) as library:
        add_papers(library, ATTENTION, HOSTILE)
    recto("mark", "1", "--bookmark", "--queue", "--tag", "sky", "--note", "A note")
    recto("mark", "2", "--later", "2030-01-01")
    return recto


def test_the_json_of_papers_matches_its_schema(filled: Recto, tmp_path: Path) -> None:
    listed = check("list", filled("list", "--json").out)
    assert len(listed) == 10
    for line in filled("list", "--format", "jsonl").lines:
        check("show", line)
    check("show", filled("show", "1", "--json").out)
    check("queue", filled("queue", "--json").out)
    check("mark", filled("mark", "1", "--status", "done", "--json").out)
    target = tmp_path / "papers.json"
    filled("export", "-o", str(target))
    check("export", target.read_text("utf-8"))


def test_imports_and_the_program_itself(filled: Recto, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bib"
    broken.write_text("@article{a, title={One}}\n@article{b, year=2024}\n")
    for line in filled("import", "--json", str(broken), str(tmp_path / "listings")).lines:
        check("import", line)
    check("log", filled("log", "--json").out)
    check("log --mine", filled("log", "--mine", "--json").out)
    check("watch", filled("watch", "list", "--json").out)
    check("paths", filled("paths", "--json").out)
    check("formats", filled("formats", "--json").out)
    check("keys", filled("keys", "--json").out)


def test_the_json_of_marks_and_settings_matches_its_schema(filled: Recto, tmp_path: Path) -> None:
    filled("collection", "add", "thesis", "1", "2")
    filled("view", "add", "slow", "slow")
    for number in range(3, 8):
        filled("mark", str(number), "--bookmark")
    for name, words in (
        ("tag", ("tag", "list")),
        ("collection", ("collection", "list")),
        ("view", ("view", "list")),
        ("config", ("config", "show")),
        ("doctor", ("doctor",)),
        ("backup", ("backup",)),
        ("taste", ("taste",)),
        ("stats", ("stats",)),
        ("sync", ("sync", "status")),
    ):
        check(name, filled(*words, "--json").out)
    for words in (("list", "like:1", "--json"), ("list", "--sort", "for-you", "--json")):
        listed = filled(*words).out
        check("list", listed)
        assert {"likeness", "reasons"} & set(json.loads(listed)[0])
    page = tmp_path / "text.html"
    page.write_text(
        "<html><body><h1>Slow Glass</h1><h2>One</h2><p>A text of some words, which is long.</p></body></html>"
    )
    assert filled("attach", "1", str(page)).code == 0
    check("text", filled("text", "1", "--json").out)


def test_every_command_that_prints_json_has_a_schema() -> None:
    def with_json(command: click.Command) -> bool:
        inner = command.commands.values() if isinstance(command, click.Group) else ()
        return any("--json" in each.opts for each in command.params) or any(map(with_json, inner))

    assert {name for name, command in group.commands.items() if with_json(command)} <= set(schema._FILES)


def test_the_command_prints_a_schema_for_each_command_that_it_names(recto: Recto) -> None:
    for name in schema._FILES:
        assert json.loads(recto("schema", name).out) == schema.of(name)
        assert name.partition(" ")[0] in group.commands
    assert "'nothing' is not one of" in recto("schema", "nothing").complaint(2)


def test_a_schema_notices_a_value_of_another_kind_and_a_key_that_it_lacks(filled: Recto) -> None:
    paper = json.loads(filled("show", "1", "--json").out)
    described = Draft202012Validator(schema.of("show"))
    assert described.is_valid(paper)
    assert not described.is_valid({**paper, "title": 1}) and not described.is_valid({**paper, "more": 1})
    assert not described.is_valid({name: value for name, value in paper.items() if name != "tags"})
