"""Keyboard layouts: finds the letter that a US keyboard has on the key of a Cyrillic or Greek letter.

When a key is pressed, a terminal sends its letter in the user's keyboard layout, and not the position of the key. The
key that types `j` on a US keyboard should move the cursor down in every layout. So a letter to which no action is bound
is replaced by the letter that a US keyboard has on the same key.
"""

from __future__ import annotations

from tui.actions.actions_and_keys import SIGNS

# The letter keys of a US keyboard, row by row, and the characters that other layouts have on the same keys. A blank
# means that the other layout has no letter on the key, or a character that the US layout has on another key.
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
    """A table that maps the letters of the other layouts to the names of the US keys at the same positions."""
    places: dict[str, str] = {}
    for layout in _LAYOUTS:
        for letters, signs in ((layout.upper(), _US_SHIFTED), (layout, _US)):
            for letter, sign in zip(letters, signs, strict=True):
                if letter != " ":
                    places[letter] = _NAMES.get(sign, sign)
    # In Greek, final sigma and sigma are two keys with the same capital letter. Map this letter to the key of the
    # sigma.
    places["Σ"] = "S"
    return places


_PLACES = _places()


def us_key(key: str) -> str | None:
    """The name of the US key at the position of `key`, for example "j" for the Cyrillic "о".

    Returns None if `key` is not a Cyrillic or Greek letter.
    """
    *modifiers, last = key.split("+")
    place = _PLACES.get(last)
    return None if place is None else "+".join([*modifiers, place])
