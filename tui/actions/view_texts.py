"""The texts and keys of the views: the name, the key and the help of each view, and its text when it is empty.

Which papers a view selects is defined in store/papers/views.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store.papers.views import Kind


class ViewTexts(NamedTuple):
    """The texts of one kind of view. A view without a `key` can be opened only from the views pane.

    `empty` is shown when the view has no papers. `filled_by` is the id of the action that puts a paper into the view,
    and `filling` describes that action.
    """

    name: str
    key: str = ""
    help: str = ""
    empty: str = "No papers here."
    filled_by: str = ""
    filling: str = ""


VIEWS: dict[Kind, ViewTexts] = {
    "new": ViewTexts("New", "1", "papers that you have neither seen nor decided on", "Nothing is new."),
    "all": ViewTexts("All", "2", "all papers"),
    "queue": ViewTexts("Queue", "3", "the reading queue", "The queue is empty.", "queue", "adds a paper"),
    "bookmarks": ViewTexts(
        "Bookmarks", "4", "bookmarked papers", "No paper is bookmarked.", "bookmark", "bookmarks a paper"
    ),
    "reading": ViewTexts(
        "Reading",
        "5",
        "papers you are reading",
        "No paper is marked as being read.",
        "reading",
        "marks a paper as being read",
    ),
    "done": ViewTexts(
        "Done", "6", "papers you are done with", "No paper is marked as done.", "done", "marks a paper as done"
    ),
    "hidden": ViewTexts("Hidden", "7", "hidden papers", "No paper is hidden.", "hide", "hides a paper"),
    "trending": ViewTexts("Trending", "8", "papers that rose most in the last days", "No paper rose in the last days."),
    "later": ViewTexts(
        "Later",
        "9",
        "papers that you postponed",
        "No paper is postponed.",
        "postpone",
        "postpones a paper",
    ),
    "undated": ViewTexts("Undated"),
    # The views of a listing day and of a tag have the day or the tag as their name.
    "day": ViewTexts(""),
    "tag": ViewTexts("", empty="No paper has this tag.", filled_by="tags", filling="edits the tags of a paper"),
}
