"""A passage of a full text that the user highlighted."""

from __future__ import annotations

import msgspec


class Highlight(msgspec.Struct, frozen=True):
    """A highlighted passage. `before` is the text just before it, to distinguish equal passages.

    `note` may be empty.
    """

    name: str
    quotation: str
    before: str
    note: str
    at: str
