"""Two libraries that synchronize through the real programs Syncthing or Git, on one machine, are equal in the end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from store.library.library import Library
from store.marks import marking, stored_marks, stored_registers
from store.sync import rounds, segment_files
from tests.store.sync.test_hostile_carrier import library_with
from tests.waiting import PATIENCE

pytestmark = pytest.mark.faults

# Settings with which Syncthing connects to no other machine.
_OPTIONS = {
    "globalAnnounceEnabled": "false",
    "localAnnounceEnabled": "false",
    "relaysEnabled": "false",
    "natEnabled": "false",
    "stunKeepaliveStartS": "0",
    "urAccepted": "-1",
    "crashReportingEnabled": "false",
    "autoUpgradeIntervalH": "0",
    "startBrowser": "false",
    "reconnectionIntervalS": "1",
}


class _Machine:
    def __init__(self, folder: Path, library: Library) -> None:
        self.folder = folder
        self.library = library

    def round(self) -> None:
        rounds.run(self.library, self.folder)

    def marks(self) -> dict[int, stored_marks.Marks]:
        connection = self.library.reader()
        return stored_marks.read_all(connection, [number for (number,) in connection.execute("SELECT id FROM paper")])

    def queue(self) -> list[int]:
        rows = self.library.reader().execute("SELECT paper_id FROM queue ORDER BY key, identity")
        return [number for (number,) in rows]


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[_Machine, _Machine]]:
    """Two libraries with the same papers and a separate shared folder each, on one machine."""
    with ExitStack() as stack:
        made = []
        for name in ("one", "other"):
            (tmp_path / name).mkdir()
            shutil.copy(library_with(6), tmp_path / f"{name}.db")
            library = stack.enter_context(Library.open(tmp_path / f"{name}.db"))
            with library.writing() as connection:
                stored_registers.renew_device(connection)
            made.append(_Machine(tmp_path / name, library))
        yield made[0], made[1]


def _until(condition: Callable[[], object], *machines: _Machine) -> float:
    """Synchronize both libraries until `condition()` is true. Returns how long that took (s)."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE
        for machine in machines:
            machine.round()
        time.sleep(0.05)
    return time.monotonic() - began


def _are_equal(one: _Machine, other: _Machine) -> bool:
    return one.marks() == other.marks() and one.queue() == other.queue()


def _conflicts(*machines: _Machine) -> list[Path]:
    return [path for each in machines for path in each.folder.rglob("*") if "conflict" in path.name]


class TestSyncthing:
    @pytest.fixture(autouse=True)
    def installed(self) -> None:
        if not shutil.which("syncthing"):
            pytest.skip("syncthing is not installed")

    def test_marks_reach_the_other_machine(self, machines: tuple[_Machine, _Machine], tmp_path: Path) -> None:
        one, other = machines
        with _syncthing(tmp_path, one.folder, other.folder):
            marking.queue(one.library, [1, 2, 3])
            one.round()
            _until(lambda: other.queue() == [1, 2, 3], other)
            for number in range(1, 7):
                marking.note(other.library, number, f"note {number}")
                other.round()
                seconds = _until(lambda number=number: one.marks()[number].note is not None, one)  # type: ignore[misc]
                print(f"an appended line was on the other machine after {seconds:.1f} s")
            marking.move(one.library, 3, 1)
            _until(lambda: other.queue() == [3, 1, 2], one, other)
            assert _are_equal(one, other)
            assert not _conflicts(one, other)

    def test_changes_on_both_machines_without_a_connection_are_put_together(
        self, machines: tuple[_Machine, _Machine], tmp_path: Path
    ) -> None:
        one, other = machines
        with _syncthing(tmp_path, one.folder, other.folder):
            marking.queue(one.library, [1, 2, 3, 4])
            one.round()
            _until(lambda: other.queue() == [1, 2, 3, 4], other)
        marking.move(one.library, 4, 1)
        marking.tag(one.library, [1], ["one"])
        one.round()
        marking.move(other.library, 4, 2)
        marking.tag(other.library, [1], ["other"])
        other.round()
        with _syncthing(tmp_path, one.folder, other.folder):
            _until(lambda: {"one", "other"} == {*one.marks()[1].tags} and _are_equal(one, other), one, other)
        assert sorted(one.queue()) == [1, 2, 3, 4]
        assert one.queue()[:2] in ([4, 1], [1, 4])
        assert not _conflicts(one, other)

    def test_two_copies_of_one_library_become_two_devices(
        self, machines: tuple[_Machine, _Machine], tmp_path: Path
    ) -> None:
        """Both copies write into a file of the same name, so that Syncthing renames one of the files as a conflict."""
        one, other = machines
        with other.library.writing() as connection:
            device = stored_registers.device(one.library.reader())
            connection.execute("UPDATE setting SET value = ? WHERE key = 'device'", (device,))
        marking.note(one.library, 1, "of one")
        one.round()
        time.sleep(0.05)
        marking.note(other.library, 2, "of the other")
        other.round()
        with _syncthing(tmp_path, one.folder, other.folder):
            _until(lambda: one.marks()[2].note and other.marks()[1].note and _are_equal(one, other), one, other)
            marking.note(one.library, 3, "later")
            marking.note(other.library, 4, "later too")
            _until(lambda: one.marks()[4].note and other.marks()[3].note and _are_equal(one, other), one, other)
        devices = {stored_registers.device(each.library.reader()) for each in machines}
        assert len(devices) == 2


