"""The commands of the palette: most actions, every view, and recto's themes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from store.papers.views import View
from tui.actions.actions_and_keys import ACTIONS, Action, shown_keys
from tui.actions.other_words import OTHER_WORDS
from tui.render import styled, wording
from tui.screens.help_text import theme_text
from tui.screens.library_screen import LibraryScreen
from tui.screens.palette_dialog import Command
from tui.settings import themes
from tui.widgets.key_bar import HINTS

# The actions with the scope "move" that the palette offers. The other actions of that scope only move the cursor, so
# nobody looks for them by name.
_PANES = ("next_pane", "previous_pane", "narrower", "wider")


def commands(screen: LibraryScreen) -> list[Command]:
    """Every command: first the actions in the key bar of the list, then the remaining actions, views and themes."""
    offered = [action for action in ACTIONS if _is_offered(action)]
    first = [action_id for action_id, _ in HINTS["list"]]
    # The sort is stable, so within each group the actions stay in the order of the table of actions.
    offered.sort(key=lambda action: (action.shows is not None, action.id not in first))
    return [
        *(_command(screen, action) for action in offered),
        *_counted_views(screen),
        *_times(screen),
        *_themes(screen),
    ]


def _is_offered(action: Action) -> bool:
    return action.screen == "library" and action.id != "palette" and (action.scope != "move" or action.id in _PANES)


def _command(screen: LibraryScreen, action: Action) -> Command:
    keys, run = shown_keys(action, screen.keymap), partial(screen.do, action.id)
    return Command(action.command, action.help, keys, run, OTHER_WORDS.get(action.id, ""))


def _counted_views(screen: LibraryScreen) -> Iterator[Command]:
    """The commands for views with an argument, such as one tag or one listing day. These views have no keys."""
    views = screen.search.views
    for counted in (counted for group in views.groups for counted in group.views) if views else ():
        name, about = f"View {styled.view_name(counted.view)}", wording.count(counted.count, "paper")
        yield Command(name, about, "", partial(screen.search.show_view, counted.view))


def _times(screen: LibraryScreen) -> Iterator[Command]:
    """The commands for the views of this week, this month, the last nine days, and the trending papers of a period."""
    from store.papers import periods, trending

    today = date.today()
    views = [
        (View("week", periods.containing("week", today)), "this week"),
        (View("month", periods.containing("month", today)), "this month"),
        (View("since", "9d"), "the last nine days in one list, each paper once"),
        *((View("trending", argument), trending.note(argument)) for argument in trending.arguments()),
    ]
    for view, about in views:
        yield Command(f"View {styled.view_name(view)}", about, "", partial(screen.search.show_view, view))


def _themes(screen: LibraryScreen) -> Iterator[Command]:
    """The commands for recto's own themes. Textual's own themes can be chosen only in the configuration file."""
    names = {theme.name: "dark" if theme.dark else "light" for theme in themes.OWN.values()}
    for name, about in {**names, themes.AUTO: "dark or light, as the terminal"}.items():
        yield Command(f"Theme {name}", about, "", partial(_choose_theme, screen, name))


def _choose_theme(screen: LibraryScreen, name: str) -> None:
    screen.theme.choose(name)
    screen.status.show_news(theme_text(screen.theme))
