"""What each action of the registry does to the reader's screen: one method for each, named by the action's id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from textual.content import Content
from textual.widget import Widget

from store import papers, reading, report
from store.library import Library
from store.paper import Paper
from store.papers import Known
from store.reading import Marked, Status
from store.views import SORTS, View
from tui import citation, links, present
from tui.fetching import FetchError, fetch_today
from tui.screens import pages
from tui.screens.dialogs import Ask, Choose, Page, Write
from tui.screens.main import MainScreen
from tui.widgets.detail import Detail
from tui.widgets.lines import LineList

# How much "<" and ">" change the list's share of the width (percent).
_WIDTH_STEP = 5


class Moving:
    """Moving in the pane that has the focus, and between panes."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def down(self) -> None:
        self._by(1)

    def up(self) -> None:
        self._by(-1)

    def half_down(self) -> None:
        self._by_page(0.5)

    def half_up(self) -> None:
        self._by_page(-0.5)

    def page_down(self) -> None:
        self._by_page(1)

    def page_up(self) -> None:
        self._by_page(-1)

    def top(self) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_home(animate=False)
        else:
            pane.move(0)

    def bottom(self) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_end(animate=False)
        else:
            pane.move(pane.count - 1, -1)

    def next_pane(self) -> None:
        self._turn(1)

    def previous_pane(self) -> None:
        self._turn(-1)

    def narrower(self) -> None:
        self._screen.share_width(-_WIDTH_STEP)

    def wider(self) -> None:
        self._screen.share_width(_WIDTH_STEP)

    @property
    def _pane(self) -> LineList | Detail:
        focused = self._screen.focused
        return focused if isinstance(focused, LineList | Detail) else self._screen.list

    def _by(self, lines: int) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=lines, animate=False)
        else:
            pane.move(pane.cursor + lines, lines)

    def _by_page(self, pages: float) -> None:
        pane = self._pane
        if isinstance(pane, Detail):
            pane.scroll_relative(y=int(pages * max(1, pane.size.height - 1)), animate=False)
        else:
            pane.move(pane.cursor + int(pages * pane.page), 1 if pages > 0 else -1)

    def _turn(self, step: int) -> None:
        screen = self._screen
        panes: list[Widget] = [screen.view_list, screen.list, screen.detail]
        at = panes.index(screen.focused) if screen.focused in panes else 1
        target = panes[(at + step) % len(panes)]
        if target is screen.view_list:
            screen.add_class("-views")
        screen.set_class(target is screen.detail, "-reading")
        screen.to(target)


class Finding:
    """The filter, the sort, the views."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def filter(self) -> None:
        self._screen.remove_class("-reading")
        self._screen.to(self._screen.filter_line.input)

    def sort(self) -> None:
        at = SORTS.index(self._screen.sort)
        self._screen.set_sort(SORTS[(at + 1) % len(SORTS)])

    def view_new(self) -> None:
        self._view("new")

    def view_all(self) -> None:
        self._view("all")

    def view_queue(self) -> None:
        self._view("queue")

    def view_bookmarks(self) -> None:
        self._view("bookmarks")

    def view_reading(self) -> None:
        self._view("reading")

    def view_done(self) -> None:
        self._view("done")

    def view_hidden(self) -> None:
        self._view("hidden")

    def view_trending(self) -> None:
        self._view("trending")

    def _view(self, name: str) -> None:
        self._screen.show_view(View.parse(name))
        self._screen.to(self._screen.list)


class Marking:
    """The reader's own marks. Each is shown when it is on the disk, not before."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def bookmark(self) -> None:
        self._mark(lambda numbers: reading.bookmark(self._screen.library, numbers))

    def queue(self) -> None:
        self._mark(lambda numbers: reading.queue(self._screen.library, numbers))

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
        screen = self._screen
        numbers = screen.list.selected
        if not numbers:
            return
        if len(numbers) > 1:
            question, value = f"Tags to add to {len(numbers)} papers", ""
        else:
            known = reading.marks(screen.library.reader(), numbers[0])
            question, value = "Tags, separated by spaces", " ".join(known.tags)

        def answered(text: str | None) -> None:
            if text is None:
                return
            names = text.replace(",", " ").split()
            if len(numbers) > 1:
                self._mark(lambda chosen: reading.tag(screen.library, chosen, names), numbers)
            else:
                self._mark(lambda chosen: reading.retag(screen.library, chosen, names), numbers)

        screen.app.push_screen(Ask(question, value), answered)

    def note(self) -> None:
        screen = self._screen
        number = screen.list.paper
        if number is None:
            return

        def answered(text: str | None) -> None:
            if text is not None:
                self._mark(lambda chosen: reading.note(screen.library, chosen[0], text), [number])

        known = reading.marks(screen.library.reader(), number)
        screen.app.push_screen(Write("Your note", known.note or ""), answered)

    def select(self) -> None:
        screen = self._screen
        screen.to(screen.list)
        screen.list.select_from_here(not screen.list.selecting)
        screen.show_where()

    def undo(self) -> None:
        self._walk(reading.undo, "undone", "nothing to undo")

    def redo(self) -> None:
        self._walk(reading.redo, "done again", "nothing to do again")

    def _shift(self, by: int) -> None:
        screen = self._screen
        number = screen.list.paper
        if number is not None:
            screen.mark(lambda: reading.shift(screen.library, number, by), [number])

    def _status(self, wanted: Status) -> None:
        library = self._screen.library
        self._mark(lambda numbers: reading.status(library, numbers, wanted, toggle=True), hides=wanted == "hidden")

    def _mark(
        self, change: Callable[[list[int]], Marked], numbers: list[int] | None = None, *, hides: bool = False
    ) -> None:
        chosen = self._screen.list.selected if numbers is None else numbers
        if chosen:
            self._screen.mark(lambda: change(chosen), chosen, hides=hides)

    def _walk(self, step: Callable[[Library], Marked | None], said: str, nothing: str) -> None:
        screen = self._screen

        def walked(result: Marked | None) -> None:
            if result is None:
                screen.status.show_news(nothing)
            else:
                screen.marked(result, f"{said}: {result.label}")

        screen.writer.write(lambda: step(screen.library), walked)


