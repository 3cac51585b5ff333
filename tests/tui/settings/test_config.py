"""The configuration: keys as users write them, a theme, and one clear line for each value that cannot be used."""

from __future__ import annotations

import json
import os
import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.keys import _character_to_key

from tests import thorough
from tests.tui.hostile import seen, texts
from tui.actions.actions_and_keys import ACTIONS, BY_ID, SIGNS, ScreenName, keys_of, shown_keys
from tui.screens.direct_keys import KeyActions
from tui.settings import config, keymap, settings_table, toml_lines
from tui.settings.config import Config
from tui.settings.presets import PRESETS

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(file: Path, text: str) -> Config:
    file.write_text(text, "utf-8")
    return config.load(file)


def problem(file: Path, text: str) -> str:
    """The message that explains why a line of a configuration is ignored, without the path of the file."""
    (message,) = loaded(file, text).problems
    assert message.startswith(str(file))
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_without_a_file_the_defaults_apply(file: Path) -> None:
    assert config.load(file) == Config()
    assert config.load(file / "below" / "nothing") == Config()
    assert loaded(file, "") == Config()
    assert config.load(Path(os.devnull)) == Config()


def test_a_link_to_a_file_is_followed(file: Path, tmp_path: Path) -> None:
    """Programs that store all configurations in one folder put links at the usual paths."""
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
        (lambda path: (path.touch(), os.truncate(path, 2**40)), "it is larger than 256 KiB"),
    ],
)
def test_a_configuration_that_is_not_a_small_regular_file_is_refused(
    make: Callable[[Path], object], reason: str, file: Path
) -> None:
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
    # A key that some action has by default is assigned to this action, and any other key to `theme`.
    action = next((action.id for action in ACTIONS if key in action.keys), "theme")
    assert loaded(file, f"[keys]\n{action} = {json.dumps(written)}\n").keys == {action: key}


def test_every_sign_of_the_keyboard_has_the_name_that_the_screen_knows() -> None:
    assert {name: sign for sign in string.punctuation for name in [_character_to_key(sign)]} == SIGNS


@pytest.mark.parametrize("sign", sorted(string.punctuation))
def test_every_sign_can_be_a_key(file: Path, sign: str) -> None:
    # The help cannot lose its only key, so it gets another key.
    found = loaded(file, f"[keys]\nhelp = 'f1'\ntheme = {json.dumps(sign)}\n")
    assert found.problems == ()
    assert found.keys["theme"] == _character_to_key(sign)


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
        (f'[keys]\nbookmark = "{"a " * 5_000}"\n', ":2: bookmark: it has 5,000 keys; a sequence has at most 12"),
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
        ('[keys]\nbookmark = "?"\n', ":2: '?' is the last key of help, so bookmark cannot have it; bookmark keeps b"),
        (
            '[keys]\ntext_open = "?"\n',
            ":2: '?' is the last key of help, so text_open cannot have it; text_open keeps o",
        ),
        (
            '[keys]\nbookmark = ["q", "ctrl+c x"]\n',
            ":2: 'ctrl+c' is the last key of quit, so bookmark cannot have it; bookmark keeps b",
        ),
        (
            '[keys]\nbookmark = "q"\nhide = "ctrl+c"\n',
            ":3: 'ctrl+c' is the last key of quit, so hide cannot have it; hide keeps x",
        ),
        (
            '[keys]\ntriage_hide = ["escape", "q"]\n',
            ":2: 'q' is the last key of triage_leave, so triage_hide cannot have it; triage_hide keeps x",
        ),
        (
            '[keys]\nbookmark = "f7"\nnote = "x"\nhide = "f7"\n',
            ":4: the key 'f7' is given to both bookmark and hide; hide has no key",
        ),
        (
            '[keys]\ndown = "f7"\ntext_next = "f7"\n',
            ":3: the key 'f7' is given to both down and text_next; text_next keeps n",
        ),
        ('[keys]\nbookmark = "z"\nhide = "z"\n', ":3: the key 'z' is given to both bookmark and hide; hide keeps x"),
        ('[keys]\nhide = "z"\ndone = "z"\n', ":3: the key 'z' is given to both hide and done; done keeps d"),
        (
            '[keys]\nbookmark = "z z"\nhide = "z"\n',
            ":3: 'z' is the beginning of 'z z', so bookmark and hide cannot have both; hide keeps x",
        ),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_named_and_ignored(file: Path, text: str, message: str) -> None:
    found = problem(file, text)
    # The description of a TOML error is the text of the parser.
    assert found.startswith(message) if message.endswith(":") else found == message


def test_valid_lines_of_a_file_with_mistakes_are_used(file: Path) -> None:
    found = loaded(file, 'asci = true\ntheme = "nord"\n[keys]\nhide = "?"\nbookmark = "z z"\nnoet = "N"\n')
    assert found.keys == {"bookmark": "z z"}
    assert found.values == {"theme": "nord"}
    assert [message.removeprefix(f"{file}:").partition(":")[0] for message in found.problems] == ["1", "4", "6"]


