"""What the commands take as values, with errors that a reader can act on."""

from __future__ import annotations

from datetime import date, datetime

import click

# SQLite's integers end here.
_END = 2**63


def counting(typed: str | int) -> int:
    """A whole number from 1 on. Raises click.BadParameter."""
    try:
        found = int(typed)
    except ValueError:
        found = 0
    if not 0 < found < _END:
        raise click.BadParameter(f"{str(typed)!r} is no number from 1 on")
    return found


def day(typed: str) -> date:
    """A day of the calendar. Raises click.BadParameter."""
    try:
        return datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"{typed!r} is no day; write one like 2026-07-02") from None
