"""The CSS of the screens whose modules are imported after the start."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

import tui.screens
from tui.screens.library_screen import LibraryScreen
from tui.screens.module_loader import parse_later_css
from tui.settings import themes
from tui.terminal.drawing import LATER_CSS


def _screens() -> set[type[Screen[object]]]:
    """All classes of screens in the package tui.screens, without the library screen."""
    modules = [
        importlib.import_module(f"tui.screens.{each.name}") for each in pkgutil.iter_modules(tui.screens.__path__)
    ]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    own = {each for each in classes if issubclass(each, Screen) and each.__module__.startswith("tui.screens.")}
    return own - {LibraryScreen}


def test_every_screen_but_the_library_screen_loads_the_later_css() -> None:
    screens = _screens()
    assert len(screens) > 10
    assert {each.__name__ for each in screens if each.CSS_PATH != LATER_CSS} == set()


def test_the_later_css_is_added_once() -> None:
    stylesheet = Stylesheet(variables=dict.fromkeys([*themes.DEFAULTS, *_textual_variables()], "red"))
    parse_later_css(stylesheet)
    rules = len(stylesheet.rules)
    parse_later_css(stylesheet)
    assert rules and len(stylesheet.rules) == rules
    assert [Path(path) for path, _ in stylesheet.source] == [LATER_CSS]


def _textual_variables() -> list[str]:
    return [*themes.ALL["textual-dark"].to_color_system().generate()]
