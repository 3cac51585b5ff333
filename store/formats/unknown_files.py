"""Describe a file that no format fits, so that the user knows what to do next."""

from __future__ import annotations

import re

from store.formats.shared import html_text, json_items, text_lines
from store.text import clean

# The first bytes of files that people pass by mistake.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")
_RICH_TEXT = b"{\\rtf"
_ROOT = re.compile(r"<(?:[\w-]{1,40}:)?([A-Za-z][\w-]{0,40})")
_MOST_KEYS = 4
_LONGEST_KEY = 30
_EXPORT = "export the papers as RIS, BibTeX or CSV"


def description(head: bytes) -> str:
    """What a file that starts with `head` is, and what helps: "XML with the root <records>; export the papers as …"."""
    if head.startswith(_PICTURES):
        return "a picture; recto reads no text in pictures"
    if head.startswith(_RICH_TEXT):
        return f"rich text; save it as plain text, or {_EXPORT}"
    if text_lines.is_binary(head):
        return f"a binary file; {_EXPORT}"
    text = text_lines.text(head).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        names = sorted(name for name in json_items.keys(head) if not name.endswith("[]"))
        keys = [clean.line(name[:_LONGEST_KEY]) for name in names[:_MOST_KEYS]]
        shape = f"with the keys {', '.join(keys)}" if keys else "without papers"
        return f"JSON {shape}; {_EXPORT}"
    if html_text.is_html(text):
        return f"a web page without a list of papers; save it when it has loaded completely, or {_EXPORT}"
    if text.startswith("<") and (root := _ROOT.search(text)):
        return f"XML with the root <{root[1]}>; {_EXPORT}"
    return f"a text without papers that recto recognizes; {_EXPORT}, or name the format with --format"
