"""Hostile text in every command: it is printed as plain text, JSON contains it unchanged, and errors stay one line."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from store.library.library import Library
from tests.tui import poisoned, samples
from tests.tui.conftest import Recto, Said
from tests.tui.hostile import C1, ESCAPES, MARKUP, PAYLOADS, UNSAFE, seen
from tests.tui.poisoned import NAMES

# Texts that can be a word on a command line: no NUL, and no lone surrogate.
WORDS = {name: text.replace("\0", "")[:3000] for name, text in PAYLOADS.items()}


@pytest.fixture(scope="session")
def poison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poison")
    poisoned.make(folder / "library.db", folder / "listings")
    return folder / "library.db"


@pytest.fixture
def tampered(tmp_path: Path, poison: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with hostile text in every column, which the commands of this test use."""
    path = tmp_path / "recto" / "library.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(poison, path)
    monkeypatch.setenv("RECTO_LIBRARY", str(path))
    return path


def harmless(said: Said) -> Said:
    """The output of the command. The test fails if a part of it could act on the terminal."""
    seen(said.out)
    seen(said.err)
    assert "Traceback" not in said.err
    return said


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["list", "--sort", "title"],
        ["list", "--format", "jsonl"],
        ["list", "--json"],
        ["list", "--view", "bookmarks"],
        ["queue"],
        ["queue", "--json"],
        ["queue", "move", "3", "1"],
        ["log"],
        ["log", "--json"],
        ["watch", "list"],
        ["watch", "list", "--json"],
        ["mark", *map(str, range(1, len(NAMES) + 1)), "--tag", "x"],
        ["mark", *map(str, range(1, len(NAMES) + 1)), "--json", "--no-bookmark"],
        ["paths"],
    ],
    ids=" ".join,
)
def test_the_contents_of_a_tampered_library_are_printed_as_harmless_text(
    recto: Recto, tampered: Path, words: list[str]
) -> None:
    assert harmless(recto(*words)).code == 0


@pytest.mark.parametrize("number", range(1, len(NAMES) + 1))
def test_a_tampered_paper_is_shown_as_text(recto: Recto, tampered: Path, number: int) -> None:
    said = harmless(recto("show", str(number)))
    assert said.code == 0
    if NAMES[number - 1] == "markup":
        assert said.lines[0] == MARKUP.strip()
    if NAMES[number - 1] == "escapes":
        assert "␛]52;c;cGF5bG9hZA==␇" in said.lines[0]


def test_markup_is_visible_in_the_list(recto: Recto, tampered: Path) -> None:
    assert any("[/] [b]bold[/b] [@click=app.quit]x[/]" in line for line in recto("list").lines)


def test_every_paper_takes_one_line_of_the_table(recto: Recto, tampered: Path) -> None:
    lines = recto("list", "--sort", "added").lines
    assert len(lines) == len(NAMES)
    assert [int(line.split()[0]) for line in lines] == list(range(len(NAMES), 0, -1))


def test_json_loses_nothing_and_still_does_nothing(recto: Recto, tampered: Path) -> None:
    said = harmless(recto("list", "--json"))
    found = {paper["id"]: paper for paper in json.loads(said.out)}
    for number, name in enumerate(NAMES, 1):
        assert found[number]["title"] == PAYLOADS[name]
        assert found[number]["abstract"] == PAYLOADS[name]
        assert found[number]["authors"][0]["affiliations"] == [PAYLOADS[name][:300]]
        assert found[number]["links"][1]["url"] == PAYLOADS[name][:300]
        assert json.loads(harmless(recto("show", str(number), "--json")).out) == found[number]
    logged = json.loads(harmless(recto("log", "--json")).out)
    assert [entry["warnings"] for entry in logged[1:]] == [[PAYLOADS[name][:300]] for name in NAMES]


@pytest.mark.parametrize("payload", WORDS)
def test_error_messages_repeat_arguments_as_one_harmless_line(recto: Recto, path: Path, payload: str) -> None:
    word = WORDS[payload]
    for words, code in (
        (["show", "--", word], 1),
        (["mark", "--bookmark", "--", word], 1),
        (["queue", "move", "--", word, "1"], 1),
        (["queue", "move", "--", "1", word], 2),
        (["list", "--view", word], 1),
        (["list", "--sort", word], 2),
        (["list", f"--{word}"], 2),
        ([f"--{word}"], 2),
        ([f"x{word}"], 2),
        (["import", "--", f"/nowhere/{word[:100]}"], 1),
        (["import", "x", "--format", word], 2),
        (["import", "x", "--listed-on", word], 2),
        (["watch", "add", "--", f"/nowhere/{word[:100]}"], 1),
        (["watch", "remove", "--", f"/nowhere/{word[:100]}"], 1),
        (["undo", "--", word], 2),
        (["--library", f"/dev/null/{word[:100]}", "list"], 1),
    ):
        said = harmless(recto(*words))
        assert len(said.complaint(code)) <= 1100, words


