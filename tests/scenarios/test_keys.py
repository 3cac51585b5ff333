"""Keys to which the configuration file assigns other actions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scenarios.conftest import OpenReader, OpenTerminal
from tui.screens.direct_keys import _BURST_SECONDS


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the configuration file, to which RECTO_CONFIG is set."""
    path = tmp_path / "mine.toml"
    monkeypatch.setenv("RECTO_CONFIG", str(path))
    return path


async def test_a_remapped_key_works_and_the_default_key_does_nothing(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\nbookmark = "f7"\nqueue = ["f6", "f2"]\nview_queue = "f9"\n')
    async with reader() as screen:
        await screen.press("b", "a", "3")
        assert screen.rows[0].startswith("●  Persimmon")
        assert screen.where == "New"
        await screen.press("f7", "f2", "f9")
        assert screen.status.startswith("Queue ")
        assert screen.rows[0].startswith("●★  1 Persimmon")


async def test_the_screen_shows_the_remapped_keys(reader: OpenReader, configured: Path) -> None:
    configured.write_text(
        '[keys]\nbookmark = "f7"\ndrop = "f6"\nhelp = "f1"\nview_queue = "z"\npalette = "ctrl+k"\nlog = "Z"\n'
    )
    async with reader((140, 50)) as screen:
        assert "f6 Drop" in screen.lines[-1]
        assert "f1 Help" in screen.lines[-1]
        await screen.until(lambda: "z Queue" in screen.text, "the views are counted")
        await screen.press("f1")
        await screen.type("bookmark")
        await screen.sees("set or remove the bookmark")
        line = next(line for line in screen.lines if "set or remove the bookmark" in line)
        assert line.split("│")[-2].split()[0] == "f7"
        await screen.press("escape", "escape", "ctrl+p")
        assert screen.app.screen is screen.main
        await screen.press("ctrl+k")
        await screen.type("bookm")
        await screen.sees("set or remove the bookmark")
        line = next(line for line in screen.lines if "Bookmark " in line and "set or" in line)
        assert line.rstrip(" │").endswith(" f7")


async def test_the_welcome_shows_the_remapped_keys(reader: OpenReader, configured: Path, empty: Path) -> None:
    configured.write_text('[keys]\nimport_file = "f6"\nquit = "f7"\n')
    async with reader(library=empty) as screen:
        lines = [
            line.split() for line in screen.lines if "imports a listing" in line or line.strip().endswith(" quits")
        ]
        assert [words[0] for words in lines] == ["f6", "f7"]
    configured.write_text('[keys]\ntheme = "i"\n')
    async with reader(library=empty) as screen:
        assert "imports the samples" in screen.text and "imports a listing" not in screen.text


def test_ctrl_c_ends_the_reader_unless_it_is_remapped_to_another_action(
    terminal: OpenTerminal, configured: Path
) -> None:
    configured.write_text('[keys]\nquit = "h"\n')
    screen = terminal()
    screen.shows("24 papers")
    screen.press("ctrl+c")
    assert screen.ends() == 130
    configured.write_text('[keys]\nquit = "h"\nbookmark = "ctrl+c"\n')
    screen = terminal()
    screen.shows("24 papers", "Persimmon")
    screen.press("ctrl+c")
    screen.shows("●★ Persimmon")
    screen.press("h")
    assert screen.ends() == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[keys]\nhide = "z"\nbookmark = "nosuchkey"\n',
            "mine.toml:3: bookmark: 'nosuchkey' is not a key; the nearest is",
        ),
        ('[keys]\nhide = "z"\nbokmark = "f"\n', "mine.toml:3: there is no action 'bokmark'; the nearest is 'bookmark'"),
        (
            '[keys]\nhide = "z"\nbookmark = "?"\n',
            "mine.toml:3: '?' is the last key of help, so bookmark cannot have it",
        ),
    ],
)
async def test_a_mistake_in_the_configuration_is_shown_and_the_rest_counts(
    reader: OpenReader, configured: Path, text: str, message: str
) -> None:
    configured.write_text(text)
    async with reader((160, 30)) as screen:
        await screen.sees("mine.toml:3: ")
        assert message in screen.main.notices.texts[0]
        await screen.press("b")
        await screen.until(lambda: "●★" in screen.rows[0], "the bookmark by its usual key")
        await screen.press("z")
        await screen.until(lambda: "∅★" in screen.rows[0], "the paper is hidden")


