"""Makes screenshots of recto with the sample listings: `make screenshots`.

Pictures for the README are written to assets/screenshots. Pictures of each state of the screen, in three sizes, are
written to .run/screenshots, which git ignores: look at these after a change to the screen.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.config_and_library_paths import places
from store.library.library import Library
from store.marks import marking
from tui.actions.samples import sample_folder
from tui.app import Recto
from tui.settings.config import Config
from tui.settings.session import Session

_PROJECT = Path(__file__).parent.parent
README = _PROJECT / "assets" / "screenshots"
STATES = _PROJECT / ".run" / "screenshots"
SIZES = ((80, 24), (120, 36), (200, 50))
# "Today" in the pictures: the day after the newest sample, so that the dates in the pictures are always the same.
_TODAY = date(2026, 10, 30)


class State(NamedTuple):
    """What a picture shows: the keys that lead to this state of the screen, and how recto is opened."""

    keys: Sequence[str] = ()
    session: Session = Session()
    config: Config = Config()
    # Whether the library has no papers, and whether the samples are being imported into it.
    is_empty: bool = False
    imports: bool = False


ALL_STATES = {
    "list": State(["j", "j"]),
    "selection": State(["v", "j", "j"]),
    "paper": State(["j", "enter"]),
    "views": State(["shift+tab"]),
    "queue": State(["3"]),
    "later": State(["l", "enter", "9"]),
    "filter": State(["slash", *"modle"], Session(view="all")),
    "filter-nothing": State(["slash", *"zzzzzz"]),
    "triage": State(["w"]),
    "triage-later": State(["w", "a", "x", "s"]),
    "triage-decisions": State(["w", "a", "x", "s", "v"]),
    "help": State(["question_mark"]),
    "palette": State(["ctrl+p", *"quue"]),
    "log": State(["L"]),
    "log-explained": State(["L", "enter"]),
    "note": State(["n"]),
    "tags": State(["t"]),
    "postpone": State(["l"]),
    "copy": State(["C"]),
    "import-dialog": State(["i", *"/no/such", "enter"]),
    "export-dialog": State(["e"]),
    "keys-of-a-sequence": State(["g"], config=Config({"top": "g g", "full_text": "g f"})),
    "mistake-in-the-configuration": State(
        config=Config(problems=("config.toml:3: there is no theme 'nrod'; the nearest is 'nord'",))
    ),
    "empty": State(is_empty=True),
    "import-running": State(is_empty=True, imports=True),
    "light": State(["j"], Session(chosen_theme="recto-light")),
    "contrast": State(["j"], Session(chosen_theme="recto-contrast-dark")),
}


async def picture(target: Path, library: Path, size: tuple[int, int], state: State) -> None:
    """Open recto, press the keys of `state`, and write the screen to the SVG file `target`."""
    with Library.open(library) as opened:
        first = [sample_folder()] if state.imports else []
        app = Recto(opened, places(library), state.config, state.session, first)
        async with app.run_test(size=size) as pilot:
            # A running import is shown at once, before the first paper is imported.
            await pilot.pause(0 if state.imports else 0.5)
            for key in state.keys:
                await pilot.press(key)
                await pilot.pause(0.1)
            await pilot.pause(0 if state.imports else 0.5)
            svg = app.export_screenshot(title="recto")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(svg, "utf-8")


def fill(path: Path) -> None:
    """Make a library with the sample papers, and mark some of them."""
    with Library.open(path) as library:
        list(take_in(library, [sample_folder()], Options(today=_TODAY)))
        first = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id LIMIT 9")]
        marking.bookmark(library, [first[1], first[4]])
        marking.queue(library, [first[4], first[2], first[6]])
        marking.status(library, [first[0]], "seen")
        marking.status(library, [first[6]], "reading")
        marking.tag(library, [first[2]], ["to-discuss"])


async def main() -> None:
    os.environ.pop("NO_COLOR", None)
    # The colours do not depend on the terminal in which this program is started.
    os.environ |= {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        fill(path)
        for name, size, state in (
            ("reader", (150, 42), ALL_STATES["list"]),
            ("filter", (150, 42), ALL_STATES["filter"]),
            ("small", (80, 24), State(["j"])),
            ("light", (150, 42), State(["3"], Session(chosen_theme="recto-light"))),
        ):
            await picture(README / f"{name}.svg", path, size, state)
        shutil.rmtree(STATES, ignore_errors=True)
        for name, state in ALL_STATES.items():
            for width, height in SIZES:
                # Copy the library for each picture, because the keys change it.
                copy = Path(tempfile.mkdtemp(dir=folder)) / "library.db"
                if not state.is_empty:
                    shutil.copy(path, copy)
                await picture(STATES / f"{name}-{width}x{height}.svg", copy, (width, height), state)


if __name__ == "__main__":
    asyncio.run(main())
