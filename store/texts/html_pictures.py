"""The links of the pictures of a web page. Nothing is fetched here."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from store.texts.blocks import EMBEDDED

# A longer link is left out (characters).
_LONGEST = 2_000


def links(tree: LexborHTMLParser) -> Mapping[int, str]:
    """The link of each `img` element, by the `mem_id` of the element, as `Block.picture` describes it.

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
