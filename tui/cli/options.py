"""The options that several commands have, and the access of a command to its library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from store.library.config_and_library_paths import Places, places
from store.library.library import Library
from store.papers.views import View

_F = TypeVar("_F", bound=Callable[..., Any])


class Invocation:
    """One call of the command line. It uses the library given with `--library`, or else the default library."""

    def __init__(self, context: click.Context) -> None:
        self._context = context
        self.library_file: Path | None = None

    @property
    def places(self) -> Places:
        """The paths of the library, the inbox and the configuration. Raises LibraryError if there is no home folder."""
        return places(self.library_file)

    def library(self) -> Library:
        """Open the library. It is closed when the command ends. Raises LibraryError when it cannot be opened."""
        return self._context.with_resource(_opened(self.places.library))


@contextmanager
def _opened(path: Path) -> Iterator[Library]:
    """The open library at `path`, which is closed at the end of the context.

    If the command has changed the library, the files of `recto export --follow` are written again before that.
    """
    with Library.open(path) as library:
        if library.message:
            from tui.cli.output import complain

            complain(library.message)
        try:
            yield library
        except Exception as error:
            # Imported here, because most commands end without an error.
            from store.doctor import unexpected_errors

            unexpected_errors.explain(library, error)
            raise
        if library.has_written:
            # Imported here, because most commands change nothing.
            from store.exporting import followed
            from tui.cli.output import complain

            for problem in followed.update(library):
                complain(problem)


def invocation(context: click.Context) -> Invocation:
    """The `Invocation` that belongs to `context`. A click group and the commands in it share one `Invocation`."""
    root = context.find_root()
    if not isinstance(root.obj, Invocation):
        root.obj = Invocation(root)
    return root.obj


def _set_library(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        invocation(context).library_file = value


def library_option(command: _F) -> _F:
    """A decorator that adds the option `--library` to a command.

    The group `recto` also accepts the option, so that users may type it before or after the name of the command.
    """
    return click.option(
        "--library",
        type=click.Path(path_type=Path, dir_okay=False),
        expose_value=False,
        is_eager=True,
        callback=_set_library,
        help="The library to use.  [env: RECTO_LIBRARY]",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON that programs can rely on.")

collection_option = click.option(
    "--collection", metavar="NAME", help="Take the papers of this collection, in its order."
)


def chosen_view(library: Library, view: str, collection: str | None) -> View:
    """The view that the values of the options --view and --collection stand for.

    If a tag, a collection or a saved filter was renamed, its earlier name is accepted too. Raises UsageError when both
    options are given, and LibraryError when there is no such view or collection.
    """
    if collection is None:
        return present_view(library, view)
    if view != "all":
        raise click.UsageError("--view and --collection do not go together")
    # Imported here, because most commands are called without these options.
    from store.marks import collections

    name = present_view(library, f"collection:{collection}").argument if collection else collection
    return View("collection", collections.find(library.reader(), name))


def present_view(library: Library, view: str) -> View:
    """The view whose text is `view`, for example "tag:nlp".

    If the tag, collection or saved filter was renamed, its new name is used.

    Raises LibraryError when there is no such view.
    """
    parsed = View.parse(view)
    if parsed.kind not in ("tag", "collection", "filter"):
        return parsed
    # Imported here, because most commands are called without such a view.
    from store.marks import named_in_filters
    from store.search import saved_views

    return saved_views.with_new_name(named_in_filters.renames(library.reader()), parsed)
