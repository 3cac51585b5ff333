"""For each kind of view: the key and help text of the action that shows the view, and the action that fills it.

The names of the views, and the SQL that selects their papers, are in store/papers/view_table.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store.papers.view_table import Kind


class ViewActions(NamedTuple):
    """The actions of a kind of view.

    `key` and `help` are the key and the help text of the action that shows the view. If `key` is empty, there is no
    such action, and the view can be opened only from the views pane. `filled_by` is the id of the action that puts a
    paper into the view. While the view is empty, the list shows a text with this action, described by `filling`.
    """

    key: str = ""
    help: str = ""
    filled_by: str = ""
    filling: str = ""


VIEWS: dict[Kind, ViewActions] = {
    "new": ViewActions("1", "papers that you have neither seen nor decided on"),
    "all": ViewActions("2", "all papers"),
    "queue": ViewActions("3", "the reading queue", "queue", "adds a paper"),
    "bookmarks": ViewActions("4", "bookmarked papers", "bookmark", "bookmarks a paper"),
    "reading": ViewActions("5", "papers you are reading", "reading", "marks a paper as being read"),
    "done": ViewActions("6", "papers you are done with", "done", "marks a paper as done"),
    "hidden": ViewActions("7", "hidden papers", "hide", "hides a paper"),
    "for-you": ViewActions("0", "new papers that you would like best; again: of the week, all"),
    "trending": ViewActions("8", "papers that rose most in the last days"),
    "later": ViewActions("9", "papers that you postponed", "postpone", "postpones a paper"),
    "collection": ViewActions(filled_by="collect", filling="adds a paper"),
    "tag": ViewActions(filled_by="tags", filling="edits the tags of a paper"),
}
