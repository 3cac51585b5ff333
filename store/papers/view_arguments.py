"""Parses and names the arguments of views, for example "2026-W27" of the view "week:2026-W27".

Both functions have a separate case for each kind of view whose argument is not simply a name. The kinds are in the
table of store/papers/view_table.py.
"""

from __future__ import annotations

from datetime import date

from store.papers import periods, trending
from store.papers.view_table import FOR_YOU, Kind


def parse(kind: Kind, text: str) -> str:
    """The usual form of `text`, the argument of a view of this kind as the user wrote it.

    Raises ValueError when `text` is not an argument of such a view.
    """
    # The modules of the package store.marks are imported in the cases, because most views do not need them.
    match kind:
        case "day" | "week" | "month":
            return periods.containing(kind, periods.period(kind, text).first)
        case "since":
            return periods.parse_since(text)
        case "trending":
            return trending.parse(text)
        case "for-you":
            argument = "" if text.casefold() == "today" else text.casefold()
            if argument in FOR_YOU:
                return argument
        case "filter":
            from store.marks.saved_filters import filter_name

            if argument := filter_name(text):
                return argument
        case "collection":
            from store.marks.collections import collection_name

            if argument := collection_name(text):
                return argument
        case "tag":
            from store.marks.marking import tag_name

            if argument := tag_name(text):
                return argument
    raise ValueError(text)


def name(kind: Kind, argument: str) -> str:
    """The name on the screen of a view with an argument, for example "2 Jul" or "#nlp".

    It may be untrusted text, with control characters.
    """
    match kind:
        case "day" | "week" | "month":
            return periods.name(kind, argument, date.today())
        case "since":
            return periods.since_name(argument, date.today())
        case "trending":
            return trending.name(argument)
        case "for-you":
            return FOR_YOU[argument]
        case "tag":
            return f"#{argument}"
    return argument
