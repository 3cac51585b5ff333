"""The text of the help, the import log and the welcome. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.content import Content

from tui.actions.registry import ACTIONS, FILTER_HELP, SCOPES, SIGNS_HELP, first_key, shown, shown_keys
from tui.render import styled

if TYPE_CHECKING:
    from store.importing.log import ImportReport, LogEntry
    from store.papers.views import Sort, View

_KEYS_WIDTH = 16
# What a key that is for a paper says where there is none.
NO_PAPER = "there is no paper here"
# Why a view has no papers, and the key that puts one there.
_NOTHING: Mapping[str, tuple[str, str, str]] = {
    "queue": ("The queue is empty.", "queue", "puts one in it"),
    "bookmarks": ("No paper is bookmarked.", "bookmark", "bookmarks one"),
    "reading": ("You are reading no paper.", "reading", "marks one that you read"),
    "done": ("You are done with no paper yet.", "done", "marks one that you are done with"),
    "hidden": ("No paper is hidden.", "hide", "hides one"),
    "tag": ("No paper has this tag.", "tags", "edits the tags of one"),
    "trending": ("Nothing rose in the last days.", "", ""),
}
_AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def help_text(keymap: dict[str, str]) -> Content:
    """Every key as it is mapped now, what the signs in the list mean, and the filter language."""
    lines: list[Content] = []
    for scope, heading in SCOPES.items():
        lines.append(Content.styled(heading, "bold $heading"))
        for action in ACTIONS:
            if action.scope == scope:
                named = shown_keys(action, keymap)
                lines.append(Content.assemble((f"  {named:<{_KEYS_WIDTH}}", "$key"), action.help))
        lines.append(Content())
    lines.append(Content.styled("Signs in the list", "bold $heading"))
    for sign, means in SIGNS_HELP:
        lines.append(Content.assemble((f"  {sign:<{_KEYS_WIDTH}}", "$key"), means))
    lines.append(Content())
    lines.append(Content.styled("The filter", "bold $heading"))
    for example, means in FILTER_HELP:
        lines.append(Content.assemble((f"  {example}", "$key")))
        lines.append(Content.assemble((f"    {means}", "$muted")))
    lines.append(Content.styled("  What cannot be read as any of these is read as words.", "$muted"))
    return Content("\n").join(lines)


def log_text(entries: Sequence[LogEntry]) -> Content:
    """What was imported, newest first."""
    # Imported here, as below: the reader's own screen says less.
    import msgspec

    from tui.render import wording

    if not entries:
        return Content("Nothing was imported yet. Press i to import a file, or put one in the inbox.")
    lines: list[Content] = []
    for entry in entries:
        style = "$text-error" if entry.report.error else "$text-warning" if not entry.report.complete else ""
        # The file's name is enough here; its whole path would break over the lines.
        name = entry.report.path.rsplit("/", 1)[-1]
        named = msgspec.structs.replace(entry, report=msgspec.structs.replace(entry.report, path=name))
        for line in wording.log_lines(named):
            lines.append(Content.styled(styled.safe(line, 600), style))
        lines.append(Content())
    return Content("\n").join(lines)


def arrival_text(report: ImportReport, keymap: Mapping[str, str]) -> str:
    """What came in with one listing, for a toast."""
    from tui.render import wording

    log = first_key("log", keymap)
    name = styled.safe(report.path.rsplit("/", 1)[-1], 80)
    if report.error:
        return f"{name}: not read: {styled.safe(report.error, 200)}"
    said = f"{name}: {report.added:,} new, {report.merged:,} known"
    if report.listed_on:
        said += f", listed {styled.day_name(report.listed_on)}"
    if not report.added and not report.merged:
        said = f"{name}: nothing new, all {wording.count(report.entries, 'paper')} known"
    if report.refused:
        said += f"; {len(report.refused):,} not read ({log} shows why)"
    if report.partial:
        said += f"; the file ends early ({log} shows where)"
    return said


def arrivals_text(reports: Sequence[ImportReport], keymap: Mapping[str, str], *, more: bool) -> str:
    """What came in with many listings, for one toast; `more` after others that had their own."""
    from tui.render import wording

    added, known = (sum(getattr(each, name) for each in reports) for name in ("added", "merged"))
    said = f"{wording.count(len(reports), 'more file' if more else 'file')}: {added:,} new, {known:,} known"
    bad = sum(not each.complete for each in reports)
    return f"{said}; {bad:,} not read whole ({first_key('log', keymap)} shows why)" if bad else said


def where_text(view: View, latest: View, sort: Sort, selected: int, newer: str, *, shared: bool) -> str:
    """What the list shows: the view, the day that "new" stands for, and the key `newer` that shows a newer one."""
    parts = [
        styled.view_name(view),
        styled.view_name(latest) if view.kind == "new" and latest.kind == "day" else "",
        f"{newer} shows newer" if newer else "",
        f"by {sort}" if sort != "best" else "",
        f"{selected:,} selected" if selected else "",
        "another recto is open" if shared else "",
    ]
    return " · ".join(filter(None, parts))


def nothing_text(view: View, filtered: bool, keymap: Mapping[str, str] = _AS_THEY_ARE, *, typing: bool = False) -> str:
    """What stands in a list without papers: why, and the keys that lead on. While a filter is typed letters do not."""
    every = first_key("view_all", keymap)
    if filtered:
        everywhere = "" if view.kind == "all" else f" {'enter, then ' if typing else ''}{every} looks in all papers,"
        back = shown("escape") if typing else first_key("back", keymap)
        return f"Nothing fits the filter.{everywhere} {back} takes it away."
    if view.kind == "all":
        return f"No papers here. {first_key('view_hidden', keymap)} shows those you hid."
    why, action, does = _NOTHING.get(view.kind, ("No papers here.", "", ""))
    then = f"; {first_key(action, keymap)} {does}" if action else ""
    return f"{why} {every} shows all papers{then}."


def welcome_text(inbox: Path, keymap: Mapping[str, str] = _AS_THEY_ARE) -> Content:
    """What to do with an empty library, in a few lines."""
    keys = [first_key(name, keymap) for name in ("read", "import_file", "help", "quit")]
    wide = max(map(len, keys)) + 2
    samples, file, help, quit = (f"{key:<{wide}}" for key in keys)
    return Content("\n").join(
        [
            Content.styled("Welcome to recto. Your library is empty.", "bold $title"),
            Content(),
            Content.assemble((samples, "bold $key"), "looks around with the samples that come with recto"),
            Content.assemble((file, "bold $key"), "imports a listing, or a folder of them"),
            Content.assemble((help, "bold $key"), "shows every key"),
            Content.assemble((quit, "bold $key"), "quits"),
            Content(),
            Content("Listing files that you put here come in by themselves:"),
            Content.styled(styled.safe(str(inbox), 500), "underline"),
        ]
    )
