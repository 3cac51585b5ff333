r"""Finds the short formulas in a text, so that they are indexed both as they are written and as the screen shows them.

For example, the filters `beta-vae` and `β-vae` both find the title `$\beta$-VAE`, and `h2o` finds `H$_2$O`. Long
formulas are indexed only as they are written, because nobody types them into a filter.
"""

from __future__ import annotations

import re

from store.text import tex

# A formula counts as short if it has at most _LONGEST characters and no space. The letters directly before and after a
# formula belong to the same word, but at most this many on each side.
_LONGEST = 40
_FORMULA = re.compile(rf"\$[^$\s]{{1,{_LONGEST}}}\$")
# A formula without any of these characters is shown on the screen as it is written in the text, so it is indexed only
# once.
_CHANGED = re.compile(r"[\\_^]")
# `shown_formulas` returns at most this many words of a text.
_MOST = 30


def shown_formulas(text: str) -> list[str]:
    """The words of `text` that contain short formulas, in the form in which the screen shows them."""
    shown: list[str] = []
    if "$" not in text:
        return shown
    stop = 0
    for match in _FORMULA.finditer(text):
        if match.start() < stop or not _CHANGED.search(match[0]):
            # Skip a formula that is part of the word that was added last, and a formula that looks the same on the
            # screen.
            continue
        start = max(stop, match.start() - _LONGEST)
        start = max(start, text.rfind(" ", start, match.start()) + 1)
        end = match.end() + _LONGEST
        space = text.find(" ", match.end(), end)
        stop = end if space < 0 else space
        shown.append(_FORMULA.sub(_shown, text[start:stop]))
        if len(shown) == _MOST:
            break
    return shown


def _shown(match: re.Match[str]) -> str:
    return tex.for_display(match[0])
