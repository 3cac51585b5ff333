"""Reads the new lines of the files in a shared folder, and stores their registers in short transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from store.library.file_states import FileState
from store.library.library import Library
from store.marks.registers import Register
from store.sync import segment_files
from store.sync.segment_files import Position

# How many registers (synchronized values) are stored in one transaction. It takes 10 ms, or 40 ms if the library has
# the papers of the registers. A mark that the user sets meanwhile is stored only after the transaction, so the
# transaction must be short.
BATCH = 1_000
# The first number is how long (s) registers are stored without a pause, and the second is the length of the pause (s).
# During the pause, a mark that the user has set can be stored.
_SECONDS_BETWEEN_GAPS = 0.02
_GAP_SECONDS = 0.002


def read_files(
    library: Library,
    folder: Path,
    found: Mapping[str, FileState],
    known: dict[str, Position],
    store: Callable[[sqlite3.Connection, Sequence[Register]], object],
    put: Callable[[sqlite3.Connection, Mapping[str, Position]], object],
    should_stop: Callable[[], bool],
) -> tuple[str, ...]:
    """Read the new lines of the files `found` in `folder`, and put their new positions into `known`.

    `store` stores a batch of registers, and `put` stores how far a file was read. Both are called inside one
    transaction. Returns a message for each file that could not be read. Returns early when `should_stop` returns True.
    """
    unreadable: list[str] = []
    last_gap = time.monotonic()
    for name, path in segment_files.changed(folder, found, known):
        if should_stop():
            break
        try:
            piece = segment_files.read(path, known.get(name))
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable.append(f"{path}: {error.strerror}")
            continue
        known[name] = piece.position
        registers = piece.registers
        for start in range(0, len(registers) or 1, BATCH):
            batch = registers[start : start + BATCH]
            with library.writing(durable=False) as connection:
                store(connection, batch)
                if start + BATCH >= len(registers):
                    put(connection, {name: piece.position})
            if time.monotonic() - last_gap > _SECONDS_BETWEEN_GAPS:
                time.sleep(_GAP_SECONDS)
                last_gap = time.monotonic()
    return tuple(unreadable)
