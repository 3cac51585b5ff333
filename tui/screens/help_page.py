"""The help as text: every action with its keys, the signs of the list, and the filter language.

The text has two columns if there is room. If the user types a query, only matching entries are shown, and the matching
letters are highlighted. The functions have no side effects.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from textual.content import Content, Span

from store.search.filter_fields import FILTER_HELP
from tui.actions.actions_and_keys import ACTIONS, SCOPES, Action, shown_keys
from tui.actions.other_words import OTHER_WORDS
from tui.render import fuzzy_match
from tui.render.cell_width import width as width_of
from tui.render.list_columns import SIGNS_HELP

MATCH_STYLE = "bold $match"
# The smallest width of a page with two columns, and the gap between the columns (cells).
_TWO_COLUMNS = 72
_GAP = 3
# The width of the column of keys (cells): as wide as the widest keys, but not wider than a third of the line.
_MOST_KEYS = 17
_WORDS_NOTE = "Anything else is searched for as words."


class _Entry(NamedTuple):
    """An entry of the help: keys and what they do or, if `is_stacked` is set, an example with its meaning below it.

    `other_words` are not shown, but a query with one of these words finds the entry.
    """

    keys: str
    text: str
    is_stacked: bool = False
    other_words: str = ""


class _Section(NamedTuple):
    heading: str
    entries: tuple[_Entry, ...]


class _Lights(NamedTuple):
    """The words to highlight, and whether to highlight words that are only similar to one of them as well."""

    words: Sequence[str]
    mistyped: bool


def help_page(keymap: Mapping[str, str], width: int, query: str = "") -> Content:
    """The entries of the help that match `query`, in lines of at most `width` cells. Empty when nothing matches."""
    words = fuzzy_match.words_of(query)
    everything = list(_sections(keymap))
    # If no entry contains the words as they were typed, look for entries with similar words.
    for mistyped in (False, True):
        sections = list(_matching(everything, query.strip(), words, mistyped=mistyped))
        if sections:
            return _laid_out(sections, width, _Lights(words, mistyped))
    return Content()


def _laid_out(sections: Sequence[_Section], width: int, lights: _Lights) -> Content:
    """The lines of the sections in one column or, if `width` (cells) allows it, in two columns."""
    keys = [entry.keys for section in sections for entry in section.entries if not entry.is_stacked]
    keys_width = min(_MOST_KEYS, max(map(width_of, keys), default=0) + 2)
    if width < _TWO_COLUMNS:
        return Content("\n").join(_lines(sections, width, keys_width, lights))
    column = (width - _GAP) // 2
    left, right = _balanced([list(_lines([section], column, keys_width, lights)) for section in sections])
    return Content("\n").join(
        one.pad_right(column + _GAP - one.cell_length) + other
        for one, other in zip_longest(left, right, fillvalue=Content())
    )


def _sections(keymap: Mapping[str, str]) -> Iterator[_Section]:
    for scope, heading in SCOPES.items():
        actions = [action for action in ACTIONS if action.scope == scope]
        yield _Section(heading, tuple(_entry(action, keymap) for action in actions))
    yield _Section("Signs in the list", tuple(_Entry(sign, means) for sign, means in SIGNS_HELP))
    examples = [_Entry(example, means, is_stacked=True) for example, means in FILTER_HELP]
    yield _Section("The filter", (*examples, _Entry("", _WORDS_NOTE, is_stacked=True)))


def _entry(action: Action, keymap: Mapping[str, str]) -> _Entry:
    words = f"{action.label} {OTHER_WORDS.get(action.id, '')}"
    return _Entry(shown_keys(action, keymap), action.help, other_words=words)


def _matching(sections: Sequence[_Section], query: str, words: Sequence[str], *, mistyped: bool) -> Iterator[_Section]:
    """The sections, reduced to the entries that contain every word of the query.

    If the query is itself a key, such as "j", the first section lists the actions of that key.
    """
    keys = [entry for section in sections for entry in section.entries if not entry.is_stacked]
    named = [entry for entry in keys if query and query in entry.keys.split()]
    if named:
        yield _Section(f"The key {query}", tuple(named))
    for section in sections:
        entries = tuple(
            entry
            for entry in section.entries
            if fuzzy_match.match(words, _searched(section, entry), mistyped=mistyped) is not None and entry not in named
        )
        if entries:
            yield section._replace(entries=entries)


def _searched(section: _Section, entry: _Entry) -> str:
    """All texts of an entry, joined: an entry matches a query if its joined text contains every word of the query."""
    return f"{section.heading} {entry.keys} {entry.text} {entry.other_words}"


def _lines(sections: Iterable[_Section], width: int, keys_width: int, lights: _Lights) -> Iterator[Content]:
    """The lines of the sections, each at most `width` cells wide, with a blank line after each section."""
    keys_width = max(1, min(keys_width, width // 3))
    for section in sections:
        yield _lit(section.heading, lights, "bold $heading")
        for entry in section.entries:
            yield from _stacked(entry, width, lights) if entry.is_stacked else _beside(entry, width, keys_width, lights)
        yield Content()


def _beside(entry: _Entry, width: int, keys_width: int, lights: _Lights) -> Iterator[Content]:
    """The lines of an action: its keys at the left, and what the action does beside them."""
    texts = _wrapped(entry.text, width - keys_width - 1)
    keys = _wrapped(entry.keys, keys_width - 1)
    for key, text in zip_longest(keys, texts, fillvalue=""):
        padded = f" {key}{' ' * (keys_width - width_of(key))}"
        yield _lit(padded, lights, "$key") + _lit(text, lights)


def _stacked(entry: _Entry, width: int, lights: _Lights) -> Iterator[Content]:
    """The lines of an example of the filter language, with its meaning below it."""
    for line in _wrapped(entry.keys, width - 1) if entry.keys else ():
        yield _lit(f" {line}", lights, "$key")
    for line in _wrapped(entry.text, width - 3):
        yield _lit(f"   {line}" if entry.keys else f" {line}", lights, "$muted")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(1, width), drop_whitespace=True, replace_whitespace=False) or [""]


def _lit(text: str, lights: _Lights, style: str = "") -> Content:
    """`text` in a style, with the parts that match one of the words highlighted."""
    spans = [Span(0, len(text), style)] if style else []
    folded = fuzzy_match.fold(text)
    for word in lights.words:
        found = fuzzy_match.match_word(word, folded, mistyped=lights.mistyped)
        spans += [Span(start, end, MATCH_STYLE) for start, end in found.spans] if found else []
    return Content(text, spans=spans)


def _balanced(blocks: Sequence[list[Content]]) -> tuple[list[Content], list[Content]]:
    """The blocks of lines, divided into two columns of similar height. The blocks keep their order."""
    heights = [len(block) for block in blocks]
    cut = min(range(1, len(blocks) + 1), key=lambda cut: max(sum(heights[:cut]), sum(heights[cut:])))
    left = [line for block in blocks[:cut] for line in block]
    right = [line for block in blocks[cut:] for line in block]
    return left, right
