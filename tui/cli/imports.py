"""import, read, log, watch: listing files come in."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import click

from store.formats.registry import named
from store.importing import folders as watcher
from store.importing import limits
from store.importing import log as reports
from store.importing.importer import Options
from store.importing.log import ImportReport
from store.importing.sources import take_in, take_in_stream
from store.importing.undo import withdraw
from store.model.paper import ListingError
from store.search import index_sync
from tui.cli import output
from tui.cli.group import desk, json_option, library_option, open_reader
from tui.cli.index import Following
from tui.cli.progress import Progress
from tui.cli.values import counting, day


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
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
    limits.limit_memory()
    limits.share_memory()
    library = desk(context).library()
    complete = True
    with (
        _stopping() as stop,
        Progress(sys.stderr, events) as progress,
        Following(library, progress.indexed, stop),
    ):

        def found() -> Iterator[ImportReport]:
            files: list[Path] = []
            for path in paths:
                if path != "-":
                    files.append(Path(path))
                    continue
                yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)
                files = []
                yield from take_in_stream(
                    library, _standard_input(), options, stop.at_once(), on_step=progress.step, should_stop=stop
                )
            yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)

        for report in found():
            complete = complete and report.complete
            progress.clear()
            if as_json or events:
                output.say_object(output.report_object(report))
            if events:
                continue
            if report.error:
                output.complain(output.report_lines(report)[0])
            elif not as_json:
                output.say("\n".join(output.report_lines(report)))
        if stop():
            output.complain("stopped; what was read is kept, and the next import of the same files goes on from there")
            context.exit(130)
    context.exit(0 if complete else 1)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@library_option
@click.pass_context
def read(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Open the reader and import these files or folders."""
    open_reader(context, paths)


@click.group(invoke_without_command=True)
@click.option("--limit", "-n", default=50, show_default=True, metavar="N", type=counting, help="How many to show.")
@json_option
@library_option
@click.pass_context
def log(context: click.Context, limit: int, as_json: bool) -> None:
    """What was imported, merged and refused, and why; the newest last. Each entry begins with its ID."""
    if context.invoked_subcommand is not None:
        return
    entries = reports.read(desk(context).library().reader(), limit)[::-1]
    if as_json:
        output.say_json(
            {"id": entry.id, "at": entry.at, "state": entry.state, **output.report_object(entry.report)}
            for entry in entries
        )
    elif not entries:
        output.say("Nothing was imported yet. Try: recto import FILE")
    else:
        output.say("\n".join(line for entry in entries for line in output.log_lines(entry)))


@log.command("undo")
@click.argument("id", type=counting)
@library_option
@click.pass_context
def log_undo(context: click.Context, id: int) -> None:
    """Take the import ID back whole. What other listings say, and what you marked, stays."""
    library = desk(context).library()
    done = withdraw(library, id)
    kept = f", {done.kept} kept for your marks" if done.kept else ""
    output.say(
        f"Took back {done.path}: {output.count(done.entries, 'entry', 'entries')},"
        f" {output.count(done.removed, 'paper')} removed{kept}"
    )
    with Progress(sys.stderr) as progress:
        index_sync.catch_up(library, on_step=progress.indexed)


@log.command("retry")
@click.argument("id", type=counting)
@library_option
@click.pass_context
def log_retry(context: click.Context, id: int) -> None:
    """Import the file of the log entry ID again."""
    path = reports.entry(desk(context).library().reader(), id).report.path
    # A file inside an archive is logged as ARCHIVE!NAME.
    context.invoke(import_, paths=(path.partition("!")[0],), format=None, listed_on=None, events=False, as_json=False)


@click.group()
def watch() -> None:
    """Folders whose new files are imported while the reader is open."""


@watch.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_add(context: click.Context, folder: Path) -> None:
    """Follow FOLDER and the folders in it."""
    output.say(f"Following {output.path_text(watcher.add(desk(context).library(), folder))}")


@watch.command("remove")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_remove(context: click.Context, folder: Path) -> None:
    """Follow FOLDER no more. The papers read from it stay."""
    output.say(f"No longer following {output.path_text(watcher.remove(desk(context).library(), folder))}")


@watch.command("list")
@json_option
@library_option
@click.pass_context
def watch_list(context: click.Context, as_json: bool) -> None:
    """The inbox and the folders that were added."""
    folders = watcher.Watch(desk(context).library(), desk(context).places.inbox).folders()
    found = [output.path_text(folder) for folder in folders]
    if as_json:
        output.say_json(found)
    else:
        output.say("\n".join(found))


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise ListingError("standard input is closed; give it a file, as in: recto import - < FILE")
    return sys.stdin.buffer


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Ctrl+C and SIGTERM ask the import to stop after the batch at hand instead of tearing it up."""
    stop = _Stop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # Under nohup, and behind "&" in a script, some are ignored on purpose.
    heard = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, stop.ask)
    try:
        yield stop
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)


class _Stop:
    """Whether a signal asked to stop. Who asks a second time does not want to wait."""

    def __init__(self) -> None:
        self._asked = False
        self._at_once = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked or self._at_once:
            raise KeyboardInterrupt
        self._asked = True

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """While nothing is being written there is nothing to finish."""
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False

    def __call__(self) -> bool:
        return self._asked


COMMANDS = (read, import_, log, watch)
