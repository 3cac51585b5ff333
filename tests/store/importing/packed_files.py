"""Plain and packed files, and what is read from them."""

from __future__ import annotations

import bz2
import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from store.importing.files import open_listing
from store.model.errors import ListingError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(f"line {number} of a listing\n".encode() for number in range(5_000))

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": lambda data: bz2.compress(data, 1),  # use the smallest blocks
    "zst": zstd.compress,
}


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def contents(path: Path, *, follow_links: bool = False) -> dict[str, bytes]:
    return {member.name: member.stream.read() for member in open_listing(path, follow_links)}


def error(path: Path, *, follow_links: bool = False) -> str:
    with pytest.raises(ListingError) as raised:
        contents(path, follow_links=follow_links)
    text = str(raised.value)
    assert text
    assert "\n" not in text
    return text


def until_error(path: Path) -> tuple[dict[str, bytes], ListingError | None]:
    """The files in a listing file that could be read, and the error that ended the reading, or None."""
    content: dict[str, bytes] = {}
    try:
        for member in open_listing(path, False):
            content[member.name] = member.stream.read()
    except ListingError as raised:
        return content, raised
    return content, None
