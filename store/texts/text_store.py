"""Stores the full texts of a library: in the table `text`, and in files in the folder `texts` beside the library.

There are two files for each text, named after the SHA-256 of its source: the source, such as a PDF, and the blocks
(paragraphs, headings and so on) that were read from it. A newer version of recto can make better blocks from the
source.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, get_args

import msgspec

from store.library import whole_file
from store.library.library import Library
from store.library.side_files import make_private, open_regular, read_small
from store.marks.stored_marks import timestamp
from store.model import limits
from store.model.errors import LibraryError, ListingError
from store.texts import plausibility, worker
from store.texts.blocks import EMBEDDED, FullText
from store.texts.worker import TextFormat

# The limit for the size of all texts of a library (bytes), unless the user sets another. 2,000 PDFs need about as much.
DEFAULT_LIMIT = 4 * 2**30
# The name of the folder beside the library that contains the files.
FOLDER = "texts"
# The version of the code that reads sources into blocks. Blocks of an earlier version are made again from the source.
VERSION = 4
# A file of blocks (the converted text) with more bytes than this is not read.
_LONGEST_BLOCKS = worker.LONGEST_ANSWER
# The largest size of any file in the folder (bytes).
LONGEST_FILE = max(limits.WHOLE_FILE, _LONGEST_BLOCKS)
FORMATS: tuple[TextFormat, ...] = get_args(TextFormat)
_HEAD = 4_096
# The largest size of all pictures of one text together (bytes).
MOST_PICTURES = 64 * 2**20

OnPage = Callable[[int, int], None]


class StoredText(msgspec.Struct, frozen=True):
    """A full text of a paper. `source` is the web address or the path from which the text came. `size` is the size of
    the source (bytes).
    """

    id: int
    paper_id: int
    content: str
    format: TextFormat
    source: str
    size: int
    words: int
    pages: int
    remarks: tuple[str, ...]
    at: str


class _Blocks(msgspec.Struct, frozen=True, array_like=True):
    """The content of the file that stores the blocks of a text."""

    version: int
    text: FullText


_decoder = msgspec.msgpack.Decoder(_Blocks)
_pictures_decoder = msgspec.msgpack.Decoder(dict[str, bytes])
_COLUMNS = ", ".join(StoredText.__struct_fields__)
# The texts of a paper include those of papers that were joined to it. HTML and Markdown are better than PDF, because
# they keep headings and formulas.
_OF_PAPER = (
    f"SELECT {_COLUMNS} FROM text WHERE paper_id = ?1 OR paper_id IN (SELECT gone FROM joined WHERE kept = ?1)"
    " ORDER BY format = 'pdf', id DESC"
)


def folder(library: Library) -> Path:
    """The folder with the files of the texts. If the path of the library is a link, the folder is beside the file to
    which it leads.
    """
    return library.file.parent / FOLDER


def of_paper(connection: sqlite3.Connection, paper_id: int) -> list[StoredText]:
    """The texts of a paper, the best one first."""
    return [_stored(row) for row in connection.execute(_OF_PAPER, (paper_id,))]


def every(connection: sqlite3.Connection) -> list[StoredText]:
    """All texts of the library."""
    return [_stored(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM text ORDER BY id")]


def size(connection: sqlite3.Connection) -> int:
    """The size of all texts of the library (bytes)."""
    (total,) = connection.execute("SELECT coalesce(sum(size), 0) FROM text").fetchone()
    return int(total)


def format_of(name: str, head: bytes) -> TextFormat:
    """The format of a file, recognized by its content, or else by its name."""
    start = head.lstrip()[:_HEAD].lower()
    if b"%pdf-" in start[:1024]:
        return "pdf"
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--")) or Path(name).suffix.lower() in (
        ".html",
        ".htm",
    ):
        return "html"
    return "markdown"


def attach(
    library: Library,
    paper_id: int,
    file: IO[bytes],
    source: str,
    *,
    format: TextFormat | None = None,
    limit: int = DEFAULT_LIMIT,
    on_page: OnPage = lambda page, pages: None,
    should_stop: Callable[[], bool] = lambda: False,
    check: Callable[[FullText, TextFormat], None] = lambda text, format: None,
) -> StoredText:
    """Read an open file in a child process and store it as a text of a paper. `source` is the web address or the path
    from which the file came.

    A file that is stored already is not read again. `check` is called with the text; if it raises an error, the text is
    not stored. Raises ListingError when the file cannot be read, and LibraryError when the texts would become larger
    than `limit`.
    """
    data = file.read(limits.WHOLE_FILE + 1)
    if len(data) > limits.WHOLE_FILE:
        raise ListingError(f"it is larger than {limits.WHOLE_FILE // 2**20} MiB")
    content = sha256(data).hexdigest()
    stored = next((text for text in of_paper(library.reader(), paper_id) if text.content == content), None)
    if stored and _blocks_path(library, content).is_file():
        return stored
    kind = format or format_of(source, data[:_HEAD])
    if kind != "pdf" and plausibility.is_binary(data):
        raise ListingError("it is neither a PDF nor a text file")
    # Compare only the size of the source with the limit. Its blocks are about a third as large as a web page, and much
    # smaller than a PDF.
    if size(library.reader()) + len(data) > limit:
        raise LibraryError(
            f"the texts would need more than {limit // 2**20:,} MiB; remove one with: recto text ID --remove"
        )
    path = folder(library) / f"{content}.{kind}"
    _write(path, data)
    try:
        text = _read(path, kind, on_page, should_stop)
        check(text, kind)
    except BaseException:
        if not library.reader().execute("SELECT 1 FROM text WHERE content = ?", (content,)).fetchone():
            path.unlink(missing_ok=True)
        raise
    packed = msgspec.msgpack.encode(_Blocks(VERSION, text))
    _write(_blocks_path(library, content), packed)
    with library.writing() as connection:
        connection.execute("DELETE FROM text WHERE paper_id = ? AND content = ?", (paper_id, content))
        connection.execute(
            "INSERT INTO text (paper_id, content, format, source, size, words, pages, remarks, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                paper_id,
                content,
                kind,
                source,
                len(data) + len(packed),
                text.words,
                text.pages,
                "\n".join(text.remarks),
                timestamp(),
            ),
        )
    return of_content(library.reader(), paper_id, content)


def compared(texts: Sequence[StoredText]) -> tuple[StoredText, StoredText] | None:
    """The two texts of a paper that are compared if the user does not choose two: the earlier one and the later one.

    These are the newest two texts of the same format. If no format has two, they are the newest two of any format. None
    when the paper has fewer than two texts.
    """
    by_age = sorted(texts, key=lambda text: text.id)
    for later in reversed(by_age):
        earlier = [text for text in by_age if text.format == later.format and text.id < later.id]
        if earlier:
            return earlier[-1], later
    return (by_age[-2], by_age[-1]) if len(by_age) > 1 else None


def of_content(connection: sqlite3.Connection, paper_id: int, content: str) -> StoredText:
    """The text of a paper whose source has the SHA-256 `content`. Raises LibraryError when there is none."""
    for text in of_paper(connection, paper_id):
        if text.content == content:
            return text
    raise LibraryError(f"paper {paper_id} has no such text")


def load(library: Library, stored: StoredText) -> FullText:
    """The blocks of a text. If they are missing or of an earlier version, the source is read again.

    Raises LibraryError when the files are missing or damaged.
    """
    if (known := load_blocks(library, stored)) is not None:
        return known
    source = source_path(library, stored)
    try:
        with open_source(library, stored) as file:
            text = worker.read(file, stored.format)
    except OSError as error:
        raise LibraryError(
            f"the file of the text cannot be read: {source} ({error.strerror}); fetch or attach the text again"
        ) from None
    except ListingError as error:
        raise LibraryError(str(error)) from None
    _write(_blocks_path(library, stored.content), msgspec.msgpack.encode(_Blocks(VERSION, text)))
    return text


def load_blocks(library: Library, stored: StoredText) -> FullText | None:
    """The blocks of a text, if they are stored and of the present version. Otherwise None, and only `load`, which takes
    longer, can return them.
    """
    try:
        unpacked = _decoder.decode(read_small(_blocks_path(library, stored.content), _LONGEST_BLOCKS))
    except (OSError, msgspec.DecodeError):
        return None
    return unpacked.text if unpacked.version == VERSION else None


def source_path(library: Library, stored: StoredText) -> Path:
    """The path of the file from which a text was extracted, for example of a PDF."""
    return folder(library) / f"{stored.content}.{stored.format}"


def open_source(library: Library, stored: StoredText) -> IO[bytes]:
    """Open the source of a text, for example a PDF. Raises OSError when it is missing or was changed since it was
    stored.
    """
    file = os.fdopen(open_regular(source_path(library, stored)), "rb")
    if file_digest(file, "sha256").hexdigest() != stored.content:
        file.close()
        raise OSError(errno.ESTALE, "its content has changed since it was stored")
    file.seek(0)
    return file


def pictures(library: Library, stored: StoredText) -> dict[str, bytes]:
    """Maps the link of each fetched picture of a web page to the content of its file, which is untrusted."""
    try:
        data = read_small(pictures_path(library, stored.content), MOST_PICTURES + 2**20)
        return _pictures_decoder.decode(data)
    except (OSError, msgspec.DecodeError):
        return {}


def missing_pictures(text: FullText, files: Mapping[str, bytes]) -> list[str]:
    """The links of the pictures of a web page that are neither in the page itself nor among the stored `files`."""
    links = dict.fromkeys(block.picture for block in text.blocks if block.picture)
    return [link for link in links if not link.startswith(EMBEDDED) and link not in files]


def keep_pictures(
    library: Library, stored: StoredText, files: Mapping[str, bytes], *, limit: int = DEFAULT_LIMIT
) -> None:
    """Store pictures of a text, given by their links, in place of the pictures that are stored for it.

    Raises LibraryError when they cannot be written, or when all texts would become larger than `limit`.
    """
    path = pictures_path(library, stored.content)
    packed = msgspec.msgpack.encode(dict(files))
    more = len(packed) - (path.stat().st_size if path.is_file() else 0)
    if size(library.reader()) + more > limit:
        raise LibraryError(
            f"the texts would need more than {limit // 2**20:,} MiB with these pictures; remove one with: recto text ID"
            " --remove"
        )
    _write(path, packed)
    with library.writing() as connection:
        connection.execute("UPDATE text SET size = size + ? WHERE content = ?", (more, stored.content))


def pictures_path(library: Library, content: str) -> Path:
    """The path of the file that stores the fetched pictures of a text."""
    return folder(library) / f"{content}.pictures"


def remove(library: Library, texts: Sequence[StoredText]) -> None:
    """Remove texts from the library. The files of a text are kept if another paper has the same text."""
    for text in texts:
        with library.writing() as connection:
            connection.execute("DELETE FROM text WHERE id = ?", (text.id,))
            is_used = connection.execute("SELECT 1 FROM text WHERE content = ?", (text.content,)).fetchone()
        if not is_used:
            source_path(library, text).unlink(missing_ok=True)
            _blocks_path(library, text.content).unlink(missing_ok=True)
            pictures_path(library, text.content).unlink(missing_ok=True)


def _read(path: Path, format: TextFormat, on_page: OnPage, should_stop: Callable[[], bool]) -> FullText:
    with os.fdopen(open_regular(path), "rb") as file:
        return worker.read(file, format, on_page=on_page, should_stop=should_stop)


def _blocks_path(library: Library, content: str) -> Path:
    return folder(library) / f"{content}.blocks"


def _stored(row: tuple[object, ...]) -> StoredText:
    values = dict(zip(StoredText.__struct_fields__, row, strict=True))
    format = values.pop("format")
    remarks = str(values.pop("remarks"))
    return msgspec.convert(
        {
            **values,
            "format": format if format in FORMATS else "html",
            "remarks": tuple(remarks.split("\n")) if remarks else (),
        },
        StoredText,
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file completely or not at all. Raises LibraryError when it cannot be written."""
    try:
        make_private(path.parent)
        whole_file.write(path, [data])
    except OSError as error:
        raise LibraryError(f"{path} cannot be written ({error.strerror}); nothing was kept") from error
