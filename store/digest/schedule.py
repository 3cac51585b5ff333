"""Timers of the operating system that send a digest every day: a systemd user timer, a launchd file, or a cron line.

`plan` returns the files to write, and `install` writes them. Installing again replaces an earlier timer.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from store.exporting import target_file
from store.model.errors import LibraryError
from store.text.clean import clean

Kind = Literal["systemd", "launchd", "cron"]
_NAME = "recto-digest"
_LABEL = "recto.digest"
# recto puts this comment at the end of its line in the crontab, so that it finds the line again.
_MARK = "# recto digest"
# Texts that `crontab -l` prints if the user has no crontab: first those of Linux and macOS, then that of BusyBox.
_NO_CRONTAB = (b"no crontab", b"No such file or directory")
# A program such as `systemctl` is stopped after this time (s).
_SECONDS = 30


class Plan(NamedTuple):
    """The changes that `install` makes. `files` maps the paths of files to their contents. `crontab` is the line that
    is added to the user's crontab.

    `commands` are run afterwards, so that the timer starts at once.
    """

    kind: Kind
    files: dict[Path, str]
    crontab: str = ""
    commands: tuple[tuple[str, ...], ...] = ()

    @property
    def shown(self) -> str:
        """The plan as text. The user reads it and decides whether to install the timer."""
        parts = [f"{path}:\n{text}" for path, text in self.files.items()]
        if self.crontab:
            parts.append(f"a line of crontab:\n{self.crontab}\n")
        parts += [f"then: {shlex.join(command)}" for command in self.commands]
        return "\n".join(parts)


def usual_kind() -> Kind:
    """The kind of timer that is usual on this operating system."""
    if sys.platform == "darwin":
        return "launchd"
    has_systemd = Path("/run/systemd/system").is_dir() and shutil.which("systemctl")
    return "systemd" if has_systemd else "cron"


def plan(kind: Kind, command: Sequence[str], hour: int, minute: int) -> Plan:
    """Plan the timer that runs `command` every day. Raises LibraryError when `command` contains control characters."""
    if any(clean(word) != word or "\n" in word for word in command):
        raise LibraryError("a timer cannot have line breaks or control characters in its command")
    match kind:
        case "systemd":
            return _systemd(command, hour, minute)
        case "launchd":
            return _launchd(command, hour, minute)
        case "cron":
            # cron treats "%" as a line break, even between quotes.
            line = shlex.join(command).replace("%", "\\%")
            return Plan("cron", {}, f"{minute} {hour} * * * {line} {_MARK}")


def install(planned: Plan) -> None:
    """Write the planned files and start the timer. Raises LibraryError when that fails."""
    for path, text in planned.files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"cannot make the folder {path.parent}: {error.strerror}") from error
        target_file.replace(path, [text.encode()])
    if planned.crontab:
        _add_to_crontab(planned.crontab)
    for command in planned.commands:
        _run(command)


def _systemd(command: Sequence[str], hour: int, minute: int) -> Plan:
    folder = _configuration() / "systemd" / "user"
    service = (
        "[Unit]\nDescription=Send a digest of papers with recto\n\n"
        f"[Service]\nType=oneshot\nExecStart={' '.join(map(_for_systemd, command))}\n"
    )
    timer = (
        "[Unit]\nDescription=Send a digest of papers every day\n\n"
        f"[Timer]\nOnCalendar=*-*-* {hour:02}:{minute:02}:00\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return Plan(
        "systemd",
        {folder / f"{_NAME}.service": service, folder / f"{_NAME}.timer": timer},
        commands=(
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", "--now", f"{_NAME}.timer"),
        ),
    )


def _for_systemd(word: str) -> str:
    """Quote a word of a command for a systemd unit, so that systemd does not treat "%" or "$" in it as a variable."""
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, written)
    return f'"{word}"'


def _launchd(command: Sequence[str], hour: int, minute: int) -> Plan:
    path = Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    agent = {
        "Label": _LABEL,
        "ProgramArguments": list(command),
        "StartCalendarInterval": {"Hour": hour, "Minute": minute},
    }
    domain = f"gui/{os.getuid()}"
    return Plan(
        "launchd",
        {path: plistlib.dumps(agent).decode()},
        commands=(("launchctl", "bootstrap", domain, str(path)), ("launchctl", "enable", f"{domain}/{_LABEL}")),
    )


def _add_to_crontab(line: str) -> None:
    """Add the line to the user's crontab. It replaces the line that recto added earlier; all other lines are kept."""
    if shutil.which("crontab") is None:
        raise LibraryError("there is no crontab on this system; put the line into another timer of yours")
    # Split the crontab only at line feeds. `splitlines` would also split at other characters, such as form feeds, which
    # would then be lost.
    present = _crontab().decode("utf-8", "surrogateescape").removesuffix("\n")
    other_lines = [each for each in present.split("\n") if not each.endswith(_MARK)] if present else []
    written = "\n".join([*other_lines, line, ""]).encode("utf-8", "surrogateescape")
    _run(("crontab", "-"), written)


def _crontab() -> bytes:
    """The user's crontab; empty if there is none yet.

    Raises LibraryError when the crontab cannot be read: writing a new one would then delete all lines of the user.
    """
    try:
        result = subprocess.run(
            ("crontab", "-l"), capture_output=True, timeout=_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LibraryError(f"your crontab cannot be read, so it was not changed: {error}") from error
    is_missing = result.returncode == 1 and not result.stdout
    if result.returncode and not (
        is_missing and (not result.stderr or any(sign in result.stderr for sign in _NO_CRONTAB))
    ):
        message = " ".join(clean(result.stderr.decode("utf-8", "replace")).split())[:200]
        raise LibraryError(
            f"your crontab cannot be read, so it was not changed: {message or f'exit {result.returncode}'}"
        )
    return b"" if result.returncode else result.stdout


def _run(command: Sequence[str], stdin: bytes = b"") -> None:
    """Run a program of the system. When it fails, raises LibraryError; the message contains the command, so that the
    user can try it.
    """
    try:
        result = subprocess.run(command, input=stdin, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LibraryError(f"the timer is written but not started: {shlex.join(command)}: {error}") from error
    if result.returncode:
        message = " ".join(clean(result.stderr.decode("utf-8", "replace")).split())[:200]
        raise LibraryError(f"the timer is written but not started: {shlex.join(command)} failed: {message}")


def _configuration() -> Path:
    """The folder of the user's configuration, in which systemd looks for units."""
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(folder) if folder.startswith("/") else Path.home() / ".config"
