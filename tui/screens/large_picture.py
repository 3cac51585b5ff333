"""Shows a picture that fills a screen, as kitty graphics, as sixels or with characters."""

from __future__ import annotations

from collections.abc import Hashable

from store.pictures.picture import Size, Source
from tui.render.picture_cells import DrawnPicture
from tui.screens.document_pictures import DocumentPictures
from tui.terminal.drawing import PromptScreen
from tui.widgets.picture_area import PictureArea
from tui.workers.picture_worker import Drawing, Locating, PictureDrawn, PictureLocated


class LargePicture:
    """Shows one picture at a time in the widget `area` of `screen`.

    The screen must pass on the messages about the picture.
    """

    def __init__(self, screen: PromptScreen, area: PictureArea, pictures: DocumentPictures) -> None:
        self._screen = screen
        self._area = area
        self._pictures = pictures
        self._key: Hashable = None
        # The kitty or sixel picture that covers the screen now; None if there is none or if the picture is drawn with
        # characters.
        self._covering: DrawnPicture | None = None

    def locate(self, source: Source) -> None:
        """Request the position and size of a picture.

        The screen gets them in a PictureLocated message, whose `key` is the source of the picture.
        """
        self.clear("drawing …")
        self._key = source
        self._pictures.want(self._screen, [Locating(source, source, self._pictures.file(source))])

    def is_current(self, key: Hashable) -> bool:
        """Whether a message with this key is about the picture that was requested last."""
        return key == self._key

    def draw(self, source: Source, size: Size, room: tuple[int, int] | None = None) -> None:
        """Draw a picture as large as fits into `room` (columns, rows) or, if that is None, into the widget."""
        columns, rows = room or (self._area.size.width, self._area.size.height)
        showing = self._pictures.showing
        if showing is None or showing.way == "nothing" or not (columns and rows):
            self.clear(showing.reason if showing is not None else "")
            return
        frame = self._pictures.largest_frame(size, columns, rows)
        key = (source, frame)
        self._key = key
        drawing: Drawing = self._pictures.drawing(key, source, frame, showing.way)
        self._pictures.want(self._screen, [drawing])

    def draw_located(self, message: PictureLocated) -> None:
        """Draw the picture whose position and size the message gives, as large as fits into the widget."""
        self.draw(message.source, message.size)

    def drawn(self, message: PictureDrawn[DrawnPicture]) -> None:
        """Show a picture that was drawn."""
        self._pictures.hold(message.key, message.picture, lambda: self._show(message.key, message.picture))

    def _show(self, key: Hashable, picture: DrawnPicture) -> None:
        if not self.is_current(key):
            return
        self._erase()
        self._area.show(picture)
        if not picture.rows:
            # Blank cells erase a picture. So write the picture only when the terminal has received the blank cells of
            # the widget.
            self._screen.draw_changes(ask_widgets=True)
            self._pictures.show_at(picture, *self._area.place(picture.frame))
            self._screen.keep_on_terminal(self._area.region)
            self._covering = picture

    def clear(self, text: str) -> None:
        """Remove the picture, and show a sentence in its place."""
        self._key = None
        self._erase()
        self._area.show(None, text)

    def _erase(self) -> None:
        """Remove a kitty picture that covers the screen. The blanks that the widget draws erase a sixel picture."""
        covering, self._covering = self._covering, None
        if covering is not None:
            self._screen.keep_on_terminal(None)
            self._pictures.remove(covering)
            self._area.show(None)

    def leave(self) -> None:
        """Remove the picture. The caller must close the screen after this."""
        self._key = None
        self._erase()
