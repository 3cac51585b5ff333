"""The hint at the bottom of a dialog, such as "enter saves · esc cancels". A click on a part presses its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.content import Content, Span
from textual.style import Style

from tui.settings import key_names

if TYPE_CHECKING:
    from rich.style import Style as RichStyle

_SEPARATOR = " · "
# The name of the entry in the style of a letter that contains the key to press when the letter is clicked.
_KEY = "dialog_key"


def hint_content(text: str, *, letters: bool) -> Content:
    """The hint `text`, in which the style of each part contains the key of the part, for `clicked_key`.

    Parts are separated by line breaks or " · ". A part begins with one or more keys; a click on its other words presses
    the first of these keys. Pass `letters` as False for a dialog with a text field, in which single letters and signs
    are typed and are not keys.
    """
    return Content(text, spans=list(_spans(text, letters)))


def clicked_key(style: RichStyle) -> str | None:
    """Textual's name of the key that a click on a letter with this style must press, or None."""
    key = style.meta.get(_KEY)
    return key if isinstance(key, str) else None


def _spans(text: str, letters: bool) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        for part in line.split(_SEPARATOR):
            keys = list(_keys(part, at, letters))
            if keys:
                yield Span(at, at + len(part), _style(keys[0][2]))
                yield from (Span(start, end, _style(key)) for start, end, key in keys[1:])
            at += len(part) + len(_SEPARATOR)
        at += 1 - len(_SEPARATOR)


def _keys(part: str, at: int, letters: bool) -> Iterator[tuple[int, int, str]]:
    """The keys at the beginning of the part that begins at `at`, each as its start, its end and Textual's name."""
    for word in part.split(" "):
        key = _key(word) if len(word) > 1 or letters or not word.isascii() else None
        if key is None:
            return
        yield at, at + len(word), key
        at += len(word) + 1


def _key(word: str) -> str | None:
    """Textual's name of the key that is called `word` in a hint, or None if `word` is not a key."""
    with suppress(ValueError):
        return key_names.read(word) if word else None
    return None


def _style(key: str) -> Style:
    return Style.from_meta({_KEY: key})
