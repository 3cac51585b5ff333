"""Actions on the screen of a full text."""

from __future__ import annotations

from typing import NamedTuple

from store.papers import addresses, queries
from store.texts import references
from store.texts.references import Cited
from tui.actions import browsing
from tui.render import styled, text_layout
from tui.render.styled import Piece
from tui.screens.library_screen import LibraryScreen
from tui.screens.text_screen import TextScreen

# The largest number of characters of a choice.
_LONGEST_CHOICE = 300


class _Target(NamedTuple):
    """A place or an address to which the text on the screen leads, with the text that names it."""

    target: str
    label: str
    text: str


class TextReading:
    """The actions of the scope "text". They need the screen of a full text."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def text_contents(self) -> None:
        """Let the user choose a heading, a figure or a table."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        entries: list[tuple[int, str]] = [
            (heading.block, "  " * (heading.level - 2) + heading.text) for heading in text.headings
        ]
        captions = [(index, block) for index, block in enumerate(text.blocks) if block.kind == "caption"]
        entries += [(index, text_layout.display_text(block)) for index, block in captions]
        if not entries:
            text.show_news("this text has no headings")
            return
        choices = [(Piece(styled.drawable(label)[:_LONGEST_CHOICE]),) for _, label in entries]

        def chosen(index: int | None) -> None:
            if index is not None:
                text.jump(entries[index][0])

        self._screen.app.push_screen(Choose("Contents", choices, self._screen.keymap, "goes there"), chosen)

    def text_find(self) -> None:
        if (text := self._text) is not None:
            text.find()

    def text_next(self) -> None:
        if (text := self._text) is not None:
            text.go_to_match(1)

    def text_previous(self) -> None:
        if (text := self._text) is not None:
            text.go_to_match(-1)

    def text_next_section(self) -> None:
        if (text := self._text) is not None:
            text.go_to_section(1)

    def text_last_section(self) -> None:
        if (text := self._text) is not None:
            text.go_to_section(-1)

    def text_follow(self) -> None:
        """Let the user choose one of the citations, notes and links on the screen, and go there."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        targets = [found for target in text.shown_targets if (found := _described(text, target)) is not None]
        if not targets:
            text.show_news("no citation, note or link is on the screen")
        elif len(targets) == 1:
            follow(self._screen, text, targets[0].target)
        else:
            choices = [(Piece(f"{each.label:<10} ", "muted"), Piece(each.text)) for each in targets]

            def chosen(index: int | None) -> None:
                if index is not None:
                    follow(self._screen, text, targets[index].target)

            self._screen.app.push_screen(Choose("Follow", choices, self._screen.keymap, "follows it"), chosen)

    def text_highlight(self) -> None:
        if (text := self._text) is not None:
            text.highlights.begin()

    def text_highlights(self) -> None:
        """Let the user choose one of the highlights, and go there."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        placed = text.highlights.placed
        if not placed:
            text.show_news("nothing is highlighted in this text yet")
            return
        choices = [
            (
                Piece("" if place is not None else "not in this version  ", "muted"),
                Piece(styled.safe(highlight.quotation, _LONGEST_CHOICE)),
                Piece(f"  {styled.safe(highlight.note, 100)}" if highlight.note else "", "muted"),
            )
            for highlight, place in placed
        ]

        def chosen(index: int | None) -> None:
            place = placed[index][1] if index is not None else None
            if place is not None:
                text.jump(place.block, place.start)

        self._screen.app.push_screen(Choose("Your highlights", choices, self._screen.keymap, "goes there"), chosen)

    def text_return(self) -> None:
        if (text := self._text) is not None:
            text.go_back()

    def text_open(self) -> None:
        text = self._text
        if text is None:
            return
        paper = queries.details(self._screen.library.reader(), text.paper_id).paper
        url = addresses.may_open(addresses.best(paper) or "")
        if url is None:
            text.show_news("no listing gives the address of this paper")
        else:
            browsing.browse(self._screen, url)
            text.show_news(f"opening {url}")

    def text_leave(self) -> None:
        if (text := self._text) is not None:
            text.save()
            self._screen.app.pop_screen()
            # The detail pane shows highlights.
            self._screen.follower.show()

    @property
    def _text(self) -> TextScreen | None:
        """The screen of the text. On another screen, the status line says that no text is open."""
        current = self._screen.app.screen
        if isinstance(current, TextScreen):
            return current
        self._screen.status.show_news("no full text is open")
        return None


