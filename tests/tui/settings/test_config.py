"""The configuration: keys as people write them, a theme, and one clear line for what cannot be used."""

from __future__ import annotations

import json
import os
import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.keys import _character_to_key

from store.model.errors import LibraryError
from tests.tui.hostile import seen, texts
from tui.actions.registry import ACTIONS, SIGNS
from tui.settings import config
from tui.settings.config import Config

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(file: Path, text: str) -> Config:
    file.write_text(text, "utf-8")
    return config.load(file)


def refused(file: Path, text: str) -> str:
    """The one line that says why a configuration cannot be used."""
    with pytest.raises(LibraryError) as error:
        loaded(file, text)
    said = str(error.value)
    assert str(file) in said
    assert "\n" not in said
    return said.replace(str(file), "")


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
    assert config.load(file) == Config(theme="recto-light")


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
    with pytest.raises(LibraryError) as error:
        config.load(file)
    assert str(error.value) == f"the configuration {file} cannot be used: {reason}"


def test_the_theme_and_the_keys_are_read(file: Path) -> None:
    assert loaded(file, 'theme = "recto-light"\n[keys]\nhide = "X"\ndown = ["j", "n", "down"]\nnote = "N"\n') == Config(
        keys={"hide": "X", "down": "j,n,down", "note": "N"}, theme="recto-light"
    )


def test_the_example_of_the_readme_can_be_used(file: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.S)
    found = loaded(file, example)
    assert found.theme
    assert found.keys


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


@pytest.mark.parametrize("sign", sorted(string.punctuation))
def test_every_sign_can_be_a_key(file: Path, sign: str) -> None:
    key = _character_to_key(sign)
    # A key that has a meaning is given to the action that has it.
    action = next((action.id for action in ACTIONS if key in action.keys), "theme")
    assert loaded(file, f"[keys]\n{action} = {json.dumps(sign)}\n").keys == {action: key}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[keys]\nbookmrk = "z"\n', "bookmrk"),
        ('[keys]\nbookmark = "hyper+z"\n', "hyper+z"),
        ('[keys]\nbookmark = "zz"\n', "zz"),
        ('[keys]\nbookmark = "j,down"\n', "j,down"),
        ('[keys]\nbookmark = "g g"\n', "g g"),
        ('[keys]\nbookmark = ""\n', "not a key"),
        ('[keys]\nbookmark = "ctrl+"\n', "not a key"),
        ('[keys]\nbookmark = "+z"\n', "not a key"),
        ('[keys]\nbookmark = "\\u001b"\n', "not a key"),
        ('[keys]\nbookmark = "\\u200b"\n', "not a key"),
        ("[keys]\nbookmark = []\n", "bookmark has no key"),
        ("[keys]\nbookmark = 5\n", "keys"),
        ("[keys]\nbookmark = [5]\n", "keys"),
        ('keys = "j"\n', "keys"),
        ("theme = 5\n", "theme"),
        ('colour = "blue"\n', "colour"),
        ("theme = \n", "line 1"),
        ("[keys\n", "line 1"),
        ('[keys]\nbookmark = "q"\n', "quit"),
        ('[keys]\nbookmark = "z"\nhide = "z"\n', "hide"),
        ('[keys]\nbookmark = ["z", "enter"]\n', "read"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(file: Path, text: str, hint: str) -> None:
    assert hint in refused(file, text)


def test_what_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00theme")
    with pytest.raises(LibraryError, match="cannot be used"):
        config.load(file)
    with pytest.raises(LibraryError, match="cannot be used"):
        config.load(file.parent)


def test_keys_can_be_swapped_and_said_twice(file: Path) -> None:
    assert loaded(file, '[keys]\ndone = "b"\nbookmark = ["d", "d"]\n').keys == {"done": "b", "bookmark": "d"}
    assert loaded(file, '[keys]\nquit = "q"\n').keys == {"quit": "q"}
    assert loaded(file, '[keys]\nquit = "Q"\nhide = "q"\n').keys == {"quit": "Q", "hide": "q"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | texts)
def test_any_file_is_used_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("config") / "config.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        config.load(file)
    except LibraryError as error:
        assert str(error)


async def test_the_screen_hears_the_keys_that_were_configured(file: Path) -> None:
    found = loaded(
        file,
        '[keys]\nbookmark = "d"\ndone = "b"\nhide = "$"\nnote = "shift+z"\ntags = ["esc", " "]\n'
        'back = "f3"\npage_down = "f4"\n',
    )
    heard: list[str] = []

    class Listening(App[None]):
        BINDINGS = [Binding(",".join(action.keys), f"hear('{action.id}')", id=action.id) for action in ACTIONS]

        def action_hear(self, action: str) -> None:
            heard.append(action)

        def on_mount(self) -> None:
            self.set_keymap(found.keys)

    async with Listening().run_test() as pilot:
        app = pilot.app
        await pilot.press("d", "b", "dollar_sign", "escape", "space", "x", "n")
        # As the terminal sends it.
        app.post_message(events.Key("Z", "Z"))
        await pilot.pause()
    assert heard == ["bookmark", "done", "hide", "tags", "tags", "note"]


def test_errors_can_be_shown(file: Path) -> None:
    said = refused(file, '[keys]\nbookmark = "\\u001b[2J"\n')
    assert "not a key" in seen(said)
