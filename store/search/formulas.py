r"""Formulas: a text is indexed as it is written, and each short formula also as it is shown.

So both `beta-vae` and `β-vae` find `$\beta$-VAE`, and `h2o` finds `H$_2$O`. Nobody types a long formula.
"""

from __future__ import annotations

import re

from store.text import tex

# Formulas of so many characters or fewer, without a space, and as many letters beside them.
_LONGEST = 40
_FORMULA = re.compile(rf"\$[^$\s]{{1,{_LONGEST}}}\$")
# Without any of these signs the words of a formula are the same as it is shown.
_CHANGED = re.compile(r"[\\_^]")
# After as many, formulas are indexed as they are written only.
_MOST = 30


def shown_formulas(text: str) -> list[str]:
    """The words of `text` with short formulas, as the screen shows them."""
    shown: list[str] = []
    if "$" not in text:
        return shown
    stop = 0
    for match in _FORMULA.finditer(text):
        if match.start() < stop or not _CHANGED.search(match[0]):
            # It is part of the last word, or has the same words as it is written.
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
