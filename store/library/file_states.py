"""The states of files. recto compares a file's state with the stored one to notice that the file has changed."""

from __future__ import annotations

import os

import msgspec


class FileState(msgspec.Struct, frozen=True):
    """The state of a file: values of which at least one changes when the content of the file changes."""

    size: int
    mtime_ns: int
    inode: int


def state_of(status: os.stat_result) -> FileState:
    """The state of a file with this status, as numbers that SQLite can store."""
    return FileState(status.st_size, storable(status.st_mtime_ns), storable(status.st_ino))


def storable(number: int) -> int:
    """The lowest 64 bits of `number` as a signed integer, which SQLite can store.

    The inode numbers of some file systems do not fit into a signed integer of 64 bits, nor does a modification time
    before 1678 or after 2262 in nanoseconds. Different numbers can have the same lowest bits, but two states of one
    file hardly ever do.
    """
    return (number + 2**63) % 2**64 - 2**63