async def test_a_key_of_the_user_wins_and_the_reader_says_once_which_action_lost_it(
    reader: OpenReader, configured: Path
) -> None:
    configured.write_text('[keys]\nbookmark = "s"\n')
    lost = "s is bookmark now; sort has no key, give it one with: recto config set keys.sort KEY"
    async with reader((160, 30)) as screen:
        await screen.until(lambda: screen.main.notices.texts, "a notice")
        assert screen.main.notices.texts == [lost]
        await screen.press("s")
        await screen.until(lambda: "●★" in screen.rows[0], "the bookmark by the key of the user")
    async with reader((160, 30)) as screen:
        assert screen.main.notices.texts == []
    configured.write_text('[keys]\nbookmark = ["s", "t"]\n')
    async with reader((160, 30)) as screen:
        assert screen.main.notices.texts == [
            "s, t are bookmark now; sort, tags have no key, give each one with: recto config set keys.sort KEY"
        ]


async def test_an_action_without_a_key_is_found_in_the_palette(reader: OpenReader, configured: Path) -> None:
    configured.write_text(
        '[keys]\ntheme = ["a", "w", "o", "p", "f", "#", "n", "=", "+", "-", "c", "1", "enter", "space"]\n'
    )
    # Start recto once before the test, because at the first start a notice covers the key bar.
    async with reader((160, 40)) as screen:
        await screen.until(lambda: screen.main.notices.texts, "a notice")
    async with reader((160, 40)) as screen:
        assert "X Drop" in screen.lines[-1] and "Triage" not in screen.lines[-1]
        await screen.press("ctrl+p")
        await screen.type("put it in the reading queue")
        await screen.sees("Queue ")
        await screen.press("enter")
        await screen.sees("no. 1 in the queue")
        await screen.press("question_mark")
        await screen.type("reading queue, or")
        await screen.sees("put it in the reading queue, or take it out")
        await screen.press("escape", "escape", "G", "Q")
        await screen.sees("it is not in the queue: 'Queue' in the palette puts it there")


