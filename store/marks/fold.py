"""Computes the marks of a paper: combines the registers of all its identities into one value for each field.

A register is the stored value of one field. An identity is a text that stands for a paper on all machines.

A paper has several identities, each with its own registers, if two stored papers were joined
(store/marks/registers.py). The result depends only on the registers and on which identities the paper has. So all
libraries that have the same registers show the same marks, and when joined papers are separated, each has its earlier
marks again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from store.marks import identities, stored_registers
from store.marks.registers import Register, is_value

_BETWEEN_NOTES = "\n\n"


class StoredField(NamedTuple):
    """The stored value of one field of a paper, and the data needed to write a new value.

    `value` is the value computed from all registers of the field, or None. A new value is written under `identity`,
    where it replaces the register `current`, if there is one. `over` contains the other identities of the paper under
    which the field has a value. `latest` is the number of the latest clock reading of all registers of the field.
    """

    identity: str
    current: Register | None
    over: tuple[str, ...]
    value: Any
    latest: int = 0


def of_field(connection: sqlite3.Connection, paper: int, field: str) -> StoredField:
    """The stored value of a field of a paper, which is needed before a new value is written.

    Call this inside a write transaction.
    """
    identity = identities.primary(connection, paper)
    found = (stored_registers.read(connection, name, field) for name in identities.of_paper(connection, paper))
    registers = [register for register in found if register is not None]
    current = next((each for each in registers if each.paper == identity), None)
    over = tuple(sorted(each.paper for each in registers if each.paper != identity and each.value is not None))
    folded = fold(registers).get(field)
    latest = max((each.clock.number for each in registers), default=0)
    return StoredField(identity, current, over, folded.value if folded else None, latest)


def of_papers(connection: sqlite3.Connection, papers: Sequence[int]) -> dict[int, dict[str, Register]]:
    """For each of `papers` that has registers, the fields that have a value, mapped to the registers with the values.

    The registers of all papers are read with one query.
    """
    registers: dict[int, list[Register]] = {}
    for paper, register in stored_registers.of_papers(connection, papers):
        registers.setdefault(paper, []).append(register)
    return {paper: fold(each) for paper, each in registers.items()}


def fold(registers: Iterable[Register]) -> dict[str, Register]:
    """For each field in `registers`, the register whose value is shown to the user.

    Fields without a value are left out.

    A register is ignored if the `over` of a later register contains its identity. Of the other registers with a value,
    the one whose value the user set last wins. There are two exceptions: any other status wins over "seen", and
    different notes are joined into one text.
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
