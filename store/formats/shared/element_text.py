"""The text inside an XML element whose children are markup: superscripts, subscripts, formulas, italics."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from store.formats.shared import mathml
from store.text import scripts

# How the text inside an element is converted. The key is the tag, or, in EndNote's `<style face="superscript">`, the
# value of `face`.
_CONVERSIONS = {
    "sup": scripts.superscript,
    "superscript": scripts.superscript,
    "sub": scripts.subscript,
    "inf": scripts.subscript,
    "subscript": scripts.subscript,
}


def inner_text(element: Element) -> str:
    """All text inside `element`, with superscripts, subscripts and formulas written in plain characters ("x²").

    The caller must remove namespaces from tags and must limit the depth of `element`, as `xml_records` does.
    """
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for inside in element:
        if inside.tag == "math":
            parts.append(mathml.from_element(inside))
        else:
            convert = _CONVERSIONS.get(inside.get("face", "") if inside.tag == "style" else inside.tag)
            content = inner_text(inside)
            parts.append(convert(content) if convert else content)
        parts.append(inside.tail or "")
    return "".join(parts)
