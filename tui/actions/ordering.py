"""Changes the order of the reading queue and of collections, and offers to open the next paper of the queue."""

from __future__ import annotations

from store.marks import collections, marking, queue_order, reading_queue
from store.marks.queue_order import QUEUE_END
from store.model.errors import LibraryError
from store.papers.views import View
from tui.actions.actions_and_keys import first_key, key_or_name
from tui.render import styled
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.widgets.list_position import Place

# The position that stands for the end of the queue or of a collection. It is larger than the position of any paper.
END = QUEUE_END
_LONGEST_REASON = 200


def reason(screen: LibraryScreen) -> str:
    """Why a paper is put into the queue, as stored with the paper: the filter of the list or, without one, its view."""
    search = screen.search
    if search.is_filtered:
        return f"filter {search.query.text.strip()}"[:_LONGEST_REASON]
    name = search.view.name
    return f"saved filter {name}" if search.view.kind == "filter" else f"view {name}"


def add_first(screen: LibraryScreen) -> None:
    """Put the selected papers at the top of the queue."""
    because = reason(screen)
    if paper_ids := _selected(screen):
        screen.marks.mark(lambda: marking.queue(screen.library, paper_ids, True, 1, because), paper_ids)


def shift(screen: LibraryScreen, by: int) -> None:
    """Move the selected papers in the queue or in the shown collection.

    They move down by `by` positions, or up if `by` is negative.
    """
    paper_ids = _selected(screen)
    if not paper_ids:
        return
    library, name = screen.library, _collection(screen)
    if name is None:
        screen.marks.mark(lambda: reading_queue.shift(library, paper_ids, by), paper_ids, keeps_selection=True)
    else:
        members = collections.papers(library.reader(), name)
        first = min((members.index(paper) for paper in paper_ids if paper in members), default=0)
        to = max(1, first + 1 + by)
        screen.marks.mark(lambda: collections.move(library, paper_ids, name, to), paper_ids, keeps_selection=True)


def move(screen: LibraryScreen, to: int) -> None:
    """Move the selected papers to the position `to` of the queue or of the shown collection."""
    if paper_ids := _selected(screen):
        _move(screen, paper_ids, to)


def _move(screen: LibraryScreen, paper_ids: list[int], to: int) -> None:
    """Move these papers to the position `to` of the queue or of the shown collection."""
    library, name = screen.library, _collection(screen)
    if name is None:
        screen.marks.mark(lambda: reading_queue.move(library, paper_ids, to), paper_ids)
    else:
        screen.marks.mark(lambda: collections.move(library, paper_ids, name, to), paper_ids)


def drag(screen: LibraryScreen, start: int, end: int) -> None:
    """Move the paper in the row `start` of the list to the position of the paper in the row `end`.

    If the paper is selected, all selected papers are moved. In a list that is neither the queue nor a collection,
    nothing is moved.
    """
    papers, connection, name = screen.list.papers, screen.library.reader(), _collection(screen)
    if screen.search.view.kind not in ("queue", "collection") or max(start, end) >= len(papers):
        return
    dragged, target, selected = papers[start], papers[end], screen.list.selected
    if name is None:
        to = queue_order.position(connection, target) or END
    else:
        to = collections.papers(connection, name).index(target) + 1
    _move(screen, selected if dragged in selected else [dragged], to)


def ask_position(screen: LibraryScreen) -> None:
    """Ask for a position in the queue or the shown collection, and move the selected papers there."""
    from tui.actions.about import about
    from tui.screens.dialogs import Ask

    if not (paper_ids := _selected(screen)):
        return

    def answered(text: str | None) -> None:
        if position := _position(text or ""):
            _move(screen, paper_ids, position)

    hint = "1 is the top · enter moves · esc cancels"
    dialog = Ask("Move to which position?", hint=hint, check=_position)
    dialog.about = about(screen, paper_ids)
    screen.app.push_screen(dialog, answered)


def _position(text: str) -> int | None:
    """The position that the user has typed; None for an empty text. Raises LibraryError for any other text."""
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < END):
        raise LibraryError(f"{text[:40]!r} is not a position; write 1, 2, 3 …")
    return int(text[:12]) if text else None


def ask_reason(screen: LibraryScreen) -> None:
    """Ask why the selected papers are in the queue, and store the answer with each of these papers."""
    from tui.actions.about import about
    from tui.screens.dialogs import Ask

    if not (paper_ids := _selected(screen)):
        return
    row = screen.library.reader().execute("SELECT because FROM queue WHERE paper_id = ?", (paper_ids[0],)).fetchone()
    if row is None:
        screen.status.show_news(f"it is not in the queue: {key_or_name('queue', screen.keymap)} puts it there")
        return

    def answered(text: str | None) -> None:
        if text is not None:
            screen.marks.mark(lambda: reading_queue.explain(screen.library, paper_ids, text), paper_ids)

    dialog = Ask("Why is it in the queue?", row[0] or "", selects=True)
    dialog.about = about(screen, paper_ids)
    screen.app.push_screen(dialog, answered)


def show_next(screen: LibraryScreen) -> None:
    """Show the queue with the cursor on its first paper."""
    if reading_queue.next_up(screen.library.reader()) is None:
        key = key_or_name("queue", screen.keymap)
        screen.status.show_news(f"the queue is empty: {key} puts a paper into it")
        return
    screen.updates.show_top(View("queue"))


def offers_next(screen: LibraryScreen) -> bool:
    """Whether to offer the next paper of the queue after the selected papers were marked as done.

    The result is True if the first selected paper is in the queue.
    """
    connection = screen.library.reader()
    papers = screen.list.selected[:1]
    return bool(papers and connection.execute("SELECT 1 FROM queue WHERE paper_id = ?", papers).fetchone())


def offer_next(screen: LibraryScreen) -> None:
    """Offer to open the first paper of the queue as soon as all marks that the user has made are stored."""

    def offer(paper: int | None) -> None:
        if paper is None:
            screen.notices.toast("That was the last paper of the queue.")
            return
        key = first_key("read", screen.keymap)
        title = styled.shortened(screen.list.title_of(paper), 60)
        screen.notices.offer(f"Next up: {title}{f' · {key} reads it' if key else ''}", lambda: _read(screen, paper))

    screen.writer.write(lambda: reading_queue.next_up(screen.library.reader()), offer, quiet=True)


def _read(screen: LibraryScreen, paper: int) -> None:
    screen.filter_line.input.value = ""
    screen.search.show_top(View("queue"))
    screen.search.request(Place(paper))
    screen.do("read")


def _collection(screen: LibraryScreen) -> str | None:
    """The collection that the list shows, or None.

    The actions of this module move papers within this collection or, if it is None, within the queue.
    """
    view = screen.search.view
    return view.argument if view.kind == "collection" else None


def _selected(screen: LibraryScreen) -> list[int]:
    """The selected papers or, without a selection, the paper under the cursor.

    If the list is empty, the result is empty, and the status line shows a message.
    """
    papers = screen.list.selected
    if not papers:
        screen.status.show_news(NO_PAPER, until_key=True)
    return papers
