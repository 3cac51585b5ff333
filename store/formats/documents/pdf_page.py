"""The program that reads the first page of a PDF: `python -m store.formats.documents.pdf_page`.

It reads the PDF from standard input and writes a `FirstPage` as JSON to standard output. It runs as a separate process
because it uses PDFium, which is written in C++: a hostile PDF could crash the process that reads it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from store.formats.documents import child_process

if TYPE_CHECKING:
    from collections.abc import Iterator

# Limits for this process: memory (bytes) and processor time (seconds).
_MEMORY = 2**30
_SECONDS = 30
# The largest number of characters of the page that are read. The page of a paper has about 5,000.
_MOST_CHARACTERS = 12_000
# Text that is turned by more than this angle (radians) is not part of the running text. For example, arXiv's stamp is
# in the margin.
_TURNED = 0.3
_INFO = (
    "Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "doi", "DOI", "arXivID",
    "WPS-ARTICLEDOI",
)  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """A line of text. `size` is the height of its letters.

    `top` is the height of the line above the lower edge of the page. Both heights are fractions of the page height.
    """

    text: str
    size: float
    top: float


class FirstPage(msgspec.Struct, frozen=True):
    """The metadata of a PDF, and the lines of its first page in reading order.

    `turned` is the text that runs upwards or downwards. `error` is the reason if the PDF could not be read, else empty.
    """

    info: dict[str, str] = {}
    lines: list[Line] = []
    turned: str = ""
    error: str = ""


def main() -> None:
    """Read the PDF on standard input and write its FirstPage to standard output."""
    child_process.limit(_MEMORY, _SECONDS)
    try:
        answer = first_page(sys.stdin.buffer.read())
    except MemoryError:
        answer = FirstPage(error="it needs too much memory")
    except Exception as error:
        answer = FirstPage(error=f"{type(error).__name__}: {error}"[:200])
    sys.stdout.buffer.write(msgspec.json.encode(answer))


def first_page(data: bytes) -> FirstPage:
    """The metadata and the first page of the PDF `data`. Raises the errors of pypdfium2."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    info = {name: value for name in _INFO if (value := _safe(document.get_metadata_value(name)).strip())}
    if not len(document):
        return FirstPage(info)
    page = document[0]
    height = page.get_height() or 1.0
    text_page = page.get_textpage()
    lines: list[Line] = []
    turned: list[str] = []
    for text, size, top, is_turned in _lines(text_page):
        if is_turned:
            turned.append(text)
        elif text:
            lines.append(Line(text, size / height, top / height))
    return FirstPage(info, lines, " ".join(turned))


def _lines(text_page: Any) -> Iterator[tuple[str, float, float, bool]]:
    """The lines of a page.

    Each is a tuple: its text, the height of its letters, its distance from the lower edge, and whether its text is
    turned.
    """
    from pypdfium2 import raw

    count = min(raw.FPDFText_CountChars(text_page), _MOST_CHARACTERS)
    box = raw.FS_RECTF()
    units: list[int] = []
    heights: list[float] = []
    tops: list[float] = []
    was_turned = False

    def line() -> tuple[str, float, float, bool]:
        return _decoded(units), _middle(heights), _middle(tops), was_turned

    for index in range(count):
        unit = raw.FPDFText_GetUnicode(text_page, index)
        is_turned = abs(_angle(raw.FPDFText_GetCharAngle(text_page, index))) > _TURNED
        if unit in (0x0A, 0x0D) or (heights and is_turned != was_turned):
            if heights:
                yield line()
            units, heights, tops = [], [], []
        if unit in (0x0A, 0x0D):
            continue
        units.append(unit)
        if unit not in (0x20, 0xA0) and raw.FPDFText_GetLooseCharBox(text_page, index, box):
            was_turned = is_turned
            heights.append(abs(box.right - box.left) if is_turned else box.top - box.bottom)
            tops.append(box.top)
    if heights:
        yield line()


def _middle(numbers: list[float]) -> float:
    """The median of `numbers`; the larger of the two middle numbers if their count is even."""
    return sorted(numbers)[len(numbers) // 2]


def _angle(radians: float) -> float:
    """The angle `radians`, which is from 0 to 2π, converted to the range from -π to π."""
    return radians - 6.283185307179586 if radians > 3.141592653589793 else radians


def _decoded(units: list[int]) -> str:
    """The text of UTF-16 code units. PDFium writes U+0002 or U+FFFE for a hyphen at the end of a line."""
    data = b"".join(unit.to_bytes(2, "little") for unit in units if 0 <= unit < 0x10000 and unit not in (2, 0xFFFE))
    hyphen = "-" if units and units[-1] in (2, 0xFFFE) else ""
    return " ".join(data.decode("utf-16-le", "replace").replace("\0", "").split()) + hyphen


def _safe(text: str) -> str:
    """`text` with U+FFFD in place of lone surrogates, which JSON cannot represent."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


if __name__ == "__main__":
    main()
