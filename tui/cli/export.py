"""The command `export`."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable
from pathlib import Path

import click

from store.exporting import followed, formats, selected_papers, target_file, whole_library
from store.exporting.followed import Followed
from store.exporting.formats import BY_NAME, ExportFormat, Options
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers.views import SORTS, Sort, View
from tui.cli import output
from tui.cli.options import chosen_view, collection_option, invocation, library_option
from tui.cli.papers import matching_papers
from tui.cli.progress import Progress
from tui.cli.query_command import QueryCommand
from tui.render import wording
from tui.settings import citation

# The name and the file ending of the format that contains a whole library. `recto import` can restore the library from
# such a file.
_WHOLE = "recto"
_WHOLE_ENDING = ".jsonl"


@click.command(cls=QueryCommand, short_help="Write the papers that match QUERY to FILE.")
@click.argument("words", nargs=-1, metavar="[QUERY]...", type=click.UNPROCESSED)
@click.option("--output", "-o", "target", metavar="FILE", help="The file to write; - for a pipe.")
@click.option(
    "--format", "format", type=click.Choice([*BY_NAME, _WHOLE]), help="By default, what the file's ending says."
)
@click.option("--view", "view", default="all", show_default=True, help="new, all, queue, 2026-07-02, tag:NAME, …")
@collection_option
@click.option("--sort", type=click.Choice(SORTS), default="best", show_default=True)
@click.option("--ascii", "ascii", is_flag=True, help="BibTeX: write every letter outside ASCII as a command.")
@click.option("--formulas", is_flag=True, help="CSV: leave cells that a spreadsheet could read as a formula.")
@click.option("--texts", is_flag=True, help="The whole library: include the files of the full texts.")
@click.option("--follow", "follows", is_flag=True, help="Write FILE again whenever what it contains changes.")
@click.option("--unfollow", is_flag=True, help="Do not write FILE again. It stays as it is.")
@click.option("--followed", "lists_followed", is_flag=True, help="List the files that are written again.")
@library_option
@click.pass_context
def export(
    context: click.Context,
    words: tuple[str, ...],
    target: str | None,
    format: str | None,
    view: str,
    collection: str | None,
    sort: Sort,
    ascii: bool,
    formulas: bool,
    texts: bool,
    follows: bool,
    unfollow: bool,
    lists_followed: bool,
) -> None:
    """Write the papers that match QUERY to FILE, for another program.

    A file that exists is replaced when the new one is complete. Each exported paper gets a citation key, which it
    keeps. A file that ends in .jsonl gets the whole library, with every mark, note and listing, and with --texts also
    the files of the full texts. Import it into a new library to get an equal library.

    With --follow, recto writes the file again whenever the papers in it or their data change: the open program a moment
    after a mark or an import, and other commands at their end. A file that another program has changed is not
    overwritten.
    """
    if lists_followed:
        _list_followed(invocation(context).library())
        return
    if target is None:
        raise click.UsageError("name the file to write with -o FILE, or -o - for a pipe")
    if unfollow:
        _unfollow(invocation(context).library(), target)
        return
    chosen = _format(target, format)
    if follows and target == "-":
        raise click.UsageError("--follow needs a file")
    if follows and chosen is None:
        raise click.UsageError("a whole library is not written again and again; recto backup makes copies of it")
    if texts and chosen is not None:
        raise click.UsageError("--texts belongs to a whole library, whose file ends in .jsonl")
    library = invocation(context).library()
    if chosen is None:
        if words or collection is not None or view != "all":
            raise click.UsageError(
                "only a whole library is written as recto; for some papers: recto list --format jsonl"
            )
        _write_whole(library, target, with_texts=texts)
        return
    shown = chosen_view(library, view, collection)
    if follows:
        options = Options(_title(words, shown), ascii, formulas)
        query, pattern = " ".join(words), citation.key_pattern()
        followed_file = Followed(_whole_path(target), chosen.name, str(shown), query, sort, *options, pattern)
        _follow(library, target, followed_file)
        return
    numbers = matching_papers(library, words, shown, sort).ids
    with Progress(sys.stderr) as progress:
        papers = selected_papers.read(
            library, numbers, lambda done: progress.exported(done, len(numbers)), pattern=citation.key_pattern()
        )
        pieces = chosen.pieces(papers, Options(_title(words, shown), ascii, formulas))
        write(target, pieces)
    report(target, f"{wording.count(len(numbers), 'paper')} · {chosen.title}")


def _follow(library: Library, target: str, file: Followed) -> None:
    number = followed.follow(library, file)
    report(target, f"{wording.count(number, 'paper')} · written again whenever they change")


def _unfollow(library: Library, target: str) -> None:
    if not followed.unfollow(library, _whole_path(target)):
        raise LibraryError(f"{target} does not follow the library; recto export --followed lists the files that do")
    output.say(f"{target} is not written again")


def _list_followed(library: Library) -> None:
    files = followed.read(library.reader())
    for file in files:
        words = " ".join(part for part in (file.query, f"--view {file.view}" if file.view != "all" else "") if part)
        output.say(f"{file.path}: {BY_NAME[file.format].title} · {words or 'all papers'}")
    if not files:
        output.say("No file follows the library. Try: recto export --follow -o refs.bib")


def _whole_path(target: str) -> str:
    """The absolute path of a file, for --follow, which stores it.

    Raises LibraryError when SQLite cannot store the path.
    """
    path = os.path.abspath(Path(target).expanduser())  # noqa: PTH100
    if not path.isprintable():
        raise LibraryError("the path of a file that follows the library cannot have control characters")
    return path


def _format(target: str, name: str | None) -> ExportFormat | None:
    """The export format with this name or, without a name, the format for the ending of the file `target`.

    Returns None for the format of a whole library. Raises UsageError when `name` is None and no format has the ending
    of the file.
    """
    if name == _WHOLE or (name is None and target.lower().endswith(_WHOLE_ENDING)):
        return None
    chosen = BY_NAME[name] if name else formats.of_file(target)
    if chosen is None:
        raise click.UsageError(f"say which format with --format: {', '.join([*BY_NAME, _WHOLE])}")
    return chosen


def _title(words: Iterable[str], view: View) -> str:
    """The heading of the exported file: the words of the query or, without a query, the name of the view."""
    return " ".join(words) or ("Papers" if view == View("all") else view.name)


def _write_whole(library: Library, target: str, *, with_texts: bool) -> None:
    rows = whole_library.row_count(library)
    with Progress(sys.stderr) as progress:
        pieces = whole_library.pieces(library, lambda done: progress.rows(done, rows), with_texts=with_texts)
        write(target, pieces)
    report(target, f"the whole library, {wording.count(rows, 'row')}")


def write(target: str, pieces: Iterable[bytes]) -> None:
    """Write `pieces` to the file `target`, or to standard output if `target` is "-"."""
    if target != "-":
        target_file.replace(Path(target), pieces)
        return
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    finally:
        # Close the generator now: it may still be reading from the library, which is closed before Python frees the
        # generator.
        if isinstance(pieces, Generator):
            pieces.close()


def report(target: str, text: str) -> None:
    """Print `text`, a message about the file that was written. Print nothing if the export went to standard output."""
    if target != "-":
        output.say(f"{output.path_text(Path(target))}: {text}")


COMMANDS = (export,)
