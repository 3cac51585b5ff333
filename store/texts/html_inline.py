"""Converts the content of an HTML element to spans: text in one style, links, citations, and formulas as
Unicode text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

from store.formats.shared import mathml
from store.text import scripts, tex
from store.texts.blocks import Span, SpanKind, joined, web_address

# Elements whose content is not part of the text.
HIDDEN = frozenset((
    "script", "style", "template", "noscript", "svg", "nav", "form", "button", "select", "input", "iframe", "object",
    "head", "dialog", "canvas", "video", "audio",
))  # fmt: skip
# LaTeXML gives the class `ltx_ERROR` to TeX commands that it does not know. Their source is in the page, but is not
# text.
HIDDEN_CLASSES = frozenset(("ltx_ERROR", "ltx_rule"))
NOTE_CLASS = "ltx_note"
# If elements are nested more deeply than this, only their text is kept. Real pages have fewer levels.
DEEPEST = 120

_STYLES: dict[str, SpanKind] = {
    "em": "emphasis", "i": "emphasis", "cite": "text", "dfn": "emphasis", "var": "emphasis",
    "strong": "strong", "b": "strong", "code": "code", "tt": "code", "kbd": "code", "samp": "code",
}  # fmt: skip
_CLASS_STYLES: dict[str, SpanKind] = {
    "ltx_font_italic": "emphasis", "ltx_font_slanted": "emphasis", "ltx_font_bold": "strong",
    "ltx_font_typewriter": "code",
}  # fmt: skip
# Matches links to the entries of a bibliography. LaTeXML and other programs give the entries anchors such as "bib12".
_BIBLIOGRAPHY = re.compile(r"#(?:bib|cite|ref|cit|b\d|r\d|CR\d|B\d)", re.IGNORECASE)
# Matches parentheses around a single superscript or subscript letter, as in g_(Z)². They are removed (g_Z²), but not
# before a letter or digit, which would seem to belong to the subscript.
_NEEDLESS = re.compile(r"([_^])\(([^\W\d_])\)(?![A-Za-z0-9])")
_BLOCKS_INSIDE = frozenset(("p", "div", "li", "br", "tr", "section"))


def classes(node: LexborNode) -> list[str]:
    """The names of the classes of an element."""
    return (node.attributes.get("class") or "").split()


def children(node: LexborNode, *, with_text: bool = False) -> Iterator[LexborNode]:
    """The child elements of a node. With `with_text`, the texts between them are included."""
    return node.iter(include_text=with_text)


def spans_of(node: LexborNode, anchors: Collection[str] = ()) -> tuple[Span, ...]:
    """The spans of everything inside `node`. `anchors` are the ids of the elements of the page, to which links may
    lead.
    """
    return joined(_spans(node, "text", "", anchors, 0))


def element_spans(node: LexborNode, anchors: Collection[str] = ()) -> Iterator[Span]:
    """The spans of an inline element, in the style of that element: those of `<b>` are bold."""
    tag = node.tag or ""
    if tag in ("sup", "sub"):
        yield _script(node, tag, "text", "", anchors, 0)
    else:
        yield from _element(node, tag, classes(node), "text", "", anchors, 0)


def line_of(node: LexborNode | None) -> str:
    """The text inside `node` on one line, with its formulas as Unicode text; empty when `node` is None."""
    return "".join(span.text for span in spans_of(node)) if node is not None else ""


def formula(node: LexborNode) -> str:
    """Convert a `math` element to one line of text.

    The element may contain the formula a second time as TeX, which is left out. Its alternative text, which is TeX too,
    is used only if the element contains nothing else.
    """
    builder = mathml.Formula(is_spaced=True)
    _feed(builder, node, 0)
    text = _NEEDLESS.sub(r"\1\2", " ".join(builder.text.split()))
    return text or tex.formula_for_display(node.attributes.get("alttext") or "")


def target_of(node: LexborNode, anchors: Collection[str]) -> str:
    """The target of a link: "#" and an anchor of the same page, or a web address. Empty for any other target."""
    href = (node.attributes.get("href") or "").strip()
    _, _, fragment = href.partition("#")
    if fragment and (href.startswith("#") or fragment in anchors):
        return f"#{fragment}"
    return web_address(href)


def _spans(node: LexborNode, kind: SpanKind, target: str, anchors: Collection[str], depth: int) -> Iterator[Span]:
    if depth > DEEPEST:
        yield Span(node.text(), kind, target)
        return
    for child in children(node, with_text=True):
        tag = child.tag or ""
        if tag == "-text":
            yield Span(child.text(deep=False), kind, target)
        elif tag == "math":
            yield Span(formula(child), "math", target)
        elif tag in ("sup", "sub"):
            yield _script(child, tag, kind, target, anchors, depth)
        elif tag == "br":
            yield Span(" ", kind, target)
        elif tag not in HIDDEN and tag != "-comment":
            names = classes(child)
            if NOTE_CLASS in names:
                # Add only the mark of the footnote here. The text of the footnote becomes another block.
                yield _note_mark(child)
            elif HIDDEN_CLASSES.isdisjoint(names):
                yield from _element(child, tag, names, kind, target, anchors, depth)


def _element(
    node: LexborNode,
    tag: str,
    names: list[str],
    kind: SpanKind,
    target: str,
    anchors: Collection[str],
    depth: int,
) -> Iterator[Span]:
    if tag == "a" and (leads_to := target_of(node, anchors)):
        is_citation = bool(_BIBLIOGRAPHY.match(leads_to)) or "ltx_bib" in leads_to
        yield from _spans(node, "citation" if is_citation else "link", leads_to, anchors, depth + 1)
        return
    style = _STYLES.get(tag) or next((_CLASS_STYLES[name] for name in names if name in _CLASS_STYLES), None)
    inner = style if style and kind in ("text", "emphasis", "strong") else kind
    if tag in _BLOCKS_INSIDE:
        yield Span(" ", kind, target)
    yield from _spans(node, inner, target, anchors, depth + 1)
    if tag in _BLOCKS_INSIDE:
        yield Span(" ", kind, target)


def _script(node: LexborNode, tag: str, kind: SpanKind, target: str, anchors: Collection[str], depth: int) -> Span:
    """The spans of a superscript or subscript. A link in a superscript, such as the number of a cited work, is kept."""
    inside = joined(_spans(node, kind, target, anchors, depth + 1))
    text = "".join(span.text for span in inside)
    linked = next((span for span in inside if span.target), None)
    written = scripts.superscript(text) if tag == "sup" else scripts.subscript(text)
    return Span(written, linked.kind, linked.target) if linked else Span(written, kind, target)


def _note_mark(node: LexborNode) -> Span:
    mark = node.css_first(".ltx_note_mark")
    return Span(
        scripts.superscript(mark.text().strip()) if mark else "", "citation", f"#{node.attributes.get('id') or ''}"
    )


def _feed(builder: mathml.Formula, node: LexborNode, depth: int) -> None:
    for child in children(node, with_text=True):
        tag = child.tag or ""
        if tag == "-text":
            builder.add(child.text(deep=False))
        elif tag != "-comment" and depth < DEEPEST and "ltx_ERROR" not in classes(child):
            builder.open(tag)
            _feed(builder, child, depth + 1)
            builder.close()
