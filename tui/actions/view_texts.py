"""The keys of the views, with their help, and the actions that put papers into a view.

What a view is called and which papers it selects is in the table of store/papers/view_kinds.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store.papers.view_kinds import Kind


class ViewTexts(NamedTuple):
    """The key of a kind of view and its help. A view without a `key` can be opened only from the views pane.

    `filled_by` is the id of the action that puts a paper into the view, and `filling` describes that action, for the
    text of an empty view.
    """

    key: str = ""
    help: str = ""
    filled_by: str = ""
    filling: str = ""


VIEWS: dict[Kind, ViewTexts] = {
    "new": ViewTexts("1", "papers that you have neither seen nor decided on"),
    "all": ViewTexts("2", "all papers"),
    "queue": ViewTexts("3", "the reading queue", "queue", "adds a paper"),
    "bookmarks": ViewTexts("4", "bookmarked papers", "bookmark", "bookmarks a paper"),
    "reading": ViewTexts("5", "papers you are reading", "reading", "marks a paper as being read"),
    "done": ViewTexts("6", "papers you are done with", "done", "marks a paper as done"),
    "hidden": ViewTexts("7", "hidden papers", "hide", "hides a paper"),
    "for-you": ViewTexts("0", "new papers that you would like best; again: of the week, all"),
    "trending": ViewTexts("8", "papers that rose most in the last days"),
    "later": ViewTexts("9", "papers that you postponed", "postpone", "postpones a paper"),
    "collection": ViewTexts(filled_by="collect", filling="adds a paper"),
    "tag": ViewTexts(filled_by="tags", filling="edits the tags of a paper"),
}
