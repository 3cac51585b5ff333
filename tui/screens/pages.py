"""The text of the help, the import log and the welcome. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from store.report import LogEntry
from tui import plain, present
from tui.actions import ACTIONS, FILTER_HELP, SCOPES, shown

_KEYS_WIDTH = 16


def help_text(keymap: dict[str, str]) -> Content:
    """Every key as it is mapped now, and the filter language."""
    lines: list[Content] = []
    for scope, heading in SCOPES.items():
        lines.append(Content.styled(heading, "bold $heading"))
        for action in ACTIONS:
            if action.scope == scope:
                keys = keymap.get(action.id, ",".join(action.keys)).split(",")
                named = " ".join(map(shown, keys))
                lines.append(Content.assemble((f"  {named:<{_KEYS_WIDTH}}", "$key"), action.help))
        lines.append(Content())
    lines.append(Content.styled("The filter", "bold $heading"))
    for example, means in FILTER_HELP:
        lines.append(Content.assemble((f"  {example}", "$key")))
        lines.append(Content.assemble((f"    {means}", "$muted")))
    lines.append(Content.styled("  What cannot be read as any of these is read as words.", "$muted"))
    return Content("\n").join(lines)


def log_text(entries: Sequence[LogEntry]) -> Content:
    """What was imported, newest first."""
    if not entries:
        return Content("Nothing was imported yet. Press i to import a file, or put one in the inbox.")
    lines: list[Content] = []
    for entry in entries:
        style = "$text-error" if entry.report.error else "$text-warning" if not entry.report.complete else ""
        for line in plain.log_lines(entry):
            lines.append(Content.styled(present.safe(line, 600), style))
        lines.append(Content())
    return Content("\n").join(lines)


def welcome_text(inbox: Path) -> Content:
    """What to do with an empty library, in three lines."""
    return Content("\n\n").join(
        [
            Content.styled("Welcome to recto. Your library is empty.", "bold $title"),
            Content.assemble(("enter ", "bold $key"), "looks around with the sample listings that come with recto"),
            Content.assemble(
                ("i     ", "bold $key"), "imports a listing: a copied Daily Papers page, or a folder of them"
            ),
            Content.assemble(
                "Or drop listing files here, they come in by themselves: ", (present.safe(str(inbox), 500), "underline")
            ),
            Content.styled("? shows every key, q quits.", "$muted"),
        ]
    )
