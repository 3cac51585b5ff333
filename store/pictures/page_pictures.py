"""The pictures that a saved web page contains as "data:" links. Only the child process calls this."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_to_bytes

from selectolax.lexbor import LexborHTMLParser

from store.model.errors import ListingError
from store.pictures import images
from store.pictures.picture import Pixels, Size, Source
from store.texts.blocks import EMBEDDED

# The longest "data:" link that is decoded (characters). Such a link contains the picture itself.
_LONGEST_LINK = 32 * 2**20


class PagePictures:
    """The pictures in a web page. The methods raise ListingError, with the reason, when a picture cannot be shown."""

    def __init__(self, data: bytes) -> None:
        self._links = [
            node.attributes.get("src") or ""
            for node in LexborHTMLParser(data.decode("utf-8-sig", "replace")).css("img")
        ]

    def located(self, source: Source) -> tuple[Source, Size]:
        """`source`, and the size of its picture in pixels."""
        return source, images.pixels(self._file(source), 0, 0)[1]

    def pixels(self, source: Source, width: int, height: int) -> Pixels:
        """The pixels of a picture, scaled to the largest size within `width` by `height`."""
        pixels, _ = images.pixels(self._file(source), width, height)
        if pixels is None:
            raise ListingError("it has no size")
        return pixels

    def _file(self, source: Source) -> bytes:
        number = source.link.removeprefix(EMBEDDED)
        link = self._links[int(number)] if number.isdecimal() and int(number) < len(self._links) else ""
        head, _, content = link.partition(",")
        if not head.startswith(EMBEDDED) or len(link) > _LONGEST_LINK:
            raise ListingError("the page does not contain it")
        try:
            data = unquote_to_bytes(content)
            return base64.b64decode(data) if head.endswith(";base64") else data
        except binascii.Error:
            raise ListingError("it is damaged") from None
