"""import, read, log, watch: listing files come in."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
import msgspec

from store import report as reports
from store import watcher
from store.importer import Options
from store.intake import take_in, take_in_stream
from store.report import ImportReport, Step
from tui import plain
from tui.cli import desk, json_option, library_option, open_reader

_PATHS = click.Path(path_type=Path, allow_dash=True)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=_PATHS)
@click.option("--format", "format", help="Read the files as this format (see: recto formats).")
@click.option("--listed-on", type=click.DateTime(["%Y-%m-%d"]), help="The listing day, where the file has none.")
@click.option("--events", is_flag=True, hidden=True, help="Print progress and reports as JSON lines.")
@json_option
@library_option
@click.pass_context
def import_(
    context: click.Context,
    paths: tuple[Path, ...],
    format: str | None,
    listed_on: datetime | None,
    events: bool,
    as_json: bool,
) -> None:
    """Import listing files, folders of them, or standard input (-)."""
    today = date.today()
    if listed_on and listed_on.date() > today:
        raise click.UsageError(f"--listed-on {listed_on.date()} is in the future")
    options = Options(today=today, format=format, listed_on=listed_on.date() if listed_on else None)
    library = desk(context).library()
    complete = True
    with _stopping() as stop, _Progress(sys.stderr, events) as progress:

        def found() -> Iterator[ImportReport]:
            files: list[Path] = []
            for path in paths:
                if str(path) != "-":
                    files.append(path)
                    continue
                yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)
                files = []
                yield from take_in_stream(library, sys.stdin.buffer, options, on_step=progress.step, should_stop=stop)
            yield from take_in(library, files, options, on_step=progress.step, should_stop=stop)

        for report in found():
            complete = complete and report.complete
            progress.clear()
            if as_json or events:
                sys.stdout.write(msgspec.json.encode(plain.report_object(report)).decode() + "\n")
                sys.stdout.flush()
            elif report.error:
                plain.complain(plain.report_lines(report)[0])
            else:
                plain.say("\n".join(plain.report_lines(report)))
        if stop():
            plain.complain("stopped; what was read is kept, and the next import of the same files goes on from there")
            context.exit(130)
    context.exit(0 if complete else 1)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@library_option
@click.pass_context
def read(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Open the reader and import these files or folders."""
    open_reader(context, paths)


@click.command()
@click.option("--limit", "-n", default=50, show_default=True, type=click.IntRange(1), help="How many to show.")
@json_option
@library_option
@click.pass_context
def log(context: click.Context, limit: int, as_json: bool) -> None:
    """What was imported, merged and refused, and why; the newest last."""
    entries = reports.read(desk(context).library().reader(), limit)[::-1]
    if as_json:
        plain.say(
            plain.json_lines(
                [
                    {"id": entry.id, "at": entry.at, "state": entry.state, **plain.report_object(entry.report)}
                    for entry in entries
                ]
            )
        )
    elif not entries:
        plain.say("Nothing was imported yet. Try: recto import FILE")
    else:
        plain.say("\n".join(line for entry in entries for line in plain.log_lines(entry)))


@click.group()
def watch() -> None:
    """Folders whose new files are imported while the reader is open."""


@watch.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_add(context: click.Context, folder: Path) -> None:
    """Follow FOLDER and the folders in it."""
    plain.say(f"Following {watcher.add(desk(context).library(), folder)}")


@watch.command("remove")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.pass_context
def watch_remove(context: click.Context, folder: Path) -> None:
    """Follow FOLDER no more. The papers read from it stay."""
    plain.say(f"No longer following {watcher.remove(desk(context).library(), folder)}")


@watch.command("list")
@json_option
@library_option
@click.pass_context
def watch_list(context: click.Context, as_json: bool) -> None:
    """The inbox and the folders that were added."""
    found = watcher.Watch(desk(context).library(), desk(context).places.inbox).folders()
    plain.say(plain.json_lines([str(each) for each in found]) if as_json else _lines(found))


def _lines(values: Iterable[object]) -> str:
    return "\n".join(map(str, values))


@contextmanager
def _stopping() -> Iterator[_Stop]:
    """Ctrl+C and SIGTERM ask the import to stop after the batch at hand instead of tearing it up."""
    stop = _Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stop:
    """Whether a signal asked to stop."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def __call__(self) -> bool:
        return self._asked


class _Progress:
    """A progress bar on a terminal, JSON lines for the reader, nothing elsewhere."""

    def __init__(self, stream: TextIO, events: bool) -> None:
        self._stream = stream
        self._events = events
        self._drawn = False

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def step(self, step: Step) -> None:
        if self._events:
            sys.stdout.write(msgspec.json.encode({"step": step}).decode() + "\n")
            sys.stdout.flush()
        elif self._stream.isatty():
            share = f"{min(1.0, step.done / step.size):4.0%} " if step.size else ""
            name = step.path.rsplit("/", 1)[-1][:40]
            self._stream.write(f"\r\x1b[K{share}{name}: {plain.count(step.entries, 'paper')}")
            self._stream.flush()
            self._drawn = True

    def clear(self) -> None:
        """Take the bar away before a line is printed."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False


COMMANDS = (read, import_, log, watch)
