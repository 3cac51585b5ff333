"""Folds the registers of all identities of one paper into one value for each field.

The result depends only on the registers and on which identities the paper has. So all libraries that have the same
registers show the same marks, and parting joined papers restores what each of them had.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from store.marks import stored_registers
from store.marks.registers import Register, is_value

_BETWEEN_NOTES = "\n\n"


def of_paper(connection: sqlite3.Connection, paper: int) -> dict[str, Register]:
    """The folded register of each field of a paper that has a value."""
    return of_papers(connection, [paper]).get(paper, {})


def of_papers(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, dict[str, Register]]:
    """The folded registers of each of `papers` that has registers, which are read with one query."""
    registers: dict[int, list[Register]] = {}
    for paper, register in stored_registers.of_papers(connection, papers):
        registers.setdefault(paper, []).append(register)
    return {paper: fold(each) for paper, each in registers.items()}


def fold(registers: Iterable[Register]) -> dict[str, Register]:
    """The register with the value of each field. Fields without a value are left out.

    A later register takes the place of those that it was written over. Of other registers with values, the one whose
    mark was made last wins. But the status "seen" yields to any other, and notes are put together.
    """
    groups: dict[str, list[Register]] = {}
    for register in registers:
        groups.setdefault(register.field, []).append(register)
    winners = ((field, _winner(field, group)) for field, group in sorted(groups.items()))
    return {field: winner for field, winner in winners if winner is not None}


def _winner(field: str, group: list[Register]) -> Register | None:
    if len(group) > 1:
        group = [each for each in group if not any(each.paper in by.over and by.made_at > each.made_at for by in group)]
    valued = [each for each in group if each.value is not None and is_value(field, each.value)]
    if len(valued) < 2:
        return valued[0] if valued else None
    valued.sort(key=lambda each: (field != "status" or each.value[0] != "seen", each.made_at, each.clock))
    if field == "note":
        notes = dict.fromkeys(each.value for each in valued)
        return replace(valued[-1], value=_BETWEEN_NOTES.join(notes))
    return valued[-1]
