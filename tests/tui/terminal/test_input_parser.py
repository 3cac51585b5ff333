"""Terminal input becomes keys, clicks and pastes. Anything else is ignored, and nothing raises an error."""

from __future__ import annotations

import random
from codecs import getincrementaldecoder

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.message import Message

from tests.tui.terminal import input_sequences
from tui.terminal.input_parser import InputParser

_ROUNDS = 500


class Clock:
    """A clock that the test sets (s)."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def parsed(*texts: str, pause: float = 0.0) -> list[Message]:
    """The events of texts that are received one after another, and of the long silence after them."""
    clock = Clock()
    parser = InputParser(clock=clock)
    parsed_events: list[Message] = []
    for text in texts:
        parsed_events += parser.feed(text)
        clock.now += pause
        parsed_events += parser.tick()
    clock.now += 60.0
    return [*parsed_events, *parser.tick()]


def keys(*texts: str, pause: float = 0.0) -> list[tuple[str, str | None]]:
    """The keys in the events of these texts, each with the character that it types."""
    return [(each.key, each.character) for each in parsed(*texts, pause=pause) if isinstance(each, events.Key)]


def names(*texts: str, pause: float = 0.0) -> list[str]:
    return [name for name, _ in keys(*texts, pause=pause)]


@pytest.mark.parametrize(
    ("report", "key"),
    [
        ("106u", ("j", "j")),
        ("106;;106u", ("j", "j")),
        ("106;1u", ("j", "j")),
        ("106;1:1u", ("j", "j")),
        ("106;1:2u", ("j", "j")),
        ("106;2u", ("J", "J")),
        ("106:74;2u", ("J", "J")),
        ("106:74:106;2:1;74u", ("J", "J")),
        ("106;65u", ("J", "J")),
        ("106;66u", ("j", "j")),
        ("106;129u", ("j", "j")),
        ("49:33;2u", ("exclamation_mark", "!")),
        ("223;2u", ("ß", "ß")),
        ("32;;32u", ("space", " ")),
        ("100;5u", ("ctrl+d", None)),
        ("100;5:1u", ("ctrl+d", None)),
        ("100;133u", ("ctrl+d", None)),
        ("120;3u", ("alt+x", None)),
        ("27u", ("escape", None)),
        ("27;1:1u", ("escape", None)),
        ("13;129u", ("enter", "\r")),
        ("13;1:2u", ("enter", "\r")),
        ("9;2u", ("shift+tab", None)),
        ("57399u", ("0", "0")),
        ("57414u", ("enter", "\r")),
        ("57362u", ("pause", None)),
        ("1;1:1A", ("up", None)),
        ("A", ("up", None)),
        ("1;5B", ("ctrl+down", None)),
        ("1;129F", ("end", None)),
        ("3~", ("delete", None)),
        ("5;1:2~", ("pageup", None)),
        ("13;2~", ("shift+f3", None)),
        ("25~", ("f13", None)),
        ("Z", ("shift+tab", None)),
        ("[A", ("f1", None)),
        ("0;;228u", ("ä", "ä")),
    ],
)
def test_a_key_report_gives_the_key_that_it_names(report: str, key: tuple[str, str | None]) -> None:
    assert keys(f"\x1b[{report}") == [key]


@pytest.mark.parametrize(
    "report",
    [
        "106;1:3u", "106;5:3u", "106:74;2:3;74u", "1;1:3A", "5;1:3~", "57441;1:3u", "27;1:3u", "13;129:3u",
        "0u", "1u", "55296u", "1114112u", "99999999999999999999u", "57358000u", "106;999u", "106;1;106;1u", "999;1A",
        "999~", "0;;55296u", "0;;7u", "99999999999A", "57345u",
    ],
)  # fmt: skip
def test_key_releases_and_reports_without_a_key_are_ignored(report: str) -> None:
    assert parsed(f"\x1b[{report}", "j")[1:] == []
    assert names(f"\x1b[{report}", "j") == ["j"]


def test_a_key_report_may_have_several_characters() -> None:
    assert keys("\x1b[0;;20320:22909u") == [("你", "你"), ("好", "好")]
    assert keys(f"\x1b[0;;{':'.join(['228'] * 40)}u") == [("ä", "ä")] * 40
    assert keys("\x1b[97;;97:7:98u") == [("a", "a"), ("b", "b")]


def test_sequences_that_textual_parses_correctly_give_the_same_keys() -> None:
    textual = XTermParser()
    for sequence in (
        *"jJ é€\t\r\x7f\x03\0",
        "\x1bOP",
        "\x1b[A",
        "\x1b[1;2A",
        "\x1b[17~",
        "\x1b[97;5u",
        "\x1bf",
        "\x1b[[B",
    ):
        expected = [(each.key, each.character) for each in textual.feed(sequence) if isinstance(each, events.Key)]
        assert keys(sequence) == expected and expected


def test_a_key_with_alt_is_one_key_if_it_does_something() -> None:
    parser = InputParser(alt_keys={"alt+j", "alt+shift+k"})
    pressed = [event.key for event in parser.feed("\x1bj\x1bK\x1bk") if isinstance(event, events.Key)]
    assert pressed == ["alt+j", "alt+shift+k", "escape", "k"]


def test_escape_and_a_key_in_quick_succession_are_two_keys() -> None:
    assert keys("\x1b") == [("escape", "\x1b")]
    assert names("\x1b", "j", pause=0.2) == ["escape", "j"]
    assert names("\x1b", "j") == names("\x1bj") == ["escape", "j"]
    assert names("\x1bJ") == ["escape", "J"]
    assert names("\x1b3") == ["escape", "3"]
    assert names("\x1b", "/", "j") == names("\x1b/j") == ["escape", "slash", "j"]
    assert names("\x1b[", "j", pause=0.2) == ["escape", "left_square_bracket", "j"]
    # Terminals send some keys in this form too, but then in one piece.
    assert names("\x1bb") == ["ctrl+left"]
    assert names("\x1b", "b") == ["escape", "b"]
    assert names("\x1b\x1b", "j", pause=0.2) == ["escape", "escape", "j"]
    assert names("\x1b\x1b[A") == ["escape", "up"]


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b[?62;22;52c", "\x1b[>0;276;0c", "\x1b[12;40R", "\x1b[1;1R", "\x1b[?1u", "\x1b[?2026;2$y", "\x1b[8;24;80t",
        "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]11;rgb:ffff/ffff/ffff\a", "\x1bP1+r544e=78\x1b\\",
        "\x1b_Gi=1;OK\x1b\\", "\x1b[M !!", "\x1b[<1;2M", "\x1b[<0;-1;-1M", "\x1b[48;1;1;1;1t", f"\x1b[{'1;' * 400}A",
        f"\x1b]52;c;{'x' * 9000}\x1b\\", "\x1b[?99999;9999$y", "\x1b[?$y", "\x1bOz", "\x1b[201~",
    ],
)  # fmt: skip
def test_an_answer_of_the_terminal_gives_no_key(answer: str) -> None:
    assert names(answer, "j", pause=2.0) == ["j"]
    assert names(*answer, "j") == ["j"]


def test_a_cut_off_sequence_is_given_up() -> None:
    for cut in ("\x1b[1;", "\x1b[<0;1", "\x1b]11;rgb:", "\x1bP1+r", "\x1b[M!", "\x1bO", "\x1b["):
        assert names(cut, "j", pause=2.0)[-1] == "j"
        # A new sequence, or a character that no sequence contains, ends the incomplete sequence at once.
        assert names(cut, "\x1b[A")[-1] == "up"
        if cut != "\x1b[M!" and cut != "\x1bO":
            assert names(cut, "\r")[-1] == "enter"
    # On a slow connection, a sequence is received in pieces.
    assert names("\x1b[1", ";5", "A", pause=0.5) == ["ctrl+up"]


def test_clicks_outside_any_possible_screen_are_ignored() -> None:
    (click,) = parsed("\x1b[<0;3;5M")
    assert isinstance(click, events.MouseDown) and (click.x, click.y, click.button) == (2, 4, 1)
    assert parsed(f"\x1b[<0;{'9' * 20};1M", "\x1b[<0;1;70000M", "\x1b[<0;1;M", f"\x1b[<{'9' * 12};1;1M") == []
    # Reports with every possible button code.
    assert all(len(parsed(f"\x1b[<{button};1;1{end}")) == 1 for button in range(256) for end in "Mm")


def test_only_plausible_sizes_of_a_terminal_that_announced_them_are_used() -> None:
    says = "\x1b[?2048;1$y"
    (mode, size) = parsed(says, "\x1b[48;24;80;480;800t")
    assert isinstance(mode, messages.InBandWindowResize)
    assert isinstance(size, events.Resize) and tuple(size.size) == (80, 24)
    assert parsed("\x1b[48;24;80;480;800t") == []
    for numbers in ("0;0;0;0", "24;80;0;0", "9999;9999;9999;9999", "24;80;480", "24;80;9;9", "24;80;-1;800"):
        assert len(parsed(says, f"\x1b[48;{numbers}t")) == 1
    # After this answer, the positions of clicks are in pixels.
    click = parsed(says, "\x1b[48;24;80;480;800t", "\x1b[<0;11;21M")[-1]
    assert isinstance(click, events.MouseDown) and (click.x, click.y) == (1, 1)


def test_a_paste_is_one_event_in_however_many_pieces_it_arrives() -> None:
    pasted = "two\nlines \x1b[A and \x1b[106;1:3u é\0"
    for step in (1, 2, 3, 7, 1000):
        text = f"a\x1b[200~{pasted}\x1b[201~b"
        whole = parsed(*(text[at : at + step] for at in range(0, len(text), step)))
        before, paste, after = whole
        assert isinstance(before, events.Key) and isinstance(after, events.Key)
        assert isinstance(paste, events.Paste) and paste.text == pasted.replace("\0", "")


def test_a_paste_without_its_end_ends_after_a_while() -> None:
    assert [type(each) for each in parsed("\x1b[200~text", "\x1b[20", "j", pause=2.0)] == [events.Paste]
    paste, key = parsed("\x1b[200~text\x1b[20", "j", pause=6.0)
    assert isinstance(paste, events.Paste) and paste.text == "text\x1b[20"
    assert isinstance(key, events.Key) and key.key == "j"


def test_only_the_beginning_of_an_endless_paste_is_kept() -> None:
    chunk = "x" * 65536
    (paste,) = parsed("\x1b[200~", *[chunk] * 40, "\x1b[201~")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == 1 << 20


def test_an_error_in_textuals_parser_loses_one_sequence_and_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = InputParser(clock=Clock())
    assert len(list(parser.feed("\x1b[?2048;1$y\x1b[48;24;80;480;800t"))) == 2
    with monkeypatch.context() as patched:
        patched.setattr(XTermParser, "parse_mouse_code", lambda self, code: 1 / 0)
        assert [each.key for each in parser.feed("\x1b[<0;11;21Mj") if isinstance(each, events.Key)] == ["j"]
    (click,) = parser.feed("\x1b[<0;11;21M")
    assert isinstance(click, events.MouseDown) and (click.x, click.y) == (1, 1)


def assert_survives(parts: list[bytes]) -> None:
    """Assert that each event of these bytes is usable, and that a key after a pause is recognized."""
    clock = Clock()
    parser, decoder = InputParser(clock=clock), getincrementaldecoder("utf-8")("replace")
    parsed_events: list[Message] = []
    for part in parts:
        parsed_events += parser.feed(decoder.decode(part))
        clock.now += 0.11
        parsed_events += parser.tick()
    for event in parsed_events:
        if isinstance(event, events.Key):
            f"{event.key}{event.character}{event.is_printable}".encode()
        elif isinstance(event, events.Resize):
            assert 0 < event.size.width <= 2000 and 0 < event.size.height <= 1000
        elif isinstance(event, events.MouseEvent):
            assert 0 <= event.x < 1 << 16 and 0 <= event.y < 1 << 16
    clock.now += 60.0
    list(parser.tick())
    list(parser.feed(decoder.decode(b"", final=True)))
    clock.now += 60.0
    list(parser.tick())
    assert [each.key for each in parser.feed("j") if isinstance(each, events.Key)] == ["j"]


def test_no_sequence_raises_an_error_or_swallows_later_keys() -> None:
    chance = random.Random(9)
    for _ in range(_ROUNDS):
        assert_survives([input_sequences.anything(chance) for _ in range(chance.randrange(1, 12))])


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_bytes_raise_an_error_or_swallow_later_keys(parts: list[bytes]) -> None:
    assert_survives(parts)


@given(st.lists(st.text("\x1b[]<>?;:$0123456789umMtyAR~OP_\\\a", max_size=40), max_size=6))
def test_no_text_like_a_sequence_raises_an_error_or_swallows_later_keys(parts: list[str]) -> None:
    assert_survives([part.encode() for part in parts])
