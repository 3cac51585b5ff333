"""Functions that make PDFs for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Text(NamedTuple):
    """A line of text on a page of 612 by 792 points: its font size and its start in points.

    `turned` text runs upwards.
    """

    text: str
    size: float = 10
    y: float = 700
    x: float = 72
    turned: bool = False
    bold: bool = False


# The PDF object number of the first page. Each page needs two object numbers: one for the page, one for its content.
_FIRST_PAGE = 7


def pdf(lines: Sequence[Text], info: Mapping[str, str] | None = None, xmp: str = "") -> bytes:
    """A PDF with these lines on its only page, these values in its metadata, and this XMP packet."""
    return pdf_of_pages([lines], info, xmp)


class Bookmark(NamedTuple):
    """A bookmark in the PDF's outline. It leads to a page (counted from 1) and a height on the page (in points)."""

    title: str
    page: int
    y: float


def pdf_of_pages(
    pages: Sequence[Sequence[Text]],
    info: Mapping[str, str] | None = None,
    xmp: str = "",
    outline: Sequence[Bookmark] = (),
    graphics: Mapping[int, str] | None = None,
) -> bytes:
    """A PDF with these lines on its pages, these values in its metadata, an XMP packet, and a flat outline.

    `graphics` are operators that draw on pages, by the index of the page.
    """
    entries = " ".join(f"/{name} ({_escaped(value)})" for name, value in (info or {}).items())
    bookmarks = _FIRST_PAGE + 2 * len(pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R%s >>" % (b" /Outlines %d 0 R" % bookmarks if outline else b""),
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (_FIRST_PAGE + 2 * number) for number in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< %s >>" % entries.encode("cp1252"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(xmp), xmp.encode()),
    ]
    for number, lines in enumerate(pages):
        content = "\n".join([(graphics or {}).get(number, ""), *map(_drawn, lines)]).encode("cp1252")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (_FIRST_PAGE + 2 * number + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    objects += _outline(outline, bookmarks) if outline else []
    data = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )


def _outline(outline: Sequence[Bookmark], first: int) -> list[bytes]:
    """The PDF objects of an outline. The root of the outline has the object number `first`."""
    last = first + len(outline)
    objects = [b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (first + 1, last, len(outline))]
    for number, each in enumerate(outline, first + 1):
        neighbours = (b" /Prev %d 0 R" % (number - 1) if number > first + 1 else b"") + (
            b" /Next %d 0 R" % (number + 1) if number < last else b""
        )
        page = _FIRST_PAGE + 2 * (each.page - 1)
        objects.append(
            b"<< /Title (%s) /Parent %d 0 R%s /Dest [%d 0 R /XYZ 0 %d null] >>"
            % (_escaped(each.title).encode("cp1252"), first, neighbours, page, each.y)
        )
    return objects


def page(title: str | Sequence[str] = "", *others: Text, authors: str = "Ada Alpha and Bert Beta") -> list[Text]:
    """The lines of the first page of a paper: a title in large letters, authors, and text."""
    titles = [title] if isinstance(title, str) else title
    lines = [Text(text, 17, 700 - 22 * number) for number, text in enumerate(titles) if text]
    lines += [Text(authors, 12, 620)]
    lines += [Text("We ask what nobody had asked before and say what we found.", 10, 560 - 12 * n) for n in range(20)]
    return [*lines, *others]


def _drawn(line: Text) -> str:
    matrix = "0 1 -1 0" if line.turned else "1 0 0 1"
    return (
        f"BT /{'F2' if line.bold else 'F1'} {line.size} Tf {matrix} {line.x} {line.y} Tm ({_escaped(line.text)}) Tj ET"
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
