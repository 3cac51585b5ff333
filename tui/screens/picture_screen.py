"""A screen with one figure, table or equation as large as possible. Any key but the arrows leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult

from store.pictures.picture import Source
from tui.render import styled
from tui.render.picture_cells import DrawnPicture
from tui.screens.direct_keys import DirectKeys
from tui.screens.document_pictures import DocumentPictures
from tui.screens.large_picture import LargePicture
from tui.terminal.drawing import PromptScreen
from tui.widgets.picture_area import PictureArea
from tui.widgets.status_line import StatusLine, WherePart
from tui.workers.picture_worker import PictureDrawn, PictureLocated, PictureRefused

# A caption is left out if fewer cells than this are available for it.
_LEAST_CAPTION = 12
_STEPS = {"right": 1, "left": -1}


class PictureItem(NamedTuple):
    """A picture of a text, and its caption."""

    source: Source
    caption: str


class PictureScreen(PromptScreen, DirectKeys):
    """Shows the picture `items[index]`. The left and right keys go to the previous and the next picture."""

    def __init__(self, pictures: DocumentPictures, items: Sequence[PictureItem], index: int) -> None:
        super().__init__()
        self._pictures = pictures
        self._items = items
        self._index = index
        self._area = PictureArea(id="picture")
        self._status = StatusLine(id="status")
        self._large = LargePicture(self, self._area, pictures)

    def compose(self) -> ComposeResult:
        yield self._area
        yield self._status

    async def on_mount(self) -> None:
        await self._pictures.find_out(self.app)
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        showing = self._pictures.showing
        if showing is None or not self._area.size:
            return
        item = self._items[self._index]
        self._status.show_where([WherePart(0, self._description(item.caption, showing.reason))])
        if showing.way == "nothing":
            self._large.clear(showing.reason)
            return
        self._large.locate(item.source)

    def _description(self, caption: str, reason: str) -> str:
        """The text of the status line: as much of the caption as fits, the number of the picture, and the keys."""
        many = len(self._items) > 1
        parts = [
            f"{self._index + 1} of {len(self._items)}" if many else "",
            reason or ("← → others, any other key goes back" if many else "any key goes back"),
        ]
        rest = " · ".join(filter(None, parts))
        room = self.size.width - len(rest) - 9
        return f"{styled.safe(caption, room)} · {rest}" if room > _LEAST_CAPTION else rest

    async def take(self, event: events.Key) -> bool:
        if (step := _STEPS.get(event.key)) and len(self._items) > 1:
            self._index = (self._index + step) % len(self._items)
            self._show()
        else:
            self._large.leave()
            self.app.pop_screen()
        return True

    def on_picture_located(self, message: PictureLocated) -> None:
        if self._large.is_current(message.key):
            self._large.draw_located(message)

    def on_picture_drawn(self, message: PictureDrawn[DrawnPicture]) -> None:
        if self._large.is_current(message.key):
            self._large.drawn(message)

    def on_picture_refused(self, message: PictureRefused) -> None:
        if self._large.is_current(message.key):
            self._large.clear(f"the picture cannot be shown: {styled.safe(message.reason, 300)}")