@contextmanager
def _syncthing(tmp_path: Path, *folders: Path) -> Iterator[None]:
    """Two instances of Syncthing, which synchronize one folder over the loopback device."""
    ports = [_free_port() for _ in folders]
    homes = [tmp_path / f"syncthing-{number}" for number in range(len(folders))]
    ids = []
    for home in homes:
        if not home.exists():
            command = ["syncthing", "generate", f"--home={home}", "--no-default-folder", "--skip-port-probing"]
            subprocess.run(command, check=True, capture_output=True)
        answer = subprocess.run(["syncthing", f"--home={home}", "--device-id"], check=True, capture_output=True)
        ids.append(answer.stdout.decode().strip())
    for home, folder, port in zip(homes, folders, ports, strict=True):
        _configure(home / "config.xml", folder, port, dict(zip(ids, ports, strict=True)))
        (folder / ".stfolder").mkdir(exist_ok=True)
    command = ["syncthing", "serve", "--no-browser", "--no-restart", "--logfile=-"]
    running = [
        subprocess.Popen([*command, f"--home={home}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for home in homes
    ]
    try:
        yield
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(PATIENCE)


def _configure(path: Path, folder: Path, port: int, ports: dict[str, int]) -> None:
    tree = ET.parse(path)
    root = tree.getroot()
    for old in [*root.findall("device"), *root.findall("folder")]:
        root.remove(old)
    for device, device_port in ports.items():
        ET.SubElement(
            ET.SubElement(root, "device", id=device, name=device[:7]), "address"
        ).text = f"tcp://127.0.0.1:{device_port}"
    shared = ET.SubElement(
        root, "folder", id="recto", path=str(folder), type="sendreceive", rescanIntervalS="3600",
        fsWatcherEnabled="true", fsWatcherDelayS="1",
    )  # fmt: skip
    for device in ports:
        ET.SubElement(shared, "device", id=device)
    options = root.find("options")
    assert options is not None
    for name, value in {**_OPTIONS, "listenAddress": f"tcp://127.0.0.1:{port}"}.items():
        element = options.find(name)
        (element if element is not None else ET.SubElement(options, name)).text = value
    gui = root.find("gui")
    assert gui is not None
    gui.set("enabled", "false")
    tree.write(path)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestGit:
    @pytest.fixture(autouse=True)
    def installed(self) -> None:
        if not shutil.which("git"):
            pytest.skip("git is not installed")

    def test_two_clones_are_equal_after_each_has_pulled_and_pushed(
        self, machines: tuple[_Machine, _Machine], tmp_path: Path
    ) -> None:
        one, other = machines
        _git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "hub.git")
        for machine in machines:
            _git(machine.folder, "init", "--quiet", "--initial-branch=main")
            _git(machine.folder, "remote", "add", "origin", str(tmp_path / "hub.git"))
        for day in range(5):
            marking.queue(one.library, [1 + day], True)
            marking.tag(one.library, [1 + day], ["one"])
            marking.move(one.library, 1 + day, 1)
            marking.queue(other.library, [6 - day], True)
            marking.note(other.library, 1 + day, f"day {day}")
            for machine in machines:
                machine.round()
                _exchange(machine.folder)
                machine.round()
        for machine in (one, other, one):
            machine.round()
            _exchange(machine.folder)
            machine.round()
        assert _are_equal(one, other)
        assert len(one.queue()) == len(set(one.queue())) == 6
        names = {path.name for path in (one.folder / segment_files.NAME).iterdir()}
        assert names == {path.name for path in (other.folder / segment_files.NAME).iterdir()}
        assert len(names) == 2


def _exchange(clone: Path) -> None:
    """Commit, merge what the other clone pushed, and push.

    Only one machine writes each file, so no merge has a conflict.
    """
    _git(clone, "add", "--all")
    if _git(clone, "status", "--porcelain"):
        _git(clone, "commit", "--quiet", "--message", "marks")
    if _git(clone, "ls-remote", "origin", "main"):
        _git(clone, "pull", "--quiet", "--no-rebase", "--no-edit", "--allow-unrelated-histories", "origin", "main")
    _git(clone, "push", "--quiet", "origin", "HEAD:main")


def _git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
