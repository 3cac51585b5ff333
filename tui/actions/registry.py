"""The one registry of actions: bindings, footer, help, palette, `recto keys` and the README's table come from it.

`id` is the name of the method that does it, and what a configuration remaps.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Scope = Literal["move", "find", "mark", "open", "program"]

SCOPES: dict[Scope, str] = {
    "move": "Moving",
    "find": "Finding",
    "mark": "Your marks",
    "open": "Reading and opening",
    "program": "Program",
}


class Action(msgspec.Struct, frozen=True):
    """One thing a reader can do. `keys` are Textual's names; `hint` places it in the footer, the lowest first."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    hint: int | None = None

    @property
    def shown_keys(self) -> str:
        """The keys as a reader would write them: "j ↓"."""
        return " ".join(shown(key) for key in self.keys)


# Textual's names for the keys of one sign.
SIGNS = {
    "exclamation_mark": "!",
    "quotation_mark": '"',
    "number_sign": "#",
    "dollar_sign": "$",
    "percent_sign": "%",
    "ampersand": "&",
    "apostrophe": "'",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "asterisk": "*",
    "plus": "+",
    "comma": ",",
    "minus": "-",
    "full_stop": ".",
    "slash": "/",
    "colon": ":",
    "semicolon": ";",
    "less_than_sign": "<",
    "equals_sign": "=",
    "greater_than_sign": ">",
    "question_mark": "?",
    "at": "@",
    "left_square_bracket": "[",
    "backslash": "\\",
    "right_square_bracket": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "grave_accent": "`",
    "left_curly_bracket": "{",
    "vertical_line": "|",
    "right_curly_bracket": "}",
    "tilde": "~",
}
_NAMES = SIGNS | {
    "escape": "esc",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "pgdn",
    "pageup": "pgup",
}


def shown(key: str) -> str:
    """A key of Textual's as it is written for people: "ctrl+d" stays, "question_mark" is "?"."""
    *held, last = key.split("+")
    return "+".join([*held, _NAMES.get(last, last)])


ACTIONS: tuple[Action, ...] = (
    Action("down", ("j", "down"), "Down", "one line down", "move"),
    Action("up", ("k", "up"), "Up", "one line up", "move"),
    Action("half_down", ("ctrl+d",), "Half a page down", "half a page down", "move"),
    Action("half_up", ("ctrl+u",), "Half a page up", "half a page up", "move"),
    Action("page_down", ("pagedown", "space"), "Page down", "a page down", "move"),
    Action("page_up", ("pageup",), "Page up", "a page up", "move"),
    Action("top", ("g", "home"), "Top", "to the first", "move"),
    Action("bottom", ("G", "end"), "Bottom", "to the last", "move"),
    Action("next_pane", ("tab",), "Next pane", "to the next pane", "move", 12),
    Action("previous_pane", ("shift+tab",), "Previous pane", "to the pane before", "move"),
    Action("narrower", ("less_than_sign",), "Narrower list", "make the list narrower", "move"),
    Action("wider", ("greater_than_sign",), "Wider list", "make the list wider", "move"),
    Action("filter", ("slash",), "Filter", "filter the list as you type", "find", 1),
    Action("sort", ("s",), "Sort", "sort by the next key: best, date, listed, upvotes, …", "find", 9),
    Action("view_new", ("1",), "New", "the latest listing", "find"),
    Action("view_all", ("2",), "All", "all papers", "find"),
    Action("view_queue", ("3",), "Queue", "the reading queue", "find"),
    Action("view_bookmarks", ("4",), "Bookmarks", "bookmarked papers", "find"),
    Action("view_reading", ("5",), "Reading", "papers you are reading", "find"),
    Action("view_done", ("6",), "Done", "papers you are done with", "find"),
    Action("view_hidden", ("7",), "Hidden", "hidden papers", "find"),
    Action("view_trending", ("8",), "Trending", "what rose most in the last days", "find"),
    Action("bookmark", ("b",), "Bookmark", "set or remove the bookmark ★", "mark", 3),
    Action("queue", ("a",), "Queue", "put in the reading queue, or take out", "mark", 4),
    Action("later", ("J",), "Later in queue", "move down in the queue", "mark"),
    Action("sooner", ("K",), "Sooner in queue", "move up in the queue", "mark"),
    Action("reading", ("r",), "Reading", "you are reading it, or not any more", "mark", 6),
    Action("done", ("d",), "Done", "you are done with it, or not", "mark", 5),
    Action("hide", ("x",), "Hide", "hide it from every list, or show it again", "mark", 10),
    Action("seen", ("m",), "New or seen", "mark it seen, or new again ●", "mark"),
    Action("tags", ("t",), "Tags", "edit its tags", "mark", 11),
    Action("note", ("n",), "Note", "edit its note", "mark"),
    Action("select", ("v",), "Select many", "select from here; marks then go to all selected", "mark"),
    Action("undo", ("u",), "Undo", "take the last mark back", "mark", 7),
    Action("redo", ("ctrl+r",), "Redo", "do it again", "mark"),
    Action("read", ("enter",), "Read", "read the paper", "open", 2),
    Action("back", ("escape",), "Back", "back: from the paper, the selection, the filter", "open"),
    Action("open_page", ("o",), "Open page", "open its page in the browser", "open"),
    Action("open_pdf", ("p",), "Open PDF", "open its PDF in the browser", "open"),
    Action("open_link", ("f",), "Follow a link", "open one of its links", "open"),
    Action("cite", ("y",), "Copy citation", "send its citation to the clipboard", "open"),
    Action("import_file", ("i",), "Import", "import a file or folder", "program"),
    Action("fetch", ("F",), "Fetch today", "fetch today's Daily Papers over the network", "program"),
    Action("log", ("L",), "Import log", "what was imported, and what was not", "program"),
    Action("theme", ("T",), "Light or dark", "change between the dark and the light theme", "program"),
    Action("help", ("question_mark",), "Help", "all keys and the filter language", "program", 8),
    Action("palette", ("ctrl+p",), "Palette", "find any action by its name", "program"),
    Action("quit", ("q", "ctrl+c"), "Quit", "quit", "program", 13),
)

BY_ID = {action.id: action for action in ACTIONS}

FILTER_HELP: tuple[tuple[str, str], ...] = (
    ("graph retrieval", "both words, in any order, also mistyped"),
    ('"in context"  -vision', "these words in a row; not this word"),
    ('title:survey  author:"de vries"', "in one place only; also abstract: org: venue:"),
    ("cat:cs.CL  tag:nlp  from:hf  id:2510.01234", "category, your tag, source, arXiv id or DOI"),
    ("is:queued", "your marks; also new seen reading done hidden bookmarked"),
    ("has:code", "what there is of it; also pdf note abstract"),
    ("date:2026-06  date:>=2026-06-01  year:2025", "when it was published"),
    ("listed:2026-07-02  listed:week", "when it was listed"),
    ("upvotes:>20  comments:2..5", "how it was received"),
    ("a or b   (a or b) c", "either; groups"),
)

# What stands beside the titles of a list.
SIGNS_HELP: tuple[tuple[str, str], ...] = (
    ("●", "new"),
    ("◐", "you are reading it"),
    ("✓", "you are done with it"),
    ("∅", "hidden"),
    ("★", "bookmarked"),
    ("1 2 3", "its place in the queue; + beyond 99"),
    ("▲12  ✎3", "upvotes, comments"),
    ("⤳  ↻", "cross-listed, replaced"),
)
