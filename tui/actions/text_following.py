"""Actions that go to the target of a citation, a note or a link in a full text."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from store.papers import addresses, paper_details
from store.texts import references
from tui.actions import browsing
from tui.render import styled, text_layout
from tui.render.styled import Piece
from tui.screens.library_screen import LibraryScreen
from tui.screens.text_screen import TextScreen

# In the dialog for choosing a target, each line is truncated to this length (characters).
LONGEST_CHOICE = 300


class Target(NamedTuple):
    """The target of a citation or link: a place in the text or a web address.

    `label` and `text` describe the target to the user.
    """

    target: str
    label: str
    text: str


def follow(screen: LibraryScreen, text: TextScreen, target: str) -> None:
    """Go to the target of a citation or link: a place in the text, a paper of the library, or a web page."""
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
    """Let the user choose what to do with a cited work, for example open it or go to its place in the bibliography."""
    from tui.screens.dialogs import Choose

    cited = references.look_up(screen.library.reader(), text.blocks[block])
    paper_id, identifier, address = cited.paper_id, cited.arxiv_id or cited.doi, cited.address
    choices: list[tuple[str, Callable[[], None]]] = []
    if paper_id is not None:
        title = paper_details.details(screen.library.reader(), paper_id).paper.title
        choices.append((f"open it in the list: {styled.title(title)}", lambda: _open_paper(screen, text, paper_id)))
    elif identifier:
        choices.append((f"fetch it into your library: {identifier}", lambda: _fetch_paper(screen, text, identifier)))
    choices.append(("go to its entry in the references", lambda: text.jump(block)))
    if address:
        label = f"open {styled.safe(address, 200)} in the browser"
        choices.append((label, lambda: _browse(screen, text, address)))
    name = styled.safe(text.blocks[block].text, 200)

    def chosen(index: int | None) -> None:
        if index is not None:
            choices[index][1]()

    pieces = [(Piece(label),) for label, _ in choices]
    screen.app.push_screen(Choose(name, pieces, screen.keymap, "does it"), chosen)


def _fetch_paper(screen: LibraryScreen, text: TextScreen, identifier: str) -> None:
    """Fetch a cited paper in a separate process, which puts a file into the inbox. recto then imports that file."""
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


def _open_paper(screen: LibraryScreen, text: TextScreen, paper_id: int) -> None:
    """Leave the text and show the cited paper in the list."""
    paper = paper_details.details(screen.library.reader(), paper_id).paper
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


def described(text: TextScreen, target: str) -> Target | None:
    """Describe a web address or a place such as "#bib.bib1". Returns None for a place that is not in the full text."""
    block = text.block_of(target)
    if block is None:
        return None if target.startswith("#") else Target(target, "link", styled.safe(target, 200))
    found = text.blocks[block]
    return Target(target, found.kind, styled.safe(text_layout.display_text(found), LONGEST_CHOICE))
