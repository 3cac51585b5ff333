"""Titles and abstracts without the HTML, JATS and MathML that publishers deposit with them.

TeX in them stays. Of a formula told twice, in MathML and in TeX, the TeX is kept: MathML without its tags is no
formula any more. Time is linear; markup that is not closed loses no text.
"""

from __future__ import annotations

import html
import re

# Attributes have values: "a <b and c> d" compares.
_ATTRIBUTE = r"""\s+[^\s<>="'/]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"']++)"""
_TAG = re.compile(
    rf"<(/?)((?:jats|mml|m|xhtml|html):)?([A-Za-z][A-Za-z0-9-]{{0,30}})(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE
)
# Names that variables have as well: "if a<b>c" compares, unless the tag is closed somewhere.
_LETTERS = frozenset("abiu")
_LETTER_CLOSED = re.compile(r"</([abiu])\s*+>", re.IGNORECASE)
_CHARACTER = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
# Tags without a prefix are text unless they are one of these: abstracts write of a <mask> token.
_BLOCKS = frozenset(("p", "sec", "title", "label", "list", "list-item", "disp-formula", "div", "li", "ul", "ol", "br"))
_INLINE = frozenset((
    "i", "b", "u", "em", "strong", "bold", "italic", "sub", "sup", "sc", "scp", "small", "tt", "span", "a", "font",
    "math",
))  # fmt: skip
_MARKUP = _BLOCKS | _INLINE
_HEADINGS = frozenset(("title", "label"))
_NO_HEADING = re.compile(r"(?:abstract|summary)?[\s.:]*", re.IGNORECASE)
_ANNOTATION = re.compile(r"<(?:mml:)?annotation\b[^<>]*>[^<>]*</(?:mml:)?annotation\s*>")
_DOCUMENT = ("\\begin{document}", "\\end{document}")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IN_SCRIPT = {"sup": _RAISED, "sub": _LOWERED}


def plain(text: str | None) -> str | None:
    """`text` without markup; paragraphs stay apart, and a heading "Methods" over one becomes "Methods: "."""
    if not text or ("<" not in text and "&" not in text):
        return text
    found = _CHARACTER.sub(lambda character: html.unescape(character[0]), _Untagged(text).text)
    # Some publishers deposit markup that was escaped once too often.
    return _Untagged(found).text if "<" in found else found


class _Untagged:
    """The text between the tags of `marked`, in pieces; a tag that closes may change the pieces since it opened."""

    def __init__(self, marked: str) -> None:
        self._parts: list[str] = []
        # Where a heading, a raised or lowered text, a formula told in several ways, and its TeX start.
        self._heading: int | None = None
        self._script: int | None = None
        self._formula: int | None = None
        self._tex: int | None = None
        self._in_tex: list[str] = []
        marked = _ANNOTATION.sub("", marked) if "annotation" in marked else marked
        at = 0
        variables = _LETTERS.difference(map(str.lower, _LETTER_CLOSED.findall(marked)))
        for tag in _TAG.finditer(marked):
            name = tag[3].lower()
            if tag[2] or (name in _MARKUP and name not in variables):
                self._parts.append(marked[at : tag.start()])
                at = tag.end()
                (self._close if tag[1] else self._open)(name)
        self._parts.append(marked[at:])
        self.text = "".join(self._parts).strip()

    def _open(self, name: str) -> None:
        if name in _IN_SCRIPT:
            self._script = len(self._parts)
        elif name == "alternatives":
            self._formula, self._in_tex = len(self._parts), []
        elif name == "tex-math":
            self._tex = len(self._parts)
        elif name in _BLOCKS:
            self._break()
            self._heading = len(self._parts) if name in _HEADINGS else self._heading

    def _close(self, name: str) -> None:
        if name in _IN_SCRIPT and self._script is not None:
            self._parts[self._script :] = [_in_script("".join(self._parts[self._script :]), name)]
            self._script = None
        elif name == "tex-math" and self._tex is not None:
            said = "".join(self._parts[self._tex :])
            _, begins, document = said.partition(_DOCUMENT[0])
            self._in_tex = [document.partition(_DOCUMENT[1])[0] if begins else said]
            self._parts[self._tex :] = self._in_tex
            self._tex = None
        elif name == "alternatives" and self._formula is not None:
            if self._in_tex:
                self._parts[self._formula :] = self._in_tex
            self._formula = None
        elif name in _HEADINGS and self._heading is not None:
            said = "".join(self._parts[self._heading :]).strip()
            self._parts[self._heading :] = [] if _NO_HEADING.fullmatch(said) else [said.rstrip(":. "), ": "]
            self._heading = None
        elif name in _BLOCKS:
            self._break()

    def _break(self) -> None:
        """Start a paragraph, unless a heading waits for one."""
        while self._parts and not self._parts[-1].strip() and self._parts[-1] != "\n\n":
            self._parts.pop()
        if self._parts and self._parts[-1] not in (": ", "\n\n"):
            self._parts.append("\n\n")


def _in_script(text: str, name: str) -> str:
    """`text` raised or lowered, where Unicode has all its characters so."""
    table = _IN_SCRIPT[name]
    return text.translate(table) if all(ord(letter) in table for letter in text.strip()) else text
