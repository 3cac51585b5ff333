"""Remove HTML, JATS and MathML from the titles and abstracts that publishers provide.

TeX is kept. If a formula is present in both MathML and TeX, only the TeX is kept. The time is linear in the length of
the text. When a tag is never closed, no text is lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from store.formats.shared import mathml
from store.text import scripts

# An attribute must have a value: in "a <b and c> d", the text in angle brackets is a comparison, not a tag.
_ATTRIBUTE = r"""\s+[^\s<>="'/]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"']++)"""
_TAG = re.compile(
    rf"<(/?)((?:jats|mml|m|xhtml|html):)?([A-Za-z][A-Za-z0-9-]{{0,30}})(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE
)
# Tags that are also names of variables: "if a<b>c" is a comparison, unless the text also contains "</b>".
_LETTERS = frozenset("abiu")
_LETTER_CLOSED = re.compile(r"</([abiu])\s*+>", re.IGNORECASE)
_CHARACTER = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
# Only tags in these two sets, and tags with a prefix such as "jats:", are removed. Other words in angle brackets, such
# as <mask>, belong to the abstract.
_BLOCKS = frozenset(("p", "sec", "title", "label", "list", "list-item", "disp-formula", "div", "li", "ul", "ol", "br"))
_INLINE = frozenset((
    "i", "b", "u", "em", "strong", "bold", "italic", "sub", "sup", "inf", "sc", "scp", "small", "tt", "span", "a",
    "font", "math",
))  # fmt: skip
_MARKUP = _BLOCKS | _INLINE
_HEADINGS = frozenset(("title", "label"))
_NEEDLESS_HEADING = re.compile(r"(?:abstract|summary)?[\s.:]*", re.IGNORECASE)
_ANNOTATION = re.compile(r"<(?:mml:)?annotation\b[^<>]*>[^<>]*</(?:mml:)?annotation\s*>")
_DOCUMENT = ("\\begin{document}", "\\end{document}")
_MATH = re.compile(r"<(?P<prefix>[A-Za-z]{1,8}:)?math\b[^<>]*>", re.IGNORECASE)
# The function that converts the text of a superscript or subscript, by tag. Elsevier's tag for subscripts is "inf".
_SCRIPTS: dict[str, Callable[[str], str]] = {
    "sup": scripts.superscript,
    "sub": scripts.subscript,
    "inf": scripts.subscript,
}
# A superscript or subscript with more parts than this stays unchanged, because it would be unreadable (see `_close`).
_MOST_PARTS = 64


def plain(text: str | None) -> str | None:
    """`text` without markup. Paragraphs stay separate. A heading "Methods" becomes "Methods: " before its text.

    Superscripts, subscripts and formulas in MathML are written in plain characters ("x²").
    """
    if not text:
        return text
    text = scripts.from_words(text)
    if "<" not in text and "&" not in text:
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
        # For an element that is still open, the index in `_parts` at which its text starts: a heading, the sub- and
        # superscripts, a formula in several notations, and the TeX notation of that formula.
        self._heading: int | None = None
        self._scripts: list[tuple[str, int]] = []
        self._formula: int | None = None
        self._tex: int | None = None
        self._in_tex: list[str] = []
        marked = _without_math(marked) if _MATH.search(marked) else marked
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
        if name in _SCRIPTS:
            self._scripts.append((name, len(self._parts)))
        elif name == "alternatives":
            self._formula, self._in_tex = len(self._parts), []
        elif name == "tex-math":
            self._tex = len(self._parts)
        elif name in _BLOCKS:
            self._break()
            self._heading = len(self._parts) if name in _HEADINGS else self._heading

    def _close(self, name: str) -> None:
        if name in _SCRIPTS and self._scripts and self._scripts[-1][0] == name:
            _, at = self._scripts.pop()
            # If a paragraph or heading started inside the superscript or subscript, `_break` may have removed parts
            # that came before `at`, so `at` may be past the end.
            if at <= len(self._parts) <= at + _MOST_PARTS:
                self._parts[at:] = [_SCRIPTS[name](html.unescape("".join(self._parts[at:])))]
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


def _without_math(marked: str) -> str:
    """`marked` with each MathML formula replaced by plain text, up to the first formula without an end tag."""
    pieces: list[str] = []
    at = 0
    while opening := _MATH.search(marked, at):
        closing = f"</{opening['prefix'] or ''}math"
        end = marked.find(closing, opening.end())
        tag_end = marked.find(">", end) if end >= 0 else -1
        if tag_end < 0:
            break
        pieces += [marked[at : opening.start()], mathml.from_html(marked[opening.end() : end])]
        at = tag_end + 1
    return "".join([*pieces, marked[at:]])
