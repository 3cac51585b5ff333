"""A group of commands that runs its command `list` or `show` when it is called without the name of a command."""

from __future__ import annotations

import click

# The names of the commands that a group runs when it is called alone. A group has at most one of these commands.
_SHOWING = ("list", "show")


class ShowingGroup(click.Group):
    """A group of commands, for example `recto view`, which runs its command `list` or `show` if no command is given.

    Options such as --json are passed on to that command. A group with neither of these commands prints its help.
    """

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        showing = next((name for name in _SHOWING if name in self.commands), None)
        if not arguments and showing is None:
            click.echo(context.get_help())
            context.exit()
        has_name = any(not each.startswith("-") for each in arguments[:1])
        if showing is not None and not has_name and not {"-h", "--help"} & set(arguments):
            arguments = [showing, *arguments]
        return super().parse_args(context, arguments)
