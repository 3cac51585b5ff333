"""The configuration: keys as people write them, a theme, and one clear line for what cannot be used."""

from __future__ import annotations

import json
import os
import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.keys import _character_to_key

from tests import thorough
from tests.tui.hostile import seen, texts
from tui.actions.registry import ACTIONS, SIGNS
from tui.screens.direct_keys import KeyActions
from tui.settings import config, settings_table, toml_lines
from tui.settings.config import Config

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(file: Path, text: str) -> Config:
    file.write_text(text, "utf-8")
    return config.load(file)


def problem(file: Path, text: str) -> str:
    """The one line that says why a line of a configuration is ignored, without the path of the file."""
    (message,) = loaded(file, text).problems
    assert message.startswith(str(file))
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_without_a_file_everything_is_as_it_comes(file: Path) -> None:
    assert config.load(file) == Config()
    assert config.load(file / "below" / "nothing") == Config()
    assert loaded(file, "") == Config()
    assert config.load(Path(os.devnull)) == Config()


def test_a_link_to_a_file_is_followed(file: Path, tmp_path: Path) -> None:
    """Programs that keep configurations in one folder put links in their places."""
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "recto.toml"
    target.write_text('theme = "recto-light"\n')
    file.symlink_to(target)
    assert config.load(file) == Config(values={"theme": "recto-light"})


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "it is a named pipe, not a file"),
        (Path.mkdir, "it is a folder, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is a socket or a device, not a file"),
        (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
        (lambda path: (path.touch(), os.truncate(path, 2**40)), "it is larger than 1,024 KiB"),
    ],
)
def test_what_is_not_a_small_file_is_refused_at_once(make: Callable[[Path], object], reason: str, file: Path) -> None:
    make(file)
    assert config.load(file) == Config(problems=(f"the configuration {file} cannot be used: {reason}",))


def test_the_theme_and_the_keys_are_read(file: Path) -> None:
    assert loaded(
        file, 'theme = "recto-light"\n[keys]\nhide = "f7"\ndown = ["j", "f8", "down"]\nnote = "f9"\n'
    ) == Config(keys={"hide": "f7", "down": "j,f8,down", "note": "f9"}, values={"theme": "recto-light"})


def test_the_examples_of_the_readme_can_be_used(file: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.S)
    found = [loaded(file, example) for example in examples]
    assert any(each[settings_table.THEME] and each.keys for each in found)
    assert [each.problems for each in found] == [()] * len(examples)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("z", "z"), ("Z", "Z"), ("shift+z", "Z"), ("ctrl+z", "ctrl+z"), ("ctrl+Z", "ctrl+z"), ("alt+z", "alt+z"),
        ("f2", "f2"), ("enter", "enter"), ("return", "enter"), ("esc", "escape"), ("escape", "escape"), (" ", "space"),
        ("space", "space"), ("pgdn", "pagedown"), ("del", "delete"), ("/", "slash"), ("?", "question_mark"),
        ("<", "less_than_sign"), ("+", "plus"), (",", "comma"), ("-", "minus"), ("$", "dollar_sign"),
        ("|", "vertical_line"), ("\\", "backslash"), ('"', "quotation_mark"), ("'", "apostrophe"),
        ("dollar_sign", "dollar_sign"), ("ctrl+right", "ctrl+right"), ("shift+f3", "shift+f3"),
        ("é", "é"), ("9", "9"), ("ctrl+/", "ctrl+slash"),
    ],
)  # fmt: skip
def test_keys_are_written_as_people_write_them(file: Path, written: str, key: str) -> None:
    # A key that has a meaning is given to the action that has it.
    action = next((action.id for action in ACTIONS if key in action.keys), "theme")
    assert loaded(file, f"[keys]\n{action} = {json.dumps(written)}\n").keys == {action: key}


def test_every_sign_of_the_keyboard_has_the_name_that_the_screen_knows() -> None:
    assert {name: sign for sign in string.punctuation for name in [_character_to_key(sign)]} == SIGNS


