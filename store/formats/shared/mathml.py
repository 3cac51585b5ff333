"""Formulas in MathML (https://www.w3.org/TR/mathml-core/) as plain text: x², a/b, √(n+1).

`Formula` builds the text from tags and text, in the order of the source, which is HTML or XML. An element that cannot
be written in plain text is replaced by the text inside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from store.text import scripts

# The elements that contain only text.
_LEAVES = frozenset(("mi", "mn", "mo", "ms", "mtext"))
# The elements whose content is left out: annotations repeat the formula in another notation, and the others draw
# nothing.
_HIDDEN = frozenset(("annotation", "annotation-xml", "mphantom", "none"))
# The signs that `mover` puts above a letter, and the combining character for each.
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "\u0302": "\u0302", "~": "\u0303", "˜": "\u0303", "∼": "\u0303", "¯": "\u0304",
    "‾": "\u0305", "―": "\u0305", "_": "\u0304", "˙": "\u0307", ".": "\u0307", "¨": "\u0308", "ˇ": "\u030c",
    "→": "\u20d7", "\u20d7": "\u20d7",
}  # fmt: skip
# Invisible signs for screen readers, which are removed: function application, invisible times, comma and plus.
_SILENT = dict.fromkeys(range(0x2061, 0x2065))
# Matches a numerator or denominator that needs no brackets.
_SIMPLE = re.compile(r"[\w.′°]*|\([^()]*\)")
# Matches a sequence of superscript and subscript characters.
_FACTORS = re.compile(r"[²³¹⁰-₎ᵃ-ᶿₐ-ₜⁱⁿ]+")
# In a formula that is written with spaces, relations and operators have a space on each side, and separators have one
# only after them.
_RELATIONS = frozenset("=<>≤≥≈∼≃≡∈∉∋⊂⊆⊃⊇→←↔⇒⇐⇔↦∝≪≫∣≠≔≺≻∥⊢⊨≅≲≳⟶⟵⟹⟺") | {":=", "<=", ">=", "=="}
_OPERATORS = frozenset("+−-±∓×·∗⋆∧∨∪∩⊕⊗⊙∘∖÷")
_SEPARATORS = frozenset(",;")
# Elements whose children after the first one are raised or lowered.
_WITH_SCRIPTS = frozenset(("msup", "msub", "msubsup", "mover", "munder", "munderover"))
_MARK = "mprescripts"
# The largest length of a formula that is converted (characters). From a longer formula, only the tags are removed: the
# text of an element is joined again at each level, so deeply nested elements would take too long.
_LONGEST = 20_000
_TAG = re.compile(r"<(/?)(?:[A-Za-z]{1,8}:)?([A-Za-z][A-Za-z-]{0,30})\b[^<>]*?(/?)>")


class Formula:
    """Builds the text of a formula.

    The caller passes the tags to `open` and `close` and the text between them to `add`, and then reads `text`.
    """

    def __init__(self, *, is_spaced: bool = False) -> None:
        """With `is_spaced`, spaces surround relations and binary operators, which makes a full text easier to read."""
        self._is_spaced = is_spaced
        # The open elements, outermost first: name, and the texts of the children. The first element is the formula.
        self._open: list[tuple[str, list[str]]] = [("math", [])]

    def open(self, name: str) -> None:
        """Add the start tag of the element `name`."""
        self._open.append((name, []))

    def add(self, text: str) -> None:
        """Add text inside the element that was opened last."""
        name, children = self._open[-1]
        if name in _LEAVES or text.strip():
            children.append(text)

    def close(self) -> None:
        """Add the end tag of the element that was opened last."""
        if len(self._open) > 1:
            name, children = self._open.pop()
            if self._is_spaced and name in _WITH_SCRIPTS:
                # Raised and lowered text is short, so it needs no spaces.
                children[1:] = [child.replace(" ", "") for child in children[1:]]
            text = _MARK if name == _MARK else _text(name, children)
            if self._is_spaced and name == "mfrac":
                text = _Fraction(_clear_fraction(children) if len(children) == 2 else text)
            elif self._is_spaced and not isinstance(text, _Fraction):
                text = _spaced(name, text, is_first=not self._open[-1][1])
            self._open[-1][1].append(text)

    @property
    def text(self) -> str:
        """The formula as plain text. Reading this property closes all elements that are still open."""
        while len(self._open) > 1:
            self.close()
        return _row(self._open[0][1]).strip()


class _Fraction(str):
    """A fraction in a formula with spaces. It gets brackets beside a letter or a bracket: 2(a/b)."""


def from_html(marked: str) -> str:
    """The plain text of a formula. `marked` is the HTML between `<math>` and `</math>`."""
    if len(marked) > _LONGEST:
        return " ".join(_TAG.sub(" ", marked).split())
    formula = Formula()
    at = 0
    for tag in _TAG.finditer(marked):
        formula.add(html.unescape(marked[at : tag.start()]))
        at = tag.end()
        if tag[1]:
            formula.close()
        else:
            formula.open(tag[2].lower())
            if tag[3]:
                formula.close()
    formula.add(html.unescape(marked[at:]))
    return formula.text


def from_element(element: Element) -> str:
    """The plain text of a formula in an XML element. The caller must remove namespaces from the tags."""
    formula = Formula()
    _feed(formula, element)
    return formula.text


def _feed(formula: Formula, element: Element) -> None:
    formula.open(element.tag)
    formula.add(element.text or "")
    for child in element:
        _feed(formula, child)
        formula.add(child.tail or "")
    formula.close()


def _text(name: str, children: list[str]) -> str:
    if name in _HIDDEN:
        return ""
    if name in _LEAVES:
        text = " ".join("".join(children).translate(_SILENT).split())
        return f" {text} " if name == "mtext" and " " in text else text
    if name == "semantics":
        return children[0] if children else ""
    layout = _LAYOUTS.get(name)
    count, arrange = layout if layout else (0, _row)
    return arrange(children) if count in (0, len(children)) else _row(children)


def _spaced(name: str, text: str, *, is_first: bool) -> str:
    """The text of an element in a formula with spaces. A sign before the first number gets no space."""
    if name == "mo" and text in _RELATIONS:
        return f" {text} "
    if name == "mo" and text in _OPERATORS:
        return text if is_first else f" {text} "
    if (name == "mo" and text in _SEPARATORS) or (name == "mi" and len(text) > 1 and text.isalpha()):
        return f"{text} "
    return f"{text}; " if name == "mtr" else text


def _row(children: Sequence[str]) -> str:
    parts = [each for each in children if each and each != _MARK]
    if len(parts) == 1:
        return parts[0]
    return "".join(
        f"({part})" if isinstance(part, _Fraction) and _is_beside_factor(parts, index) else part
        for index, part in enumerate(parts)
    )


def _is_beside_factor(parts: Sequence[str], index: int) -> bool:
    """Whether a letter, digit or bracket is next to the fraction at `index`, so that the two are multiplied: 2(a/b)."""
    before = parts[index - 1][-1] if index else " "
    after = parts[index + 1][0] if index + 1 < len(parts) else " "
    return before.isalnum() or before in ")]}′" or after.isalnum() or after in "([{√"


def _over(children: Sequence[str]) -> str:
    base, sign = children
    accent = _ACCENTS.get(sign.strip())
    return f"{base}{accent}" if accent and len(base) == 1 else base + scripts.superscript(sign)


def _fraction(children: Sequence[str]) -> str:
    above, below = (each.strip() if _SIMPLE.fullmatch(each.strip()) else f"({each.strip()})" for each in children)
    return f"{above}/{below}"


def _clear_fraction(children: Sequence[str]) -> str:
    """A fraction, with brackets around a denominator of several factors: 1/(2π). A derivative gets none: dx/dt."""
    above, below = (each.strip() for each in children)
    factors = _FACTORS.sub("", below)
    if below.isalnum() and len(factors) > 1 and not factors.isdecimal() and factors[0] not in "d∂δ":
        below = f"({below})"
    return _fraction((above, below))


def _root(children: Sequence[str]) -> str:
    content = _row(children)
    return f"√{content}" if _SIMPLE.fullmatch(content) and len(content) == 1 else f"√({content})"


def _scripts_around(children: Sequence[str]) -> str:
    """The text of `mmultiscripts`: a base, and pairs of a subscript and a superscript.

    Pairs before the element `mprescripts` are written after the base, and pairs after `mprescripts` before the base.
    """
    base, *rest = children
    mark = rest.index(_MARK) if _MARK in rest else len(rest)
    return _pairs(rest[mark + 1 :]) + base + _pairs(rest[:mark])


def _pairs(texts: Sequence[str]) -> str:
    return "".join(scripts.script("^" if at % 2 else "_", text) for at, text in enumerate(texts))


# For each element: the number of its children (0 for any number), and the function that makes its text from theirs. An
# element with another number of children is written as a row.
_LAYOUTS: dict[str, tuple[int, Callable[[Sequence[str]], str]]] = {
    "msup": (2, lambda children: children[0] + scripts.superscript(children[1])),
    "msub": (2, lambda children: children[0] + scripts.subscript(children[1])),
    "msubsup": (
        3,
        lambda children: children[0] + scripts.subscript(children[1]) + scripts.superscript(children[2]),
    ),
    "mover": (2, _over),
    "munder": (2, lambda children: children[0] + scripts.subscript(children[1])),
    "munderover": (
        3,
        lambda children: children[0] + scripts.subscript(children[1]) + scripts.superscript(children[2]),
    ),
    "mfrac": (2, _fraction),
    "msqrt": (0, _root),
    "mroot": (2, lambda children: scripts.superscript(children[1]) + _root(children[:1])),
    "mfenced": (0, lambda children: f"({','.join(children)})"),
    "mspace": (0, lambda children: " "),
    "mtr": (0, lambda children: f"{' '.join(children)} "),
    "mmultiscripts": (0, lambda children: _scripts_around(children) if children else ""),
}
