"""When a dialog or screen is closed, recto frees all of its memory."""

from __future__ import annotations

import gc
from collections import Counter

import pytest
from textual.widget import Widget

from tests.scenarios.conftest import OpenReader
from tui import app
from tui.terminal import tuning

# The keys that open a dialog or screen, each with the keys that close it.
DIALOGS = {
    "calendar": ("D", "escape"),
    "palette": ("ctrl+p", "escape"),
    "sitting": ("w", "escape", "escape"),
    "tags": ("t", "x", "enter", "u"),
    "note": ("n", "x", "ctrl+s", "u"),
}


def kept() -> Counter[str]:
    """The number of widgets, and of caches of drawn lines, that are in memory after a garbage collection, by class."""
    gc.collect()
    objects = [each for each in gc.get_objects() if isinstance(each, Widget) or type(each).__name__ == "StylesCache"]
    return Counter(type(each).__name__ for each in objects)


async def test_a_closed_dialog_is_freed(reader: OpenReader) -> None:
    async with reader() as shown:
        await shown.press("2")
        for name, keys in DIALOGS.items():
            # Open and close the dialog once before counting, because some widgets are created at their first use.
            await shown.press(*keys)
            before = kept()
            for _ in range(3):
                await shown.press(*keys)
            # Every widget refers to the last message that it has handled, and so to its sender: send it another one.
            await shown.pilot.pause()
            # A timer or a message may still refer to a screen that was closed a moment ago.
            await shown.until(
                lambda before=before: all(count <= 2 for count in (kept() - before).values()),
                f"the dialogs are freed: {name}",
            )


async def test_garbage_is_searched_for_only_while_no_key_is_pressed(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches: list[bool] = []
    monkeypatch.setattr(tuning, "collect_all_garbage", lambda: searches.append(True))
    monkeypatch.setattr(app, "_IDLE_SECONDS", 0.02)
    async with reader() as shown:
        await shown.until(lambda: searches, "the garbage is searched for")
        monkeypatch.setattr(app, "_IDLE_SECONDS", 3600.0)
        await shown.press("j")
        searches.clear()
        await shown.press("j", "k", "2", "j", "1")
        assert not searches
