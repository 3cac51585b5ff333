"""Renames a tag, a collection or a saved filter in all filters and settings that mention it.

Saved filters, and the setting for the papers from which the model of the user's taste learns, are changed in the
journal step that renames the tag, collection or saved filter. So a single undo reverses all these changes, and the
user's other machines get them.

Other texts that mention the name cannot be changed in that step: the session and the followed files of another machine,
a timer that sends a digest, the user's scripts. Therefore the step also writes a register that has the new name for the
old one, with the field "renamed:tag:OLD". Wherever a view or a filter names a tag, a collection or a saved filter that
does not exist any more, `renames` leads to its present name.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

from msgspec.structs import replace

from store.library import settings
from store.marks import saved_filters, stored_registers
from store.marks.marking import tag_name
from store.marks.stored_marks import FieldChange
from store.text.clean import line

# The field of the register that stores the view from whose papers the model of the user's taste learns
# (store/ranking/opinions.py). The register belongs to no paper.
TASTE_SOURCE = "taste.source"
Kind = Literal["tag", "collection", "filter"]
# For each kind, the fields of the filter language whose values are names of this kind (store/search/filter_fields.py).
_FIELDS: dict[Kind, tuple[str, ...]] = {"tag": ("tag",), "collection": ("collection", "in"), "filter": ()}
# The beginning of the fields that store renamings: the value of "renamed:tag:OLD" is the new name of the tag OLD.
_RENAMED = "renamed:"
_LONGEST_NAME = 100
_QUOTES = '"“”„‟'
# A token of a filter: white space and operators, a parenthesis, or a value, perhaps after a field, such as "tag:nlp".
_TOKEN = re.compile(
    r"[\s|]+|-+|[()]|(?P<group>[A-Za-z]+:)(?=\()"
    rf"|(?P<field>[A-Za-z]+:)?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s()|{_QUOTES}]+))"
)
_NEEDS_QUOTES = re.compile(rf"[\s()|{_QUOTES}]|^-|^(?:or|OR|AND)$")


class Rename(NamedTuple):
    """A name that a tag, a collection or a saved filter had before, in the form of `folded`, and its present name."""

    kind: Kind
    old: str
    new: str

    def is_old(self, name: str) -> bool:
        """Whether `name` is the old name, in any form that `folded` makes equal."""
        return folded(self.kind, name) == self.old


def changes(connection: sqlite3.Connection, kind: Kind, olds: Sequence[str], new: str) -> list[FieldChange]:
    """The changes of fields that rename each of `olds` to `new` in saved filters and in the setting TASTE_SOURCE.

    Further changes in the result store the new name of each old name, so that `renames` returns it.
    """
    old_names = {folded(kind, old) for old in olds} - {folded(kind, new)}

    def is_old(name: str) -> bool:
        return folded(kind, name) in old_names

    found: list[FieldChange] = []
    for saved in saved_filters.read_all(connection):
        renamed = replace(
            saved, filter=in_filter(saved.filter, kind, is_old, new), view=in_view(saved.view, kind, is_old, new)
        )
        if renamed != saved:
            found.append(saved_filters.change(renamed))
    source = taste_source(connection)
    view = in_view(source, kind, is_old, new)
    if view != source:
        found.append(FieldChange(None, TASTE_SOURCE, view))
    found += [FieldChange(None, f"{_RENAMED}{kind}:{old}", new) for old in sorted(old_names)]
    return [*found, FieldChange(None, f"{_RENAMED}{kind}:{folded(kind, new)}", None)]


def renames(connection: sqlite3.Connection) -> list[Rename]:
    """The old names of tags, collections and saved filters that were renamed, with their present names."""
    later: dict[tuple[Kind, str], str] = {}
    for each in stored_registers.of_kind(connection, "", _RENAMED):
        for kind in get_args(Kind):
            begin, _, old = each.field.removeprefix(_RENAMED).partition(":")
            if begin == kind and isinstance(each.value, str):
                later[kind, old] = each.value
    present = {kind: _present(connection, kind) for kind in dict.fromkeys(kind for kind, _ in later)}
    found = []
    for kind, old in later:
        name, passed = old, set[str]()
        while (known := folded(kind, name)) not in present[kind] and known not in passed and (kind, known) in later:
            passed.add(known)
            name = later[kind, known]
        if passed and known in present[kind]:
            found.append(Rename(kind, old, present[kind][known]))
    return found


def view_with_new_name(names: Sequence[Rename], view: str) -> str:
    """The view `view` with an old name replaced by the present one. `names` comes from `renames`."""
    for each in names:
        view = in_view(view, each.kind, each.is_old, each.new)
    return view


def filter_with_new_names(names: Sequence[Rename], text: str) -> str:
    """The filter `text` with old names replaced by present ones. `names` comes from `renames`."""
    for each in names:
        text = in_filter(text, each.kind, each.is_old, each.new)
    return text


def folded(kind: Kind, name: str) -> str:
    """A form of a name that is the same for all names of the same tag, collection or saved filter."""
    return tag_name(name) if kind == "tag" else line(name)[:_LONGEST_NAME].casefold()


def _present(connection: sqlite3.Connection, kind: Kind) -> dict[str, str]:
    """The names of all tags, collections or saved filters, by their folded names."""
    names = {
        each.field.partition(":")[2]
        for each in stored_registers.of_kind(connection, "", f"{kind}:")
        if each.value is not None
    }
    if kind != "filter":
        names.update(name for (name,) in connection.execute(f"SELECT DISTINCT name FROM {kind}"))
    return {folded(kind, name): name for name in names}


def taste_source(connection: sqlite3.Connection) -> str:
    """The view from whose papers the model of the user's taste learns; "" if it learns from the marked papers."""
    register = stored_registers.read(connection, "", TASTE_SOURCE)
    if register is None:
        # Earlier versions stored this view as a setting with the key TASTE_SOURCE.
        return settings.get(connection, TASTE_SOURCE) or ""
    return register.value if isinstance(register.value, str) else ""


def remark(found: Sequence[FieldChange]) -> str:
    """A text for the label of the step about what `changes` has changed, such as ", also in 2 saved filters"."""
    count = sum(each.field.startswith(saved_filters.FIELD) for each in found)
    parts = [f"{count} saved filter{'s' if count > 1 else ''}"] if count else []
    parts += ["your taste"] if any(each.field == TASTE_SOURCE for each in found) else []
    return f", also in {' and '.join(parts)}" if parts else ""


def in_view(view: str, kind: Kind, is_old: Callable[[str], bool], new: str) -> str:
    """The view `view` with the new name if it is, for example, "tag:OLD"; any other view is returned unchanged."""
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
    """A name as the value of a field, in quotation marks if necessary.

    If the name contains a quotation mark, only the part before it is used.
    """
    if not _NEEDS_QUOTES.search(name):
        return name
    beginning = re.split(f"[{_QUOTES}]", name)[0]
    return f'"{beginning}"'
