"""The import log as text: the order of the imports, the line for each import, and the page that explains an import.

An import reads a listing, which is a file with a list of papers; each paper in it is an entry. The functions have no
side effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from textual.content import Content

from store.importing.log import ImportReport, LogEntry
from tui.render import styled, wording
from tui.render.pieces import Line, Piece, fit

_STATE_WIDTH = 9
_WHEN_WIDTH = 14
# The largest number of characters that are shown of a reason or a path.
_LONGEST = 500
# At most this many refused entries (papers of a listing that could not be read) are listed one by one.
_MOST_REFUSED = 200


class Row(NamedTuple):
    """An import in the log. `is_undone` is True if a later entry of the log says that the import was taken back."""

    entry: LogEntry
    is_undone: bool = False


def in_order(entries: Sequence[LogEntry]) -> list[Row]:
    """The imports of the log: first the failures, then all others, both with the newest first.

    `entries` must be sorted with the newest first. An import does not count as a failure if the same file was later
    read completely or its import was undone.
    """
    settled: set[str] = set()
    undone: set[str] = set()
    failures: list[Row] = []
    others: list[Row] = []
    for entry in entries:
        path, is_withdrawal = entry.report.path, entry.state == "withdrawn"
        is_failure = not entry.report.complete and not is_withdrawal and path not in settled
        (failures if is_failure else others).append(Row(entry, path in undone and not is_withdrawal))
        if entry.report.complete or is_withdrawal:
            settled.add(path)
        if is_withdrawal:
            undone.add(path)
        elif entry.report.entries:
            # An undo applies only to the latest import of a file, so older imports of this file are not undone.
            undone.discard(path)
    return [*failures, *others]


def name_width(rows: Sequence[Row], width: int) -> int:
    """The width of the column with the names of the files, in a table that is `width` cells wide."""
    longest = max((len(file_name(row.entry.report)) for row in rows), default=0)
    return max(1, min(longest, (width - _STATE_WIDTH - (_WHEN_WIDTH if _has_times(width) else 0)) // 2))


def log_line(row: Row, now: datetime, width: int, names: int) -> Line:
    """The line for an import, `width` cells wide: its state, its time, the name of the file, and the result.

    `names` is the width of the column with the names (cells).
    """
    entry = row.entry
    state, style = _state(entry, row.is_undone)
    pieces = [
        *fit((Piece(f" {state}", style),), min(width, _STATE_WIDTH)),
        *(fit((Piece(moment(entry.at, now), "muted"),), _WHEN_WIDTH) if _has_times(width) else ()),
        *fit((Piece(styled.safe(file_name(entry.report), 200), "muted" if row.is_undone else "title"),), names),
        Piece("  "),
        Piece(_result(entry), style),
    ]
    return fit(pieces, width)


def _has_times(width: int) -> bool:
    """Whether a table of this width (cells) has room for the column with the times."""
    return width >= _STATE_WIDTH + _WHEN_WIDTH + 40


def file_name(report: ImportReport) -> str:
    """The name of the imported file without its folder. For a file in an archive it includes the archive's name."""
    return report.path.rstrip("/").rsplit("/", 1)[-1] or report.path


def moment(at: str, now: datetime) -> str:
    """A stored time (ISO 8601, UTC) as local time, for example "today 10:31", "2 Mar 10:31" or "2 Mar 2023"."""
    try:
        local = datetime.fromisoformat(at).astimezone(now.tzinfo)
    except ValueError:
        return styled.safe(at, _WHEN_WIDTH)
    clock = f"{local:%H:%M}"
    if local.date() == now.date():
        return f"today {clock}"
    day = styled.day_name(local.date())
    return f"{day.rsplit(' ', 1)[0]} {clock}" if local.year == now.year else day


