"""Conversion of the values that commands take, with errors that a reader can act on."""

from __future__ import annotations

from datetime import date, datetime

import click

# The smallest whole number that SQLite cannot store.
_TOO_LARGE = 2**63


def counting(typed: str | int) -> int:
    """`typed` as a whole number from 1 on. Raises click.BadParameter."""
    try:
        number = int(typed)
    except ValueError:
        number = 0
    if not 0 < number < _TOO_LARGE:
        raise click.BadParameter(f"{str(typed)!r} is not a whole number from 1 on")
    return number


def day(typed: str) -> date:
    """`typed` as a day. Raises click.BadParameter."""
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"{typed!r} is not a date; write it like 2026-07-02") from None
