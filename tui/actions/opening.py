"""Reading a paper, and what is outside: pages, PDFs, the clipboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.content import Content

from store.marks import marks, paper_marks
from store.model.paper import Paper
from store.papers import queries
from store.papers.queries import PaperDetails
from tui.render import addresses, styled
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import MainScreen
from tui.workers import browser

# What opens addresses has failed after so many looks at it, if it does, with so long between two (s).
_LOOKS = 30
_LOOK_SECONDS = 0.1


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
        elif screen.list.paper is None:
            screen.status.show_news(NO_PAPER)
        else:
            screen.show_detail()
            known = screen.detail.known
            if known is None:
                # The paper cannot be read, and the status line says why.
                return
            screen.add_class("-reading")
            screen.to(screen.detail)
            self._seen(known.id)

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
        self._open(addresses.best, "no listing gives an address of it")

    def open_pdf(self) -> None:
        self._open(addresses.pdf, "no listing gives its PDF")

    def open_link(self) -> None:
        # Imported here, as everywhere in this package: a dialog is wanted long after the start.
        from tui.screens.dialogs import Choose

        known = self._known()
        if known is None:
            return
        found = [each for each in addresses.of(known.paper) if addresses.may_open(each.url)]
        if not found:
            self._screen.status.show_news("it has no links")
        elif len(found) == 1:
            self._go(found[0].url, known)
        else:
            choices = [Content.assemble((f"{each.label:<8} ", "$muted"), styled.safe(each.url, 200)) for each in found]

            def chosen(index: int | None) -> None:
                if index is not None:
                    self._screen.attempt(lambda: self._go(found[index].url, known))

            self._screen.app.push_screen(Choose("Links", choices), chosen)

    def cite(self) -> None:
        from tui.render import citation

        known = self._known()
        if known is not None:
            self._screen.app.copy_to_clipboard(citation.plain(known))
            self._screen.status.show_news("citation sent to the clipboard")

    def _known(self) -> PaperDetails | None:
        """The paper under the cursor; None, and said, where there is none."""
        number = self._screen.list.paper
        if number is None:
            self._screen.status.show_news(NO_PAPER)
            return None
        return queries.details(self._screen.library.reader(), number)

    def _open(self, address: Callable[[Paper], str | None], nothing: str) -> None:
        known = self._known()
        if known is None:
            return
        url = address(known.paper)
        if url is None:
            self._screen.status.show_news(nothing)
        else:
            self._go(url, known)

    def _go(self, url: str, known: PaperDetails) -> None:
        screen = self._screen
        safe = addresses.may_open(url)
        if safe is None:
            screen.status.show_news(f"not opened, it is no web address: {styled.safe(url, 200)}", error=True)
            return

        async def open_it() -> None:
            screen.status.show_news(f"opening {safe}")
            try:
                failed = await asyncio.to_thread(browser.open_in_browser, safe)
                for _ in range(_LOOKS):
                    await asyncio.sleep(_LOOK_SECONDS)
                    if failed():
                        raise browser.BrowserError("no browser could open it")
            except browser.BrowserError as error:
                # The address whole, to be copied: in the status line there may be no room for it.
                screen.app.toast(f"{error}; the address is\n{safe}", "warning")
                screen.status.show_news(f"{error}; the address is {safe}")

        screen.run_worker(open_it(), description="open an address", exit_on_error=False)
        self._seen(known.id)

    def _seen(self, number: int) -> None:
        screen = self._screen
        if paper_marks.read(screen.library.reader(), number).status == "new":
            screen.writer.write(
                lambda: marks.seen(screen.library, number), lambda result: screen.marked(result, quiet=True)
            )
