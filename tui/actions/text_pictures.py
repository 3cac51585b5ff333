"""Actions that show pictures of a full text: a figure, a table, an equation, or a page of the PDF."""

from __future__ import annotations

from typing import NamedTuple

from tui.render import styled, text_layout, wording
from tui.render.styled import Piece
from tui.screens.library_screen import LibraryScreen
from tui.screens.pages_screen import PagesScreen
from tui.screens.picture_screen import PictureItem, PictureScreen
from tui.screens.text_screen import TextScreen

_LONGEST_LABEL = 300
_NO_PICTURES = "this text has no figures, tables or equations that can be shown"


class _Picture(NamedTuple):
    """A picture of a full text, and the index of the block (paragraph, figure, …) of the text to which it belongs."""

    block: int
    item: PictureItem


def show_picture(screen: LibraryScreen, text: TextScreen) -> None:
    """Show the picture on the screen as large as possible.

    If several or no pictures are visible, the user chooses one.
    """
    if text.pictures.missing(text.text):
        _offer_fetching(screen, text)
    else:
        _show_one(screen, text)


def _show_one(screen: LibraryScreen, text: TextScreen) -> None:
    everything = _pictures(text)
    shown = {line.block for line in text.view.shown_lines}
    here = [picture for picture in everything if picture.block in shown]
    if not everything:
        text.show_news(_NO_PICTURES)
    elif len(here) == 1:
        _open(screen, text, everything, everything.index(here[0]))
    else:
        _choose(screen, text, everything, here or everything, "Pictures here" if here else "Pictures of this text")


def _offer_fetching(screen: LibraryScreen, text: TextScreen) -> None:
    """Ask the user whether to fetch the pictures of a full text that is a web page."""
    from tui.screens.dialogs import Choose

    missing = text.pictures.missing(text.text)
    choices = [(Piece(f"fetch {wording.count(len(missing), 'picture')} over the network"),)]
    if _pictures(text):
        choices.append((Piece("show those that it has"),))

    def chosen(index: int | None) -> None:
        if index == 1:
            _show_one(screen, text)
        elif index == 0:
            screen.run_worker(
                _fetch(screen, text), group="fetch-pictures", exclusive=True, description="fetch pictures"
            )

    question = "The library does not have all pictures of this text"
    screen.app.push_screen(Choose(question, choices, screen.keymap, "does it"), chosen)


async def _fetch(screen: LibraryScreen, text: TextScreen) -> None:
    from tui.workers.fetch_process import FetchError, fetch_pictures

    text.show_news("fetching the pictures …")
    try:
        await fetch_pictures(screen.library.path, text.paper_id)
    except (FetchError, OSError) as error:
        text.show_news(styled.safe(str(error), _LONGEST_LABEL), error=True)
    else:
        text.show_news("the pictures were fetched")
    if text.is_attached:
        text.show_fetched_pictures()


def _choose(
    screen: LibraryScreen, text: TextScreen, everything: list[_Picture], offered: list[_Picture], title: str
) -> None:
    from tui.screens.dialogs import Choose

    choices = [(Piece(styled.drawable(each.item.caption)[:_LONGEST_LABEL]),) for each in offered]

    def chosen(index: int | None) -> None:
        if index is not None:
            _open(screen, text, everything, everything.index(offered[index]))

    screen.app.push_screen(Choose(title, choices, screen.keymap, "shows it"), chosen)


def _open(screen: LibraryScreen, text: TextScreen, everything: list[_Picture], index: int) -> None:
    screen.app.push_screen(PictureScreen(text.pictures, [each.item for each in everything], index))


def _pictures(text: TextScreen) -> list[_Picture]:
    """The figures and tables of a text, then its equations, each in the order of the text."""
    found: list[_Picture] = []
    for index, block in enumerate(text.blocks):
        source = text.pictures.source(block)
        if source is not None:
            label = "equation  " if block.kind == "equation" else ""
            caption = " ".join(text_layout.display_text(block).split())
            found.append(_Picture(index, PictureItem(source, label + caption)))
    return sorted(found, key=lambda each: text.blocks[each.block].kind == "equation")


def show_page(screen: LibraryScreen, text: TextScreen) -> None:
    """Show the page of the PDF on which the first line of the screen is."""
    page = text.page
    if page is None:
        text.show_news("only a PDF has pages")
        return
    screen.app.push_screen(
        PagesScreen(text.pictures, text.title_of_paper, text.text.pages, page, screen.keymap, run=screen.do)
    )
