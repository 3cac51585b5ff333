"""Shows the pictures of a full text between its lines, for the parts of the text that are on or near the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.message_pump import MessagePump

from store.pictures.picture import Size, Source
from tui.render.picture_cells import DrawnPicture, Frame
from tui.screens.document_pictures import DocumentPictures
from tui.widgets.full_text import FullTextView
from tui.workers.picture_worker import Drawing, Locating

# A picture fills at most this fraction of the height of the screen, so that text around it stays visible.
_MOST_HEIGHT = 0.7
_LEAST_ROWS = 4
# The number of blank cells at each side of a picture.
_MARGIN = 2
# Pictures are drawn in advance up to this many screen heights before and after the visible part of the text.
_BEFORE, _AFTER = 1.0, 2.0
# At most this many drawn pictures are kept in memory.
_MOST_DRAWN = 60
# To find the text inside a figure or a table, this many blocks (such as paragraphs) before and after its caption are
# examined.
_NEAR_BLOCKS = 200


class PictureKey(NamedTuple):
    """A picture in a text: the index of its block (figure, table or equation), and its size in cells."""

    block: int
    frame: Frame


class TextPictures:
    """Finds the pictures near the visible part of a text, and shows them in `view`.

    `receiver` gets the messages about the pictures. It must pass them on to the methods of this object.
    """

    def __init__(self, view: FullTextView, pictures: DocumentPictures, receiver: MessagePump) -> None:
        self._view = view
        self._pictures = pictures
        self._receiver = receiver
        # The position and size of each located picture, by the index of its block.
        self._known: dict[int, tuple[Source, Size]] = {}
        self._refused: set[int] = set()
        # The blocks whose text is hidden because the picture of another block contains the same text: fragments of
        # equations, labels of figures, rows of tables.
        self._repeated: set[int] = set()
        # The pictures that are being sent to the terminal at the moment.
        self._sending: set[PictureKey] = set()
        self._is_shown = False
        view.frames_of = self._frames

    def begin(self) -> None:
        """Show pictures from now on, if the terminal can show them between lines.

        The caller must call `DocumentPictures.find_out` first.
        """
        self._is_shown = self._pictures.showing is not None and self._pictures.showing.is_in_text
        if self._is_shown:
            self._view.show_frames()
            self.update()

    def _frames(self, width: int, height: int) -> Mapping[int, Frame]:
        if not self._is_shown:
            return {}
        rows = max(_LEAST_ROWS, int(height * _MOST_HEIGHT))
        columns = max(1, width - 2 * _MARGIN)
        frames = {block: self._pictures.frame(size, columns, rows) for block, (_, size) in self._known.items()}
        return frames | dict.fromkeys(self._repeated, Frame(0, 0))

    def update(self) -> None:
        """Request those pictures on or near the screen that are not drawn yet."""
        showing = self._pictures.showing
        if not self._is_shown or showing is None:
            return
        drawings: list[Drawing] = []
        locatings: list[Locating] = []
        for block in self._near():
            if block in self._refused or block in self._repeated:
                continue
            known = self._known.get(block)
            if known is None:
                if (source := self._source(block)) is not None:
                    locatings.append(Locating(block, source, self._pictures.file(source)))
            elif (frame := self._view.flow.frames.get(block)) is not None and not self._is_drawn(block, frame):
                drawings.append(self._pictures.drawing(PictureKey(block, frame), known[0], frame, showing.in_text))
        self._pictures.want(self._receiver, [*drawings, *locatings])

    def _source(self, block: int) -> Source | None:
        """The source of the picture of a block.

        Returns None if the block has no picture. If pictures are drawn with characters, it also returns None for an
        equation or a table, whose letters would be unreadable in such a picture.
        """
        source = self._pictures.source(self._view.blocks[block])
        is_coarse = self._pictures.showing is not None and self._pictures.showing.in_text != "placeholders"
        return None if source is not None and is_coarse and source.part in ("equation", "table") else source

    def _near(self) -> list[int]:
        """The indices of the blocks on the screen, followed by those near the screen."""
        view = self._view
        flow, room = view.flow, view.room
        first = flow.moved(view.top, -int(_BEFORE * room)).block
        shown = flow.moved(view.top, room).block
        last = flow.moved(view.top, int((1 + _AFTER) * room)).block
        return [*range(view.top.block, shown + 1), *range(shown + 1, last + 1), *range(first, view.top.block)]

    def _is_drawn(self, block: int, frame: Frame) -> bool:
        picture = self._view.pictures.get(block)
        if PictureKey(block, frame) in self._sending:
            return True
        if picture is None or picture.frame != frame:
            return False
        return not picture.number or self._pictures.use(PictureKey(block, frame))

    def located(self, block: int, source: Source, size: Size) -> None:
        """Make room in the text for a picture whose size is now known, and request the picture."""
        if self._view.blocks[block].kind == "equation" and any(
            _is_same(source, other) for other, _ in self._known.values()
        ):
            self._repeated.add(block)
        else:
            self._known[block] = source, size
            self._hide_what_is_in(block, source)
        self._view.show_frames()
        self.update()

    def _hide_what_is_in(self, caption: int, source: Source) -> None:
        """Hide the text inside a figure or a table, such as labels and rows, because the picture shows it.

        Does nothing if pictures are drawn with characters, in which such text would be unreadable.
        """
        blocks, showing = self._view.blocks, self._pictures.showing
        if showing is None or showing.in_text != "placeholders" or source.box is None:
            return
        left, bottom, right, top = source.box
        for index in range(max(0, caption - _NEAR_BLOCKS), min(len(blocks), caption + _NEAR_BLOCKS)):
            block = blocks[index]
            if (
                block.page != source.page
                or block.box is None
                or block.kind in ("heading", "caption")
                or index == caption
            ):
                continue
            if left <= block.box[0] and bottom <= block.box[1] and block.box[2] <= right and block.box[3] <= top:
                self._repeated.add(index)

    def drawn(self, block: int, picture: DrawnPicture) -> None:
        """Show a picture that was drawn."""
        key = PictureKey(block, picture.frame)
        self._sending.add(key)
        self._pictures.hold(key, picture, lambda: self._show(block, picture))

    def _show(self, block: int, picture: DrawnPicture) -> None:
        self._sending.discard(PictureKey(block, picture.frame))
        drawn = self._view.pictures
        drawn.pop(block, None)
        drawn[block] = picture
        if len(drawn) > _MOST_DRAWN:
            del drawn[next(iter(drawn))]
        self._view.refresh()

    def try_again(self) -> None:
        """Request again those pictures that could not be shown, because they may have been fetched in the meantime."""
        self._refused.clear()
        self.update()

    def refused(self, block: int) -> None:
        """Record that the picture of `block` cannot be shown, and show the text without it."""
        self._refused.add(block)
        if self._known.pop(block, None) is not None:
            self._view.show_frames()


def _is_same(source: Source, other: Source) -> bool:
    """Whether two regions are on the same page and overlap by more than 60 % of the smaller one."""
    if source.page != other.page or source.box is None or other.box is None:
        return False
    (left, bottom, right, top), (left2, bottom2, right2, top2) = source.box, other.box
    across, down = min(right, right2) - max(left, left2), min(top, top2) - max(bottom, bottom2)
    smaller = min((right - left) * (top - bottom), (right2 - left2) * (top2 - bottom2))
    return across > 0 and down > 0 and across * down > 0.6 * smaller
