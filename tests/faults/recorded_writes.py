"""Records with strace what a program writes to the disk, and computes what the disk may contain after a power loss.

The model of the disk:

- A write that was followed by a completed fsync or fdatasync of its file is on the disk.
- Of every other write, any sector (512 bytes) may be on the disk or missing, independently of all other sectors. A
  missing sector has its old content, or zeros if it is after the old end of the file.
- A change of the size of a file that was not followed by a sync is on the disk or not.
- Of the changes of names (files created, renamed, removed) since the folder was last synced, the first ones are on the
  disk, and the later ones are not: file systems with a journal keep their order.
- The shared memory of the WAL (-shm) may have any content, so it is left out; SQLite creates it anew.
"""

from __future__ import annotations

import dataclasses
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

_SECTOR = 512
_CALLS = "open,openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_FILE = re.compile(r"^\d+<([^>]*)>")
_TEXT = re.compile(r'"([^"]*)"')
_DELETED = " (deleted)"


@dataclasses.dataclass(frozen=True)
class Call:
    """A system call.

    `path` is the file or folder, and `data` the bytes that were written at `offset`, or at the end if that is None.

    For the call "truncate", `offset` is the new size, and for "rename", `target` is the new path.
    """

    name: str
    path: str
    data: bytes = b""
    offset: int = 0
    target: str = ""


def record(command: Sequence[str], log: Path) -> list[Call]:
    """Run a command under strace and return its calls, in their order. Raises CalledProcessError when it fails."""
    options = ["-f", "-qq", "-y", "-xx", "-s", "100000000", "-e", f"trace={_CALLS}", "-o", str(log)]
    subprocess.run(["strace", *options, *command], check=True, stdout=subprocess.DEVNULL)
    with log.open(encoding="ascii") as lines:
        return [call for line in lines if (call := _parsed(line)) is not None]


def _parsed(line: str) -> Call | None:
    match = _CALL.match(line)
    if match is None or int(match[3]) < 0:
        return None
    name, arguments, result = match[1], match[2], int(match[3])
    if name in ("open", "openat"):
        paths = _TEXT.findall(arguments)
        return Call("create", _text(paths[-1]).decode()) if "O_CREAT" in arguments else None
    if name in ("unlink", "unlinkat"):
        return Call("remove", _text(_TEXT.findall(arguments)[-1]).decode())
    if name == "rename":
        source, target = (_text(path).decode() for path in _TEXT.findall(arguments))
        return Call("rename", source, target=target)
    file = _FILE.match(arguments)
    if file is None:
        return None
    path = _text(file[1]).decode("utf-8", "replace").removesuffix(_DELETED)
    if name in ("fsync", "fdatasync"):
        return Call("sync", path)
    if name == "ftruncate":
        return Call("truncate", path, offset=int(arguments.rpartition(", ")[2]))
    text = _TEXT.search(arguments)
    data = _text(text[1])[:result] if text is not None else b""
    return Call(name, path, data, int(arguments.rpartition(", ")[2]) if name == "pwrite64" else -1)


def _text(escaped: str) -> bytes:
    """The bytes of a text that strace printed in hexadecimal."""
    return bytes.fromhex(escaped.replace("\\x", ""))


@dataclasses.dataclass
class _File:
    """A file on the simulated disk: its content on the disk, and the calls since its last sync."""

    content: bytearray = dataclasses.field(default_factory=bytearray)
    waiting: list[Call] = dataclasses.field(default_factory=list)


class Disk:
    """A simulated disk with one folder, to which the recorded calls are applied one by one."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        # The files by name: in the state on the disk, and in the state that programs see.
        self._stored: dict[str, _File] = {}
        self._seen: dict[str, _File] = {}
        # The changes of file names since the last sync of the folder: a name and its file, or None for a removed name.
        self._names: list[dict[str, _File | None]] = []

    def apply(self, call: Call) -> None:
        """Apply one call. Calls about other folders, and about the shared memory (-shm), are ignored."""
        if call.name == "sync" and call.path == self._folder:
            self._sync_names()
            return
        folder, _, name = call.path.rpartition("/")
        if folder != self._folder or name.endswith("-shm"):
            return
        if call.name == "create":
            if name not in self._seen:
                self._change_names({name: _File()})
        elif call.name == "remove":
            self._change_names({name: None})
        elif call.name == "rename":
            self._change_names({call.target.rpartition("/")[2]: self._seen[name], name: None})
        elif (file := self._seen.get(name)) is not None:
            if call.name == "sync":
                file.content = _after(file.content, file.waiting, None)
                file.waiting.clear()
            else:
                file.waiting.append(call)

    def after_power_loss(self, chance: random.Random) -> dict[str, bytes]:
        """The content of each file that the disk may have if the power fails now."""
        names = dict(self._stored)
        for change in self._names[: chance.randint(0, len(self._names))]:
            for name, file in change.items():
                if file is None:
                    names.pop(name, None)
                else:
                    names[name] = file
        return {name: bytes(_after(file.content, file.waiting, chance)) for name, file in names.items()}

    def _change_names(self, change: dict[str, _File | None]) -> None:
        self._names.append(change)
        for name, file in change.items():
            if file is None:
                self._seen.pop(name, None)
            else:
                self._seen[name] = file

    def _sync_names(self) -> None:
        self._names.clear()
        self._stored = dict(self._seen)


def _after(before: bytearray, calls: Sequence[Call], chance: random.Random | None) -> bytearray:
    """The content of a file after `calls`. If a `chance` is given, any part of the calls may be missing."""
    content = bytearray(before)
    for call in calls:
        if call.name == "truncate":
            if chance is None or chance.random() < 0.5:
                content = content[: call.offset].ljust(call.offset, b"\0")
            continue
        start = call.offset if call.name == "pwrite64" else len(content)
        for offset, sector in _kept(start, call.data, chance):
            if len(content) < offset:
                content.extend(bytes(offset - len(content)))
            content[offset : offset + len(sector)] = sector
    return content


def _kept(offset: int, data: bytes, chance: random.Random | None) -> Iterator[tuple[int, bytes]]:
    """The parts of a write that reached the disk: all, none, or some of its sectors."""
    share = 1.0 if chance is None else chance.choice((0.0, 0.0, 1.0, 1.0, 0.5, 0.9))
    if share in (0.0, 1.0):
        yield from [(offset, data)] if share else []
        return
    assert chance is not None
    at = 0
    while at < len(data):
        size = _SECTOR - (offset + at) % _SECTOR
        if chance.random() < share:
            yield offset + at, data[at : at + size]
        at += size