async def test_a_sequence_may_begin_with_ctrl_c(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\nbookmark = "ctrl+c b"\n')
    async with reader() as screen:
        await screen.press("ctrl+c", "b")
        await screen.until(lambda: "★" in screen.rows[0], "the bookmark")
        assert screen.app.is_running


async def test_a_configuration_that_is_a_pipe_does_not_block_the_reader(reader: OpenReader, configured: Path) -> None:
    os.mkfifo(configured)
    async with reader((160, 30)) as screen:
        await screen.until(lambda: screen.main.notices.texts, "a message")
        assert screen.main.notices.texts == [
            f"the configuration {configured} cannot be used: it is a named pipe, not a file"
        ]


async def test_an_unknown_theme_is_ignored(reader: OpenReader, configured: Path) -> None:
    configured.write_text('theme = "recto-light"\n')
    async with reader() as screen:
        assert not screen.app.current_theme.dark


@pytest.mark.parametrize("keys", ["оо", "ξξ"])
async def test_keys_work_by_their_place_on_other_layouts(reader: OpenReader, keys: str) -> None:
    async with reader() as screen:
        before = screen.paper
        await screen.press(*keys)
        assert screen.paper != before
        assert screen.cursor_line > 0


async def test_letters_of_other_alphabets_are_typed_into_the_filter_as_they_are(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("/")
        await screen.type("обξ")
        assert screen.main.filter_line.input.value == "обξ"


async def test_a_configured_letter_of_another_alphabet_has_its_own_action(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\nbookmark = "о"\n')
    async with reader() as screen:
        await screen.press("о")
        assert screen.rows[0].startswith("●★")


async def test_a_sequence_of_keys_does_its_action_however_fast_it_is_typed(
    reader: OpenReader, configured: Path
) -> None:
    configured.write_text('[keys]\npreset = "vim"\n')
    async with reader() as screen:
        titles = screen.titles
        await screen.type("ddjddGgg")
        await screen.press("7")
        assert set(screen.titles) == {titles[0], titles[1]}
        await screen.press("1", "G", "g", "g")
        assert screen.main.list.cursor == 0


async def test_the_status_line_shows_an_unfinished_sequence(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\npreset = "vim"\n')
    async with reader() as screen:
        before = screen.status
        await screen.press("d")
        assert screen.status.endswith("d …  n Done · d Hide")
        await screen.press("escape")
        assert screen.status == before
        await screen.press("d", "b")
        assert screen.status.endswith("no action has the keys d b")
        assert "★" not in screen.rows[0]
        await screen.press("w", "d")
        await screen.sees("d …  d Hide")
        await screen.press("d")
        await screen.sees("23 left")
        await screen.press("Z", "Z", "question_mark")
        await screen.type("hide it")
        await screen.sees("d d, x")


async def test_ctrl_c_may_end_a_sequence(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\npreset = "emacs"\nbookmark = "ctrl+x ctrl+c"\nquit = "q"\n')
    async with reader() as screen:
        await screen.press("ctrl+x", "ctrl+c")
        assert screen.rows[0].startswith("●★")
        assert screen.app.is_running


async def test_an_open_dialog_has_the_sequences_that_move_in_it(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\npreset = "vim"\n')
    async with reader() as screen:
        await screen.press("C")
        await screen.sees("BibTeX entry")
        await screen.press("G", "g")
        await screen.sees("g …  g Top")
        await screen.press("g")
        assert screen.app.screen._list.cursor == 0
        await screen.press("d")
        assert screen.app.screen.is_modal


async def test_a_key_without_an_action_is_answered_in_the_status_line(reader: OpenReader, configured: Path) -> None:
    configured.write_text('[keys]\nhelp = "f1"\n')
    async with reader() as screen:
        for key, name in (("z", "z"), ("f7", "f7"), ("§", "§"), ("ctrl+@", "ctrl+@"), ("ё", "`")):
            before = screen.rows
            await screen.pause(_BURST_SECONDS)
            await screen.press(key)
            assert screen.status.endswith(f"no action for {name} · f1 shows the keys")
            assert screen.rows == before
        await screen.press("w")
        await screen.until(lambda: screen.app.screen is not screen.main, "the sitting has begun")
        await screen.pause(_BURST_SECONDS)
        await screen.press("z")
        await screen.sees("no action for z · f1 shows the keys")


async def test_a_text_pasted_as_keys_is_not_answered_letter_by_letter(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("Z")
        await screen.type("ZZZZ§")
        assert screen.status.endswith("no action for Z · ? shows the keys")
        assert "§" not in screen.status


# The actions that open a dialog over the list.
DIALOGS = (
    "note", "tags", "postpone", "collect", "import_file", "export", "copy_as", "palette", "help", "log", "calendar",
    "statistics",
)  # fmt: skip


@pytest.mark.parametrize("preset", ["emacs", "vim"])
async def test_the_keys_that_go_back_cancel_everything_that_escape_cancels(
    reader: OpenReader, configured: Path, preset: str
) -> None:
    own = "" if preset == "emacs" else 'back = ["ctrl+g", "escape"]\n'
    configured.write_text(f'[keys]\npreset = "{preset}"\n{own}')
    async with reader() as screen:
        for action_id in DIALOGS:
            screen.main.do(action_id)
            await screen.until(lambda: screen.app.screen is not screen.main, f"{action_id} opens a dialog")
            await screen.press("ctrl+g")
            await screen.until(lambda: screen.app.screen is screen.main, f"{action_id} is cancelled")
        await screen.press("slash")
        await screen.type("persim")
        await screen.press("ctrl+g")
        assert not screen.main.search.is_filtered
        await screen.press("ctrl+w" if preset == "vim" else "ctrl+x")
        assert screen.main.is_in_sequence
        await screen.press("ctrl+g")
        assert not screen.main.is_in_sequence
        assert "no action" not in screen.status
