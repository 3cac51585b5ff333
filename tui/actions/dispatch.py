"""Finds the method that carries out an action.

Each action has a scope, which is its group, such as "mark". There is one class for each scope. The method of this class
that carries out an action has the id of the action as its name. An action that shows a view is carried out by
`Finding.show`. A class is imported when one of its actions is first needed, so that the start of the application does
not wait for the import.
"""

from __future__ import annotations

from collections.abc import Callable

from tui.actions.actions_and_keys import BY_ID, Scope
from tui.screens.library_screen import LibraryScreen

# The name of the method that carries out the actions that show a view.
SHOW = "show"


def run(screen: LibraryScreen, action_id: str) -> None:
    """Carry out the action with this id on `screen`.

    An exception that the action raises is not caught here. The caller may use `Notices.attempt`, which shows the error
    to the user.
    """
    action = BY_ID[action_id]
    actions = group(action.scope)(screen)
    if action.shows is None:
        getattr(actions, action_id)()
    else:
        getattr(actions, SHOW)(action.shows)


def group(scope: Scope) -> Callable[[LibraryScreen], object]:
    """The class whose methods carry out the actions of a scope (a group of actions, for example "mark")."""
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
        case "organize":
            from tui.actions.organizing import Organizing

            return Organizing
        case "triage":
            from tui.actions.triage import Triage

            return Triage
        case "open":
            from tui.actions.opening import Opening

            return Opening
        case "text":
            from tui.actions.text_reading import TextReading

            return TextReading
        case "export":
            from tui.actions.exporting import Exporting

            return Exporting
        case "program":
            from tui.actions.program import Program

            return Program
