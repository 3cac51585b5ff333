"""Imports modules in a thread before they are needed, so that no key waits for an import."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterable

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


def _import(names: Iterable[str]) -> None:
    # Ignore a module that cannot be imported: the error is reported when the module is used.
    with contextlib.suppress(ImportError):
        for name in names:
            importlib.import_module(name)
