"""A click command whose arguments are a query."""

from __future__ import annotations

import re

import click

# Matches an option of one letter, alone or with a number, for example -h or -n20. Any other word that begins with a
# single dash belongs to the query.
_SHORT_OPTION = re.compile(r"(-[a-z])\d*")


class QueryCommand(click.Command):
    """A click command whose arguments are a query, so they may begin with a dash.

    In a query, "-vision" excludes papers with the word "vision". An ordinary click command would parse "-vision" as a
    group of one-letter options.
    """

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put the options first, then "--", then the words of the query, so that click parses only the options."""
        valued = {
            name for each in self.params if isinstance(each, click.Option) and not each.is_flag for name in each.opts
        }
        short = {"-h", *(name for each in self.params for name in each.opts if len(name) == 2)}
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for each in rest:
            if each == "--":
                words += rest
            elif each.startswith("--") or ((match := _SHORT_OPTION.fullmatch(each)) and match[1] in short):
                options.append(each)
                if each in valued:
                    value = next(rest, None)
                    if value is None:
                        raise click.BadOptionUsage(each, f"Option {each!r} requires an argument.", context)
                    options.append(value)
            else:
                words.append(each)
        return super().parse_args(context, [*options, "--", *words])
