"""Words that other programs use for what the actions of recto do, for example "star" for "bookmark".

A search in the help or the palette finds an action by these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Maps the id of an action to these words. Words that the label or the help of the action contains are found anyway, so
# they are not in this table.
OTHER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "filter": "search find look for query",
        "sort": "order",
        "similar": "related recommend like",
        "calendar": "date",
        "exact": "fuzzy spelling",
        "view_new": "inbox unread",
        "view_all": "everything",
        "view_queue": "reading list to-read",
        "view_bookmarks": "favourites favorites starred",
        "view_done": "finished archive read",
        "view_hidden": "deleted removed trash archive",
        "view_for_you": "recommended",
        "view_trending": "popular hot",
        "view_later": "snoozed reminders",
        "bookmark": "favourite favorite star save like",
        "queue": "reading list to-read add save",
        "keep": "accept save",
        "drop": "delete remove reject dismiss",
        "hide": "delete remove trash archive dismiss",
        "seen": "unread read",
        "done": "finished archive read",
        "postpone": "snooze remind defer wait",
        "tags": "label category",
        "note": "comment annotate write",
        "select": "mark several multiple",
        "select_all": "mark everything",
        "undo": "revert",
        "redo": "repeat",
        "collect": "folder group list project add",
        "save_filter": "search query folder",
        "rename": "delete remove",
        "triage": "review screen sort decide",
        "read": "open show view details abstract",
        "back": "cancel clear close",
        "open_page": "web url website link",
        "open_pdf": "web download",
        "full_text": "pdf fulltext",
        "text_highlight": "mark note comment",
        "cite": "reference clipboard yank",
        "cite_bibtex": "bib latex reference clipboard",
        "copy_as": "clipboard yank url apa doi",
        "export": "save bibtex bib ris csv download",
        "import_file": "open load add new file bibtex",
        "remove_samples": "delete examples",
        "fetch": "download refresh update internet online",
        "statistics": "charts numbers history",
        "log": "errors history problems",
        "theme": "colours colors mode",
        "help": "keys shortcuts manual",
        "palette": "command menu",
        "quit": "exit close leave",
    }
)
