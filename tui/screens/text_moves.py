"""The actions that scroll a text, such as "page_down"."""

from __future__ import annotations

from tui.actions import actions_and_keys
from tui.render.text_flow import LinePlace
from tui.screens.dialogs import lines_of
from tui.widgets.scrolled_text import ScrolledText

# The ids of the actions that scroll.
ACTIONS = frozenset(each.id for each in actions_and_keys.ACTIONS if each.scope == "move" and "text" in each.screens)
# The actions that scroll by pages, each with the number of pages; a negative number scrolls up.
_PAGES = {"page_down": 1.0, "page_up": -1.0, "half_down": 0.5, "half_up": -0.5}


def move(view: ScrolledText, action_id: str) -> None:
    """Scroll the text as one of the actions in `ACTIONS` demands."""
    if action_id in _PAGES:
        view.scroll_pages(_PAGES[action_id])
    elif action_id == "top":
        view.show_line(LinePlace(0, 0))
    elif action_id == "bottom":
        view.show_line(view.flow.last_top(view.room))
    else:
        view.scroll_by(lines_of(action_id, view.room) or 0)
