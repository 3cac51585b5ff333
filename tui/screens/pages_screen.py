"""A screen that shows the pages of a PDF as pictures.

A scan contains no text, so it can be read only on this screen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.pictures.picture import Size, Source
from tui.actions.actions_and_keys import first_key
from tui.render import styled
from tui.render.picture_cells import DrawnPicture
from tui.screens.direct_keys import ActionKeys, KeyActions
from tui.screens.document_pictures import DocumentPictures
from tui.screens.large_picture import LargePicture
from tui.terminal.drawing import PromptScreen
from tui.widgets.picture_area import PictureArea
from tui.widgets.status_line import StatusLine, WherePart
from tui.workers.picture_worker import PictureDrawn, PictureLocated, PictureRefused

# The actions whose keys the bottom line shows, each with its label in that line.
_KEYS = {
    "page_down": "Scroll",
    "text_next_section": "Next page",
    "text_last_section": "Page before",
    "text_picture": "Whole page",
    "top": "First page",
    "text_leave": "Back",
}
_SCROLLS = {"down": 0.2, "up": -0.2, "half_down": 0.5, "half_up": -0.5, "page_down": 0.9, "page_up": -0.9}
_ACTIONS = frozenset((*_KEYS, *_SCROLLS, "bottom", "text_page", "help"))
# A page is at most this many cells wide. Its letters are then about as large as the terminal's own letters.
_MOST_COLUMNS = 110


class PagesScreen(PromptScreen, ActionKeys):
    """Shows a whole page or, at the full width of the screen, a part of a page.

    `on_page` is called with the number of each page that is shown, counted from 1. `remark` is shown in the status
    line. `run` must carry out the action whose id it is given.
    """

    def __init__(
        self,
        pictures: DocumentPictures,
        title: str,
        pages: int,
        page: int,
        keymap: Mapping[str, str],
        *,
        run: Callable[[str], None],
        remark: str = "",
        owns_pictures: bool = False,
        on_page: Callable[[int], None] = lambda page: None,
    ) -> None:
        """If `owns_pictures` is set, the screen closes `pictures` when it is closed itself."""
        super().__init__()
        self._pictures = pictures
        self._title = title
        self._pages = pages
        self.page = min(max(1, page), pages)
        self._keymap = keymap
        self._run = run
        self._remark = remark
        self._owns_pictures = owns_pictures
        self._on_page = on_page
        # The size of the page in points, or None before it is known; whether the whole page is shown; and the part of
        # the page that is scrolled off above the screen, as a fraction of its height from 0 to 1.
        self._page_size: Size | None = None
        self._is_whole = False
        self._above = 0.0
        # Whether to show the end of the page instead of its beginning as soon as the size of the page is known.
        self._from_end = False
        self._header = Static(Content.styled(f" {styled.title(title)}", "bold $heading"), id="text-header")
        self._area = PictureArea(id="picture")
        self.status = StatusLine(id="status")
        self._key_line = Static(self._key_hints(), id="keys")
        self.key_actions = KeyActions(keymap, _ACTIONS)
        self._large = LargePicture(self, self._area, pictures)

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._area
        yield self.status
        yield self._key_line

    def _key_hints(self) -> Content:
        parts: list[Content] = []
        for action_id, label in _KEYS.items():
            if key := first_key(action_id, self._keymap):
                parts.append(Content.assemble((f" {key}", "bold $key"), (f" {label} ", "$muted")))
        return Content("").join(parts)

    async def on_mount(self) -> None:
        if self._remark:
            self.status.show_news(styled.safe(self._remark, 300))
        showing = await self._pictures.find_out(self.app)
        if showing.reason:
            self.status.show_news(showing.reason)
        self.call_after_refresh(self._show_page)

    def on_unmount(self) -> None:
        if self._owns_pictures:
            self._pictures.close()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_screen_suspend(self) -> None:
        # Remove the picture: if it is not made of characters, it would cover the dialog that is now opened on this
        # screen.
        self._large.leave()

    def on_screen_resume(self) -> None:
        self._draw()

    # Moving

    def act(self, action_id: str) -> None:
        # The user has read the remark about the scan by now, so remove the remark.
        self.status.show_news("")
        match action_id:
            case "text_leave" | "text_page":
                self._large.leave()
                self.app.pop_screen()
            case "help":
                self._run(action_id)
            case "text_next_section":
                self._go_to(self.page + 1)
            case "text_last_section":
                self._go_to(self.page - 1)
            case "top":
                self._go_to(1)
            case "bottom":
                self._go_to(self._pages)
            case "text_picture":
                self._is_whole = not self._is_whole
                self._draw()
            case _:
                self._scroll(_SCROLLS[action_id])

    def _go_to(self, page: int, *, from_end: bool = False) -> None:
        if not 1 <= page <= self._pages:
            self.status.show_news("this is the last page" if page > 1 else "this is the first page")
            return
        self.page = page
        self._from_end = from_end
        self._above = 0.0
        self._show_page()

    def _scroll(self, screens: float) -> None:
        """Scroll by a multiple of the height of the screen. From the end of a page, go on to the next page."""
        visible = self._visible
        last = max(0.0, 1.0 - visible)
        if screens > 0 and self._above >= last - 0.01:
            self._go_to(self.page + 1)
        elif screens < 0 and self._above <= 0.01:
            self._go_to(self.page - 1, from_end=True)
        else:
            self._above = min(last, max(0.0, self._above + screens * visible))
            self._draw()

    # Drawing

    def _show_page(self) -> None:
        self._on_page(self.page)
        self._page_size = None
        showing = self._pictures.showing
        if showing is None:
            return
        if showing.way == "nothing":
            self._large.clear(showing.reason)
        else:
            self._large.locate(Source(self.page))
        self._show_where()

    @property
    def _room(self) -> tuple[int, int]:
        return min(self._area.size.width, _MOST_COLUMNS), self._area.size.height

    @property
    def _visible(self) -> float:
        """The part of the page that fits on the screen, as a fraction of the page's height from 0 to 1."""
        if self._page_size is None or self._is_whole or not self._area.size:
            return 1.0
        (wide, high), (columns, rows) = self._pictures.cell, self._room
        height_of_page = self._page_size.height * columns * wide / max(1.0, self._page_size.width)
        return min(1.0, rows * high / height_of_page)

    def _draw(self) -> None:
        """Draw the part of the page that is on the screen."""
        size, visible = self._page_size, self._visible
        if size is None or not self._area.size:
            return
        if visible >= 1:
            self._large.draw(Source(self.page), size, (self._area.size.width, self._area.size.height))
        else:
            if self._from_end:
                self._from_end, self._above = False, 1.0 - visible
            self._above = min(self._above, 1.0 - visible)
            top = size.height * (1 - self._above)
            box = (0.0, max(0.0, top - size.height * visible), size.width, top)
            self._large.draw(Source(self.page, "view", box), Size(size.width, size.height * visible), self._room)
        self._show_where()

    def _show_where(self) -> None:
        share = math.floor(100 * (self.page - 1 + self._above) / self._pages)
        end = self._above + self._visible >= 0.999
        read = 100 if end and self.page == self._pages and self._page_size is not None else share
        self.status.show_where([WherePart(0, f"page {self.page} of {self._pages}"), WherePart(1, f"{read}%")])

    def on_picture_located(self, message: PictureLocated) -> None:
        if self._large.is_current(message.key):
            self._page_size = message.size
            self._draw()

    def on_picture_drawn(self, message: PictureDrawn[DrawnPicture]) -> None:
        if self._large.is_current(message.key):
            self._large.drawn(message)

    def on_picture_refused(self, message: PictureRefused) -> None:
        if self._large.is_current(message.key):
            self._large.clear(f"the page cannot be shown: {styled.safe(message.reason, 300)}")
