"""Remove HTML, JATS and MathML from the titles and abstracts that publishers provide.

TeX is kept. If a formula is present in both MathML and TeX, only the TeX is kept, because MathML is unreadable without
its tags. The time is linear in the length of the text. When a tag is never closed, no text is lost.
"""

from __future__ import annotations

import html
import re

# An attribute must have a value: in "a <b and c> d", the text in angle brackets is a comparison, not a tag.
_ATTRIBUTE = r"""\s+[^\s<>="'/]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"']++)"""
_TAG = re.compile(
    rf"<(/?)((?:jats|mml|m|xhtml|html):)?([A-Za-z][A-Za-z0-9-]{{0,30}})(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE
)
# Tags that are also names of variables: "if a<b>c" is a comparison, unless the text also contains "</b>".
_LETTERS = frozenset("abiu")
_LETTER_CLOSED = re.compile(r"</([abiu])\s*+>", re.IGNORECASE)
_CHARACTER = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
# Only tags in these two sets, and tags with a prefix, are removed. An abstract may mention another, such as <mask>.
_BLOCKS = frozenset(("p", "sec", "title", "label", "list", "list-item", "disp-formula", "div", "li", "ul", "ol", "br"))
_INLINE = frozenset((
    "i", "b", "u", "em", "strong", "bold", "italic", "sub", "sup", "sc", "scp", "small", "tt", "span", "a", "font",
    "math",
))  # fmt: skip
_MARKUP = _BLOCKS | _INLINE
_HEADINGS = frozenset(("title", "label"))
_NEEDLESS_HEADING = re.compile(r"(?:abstract|summary)?[\s.:]*", re.IGNORECASE)
_ANNOTATION = re.compile(r"<(?:mml:)?annotation\b[^<>]*>[^<>]*</(?:mml:)?annotation\s*>")
_DOCUMENT = ("\\begin{document}", "\\end{document}")
_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IN_SCRIPT = {"sup": _SUPERSCRIPT, "sub": _SUBSCRIPT}


def plain(text: str | None) -> str | None:
    """`text` without markup. Paragraphs stay separate. A heading "Methods" becomes "Methods: " before its text."""
    if not text or ("<" not in text and "&" not in text):
        return text
    untagged = _CHARACTER.sub(lambda character: html.unescape(character[0]), _Untagged(text).text)
    # Some publishers escape markup twice, so tags may appear only after the characters are unescaped.
    return _Untagged(untagged).text if "<" in untagged else untagged


class _Untagged:
    """The text of `marked` without its tags.

    `_parts` collects the text between tags. A closing tag may replace the parts that follow its opening tag.
    """

    def __init__(self, marked: str) -> None:
        self._parts: list[str] = []
        # For each open element, the index of its first part in `_parts`: a heading, a sub- or superscript, a formula in
        # several notations, and the TeX notation of that formula.
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
            source = "".join(self._parts[self._tex :])
            _, begins, document = source.partition(_DOCUMENT[0])
            self._in_tex = [document.partition(_DOCUMENT[1])[0] if begins else source]
            self._parts[self._tex :] = self._in_tex
            self._tex = None
        elif name == "alternatives" and self._formula is not None:
            if self._in_tex:
                self._parts[self._formula :] = self._in_tex
            self._formula = None
        elif name in _HEADINGS and self._heading is not None:
            heading = "".join(self._parts[self._heading :]).strip()
            self._parts[self._heading :] = [] if _NEEDLESS_HEADING.fullmatch(heading) else [heading.rstrip(":. "), ": "]
            self._heading = None
        elif name in _BLOCKS:
            self._break()

    def _break(self) -> None:
        """Start a paragraph, except right after a heading."""
        while self._parts and not self._parts[-1].strip() and self._parts[-1] != "\n\n":
            self._parts.pop()
        if self._parts and self._parts[-1] not in (": ", "\n\n"):
            self._parts.append("\n\n")


def _in_script(text: str, name: str) -> str:
    """`text` in sub- or superscript characters if Unicode has one for each of its characters; otherwise unchanged."""
    table = _IN_SCRIPT[name]
    return text.translate(table) if all(ord(letter) in table for letter in text.strip()) else text
