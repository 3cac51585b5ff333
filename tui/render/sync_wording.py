"""Texts about synchronization, which the screen and the command `recto sync` show.

Several machines keep their libraries equal through a shared folder. In one round of synchronization, a machine reads
the changes of the other machines from the folder, and writes its own changes into the folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.render.wording import count, one_line

if TYPE_CHECKING:
    from store.sync.rounds import RoundResult
    from store.sync.shared_collections import SharedResult


def round_text(result: RoundResult) -> str:
    """The result of a round of synchronization as one sentence, for example "3 changes written, 12 read"."""
    parts = []
    if result.written:
        parts.append(f"{count(result.written, 'change')} written")
    if result.applied:
        parts.append(f"{count(result.applied, 'change')} read")
    text = ", ".join(parts) or "nothing new"
    return "; ".join([text, *remarks(result)])


def arrived_text(result: RoundResult) -> str:
    """The number of changes from other machines that a round has read, as text for the status line."""
    return f"{count(result.applied, 'change')} from your other machines"


def shared_text(result: SharedResult) -> str:
    """The result of synchronizing a shared collection as text, for example "“Group”: 3 changes written, 12 read"."""
    parts = [f"{count(result.written, 'change')} written"] if result.written else []
    parts += [f"{count(result.applied, 'change')} read"] if result.applied else []
    texts = [f"“{one_line(result.collection)}”: {', '.join(parts) or 'nothing new'}", *shared_remarks(result)]
    return "; ".join(texts)


def shared_news(result: SharedResult) -> str:
    """The changes that other people have made to a shared collection, for example "Bob put 2 papers into “Group”"."""
    name = f"“{one_line(result.collection)}”"
    parts = [
        f"{one_line(person) or 'somebody'} put {count(papers, 'paper')} into {name}"
        for person, papers in sorted(result.added.items())
    ]
    return ", ".join(parts) or f"{count(result.applied, 'change')} in {name}"


def shared_remarks(result: SharedResult) -> list[str]:
    """Remarks for the user after a shared collection was synchronized."""
    texts = []
    if result.refused:
        texts.append(
            f"{count(result.refused, 'change')} of other people left out: a clock is more than a day ahead, or the"
            " collection has too many papers"
        )
    if result.damaged:
        texts.append(f"{count(result.damaged, 'damaged line')}, read again when whole")
    return texts


def remarks(result: RoundResult) -> list[str]:
    """Remarks for the user after a synchronization, for example that a note was replaced by a newer one."""
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
