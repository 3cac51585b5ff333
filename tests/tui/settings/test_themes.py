"""Themes: their contrast, their names, and which one is used."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.settings import themes
from tui.settings.session import Session
from tui.settings.settings_table import nearest
from tui.settings.theme_choice import ThemeChoice

_CURSORS = ("cursor", "cursor-idle", "selected")
_BACKGROUNDS = (*_CURSORS, "field")
# The minimum contrast of text that WCAG 2 requires (levels AA and AAA).
_READABLE, _HIGH = 4.5, 7.0


def luminance(color: str) -> float:
    """The relative luminance of a colour, as defined in WCAG 2."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    parsed = Color.parse(color)
    return 0.2126 * linear(parsed.r) + 0.7152 * linear(parsed.g) + 0.0722 * linear(parsed.b)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", themes.OWN.values(), ids=lambda theme: theme.name)
def test_every_text_is_readable_on_everything_that_is_behind_it(theme: Theme) -> None:
    behind = {
        "background": theme.background,
        "surface": theme.surface,
        "panel": theme.panel,
        **{name: theme.variables[name] for name in _BACKGROUNDS},
    }
    texts = {
        "foreground": theme.foreground,
        "error": theme.error,
        "accent": theme.accent,
        **{name: color for name, color in theme.variables.items() if name not in _BACKGROUNDS},
    }
    least = _HIGH if "contrast" in theme.name else _READABLE
    faint = {
        f"{text} on {place}"
        for text, color in texts.items()
        for place, background in behind.items()
        if color and background and contrast(color, background) < least
    }
    assert faint == set()
    # The line under the cursor looks different from the other lines.
    assert len(set(behind.values())) >= 5 or "contrast" in theme.name


def test_there_are_six_themes_in_pairs_and_every_one_has_every_colour() -> None:
    assert len(themes.OWN) == 6
    for dark, light in themes.PAIRS:
        assert dark.dark and not light.dark
        assert themes.counterpart(dark.name) == light.name
        assert themes.counterpart(light.name) == dark.name
        assert set(dark.variables) == set(light.variables)
    assert set(themes.DEFAULTS) <= set(themes.DARK_16.variables) == set(themes.LIGHT_16.variables)
    assert themes.counterpart("nord") == themes.LIGHT.name
    assert themes.counterpart("solarized-light") == themes.DARK.name


def test_themes_of_16_colours_name_only_those() -> None:
    for theme in (themes.DARK_16, themes.LIGHT_16):
        assert {color for color in theme.variables.values() if not color.startswith("ansi_")} == set()
        # No line has the same colour for its text and its background.
        for place in _CURSORS:
            assert theme.variables[place] != theme.variables[f"{place}-text"] != "ansi_default"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("recto-drak", "recto-dark"),
        ("recto-lite", "recto-light"),
        ("dusk", "recto-dusk"),
        ("nrod", "nord"),
        ("Recto-Paper", "recto-paper"),
    ],
)
def test_the_nearest_theme_is_found(name: str, found: str) -> None:
    assert not themes.is_known(name)
    assert nearest(name, themes.names()) == found


@pytest.mark.parametrize(
    ("configured", "chosen", "background_is_dark", "name", "follows"),
    [
        (None, None, None, "recto-dark", True),
        (None, None, False, "recto-light", True),
        (None, "recto-dusk", False, "recto-dusk", False),
        ("recto-paper", "recto-dusk", True, "recto-paper", False),
        ("auto", "recto-dusk", False, "recto-light", True),
        ("nord", None, None, "nord", False),
        (None, "of old", False, "recto-light", True),
    ],
)
def test_the_configuration_comes_before_the_last_choice_and_that_before_the_terminal(
    configured: str | None, chosen: str | None, background_is_dark: bool | None, name: str, follows: bool
) -> None:
    choice = ThemeChoice(configured, Session(chosen_theme=chosen, background_is_dark=background_is_dark))
    assert (choice.name, choice.shown, choice.follows_terminal) == (name, name, follows)


def test_choosing_a_theme_is_saved_and_stops_following_the_terminal() -> None:
    shown: list[str] = []
    choice = ThemeChoice(None, Session())
    choice.apply = shown.append
    choice.background_known(False, is_late=False)
    assert (shown, choice.chosen, choice.background_is_dark) == (["recto-light"], None, False)
    choice.switch()
    assert (shown[-1], choice.chosen) == ("recto-dark", "recto-dark")
    choice.background_known(True, is_late=False)
    choice.background_known(False, is_late=False)
    assert shown[-1] == "recto-dark"
    choice.choose(themes.AUTO)
    assert (shown[-1], choice.chosen, choice.follows_terminal) == ("recto-light", None, True)


def test_a_late_answer_is_kept_for_the_next_start() -> None:
    shown: list[str] = []
    choice = ThemeChoice(None, Session())
    choice.apply = shown.append
    choice.background_known(False, is_late=True)
    assert (shown, choice.background_is_dark) == ([], False)


def test_few_colours_and_no_colours_have_themes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    for terminal, few in {"xterm": True, "screen": True, "linux": True, "xterm-256color": False}.items():
        monkeypatch.setenv("TERM", terminal)
        assert themes.has_16_colors() == few
    monkeypatch.setenv("TERM", "xterm")
    assert ThemeChoice(None, Session()).shown == "recto-16-dark"
    assert ThemeChoice("recto-paper", Session()).shown == "recto-16-light"
    monkeypatch.setenv("NO_COLOR", "1")
    assert ThemeChoice("recto-paper", Session()).shown == "ansi-dark"