@pytest.mark.parametrize("payload", WORDS)
def test_messages_about_a_query_are_harmless(recto: Recto, path: Path, payload: str) -> None:
    word = WORDS[payload]
    for words in ([word], ["date:" + word], ["title:" + word, "is:" + word], ['"' + word], ["--", "-" + word]):
        said = harmless(recto("list", *words))
        assert said.code == 0


@pytest.mark.parametrize("payload", WORDS)
def test_notes_and_tags_are_clean_when_they_are_kept(recto: Recto, path: Path, payload: str) -> None:
    word = WORDS[payload]
    assert harmless(recto("mark", "1", "--note", word, "--tag", f"t{word}", "--json")).code == 0
    harmless(recto("show", "1"))
    found = json.loads(harmless(recto("show", "1", "--json")).out)
    assert not UNSAFE.search(found["note"] or "")
    assert all(not UNSAFE.search(tag) and "\n" not in tag for tag in found["tags"])


def test_a_hostile_file_is_reported_and_kept_clean(recto: Recto, path: Path, tmp_path: Path) -> None:
    papers = [
        {
            "paper": {
                "id": f"2601.{number:05}",
                "title": text[:20_000],
                "summary": text[:20_000],
                "authors": [{"name": text[:500]}],
                "publishedAt": "2026-01-02T00:00:00.000Z",
                "upvotes": 2**53,
                "ai_summary": text[:500],
                "ai_keywords": [text[:500]],
                "githubRepo": text[:500],
                "projectPage": f"https://example.org/{text[:500]}",
                "organization": {"name": text[:500], "fullname": text[:500]},
            },
            "title": text[:20_000],
            "numComments": 7,
        }
        for number, text in enumerate(PAYLOADS.values())
    ]
    name = os.fsdecode(f"hf{ESCAPES}{C1}\u202e".replace("/", "").encode()[:200]).strip()
    listing = tmp_path / name
    listing.write_text(json.dumps(papers), "utf-8")
    said = harmless(recto("import", "--json", listing)).report
    # A title without any visible character counts as no title.
    assert [said["added"], len(said["refused"])] == [len(PAYLOADS) - 2, 2]
    for words in (["import", listing], ["log"], ["log", "--json"], ["list"], ["list", "--json"]):
        harmless(recto(*words))
    assert len(recto("list", "--sort", "upvotes", "upvotes:>1000").lines) == len(PAYLOADS) - 2
    # No column of any table contains text that could act on the terminal, except the exact names of files, which are
    # never displayed.
    with sqlite3.connect(path) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table == "file":
                continue
            for row in connection.execute(f"SELECT * FROM {table}"):
                for value in row:
                    if isinstance(value, str):
                        assert not UNSAFE.search(value.replace("\t", "")), (table, value[:200])
    connection.close()


def test_hostile_text_of_refused_entries_is_reported_as_harmless_text(recto: Recto, path: Path, tmp_path: Path) -> None:
    listing = tmp_path / "papers.json"
    lines = [samples.snapshot_line(number) for number in range(3)]
    lines[1] = lines[1].replace("Snapshot Paper 1", ESCAPES).replace('"abstract": "', '"abstract": "' + C1)
    listing.write_text("\n".join(lines) + "\n", "utf-8")
    for words in (["import", listing], ["import", "--json", listing], ["log"], ["log", "--json"], ["list"]):
        harmless(recto(*words))


def test_a_hostile_setting_of_the_environment_is_one_line(recto: Recto, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RECTO_LIBRARY", "HOME", "XDG_DATA_HOME"):
        with monkeypatch.context() as patched:
            patched.delenv("RECTO_LIBRARY", raising=False)
            patched.setenv(name, "/dev/null/\x1b[2J\u202e\n[/]\x9b")
            patched.delenv("XDG_DATA_HOME" if name == "HOME" else "NOTHING", raising=False)
            harmless(recto("list")).complaint()
            assert harmless(recto("paths")).code == 0
            harmless(recto("paths", "--json"))


def test_help_contains_no_control_characters(recto: Recto) -> None:
    for words in (["--help"], ["list", "--help"], ["import", "-h"], ["mark", "-h"], ["watch", "-h"]):
        assert harmless(recto(*words)).code == 0


def test_a_tampered_session_or_journal_causes_no_error(recto: Recto, tampered: Path) -> None:
    with Library.open(tampered) as library, library.writing() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('session', ?)", (ESCAPES,))
        connection.execute(
            "INSERT INTO journal (at, label, papers, changes, undone) VALUES ('', ?, '[]', '[]', 0)",
            (ESCAPES + MARKUP,),
        )
    said = harmless(recto("undo"))
    assert said.code == 0
    assert "[/]" in said.out
