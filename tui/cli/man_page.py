"""The man page recto(1), made from the help of the commands. hatch_build.py puts it into the wheel."""

from __future__ import annotations

from collections.abc import Iterator

import click

from store import __version__

_ENVIRONMENT = (
    ("RECTO_LIBRARY", "the library, instead of the one that `recto paths` prints"),
    ("RECTO_CONFIG", "the configuration file, instead of the one that `recto paths` prints"),
    ("NO_COLOR", "use only the terminal's own colours"),
    ("BROWSER", "the command that opens links"),
    ("VISUAL, EDITOR", "the command that edits the configuration and notes"),
)


def make() -> str:
    """The source text of the man page, with the macros of man(7)."""
    from tui.cli.group import recto

    context = click.Context(recto, info_name="recto", **recto.context_settings)
    lines = [
        f'.TH RECTO 1 "" "recto {__version__}" "User Commands"',
        ".SH NAME",
        r"recto \- read research\-paper listings in the terminal",
        ".SH SYNOPSIS",
        *_usage(context),
        ".SH DESCRIPTION",
        *_paragraphs(recto.help or ""),
        "In the reader, ? shows every key.",
        ".SH OPTIONS",
        *_options(context),
        ".SH COMMANDS",
    ]
    for each in _contexts(context):
        lines += [f".SS {_escaped(each.command_path)}", *_usage(each), ".PP", *_paragraphs(each.command.help or "")]
        lines += _options(each)
    lines.append(".SH ENVIRONMENT")
    for name, meaning in _ENVIRONMENT:
        lines += [".TP", f".B {_escaped(name)}", _escaped(meaning)]
    lines += [".SH EXIT STATUS", "0 if recto did all that was asked for, 2 after a wrong command line, 1 otherwise."]
    return "\n".join(lines) + "\n"


def _contexts(parent: click.Context) -> Iterator[click.Context]:
    """The click contexts of all commands of a group and of its subgroups, in alphabetical order."""
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is not None and not command.hidden:
            context = click.Context(command, parent=parent, info_name=name)
            yield context
            if isinstance(command, click.Group):
                yield from _contexts(context)


def _usage(context: click.Context) -> list[str]:
    pieces = context.command.collect_usage_pieces(context)
    return [rf"\fB{_escaped(context.command_path)}\fR {_escaped(' '.join(pieces))}"]


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option):
            names, meaning = record
            yield from (".TP", f".B {_escaped(names)}", _escaped(" ".join(meaning.split())))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    r"""`text` in a form that man(7) prints unchanged.

    Backslashes, "-" and quotation marks are escaped, and so is a "." at the start, which would begin a formatting
    command.
    """
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("`", r"\(ga").replace("'", r"\(aq")
    return rf"\&{text}" if text.startswith(".") else text
