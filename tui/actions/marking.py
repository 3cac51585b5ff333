"""The reader's own marks: made, taken back, asked for."""

from __future__ import annotations

from collections.abc import Callable

from store.library.library import Library
from store.marks import journal, marks, paper_marks
from store.marks.journal import Marked
from store.marks.paper_marks import Marks, Status
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import MainScreen


class Marking:
    """The reader's own marks. Each is shown when it is on the disk, not before."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def bookmark(self) -> None:
        self._mark(lambda numbers: marks.bookmark(self._screen.library, numbers))

    def queue(self) -> None:
        self._mark(lambda numbers: marks.queue(self._screen.library, numbers))

    def later(self) -> None:
        self._shift(1)

    def sooner(self) -> None:
        self._shift(-1)

    def reading(self) -> None:
        self._status("reading")

    def done(self) -> None:
        self._status("done")

    def hide(self) -> None:
        self._status("hidden")

    def seen(self) -> None:
        self._status("seen")

    def tags(self) -> None:
        # Imported here, as everywhere in this package: a dialog is wanted long after the start.
        from tui.screens.dialogs import Ask

        screen = self._screen
        numbers = screen.list.selected
        if not numbers:
            screen.status.show_news(NO_PAPER)
            return
        if len(numbers) > 1:
            question, value = f"Tags to add to {len(numbers)} papers", ""
        else:
            question, value = "Tags, separated by spaces", " ".join(self._marks(numbers[0]).tags)

        def answered(text: str | None) -> None:
            if text is None:
                return
            names = text.replace(",", " ").split()
            if len(numbers) > 1:
                self._mark(lambda chosen: marks.tag(screen.library, chosen, names), numbers)
            else:
                self._mark(lambda chosen: marks.retag(screen.library, chosen, names), numbers)

        screen.app.push_screen(Ask(question, value), answered)

    def note(self) -> None:
        from tui.screens.note_dialog import Write

        screen = self._screen
        number = screen.list.paper
        if number is None:
            screen.status.show_news(NO_PAPER)
            return

        def answered(text: str | None) -> None:
            if text is not None:
                self._mark(lambda chosen: marks.note(screen.library, chosen[0], text), [number])

        screen.app.push_screen(Write("Your note", self._marks(number).note or ""), answered)

    def select(self) -> None:
        screen = self._screen
        screen.to(screen.list)
        screen.list.select_from_here(not screen.list.selecting)
        screen.show_where()

    def undo(self) -> None:
        self._walk(journal.undo, "undone", "nothing to undo")

    def redo(self) -> None:
        self._walk(journal.redo, "done again", "nothing to do again")

    def _marks(self, number: int) -> Marks:
        """The marks of a paper, or of the paper it was joined to. Raises LibraryError when the paper is gone."""
        connection = self._screen.library.reader()
        return paper_marks.read(connection, paper_marks.resolve(connection, number))

    def _shift(self, by: int) -> None:
        screen = self._screen
        number = screen.list.paper
        if number is None:
            screen.status.show_news(NO_PAPER)
        else:
            screen.mark(lambda: marks.shift(screen.library, number, by), [number])

    def _status(self, wanted: Status) -> None:
        library = self._screen.library
        self._mark(lambda numbers: marks.status(library, numbers, wanted, toggle=True), hides=wanted == "hidden")

    def _mark(
        self, change: Callable[[list[int]], Marked], numbers: list[int] | None = None, *, hides: bool = False
    ) -> None:
        chosen = self._screen.list.selected if numbers is None else numbers
        if chosen:
            self._screen.mark(lambda: change(chosen), chosen, hides=hides)
        else:
            self._screen.status.show_news(NO_PAPER)

    def _walk(self, step: Callable[[Library], Marked | None], said: str, nothing: str) -> None:
        screen = self._screen

        def walked(result: Marked | None) -> None:
            if result is None:
                screen.status.show_news(nothing)
            else:
                screen.marked(result, f"{said}: {result.label}")

        screen.writer.write(lambda: step(screen.library), walked)
