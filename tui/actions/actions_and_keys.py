"""The table of actions and their keys. An action is something that the user can do with a key, such as move the cursor.

The key bindings, the key bar, the help, the palette, the command `recto keys` and the table of keys in the README are
made from this table. The methods that carry out the actions are in the other modules of this package. This module must
not import a screen, because the screens import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from store.papers.view_table import KINDS
from tui.actions.view_keys import VIEWS

if TYPE_CHECKING:
    from store.papers.view_table import Kind

Scope = Literal["move", "find", "mark", "organize", "triage", "open", "text", "export", "program"]
ScreenName = Literal["library", "sitting", "text"]

SCOPES: dict[Scope, str] = {
    "move": "Moving",
    "find": "Finding",
    "mark": "Your marks",
    "organize": "Your list",
    "triage": "Triage",
    "open": "Reading and opening",
    "text": "In a full text",
    "export": "Copying, exporting",
    "program": "Program",
}


# Maps the ids of some actions of the library screen to further screens on which the keys of these actions work.
_ALSO_ON: dict[str, tuple[ScreenName, ...]] = {
    "help": ("sitting", "text"),
    "triage_undo_sitting": ("sitting",),
    **dict.fromkeys(("down", "up", "half_down", "half_up", "page_down", "page_up", "top", "bottom"), ("text",)),
}
# The ratings that the user can give to a paper. They must equal those of store/marks/registers.py, which is not
# imported here because that would slow down the start of the application.
RATINGS = range(1, 6)


class Action(msgspec.Struct, frozen=True):
    """An action: something that a key does.

    `id` is the name of the action in a configuration, and the name of the method that carries the action out. `keys`
    are Textual's names of its default keys; a sequence of keys has blanks between them, such as "g g". `shows` is the
    kind of view that the action shows, or None. All actions that show a view are carried out by one method, which is
    named `show`. The keys of an action work only on its `screen`: the main screen ("library"), the screen for triage
    ("sitting"), or the screen of a full text ("text").
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    shows: Kind | None = None
    screen: ScreenName = "library"

    @property
    def shows_marks(self) -> bool:
        """Whether the action shows the user's marks.

        Such an action must wait until all marks that the user has made are stored.
        """
        return self.id in ("note", "tags", "postpone", "triage", "statistics") or self.scope in ("organize", "export")

    @property
    def is_for_list(self) -> bool:
        """Whether the action uses the papers of the list, for example the paper under the cursor.

        If a search has not been answered yet, such an action must wait until the list shows the answer.
        """
        return (
            self.scope in ("move", "mark", "organize", "open", "export")
            and self.id not in ("back", "share_collection", "leave_collection")
        ) or self.id == "triage"

    @property
    def screens(self) -> tuple[ScreenName, ...]:
        """Every screen on which the keys of the action work: `screen` and, for some actions, those in `_ALSO_ON`."""
        return (self.screen, *_ALSO_ON.get(self.id, ()))

    @property
    def command(self) -> str:
        """The name of the action in the palette."""
        return f"View {self.label}" if self.shows else self.label

    @property
    def shown_keys(self) -> str:
        """The default keys as they are shown to the user, for example "j ↓"."""
        return shown_together(self.keys)


# Maps Textual's names of the keys for punctuation to the characters of these keys.
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
    """A key as it is shown to the user, made from Textual's name: "question_mark" becomes "?", "ctrl+d" stays the same.

    `key` may also be a sequence of keys. The results for its keys are then separated by blanks.
    """
    if " " in key:
        return " ".join(map(shown, key.split(" ")))
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, _NAMES.get(last, last)])


def shown_together(keys: Iterable[str]) -> str:
    """Several keys as they are shown to the user: "j ↓", or "g g, home" if one of them is a sequence."""
    names = [shown(key) for key in keys]
    return (", " if any(" " in name for name in names) else " ").join(names)


# In the functions below, a keymap is the field `keys` of a `Config`. It maps ids of actions to their keys, for example
# {"down": "j,ctrl+n", "top": "g g,home", "sort": ""}. An action that is not in the keymap has its default keys. The
# value "", as for "sort" here, means that the action has no keys, because the configuration gave all of them to other
# actions.


