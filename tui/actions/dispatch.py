"""Finds the method that carries out an action: the one with the action's id as its name, in the class of its scope.

`Finding.show` carries out the actions that show a view. Each class is imported when one of its keys is first pressed,
so that the start waits for none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from tui.actions.registry import BY_ID, Scope
from tui.screens.library_screen import LibraryScreen

# The method of the actions that show a view.
SHOW = "show"


def run(screen: LibraryScreen, action_id: str) -> None:
    """Carry out an action on `screen`. Raises what the action raises; `Notices.attempt` shows the error."""
    action = BY_ID[action_id]
    actions = group(action.scope)(screen)
    if action.shows is None:
        getattr(actions, action_id)()
    else:
        getattr(actions, SHOW)(action.shows)


def group(scope: Scope) -> Callable[[LibraryScreen], object]:
    """The class that has a method for each action of a scope."""
    match scope:
        case "move":
            from tui.actions.moving import Moving

            return Moving
        case "find":
            from tui.actions.finding import Finding

            return Finding
        case "mark":
            from tui.actions.marking import Marking

            return Marking
        case "triage":
            from tui.actions.triage import Triage

            return Triage
        case "open":
            from tui.actions.opening import Opening

            return Opening
        case "export":
            from tui.actions.exporting import Exporting

            return Exporting
        case "program":
            from tui.actions.program import Program

            return Program
