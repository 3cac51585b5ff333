"""What each action of the registry does to the reader's screen: one method for each, named by the action's id.

There is a module for each scope of actions. It is imported with the first of its keys: a start waits for none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.actions.registry import BY_ID, Scope

if TYPE_CHECKING:
    from tui.screens.library_screen import MainScreen


def do(screen: MainScreen, action: str) -> None:
    """Do the action with this id on `screen`. Where the library raises an error, the status line shows it."""
    screen.attempt(getattr(group(BY_ID[action].scope)(screen), action))


def group(scope: Scope) -> Callable[[MainScreen], object]:
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
        case "open":
            from tui.actions.opening import Opening

            return Opening
        case "program":
            from tui.actions.program import Running

            return Running
