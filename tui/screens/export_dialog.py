"""The dialog that asks for the file to which papers are exported. The ending of the file's name decides the format."""

from __future__ import annotations

from pathlib import Path

from store.exporting import formats
from tui.screens import path_completion
from tui.screens.path_completion import PathError
from tui.screens.path_dialog import AskPath


class AskTarget(AskPath):
    """Asks for the path of a file to write.

    If the file exists already, the user must press enter twice to replace it.
    """

    def __init__(self, question: str) -> None:
        endings = " ".join(each.endings[0] for each in formats.FORMATS)
        super().__init__(question, f"tab completes · enter exports · esc cancels\n{endings}", "~/papers.bib")
        self._confirmed: Path | None = None

    def checked(self, text: str) -> Path:
        """The path that the user has typed.

        Raises PathError if no export can be written to this path. Raises it also if the file exists and the user has
        not pressed enter a second time.
        """
        path = path_completion.new_file(text)
        if formats.of_file(path.name) is None:
            raise PathError("end the name with one of the endings below: it shows the format")
        if path.exists() and path != self._confirmed:
            self._confirmed = path
            raise PathError(f"{path.name} exists: enter again replaces it")
        return path
