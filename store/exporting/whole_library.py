"""Exports a whole library as JSON lines, and restores a library from a file of such lines.

The first line contains the version of the tables. Each other line is a row of a table: an object whose key is the name
of the table, for example {"paper": {"id": 1, "title": "…"}}. Columns that are NULL are left out. The search index and
its state are not in the file, because recto can build the index again. If the user asks for it, the sources of the full
texts (PDF files and others) follow after the rows (store/texts/exported_texts.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from store.library import schema
from store.library.library import Library
from store.model.errors import LibraryError
from store.text.clean import UNSAFE, clean
from store.texts import exported_texts

# Tables that describe the search index beside the library. They are not exported.
_INDEX_TABLES = ("indexed", "unindexed")
# Rows are read and inserted in batches of this many, so that a large library needs little memory.
_BATCH = 2_000
# The longest line that is read (bytes). The line of a paper is always shorter, because an import limits the length of
# its fields.
_LONGEST_LINE = 64 * 2**20
_HEADER = re.compile(rb'\{"recto":"library","version":(\d{1,6})\}\s*')
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")

_row = msgspec.json.Decoder(dict[str, dict[str, str | int | float]])
OnStep = Callable[[int], None]


def is_export(head: bytes) -> bool:
    """Whether a file that begins with `head` is an export of a whole library.

    The caller must pass at least the first 100 bytes, or the whole file if it is shorter.
    """
    return _HEADER.match(head) is not None


def pieces(library: Library, on_step: OnStep = lambda rows: None, *, with_texts: bool = False) -> Iterator[bytes]:
    """Yield the lines of an export, as bytes. They contain the library in the state in which it is when the first is
    requested.

    `on_step` is called with the number of rows that have been read. `with_texts` adds the sources of the full texts.
    """
    connection = library.reader()
    connection.execute("BEGIN")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        yield b'{"recto":"library","version":%d}\n' % version
        done = 0
        for table in _tables(connection):
            columns = _columns(connection, table)
            rows = connection.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)} ORDER BY rowid")
            while batch := rows.fetchmany(_BATCH):
                yield b"".join(_line(table, columns, row) for row in batch)
                done += len(batch)
                on_step(done)
        if with_texts:
            yield from exported_texts.lines(library)
    finally:
        connection.execute("ROLLBACK")


def row_count(library: Library) -> int:
    """The number of rows that `pieces` writes."""
    connection = library.reader()
    counts = (connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone() for name in _tables(connection))
    return sum(int(count) for (count,) in counts)


def restore(library: Library, file: BinaryIO, on_step: OnStep = lambda rows: None) -> int:
    """Fill an empty library from the lines of `file`, including full texts. Returns the number of rows.

    If an error occurs, nothing is stored. If the file contains tables of an older version, they are migrated to the
    present version, as the tables of an older library are. `on_step` is called with the number of rows that have been
    inserted. Raises LibraryError when the library is not empty, or when `file` contains a line that `pieces` could not
    have written.
    """
    header = _HEADER.fullmatch(file.readline(1_000))
    if header is None:
        raise LibraryError("this is not a whole library; import it with: recto import FILE")
    version = int(header[1])
    if not 0 < version <= schema.version():
        raise LibraryError("a newer version of recto wrote this library; install that version")
    texts = exported_texts.RestoredTexts(library)
    try:
        done = _restore(library, file, version, texts, on_step)
    except BaseException:
        texts.discard()
        raise
    texts.keep()
    return done


def _restore(
    library: Library, file: BinaryIO, version: int, texts: exported_texts.RestoredTexts, on_step: OnStep
) -> int:
    done = 0
    with library.writing() as connection:
        if not _is_empty(connection):
            raise LibraryError("this library has papers or marks; name a new one with: recto --library FILE import …")
        # Check foreign keys only at the end, because rows refer to rows of tables that come later in the file.
        connection.execute("PRAGMA defer_foreign_keys = 1")
        schema.recreate(connection, version)
        columns = {table: frozenset(_columns(connection, table)) for table in _tables(connection)}
        for table in columns:
            # Creating the tables may have inserted rows. Delete them, because the file contains these rows too.
            connection.execute(f"DELETE FROM {_quoted(table)}")
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 2):
            if line.startswith(exported_texts.LINE_START):
                _take_text(texts, line, number)
                continue
            _insert(connection, columns, line, number)
            done += 1
            if done % _BATCH == 0:
                on_step(done)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise LibraryError("a part of this library is missing: rows refer to others that it lacks")
        schema.migrate(connection, version)
    on_step(done)
    return done


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in names if name not in _INDEX_TABLES]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def _quoted(name: str) -> str:
    """Quote the name of a table or a column for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _line(table: str, columns: list[str], row: tuple[Any, ...]) -> bytes:
    values = {column: value for column, value in zip(columns, row, strict=True) if value is not None}
    return msgspec.json.encode({table: values}) + b"\n"


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("listing", "paper", "register")
    )


def _take_text(texts: exported_texts.RestoredTexts, line: bytes, number: int) -> None:
    """Add a part of the source of a full text. Raises LibraryError when the line contains no valid part, or when the
    part cannot be written.
    """
    try:
        ((_, values),) = _row.decode(line).items()
        texts.take(values)
    except (msgspec.MsgspecError, ValueError) as error:
        raise LibraryError(f"line {number:,} is no part of a full text; nothing was restored") from error
    except OSError as error:
        raise LibraryError(f"a full text cannot be written ({error.strerror}); nothing was restored") from error


def _insert(connection: sqlite3.Connection, columns: Mapping[str, frozenset[str]], line: bytes, number: int) -> None:
    """Insert the row that a line describes. `number` is the number of the line, for the error message.

    Raises LibraryError when no table has such a row.
    """
    try:
        ((table, values),) = _row.decode(line).items()
        if table not in columns or not values or not columns[table].issuperset(values):
            raise ValueError
        names = ", ".join(map(_quoted, values))
        connection.execute(
            f"INSERT INTO {_quoted(table)} ({names}) VALUES ({', '.join('?' * len(values))})",
            [_cleaned(value) for value in values.values()],
        )
    except (msgspec.MsgspecError, ValueError, UnicodeError, OverflowError, sqlite3.IntegrityError) as error:
        raise LibraryError(f"line {number:,} is no row of a library; nothing was restored") from error


def _cleaned(value: str | int | float) -> str | int | float:
    """A value without control characters and other characters with which a malicious file could attack a terminal.

    In a column that contains JSON, such characters are also removed if they are written as escapes ("\\u001b").
    """
    if not isinstance(value, str):
        return value
    if UNSAFE.search(value):
        value = clean(value)
    if (
        "\\u" in value
        and value[:1] in '[{"'
        and any(UNSAFE.search(_character(each)) for each in _ESCAPE.findall(value))
    ):
        return _ESCAPE.sub(
            lambda match: clean(_character(match[0])) if UNSAFE.search(_character(match[0])) else match[0], value
        )
    return value


def _character(escape: str) -> str:
    return chr(int(escape[2:], 16))
