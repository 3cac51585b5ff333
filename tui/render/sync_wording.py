"""Texts about rounds, which the screen and the command `recto sync` show.

A round exchanges changes with the shared folder, through which several machines keep their libraries equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.render.wording import count

if TYPE_CHECKING:
    from store.sync.rounds import RoundResult


def round_text(result: RoundResult) -> str:
    """The result of a round as one sentence, for example "3 changes written, 12 read"."""
    parts = []
    if result.written:
        parts.append(f"{count(result.written, 'change')} written")
    if result.applied:
        parts.append(f"{count(result.applied, 'change')} read")
    text = ", ".join(parts) or "nothing new"
    return "; ".join([text, *remarks(result)])


def arrived_text(result: RoundResult) -> str:
    """The number of changes that a round has read, as text for the status line."""
    return f"{count(result.applied, 'change')} from your other machines"


def remarks(result: RoundResult) -> list[str]:
    """Remarks for the user about a round, for example that a note was replaced by a newer one."""
    texts = []
    if result.lost_notes:
        texts.append(f"{count(result.lost_notes, 'note')} lost to a later change and kept: see recto sync status")
    if result.renewed:
        texts.append("this library is a copy or was restored from a backup, so it now writes under a new id")
    if result.damaged:
        texts.append(f"{count(result.damaged, 'damaged line')}, read again when whole")
    return texts


def duration(seconds: int) -> str:
    """A duration in its largest unit, for example "3 hours"."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return count(seconds // length, unit)
    return count(seconds, "second")
