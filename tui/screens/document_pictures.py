"""Finds and draws the pictures of the full text that is being read, and manages those that the terminal stores."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import IO

from textual.app import App
from textual.message_pump import MessagePump

from store.library.library import Library
from store.pictures import block_pictures
from store.pictures.picture import Pixels, Size, Source, fitted, padded
from store.pictures.renderer import Renderer
from store.texts import text_store
from store.texts.blocks import EMBEDDED, Block, FullText
from store.texts.text_store import StoredText
from tui.render import picture_cells, placeholders
from tui.render.picture_cells import DrawnPicture, Frame
from tui.terminal import picture_output, tmux
from tui.terminal.driver import TerminalDriver
from tui.terminal.graphics import Graphics
from tui.terminal.paced_output import PacedOutput
from tui.terminal.picture_way import Showing, Way, showing
from tui.terminal.textual_internals import driver_of
from tui.workers.picture_worker import Drawing, Locating, PictureWorker

# How long to wait for the terminal to say which pictures it can show (s). After that, pictures are drawn with
# characters.
_ANSWER_SECONDS = 1.0
# At most this many pictures are kept in the terminal's memory. The one that was shown longest ago is removed first.
_MOST_HELD = 40
# A picture from a PDF is enlarged at most until letters of this size (points) are as large as the terminal's own
# letters.
_LETTERS = 9.5
# If a cell of the terminal has this height (pixels), pictures of web pages are shown in their original size.
_WEB_CELL = 18.0


class DocumentPictures:
    """Finds and draws the pictures of one full text. `setting` is the value of the user's setting "pictures"."""

    def __init__(self, library: Library, stored: StoredText, setting: str) -> None:

        def opened() -> IO[bytes]:
            return text_store.open_source(library, stored)

        self.format = stored.format
        # How pictures are shown; None until `find_out` has asked the terminal which pictures it can show.
        self.showing: Showing | None = None
        self._library = library
        self._stored = stored
        # Maps the link of each fetched picture to the content of its file.
        self._files = text_store.pictures(library, stored)
        self._setting = setting
        self._worker = PictureWorker(Renderer(opened, stored.format))
        self._numbers: Iterator[tuple[int, tuple[int, int, int]]] = iter(())
        # Maps the key of each picture that the terminal stores to the number by which the terminal identifies it. The
        # picture that was shown last is at the end.
        self._held: OrderedDict[Hashable, int] = OrderedDict()
        self._output: PacedOutput | None = None
        self._is_ascii = False

    async def find_out(self, app: App[object]) -> Showing:
        """Ask the terminal which pictures it can show, unless this is known already, and decide how to show them."""
        if self.showing is None:
            driver = driver_of(app)
            graphics, cell = Graphics(), None
            is_in_tmux = tmux.is_inside()
            if isinstance(driver, TerminalDriver):
                self._output = PacedOutput(driver, through_tmux=is_in_tmux)
                self._is_ascii = driver.is_ascii
                if self._setting not in ("off", "blocks"):
                    driver.ask_about_pictures()
                    graphics = await driver.graphics_known(_ANSWER_SECONDS)
                if is_in_tmux and self._setting == "auto":
                    outer = await asyncio.to_thread(tmux.outer_graphics)
                    graphics = outer if outer.placeholders else graphics
                cell = driver.cell_size()
            system = None if app.no_color else app.console.color_system
            self.showing = showing(self._setting, graphics, color_system=system, is_ascii=self._is_ascii, cell=cell)
            self._numbers = placeholders.numbers(system)
        return self.showing

    def source(self, block: Block) -> Source | None:
        """The source of the picture of a block (a figure, for example).

        None if there is none or it was not fetched.
        """
        source = block_pictures.source_of(block, self.format)
        if source is None or not source.link or source.link.startswith(EMBEDDED) or source.link in self._files:
            return source
        return None

    def has_printed_form(self, block: Block) -> bool:
        """Whether an equation can be shown as a picture from the PDF. Its extracted text may be in the wrong order."""
        can_show = self.showing is not None and self.showing.way != "nothing"
        return can_show and block.kind == "equation" and self.source(block) is not None

    def file(self, source: Source) -> bytes:
        """The content of the file of a picture of a web page; empty if the document itself contains the picture."""
        return self._files.get(source.link, b"") if source.link else b""

    def missing(self, text: FullText) -> list[str]:
        """The links of the pictures of a web page that were not fetched."""
        return text_store.missing_pictures(text, self._files)

    def read_files(self) -> None:
        """Read the files of the fetched pictures again, because more pictures were fetched."""
        self._files = text_store.pictures(self._library, self._stored)

    def want(self, receiver: MessagePump, tasks: Sequence[Locating | Drawing]) -> None:
        """Carry out these tasks in a thread, and drop older tasks that have not begun.

        `receiver` gets a message for each task.
        """
        self._worker.want(receiver, tasks)

    # Sizes

    def frame(self, size: Size, columns: int, rows: int) -> Frame:
        """The size in cells of a picture in a text, of at most `columns` by `rows` cells."""
        wide, high = self.cell
        scale = high / _LETTERS if self.format == "pdf" else max(1.0, high / _WEB_CELL)
        across, down = fitted(size, columns * wide, rows * high, largest_scale=scale)
        return Frame(max(1, math.ceil(across / wide)), max(1, math.ceil(down / high)))

    def largest_frame(self, size: Size, columns: int, rows: int) -> Frame:
        """The size in cells of a picture that is as large as fits into `columns` by `rows` cells."""
        wide, high = self.cell
        most = placeholders.MOST_CELLS
        across, down = fitted(size, min(columns, most) * wide, min(rows, most) * high, largest_scale=1_000)
        return Frame(max(1, math.ceil(across / wide)), max(1, math.ceil(down / high)))

    @property
    def cell(self) -> tuple[int, int]:
        """The width and height of a cell in pixels."""
        return self.showing.cell if self.showing is not None else Showing("nothing").cell

    # Drawing

    def drawing(self, key: Hashable, source: Source, frame: Frame, way: Way) -> Drawing:
        """The task to draw a picture in the size of `frame`. Its result is a `DrawnPicture`."""
        wide, high = self.cell
        width, height = {
            "blocks": (frame.columns, 2 * frame.rows),
            "shades": (frame.columns, frame.rows),
        }.get(way, (frame.columns * wide, frame.rows * high))
        return Drawing(key, source, width, height, self._made(frame, way, width, height), self.file(source))

    def _made(self, frame: Frame, way: Way, width: int, height: int) -> Callable[[Pixels], DrawnPicture]:
        """A function that turns pixels into characters or escape sequences, and can be called in a thread."""
        if way == "blocks":
            return lambda pixels: DrawnPicture(frame, picture_cells.half_blocks(padded(pixels, width, height)))
        if way == "shades":
            is_ascii = self._is_ascii
            return lambda pixels: DrawnPicture(
                frame, picture_cells.shades(padded(pixels, width, height), is_ascii=is_ascii)
            )
        if way == "sixel":
            colours = self.showing.colours if self.showing is not None else 2
            return lambda pixels: DrawnPicture(frame, sequences=(picture_output.sixels(pixels, colours),))
        number, colour = next(self._numbers)
        rows = picture_cells.placeholder_rows(frame, colour) if way == "placeholders" else ()

        def kitty(pixels: Pixels) -> DrawnPicture:
            sequences = picture_output.kitty_picture(pixels, number, frame if rows else None)
            return DrawnPicture(frame, rows, tuple(sequences), number)

        return kitty

    # The pictures in the terminal's memory

    def hold(self, key: Hashable, picture: DrawnPicture, then: Callable[[], object]) -> None:
        """Send a picture with placeholders to the terminal. If it then stores too many pictures, remove the oldest.

        (The terminal draws the picture in the cells of its placeholders, which are characters.) `then` is called when
        the picture was sent, or at once if it has no placeholders. The caller must draw the placeholders only after
        that call, because kitty would otherwise leave their cells blank.
        """
        if not (picture.number and picture.rows) or self._output is None:
            then()
            return
        before = self._held.pop(key, None)
        self._held[key] = picture.number
        gone = [] if before is None else [before]
        while len(self._held) > _MOST_HELD:
            gone.append(self._held.popitem(last=False)[1])
        self._output.write([*map(picture_output.kitty_removal, gone), *picture.sequences], then)

    def use(self, key: Hashable) -> bool:
        """Record that a picture is still shown. Returns whether the terminal stores it."""
        if key in self._held:
            self._held.move_to_end(key)
        return key in self._held

    def show_at(self, picture: DrawnPicture, column: int, row: int) -> None:
        """Draw a kitty or sixel picture over the screen, its top left cell at `column` and `row`, counted from 0."""
        if self._output is not None:
            place = f"\x1b7\x1b[{row + 1};{column + 1}H"
            self._output.write_at_once([place, *picture.sequences, "\x1b8"])

    def remove(self, picture: DrawnPicture) -> None:
        """Remove from the terminal a kitty picture that `show_at` has drawn. Does nothing for a sixel picture."""
        if self._output is not None and picture.number:
            self._output.write_at_once([picture_output.kitty_removal(picture.number)])

    def close(self) -> None:
        """End the thread and the child process, and remove all pictures from the terminal."""
        self._worker.stop()
        if self._output is not None and self._held:
            self._output.write_at_once(map(picture_output.kitty_removal, self._held.values()))
            self._held.clear()
