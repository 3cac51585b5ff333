"""The screen on which the full text of a paper is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from store.library.library import Library
from store.texts import positions
from store.texts.blocks import Block, FullText
from store.texts.positions import Place, Position
from store.texts.text_store import StoredText
from tui.actions.actions_and_keys import ACTIONS
from tui.render import styled, text_flow, text_layout, wording
from tui.render.picture_cells import DrawnPicture
from tui.render.text_flow import LinePlace
from tui.screens import text_moves
from tui.screens.delayed_call import DelayedCall
from tui.screens.dialogs import Ask
from tui.screens.direct_keys import ActionKeys, KeyActions
from tui.screens.document_pictures import DocumentPictures
from tui.screens.text_highlights import TextHighlights
from tui.screens.text_pictures import PictureKey, TextPictures
from tui.screens.text_search import TextSearch
from tui.terminal.drawing import PromptScreen
from tui.widgets.full_text import FullTextView, room_beside
from tui.widgets.sitting_keys import SittingKeys
from tui.widgets.status_line import StatusLine, WherePart
from tui.widgets.text_contents import TextContents
from tui.workers.picture_worker import PictureDrawn, PictureLocated, PictureRefused
from tui.workers.write_worker import WriteWorker

# The actions whose keys the bottom line shows, the most useful first.
_KEYS = (
    "text_find",
    "text_contents",
    "text_follow",
    "text_picture",
    "text_highlight",
    "text_next_section",
    "text_return",
    "text_open",
    "text_leave",
)
_ACTIONS = frozenset(action.id for action in ACTIONS if "text" in action.screens)
# The reading position is stored this long after the last scrolling (s), and when the screen is left.
_SAVE_SECONDS = 2.0
# The smallest room beside the text in which the table of contents is shown, and the largest width of the table (cells).
_LEAST_CONTENTS, _MOST_CONTENTS = 28, 38


class TextScreen(PromptScreen, ActionKeys):
    """Shows a full text.

    The screen stores the reading position, and can go back to the place where the user followed a link.
    """

    def __init__(
        self,
        library: Library,
        writer: WriteWorker,
        paper_id: int,
        title: str,
        text: FullText,
        stored: StoredText,
        keymap: Mapping[str, str],
        pictures: DocumentPictures,
        *,
        run: Callable[[str], None],
        follow: Callable[[str], None],
    ) -> None:
        """`stored` describes the text. The screen closes `pictures` when it is closed itself.

        `run` must carry out the action whose id it is given. `follow` is called with the target of a clicked citation
        or link.
        """
        super().__init__()
        self.paper_id = paper_id
        self.title_of_paper = title
        self.text = text
        self.keymap = keymap
        self.headings = text_flow.outline(text.blocks)
        self._library = library
        self._writer = writer
        self.stored = stored
        self._run = run
        self._follow = follow
        self._header = Static(Content.styled(f" {styled.title(title)}", "bold $heading"), id="text-header")
        self._contents = TextContents(self.headings, id="text-contents")
        self.view = FullTextView(text.blocks, id="text-view")
        self.pictures = pictures
        self._text_pictures = TextPictures(self.view, pictures, self)
        self.status = StatusLine(id="status")
        self._keys = SittingKeys(_KEYS, "help", keymap)
        self.key_actions = KeyActions(keymap, _ACTIONS)
        self._search = TextSearch(self.view, self.status)
        self.highlights = TextHighlights(library, writer, paper_id, self.view, self.status, ask_note=self._ask_note)
        self._returns: list[LinePlace] = []
        self._restored: Position | None = positions.read(library.reader(), paper_id)
        self._stored = self._restored
        self._save_soon = DelayedCall(self.set_timer, self.save)

    def compose(self) -> ComposeResult:
        yield self._header
        with Horizontal(id="text-panes"):
            yield self._contents
            yield self.view
        yield self.status
        yield self._keys

    def on_mount(self) -> None:
        self.highlights.show()
        if self.text.remarks:
            self.status.show_news(styled.safe(self.text.remarks[0], 300))
        self.run_worker(self._show_pictures(), description="show pictures", exit_on_error=False)

    def on_unmount(self) -> None:
        self.pictures.close()

    async def _show_pictures(self) -> None:
        """Ask the terminal which pictures it can show, and show these pictures as soon as the text is drawn."""
        await self.pictures.find_out(self.app)
        self.view.has_printed_form = self.pictures.has_printed_form
        self.view.refresh()
        self.call_after_refresh(self._text_pictures.begin)

    def on_resize(self, event: events.Resize) -> None:
        spare = room_beside(event.size.width)
        has_room = spare >= _LEAST_CONTENTS and bool(self.headings)
        self._contents.display = has_room
        if has_room:
            self._contents.styles.width = min(_MOST_CONTENTS, spare)
        self.call_after_refresh(self._restore)

    def _restore(self) -> None:
        """Go to the stored position, unless the width of the text is still unknown."""
        if self._restored is not None and self.view.size:
            place = positions.find(self.text.blocks, self._restored)
            self._restored = None
            self.view.show_line(self.view.flow.line_at(place))
        self.show_where()

    # Keys

    async def take(self, event: events.Key) -> bool:
        if self._search.is_typing:
            self._search.take(event)
            return True
        if self.highlights.is_choosing:
            self.highlights.take(event, self.key_actions.of(event.key))
            return True
        return await super().take(event)

    def act(self, action_id: str) -> None:
        if action_id in text_moves.ACTIONS:
            text_moves.move(self.view, action_id)
        else:
            self._run(action_id)

    @property
    def escape_cancels(self) -> bool:
        return self._search.is_typing or self.highlights.is_choosing

    def paste(self, text: str) -> None:
        if self._search.is_typing:
            self._search.put(text)

    # Moving

    def go_to_section(self, step: int) -> None:
        """Go to the next section or, if `step` is -1, to the start of the current section.

        If the current section is at its start already, -1 leads to the previous section.
        """
        blocks = [heading.block for heading in self.headings]
        now = self._first_block
        if step > 0:
            target = next((block for block in blocks if block > now), None)
        else:
            target = next((block for block in reversed(blocks) if block < now), 0)
        if target is None:
            self.status.show_news("this is the last section")
        else:
            self.view.show_block(target)

    def jump(self, block: int, character: int = 0) -> None:
        """Go to a block (such as a paragraph or a reference), and remember the current place for `go_back`."""
        self._returns.append(self.view.top)
        self.view.show_line(self.view.flow.line_at(Place(block, character)))

    def go_back(self) -> None:
        """Go back to the place from which the last jump was made."""
        if self._returns:
            self.view.show_line(self._returns.pop())
        else:
            self.status.show_news("there is no place to return to")

    def find(self) -> None:
        """Let the user type the words to search for."""
        self._search.begin()

    def go_to_match(self, step: int) -> None:
        """Go to the next match of the search or, if `step` is -1, to the previous one."""
        self._search.move(step)

    def _ask_note(self, quotation: str, note: str, then: Callable[[str], None]) -> None:
        """Ask for a note on a highlight."""

        def answered(answer: str | None) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(Ask(f"Note on “{styled.shortened(quotation, 60)}”", note), answered)

    # What is on the screen

    @property
    def section(self) -> int | None:
        """The index in `headings` of the section on the screen; None before the first heading."""
        return text_flow.section_at(self.headings, self._first_block)

    @property
    def _first_block(self) -> int:
        lines = self.view.shown_lines
        return next((line.block for line in lines if line.pieces), self.view.top.block)

    @property
    def page(self) -> int | None:
        """The page on which the first line on the screen is; None for a text without pages."""
        blocks = self.text.blocks
        return next((block.page for block in blocks[self._first_block :: -1] if block.page is not None), None)

    @property
    def shown_targets(self) -> list[str]:
        """The targets of the citations and links on the screen, in the order of the text and without duplicates."""
        found: dict[str, None] = {}
        for line in self.view.shown_lines:
            for start, end, target in text_layout.targets(self.text.blocks[line.block]):
                if start < line.end and end > line.start:
                    found[target] = None
        return list(found)

    def block_of(self, target: str) -> int | None:
        """The index of the block to which the target "#ANCHOR" leads; None if no block has this anchor."""
        return self._anchors.get(target.removeprefix("#")) if target.startswith("#") else None

    @cached_property
    def _anchors(self) -> Mapping[str, int]:
        """Maps the anchors of blocks to the indices of these blocks. Citations and links refer to blocks by anchors."""
        return {block.anchor: index for index, block in enumerate(self.text.blocks) if block.anchor}

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks of the text, such as headings, paragraphs and figures."""
        return self.text.blocks

    def show_news(self, text: str, *, error: bool = False) -> None:
        """Show a message in the status line."""
        self.status.show_news(text, error=error)

    def on_scrolled_text_moved(self) -> None:
        self.show_where()
        self._text_pictures.update()
        if self._restored is None:
            self._save_soon.request(_SAVE_SECONDS)

    def on_screen_resume(self) -> None:
        # A screen that covered this one may have requested other pictures. Its requests have replaced those of this
        # screen, so request the pictures of this screen again.
        self._text_pictures.update()

    def show_fetched_pictures(self) -> None:
        """Show the pictures that were fetched since the text was opened."""
        self.pictures.read_files()
        self._text_pictures.try_again()

    def on_picture_located(self, message: PictureLocated) -> None:
        self._text_pictures.located(cast(int, message.key), message.source, message.size)

    def on_picture_drawn(self, message: PictureDrawn[DrawnPicture]) -> None:
        self._text_pictures.drawn(cast(PictureKey, message.key).block, message.picture)

    def on_picture_refused(self, message: PictureRefused) -> None:
        key = message.key
        self._text_pictures.refused(key.block if isinstance(key, PictureKey) else cast(int, key))

    def on_full_text_view_clicked(self, message: FullTextView.Clicked) -> None:
        self._follow(message.target)

    def on_text_contents_chosen(self, message: TextContents.Chosen) -> None:
        self.jump(message.block)

    def show_where(self) -> None:
        """Show in the status line the section, the page, the percentage read, and the remaining minutes of reading."""
        block = self._first_block
        section = self.section
        self._contents.show_section(section)
        progress, is_at_end = self.view.progress, self.view.is_at_end
        share = 1.0 if is_at_end else progress.share(block)
        minutes = 0 if is_at_end else progress.minutes_left(block)
        page = self.text.blocks[block].page if block < len(self.text.blocks) else None
        name = (
            styled.safe(self.headings[section].text, 60)
            if section is not None
            else wording.TEXT_FORMATS[self.stored.format]
        )
        left = f"about {minutes} minute{'s' if minutes != 1 else ''} left" if minutes else ""
        parts = [
            WherePart(0, name),
            WherePart(3, f"page {page} of {self.text.pages}" if page else ""),
            WherePart(1, f"{share:.0%}"),
            WherePart(2, left),
            WherePart(4, "[p] equation as printed" if self.view.shows_printed_mark else ""),
        ]
        self.status.show_where([part for part in parts if part.text])

    # The position

    def save(self) -> None:
        """Store the reading position, if it has changed."""
        position = self.view.position
        if position == self._stored or self._restored is not None:
            return
        self._stored = position

        def write() -> None:
            with self._library.writing() as connection:
                positions.write(connection, self.paper_id, position)

        self._writer.write(write, lambda _: None, quiet=True)

    def reader_ends(self) -> None:
        self.save()
