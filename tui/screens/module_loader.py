"""Imports modules and parses CSS in advance, so that no key has to wait for that."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterable

from textual.css.stylesheet import Stylesheet

from tui.terminal.drawing import LATER_CSS

# The modules that read a paper from the library and lay it out.
DETAIL_MODULES = (
    "store.matching.merge",
    "store.papers.highlights",
    "tui.render.paper_page",
    "tui.render.note_text",
    "markdown_it",
    "linkify_it",
)


def import_in_thread(names: Iterable[str] = DETAIL_MODULES) -> None:
    """Import the modules `names` in a new thread, and return at once."""
    threading.Thread(target=_import, args=(names,), name="imports", daemon=True).start()


def parse_later_css(stylesheet: Stylesheet) -> None:
    """Add LATER_CSS to `stylesheet`, if no screen has done so.

    If this is not called, Textual adds it when the first screen with LATER_CSS is opened, and then parses all CSS
    again, which takes 25 ms.
    """
    if not stylesheet.has_source(str(LATER_CSS)):
        stylesheet.read(LATER_CSS)
        stylesheet.parse()


def _import(names: Iterable[str]) -> None:
    # Ignore a module that cannot be imported: the error is reported when the module is used.
    with contextlib.suppress(ImportError):
        for name in names:
            importlib.import_module(name)
