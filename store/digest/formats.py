"""The formats of `recto digest`: their names, and the functions that write them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import NamedTuple, cast

from store.digest.contents import Digest


class DigestFormat(NamedTuple):
    """A format of a digest. `place` is the function that converts a digest to this format, as "module:function" with a
    module of store.digest.

    The module is imported when the format is first used.
    """

    name: str
    title: str
    place: str

    def text(self, digest: Digest) -> str:
        """Convert a digest to a text in this format."""
        module, _, function = self.place.partition(":")
        write = cast(Callable[[Digest], str], getattr(importlib.import_module(f"store.digest.{module}"), function))
        return write(digest)


FORMATS = (
    DigestFormat("terminal", "plain text", "plain_text:text"),
    DigestFormat("markdown", "Markdown", "markdown:text"),
    DigestFormat("html", "one HTML page without other files, for a browser or a mail program", "html_page:page"),
    DigestFormat("eml", "a mail, as a file", "message:file_text"),
    DigestFormat("atom", "an Atom feed", "atom:feed"),
)
BY_NAME = {each.name: each for each in FORMATS}
