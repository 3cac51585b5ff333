"""The command `sync`, which keeps the libraries of several machines equal through a shared folder."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from store.library.library import Library
from store.marks import exchange
from store.marks.exchange import LostNote
from store.model.errors import LibraryError
from store.papers import list_rows, paper_names
from store.sync import devices, positions, rounds
from store.sync import status as sync_status
from store.sync.status import NamedDevice, Status
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.render import sync_wording, wording

_ROUND = "round"


class _SyncGroup(click.Group):
    """A group whose first argument may also be a folder: `recto sync FOLDER` synchronizes once with that folder."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        named = next((each for each in arguments if not each.startswith("-")), None)
        if named not in self.commands and not {"-h", "--help"} & set(arguments):
            arguments = [_ROUND, *arguments]
        return super().parse_args(context, arguments)

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage("recto sync", "[FOLDER] | status | forget ID | off")


@click.group(cls=_SyncGroup)
def sync() -> None:
    """Keep the libraries of several machines equal through a folder.

    Something else must carry the folder between the machines: Syncthing, Git, Dropbox, a USB stick. `recto sync FOLDER`
    reads the new changes in FOLDER, writes the new changes of this library into it, and remembers the folder. While the
    reader is open, it does so by itself. Without FOLDER, the remembered folder is used.
    """


@sync.command(_ROUND, hidden=True)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="The name of this machine, which the others show.")
@json_option
@library_option
@click.pass_context
def sync_round(context: click.Context, folder: Path | None, name: str | None, as_json: bool) -> None:
    """Run one round, and remember FOLDER."""
    library = invocation(context).library()
    folder = positions.full_path(folder) if folder else positions.folder(library.reader())
    if folder is None:
        raise LibraryError("no folder is set; name one with: recto sync FOLDER")
    devices.set_name(library, name or socket.gethostname(), replace=name is not None)
    result = rounds.run(library, folder)
    if as_json:
        output.say_object(result)
    else:
        output.say(sync_wording.round_text(result))
    for problem in result.unreadable:
        output.complain(f"not read: {problem}")
    if result.unreadable:
        context.exit(1)


@sync.command("status", short_help="Show when each machine was last seen, and what waits.")
@json_option
@library_option
@click.pass_context
def sync_status_(context: click.Context, as_json: bool) -> None:
    """Show when each machine was last seen, changes that wait, clocks that are ahead, and replaced notes."""
    connection = invocation(context).library().reader()
    state = sync_status.status(connection)
    if as_json:
        output.say_object(_state_object(state))
        return
    output.say("\n".join(_state_lines(state)))
    for note in state.lost_notes:
        title = None if note.paper is None else list_rows.read(connection, [note.paper])[0].title
        output.say("\n".join(["", *_lost_note_lines(note, title, devices.name(connection, note.clock.device))]))


@sync.command("forget", short_help="Remove old notes that were replaced by a later note.")
@click.argument("paper", metavar="ID")
@library_option
@click.pass_context
def sync_forget(context: click.Context, paper: str) -> None:
    """Remove the old notes on a paper that were replaced by a later note from another machine."""
    library = invocation(context).library()
    number = paper_names.find_paper(library.reader(), paper)
    notes = exchange.lost_notes(library.reader(), number)
    for note in notes:
        exchange.forget_note(library, note)
    output.say(f"{wording.count(len(notes), 'lost note')} removed")


@sync.command("off")
@library_option
@click.pass_context
def sync_off(context: click.Context) -> None:
    """Stop using the shared folder. Nothing is removed from the library or from the folder."""
    library: Library = invocation(context).library()
    folder = positions.folder(library.reader())
    if folder is None:
        raise LibraryError("no folder is set; name one with: recto sync FOLDER")
    with library.writing() as connection:
        positions.set_folder(connection, None)
    output.say(f"No longer kept equal through {output.path_text(folder)}")


def _state_object(state: Status) -> dict[str, Any]:
    return {
        "folder": None if state.folder is None else output.path_text(state.folder),
        "devices": [
            {
                "id": each.device.id,
                "name": each.name,
                "this_machine": each.is_own,
                "last_seen": _utc(each.device.read),
                "newest_change": _utc(each.device.newest),
                "clock_ahead_seconds": each.device.ahead // 1000,
            }
            for each in state.devices
        ],
        "unwritten": state.unwritten,
        "waiting_papers": state.waiting,
        "damaged_lines": state.damaged,
        "lost_notes": [
            {
                "id": each.paper,
                "paper": each.identity,
                "text": each.text,
                "device": each.clock.device,
                "written": _utc(each.clock.milliseconds),
            }
            for each in state.lost_notes
        ],
    }


def _state_lines(state: Status) -> list[str]:
    if state.folder is None:
        return ["No folder is set; name one with: recto sync FOLDER"]
    lines = [f"Folder: {output.path_text(state.folder)}", ""]
    names = [each.name or each.device.id for each in state.devices]
    width = max((len(wording.one_line(name)) for name in names), default=0)
    lines += [f"{wording.one_line(each.name or each.device.id):<{width}}  {_seen(each)}" for each in state.devices]
    lines += [""] if state.devices else []
    if state.unwritten:
        lines.append(f"{wording.count(state.unwritten, 'change')} not yet in the folder; write them with: recto sync")
    if state.waiting:
        lines.append(f"{wording.count(state.waiting, 'marked paper')} not in this library: their marks wait for them")
    if state.damaged:
        lines.append(
            f"{wording.count(state.damaged, 'damaged line')} in the folder: they are read when they come whole"
        )
    if not (state.unwritten or state.waiting or state.damaged):
        lines.append("Nothing waits.")
    return lines


def _seen(each: NamedDevice) -> str:
    changed = f"newest change {_local(each.device.newest)}"
    text = f"this machine, {changed}" if each.is_own else f"last seen {_local(each.device.read)}, {changed}"
    if each.device.ahead:
        text += (
            f"; its clock is {sync_wording.duration(each.device.ahead // 1000)} ahead, so its changes win: set it right"
        )
    return text


def _lost_note_lines(note: LostNote, title: str | None, device_name: str | None) -> list[str]:
    paper = f"{note.paper} {wording.one_line(title)}" if title else note.identity
    device = wording.one_line(device_name or note.clock.device)
    return [
        f"A note on: {paper}",
        f"Written on {device} {_local(note.clock.milliseconds)}, it lost to a later note. It said:",
        *(f"  {line}" for line in note.text.splitlines()),
        *([f"Remove it with: recto sync forget {note.paper}"] if note.paper is not None else []),
    ]


def _local(milliseconds: int) -> str:
    """A time as text in the local time zone, or the bare number if the time is too large for a date."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):
        return str(milliseconds)


def _utc(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return str(milliseconds)


COMMANDS = (sync,)
