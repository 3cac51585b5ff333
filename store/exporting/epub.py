"""An export as EPUB 3: a book with a chapter for each paper, in the order of the export."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from store.exporting import html_page
from store.exporting.exported import ExportedPaper
from store.exporting.formats import Options
from store.text import tex

_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_STYLE = """h2 { font-size: 1.2em; line-height: 1.3 } .quiet { color: #666; font-size: .85em }
blockquote { border-left: 3px solid #ccc; padding-left: .75em; white-space: pre-wrap } .summary { font-style: italic }
"""


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[bytes]:
    """Yield the bytes of the book, one chapter at a time."""
    title = options.title
    chapters: list[str] = []
    file = _Pieces()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        # The EPUB standard requires that this is the first file of the archive, and that it is not compressed.
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", _CONTAINER)
        book.writestr("style.css", _STYLE)
        for number, paper in enumerate(papers, 1):
            heading = tex.for_display(paper.paper.title)
            chapters.append(heading)
            book.writestr(f"paper-{number}.xhtml", _document(heading, html_page.article(paper)))
            yield file.taken()
        book.writestr("contents.xhtml", _contents(title, chapters))
        book.writestr("book.opf", _package(title, len(chapters)))
    yield file.taken()


class _Pieces(io.RawIOBase):
    """A file in memory to which the module zipfile writes. `taken` returns the bytes written so far and
    removes them.
    """

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._kept += piece
        return len(piece)

    def taken(self) -> bytes:
        """The bytes that were written since the last call of `taken`."""
        piece, self._kept = bytes(self._kept), bytearray()
        return piece


def _document(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">\n'
        f'<head><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>\n'
        f"<body>\n{body}</body>\n</html>\n"
    )


def _contents(title: str, chapters: list[str]) -> str:
    items = "\n".join(
        f'<li><a href="paper-{number}.xhtml">{escape(chapter)}</a></li>' for number, chapter in enumerate(chapters, 1)
    )
    # A table of contents must have at least one item to be valid.
    listed = f"<ol>\n{items}\n</ol>" if items else '<ol><li><a href="contents.xhtml">No papers</a></li></ol>'
    return _document(title, f'<nav epub:type="toc" id="toc"><h1>{escape(title)}</h1>\n{listed}\n</nav>\n')


def _package(title: str, chapters: int) -> str:
    numbers = range(1, chapters + 1)
    manifest = "\n".join(
        f'<item id="p{number}" href="paper-{number}.xhtml" media-type="application/xhtml+xml"/>' for number in numbers
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in numbers)
    modified = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{uuid.uuid4()}</dc:identifier>
<dc:title>{escape(title)}</dc:title>
<dc:language>en</dc:language>
<meta property="dcterms:modified">{modified}</meta>
</metadata>
<manifest>
<item id="contents" href="contents.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
{manifest}
</manifest>
<spine><itemref idref="contents"/>{spine}</spine>
</package>
"""
