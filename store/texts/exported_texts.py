"""Writes the sources of full texts (PDF, HTML and Markdown files) as lines of an export, and restores them from the
lines.

A line is {"text_file": {"content": SHA-256, "format": "pdf", "data": part of the source in base64}}. The parts of a
source follow each other. Blocks are not exported: the restored library reads the sources again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from store.library.library import Library
from store.library.side_files import make_private, open_regular
from store.model import limits
from store.texts import text_store

# Each line with a part of a source begins with this.
LINE_START = b'{"text_file":'
_KEY = "text_file"
# The length of a part of a source (bytes). It is a multiple of three, so that base64 pads only the last part.
_PART = 3 * 2**20
_CONTENT = re.compile(r"[0-9a-f]{64}")
_PREFIX = ".restoring-"


def lines(library: Library) -> Iterator[bytes]:
    """Yield the lines with the sources of all texts, each source once. Sources whose files are missing are left out."""
    rows = library.reader().execute("SELECT DISTINCT content, format FROM text ORDER BY content")
    for content, format in rows.fetchall():
        path = text_store.folder(library) / f"{content}.{format}"
        try:
            file = os.fdopen(open_regular(path), "rb")
        except OSError:
            continue
        with file:
            while part := file.read(_PART):
                data = base64.b64encode(part).decode()
                yield msgspec.json.encode({_KEY: {"content": content, "format": format, "data": data}}) + b"\n"


class RestoredTexts:
    """Restores sources from lines. They are written to temporary files, which `keep` renames at the end.

    The lines may come from another program. So the name of a file is made only from a text that has the form of a
    SHA-256, and a source is kept only if its content has this SHA-256.
    """

    def __init__(self, library: Library) -> None:
        self._folder = text_store.folder(library)
        self._sizes: dict[str, int] = {}
        self._left = text_store.DEFAULT_LIMIT

    def take(self, values: Mapping[str, str | int | float]) -> None:
        """Add a part of a source.

        Raises ValueError when `values` are not the values of a line that `lines` returned.
        """
        content, format, data = values.get("content"), values.get("format"), values.get("data")
        if not (isinstance(content, str) and _CONTENT.fullmatch(content) and format in text_store.FORMATS):
            raise ValueError("not a source of a text")
        try:
            part = base64.b64decode(str(data), validate=True)
        except binascii.Error as error:
            raise ValueError("not base64") from error
        name = f"{content}.{format}"
        size = self._sizes[name] = self._sizes.get(name, 0) + len(part)
        self._left -= len(part)
        if size > limits.WHOLE_FILE or self._left < 0:
            raise ValueError("larger than any text")
        make_private(self._folder)
        flags = os.O_WRONLY | os.O_APPEND | (os.O_CREAT if size == len(part) else 0)
        with os.fdopen(open_regular(self._path(name), flags), "ab") as file:
            file.write(part)

    def keep(self) -> int:
        """Rename the files of the sources to their final names, and return their number. Files with a wrong SHA-256 are
        removed.
        """
        kept = 0
        for name in self._sizes:
            path = self._path(name)
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
            if digest.hexdigest() == name.partition(".")[0]:
                path.replace(self._folder / name)
                kept += 1
        self.discard()
        return kept

    def discard(self) -> None:
        """Remove the sources that are still in temporary files."""
        for name in self._sizes:
            self._path(name).unlink(missing_ok=True)
        self._sizes.clear()

    def _path(self, name: str) -> Path:
        return self._folder / f"{_PREFIX}{name}"
