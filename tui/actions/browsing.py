"""Opens a web address in the browser, and shows in the status line whether that worked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import SuspendNotSupported

from store.model.paper import Paper
from store.papers import addresses
from tui.screens.library_screen import LibraryScreen
from tui.workers import browser, foreground

# A browser that cannot open the address ends with an error soon after its start. So check _CHECKS times whether the
# browser has ended, with this pause before each check (s).
_CHECKS = 30
_CHECK_SECONDS = 0.1


def browse(screen: LibraryScreen, url: str) -> None:
    """Open `url` in the browser. The status line shows that it was opened, or why that failed.

    `url` must be a result of `addresses.may_open`.
    """

    async def open_in_browser() -> None:
        screen.status.show_news(f"opening {url}")
        try:
            command = browser.terminal_command(url)
            if command is not None and _runs_in_terminal(screen, command):
                screen.status.show_news(f"opened {url}")
                return
            has_failed = await asyncio.to_thread(browser.open_in_browser, url)
            for _ in range(_CHECKS):
                await asyncio.sleep(_CHECK_SECONDS)
                if has_failed():
                    raise browser.BrowserError("no browser could open it")
        except browser.BrowserError as error:
            # The status line may be too narrow for the address. So show the address in a notice as well: the user can
            # copy it from there.
            screen.notices.toast(f"{error}; the address is\n{url}", "warning")
            screen.status.show_news(f"{error}; the address is {url}")

    screen.run_worker(open_in_browser(), description="open an address", exit_on_error=False)


def open_page(screen: LibraryScreen, paper: Paper, show_news: Callable[[str], None]) -> None:
    """Open the web page of a paper in the browser.

    `show_news` is called with each message for the user. The caller chooses where it appears, because another screen
    may cover the status line of the library screen.
    """
    url = addresses.may_open(addresses.best(paper) or "")
    if url is None:
        show_news("no listing gives the address of this paper")
    else:
        browse(screen, url)
        show_news(f"opening {url}")


def _runs_in_terminal(screen: LibraryScreen, command: list[str]) -> bool:
    """Suspend the application and run a browser in the terminal until it ends.

    Returns False when the application cannot be suspended. Raises BrowserError when the browser fails.
    """
    try:
        # Code in this context must not raise an error, because Textual would then not resume the application.
        with screen.app.suspend():
            problem = foreground.run(command)
    except SuspendNotSupported:
        return False
    if problem:
        raise browser.BrowserError(problem)
    return True
