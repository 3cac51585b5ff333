"""Imports modules in a thread before they are needed, so that no key waits for them."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterable

# What a paper is read and laid out with.
DETAIL_MODULES = ("store.matching.merge", "tui.render.paper_page")


def import_in_thread(names: Iterable[str] = DETAIL_MODULES) -> None:
    """Import these modules in a thread of their own."""
    threading.Thread(target=_import, args=(names,), name="imports", daemon=True).start()


def _import(names: Iterable[str]) -> None:
    # A module that cannot be imported is reported where it is used.
    with contextlib.suppress(ImportError):
        for name in names:
            importlib.import_module(name)
