"""Read saved web pages and HTML mails: their text, and the text of one element at a time.

A page is divided into small parts with regular expressions, and only the parts are parsed, because the parser's time
grows with the square of the nesting depth.
"""

from __future__ import annotations

import html
import re
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from store.formats.shared import text_lines
from store.model.errors import ListingError
from store.text import scripts

# The largest part of a page that is parsed at once (characters). An entry with a long abstract and 3,000 authors fits.
LARGEST_PART = 500_000
# The largest number of start tags in a part. If all of them are nested, the parser takes 0.1 s.
_MOST_TAGS = 12_000
# SingleFile is a browser extension that saves pages. It writes a comment within this many characters from the start.
_HEAD = 4_000

# Possessive quantifiers avoid exponential backtracking: without them, 30 comments at the start of a page take minutes.
_HTML = re.compile(
    r"\s*+(?:<\?xml\b[^>]{0,200}>\s*+)?(?:<!--(?>.{0,2000}?-->)\s*+)*+"
    r"<(?:!doctype\s+(?:html|netscape)|html|head|body|main|div|section|article|dl|title|meta)\b",
    re.I | re.S,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr|/td)\b[^<>]{0,200}>", re.I)
_HIDDEN = re.compile(r"<(script|style|template)\b[^<>]*+>.*?(?:</\1\s*+>|\Z)", re.I | re.S)
# The element with the TeX source of a formula, in a page that was saved after MathJax had drawn its formulas.
_MATH_SOURCE = 'script[type^="math/tex"]'
_MATH_DRAWN = ".MathJax, .MathJax_Preview, .MathJax_Display, .MathJax_SVG, .MJX_Assistive_MathML, mjx-container"
# arXiv replaces an address in an abstract with the words "this https URL", which link to the address.
_SHORT_ADDRESS = re.compile(
    r"""<a\b[^<>]{0,500}?\bhref\s*=\s*["']?(https?://[^\s"'<>]{3,500})["']?[^<>]{0,300}>\s*"""
    r"this (?:(?:https?|ftp) )?URL\s*</a>",
    re.I,
)
_OPENS = re.compile(r"<[A-Za-z]")
_TAG = re.compile(r"<[!/?A-Za-z][^<>]{0,20000}>")


def is_html(head: str) -> bool:
    """Whether a file that starts with `head` is a page of HTML."""
    return _HTML.match(head.lstrip("\ufeff")) is not None


def read_page(stream: BinaryIO) -> str:
    """The whole page as text. Raises ListingError when the file is empty."""
    with text_lines.open_text(stream) as opened:
        page = opened.read()
    if not page.strip():
        raise ListingError("an empty file")
    return page


def is_cut(page: str) -> bool:
    """Whether the file has the start of a complete HTML page, but not its end.

    A page saved with SingleFile never counts as truncated, because SingleFile leaves out the end tags.
    """
    has_start, has_end = re.search(r"<html\b", page, re.I), re.search(r"</html\s*>", page, re.I)
    return has_start is not None and has_end is None and "Page saved with SingleFile" not in page[:_HEAD]


def part(text: str) -> LexborHTMLParser | None:
    """Parse a part of a page. Returns None when the part is too large to be an entry of a page of papers.

    A formula that MathJax has drawn is replaced by its TeX source between dollar signs. Superscripts and subscripts are
    replaced by plain characters ("x²").
    """
    if len(text) > LARGEST_PART or len(_OPENS.findall(text)) > _MOST_TAGS:
        return None
    # Without the doctype, the parser ignores the case of class names. `_MATH_DRAWN` would then also match arXiv's own
    # class "mathjax".
    tree = LexborHTMLParser(f"<!doctype html>{text}")
    if "<su" in text:
        # Start with the innermost elements, because `replace_with` frees the elements inside the replaced one.
        for raised in reversed(tree.css("sup, sub")):
            convert = scripts.superscript if raised.tag == "sup" else scripts.subscript
            raised.replace_with(convert(raised.text()))
    if "math/tex" in text:
        # Search again after each removal: a drawing may contain another drawing, which is freed with the outer one.
        while (drawn := tree.css_first(_MATH_DRAWN)) is not None:
            drawn.decompose()
        for source in tree.css(_MATH_SOURCE):
            source.replace_with(f"${source.text()}$")
    return tree


def with_addresses(text: str) -> str:
    """A part of a page of arXiv, in which each link "this https URL" is replaced by its address."""
    return _SHORT_ADDRESS.sub(r"\1", text) if " URL" in text else text


def line(node: LexborNode | None) -> str:
    """The text of an element on one line; "" when there is no element."""
    return " ".join(node.text().split()) if node is not None else ""


def paragraphs(node: LexborNode | None) -> str:
    """The text of an element as paragraphs, divided at its line breaks (`<br>`); "" when there is no element."""
    if node is None:
        return ""
    for line_break in node.css("br"):
        line_break.replace_with("\n\n")
    texts = (" ".join(each.split()) for each in node.text().split("\n\n"))
    return "\n\n".join(each for each in texts if each)


def lines_of(page: str) -> list[str]:
    """The lines of text that a page shows, without blank lines. Paragraphs, table rows and `<br>` start a new line."""
    text = _BREAK.sub("\n", " ".join(_HIDDEN.sub(" ", page).split()))
    visible = html.unescape(_TAG.sub("", text))
    return [stripped for each in visible.split("\n") if (stripped := " ".join(each.split()))]
