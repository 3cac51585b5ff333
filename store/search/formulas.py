r"""Formulas: a text is indexed as it is written, and each short formula also as it is shown.

So both `beta-vae` and `β-vae` find `$\beta$-VAE`, and `h2o` finds `H$_2$O`. Nobody types a long formula.
"""

from __future__ import annotations

import re

from store.text import tex

_LONGEST = 40
# Formulas without a space in them, with all letters up to the next spaces.
_WITH_FORMULA = re.compile(rf"[^\s$]{{0,{_LONGEST}}}+(?:\$[^$\s]{{1,{_LONGEST}}}+\$[^\s$]{{0,{_LONGEST}}}+)++")
# Without any of these signs the words of a formula are the same as it is shown.
_CHANGED = ("\\", "_", "^")
# After as many, formulas are indexed as they are written only.
_MOST = 30


def shown_formulas(text: str) -> list[str]:
    """The words of `text` with short formulas, as the screen shows them."""
    if "$" not in text:
        return []
    shown = []
    for number, match in enumerate(_WITH_FORMULA.finditer(text)):
        if number == _MOST:
            break
        if any(sign in match[0] for sign in _CHANGED):
            shown.append(tex.for_display(match[0]))
    return shown
