"""The palette: every action of the registry and every view by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from tui.actions.registry import ACTIONS, shown_keys
from tui.render import styled

if TYPE_CHECKING:
    from tui.app import Recto


class ActionCommands(Provider):
    """Finds actions and views that have every typed word in their name or help."""

    async def discover(self) -> Hits:
        for name, about, run in self._all():
            yield DiscoveryHit(Content(name), run, text=name, help=about)

    async def search(self, query: str) -> Hits:
        words = query.casefold().split()
        for name, about, run in self._all():
            text = f"{name} {about}".casefold()
            if all(word in text for word in words):
                score = 1.0 if name.casefold().startswith(query.casefold()) else 0.5
                yield Hit(score, Content(name), run, text=name, help=about)

    def _all(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        main = cast("Recto", self.app).main_screen
        for action in ACTIONS:
            if action.scope != "move" and action.id != "palette":
                name = f"View {action.label}" if action.id.startswith("view_") else action.label
                yield f"{name}  ({shown_keys(action, main.app.keys)})", action.help, partial(main.action_do, action.id)
        shelves = (*main.shelves.days, *main.shelves.tags) if main.shelves else ()
        for shelf in shelves:
            name = styled.view_name(shelf.view)
            yield f"View {name}", f"{shelf.count:,} papers", partial(main.show_view, shelf.view)
