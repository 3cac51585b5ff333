"""Draws pages of a PDF, and regions of pages, with PDFium. Only the child process (renderer_process.py) calls this."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from store.model.errors import ListingError
from store.pictures import regions
from store.pictures.picture import CHANNELS, MOST_PIXELS, Pixels, Size, Source, fitted
from store.pictures.regions import Region
from store.texts.blocks import Box

# A picture has at most this many pixels for each point of the page.
_LARGEST_SCALE = 12.0
# To find the white margins of a region, the region is drawn with this many pixels for each point.
_TRIM_SCALE = 1.5
# A pixel counts as white if its values of red, green and blue are at least this large (of 255).
_WHITE = 250
_MARGIN = 2.0
# At most this many objects (paths, pictures and so on) of a page are read.
_MOST_OBJECTS = 50_000


class PdfPictures:
    """An open PDF. The methods raise ListingError, with the reason, when a page or a picture cannot be drawn."""

    def __init__(self, data: bytes) -> None:
        try:
            import pypdfium2
        except ImportError:
            raise ListingError("PDFs are drawn with the package pypdfium2: install recto[pdf]") from None
        self._pdfium = pypdfium2
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise ListingError("it is damaged, cut short or protected by a password") from None

    def located(self, source: Source) -> tuple[Source, Size]:
        """A copy of `source` with the box of the picture, or without a box for a whole page, and the size in points."""
        page = self._page(source.page)
        whole = _box_of(page)
        if source.part in ("page", "view") or source.box is None or page.get_rotation():
            return Source(source.page), Size(*page.get_size())
        region = Region(*source.box) if source.part == "box" else self._region(page, source, source.box, whole)
        if region is None or region.width < 2 or region.height < 2:
            raise ListingError("nothing to show was found beside its text")
        region = self._trimmed(page, region, whole)
        return Source(source.page, "box", region.box), Size(region.width, region.height)

    def pixels(self, source: Source, width: int, height: int) -> Pixels:
        """The pixels of a source that `located` has returned, scaled to the largest size within `width` by `height`."""
        page = self._page(source.page)
        whole = Region(0, 0, *page.get_size()) if source.part == "view" else _box_of(page)
        region = Region(*source.box).clipped(whole) if source.box is not None else None
        size = Size(region.width, region.height) if region is not None else Size(*page.get_size())
        wide, high = fitted(size, width, height, largest_scale=_LARGEST_SCALE)
        # PDFium rounds the size of the picture up, so scale a little less: the picture must not be larger than
        # requested.
        scale = 0.9995 * min(wide / max(size.width, 0.01), high / max(size.height, 0.01))
        return self._render(page, region, whole, scale)

    def _page(self, number: int) -> Any:
        if not 1 <= number <= len(self._document):
            raise ListingError(f"it has no page {number}")
        try:
            return self._document[number - 1]
        except self._pdfium.PdfiumError:
            raise ListingError(f"page {number} is damaged") from None

    def _region(self, page: Any, source: Source, box: Box, whole: Region) -> Region | None:
        from store.texts.pdf_lines import LineReader

        lines = LineReader().lines(page, source.page)
        graphics = list(self._graphics(page))
        if source.part == "equation":
            return regions.equation(box, lines, graphics, whole)
        return regions.figure(box, lines, graphics, whole, is_table=source.part == "table")

    def _graphics(self, page: Any) -> Iterator[Region]:
        raw = self._pdfium.raw
        kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM)
        for each in itertools.islice(page.get_objects(filter=kinds, max_depth=1), _MOST_OBJECTS):
            try:
                yield Region(*each.get_bounds())
            except self._pdfium.PdfiumError:
                continue

    def _trimmed(self, page: Any, region: Region, whole: Region) -> Region:
        """`region` without its white margins; `region` itself when all of it is white."""
        scale = min(_TRIM_SCALE, 2_000 / max(region.width, region.height))
        drawn = self._render(page, region, whole, scale)
        rows = [row for row in range(drawn.height) if min(_row(drawn, row)) < _WHITE]
        columns = [column for column in range(drawn.width) if min(_column(drawn, column)) < _WHITE]
        if not rows or not columns:
            return region
        return Region(
            region.left + columns[0] / scale - _MARGIN,
            region.top - (rows[-1] + 1) / scale - _MARGIN,
            region.left + (columns[-1] + 1) / scale + _MARGIN,
            region.top - rows[0] / scale + _MARGIN,
        ).clipped(region)

    def _render(self, page: Any, region: Region | None, whole: Region, scale: float) -> Pixels:
        crop = (
            (
                region.left - whole.left,
                region.bottom - whole.bottom,
                whole.right - region.right,
                whole.top - region.top,
            )
            if region is not None
            else (0, 0, 0, 0)
        )
        size = region if region is not None else whole
        if size.width * size.height * scale * scale > MOST_PIXELS:
            raise ListingError("the page is too large")
        try:
            bitmap = page.render(scale=scale, crop=crop, rev_byteorder=True, force_bitmap_format=_RGB)
        except (self._pdfium.PdfiumError, ValueError):
            raise ListingError("the page cannot be drawn") from None
        try:
            return _pixels(bitmap)
        finally:
            bitmap.close()


# PDFium's constant FPDFBitmap_BGR. Together with `rev_byteorder`, each pixel is three bytes: red, green and blue.
_RGB = 2


def _box_of(page: Any) -> Region:
    """The visible part of a page, in the coordinates of its text."""
    left, bottom, right, top = page.get_cropbox()
    return Region(min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _pixels(bitmap: Any) -> Pixels:
    """The pixels of a bitmap, without the padding bytes that may follow the pixels of each row."""
    data, length = bytes(bitmap.buffer), bitmap.width * CHANNELS
    if bitmap.stride != length:
        data = b"".join(data[at : at + length] for at in range(0, bitmap.height * bitmap.stride, bitmap.stride))
    return Pixels(bitmap.width, bitmap.height, data[: length * bitmap.height])


def _row(pixels: Pixels, row: int) -> bytes:
    length = pixels.width * CHANNELS
    return pixels.data[row * length : (row + 1) * length]


def _column(pixels: Pixels, column: int) -> bytes:
    """The green values of a column of pixels."""
    return pixels.data[column * CHANNELS + 1 :: pixels.width * CHANNELS]
