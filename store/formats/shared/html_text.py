"""Read saved web pages and HTML mails: their text, and the text of one element at a time.

A page is divided by patterns, and only its small parts are parsed, because the parser's time grows with the square of
the nesting depth.
"""

from __future__ import annotations

import html
import re
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from store.formats.shared import text_lines
from store.model.errors import ListingError
from store.text import scripts

# The largest part of a page that is parsed at once (characters): an entry with a long abstract and 3,000 authors.
LARGEST_PART = 500_000
# The most tags that a part may open. The parser takes 0.1 s when they are all inside one another.
_MOST_TAGS = 12_000
# Where SingleFile writes its note (characters).
_HEAD = 4_000

# Possessive: comments could otherwise be divided among the repetitions in ever more ways, and 30 of them take minutes.
_HTML = re.compile(
    r"\s*+(?:<\?xml\b[^>]{0,200}>\s*+)?(?:<!--(?>.{0,2000}?-->)\s*+)*+"
    r"<(?:!doctype\s+(?:html|netscape)|html|head|body|main|div|section|article|dl|title|meta)\b",
    re.I | re.S,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr|/td)\b[^<>]{0,200}>", re.I)
_HIDDEN = re.compile(r"<(script|style|template)\b[^<>]*+>.*?(?:</\1\s*+>|\Z)", re.I | re.S)
# The tag of a formula's source in a page that MathJax has changed before it was saved.
_MATH_SOURCE = 'script[type^="math/tex"]'
_MATH_DRAWN = ".MathJax, .MathJax_Preview, .MathJax_Display, .MathJax_SVG, .MJX_Assistive_MathML, mjx-container"
# arXiv shows an address as these words, with the address behind them.
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
    """Whether a whole page was saved, and its end is missing. SingleFile leaves out the end tags of a whole page."""
    has_start, has_end = re.search(r"<html\b", page, re.I), re.search(r"</html\s*>", page, re.I)
    return has_start is not None and has_end is None and "Page saved with SingleFile" not in page[:_HEAD]


def part(text: str) -> LexborHTMLParser | None:
    """A part of a page, parsed; None when it is larger than any part of a page of papers.

    A formula that MathJax has drawn is replaced by its TeX source between dollar signs, and superscripts and subscripts
    by text as `scripts` writes them.
    """
    if len(text) > LARGEST_PART or len(_OPENS.findall(text)) > _MOST_TAGS:
        return None
    # Without the declaration the parser ignores the case of class names, and arXiv's own class is called "mathjax".
    tree = LexborHTMLParser(f"<!doctype html>{text}")
    if "<su" in text:
        # The innermost first: `replace_with` frees what is inside.
        for raised in reversed(tree.css("sup, sub")):
            convert = scripts.superscript if raised.tag == "sup" else scripts.subscript
            raised.replace_with(convert(raised.text()))
    if "math/tex" in text:
        # One at a time: a drawing may contain another, which is freed with it.
        while (drawn := tree.css_first(_MATH_DRAWN)) is not None:
            drawn.decompose()
        for source in tree.css(_MATH_SOURCE):
            source.replace_with(f"${source.text()}$")
    return tree


def with_addresses(text: str) -> str:
    """A part of a page of arXiv with each address in place of the words "this https URL"."""
    return _SHORT_ADDRESS.sub(r"\1", text) if " URL" in text else text


def line(node: LexborNode | None) -> str:
    """The text of an element on one line; "" when there is no element."""
    return " ".join(node.text().split()) if node is not None else ""


def paragraphs(node: LexborNode | None) -> str:
    """The text of an element, in which a line break starts a paragraph; "" when there is no element."""
    if node is None:
        return ""
    for line_break in node.css("br"):
        line_break.replace_with("\n\n")
    texts = (" ".join(each.split()) for each in node.text().split("\n\n"))
    return "\n\n".join(each for each in texts if each)


def lines_of(page: str) -> list[str]:
    """The lines that a page shows, without blank ones. Paragraphs, rows and line breaks divide lines."""
    text = _BREAK.sub("\n", " ".join(_HIDDEN.sub(" ", page).split()))
    shown = html.unescape(_TAG.sub("", text))
    return [stripped for each in shown.split("\n") if (stripped := " ".join(each.split()))]
