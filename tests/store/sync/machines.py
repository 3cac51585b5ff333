"""Libraries of several machines that synchronize through one folder, with clocks that the test sets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from store.library.library import Library
from store.marks import exchange, identities, stored_registers
from store.sync import rounds, segment_files
from store.sync.rounds import RoundResult

PAPER = "arxiv:2310.06770"


class Machine:
    """A machine that synchronizes: its library and the shared folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.library = Library.open(path)
        self.folder = folder

    @property
    def inside(self) -> Path:
        return self.folder / segment_files.NAME

    @property
    def device(self) -> str:
        device = stored_registers.device(self.library.reader())
        assert device
        return device

    def set(self, field: str, value: Any, paper: str = PAPER) -> None:
        """Change a field of a paper, as the user would with a key."""
        self.set_all([(paper, field, value)])

    def set_all(self, changes: Iterable[tuple[str, str, Any]]) -> None:
        with self.library.writing() as connection:
            writer = stored_registers.Writer(connection)
            for paper, field, value in changes:
                identities.add(connection, paper)
                writer.write(paper, field, value, (), stored_registers.read(connection, paper, field))
            writer.finish()

    def value(self, field: str, paper: str = PAPER) -> Any:
        register = stored_registers.read(self.library.reader(), paper, field)
        return register.value if register else None

    def round(self) -> RoundResult:
        return rounds.run(self.library, self.folder)

    def lost(self) -> list[str]:
        return [each.text for each in exchange.lost_notes(self.library.reader())]
