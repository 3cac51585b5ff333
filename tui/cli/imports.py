"""The command `import`, which reads listings into the library. A listing is a file with a list of papers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from store.exporting import whole_library
from store.formats.registry import named
from store.importing import resource_limits
from store.importing.importer import Options
from store.importing.log import ImportReport
from store.importing.sources import take_in, take_in_stream
from store.library import side_files
from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from store.papers import samples
from store.search import arrivals
from store.texts import text_store
from tui.actions.samples import sample_folder
from tui.cli import output
from tui.cli.import_totals import ImportTotals
from tui.cli.index import Following, say_returned
from tui.cli.options import invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.cli.stopping import Stop, stop_on_signals
from tui.cli.values import day
from tui.render import wording
from tui.settings import texts as text_settings

# The exit code that shells use for a program that was ended by SIGINT (128 + 2).
_INTERRUPTED = 130


@click.command("import")
# With `readable=True`, click would refuse the whole command when one file cannot be read. Without it, the importer
# reports the unreadable file and imports the other files.
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, allow_dash=True))
@click.option("--format", "format", help="Read the files as this format (see: recto formats).")
@click.option("--listed-on", metavar="DATE", type=day, help="The listing day, where the file has none.")
@click.option("--events", is_flag=True, hidden=True, help="Print progress and reports as JSON lines.")
@json_option
@library_option
@click.pass_context
def import_(
    context: click.Context,
    paths: tuple[str, ...],
    format: str | None,
    listed_on: date | None,
    events: bool,
    as_json: bool,
) -> None:
    """Import listing files, folders of them, or standard input (-)."""
    today = date.today()
    if listed_on and listed_on > today:
        raise click.UsageError(f"--listed-on {listed_on} is in the future")
    if format is not None:
        try:
            named(format)
        except ListingError as error:
            raise click.UsageError(str(error)) from None
    options = Options(today=today, format=format, listed_on=listed_on)
    resource_limits.limit_memory()
    resource_limits.share_memory()
    library = invocation(context).library()
    options = msgspec.structs.replace(options, texts_limit=text_settings.limit(library))
    if whole := next((path for path in paths if _is_whole_library(path)), None):
        if len(paths) > 1:
            raise click.UsageError(f"{whole} is a whole library; import it alone, into a new library")
        _restore(library, Path(whole), as_json=as_json, events=events)
        return
    complete = True
    totals = ImportTotals()
    newest = arrivals.newest_paper(library.reader())
    with (
        stop_on_signals() as stop,
        Progress(sys.stderr, events) as progress,
        Following(library, progress.indexed, stop),
    ):
        for report in _reports(library, paths, options, progress, stop):
            complete = complete and report.complete
            progress.clear()
            if totals.add(report) or as_json or events:
                _print(report, as_json=as_json, events=events)
        if not as_json and not events:
            _print_totals(totals)
        folder = sample_folder().resolve()
        if any(path != "-" and samples.is_inside(path, folder) for path in paths):
            samples.remember(library, folder)
        if stop():
            output.complain("stopped; what was read is kept, and the next import of the same files goes on from there")
            context.exit(_INTERRUPTED)
    say_returned(library, newest, events=events, quiet=as_json)
    context.exit(0 if complete else 1)


def _print_totals(totals: ImportTotals) -> None:
    for line in totals.unnamed():
        output.complain(line)
    if totals.text:
        output.say(totals.text)


def _is_whole_library(path: str) -> bool:
    """Whether the file `path` contains a whole library that was exported by `recto export`."""
    if path == "-" or not path.endswith(".jsonl"):
        return False
    try:
        with os.fdopen(side_files.open_regular(Path(path), follow_links=True), "rb") as file:
            return whole_library.is_export(file.read(100))
    except (OSError, ValueError):
        # Do not print an error if the file cannot be read: the importer will report it.
        return False


def _restore(library: Library, path: Path, *, events: bool, as_json: bool) -> None:
    """Fill the empty `library` with the exported library in the file `path`, and print how many rows were restored.

    Raises an error when `library` is not empty.
    """
    with (
        os.fdopen(side_files.open_regular(path, follow_links=True), "rb") as file,
        Progress(sys.stderr, events) as progress,
    ):
        rows = whole_library.restore(library, file, lambda done: progress.rows(done, 0))
        missing = _read_texts(library)
    if as_json:
        output.say_object({"path": output.path_text(path), "rows": rows})
    else:
        output.say(f"{output.path_text(path)}: the whole library, {wording.count(rows, 'row')}")
    if missing:
        output.complain(
            f"{wording.count(missing, 'full text')} cannot be read here; an export has their files only with --texts"
        )


def _read_texts(library: Library) -> int:
    """Parse the stored files of the full texts of a restored library again. Returns how many cannot be parsed."""
    missing = 0
    for stored in text_store.every(library.reader()):
        try:
            text_store.load(library, stored)
        except LibraryError:
            missing += 1
    return missing


def _reports(
    library: Library, paths: tuple[str, ...], options: Options, progress: Progress, stop: Stop
) -> Iterator[ImportReport]:
    """Import `paths` in order and yield a report for each listing in them. The path "-" means standard input."""
    files: list[Path] = []
    for path in paths:
        if path != "-":
            files.append(Path(path))
            continue
        yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)
        files = []
        yield from take_in_stream(
            library, _standard_input(), options, stop.immediate(), on_step=progress.step, should_stop=stop
        )
    yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)


def _print(report: ImportReport, *, as_json: bool, events: bool) -> None:
    """Print the report of an import as a JSON object or as lines of text.

    If `events` is set, the application has started this process and reads its output. So everything is printed as JSON,
    including errors.
    """
    if as_json or events:
        output.say_object(output.report_object(report))
    if events:
        return
    if report.error:
        output.complain(wording.report_lines(report)[0])
    elif not as_json:
        output.say("\n".join(wording.report_lines(report)))


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise ListingError("standard input is closed; give it a file, as in: recto import - < FILE")
    return sys.stdin.buffer


COMMANDS = (import_,)
