"""The dialog with the import log: a table of imports, failures first. There are keys to explain, undo or repeat one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from store.importing import log
from store.importing.log import LogEntry
from store.library.library import Library
from tui.screens import log_page
from tui.screens.dialogs import Reading
from tui.screens.log_page import Row, log_line
from tui.screens.page_dialog import Page
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

# How often the dialog checks whether the log has changed (s).
_LOOK_SECONDS = 0.3
_HINT = "enter explains · u undoes · r retries · esc closes"


class Log(Reading[None]):
    """The dialog with all imports into a library."""

    shape = "-page"
    actions = ("undo",)

    def __init__(
        self,
        library: Library,
        keymap: Mapping[str, str],
        *,
        take_back: Callable[[int, Callable[[str], None]], bool],
        retry: Callable[[Path], None],
        activity: Callable[[], str],
    ) -> None:
        """`take_back` gets the id of an import. It must begin to undo the import, or return False if it cannot begin.

        When the undoing has ended, `take_back` must call its second argument with the text of the result. `retry` must
        import a file again. `activity` must return the text in the right half of the status line, such as the progress
        of an import.
        """
        super().__init__("Import log", _HINT, keymap, opened_by="log")
        self._library = library
        self._keymap = keymap
        self._take_back = take_back
        self._retry = retry
        self._activity = activity
        self._rows: list[Row] = []
        self._version = -1
        self._said = activity()
        # The message about the effect of the last key. The next key that moves the cursor clears it.
        self._result = ""
        # If the file of an import no longer exists, the import could not be repeated after an undo, so the user must
        # press `u` twice. The id of such an import after the first `u`, or None.
        self._confirmed: int | None = None
        self._list = ChoiceList(id="log")
        self._empty = Static(Content("Nothing was imported yet."), id="log-empty")

    def body(self) -> Iterable[Widget]:
        yield self._list
        yield self._empty

    def on_mount(self) -> None:
        self._look()
        self.set_interval(_LOOK_SECONDS, self._look)

    @property
    def page(self) -> int:
        return self._list.page

    def move(self, lines: int) -> None:
        self._confirmed = None
        self._result = ""
        self.say()
        self._list.move(self._list.cursor + lines, lines)

    def do(self, action_id: str | None, event: events.Key) -> bool:
        row, letter = self._row, self._key_actions.place(event.key)
        if row is None:
            return False
        if event.key == "enter":
            self._explain(row)
        elif letter == "u" or action_id == "undo":
            self._undo(row)
        elif letter == "r":
            self._import_again(row.entry)
        else:
            return False
        return True

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        if self._row is not None:
            self._explain(self._row)

    @property
    def _row(self) -> Row | None:
        """The import under the cursor; None when the log is empty."""
        return self._rows[self._list.cursor] if self._list.cursor < len(self._rows) else None

    def _look(self) -> None:
        """Show the log again if the library has changed. Show the progress of imports in place of the hint."""
        version = self._library.data_version()
        if version != self._version:
            self._version = version
            self._show(log_page.in_order(log.read(self._library.reader())))
        if (activity := self._activity()) != self._said:
            self._said = activity
            self.say(activity or self._result)

    def _show(self, rows: list[Row]) -> None:
        """Show these imports. The cursor stays on the same import."""
        chosen = self._row
        self._rows = rows
        numbers = [row.entry.id for row in rows]
        cursor = numbers.index(chosen.entry.id) if chosen and chosen.entry.id in numbers else self._list.cursor
        now = datetime.now().astimezone()
        self._list.show(
            len(rows),
            lambda index, width: log_line(rows[index], now, width, log_page.name_width(rows, width)),
            cursor=cursor,
        )
        self._empty.display = not rows
        self._list.display = bool(rows)

    def _explain(self, row: Row) -> None:
        text = log_page.explanation(row, datetime.now().astimezone())
        self.app.push_screen(Page(log_page.file_name(row.entry.report), text, self._keymap))

    def _undo(self, row: Row) -> None:
        entry = row.entry
        if row.is_undone or entry.state == "withdrawn":
            self._refuse("this import was taken back already; r imports the file again")
        elif not entry.report.entries:
            self._refuse("this import brought nothing that could be taken back")
        elif _file(entry) is None and self._confirmed != entry.id:
            self._confirmed = entry.id
            self._refuse("its file is gone, so it could not be imported again: u once more takes it back")
        elif self._take_back(entry.id, self._taken_back):
            self.say(f"taking back {log_page.file_name(entry.report)} …")
        else:
            self._refuse("another import is being taken back; wait until it is done")

    def _refuse(self, reason: str) -> None:
        """Show why a key did nothing.

        If the progress of an import covers this text, the text is shown again after the import.
        """
        self._result = reason
        self.say(reason, error=True)

    def _taken_back(self, result: str) -> None:
        if result:
            self._result = result
            self.say(result)

    def _import_again(self, entry: LogEntry) -> None:
        file = _file(entry)
        if file is None:
            self._refuse(f"there is no file {entry.report.path} any more")
        else:
            self._retry(file)
            self.say(f"importing {file.name} again …")


def _file(entry: LogEntry) -> Path | None:
    """The path of the file or archive that an import has read.

    Returns None if the file no longer exists, or if the import has read standard input.
    """
    path = entry.report.path
    # The path of a file in an archive has the form ARCHIVE!NAME. Return the path of the archive.
    for each in (Path(path), Path(path.partition("!")[0])):
        if each.is_absolute() and each.exists():
            return each
    return None
