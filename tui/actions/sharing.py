"""Dialogs with which the user shares a collection with other people, and stops sharing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual import events

from store.marks import collections, sharing
from store.marks.sharing import Share
from store.model.errors import LibraryError
from store.sync import shared_collections
from store.sync.shared_collections import SharedResult
from store.text.clean import line
from tui.actions.naming import known_collections
from tui.render import styled, sync_wording
from tui.screens import path_completion
from tui.screens.dialogs import Ask
from tui.screens.library_screen import LibraryScreen
from tui.screens.name_dialog import AskNames
from tui.screens.path_completion import PathError
from tui.screens.path_dialog import AskPath
from tui.settings import person


class AskFolder(AskPath):
    """A dialog that asks for a folder that can be shared with other people."""

    def checked(self, text: str) -> Path:
        """The typed folder, as an absolute path. Raises PathError if it cannot be shared."""
        path = path_completion.existing(text)
        if not path.is_dir():
            raise PathError(f"{path.name} is a file; name a folder that all of you see")
        try:
            return shared_collections.checked_folder(path)
        except LibraryError as error:
            raise PathError(str(error)) from error


class AskPerson(Ask):
    """A dialog that asks for the name of the user. An empty name is not accepted."""

    async def take(self, event: events.Key) -> bool:
        if event.key == "enter" and not line(self.text):
            self.say("type a name, so that the others see who put a paper there", error=True)
            return True
        return await super().take(event)


def share(screen: LibraryScreen) -> None:
    """Share the collection that the list shows, or else one whose name the user types, through a folder.

    Two dialogs ask for that folder, and for the name under which the other people see the user.
    """

    def named(text: str | None) -> None:
        if name := collections.collection_name(text or ""):
            _ask_folder(screen, name)

    if screen.search.view.kind == "collection":
        named(screen.search.view.argument)
        return
    hint = "tab completes · enter goes on · esc cancels"
    question = "Which collection do you want to share? A new name makes one"
    screen.app.push_screen(AskNames(question, known_collections(screen), hint=hint), named)


def leave(screen: LibraryScreen) -> None:
    """Stop sharing the collection that the list shows, or else a shared collection whose name the user types."""
    shared = _shares(screen)

    def named(text: str | None) -> None:
        if name := collections.collection_name(text or ""):
            _change(screen, lambda: f"{shared_collections.end(screen.library, name).label}; its papers stay")

    if not shared:
        screen.status.show_news("you share no collection")
    elif screen.search.view.kind == "collection" and screen.search.view.argument in shared:
        named(screen.search.view.argument)
    else:
        known = [each for each in known_collections(screen) if each.name in shared]
        hint = "tab completes · enter stops sharing it · esc cancels"
        screen.app.push_screen(AskNames("Which collection do you no longer share?", known, hint=hint), named)


def _ask_folder(screen: LibraryScreen, name: str) -> None:
    present = _shares(screen).get(name)
    question = f"Folder through which to share “{styled.safe(name, 40)}”"
    if present is not None and present.folder is not None:
        question = f"“{styled.safe(name, 40)}” is shared as {styled.safe(present.person, 40)}. Folder for it"
    hint = "tab completes · enter goes on · esc cancels; only this collection will be in the folder"
    dialog = AskFolder(question, hint, "~/Shared/group", str(present.folder) if present and present.folder else "")
    screen.app.push_screen(dialog, lambda folder: _ask_person(screen, name, present, folder))


def _ask_person(screen: LibraryScreen, name: str, present: Share | None, folder: Path | None) -> None:
    if folder is None:
        return

    def answered(text: str | None) -> None:
        if text is not None:
            _change(screen, lambda: _shared_text(shared_collections.begin(screen.library, name, folder, text)))

    shown = present.person if present else person.name(screen.library.path)
    screen.app.push_screen(
        AskPerson("Your name, which the others see beside your papers", shown, selects=True), answered
    )


def _shares(screen: LibraryScreen) -> dict[str, Share]:
    """The shared collections by their names."""
    return {each.collection: each for each in sharing.shares(screen.library.reader())}


def _shared_text(result: SharedResult) -> str:
    problem = f"; not read: {result.unreadable[0]}" if result.unreadable else ""
    return f"shared “{result.collection}” · {sync_wording.shared_text(result)}{problem}"


def _change(screen: LibraryScreen, change: Callable[[], str]) -> None:
    """Call `change` in the thread that writes to the library.

    Then show the text that `change` returns or, if it raises an error, the message of the error.
    """

    def show(text: str) -> None:
        screen.status.show_news(text)
        screen.updates.refresh(to_top=False)

    screen.writer.write(change, show)
