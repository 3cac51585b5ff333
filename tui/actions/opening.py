"""Actions that show a paper in the detail pane, or open one of its web addresses in the browser."""

from __future__ import annotations

from collections.abc import Callable

from store.marks import marking, stored_marks
from store.model.paper import Paper
from store.papers import addresses, paper_details
from store.papers.paper_details import PaperDetails
from tui.actions import browsing
from tui.render import paper_filters, styled
from tui.render.page_layout import Choice
from tui.render.styled import Piece
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen


class Opening:
    """The actions that open papers and web addresses: those with the scope "open" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def read(self) -> None:
        screen = self._screen
        if screen.pane_focus.is_empty:
            from tui.actions.samples import sample_folder

            screen.imports.put([sample_folder()])
        elif screen.focused is screen.view_list:
            screen.pane_focus.move_to_list()
        elif screen.list.paper is None:
            screen.status.show_news(NO_PAPER, until_key=True)
        elif screen.focused is screen.detail:
            self.full_text()
        else:
            self._open_paper()

    def full_text(self) -> None:
        # Imported here, not at the top of the module, because most keys open no full text.
        from tui.actions import text_opening

        text_opening.read(self._screen)

    def _open_paper(self) -> None:
        """Show the paper under the cursor in the detail pane. After a moment, the paper gets the status "seen"."""
        screen = self._screen
        screen.follower.show()
        details = screen.detail.paper
        if details is None:
            # The paper could not be read from the library. The status line already shows the error.
            return
        if screen.focused is not screen.detail:
            screen.list.passed.clear()
        screen.list.choose()
        screen.add_class("-reading")
        screen.pane_focus.move_to(screen.detail)
        paper_id = details.id

        def is_open() -> bool:
            shown = screen.detail.paper
            return screen.focused is screen.detail and shown is not None and shown.id == paper_id

        screen.marks.mark_when_open_for_a_moment(lambda: _mark_seen(screen, paper_id), is_open)

    def next_paper(self) -> None:
        self._go_to_neighbour(1)

    def previous_paper(self) -> None:
        self._go_to_neighbour(-1)

    def next_page(self) -> None:
        self._go_to_neighbour_page(1)

    def previous_page(self) -> None:
        self._go_to_neighbour_page(-1)

    def back(self) -> None:
        screen = self._screen
        if screen.focused is not screen.list:
            screen.pane_focus.move_to_list()
        elif screen.list.is_selecting:
            screen.list.select_from_here(False)
            screen.where.show()
        else:
            screen.filter_typing.clear()

    def open_page(self) -> None:
        self._open(addresses.best, "no listing gives the address of this paper")

    def open_pdf(self) -> None:
        self._open(addresses.pdf, "no listing gives the PDF of this paper")

    def open_link(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from tui.screens.dialogs import Choose

        details = self._paper()
        if details is None:
            return
        links = [link for link in addresses.of(details.paper) if addresses.may_open(link.url)]
        if not links:
            self._screen.status.show_news("this paper has no links")
        elif len(links) == 1:
            open_address(self._screen, links[0].url, details)
        else:
            choices = [(Piece(f"{link.label:<8} ", "muted"), Piece(styled.safe(link.url, 200))) for link in links]

            def chosen(index: int | None) -> None:
                if index is not None:
                    self._screen.notices.attempt(lambda: open_address(self._screen, links[index].url, details))

            self._screen.app.push_screen(Choose("Links", choices, self._screen.keymap), chosen)

    def keywords(self) -> None:
        from tui.screens.dialogs import Choose

        details = self._paper()
        if details is None:
            return
        filters = paper_filters.of(details.paper)
        if not filters:
            self._screen.status.show_news("this paper has no keywords, authors or categories")
            return
        choices = [(Piece(f"{each.label:<13} ", "muted"), Piece(styled.safe(each.name, 200))) for each in filters]

        def chosen(index: int | None) -> None:
            if index is not None:
                self._screen.updates.show_filter(filters[index].filter)

        self._screen.app.push_screen(Choose("Filter by", choices, self._screen.keymap, "filters by it"), chosen)

    def _go_to_neighbour(self, step: int) -> None:
        """Move the cursor by `step` papers. If a paper is open, open the paper to which the cursor has moved."""
        screen = self._screen
        papers, before = screen.list, screen.list.paper
        is_open = screen.focused is screen.detail
        if step < 0 and is_open and papers.passed:
            # The view of new papers no longer contains the previous paper, because opening a paper gives it the status
            # "seen". So take the previous paper from the record of opened papers.
            papers.go_back_to(papers.passed.pop())
        else:
            papers.move(papers.cursor + step, step)
            if is_open and before is not None and papers.paper != before and step > 0:
                papers.passed.append(before)
        if before is None:
            screen.status.show_news(NO_PAPER, until_key=True)
        elif papers.paper == before:
            screen.status.show_news(f"this is the {'last' if step > 0 else 'first'} paper", until_key=True)
        elif is_open:
            self._open_paper()

    def _go_to_neighbour_page(self, step: int) -> None:
        """If the list shows a day, week or month, show the next (`step` 1) or previous (-1) one that has papers.

        In any other view, and while a paper is open, move to the next or previous paper instead.
        """
        from store.papers import neighbours

        screen = self._screen
        if screen.search.view.kind not in neighbours.KINDS or screen.focused is screen.detail:
            self._go_to_neighbour(step)
            return
        view = neighbours.neighbour(screen.library.reader(), screen.search.view, step)
        if view is None:
            words = ("earlier", "later") if screen.search.view.kind != "trending" else ("shorter", "longer")
            nothing = "papers" if screen.search.view.kind != "trending" else "period"
            screen.status.show_news(f"no {words[step > 0]} {nothing}", until_key=True)
        else:
            screen.search.show_view(view)

    def _paper(self) -> PaperDetails | None:
        """The paper under the cursor. If there is none, show a message in the status line and return None."""
        paper_id = self._screen.list.paper
        if paper_id is None:
            self._screen.status.show_news(NO_PAPER, until_key=True)
            return None
        return paper_details.details(self._screen.library.reader(), paper_id)

    def _open(self, address_of: Callable[[Paper], str | None], no_address: str) -> None:
        details = self._paper()
        if details is None:
            return
        url = address_of(details.paper)
        if url is None:
            self._screen.status.show_news(no_address)
        else:
            open_address(self._screen, url, details)


def choose(screen: LibraryScreen, choice: Choice) -> None:
    """Act on a click in the page of a paper: open the clicked link, or filter the list by the clicked keyword."""
    details = screen.detail.paper
    if choice.kind == "filter":
        screen.updates.show_filter(paper_filters.by_keyword(choice.value))
    elif details is not None:
        open_address(screen, choice.value, details)


def open_address(screen: LibraryScreen, url: str, details: PaperDetails) -> None:
    """Open an address of a paper in the browser, and mark the paper as seen.

    If the address is not safe to open, only show a message.
    """
    safe_url = addresses.may_open(url)
    if safe_url is None:
        screen.status.show_news(f"not opened, this is not a web address: {styled.safe(url, 200)}", error=True)
        return
    browsing.browse(screen, safe_url)
    _mark_seen(screen, details.id)


def _mark_seen(screen: LibraryScreen, paper_id: int) -> None:
    if stored_marks.read(screen.library.reader(), paper_id).status == "new":
        screen.marks.mark_silently(lambda: marking.seen(screen.library, paper_id))
