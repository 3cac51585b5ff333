"""Prints what may follow the words that the user has typed. The completion script of a shell runs this.

This module runs at each press of the tab key, so it must be quick. Therefore it imports only click and sqlite3, and
builds click's commands from a table. It never writes to the library: if an older version of recto has made the library,
its tables stay as they are.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from tui.cli import command_table
from tui.cli.completion import SHELLS, VARIABLE

# At most this many values from the library, such as tags, are offered.
_MOST = 200
_TAGS = "SELECT name, count(*) || ' papers' FROM tag GROUP BY name ORDER BY count(*) DESC"
# The names of saved filters and of empty collections are in the table `register` (see store/marks/registers.py). Their
# rows belong to no paper, and have "filter:NAME" or "collection:NAME" in the column for the field.
_NAMED = (
    "SELECT substr(field, {start}), '' FROM register WHERE paper = '' AND field LIKE '{kind}:%' AND value <> 'null'"
)
_FILTERS, _EMPTY = (_NAMED.format(kind=kind, start=len(kind) + 2) for kind in ("filter", "collection"))
_COLLECTIONS = ("SELECT DISTINCT name, '' FROM collection ORDER BY name", _EMPTY)
# For each kind of value, SQL statements that read the values from the library. Each result row is a value and its help
# text.
_STATEMENTS = {
    "tag": (_TAGS,),
    "saved view": (_FILTERS,),
    "collection": _COLLECTIONS,
    "in": _COLLECTIONS,
    "view": (
        _TAGS.replace("SELECT name", "SELECT 'tag:' || name"),
        _COLLECTIONS[0].replace("DISTINCT name", "DISTINCT 'collection:' || name"),
        *(_NAMED.format(kind=kind, start=1) for kind in ("filter", "collection")),
    ),
}


def run() -> int:
    """Print the possible completions of the words that the shell passes in environment variables.

    Returns the exit code.
    """
    shell = os.environ.get(VARIABLE, "").removesuffix("_complete")
    chosen = get_completion_class(shell) if shell in SHELLS else None
    if chosen is None:
        return 1
    click.echo(chosen(_Tree(command_table.load()).program(), {}, "recto", VARIABLE).complete())
    return 0


class _Tree:
    """Builds click commands from the table of `command_table`. They do nothing: click uses them only for completion."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table

    def program(self) -> click.Command:
        return self._command("recto", self._table["command"])

    def _command(self, name: str, row: Mapping[str, Any]) -> click.Command:
        parameters = [self._parameter(each) for each in row["parameters"]]
        # A word of a query may begin with a dash, so do not treat an unknown option as an error.
        settings = {"ignore_unknown_options": True}
        if "commands" not in row:
            return click.Command(name, params=parameters, short_help=row["help"], context_settings=settings)
        below = {each: self._command(each, command) for each, command in row["commands"].items()}
        return click.Group(name, below, params=parameters, short_help=row["help"], context_settings=settings)

    def _parameter(self, row: Mapping[str, Any]) -> click.Parameter:
        value: click.ParamType[Any] = click.STRING
        if "choices" in row:
            value = click.Choice(row["choices"])
        elif row["kind"] == "path":
            value = click.Path()
        complete = self._values_of(row["kind"]) if row["kind"] not in ("", "path") else None
        if not row["is_option"]:
            return click.Argument(
                row["names"], type=value, nargs=-1 if row["is_many"] else 1, required=False, shell_complete=complete
            )
        is_flag = row["is_flag"]
        return click.Option(
            row["names"],
            type=None if is_flag else value,
            is_flag=is_flag,
            multiple=row["is_multiple"],
            help=row["help"],
            shell_complete=complete,
        )

    def _values_of(self, kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
        def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
            if kind == "query":
                found = self._query_words(context, incomplete)
            elif kind == "value":
                found = ((each, "") for each in self._table["choices"].get(context.params.get("name"), ()))
            else:
                fixed = ((each, "") for each in self._table["values"].get(kind, ()))
                found = iter([*fixed, *_from_library(context, kind)])
            return [CompletionItem(value, help=help) for value, help in found if value.startswith(incomplete)]

        return complete

    def _query_words(self, context: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
        """The completions of a word of a query: names of fields or, after "FIELD:", the values of that field."""
        values = self._table["values"]
        # The signs that precede the word: in a query, a condition may follow a "-" (for "not") or an opening
        # parenthesis.
        signs = incomplete[: len(incomplete) - len(incomplete.lstrip("-("))]
        field, colon, _ = incomplete[len(signs) :].partition(":")
        if not colon:
            yield from ((f"{signs}{name}:", "") for name in values["field"])
            return
        known = [(each, "") for each in values[field]] if field in ("is", "has") else _from_library(context, field)
        yield from ((f"{signs}{field}:{_quoted(value)}", help) for value, help in known)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _from_library(context: click.Context, kind: str) -> Sequence[tuple[str, str]]:
    """The values of one kind in the library, such as its tags, each with its help text.

    Empty if the library cannot be read.
    """
    statements = _STATEMENTS.get(kind, ())
    if not statements:
        return ()
    from store.library.config_and_library_paths import library_path, read_only_uri

    named = next((each.params["library"] for each in _chain(context) if each.params.get("library")), None)
    path = library_path(named and os.path.expanduser(named))  # noqa: PTH111 - pathlib takes longer
    rows: dict[str, str] = {}
    try:
        connection = sqlite3.connect(read_only_uri(Path(path or "").absolute()), uri=True)
    except (sqlite3.Error, OSError, ValueError):
        return ()
    with closing(connection):
        for statement in statements:
            # An error means that the library is damaged, or lacks a table because an older version of recto has made
            # it. Skip the statement then.
            with suppress(sqlite3.Error, ValueError):
                found = connection.execute(f"{statement} LIMIT {_MOST}")
                rows |= {str(value): str(help) for value, help in found if str(value).isprintable()}
    return [*rows.items()]


def _chain(context: click.Context | None) -> Iterator[click.Context]:
    while context is not None:
        yield context
        context = context.parent
