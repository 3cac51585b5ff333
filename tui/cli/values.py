"""Functions that convert the arguments of commands. If an argument is wrong, their error messages say what to type."""

from __future__ import annotations

from datetime import date, datetime

import click

# The smallest whole number that SQLite cannot store.
_TOO_LARGE = 2**63


def counting(typed: str | int) -> int:
    """`typed` as a positive integer.

    Raises click.BadParameter when `typed` is not a positive integer, or is too large for SQLite.
    """
    try:
        number = int(typed)
    except ValueError:
        number = 0
    if not 0 < number < _TOO_LARGE:
        raise click.BadParameter(f"{str(typed)!r} is not a whole number from 1 on")
    return number


def day(typed: str) -> date:
    """`typed`, for example "2026-07-02", as a date. Raises click.BadParameter when it is not a date."""
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"{typed!r} is not a date; write it like 2026-07-02") from None
