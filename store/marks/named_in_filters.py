"""Renames a tag or a collection in everything that names it: saved filters, and the papers from which the taste learns.

The result is a list of changes for the journal step that renames the tag or the collection. So a single undo reverses
all these changes, and the user's other machines get all of them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from store.library import settings
from store.marks import saved_filters, stored_registers
from store.marks.stored_marks import FieldChange

# The field of the register that names the view from whose papers the model of the user's taste learns
# (store/ranking/opinions.py). It belongs to no paper.
TASTE_SOURCE = "taste.source"
Kind = Literal["tag", "collection"]
# The names of the field of the filter language for each kind (store/search/filter_fields.py).
_FIELDS: dict[Kind, tuple[str, ...]] = {"tag": ("tag",), "collection": ("collection", "in")}
_QUOTES = '"“”„‟'
# A token of a filter: white space and operators, a parenthesis, or a value with an optional field before it.
_TOKEN = re.compile(
    r"[\s|]+|-+|[()]|(?P<group>[A-Za-z]+:)(?=\()"
    rf"|(?P<field>[A-Za-z]+:)?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s()|{_QUOTES}]+))"
)
_NEEDS_QUOTES = re.compile(rf"[\s()|{_QUOTES}]|^-|^(?:or|OR|AND)$")


def changes(connection: sqlite3.Connection, kind: Kind, is_old: Callable[[str], bool], new: str) -> list[FieldChange]:
    """The changes of fields that rename in saved filters, and for the taste, each name for which `is_old` is true.

    `is_old` gets a name as the user has typed it in a filter or view. `new` is the new name.
    """
    found: list[FieldChange] = []
    for saved in saved_filters.read_all(connection):
        renamed = replace(
            saved, filter=in_filter(saved.filter, kind, is_old, new), view=in_view(saved.view, kind, is_old, new)
        )
        if renamed != saved:
            found.append(saved_filters.change(renamed))
    source = taste_source(connection)
    view = in_view(source, kind, is_old, new)
    return [*found, FieldChange(None, TASTE_SOURCE, view)] if view != source else found


def taste_source(connection: sqlite3.Connection) -> str:
    """The view from whose papers the taste learns; "" if it learns from the marked papers."""
    register = stored_registers.read(connection, "", TASTE_SOURCE)
    if register is None:
        # Earlier versions stored it as a setting of the same name.
        return settings.get(connection, TASTE_SOURCE) or ""
    return register.value if isinstance(register.value, str) else ""


def remark(found: Sequence[FieldChange]) -> str:
    """What `changes` has changed, for the label of the step, such as ", also in 2 saved filters"."""
    count = sum(each.field != TASTE_SOURCE for each in found)
    parts = [f"{count} saved filter{'s' if count > 1 else ''}"] if count else []
    parts += ["your taste"] if count < len(found) else []
    return f", also in {' and '.join(parts)}" if parts else ""


def in_view(view: str, kind: Kind, is_old: Callable[[str], bool], new: str) -> str:
    """A view such as "tag:nlp" with the new name, or the same view if it is another one."""
    begin, colon, name = view.partition(":")
    return f"{kind}:{new}" if colon and begin == kind and is_old(name) else view


def in_filter(text: str, kind: Kind, is_old: Callable[[str], bool], new: str) -> str:
    """The filter `text` with the new name in each term such as "tag:nlp", "-tag:nlp" or "tag:(nlp or robots)"."""
    parts: list[str] = []
    # One element for each open parenthesis: whether the words after it are values of the field.
    groups = [False]
    at, opens = 0, False
    for token in _TOKEN.finditer(text):
        parts.append(text[at : token.start()])
        at = token.end()
        parts.append(token[0])
        field = token["field"] or token["group"]
        is_ours = field[:-1].lower() in _FIELDS[kind] if field else groups[-1]
        if token["group"]:
            opens = is_ours
            continue
        if token[0] == "(":
            groups.append(opens or groups[-1])
        elif token[0] == ")" and len(groups) > 1:
            groups.pop()
        name = token["quoted"] if token["quoted"] is not None else token["bare"]
        if name is not None and is_ours and not (not field and name in ("or", "OR", "AND")) and is_old(name):
            parts[-1] = f"{field or ''}{_quoted(new)}"
        opens = False
    return "".join([*parts, text[at:]])


def _quoted(name: str) -> str:
    """A name as the value of a field, in quotation marks if necessary. A name that contains one is cut before it."""
    if not _NEEDS_QUOTES.search(name):
        return name
    beginning = re.split(f"[{_QUOTES}]", name)[0]
    return f'"{beginning}"'
