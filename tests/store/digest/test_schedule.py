"""The timers that send a digest every day."""

from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from store.digest import schedule
from store.model.errors import LibraryError

COMMAND = ["/opt/re cto", "digest", "--send", "--", '100% "$HOME" \\ `x` ünï']


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set PATH to a folder with only the fake programs crontab and systemctl.

    Returns the file to which systemctl appends its arguments.
    """
    folder, called = tmp_path / "bin", tmp_path / "called"
    folder.mkdir()
    table = tmp_path / "crontab"
    scripts = {
        "crontab": f'if [ "$1" = -l ]; then [ -e {table} ] && /bin/cat {table}; else /bin/cat > {table}; fi',
        "systemctl": f'echo "$@" >> {called}',
    }
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    return called


def test_cron_gets_one_line_and_keeps_the_others(programs: Path, tmp_path: Path) -> None:
    table = tmp_path / "crontab"
    table.write_text("5 4 * * * other\n")
    for minute in (30, 45):
        schedule.install(schedule.plan("cron", COMMAND, 7, minute))
    other, line = table.read_text().splitlines()
    assert other == "5 4 * * * other" and line.startswith("45 7 * * * ") and line.endswith(" # recto digest")
    # cron removes the backslash before "%" and passes the rest of the line to the shell.
    assert shlex.split(line.removeprefix("45 7 * * * ").replace("\\%", "%"), comments=True) == COMMAND
    table.unlink()
    schedule.install(schedule.plan("cron", COMMAND, 7, 30))
    assert len(table.read_text().splitlines()) == 1


def test_systemd_gets_a_service_and_a_timer_that_is_started(programs: Path, home: Path) -> None:
    planned = schedule.plan("systemd", COMMAND, 7, 5)
    schedule.install(planned)
    folder = home / ".config" / "systemd" / "user"
    assert "OnCalendar=*-*-* 07:05:00\n" in (folder / "recto-digest.timer").read_text()
    service = (folder / "recto-digest.service").read_text()
    assert 'ExecStart="/opt/re cto" "digest" "--send" "--" "100%% \\"$$HOME\\" \\\\ `x` ünï"\n' in service
    assert programs.read_text() == "--user daemon-reload\n--user enable --now recto-digest.timer\n"
    assert str(folder / "recto-digest.timer") in planned.shown and "then: systemctl --user enable" in planned.shown


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    planned = schedule.plan("systemd", ["/bin/true", *COMMAND[1:]], 7, 5)
    for path, text in planned.files.items():
        (tmp_path / path.name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "recto-digest.timer")], capture_output=True, text=True
    )
    assert "recto-digest" not in checked.stderr


def test_launchd_gets_a_file(home: Path) -> None:
    planned = schedule.plan("launchd", COMMAND, 7, 5)
    ((path, text),) = planned.files.items()
    agent = plistlib.loads(text.encode())
    assert path == home / "Library" / "LaunchAgents" / "recto.digest.plist"
    assert agent["ProgramArguments"] == COMMAND and agent["StartCalendarInterval"] == {"Hour": 7, "Minute": 5}


@pytest.mark.parametrize("word", ["a\nb", "a\x1b[2J", "\u202e"])
def test_a_command_with_control_characters_is_refused(word: str) -> None:
    for kind in ("cron", "systemd", "launchd"):
        with pytest.raises(LibraryError, match="control characters"):
            schedule.plan(kind, ["recto", word], 7, 0)


def test_a_program_that_fails_is_named(programs: Path, tmp_path: Path) -> None:
    (programs.parent / "bin" / "systemctl").write_text("#!/bin/sh\necho 'no bus\x1b[2J' >&2\nexit 1\n")
    with pytest.raises(LibraryError, match=r"written but not started: systemctl --user daemon-reload failed: no bus"):
        schedule.install(schedule.plan("systemd", COMMAND, 7, 5))
    (programs.parent / "bin" / "crontab").unlink()
    with pytest.raises(LibraryError, match="there is no crontab"):
        schedule.install(schedule.plan("cron", COMMAND, 7, 5))


def test_other_lines_of_a_crontab_stay_byte_for_byte(programs: Path, tmp_path: Path) -> None:
    """recto must not split a line of a crontab at a form feed, a next line (U+0085) or a line separator, nor drop blank
    lines.
    """
    table = tmp_path / "crontab"
    others = "# a\x0cb\x1cc\u0085d\u2028e\n\n5 4 * * * other\n\n".encode() + b"# \xff\n"
    for before in (others, others.removesuffix(b"\n")):
        table.write_bytes(before)
        schedule.install(schedule.plan("cron", COMMAND, 7, 30))
        schedule.install(schedule.plan("cron", COMMAND, 7, 45))
        assert table.read_bytes().startswith(others)
        assert table.read_bytes().count(b"\n") == others.count(b"\n") + 1


@pytest.mark.parametrize(
    "reading", ["echo 'cannot open: I/O error' >&2; exit 1", "echo '1 2 * * * a'; exit 1", "kill -9 $$"]
)
def test_a_crontab_that_cannot_be_read_is_not_replaced(programs: Path, tmp_path: Path, reading: str) -> None:
    table = tmp_path / "crontab"
    table.write_text("5 4 * * * other\n")
    (programs.parent / "bin" / "crontab").write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then {reading}; else /bin/cat > {table}; fi\n'
    )
    with pytest.raises(LibraryError, match="so it was not changed"):
        schedule.install(schedule.plan("cron", COMMAND, 7, 30))
    assert table.read_text() == "5 4 * * * other\n"
