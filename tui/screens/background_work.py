"""Begins the work that must not delay the first list: imports, and the watching of folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui.screens import module_loader
from tui.screens.delayed_call import SetTimer
from tui.screens.import_status import ImportStatus

# Imports and the watching of folders begin this long after the first list has arrived, so that the list is drawn first
# (s).
_IMPORTS_BEGIN_SECONDS = 0.05


class BackgroundWork:
    """Starts imports, the watching of folders and the import of modules when the first list has arrived."""

    def __init__(
        self,
        imports: ImportStatus,
        import_first: Sequence[Path],
        *,
        is_empty: Callable[[], bool],
        after_refresh: Callable[[Callable[[], None]], object],
        set_timer: SetTimer,
        run_worker: Callable[..., object],
    ) -> None:
        """`import_first` are files to import. `is_empty` must return whether the library has no papers.

        `after_refresh` must call a function when the screen has been drawn. `run_worker` is the screen's method.
        """
        self._imports = imports
        self._import_first = import_first
        self._is_empty = is_empty
        self._after_refresh = after_refresh
        self._set_timer = set_timer
        self._run_worker = run_worker
        self._has_begun = False

    def begin(self) -> None:
        """Begin the work, if it has not begun. This must be called when the first list has arrived or failed."""
        if not self._has_begun:
            self._has_begun = True
            self._after_refresh(module_loader.import_in_thread)
            self._set_timer(_IMPORTS_BEGIN_SECONDS, self._start_imports)

    def _start_imports(self) -> None:
        is_awaited = self._is_empty() or bool(self._import_first)
        following = self._imports.start(self._import_first, awaited=is_awaited)
        self._run_worker(following, group="follow", description="follow folders", exit_on_error=False)