def follow(screen: LibraryScreen, text: TextScreen, target: str) -> None:
    """Go where a span of the text leads: to a place of the text, a paper of the library, or the browser."""
    block = text.block_of(target)
    if block is None and not target.startswith("#"):
        _browse(screen, text, target)
    elif block is None:
        text.show_news("the text does not have the place to which this leads")
    elif text.blocks[block].kind == "reference":
        _follow_reference(screen, text, block)
    else:
        text.jump(block)


def _follow_reference(screen: LibraryScreen, text: TextScreen, block: int) -> None:
    """Let the user choose what to do with a cited work: open its paper, go to its entry, or open its page."""
    from tui.screens.dialogs import Choose

    cited = references.look_up(screen.library.reader(), text.blocks[block])
    choices: list[tuple[str, str]] = []
    if cited.paper_id is not None:
        title = queries.details(screen.library.reader(), cited.paper_id).paper.title
        choices.append(("open", f"open it in the list: {styled.title(title)}"))
    elif cited.arxiv_id or cited.doi:
        choices.append(("fetch", f"fetch it into your library: {cited.arxiv_id or cited.doi}"))
    choices.append(("go", "go to its entry in the references"))
    if cited.address:
        choices.append(("browse", f"open {styled.safe(cited.address, 200)} in the browser"))
    name = styled.safe(text.blocks[block].text, 200)

    def chosen(index: int | None) -> None:
        if index is None:
            return
        match choices[index][0]:
            case "open":
                _open_paper(screen, text, cited)
            case "fetch":
                _fetch_paper(screen, text, cited.arxiv_id or cited.doi or "")
            case "browse":
                _browse(screen, text, cited.address or "")
            case _:
                text.jump(block)

    pieces = [(Piece(label),) for _, label in choices]
    screen.app.push_screen(Choose(name, pieces, screen.keymap, "does it"), chosen)


def _fetch_paper(screen: LibraryScreen, text: TextScreen, identifier: str) -> None:
    """Fetch a cited paper in a process of its own. The file arrives in the inbox, which the reader watches."""
    from tui.workers.fetch_process import FetchError, fetch_paper

    async def fetch() -> None:
        text.show_news(f"fetching {styled.safe(identifier, 100)} …")
        try:
            output = await fetch_paper(screen.library.path, identifier)
        except (FetchError, OSError) as error:
            text.show_news(styled.safe(str(error), 300), error=True)
        else:
            text.show_news(styled.safe(output.splitlines()[-1] if output else "fetched", 300))

    screen.run_worker(fetch(), description="fetch a cited paper", exit_on_error=False)


def _open_paper(screen: LibraryScreen, text: TextScreen, cited: Cited) -> None:
    """Leave the text and show the cited paper in the list."""
    assert cited.paper_id is not None
    paper = queries.details(screen.library.reader(), cited.paper_id).paper
    identifier = paper.arxiv_id or paper.doi
    text.save()
    screen.app.pop_screen()
    screen.updates.show_filter(f"id:{identifier}" if identifier else f'title:"{paper.title.replace(chr(34), "")}"')


def _browse(screen: LibraryScreen, text: TextScreen, address: str) -> None:
    url = addresses.may_open(address)
    if url is None:
        text.show_news(f"not opened, this is not a web address: {styled.safe(address, 200)}", error=True)
        return
    browsing.browse(screen, url)
    text.show_news(f"opening {url}")


def _described(text: TextScreen, target: str) -> _Target | None:
    """A target with its label and its text; None when the text has no such place."""
    block = text.block_of(target)
    if block is None:
        return None if target.startswith("#") else _Target(target, "link", styled.safe(target, 200))
    found = text.blocks[block]
    return _Target(target, found.kind, styled.safe(text_layout.display_text(found), _LONGEST_CHOICE))
