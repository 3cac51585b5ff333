"""Actions that change the view, the filter and the order of the list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from store.papers import paper_names
from store.papers.view_table import FOR_YOU, Kind
from store.papers.views import SORTS, View
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen

if TYPE_CHECKING:
    from store.ranking.opinions import Opinion

# At most this many selected papers are compared with the others. If there were more, the papers that are found would
# hardly be similar to any of them.
_MOST_LIKED = 10


class Finding:
    """The actions that change which papers the list shows: those with the scope "find" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def filter(self) -> None:
        self._screen.remove_class("-reading")
        self._screen.pane_focus.move_to(self._screen.filter_line.input)
        # Select the text of the filter: a typed letter then replaces it, and an arrow key keeps it for editing.
        self._screen.filter_line.input.select_text()

    def sort(self) -> None:
        index = SORTS.index(self._screen.search.sort)
        self._screen.search.set_sort(SORTS[(index + 1) % len(SORTS)])
        self._screen.where.show()

    def exact(self) -> None:
        """Hide, or show again, the papers that contain a word of the filter only in another form or spelling."""
        self._screen.search.set_exact_only(not self._screen.search.exact_only)
        self._screen.where.show()

    def meanings(self) -> None:
        # Imported here, because this action is rarely used: few filters contain an acronym, for example "RAG".
        from tui.actions import meanings

        meanings.choose(self._screen)

    def similar(self) -> None:
        """List the papers that are similar to the selected papers.

        Without a selection, list those that are similar to the paper under the cursor.
        """
        screen = self._screen
        paper_ids = screen.list.selected
        if not paper_ids:
            screen.status.show_news(NO_PAPER, until_key=True)
            return
        if len(paper_ids) > _MOST_LIKED:
            screen.status.show_news(f"select at most {_MOST_LIKED} papers to find similar ones", error=True)
            return
        names = paper_names.short_names(screen.library.reader(), paper_ids)
        screen.updates.show_similar(" ".join(f"like:{name}" for name in names))

    def calendar(self) -> None:
        # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
        from store.papers import listing_days, neighbours
        from tui.screens.calendar_dialog import CalendarDialog

        screen = self._screen

        def chosen(view: View | None) -> None:
            if view is not None:
                screen.search.show_view(view)
                screen.pane_focus.move_to_list()

        connection = screen.library.reader()
        latest = listing_days.latest(connection)
        day = neighbours.last_listed(connection, screen.search.view) or (
            date.fromisoformat(latest) if latest else date.today()
        )
        screen.app.push_screen(CalendarDialog(screen.library, day, screen.keymap), chosen)

    def more_like(self) -> None:
        self._teach("more")

    def less_like(self) -> None:
        self._teach("less")

    def _teach(self, opinion: Opinion) -> None:
        # Imported here, because the dialog is rarely opened.
        from tui.actions import teaching

        teaching.teach(self._screen, opinion)

    def show(self, kind: Kind) -> None:
        """Show the view of this kind, and move the focus to the list.

        There are three views "For you": for the papers of today, for those of this week, and for all new papers. If the
        list already shows one of the three, show the next one.
        """
        view = View(kind)
        shown = self._screen.search.view
        if kind == "for-you" and shown.kind == kind:
            arguments = list(FOR_YOU)
            view = View(kind, arguments[(arguments.index(shown.argument) + 1) % len(arguments)])
        self._screen.search.show_view(view)
        self._screen.pane_focus.move_to_list()