# Signs with which a sequence of recto's own keys begins.
_FIRST_OF_SEQUENCE = {key.split(" ")[0] for action in ACTIONS for key in action.keys if " " in key}


@pytest.mark.parametrize(
    "sign", [sign for sign in sorted(string.punctuation) if _character_to_key(sign) not in _FIRST_OF_SEQUENCE]
)
def test_every_sign_can_be_a_key(file: Path, sign: str) -> None:
    key = _character_to_key(sign)
    # A key that has a meaning is given to the action that has it.
    action = next((action.id for action in ACTIONS if key in action.keys), "theme")
    assert loaded(file, f"[keys]\n{action} = {json.dumps(sign)}\n").keys == {action: key}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[keys]\nbookmrk = "z"\n', ":2: there is no action 'bookmrk'; the nearest is 'bookmark'"),
        ('[keys]\nbookmark = "hyper+z"\n', ":2: bookmark: 'hyper+z' is not a key; the nearest to 'hyper' is 'super'"),
        ('[keys]\nbookmark = "pgdwn"\n', ":2: bookmark: 'pgdwn' is not a key; the nearest is 'pgdn'"),
        ('[keys]\nbookmark = "zz"\n', ":2: bookmark: 'zz' is not a key; for two keys one after the other write 'z z'"),
        ('[keys]\nbookmark = "j,down"\n', ":2: bookmark: 'j,down' is not a key; the nearest is 'down'"),
        ('[keys]\nbookmark = ""\n', ":2: bookmark: '' is not a key; write j, J, ctrl+d, enter, f2 …"),
        ('[keys]\nbookmark = "ctrl+"\n', ":2: bookmark: 'ctrl+' is not a key; write j, J, ctrl+d, enter, f2 …"),
        ('[keys]\nbookmark = "\\u001b"\n', ":2: bookmark: '\\x1b' is not a key; write j, J, ctrl+d, enter, f2 …"),
        ("[keys]\nbookmark = []\n", ":2: bookmark: name a key, or leave the line out"),
        ("[keys]\nbookmark = 5\n", ':2: bookmark: write a key as text, such as "j", or several as a list'),
        ("[keys]\nbookmark = [5]\n", ':2: bookmark: write a key as text, such as "j", or several as a list'),
        ("keys.bookmark = 5\n", ':1: bookmark: write a key as text, such as "j", or several as a list'),
        ("\nkeys = {bookmark = 5}\n", ':2: bookmark: write a key as text, such as "j", or several as a list'),
        ('keys = "j"\n', ':1: keys must be a table; write [keys], and in it for example: bookmark = "s"'),
        ("# a comment\n\ntheme = 5\n", ":3: theme must be the name of a theme"),
        ('theme = "nrod"\n', ":1: there is no theme 'nrod'; the nearest is 'nord'"),
        ("ascii = 1\n", ":1: ascii must be true or false"),
        ('asci = "blue"\n', ":1: there is no setting 'asci'; the nearest is 'ascii'"),
        ("[[theme]]\nx = 1\n", ":1: theme must be the name of a theme"),
        ("ascii = true\n[ascii.x]\n", ":2: not valid TOML:"),
        ("ascii = true\n\ntheme = \n", ":3: not valid TOML:"),
        ("[keys\n", ":1: not valid TOML:"),
        ('[keys]\nbookmark = "q"\n', ":2: the key 'q' is given to both quit and bookmark; bookmark keeps b"),
        ('[keys]\nbookmark = "z"\nhide = "z"\n', ":3: the key 'z' is given to both bookmark and hide; hide keeps x"),
        ('[keys]\nhide = "z"\ndone = "z"\n', ":3: the key 'z' is given to both hide and done; done keeps d"),
        (
            '[keys]\nbookmark = ["z", "enter"]\n',
            ":2: the key 'enter' is given to both read and bookmark; bookmark keeps b",
        ),
        (
            '[keys]\nbookmark = "g g"\n',
            ":2: 'g' is the beginning of 'g g', so top and bookmark cannot have both; bookmark keeps b",
        ),
        (
            '[keys]\nbookmark = "z z"\nhide = "z"\n',
            ":3: 'z' is the beginning of 'z z', so bookmark and hide cannot have both; hide keeps x",
        ),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_named_and_ignored(file: Path, text: str, message: str) -> None:
    found = problem(file, text)
    # What is wrong with the TOML is in the words of the parser.
    assert found.startswith(message) if message.endswith(":") else found == message


