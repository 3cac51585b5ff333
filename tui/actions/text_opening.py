"""Opens the full text of a paper. If the library has none, the user can fetch or attach one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from store.library.side_files import open_regular
from store.model.errors import LibraryError, ListingError, explanation
from store.papers import addresses, paper_details
from store.texts import comparison, plausibility, positions, text_store
from store.texts.blocks import Block, FullText
from store.texts.plausibility import DoubtfulTextError
from store.texts.positions import Position
from store.texts.text_store import StoredText
from store.texts.worker import TextFormat
from tui.actions import browsing
from tui.actions.text_following import follow
from tui.render import styled, wording
from tui.render.styled import Piece
from tui.screens.document_pictures import DocumentPictures
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.screens.text_screen import TextScreen
from tui.settings import pictures as picture_settings
from tui.settings import texts as text_settings

# The name under which `StatusLine.show_progress` shows that a text is being fetched, attached or parsed again.
_PROGRESS = "text"
# In messages, the file name of a text is truncated to this length (characters).
_LONGEST_NAME = 40


def read(screen: LibraryScreen) -> None:
    """Show the best full text of the paper under the cursor."""
    paper_id = screen.list.paper
    if paper_id is None:
        screen.status.show_news(NO_PAPER, until_key=True)
        return
    stored = text_store.of_paper(screen.library.reader(), paper_id)
    if stored:
        open_text(screen, paper_id, stored[0])
    else:
        _offer_text(screen, paper_id)


def open_text(screen: LibraryScreen, paper_id: int, stored: StoredText) -> None:
    """Show a full text of a paper, scrolled to where the user last stopped reading."""
    text = text_store.load_blocks(screen.library, stored)
    if text is not None:
        show(screen, paper_id, stored, text)
        return

    async def read_again() -> None:
        # The parsed text is missing, or it was made by an older version of recto, which parsed worse. So parse the
        # stored source file again.
        screen.status.show_progress(_PROGRESS, "reading the text")
        try:
            show(screen, paper_id, stored, await asyncio.to_thread(text_store.load, screen.library, stored))
        except LibraryError as error:
            screen.notices.show_error(str(error))
        finally:
            screen.status.show_progress(_PROGRESS, "")

    screen.run_worker(read_again(), description="read a text again", exit_on_error=False)


def _offer_text(screen: LibraryScreen, paper_id: int) -> None:
    """Let the user choose how to get a full text, for a paper that has none in the library."""
    from tui.screens.dialogs import Choose

    paper = paper_details.details(screen.library.reader(), paper_id).paper
    choices: list[tuple[str, Callable[[], None]]] = []
    if paper.arxiv_id or any(link.kind == "pdf" for link in paper.links):
        source = "arXiv" if paper.arxiv_id else "the site of its PDF"
        choices.append((f"fetch it over the network from {source}", lambda: _fetch(screen, paper_id)))
    choices.append(("attach a file: PDF, HTML or Markdown", lambda: _attach(screen, paper_id)))
    pdf = addresses.may_open(addresses.pdf(paper) or "")
    if pdf is not None:
        choices.append(("open the PDF in the browser", lambda: browsing.browse(screen, pdf)))

    def chosen(index: int | None) -> None:
        if index is not None:
            choices[index][1]()

    pieces = [(Piece(label),) for label, _ in choices]
    screen.app.push_screen(
        Choose("The library has no full text of this paper", pieces, screen.keymap, "does it"), chosen
    )


def _fetch(screen: LibraryScreen, paper_id: int) -> None:
    """Fetch the text in a separate process. If the paper is still open when the text arrives, show the text."""
    from tui.workers.fetch_process import FetchError, fetch_text

    async def fetch() -> None:
        screen.status.show_progress(_PROGRESS, "fetching the full text …")
        try:
            await fetch_text(screen.library.path, paper_id)
        except (FetchError, OSError) as error:
            screen.status.show_progress(_PROGRESS, "")
            screen.notices.show_error(str(error))
            return
        screen.status.show_progress(_PROGRESS, "")
        _show_arrived(screen, paper_id)

    screen.run_worker(fetch(), group="fetch-text", exclusive=True, description="fetch a text", exit_on_error=False)


def _attach(screen: LibraryScreen, paper_id: int) -> None:
    """Ask for a file and store it as the text of the paper."""
    from tui.screens.path_dialog import AskPath

    async def attach(path: Path, *, anyway: bool = False) -> None:
        screen.status.show_progress(_PROGRESS, "reading the text …")
        try:
            await asyncio.to_thread(_store, screen, paper_id, path, anyway)
        except DoubtfulTextError as error:
            ask(path, str(error))
        except (ListingError, LibraryError, OSError) as error:
            screen.notices.show_error(explanation(error) or str(error))
        else:
            _show_arrived(screen, paper_id)
        finally:
            screen.status.show_progress(_PROGRESS, "")

    def ask(path: Path, doubt: str) -> None:
        from tui.screens.dialogs import Choose

        choices = [(Piece("do not attach it"),), (Piece("attach it all the same"),)]

        def answered(index: int | None) -> None:
            if index == 1:
                screen.run_worker(attach(path, anyway=True), description="attach a text", exit_on_error=False)

        name = styled.safe(path.name, 100)
        screen.app.push_screen(Choose(f"{name}: {doubt}", choices, screen.keymap, "does it"), answered)

    def chosen(path: Path | None) -> None:
        if path is not None:
            screen.run_worker(attach(path), description="attach a text", exit_on_error=False)

    screen.app.push_screen(
        AskPath("File with the full text", "tab completes · enter attaches · esc cancels", "~/Downloads/paper.pdf"),
        chosen,
    )


def _store(screen: LibraryScreen, paper_id: int, path: Path, anyway: bool) -> None:
    """Store a file as the full text of a paper.

    Raises DoubtfulTextError when the file seems not to be the text of this paper, unless `anyway` is set.
    """
    title = paper_details.details(screen.library.reader(), paper_id).paper.title

    def check(text: FullText, format: TextFormat) -> None:
        if not anyway:
            plausibility.check(text, format, title)

    with os.fdopen(open_regular(path, follow_links=True), "rb") as file:
        text_store.attach(
            screen.library, paper_id, file, str(path), limit=text_settings.limit(screen.library), check=check
        )


def _show_arrived(screen: LibraryScreen, paper_id: int) -> None:
    """Show a text that was just stored, if its paper is open in the detail pane. Otherwise, only show a message."""
    is_looked_at = screen.app.screen is screen and screen.detail.paper is not None and screen.focused is screen.detail
    if is_looked_at and screen.list.paper == paper_id:
        read(screen)
    else:
        title = paper_details.details(screen.library.reader(), paper_id).paper.title
        screen.status.show_news(f"full text stored: {styled.title(title)}")


def compare(screen: LibraryScreen, paper_id: int, before: StoredText, after: StoredText) -> None:
    """Compare two texts of a paper in a thread, and then show them beside each other."""

    async def compared() -> None:
        screen.status.show_progress(_PROGRESS, "comparing the texts …")
        try:
            old, new, rows = await asyncio.to_thread(_compared, screen, before, after)
        except LibraryError as error:
            screen.notices.show_error(str(error))
            return
        finally:
            screen.status.show_progress(_PROGRESS, "")
        title = paper_details.details(screen.library.reader(), paper_id).paper.title
        names = (described(before), described(after))
        screen.app.push_screen(ComparisonScreen(title, names, old, new, rows, screen.keymap, run=screen.do))

    from tui.screens.comparison_screen import ComparisonScreen

    screen.run_worker(compared(), description="compare texts", exit_on_error=False)


def _compared(
    screen: LibraryScreen, before: StoredText, after: StoredText
) -> tuple[Sequence[Block], Sequence[Block], list[comparison.Row]]:
    old, new = (text_store.load(screen.library, stored).blocks for stored in (before, after))
    return old, new, comparison.compare(old, new)


def described(stored: StoredText) -> str:
    """The format of a text, the day on which it was stored, and its source: "PDF, 2026-11-02, 2310.06770v2.pdf"."""
    name = stored.source.rstrip("/").rpartition("/")[2][:_LONGEST_NAME]
    return f"{wording.TEXT_FORMATS[stored.format]}, {stored.at[:10]}, {name}"


def show(screen: LibraryScreen, paper_id: int, stored: StoredText, text: FullText) -> None:
    """Show a full text on a new screen, which covers the library screen. A scan is shown as pages."""
    title = paper_details.details(screen.library.reader(), paper_id).paper.title
    pictures = DocumentPictures(screen.library, stored, picture_settings.setting(screen.library))
    if text.is_scan:
        _show_scan(screen, paper_id, title, text, pictures)
        return

    def clicked(target: str) -> None:
        follow(screen, shown, target)

    shown = TextScreen(
        screen.library,
        screen.writer,
        paper_id,
        title,
        text,
        stored,
        screen.keymap,
        pictures,
        run=screen.do,
        follow=clicked,
    )
    screen.app.push_screen(shown)


def _show_scan(screen: LibraryScreen, paper_id: int, title: str, text: FullText, pictures: DocumentPictures) -> None:
    """Show the pages of a scan, beginning with the page that the user saw last."""
    from tui.screens.pages_screen import PagesScreen

    library = screen.library
    before = positions.read(library.reader(), paper_id)

    def save(page: int) -> None:
        position = Position(page - 1, "", (page - 1) / text.pages)

        def write() -> None:
            with library.writing() as connection:
                positions.write(connection, paper_id, position)

        screen.writer.write(write, lambda _: None, quiet=True)

    screen.app.push_screen(
        PagesScreen(
            pictures,
            title,
            text.pages,
            before.block + 1 if before is not None and not before.quotation else 1,
            screen.keymap,
            run=screen.do,
            remark=text.remarks[0] if text.remarks else "",
            owns_pictures=True,
            on_page=save,
        )
    )
