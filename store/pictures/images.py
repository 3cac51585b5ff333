"""Decodes pictures of web pages with Pillow. Only the child process may do this: a hostile file can crash a decoder."""

from __future__ import annotations

import io
import warnings

from store.model.errors import ListingError
from store.pictures.picture import Pixels, Size, fitted

# The formats that are decoded. SVG and formats of several pages are left out, because their decoders are large.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# A picture with more pixels than this is refused before it is decoded. A photo of a large camera has 100 million.
_MOST_DECODED = 120_000_000
# A picture of a web page is enlarged by this factor at most. Enlarged further, it would be blurred.
_LARGEST_SCALE = 3.0


def pixels(data: bytes, width: int, height: int) -> tuple[Pixels | None, Size]:
    """The first frame of a picture, scaled to fit into `width` by `height`, and the size of the picture (pixels).

    Transparent parts become white. With a `width` of 0, only the size is returned. Raises ListingError with the reason
    when the picture cannot be shown.
    """
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise ListingError("pictures of web pages are read with the package Pillow: install recto[pictures]") from None
    if _is_svg(data):
        raise ListingError("it is an SVG picture, which recto does not draw")
    Image.MAX_IMAGE_PIXELS = _MOST_DECODED
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                size = Size(*image.size)
                if size.width * size.height > _MOST_DECODED:
                    raise ListingError(f"it is too large: {image.width:,} by {image.height:,} pixels")
                if not width:
                    return None, size
                wide, high = fitted(size, width, height, largest_scale=_LARGEST_SCALE)
                image.draft("RGB", (wide, high))
                shown = image.convert("RGBA") if _is_transparent(image) else image.convert("RGB")
                shown = shown.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=2.0)
                if shown.mode == "RGBA":
                    shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
                return Pixels(wide, high, shown.tobytes()), size
        except ListingError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise ListingError("it is too large") from None
        except UnidentifiedImageError:
            raise ListingError(f"it is none of {', '.join(_FORMATS)}") from None
        except MemoryError:
            raise ListingError("it needs too much memory") from None
        except Exception:
            # Pillow's decoders raise errors of many types for damaged files, so all exceptions are caught.
            raise ListingError("it is damaged or cut short") from None


def _is_transparent(image: object) -> bool:
    return getattr(image, "mode", "") in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in getattr(
        image, "info", {}
    )


def _is_svg(data: bytes) -> bool:
    start = data[:2_000].lstrip().lower()
    return start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in data[:20_000].lower()
