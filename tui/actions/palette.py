"""The palette: finds every action of the registry and every view by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from tui.actions.registry import ACTIONS, shown_keys
from tui.render import styled
from tui.screens.library_screen import LibraryScreen


class ActionCommands(Provider):
    """Finds the actions and views that have every typed word in their name or help."""

    async def discover(self) -> Hits:
        for name, help, run in self._all():
            yield DiscoveryHit(Content(name), run, text=name, help=help)

    async def search(self, query: str) -> Hits:
        words = query.casefold().split()
        for name, help, run in self._all():
            text = f"{name} {help}".casefold()
            if all(word in text for word in words):
                score = 1.0 if name.casefold().startswith(query.casefold()) else 0.5
                yield Hit(score, Content(name), run, text=name, help=help)

    def _all(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        """Name, help and function of every action, then of every listing day and tag."""
        # The screen that was active when the palette was opened. Only this one has a key for it.
        screen = self.screen
        assert isinstance(screen, LibraryScreen)
        for action in ACTIONS:
            if action.scope != "move" and action.id != "palette":
                name = f"View {action.label}" if action.shows else action.label
                yield f"{name}  ({shown_keys(action, screen.keymap)})", action.help, partial(screen.do, action.id)
        views = screen.search.views
        for counted in (*views.days, *views.tags) if views else ():
            name = styled.view_name(counted.view)
            yield f"View {name}", f"{counted.count:,} papers", partial(screen.search.show_view, counted.view)
