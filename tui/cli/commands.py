"""The commands, one module for each thing a reader does with them."""

from __future__ import annotations

import click


def add_all(group: click.Group) -> None:
    """Add every command to `group`."""
    from tui.cli import about, fetch, imports, index, marks, papers

    for module in (imports, fetch, papers, marks, about, index):
        for command in module.COMMANDS:
            group.add_command(command)
