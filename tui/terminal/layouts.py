"""Keyboard layouts: the key of a US keyboard at the place of a Cyrillic or Greek letter.

A terminal sends the letter that the layout has at a place, not the place. A letter that no action has therefore stands
for the key at its place, so that `j` moves down on every layout.
"""

from __future__ import annotations

from tui.actions.registry import SIGNS

# The letter keys of a US keyboard, row by row, and what other layouts have at their places. A blank is a place whose
# character is no letter of the layout, or one that the US layout has elsewhere.
_US = "`qwertyuiop[]asdfghjkl;'\\zxcvbnm,."
_US_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>'
_LAYOUTS = (
    # Russian, as on Windows and in X11
    "ёйцукенгшщзхъфывапролджэ ячсмитьбю",
    # Ukrainian
    " йцукенгшщзхїфівапролджєґячсмитьбю",
    # Greek
    "  ςερτυθιοπ  ασδφγηξκλ   ζχψωβνμ  ",
)
_NAMES = {sign: name for name, sign in SIGNS.items()}


def _places() -> dict[str, str]:
    """The names of US keys by the letters that the other layouts have at their places."""
    places: dict[str, str] = {}
    for layout in _LAYOUTS:
        for letters, signs in ((layout.upper(), _US_SHIFTED), (layout, _US)):
            for letter, sign in zip(letters, signs, strict=True):
                if letter != " ":
                    places[letter] = _NAMES.get(sign, sign)
    # The capital of the final sigma is the one of the sigma.
    places["Σ"] = "S"
    return places


_PLACES = _places()


def us_key(key: str) -> str | None:
    """The name of the US key at the place of `key`: "j" for "о". None for a key that is not Cyrillic or Greek."""
    *modifiers, last = key.split("+")
    place = _PLACES.get(last)
    return None if place is None else "+".join([*modifiers, place])
