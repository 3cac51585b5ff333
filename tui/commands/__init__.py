"""The commands, one module for each thing a reader does with them."""

from __future__ import annotations

import click


def add_all(group: click.Group) -> None:
    """Add every command to `group`."""
    from tui.commands import about, fetching, importing, indexing, listing, marking

    for module in (importing, fetching, listing, marking, about, indexing):
        for command in module.COMMANDS:
            group.add_command(command)
