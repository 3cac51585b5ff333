"""Finds the links of the pictures of a web page. This module does not fetch pictures."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from store.texts.blocks import EMBEDDED

# A link with more characters than this is left out.
_LONGEST = 2_000
# A picture is decoration, such as an icon, if it is smaller than this (pixels), or if its description is shorter than
# this (characters) and LaTeXML did not mark it as a figure.
_LEAST_SIZE, _LEAST_DESCRIPTION = 48, 8
_LATEXML_PICTURE = "ltx_graphics"
# The text that LaTeXML writes in place of a missing description.
_NO_DESCRIPTION = frozenset(("refer to caption", "[uncaptioned image]", "uncaptioned image", "image", "figure"))
# The description that is shown for a drawing that is part of the page itself and not a separate file.
DRAWING = "(a vector drawing, which recto cannot show; the web page has it)"


def links(tree: LexborHTMLParser) -> Mapping[int, str]:
    """Maps the `mem_id` of each `img` element to its link, in the form that `Block.picture` describes.

    A relative link is joined with the `base` of the page, if it has one.
    """
    base = tree.css_first("base[href]")
    start = (base.attributes.get("href") or "") if base is not None else ""
    found: dict[int, str] = {}
    for index, node in enumerate(tree.css("img")):
        source = (node.attributes.get("src") or "").strip()
        if source.lower().startswith(EMBEDDED):
            found[node.mem_id] = f"{EMBEDDED}{index}"
        elif source and len(source) + len(start) <= _LONGEST:
            try:
                found[node.mem_id] = urljoin(start, source)
            except ValueError:
                continue
    return found


def description(node: LexborNode) -> str:
    """The text that is shown for an `img` element without a caption; "" if the picture is probably decoration."""
    attributes = node.attributes
    text = " ".join((attributes.get("alt") or "").split())
    if text.lower() in _NO_DESCRIPTION:
        text = ""
    is_figure = _LATEXML_PICTURE in (attributes.get("class") or "").split()
    sizes = [(attributes.get(name) or "").removesuffix("px") for name in ("width", "height")]
    is_small = any(size.isdecimal() and int(size[:9]) < _LEAST_SIZE for size in sizes)
    if is_small or not (is_figure or len(text) >= _LEAST_DESCRIPTION):
        return ""
    return f"(picture: {text})" if text else "(picture without a caption)"


def has_drawing(node: LexborNode) -> bool:
    """Whether a figure contains a vector drawing that is part of the page itself and not a separate file."""
    return node.css_first("svg") is not None