def test_the_other_lines_of_a_wrong_file_count(file: Path) -> None:
    found = loaded(file, 'asci = true\ntheme = "nord"\n[keys]\nhide = "q"\nbookmark = "z z"\nnoet = "N"\n')
    assert found.keys == {"bookmark": "z z"}
    assert found.values == {"theme": "nord"}
    assert [message.removeprefix(f"{file}:").partition(":")[0] for message in found.problems] == ["1", "4", "6"]


def test_what_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00theme")
    assert config.load(file).problems == (f"the configuration {file} cannot be used: it is not text in UTF-8",)
    assert config.load(file.parent).problems


def test_keys_can_be_swapped_and_said_twice(file: Path) -> None:
    assert loaded(file, '[keys]\ndone = "b"\nbookmark = ["d", "d"]\n').keys == {"done": "b", "bookmark": "d"}
    assert loaded(file, '[keys]\nquit = "q"\n').keys == {"quit": "q"}
    assert loaded(file, '[keys]\nquit = "f7"\nhide = "q"\n').keys == {"quit": "f7", "hide": "q"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | texts)
def test_any_file_is_used_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("config") / "config.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert all(message and "\n" not in message for message in config.load(file).problems)


def test_the_screen_hears_the_keys_that_were_configured(file: Path) -> None:
    found = loaded(
        file,
        '[keys]\nbookmark = "d"\ndone = "b"\nhide = "$"\nnote = "shift+h"\ntags = ["esc", " "]\n'
        'back = "f3"\npage_down = "f4"\n',
    )
    actions = KeyActions(found.keys)
    heard = [actions.of(key) for key in ("d", "b", "dollar_sign", "escape", "space", "x", "n", "H")]
    assert heard == ["bookmark", "done", "hide", "tags", "tags", None, None, "note"]


def test_errors_can_be_shown(file: Path) -> None:
    assert "not a key" in seen(problem(file, '[keys]\nbookmark = "\\u001b[2J"\n'))


@thorough.examples(60, 2_000)
@given(st.data())
def test_the_line_of_each_key_is_found(data: st.DataObject) -> None:
    """A document is written statement by statement; each key is found at the line where its statement began."""
    value = st.sampled_from(
        [
            "1",
            '"a # b"',
            "'c = d'",
            '"""x\n[y]\nz = 1"""',
            "[\n 1, # ]\n 2,\n]",
            "{ p = 1 }",
            "2026-01-01",
            '"\\""',
            "'''\n#'''",
        ]
    )
    blank = st.sampled_from(["", "\n", "# [no.table]\n", "  # a = 1\n\n"])
    text = ""
    table: tuple[str, ...] = ()
    expected: dict[tuple[str, ...], int] = {}
    for number in range(data.draw(st.integers(1, 6))):
        text += data.draw(blank)
        if data.draw(st.booleans()):
            expected[("t", str(number))] = text.count("\n") + 1
            text += f"[ t.{number} ] # = \n"
            text += data.draw(blank)
            table = ("t", str(number))
        key = data.draw(st.sampled_from([("a b", '"a b"'), ("x=y", "'x=y'"), ("k", "k")]))
        path = (*table, f"n{number}", key[0])
        expected[path] = text.count("\n") + 1
        text += f"n{number} . {key[1]} = {data.draw(value)} # end\n"
    tomllib.loads(text)
    assert toml_lines.lines_of(text) == expected
