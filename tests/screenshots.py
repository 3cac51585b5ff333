"""Makes the README's pictures from the running program, on the sample listings: `make screenshots`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.library.places import places
from store.marks import marking
from tui.actions.samples import sample_folder
from tui.app import Recto
from tui.settings.config import Config
from tui.settings.session import Session

OUT = Path(__file__).parent.parent / "assets" / "screenshots"
# After the newest sample; a later day would not change a date of theirs.
_TODAY = date(2026, 10, 30)


async def picture(name: str, library: Path, size: tuple[int, int], keys: Sequence[str], session: Session) -> None:
    """Open the reader, press `keys`, keep what it shows as assets/screenshots/<name>.svg."""
    with Library.open(library) as opened:
        app = Recto(opened, places(library), Config(), session, [])
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.5)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.1)
            await pilot.pause(0.5)
            svg = app.export_screenshot(title="recto")
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.svg").write_text(svg, "utf-8")


async def main() -> None:
    os.environ.pop("NO_COLOR", None)
    # The same colours from whatever terminal this is started.
    os.environ |= {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with Library.open(path) as library:
            list(take_in(library, [sample_folder()], Options(today=_TODAY)))
            first = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id LIMIT 9")]
            marking.bookmark(library, [first[1], first[4]])
            marking.queue(library, [first[4], first[2], first[6]])
            marking.status(library, [first[0]], "seen")
            marking.status(library, [first[6]], "reading")
            marking.tag(library, [first[2]], ["to-discuss"])
        await picture("reader", path, (150, 42), ["j", "j"], Session())
        await picture("filter", path, (150, 42), ["slash", *"modle"], Session(view="all"))
        await picture("small", path, (80, 24), ["j"], Session())
        await picture("light", path, (150, 42), ["3"], Session(chosen_theme="recto-light"))


if __name__ == "__main__":
    asyncio.run(main())
