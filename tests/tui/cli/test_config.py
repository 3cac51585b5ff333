"""The command `recto config` shows, checks and changes the configuration, and leaves all other lines unchanged."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.tui.conftest import Recto
from tui.actions.actions_and_keys import ACTIONS, BY_ID
from tui.settings import config, config_change
from tui.settings.settings_table import SETTINGS

WRITTEN = """# mine

theme = "nord" # dark

[keys]
# so that b is free
bookmark = "f7"   # a function key
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the configuration file, which does not exist yet."""
    path = tmp_path / "settings" / "mine.toml"
    monkeypatch.setenv("RECTO_CONFIG", str(path))
    return path


@pytest.fixture
def written(file: Path) -> Path:
    file.parent.mkdir()
    file.write_text(WRITTEN)
    return file


def test_the_path_is_printed(recto: Recto, file: Path) -> None:
    assert recto("config", "path").lines == [str(file)]


def test_every_setting_is_shown_with_its_value_its_default_and_its_source(recto: Recto, written: Path) -> None:
    recto("config", "set", "keys.preset", "emacs")
    rows = {row["name"]: row for row in json.loads(recto("config", "show", "--json").out)}
    assert list(rows) == [*(setting.name for setting in SETTINGS), *(f"keys.{action.id}" for action in ACTIONS)]
    chosen = {name: [rows[name][key] for key in ("value", "default", "source", "line")] for name in rows}
    assert chosen["theme"] == ["nord", None, "file", 3]
    assert chosen["ascii"] == [None, None, "default", None]
    assert chosen["keys.bookmark"] == [["f7"], ["b"], "file", 7]
    assert chosen["keys.top"] == [["alt+less_than_sign", "home"], ["g", "home"], "preset", None]
    assert chosen["keys.sort"] == [["s"], ["s"], "default", None]
    lines = recto("config", "show").lines
    assert lines[0] == f"# {written}"
    assert lines[1].startswith("# recto config set NAME VALUE")
    assert any(line.split()[:4] == ["theme", "nord", "line", "3;"] for line in lines)


def test_every_mistake_is_reported_with_its_line(recto: Recto, written: Path) -> None:
    assert recto("config", "check").out == f"{written}: no mistakes\n"
    written.write_text(WRITTEN.replace("nord", "nrod") + 'hide = "?"\nnoet = "N"\n')
    said = recto("config", "check")
    assert said.code == 1
    assert [line.removeprefix(f"{written}:") for line in said.lines] == [
        "3: there is no theme 'nrod'; the nearest is 'nord'",
        "8: '?' is the last key of help, so hide cannot have it; hide keeps x",
        "9: there is no action 'noet'; the nearest is 'note'",
    ]


def test_keys_that_other_actions_lost_are_named_and_are_no_mistakes(recto: Recto, written: Path) -> None:
    lost = "s is hide now; sort has no key, give it one with: recto config set keys.sort KEY"
    assert recto("config", "set", "keys.hide", "s").out == f"keys.hide is s\n{lost}\n"
    assert recto("config", "set", "ascii", "true").out == "ascii is true\n"
    said = recto("config", "check")
    assert (said.code, said.lines) == (0, [f"{written}:9: {lost}", f"{written}: no mistakes"])
    rows = {row["name"]: row for row in json.loads(recto("config", "show", "--json").out)}
    chosen = [rows["keys.sort"][key] for key in ("value", "default", "source", "line", "value_text")]
    assert chosen == [[], ["s"], "file", 9, "none"]
    assert f"{'':<16} {BY_ID['sort'].help}" in recto("keys").lines
    assert recto("config", "unset", "keys.hide").out == "keys.hide is x\n"


def test_unsetting_the_keys_of_an_action_says_that_another_one_has_them(recto: Recto, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[keys]\nbookmark = "s"\nsort = "h"\n')
    assert recto("config", "unset", "keys.sort").out == (
        "keys.sort is none\ns is bookmark now; sort has no key, give it one with: recto config set keys.sort KEY\n"
    )


def test_a_missing_configuration_file_is_no_mistake(recto: Recto, file: Path) -> None:
    said = recto("config", "check")
    assert (said.code, said.out) == (0, f"{file}: there is no file; all is default\n")
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "key", "value"),
    [
        (["theme", "recto-light"], "theme", "recto-light"),
        (["ascii", "true"], "ascii", True),
        (["keys.hide", "f8"], "keys.hide", "f8"),
        (["keys.view_all", "2"], "keys.view_all", "2"),
        (["keys.down", "down", "z z"], "keys.down", ["down", "z z"]),
        (["keys.bookmark", '["f10", "f11"]'], "keys.bookmark", ["f10", "f11"]),
        (["keys.preset", "arrows"], "keys.preset", "arrows"),
        (["mail.port", "25"], "mail.port", 25),
        (["mail.username", "25"], "mail.username", "25"),
        (["mail.to", "ann@example.org", "bob@example.org"], "mail.to", ["ann@example.org", "bob@example.org"]),
    ],
)
@pytest.mark.parametrize(
    "text", ["", WRITTEN, 'keys.note = "f12"\n', "mail = { port = 1 }\n", "\ufefftheme = 'nord'\r\n"]
)
def test_a_value_is_set_and_everything_else_stays(
    recto: Recto, file: Path, text: str, words: list[str], key: str, value: object
) -> None:
    file.parent.mkdir()
    file.write_text(text, "utf-8", newline="")
    assert recto("config", "set", *words).code == 0
    changed = file.read_text("utf-8-sig")
    expected = tomllib.loads(text.removeprefix("\ufeff"))
    table, _, name = key.rpartition(".")
    (expected.setdefault(table, {}) if table else expected)[name] = value
    assert tomllib.loads(changed) == expected
    assert config.load(file).problems == ()
    for comment in (line[line.index("#") :] for line in text.splitlines() if "#" in line):
        assert comment in changed
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["theme", "nrod"], "there is no theme 'nrod'; the nearest is 'nord'"),
        (["thmee", "nord"], "there is no setting 'thmee'; the nearest is 'theme'"),
        (["keys.bokmark", "s"], "there is no setting 'keys.bokmark'; the nearest is 'keys.bookmark'"),
        (["keys.hide", "?"], "'?' is the last key of help, so hide cannot have it; hide keeps x"),
        (["keys.hide", "f7"], "the key 'f7' is given to both bookmark and hide; hide keeps x"),
        (["keys.hide", "pgdwn"], "hide: 'pgdwn' is not a key; the nearest is 'pgdn'"),
        (["keys.quit", "f7"], "the key 'f7' is given to both bookmark and quit; quit keeps q ctrl+c"),
        (["ascii", "yes"], "ascii must be true or false"),
        (["mail.port", "0"], "mail.port must be a whole number from 1 to 65,535"),
        (["theme", "nord", "dracula"], "theme must be the name of a theme"),
    ],
)
def test_a_wrong_value_is_refused_and_changes_nothing(
    recto: Recto, written: Path, words: list[str], complaint: str
) -> None:
    assert recto("config", "set", *words).complaint() == complaint
    assert written.read_text() == WRITTEN
    assert list(written.parent.iterdir()) == [written]


def test_a_value_is_removed(recto: Recto, written: Path) -> None:
    assert recto("config", "unset", "keys.bookmark").out == "keys.bookmark is b\n"
    assert recto("config", "unset", "ascii").code == 0
    assert written.read_text() == "".join(line for line in WRITTEN.splitlines(keepends=True) if '"f7"' not in line)
    assert "the nearest is 'theme'" in recto("config", "unset", "thmee").complaint()


def test_a_broken_configuration_or_a_link_is_not_changed(recto: Recto, written: Path, tmp_path: Path) -> None:
    written.write_text("theme = = 3\n")
    complaint = recto("config", "set", "ascii", "true").complaint()
    assert complaint.startswith("line 1: not valid TOML") and complaint.endswith("mend it with: recto config edit")
    target = tmp_path / "dotfiles.toml"
    target.write_text(WRITTEN)
    written.unlink()
    written.symlink_to(target)
    assert recto("config", "set", "ascii", "true").complaint() == (
        f"{written} is a link to {target}; change that file, or use: recto config edit"
    )
    assert target.read_text() == WRITTEN


def test_an_editor_opens_the_file_and_mistakes_are_reported_afterwards(
    recto: Recto, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text("import sys; open(sys.argv[1], 'a').write('ascii = 3\\n')")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    said = recto("config", "edit")
    lines = file.read_text().count("\n")
    assert (said.code, said.out) == (1, f"{file}:{lines}: ascii must be true or false\n")
    assert file.read_text().startswith(config_change.template())
    monkeypatch.setenv("VISUAL", "false")
    assert recto("config", "edit").complaint() == "false ended with code 1"


def test_the_file_that_the_editor_gets_first_explains_every_setting_and_sets_none() -> None:
    template = config_change.template()
    assert tomllib.loads(template) == {}
    assert all(setting.help in template and setting.name.rpartition(".")[2] in template for setting in SETTINGS)