def test_a_configuration_that_is_not_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00theme")
    assert config.load(file).problems == (f"the configuration {file} cannot be used: it is not text in UTF-8",)
    assert config.load(file.parent).problems


@pytest.mark.parametrize(
    ("lines", "keys", "taken"),
    [
        (
            'bookmark = "s"',
            {"sort": []},
            ["2: s is bookmark now; sort has no key, give it one with: recto config set keys.sort KEY"],
        ),
        (
            'theme = "z"\nbookmark = "space"',
            {"page_down": ["pagedown"]},
            ["3: space is bookmark now; page_down keeps pgdn"],
        ),
        ('bookmark = "q"', {"quit": ["ctrl+c"]}, ["2: q is bookmark now; quit keeps ctrl+c"]),
        ('bookmark = "g g"', {"top": ["home"]}, ["2: g g is bookmark now; top keeps home"]),
        (
            'bookmark = "*"',
            {f"rate_{rating}": [] for rating in (1, 2, 3, 4, 5, "none")},
            [
                "2: * is bookmark now; rate_1, rate_2, rate_3, rate_4, rate_5, rate_none have no key, "
                "give each one with: recto config set keys.rate_1 KEY"
            ],
        ),
        (
            'help = "s"',
            {"sort": [], "triage_skip": ["right"]},
            [
                "2: s is help now; triage_skip keeps →; "
                "sort has no key, give it one with: recto config set keys.sort KEY"
            ],
        ),
        ('text_next = "j"', {"down": ["j", "down"]}, []),
    ],
)  # fmt: skip
def test_a_key_of_the_user_is_taken_away_from_other_actions(
    file: Path, lines: str, keys: dict[str, list[str]], taken: list[str]
) -> None:
    found = loaded(file, f"[keys]\n{lines}\n")
    assert found.problems == ()
    assert {action_id: keys_of(BY_ID[action_id], found.keys) for action_id in keys} == keys
    assert [f"{each.line}: {each.text}" for each in found.taken] == taken


_KEYS = st.sampled_from(
    ["b", "s", "j", "q", "?", "g", "*", "ctrl+c", "escape", "n", "z", "g g", "g t", "* 1", "z z", "ctrl+c x", "f7"]
)


@thorough.examples(60, 2_000)
@given(
    st.dictionaries(st.sampled_from(sorted(BY_ID)), st.lists(_KEYS, min_size=1, max_size=3), max_size=6),
    st.sampled_from([None, *settings_table.PRESET_NAMES]),
)
def test_every_configured_key_does_what_the_configuration_says(lines: dict[str, list[str]], preset: str | None) -> None:
    text = "[keys]\n" + "".join(f"{name} = {json.dumps(keys)}\n" for name, keys in lines.items())
    text += f"preset = {json.dumps(preset)}\n" if preset else ""
    found, problems = config.parse(text)
    refused = {problem.path[-1] for problem in problems}
    for screen in get_args(ScreenName):
        typed = KeyActions(found.keys, {action.id for action in ACTIONS if screen in action.screens})
        for action_id in lines.keys() - refused:
            if screen in BY_ID[action_id].screens:
                for sequence in keymap.read_keys(lines[action_id]).split(","):
                    assert [typed.type(key).action_id for key in sequence.split(" ")][-1] == action_id
    for action_id in ("help", "quit", "triage_leave", "text_leave"):
        assert keys_of(BY_ID[action_id], found.keys)
    # Each action that lost a key to another action is reported, with the keys that it still has.
    lost = {loser: keys for taken in found.taken for loser, keys in taken.losers.items()}
    before = PRESETS[preset] if preset else {}
    for action in ACTIONS:
        if action.id not in lines.keys() - refused:
            has_lost = keys_of(action, found.keys) != keys_of(action, before)
            assert lost.get(action.id) == (shown_keys(action, found.keys) if has_lost else None)


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
    """Hypothesis generates a TOML document statement by statement.

    Each key must be found at the line where its statement begins.
    """
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


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join('a' * 50_000)} = 1\n",
        f"[{'.'.join('a' * 50_000)}]\n",
        f"x = {{{'.'.join('a' * 50_000)} = 1}}\n",
        f"x = [\n  {{{' . '.join('a' * 50_000)} = 1}},\n]\n",
    ],
)
def test_a_key_of_many_parts_is_refused_before_it_is_parsed(
    file: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(_: str) -> None:
        raise AssertionError("the text was parsed")

    monkeypatch.setattr("tomllib.loads", parse)
    assert "has too many dots" in loaded(file, text).problems[0]


def test_dots_in_quotes_and_comments_are_allowed(file: Path) -> None:
    text = f"# {'.' * 100}\ntheme = 'textual-dark'  # {'.' * 100}\n"
    file.write_text(text, "utf-8")
    assert config.load(file).problems == ()
    file.write_text(f'theme = "{"x." * 100}"\n', "utf-8")
    assert "theme" in config.load(file).problems[0]


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 50_000, "[" * 200_000, '"' * 200_000])
def test_deep_nesting_is_a_mistake_in_the_file(file: Path, text: str) -> None:
    assert "not valid TOML" in loaded(file, text).problems[0]
