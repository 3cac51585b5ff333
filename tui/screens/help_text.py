"""Texts that the screens show: the welcome, the results of imports, and the text in place of an empty list.

A listing is a file with a list of papers. The functions have no side effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.content import Content

from store.papers.view_table import KINDS
from tui.actions.actions_and_keys import first_key, key_or_name, shown
from tui.actions.view_keys import VIEWS
from tui.render import styled
from tui.settings import themes
from tui.settings.theme_choice import ThemeChoice

if TYPE_CHECKING:
    from store.importing.log import ImportReport
    from store.papers.views import View

# The message that is shown when a key needs a paper under the cursor and there is none.
NO_PAPER = "there is no paper here"
# The welcome lists at most this many files that could not be read, so that it fits on a small screen. The import log
# lists all of them.
_MOST_FAILURES = 3
# A keymap in which the user has configured no keys.
_DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({})


def arrival_text(report: ImportReport, keymap: Mapping[str, str]) -> str:
    """The result of importing one listing, as a short message."""
    from tui.render import wording

    log = key_or_name("log", keymap)
    name = styled.safe(report.path.rsplit("/", 1)[-1], 80)
    if report.error:
        return f"{name}: not read: {styled.safe(report.error, 200)}"
    text = f"{name}: {report.added:,} new, {report.merged:,} known"
    if report.listed_on:
        text += f", listed {styled.day_name(report.listed_on)}"
    if not report.added and not report.merged:
        text = f"{name}: nothing new, all {wording.count(report.entries, 'paper')} known"
    if report.refused:
        text += f"; {len(report.refused):,} not read ({log} shows why)"
    if report.partial:
        text += f"; the file ends early ({log} shows where)"
    return text


def arrivals_text(reports: Sequence[ImportReport], keymap: Mapping[str, str], *, more: bool) -> str:
    """The result of importing many listings, as one short message.

    `more` is True if further listings of the same import were reported earlier, in messages of their own.
    """
    from tui.render import wording

    added, merged = (sum(getattr(each, name) for each in reports) for name in ("added", "merged"))
    text = f"{wording.count(len(reports), 'more file' if more else 'file')}: {added:,} new, {merged:,} known"
    bad = sum(not each.complete for each in reports)
    return f"{text}; {bad:,} not read whole ({key_or_name('log', keymap)} shows why)" if bad else text


def listings_text(reports: Sequence[ImportReport]) -> str:
    """The result of importing several listings completely, for example "5 listings, 353 new, 20 known"."""
    from tui.render import wording

    added, merged = (sum(getattr(each, name) for each in reports) for name in ("added", "merged"))
    # If some papers have a listing day and others have none, count the latter separately, because the view "New" does
    # not show them.
    undated = sum(each.added for each in reports if each.listed_on is None)
    is_mixed = 0 < undated < added
    new = f"{added - undated if is_mixed else added:,} new" if added else "nothing new"
    parts = [wording.count(len(reports), "listing"), new]
    parts += [f"{undated:,} more in Undated"] if is_mixed else []
    return ", ".join([*parts, *([f"{merged:,} known"] if merged else [])])


def nothing_text(
    view: View,
    filtered: bool,
    keymap: Mapping[str, str] = _DEFAULT_KEYS,
    *,
    typing: bool = False,
    unindexed: bool = False,
) -> str:
    """The text in place of an empty list. It says why the list is empty and which keys help.

    `typing` is True if the user is typing a filter, so that letters do not work as keys. `unindexed` is True if papers
    are missing in the search index, so that only their titles were searched.
    """
    every = key_or_name("view_all", keymap)
    if filtered:
        everywhere = "" if view.kind == "all" else f" {'enter, then ' if typing else ''}{every} searches all papers;"
        back = shown("escape") if typing else key_or_name("back", keymap)
        if unindexed:
            return (
                "No title matches the filter. Abstracts and authors are searched when the search index is complete."
                f" {back} removes it."
            )
        return f"No paper matches the filter.{everywhere} {back} removes the filter."
    if view.kind == "all":
        return f"No papers here. {key_or_name('view_hidden', keymap)} shows the hidden ones."
    actions = VIEWS.get(view.kind)
    then = f"; {key_or_name(actions.filled_by, keymap)} {actions.filling}" if actions and actions.filled_by else ""
    return f"{KINDS[view.kind].empty} {every} shows all papers{then}."


def theme_text(theme: ThemeChoice) -> str:
    """The message with the name of the theme.

    The message says if the choice of a theme has no effect, or has an effect only until the program ends.
    """
    if themes.are_disabled():
        return "NO_COLOR is set, so the colours are the terminal's own"
    text = "the theme follows the terminal's background" if theme.follows_terminal else f"theme {theme.name}"
    return f"{text}, until the end: the configuration names another" if theme.is_configured else text


def welcome_text(
    inbox: Path, keymap: Mapping[str, str] = _DEFAULT_KEYS, importing: str = "", failures: Sequence[str] = ()
) -> Content:
    """The text for an empty library, which says what the user can do.

    `importing` is the state of the running imports as text, or "". `failures` are messages about files that could not
    be read.
    """
    if importing:
        state = ("Welcome to recto.", "bold $title"), f"\n\n{importing}\n\n"
        return Content.assemble(*state, ("The papers appear here as they are read.", "$muted"))
    does = {
        "read": "imports the samples that come with recto",
        "import_file": "imports a listing, or a folder of them",
        "help": "shows every key",
        "quit": "quits",
    }
    keys = [(key, text) for name, text in does.items() if (key := first_key(name, keymap))]
    wide = max(len(key) for key, _ in keys) + 2
    return Content("\n").join(
        [
            Content.styled("Welcome to recto. Your library is empty.", "bold $title"),
            Content(),
            *(Content.styled(failure, "$error") for failure in failures[:_MOST_FAILURES]),
            *([Content()] if failures else []),
            *(Content.assemble((f"{key:<{wide}}", "bold $key"), text) for key, text in keys),
            Content(),
            Content("Put listing files here to import them:"),
            Content.styled(styled.safe(str(inbox), 500), "underline"),
        ]
    )