class Opening:
    """Reading a paper, and what is outside: pages, PDFs, the clipboard."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def read(self) -> None:
        screen = self._screen
        if screen.empty:
            screen.app.import_samples(screen)
        elif screen.focused is screen.view_list:
            screen.to(screen.list)
        elif screen.list.paper is not None:
            screen.show_detail()
            screen.add_class("-reading")
            screen.to(screen.detail)
            self._seen(screen.list.paper)

    def back(self) -> None:
        screen = self._screen
        if screen.focused is not screen.list:
            screen.to(screen.list)
        elif screen.list.selecting:
            screen.list.select_from_here(False)
            screen.show_where()
        else:
            screen.clear_filter()

    def open_page(self) -> None:
        self._open(links.best, "no listing gives an address of it")

    def open_pdf(self) -> None:
        self._open(links.pdf, "no listing gives its PDF")

    def open_link(self) -> None:
        known = self._known()
        if known is None:
            return
        found = [each for each in links.of(known.paper) if links.may_open(each.url)]
        if not found:
            self._screen.status.show_news("it has no links")
        elif len(found) == 1:
            self._go(found[0].url, known)
        else:
            choices = [Content.assemble((f"{each.label:<8} ", "$muted"), present.safe(each.url, 200)) for each in found]

            def chosen(index: int | None) -> None:
                if index is not None:
                    self._go(found[index].url, known)

            self._screen.app.push_screen(Choose("Links", choices), chosen)

    def cite(self) -> None:
        known = self._known()
        if known is not None:
            self._screen.app.copy_to_clipboard(citation.plain(known))
            self._screen.status.show_news("citation sent to the clipboard")

    def _known(self) -> Known | None:
        number = self._screen.list.paper
        return papers.whole(self._screen.library.reader(), number) if number is not None else None

    def _open(self, address: Callable[[Paper], str | None], nothing: str) -> None:
        known = self._known()
        if known is None:
            return
        url = address(known.paper)
        if url is None:
            self._screen.status.show_news(nothing)
        else:
            self._go(url, known)

    def _go(self, url: str, known: Known) -> None:
        screen = self._screen
        safe = links.may_open(url)
        if safe is None:
            screen.status.show_news(f"not opened, it is no web address: {present.safe(url, 200)}", error=True)
            return

        async def open_it() -> None:
            try:
                opened = await asyncio.to_thread(links.open_in_browser, safe)
            except OSError as error:
                screen.status.show_news(f"the browser did not start: {error.strerror}", error=True)
                return
            screen.status.show_news(f"opening {safe}" if opened else f"no browser found; the address is {safe}")

        screen.run_worker(open_it(), description="open an address", exit_on_error=False)
        self._seen(known.id)

    def _seen(self, number: int) -> None:
        screen = self._screen
        if reading.marks(screen.library.reader(), number).status == "new":
            screen.writer.write(
                lambda: reading.seen(screen.library, number), lambda result: screen.marked(result, quiet=True)
            )


class Running:
    """The program: imports, the log, help, themes, the end."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen

    def import_file(self) -> None:
        screen = self._screen

        def answered(text: str | None) -> None:
            if text and text.strip():
                screen.importer.put([Path(text.strip().strip("'\"")).expanduser()])

        inbox = present.safe(str(screen.inbox), 500)
        hint = f"enter imports · esc cancels\nfiles that are put in {inbox} come in by themselves"
        screen.app.push_screen(Ask("Import a file or folder", hint=hint), answered)

    def fetch(self) -> None:
        screen = self._screen

        async def fetch_it() -> None:
            screen.status.show_news("fetching today's Daily Papers …", stays=True)
            try:
                said = await fetch_today(screen.library.path)
            except (FetchError, OSError) as error:
                screen.status.show_news(present.safe(str(error), 300), error=True)
            else:
                # The file is in the inbox now, and comes in like any other.
                screen.status.show_news(present.safe(said.splitlines()[-1] if said else "fetched", 300))

        # Exclusive: a second press starts over instead of asking the server twice.
        screen.run_worker(fetch_it(), group="fetch", exclusive=True, description="fetch", exit_on_error=False)

    def log(self) -> None:
        entries = report.read(self._screen.library.reader())
        self._screen.app.push_screen(Page("Import log", pages.log_text(entries)))

    def theme(self) -> None:
        self._screen.app.turn_theme()

    def help(self) -> None:
        self._screen.app.push_screen(Page("Help", pages.help_text(self._screen.app.keys)))

    def palette(self) -> None:
        self._screen.app.action_command_palette()

    def quit(self) -> None:
        self._screen.app.exit()


def do(screen: MainScreen, action: str) -> None:
    """Do the action with this id on `screen`."""
    for group in (Moving, Finding, Marking, Opening, Running):
        if hasattr(group, action):
            getattr(group(screen), action)()
            return
    raise AttributeError(f"no action is called {action!r}")
