"""Steps with the view "For you": show it, wait for the reasons of a recommendation, and mark one as good or bad."""

from __future__ import annotations

from tests.scenarios.reader import Reader


async def ranked(screen: Reader, *keys: str) -> None:
    """Press keys that show a list sorted by taste (the user's interests), and wait until it is sorted.

    Sorting needs the search index.
    """
    await screen.press(*keys)
    search = screen.main.search
    await screen.until(lambda: search.answer is not None and search.answer.is_ranked, "the list is sorted by taste")
    await screen.settle()


async def explained(screen: Reader) -> str:
    """Wait until the detail pane shows why the paper under the cursor is recommended. Returns the text of the pane."""
    await screen.until(lambda: _is_explained(screen), "the paper is explained")
    await screen.settle()
    return screen.detail


async def teach(screen: Reader, key: str, reason: str) -> None:
    """Press "+" or "-" on the paper under the cursor, and choose the first reason whose line contains `reason`."""
    await screen.press(key)
    await screen.until(lambda: screen.app.screen is not screen.main, "the dialog is open")
    while reason not in chosen(screen):
        before = chosen(screen)
        await screen.press("j")
        assert chosen(screen) != before, reason
    await screen.press("enter")


def chosen(screen: Reader) -> str:
    """The text of the line under the cursor in the open dialog, which is a list of choices."""
    choices = screen.app.screen.query_one("#choices")
    return choices.render_line(choices.cursor - round(choices.scroll_y)).text  # type: ignore[attr-defined, no-any-return]


def _is_explained(screen: Reader) -> bool:
    explanation = screen.main.detail.explanation
    return explanation is not None and not explanation.is_pending