def keys_of(action: Action, keymap: Mapping[str, str]) -> list[str]:
    """Textual's names of the keys of an action: the configured keys, or else the default ones."""
    configured = keymap.get(action.id)
    return list(action.keys) if configured is None else configured.split(",") if configured else []


def shown_keys(action: Action, keymap: Mapping[str, str]) -> str:
    """The keys of an action as they are shown to the user, for example "j ↓"."""
    return shown_together(keys_of(action, keymap))


def first_key(action_id: str, keymap: Mapping[str, str]) -> str:
    """The first key of an action as it is shown to the user; "" if the action has no key."""
    keys = keys_of(BY_ID[action_id], keymap)
    return shown(keys[0]) if keys else ""


def key_or_name(action_id: str, keymap: Mapping[str, str]) -> str:
    """The first key of an action or, if it has no key, its name in the palette.

    Messages refer to actions in this way.
    """
    return first_key(action_id, keymap) or f"{BY_ID[action_id].command!r} in the palette"


def view_action(kind: Kind) -> str:
    """The id of the action that shows a view of this kind; None if there is no such action."""
    return f"view_{kind.replace('-', '_')}"


ACTIONS: tuple[Action, ...] = (
    Action("down", ("j", "down"), "Down", "go one line down", "move"),
    Action("up", ("k", "up"), "Up", "go one line up", "move"),
    Action("half_down", ("ctrl+d",), "Half a page down", "go half a page down", "move"),
    Action("half_up", ("ctrl+u",), "Half a page up", "go half a page up", "move"),
    Action("page_down", ("pagedown", "space"), "Page down", "go a page down", "move"),
    Action("page_up", ("pageup",), "Page up", "go a page up", "move"),
    Action("top", ("g", "home"), "Top", "go to the first line", "move"),
    Action("bottom", ("G", "end"), "Bottom", "go to the last line", "move"),
    Action("next_pane", ("tab",), "Next pane", "go to the next pane", "move"),
    Action("previous_pane", ("shift+tab",), "Previous pane", "go to the previous pane", "move"),
    Action("preview_down", ("full_stop",), "Scroll the preview", "scroll down in the paper beside the list", "move"),
    Action("preview_up", ("comma",), "Scroll the preview back", "scroll up in the paper beside the list", "move"),
    Action("narrower", ("less_than_sign",), "Narrower list", "make the list narrower", "move"),
    Action("wider", ("greater_than_sign",), "Wider list", "make the list wider", "move"),
    Action("filter", ("slash",), "Filter", "filter the list as you type", "find"),
    Action("sort", ("s",), "Sort", "sort by the next key: best, date, listed, upvotes, …", "find"),
    Action("exact", ("quotation_mark",), "Exact", "show only exact matches of the filter, or all again", "find"),
    Action("meanings", ("tilde",), "Meanings", "choose what an acronym in the filter stands for", "find"),
    Action("similar", ("equals_sign",), "Similar", "list the papers most similar to it, or to all selected", "find"),
    Action("calendar", ("D",), "Calendar", "choose a day, week or month from a calendar", "find"),
    Action("more_like", ("plus",), "More like this", "say what you want to see more of in For you", "find"),
    Action("less_like", ("minus",), "Less like this", "say what you want to see less of in For you", "find"),
    *(
        Action(view_action(kind), (view.key,), KINDS[kind].name, view.help, "find", shows=kind)
        for kind, view in VIEWS.items()
        if view.key
    ),
    Action("bookmark", ("b",), "Bookmark", "set or remove the bookmark ★", "mark"),
    Action("queue", ("a",), "Queue", "put it in the reading queue, or take it out", "mark"),
    Action("keep", ("c",), "Keep", "keep it: into the queue, and on to the next paper", "mark"),
    Action("drop", ("X",), "Drop", "drop it: hide it, and on to the next paper", "mark"),
    Action("later", ("J",), "Later in queue", "move down in the queue or collection", "mark"),
    Action("sooner", ("K",), "Sooner in queue", "move up in the queue or collection", "mark"),
    Action("reading", ("r",), "Reading", "mark it as being read, or not any more", "mark"),
    Action("done", ("d",), "Done", "mark it as done and not queued, or not done any more", "mark"),
    Action("hide", ("x",), "Hide", "hide it from every list, or show it again", "mark"),
    Action("seen", ("m",), "New or seen", "mark it seen, or new again ●", "mark"),
    Action("postpone", ("l",), "Later", "postpone it to a day, or until a similar paper arrives", "mark"),
    Action("tags", ("t",), "Tags", "edit its tags", "mark"),
    Action("note", ("n",), "Note", "edit its note", "mark"),
    *(
        Action(f"rate_{rating}", (f"asterisk {rating}",), f"Rate {rating}", f"rate it {rating} of 5", "mark")
        for rating in RATINGS
    ),
    Action("rate_none", ("asterisk 0",), "No rating", "remove its rating", "mark"),
    Action("select", ("v",), "Select many", "select from here; marks then apply to all selected", "mark"),
    Action("select_all", ("ctrl+a",), "Select all", "select every paper of the list; marks then apply to all", "mark"),
    Action("undo", ("u",), "Undo", "take back the last mark", "mark"),
    Action("redo", ("ctrl+r",), "Redo", "repeat what was taken back", "mark"),
    Action("edit_note", ("E",), "Note in your editor", "edit its note in $VISUAL or $EDITOR", "organize"),
    Action("next_up", ("N",), "Next up", "go to the paper that is first in the queue", "organize"),
    Action("queue_first", ("A",), "Queue at the top", "put it at the top of the queue", "organize"),
    Action(
        "move_to_top", ("left_curly_bracket",), "To the top", "move to the top of the queue or collection", "organize"
    ),
    Action(
        "move_to_end", ("right_curly_bracket",), "To the end", "move to the end of the queue or collection", "organize"
    ),
    Action("move_to", ("M",), "Move to …", "move to a position in the queue or collection", "organize"),
    Action("queue_reason", ("Q",), "Why queued", "note why it is in the queue", "organize"),
    Action("drop_oldest", ("O",), "Drop the oldest", "go through what has waited longest in the queue", "organize"),
    Action("collect", ("B",), "Collect", "put it into a collection, or take it out with -name", "organize"),
    Action("take_out", ("underscore",), "Take out", "take it out of the collection that is shown", "organize"),
    Action("share_collection", ("at s",), "Share the collection", "share a collection with other people", "organize"),
    Action("leave_collection", ("at l",), "Stop sharing", "stop sharing a collection; its papers stay", "organize"),
    Action("save_filter", ("S",), "Save the filter", "save the filter as a view, with a name and a key", "organize"),
    Action("rename", ("W",), "Rename", "rename or merge the tag, collection or saved view", "organize"),
    Action("triage", ("w",), "Triage", "go through the papers of the list, one at a time", "triage"),
    Action("triage_undo_sitting", ("U",), "Undo this sitting", "take back every decision of the sitting", "triage"),
    *(
        Action(id, keys, label, help, "triage", screen="sitting")
        for id, keys, label, help in (
            ("triage_keep", ("a",), "Keep", "keep it: into the reading queue; then the next paper"),
            ("triage_skip", ("s", "right"), "Skip", "skip it: it is seen; then the next paper"),
            ("triage_later", ("l",), "Later", "postpone it until next week; then the next paper"),
            ("triage_postpone", ("L",), "Later, until …", "postpone it to a day that you name, or a similar paper"),
            ("triage_bookmark", ("b",), "Bookmark", "bookmark it; then the next paper"),
            ("triage_hide", ("x",), "Hide", "hide it from every list; then the next paper"),
            ("triage_undo", ("u", "left"), "Back", "go back to the last paper and take its decision back"),
            ("triage_scroll", ("space", "j", "down"), "Scroll", "scroll down in a long paper"),
            ("triage_scroll_back", ("k", "up"), "Scroll back", "scroll up in a long paper"),
            ("triage_result", ("r",), "Result", "go to the sentence with the result"),
            ("triage_open", ("o",), "Open page", "open the page of the paper in the browser"),
            ("triage_summary", ("v",), "Decisions", "show what was decided, to take some of it back"),
            ("triage_leave", ("escape", "q"), "Leave", "go back to the list; the sitting can be continued"),
        )
    ),
    Action("read", ("enter",), "Read", "read the paper", "open"),
    Action("next_paper", ("right",), "Next paper", "go to the next paper, also in an opened one", "open"),
    Action("previous_paper", ("left",), "Previous paper", "go to the paper before, also in an opened one", "open"),
    Action(
        "next_page",
        ("right_square_bracket",),
        "Next",
        "go to the next paper; from a day or week, to the next one",
        "open",
    ),
    Action(
        "previous_page",
        ("left_square_bracket",),
        "Previous",
        "go to the paper before; from a day or week, to the last one",
        "open",
    ),
    Action("back", ("escape",), "Back", "go back: from the paper, the selection, the filter", "open"),
    Action("open_page", ("o",), "Open page", "open its page in the browser", "open"),
    Action("open_pdf", ("p",), "Open PDF", "open its PDF in the browser", "open"),
    Action("open_link", ("f",), "Follow a link", "open one of its links", "open"),
    Action("keywords", ("number_sign",), "Keywords", "filter by one of its keywords, authors or categories", "open"),
    Action("full_text", ("V",), "Full text", "read its full text; enter in an opened paper does this too", "open"),
    *(
        Action(id, keys, label, help, "text", screen="text")
        for id, keys, label, help in (
            ("text_contents", ("t",), "Contents", "go to a section, a figure or a table"),
            ("text_find", ("slash",), "Search", "search in the text"),
            ("text_next", ("n",), "Next one", "go to the next match or change"),
            ("text_previous", ("N",), "One before", "go to the match or change before"),
            ("text_next_section", ("right_square_bracket", "right"), "Next section", "go to the next section"),
            ("text_last_section", ("left_square_bracket", "left"), "Section before", "go to the section before"),
            ("text_follow", ("f", "enter"), "Follow", "follow a citation, a note or a link that is on the screen"),
            ("text_picture", ("p",), "Picture", "show a figure, a table or an equation as large as possible"),
            ("text_page", ("P",), "Page", "show the page of the PDF as a picture"),
            ("text_highlight", ("v",), "Highlight", "choose a passage by sentences, to highlight or annotate it"),
            ("text_highlights", ("H",), "Highlights", "go to one of your highlights"),
            (
                "text_versions",
                ("V",),
                "Other versions",
                "read another text of the same paper, at the same place",
            ),
            ("text_compare", ("equals_sign",), "Compare", "compare this text with another text of the same paper"),
            ("text_return", ("backspace", "B"), "Return", "go back to where you followed it"),
            ("text_open", ("o",), "Open page", "open the page of the paper in the browser"),
            ("text_leave", ("escape", "q"), "Leave", "go back to the list; the place in the text is kept"),
        )
    ),
    Action("cite", ("y",), "Copy citation", "copy its citation, or those of the selected papers", "export"),
    Action("cite_bibtex", ("Y",), "Copy BibTeX", "copy its BibTeX entry, or those of the selected papers", "export"),
    Action("copy_as", ("C",), "Copy as …", "copy it as a styled reference, address, link or key", "export"),
    Action("export", ("e",), "Export", "write the list, or the selected papers, to a file", "export"),
    Action("import_file", ("i",), "Import", "import a file or folder", "program"),
    Action("remove_samples", ("R",), "Remove samples", "remove the sample papers that came with recto", "program"),
    Action("fetch", ("F",), "Fetch today", "fetch today's Daily Papers over the network", "program"),
    Action("statistics", ("percent_sign",), "Statistics", "show what you read, the queue and rising words", "program"),
    Action("log", ("L",), "Import log", "show what was imported and what was not", "program"),
    Action("theme", ("T",), "Light or dark", "switch between the dark and the light theme", "program"),
    Action("help", ("question_mark",), "Help", "show all keys and the filter language", "program"),
    Action("palette", ("ctrl+p",), "Palette", "find any action by its name", "program"),
    Action("suspend", ("ctrl+z",), "To the shell", "go to the shell; fg brings recto back", "program"),
    Action("quit", ("q", "ctrl+c"), "Quit", "quit", "program"),
)

BY_ID = {action.id: action for action in ACTIONS}
