"""Shell completion: the possible continuations of a command line. Completion does not change the library."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.conftest import Recto
from tui.cli import command_table, completing, completion
from tui.cli.group import recto as program

Complete = Callable[[str], list[str]]
_EMPTY = ("library.db-wal", "library.db-shm")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table of commands and options, as the build of the wheel stores it."""
    path = tmp_path / "table.json"
    path.write_text(json.dumps(command_table.make()), "utf-8")
    monkeypatch.setattr(command_table, "STORED", path)
    return path


@pytest.fixture
def complete(path: Path, table: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Complete:
    """The words that bash offers after the line that was typed."""

    def run(line: str) -> list[str]:
        monkeypatch.setenv(completion.VARIABLE, "bash_complete")
        monkeypatch.setenv("COMP_LINE", line)
        monkeypatch.setenv("COMP_POINT", str(len(line.encode())))
        capfd.readouterr()
        assert completing.run() == 0
        return [offer.partition(",")[2] for offer in capfd.readouterr().out.splitlines() if offer]

    return run


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("recto li", ["list"]),
        ("recto config s", ["set", "show"]),
        ("recto list --so", ["--sort"]),
        ("recto list --sort up", ["upvotes"]),
        ("recto list --view boo", ["bookmarks"]),
        ("recto export --format bibl", ["biblatex"]),
        ("recto import --format bibt", ["bibtex"]),
        ("recto list auth", ["author:"]),
        ("recto list graph (auth", ["(author:"]),
        ("recto list is:boo", ["bookmarked"]),
        ("recto list has:cod", ["code"]),
        ("recto list nothing:", []),
        ("recto keys --preset v", ["vim"]),
        ("recto config set keys.bookm", ["keys.bookmark"]),
        ("recto config set theme nor", ["nord"]),
        ("recto config set keys.preset ", ["vim", "emacs", "arrows"]),
        ("recto mark 1 --tag pap", ["papers", "papers-of-1"]),
        ("recto list tag:papers-", ["papers-of-1"]),
        ("recto list --view tag:papers-", ["papers-of-1"]),
        ("recto tag rename pap", ["papers", "papers-of-1"]),
        ("recto list --view filter:", [r"to\ read"]),
        ("recto list --view coll", ["collection:shelf"]),
        ("recto view remove ", [r"to\ read"]),
        ("recto collection add s", ["shelf"]),
        ("recto list in:", ["shelf"]),
    ],
)
def test_the_words_that_fit_are_offered(recto: Recto, complete: Complete, line: str, offered: list[str]) -> None:
    recto("mark", "1", "--tag", "papers-of-1")
    recto("mark", "1", "2", "--tag", "papers")
    recto("view", "add", "to read", "is:queued")
    recto("collection", "add", "shelf", "1")
    assert complete(line) == offered


def test_the_library_that_the_line_names_is_read(recto: Recto, complete: Complete, tmp_path: Path) -> None:
    recto("mark", "1", "--tag", "here")
    other = tmp_path / "other.db"
    recto("--library", other, "list")
    assert complete("recto list tag:") == ["here"]
    assert complete(f"recto list --library {other} tag:") == []
    assert complete(f"recto --library {other} list tag:") == []


@pytest.mark.parametrize("kind", ["none", "a folder", "no library", "an older library"])
def test_a_completion_writes_nothing(
    complete: Complete, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    path = folder / "library.db"
    if kind == "a folder":
        path.mkdir()
    elif kind == "no library":
        path.write_bytes(b"no library" * 1000)
    elif kind == "an older library":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("CREATE TABLE tag (name TEXT)")
            connection.execute("INSERT INTO tag VALUES ('old'), ('two words'), ('a\x1b[2J')")
        connection.close()
    before = {each: each.is_dir() or each.read_bytes() for each in folder.iterdir()}
    monkeypatch.setenv("RECTO_LIBRARY", str(path))
    assert sorted(complete("recto list tag:")) == (['"two words"', "old"] if kind == "an older library" else [])
    assert {each: each.is_dir() or each.read_bytes() for each in folder.iterdir()} == before


def test_the_marks_that_another_program_has_just_made_are_offered(recto: Recto, complete: Complete, path: Path) -> None:
    recto("mark", "1", "--tag", "before")
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO tag (paper_id, name) VALUES (2, 'new')")
        connection.commit()
        assert sorted(complete("recto list tag:")) == ["before", "new"]


def test_the_table_has_every_command_and_option() -> None:
    rows = command_table.make()["command"]["commands"]
    assert set(rows) == set(program.commands)
    names = {name for row in rows["list"]["parameters"] for name in row["names"]}
    assert {"--view", "--sort", "--format", "words"} <= names


def test_a_completion_imports_no_command(table: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tui.cli import command_table, completing\n"
        f"command_table.STORED = Path({str(table)!r})\n"
        "completing.run()\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('store', 'tui', 'textual', 'msgspec')])"
    )
    environment = {
        **os.environ,
        completion.VARIABLE: "zsh_complete",
        "COMP_WORDS": "recto list tag:",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    parts = ("command_table", "completion", "completing")
    expected = [
        "tui",
        "tui.cli",
        *(f"tui.cli.{name}" for name in parts),
        "store",
        "store.library",
        "store.library.config_and_library_paths",
    ]
    assert done.stdout.splitlines()[-1] == str(expected)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed_and_has_no_error(recto: Recto, shell: str) -> None:
    script = recto("completion", shell)
    assert script.code == 0 and completion.VARIABLE in script.out
    if program_of_shell := shutil.which(shell):
        subprocess.run([program_of_shell, "-n"], input=script.out, text=True, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_with_the_script(recto: Recto, table: Path, tmp_path: Path) -> None:
    fake = tmp_path / "recto"
    fake.write_text(
        f"#!{sys.executable}\nimport sys; sys.path.insert(0, {str(Path.cwd())!r})\n"
        f"from pathlib import Path; from tui.cli import command_table; command_table.STORED = Path({str(table)!r})\n"
        "from tui.__main__ import main; main()\n"
    )
    fake.chmod(0o755)
    line = "recto list is:boo"
    code = f"""{recto("completion", "bash").out}
COMP_LINE={line!r} COMP_POINT={len(line)}
_recto_completion {str(fake)!r} 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "bookmarked\n"


HOSTILE = [
    "hostile$(>canary)", "hostile;>canary", "hostile`>canary`", "hostile'\";>canary", "hostile>canary",
    "hostile|>canary", "hostile&>canary", "hostile\\$(>canary)", "hostile!!", "hostile*?[a]{b,c}~#",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("before", ["mark 1 --tag ", "list tag:", "list --view tag:", "tag rename "])
def test_a_shell_takes_an_offered_name_as_one_word(
    recto: Recto, complete: Complete, tmp_path: Path, before: str
) -> None:
    """The names of tags may come from another machine or another person, so they can contain any character."""
    for name in HOSTILE:
        recto("mark", "1", "--tag", name)
    offers = complete(f"recto {before}hostile")
    assert len(offers) == len(HOSTILE)
    line = " ".join(before.split()[-1].removesuffix("tag:") + offer for offer in offers)
    shell = ["bash", "-c", f"printf '%s\\n' {line}"]
    words = subprocess.run(shell, capture_output=True, text=True, check=True, cwd=tmp_path).stdout.splitlines()
    assert {word[word.index("hostile") :].rstrip('"') for word in words} == {name.rstrip('"') for name in HOSTILE}
    assert not (tmp_path / "canary").exists()
