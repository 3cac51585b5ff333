"""The commands `config path`, `config show`, `config check`, `config edit`, `config set` and `config unset`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from store.model.errors import LibraryError
from tui.cli import output
from tui.cli.options import invocation, json_option
from tui.cli.showing_group import ShowingGroup


@click.group(cls=ShowingGroup)
def config() -> None:
    """Show, check and change the configuration."""


@config.command()
@click.pass_context
def path(context: click.Context) -> None:
    """Print the path of the configuration file."""
    output.say(output.path_text(invocation(context).places.config))


@config.command(short_help="Print every setting with its value and its source.")
@json_option
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Print every setting with its value, its default, and where the value comes from."""
    from tui.settings import config_table

    file = invocation(context).places.config
    rows = config_table.rows(_text(file))
    if as_json:
        output.say_json(row._asdict() for row in rows)
        return
    output.say(
        f"# {output.path_text(file)}\n# recto config set NAME VALUE changes a setting; recto config edit opens the file"
    )
    names, values = (max(map(len, texts)) for texts in zip(*((row.name, row.value_text) for row in rows), strict=True))
    for row in rows:
        default = f"; default: {row.default_text}" if row.source != "default" else ""
        output.say(f"{row.name:<{names}}  {row.value_text:<{values}}  {row.source_text}{default}")


@config.command(short_help="Report every mistake in the configuration, with its line.")
@click.pass_context
def check(context: click.Context) -> int:
    """Report every mistake in the configuration, with its line; the exit code is 1 if there is one.

    The keys that other actions lost to yours are listed too. They are no mistakes.
    """
    return _check(invocation(context).places.config)


@config.command(short_help="Open the configuration in your editor, and check it afterwards.")
@click.pass_context
def edit(context: click.Context) -> int:
    """Open the configuration in $VISUAL or $EDITOR, and check it afterwards."""
    from store.exporting import target_file
    from tui.settings import config_change
    from tui.workers import editor, foreground

    file = invocation(context).places.config
    if not file.exists():
        _make_folder(file)
        target_file.replace(file, [config_change.template().encode()])
    problem = foreground.run(command=[*editor.command(), str(file)])
    if problem:
        raise LibraryError(problem)
    return _check(file)


@config.command("set", short_help="Set NAME to VALUE, such as: config set theme nord.")
@click.argument("name")
@click.argument("values", metavar="VALUE...", nargs=-1, required=True)
@click.pass_context
def set_value(context: click.Context, name: str, values: tuple[str, ...]) -> None:
    """Set NAME to VALUE: `config set theme nord`, `config set keys.bookmark s`; several values are a list."""
    from tui.settings import config_change

    _change(context, name, lambda text: config_change.with_value(text, name, values))


@config.command()
@click.argument("name")
@click.pass_context
def unset(context: click.Context, name: str) -> None:
    """Remove NAME from the configuration, so that it has its default."""
    from tui.settings import config_change

    _change(context, name, lambda text: config_change.without(text, name))


def _change(context: click.Context, name: str, change: Callable[[str], str]) -> None:
    """Replace the text of the configuration file by the result of `change`, which is called with that text.

    Raises LibraryError, and changes nothing, when `change` raises ValueError or the file cannot be written.
    """
    from store.exporting import target_file
    from tui.settings import config as configuration
    from tui.settings import config_table

    file = invocation(context).places.config
    try:
        text = _text(file)
        changed = change(text)
    except ValueError as error:
        raise LibraryError(str(error)) from error
    if file.is_symlink():
        raise LibraryError(f"{file} is a link to {file.readlink()}; change that file, or use: recto config edit")
    if changed != text:
        _make_folder(file)
        target_file.replace(file, [changed.encode()], follow_links=False)
    row = next(row for row in config_table.rows(changed) if row.name == name)
    output.say(f"{name} is {row.value_text}")
    before = [taken.text for taken in configuration.parse(text)[0].taken]
    for taken in configuration.parse(changed)[0].taken:
        if taken.text not in before:
            output.say(taken.text)


def _check(file: Path) -> int:
    from tui.settings import config as configuration

    found = configuration.load(file)
    problems = found.problems
    for text in (*problems, *(configuration.described(file, taken) for taken in found.taken)):
        output.say(text)
    if not problems:
        exists = file.exists()
        output.say(f"{output.path_text(file)}: {'no mistakes' if exists else 'there is no file; all is default'}")
    return 1 if problems else 0


def _text(file: Path) -> str:
    """The text of the configuration. Raises LibraryError when the file cannot be read."""
    from tui.settings import config as configuration

    try:
        return configuration.read(file)
    except ValueError as error:
        raise LibraryError(str(error)) from error


def _make_folder(file: Path) -> None:
    from store.library.side_files import make_private

    make_private(file.parent)


COMMANDS = (config,)
