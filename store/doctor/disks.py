"""Checks the disk of a library: the kind of file system, whether a program synchronizes the folder, and the free space.

SQLite's WAL mode needs memory that all processes share, so it does not work on network file systems. A program that
synchronizes a folder copies the files of an open library at different moments, so the copy is damaged.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from store.doctor.finding import Finding

# The names that Linux and macOS use for the types of network file systems.
_NETWORK_TYPES = re.compile(
    "nfs[34]?|cifs|smb[23]?|smbfs|afpfs|webdav|davfs|afs|coda|9p|ceph|glusterfs|lustre|gpfs|beegfs|orangefs|pvfs2"
    "|vboxsf|vmhgfs|prl_fs"
)
# Types of file systems in user space (FUSE) that show the files of another machine: "fuse." and the name of the
# program.
_NETWORK_PROGRAMS = ("sshfs", "rclone", "s3fs", "gcsfuse", "curlftpfs", "davfs", "glusterfs", "vmhgfs", "gvfsd")
# Maps the name of a file or folder to a program. If a folder contains this name, the program synchronizes that folder
# with all its subfolders.
_SYNCHRONIZED_BY = {
    ".stfolder": "Syncthing",
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".sync": "Resilio Sync",
    ".tmp.driveupload": "Google Drive",
    ".849C9593-D756-4E56-8D6E-42412F2A707B": "OneDrive",
}
# The names of folders, such as "Dropbox", that synchronization programs create. Everything in them is synchronized.
_SYNCHRONIZED_NAMES = re.compile(
    r"(?P<program>Dropbox|OneDrive|Google ?Drive|GoogleDrive|Nextcloud|ownCloud|pCloud ?Drive|MEGA|Mobile Documents)"
    r"(?: .*|-.*|\(.*)?"
)
_PROGRAM_OF_NAME = {"Mobile Documents": "iCloud"}
# recto warns when less space than this is free (bytes), or less than the size of the library, because a backup needs as
# much space as the library.
_LEAST_FREE = 200 * 2**20
_OCTAL = re.compile(r"\\([0-7]{3})")


def network_type(path: Path) -> str | None:
    """The type of the file system of `path` if it is a network file system; None if it is not, or is unknown."""
    kind = _file_system(path)
    name = kind.removeprefix("fuse.")
    is_network = bool(_NETWORK_TYPES.fullmatch(kind)) or (
        kind.startswith("fuse") and name.startswith(_NETWORK_PROGRAMS)
    )
    return name if is_network else None


def synchronizer(path: Path) -> str | None:
    """The name of the program that synchronizes the folder of `path` with other machines; None if there is no sign of
    one.
    """
    for folder in Path(os.path.realpath(path)).parents:
        for name, program in _SYNCHRONIZED_BY.items():
            if os.path.lexists(folder / name):
                return program
        if match := _SYNCHRONIZED_NAMES.fullmatch(folder.name):
            return _PROGRAM_OF_NAME.get(match["program"], match["program"])
    return None


def warning(library: Path) -> str | None:
    """A sentence that warns of damage if the library file `library` is on a network disk or in a synchronized folder;
    else None.
    """
    if kind := network_type(library):
        return f"{library} is on a network file system ({kind}), where it can be damaged; move it to a local disk"
    if program := synchronizer(library):
        return (
            f"{library} is in a folder that {program} synchronizes, which can damage it while it is open;"
            " move it to another folder"
        )
    return None


def examine(library: Path) -> list[Finding]:
    """Findings about the disk of the library file `library`."""
    text = warning(library)
    findings = [
        Finding("disk", text, problem=True) if text else Finding("disk", "The library is on a disk of this machine.")
    ]
    folder = next(each for each in (library, *library.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    size = library.stat().st_size if library.exists() else 0
    needed = max(_LEAST_FREE, size)
    free_text = f"{free / 10**6:,.0f} MB free"
    if free < needed:
        text = f"{free_text}, but recto needs {needed / 10**6:,.0f} MB for a backup and for imports; free some space."
        findings.append(Finding("disk space", text, problem=True))
    else:
        findings.append(Finding("disk space", f"{free_text}."))
    return findings


def _file_system(path: Path) -> str:
    """The type of the file system on which `path` is, for example "ext4" or "fuse.sshfs"; "" when it is unknown."""
    mounts = _mounts_of_linux() if sys.platform == "linux" else _mounts_of_macos()
    real = os.path.realpath(path)
    kind, longest = "", 0
    for place, type_name in mounts:
        if (real == place or real.startswith(f"{place.rstrip('/')}/")) and len(place) >= longest:
            kind, longest = type_name, len(place)
    return kind


def _mounts_of_linux() -> list[tuple[str, str]]:
    """The mount points and the types of their file systems, read from /proc/self/mountinfo (see the manual page
    proc(5)).
    """
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    mounts = []
    for line in lines:
        fields, _, rest = line.partition(" - ")
        place = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields.split(" ")[4])
        mounts.append((place, rest.split(" ")[0]))
    return mounts


def _mounts_of_macos() -> list[tuple[str, str]]:
    """The mount points and the types of their file systems, read from the output of the command mount(8).

    A line of this output is, for example, `//server/share on /Volumes/share (smbfs, nodev)`.
    """
    try:
        output = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [(match[1], match[2]) for match in re.finditer(r"(?m)^.* on (/.*) \((\w+)[,)]", output)]