def explanation(row: Row, now: datetime) -> Content:
    """The page about one import: everything that the log contains about it, and the keys that undo or repeat it."""
    entry, report = row.entry, row.entry.report
    state, style = _state(entry, row.is_undone)
    color = {"error": "$text-error", "warning": "$text-warning"}.get(style, "")
    facts = [
        ("file", styled.safe(report.path, _LONGEST)),
        ("when", f"{moment(entry.at, now)}, import {entry.id}"),
        ("format", styled.safe(report.format or "")),
        ("listed", _listed(report)),
        ("result", "" if report.error else styled.safe(_counts(report), _LONGEST)),
        ("took", f"{report.seconds:.1f} s" if report.seconds >= 0.1 else ""),
    ]
    width = max(map(len, ("state", *(name for name, _ in facts)))) + 2
    lines = [Content.assemble((f"{'state':<{width}}", "$muted"), (state, f"bold {color}".strip()))]
    lines += [Content.assemble((f"{name:<{width}}", "$muted"), value) for name, value in facts if value]
    parts = [Content("\n").join(lines)]
    if report.error:
        parts.append(Content.styled(styled.safe(report.error, _LONGEST), "$text-error"))
    parts.append(Content.styled(_advice(state), "$muted"))
    if report.refused:
        refused = [
            Content.assemble(
                (f"  entry {each.index}{f', line {each.line}' if each.line else ''}: ", "$muted"),
                styled.safe(each.reason, _LONGEST),
            )
            for each in report.refused[:_MOST_REFUSED]
        ]
        if len(report.refused) > _MOST_REFUSED:
            refused.append(Content.styled(f"  and {len(report.refused) - _MOST_REFUSED:,} more", "$muted"))
        heading = f"{wording.count(len(report.refused), 'entry', 'entries')} not read"
        parts.append(Content("\n").join([Content.styled(heading, "bold $heading"), *refused]))
    if report.warnings:
        notes = [Content(f"  {styled.safe(each, _LONGEST)}") for each in report.warnings]
        parts.append(Content("\n").join([Content.styled("Notes", "bold $heading"), *notes]))
    return Content("\n\n").join(parts)


def _state(entry: LogEntry, is_undone: bool) -> tuple[str, str]:
    """The state of an import in one or two words, and the name of the style in which these words are shown."""
    report = entry.report
    if entry.state == "withdrawn" or is_undone:
        return "undone", "muted"
    if report.error or entry.state == "refused":
        return "failed", "error"
    if entry.state in ("interrupted", "reading"):
        return "stopped", "warning"
    if not report.complete:
        return "in part", "warning"
    return ("known", "muted") if entry.state == "known" else ("read", "")


def _result(entry: LogEntry) -> str:
    report = entry.report
    if entry.state == "withdrawn":
        return f"{wording.count(report.entries, 'entry', 'entries')} taken back"
    if report.error:
        return styled.safe(report.error, _LONGEST)
    refused = f"{len(report.refused):,} not read, " if report.refused else ""
    return f"{refused}{_counts(report)}"


def _counts(report: ImportReport) -> str:
    """How many papers of an import were new and how many the library had already, for example "24 new, 1 known"."""
    parts = [
        f"{report.added:,} new" if report.added else "",
        f"{report.merged:,} known" if report.merged else "",
        f"{report.unchanged:,} unchanged" if report.unchanged else "",
        f"{report.joined:,} joined" if report.joined else "",
    ]
    return ", ".join(filter(None, parts)) or "no papers"


def _listed(report: ImportReport) -> str:
    if not report.listed_on:
        return ""
    from store.importing.years import RULE_TEXT

    rule = RULE_TEXT.get(report.listed_on_rule or "", "printed in the file")
    return f"{styled.day_name(report.listed_on)}, {rule}"


def _advice(state: str) -> str:
    """A sentence with the keys that undo or repeat the import, if its state allows that."""
    return {
        "undone": "In the log, r imports the file again.",
        "failed": "In the log, r tries it again. `recto formats` lists what recto can read.",
        "stopped": "In the log, r goes on where it stopped, and u takes back what was read.",
        "in part": "In the log, r reads the file again, for example when it has changed; u takes back what was read.",
    }.get(state, "In the log, u takes back the papers that only this file brought, except those with marks of yours.")
