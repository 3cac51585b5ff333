"""Three libraries synchronize through a program that damages files.

In the end they are equal, and no saved mark is lost.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from store.library.library import Library
from store.marks import exchange, journal, marking, stored_marks, stored_registers
from store.marks.clock import LARGEST_NUMBER, LATEST, MOST_FOLLOWED, Clock, HybridClock, wall_milliseconds
from store.marks.registers import Register
from store.model.errors import LibraryError
from store.model.paper import Author, Paper
from store.sync import register_lines, rounds, segment_files, unwritten
from tests.store.listings import add_listing
from tests.store.sync.hostile_carrier import MODES, Carrier
from tests.thorough import THOROUGH

WHO = st.integers(0, 2)
# Papers are identified by their titles, because their ids differ between the libraries.
TITLES = [f"Paper {letter}" for letter in "abcdef"]
PAPERS = st.sampled_from(TITLES)
# Clock readings that a hostile machine may write: readings that are refused, the last ones that are accepted, and one
# that is too far ahead, so that no clock is set to it.
FAR = [LARGEST_NUMBER, LATEST + 1, LATEST, LATEST - 1, (wall_milliseconds() + 3 * MOST_FOLLOWED) << 16]
# The number of papers that each library has at the start. The third library gets all papers from the other machines.
KNOWN = (6, 4, 0)


@cache
def library_with(count: int) -> Path:
    """The path of a closed library with the first `count` papers of TITLES."""
    path = Path(tempfile.mkdtemp()) / "library.db"
    papers = (
        Paper(title=title, authors=(Author("Ada Lovelace"),), arxiv_id=f"2310.0000{number}")
        for number, title in enumerate(TITLES[:count], 1)
    )
    with Library.open(path) as library:
        add_listing(library, None, *papers, family="arxiv")
    return path


class _Machine:
    def __init__(self, root: Path, name: str, papers: int) -> None:
        self.folder = root / name
        self.folder.mkdir()
        self.minutes = 0
        self.path = root / f"{name}.db"
        self.backup: Path | None = None
        self.is_restored = self.has_restored = False
        # All device ids that this machine has had. A restored library gets a new one.
        self.devices: set[str] = set()
        shutil.copy(library_with(papers), self.path)
        self.library = Library.open(self.path)

    @contextlib.contextmanager
    def at_its_time(self) -> Iterator[None]:
        now = wall_milliseconds() + self.minutes * 60_000
        with mock.patch.object(HybridClock.__init__, "__defaults__", (0, lambda: now)):
            yield

    def round(self) -> None:
        with self.at_its_time():
            rounds.run(self.library, self.folder)
        self.devices.add(self.device or "")
        self.is_restored = False

    @property
    def device(self) -> str | None:
        return stored_registers.device(self.library.reader())

    def number(self, title: str) -> int | None:
        row = self.library.reader().execute("SELECT id FROM paper WHERE title = ?", (title,)).fetchone()
        return row[0] if row else None

    def registers(self) -> dict[tuple[str, str], Register]:
        connection = self.library.reader()
        names = connection.execute("SELECT DISTINCT paper FROM register").fetchall()
        each = (register for (name,) in names for register in stored_registers.of_identity(connection, name))
        return {(register.paper, register.field): register for register in each}

    def marks(self) -> dict[str, stored_marks.Marks]:
        connection = self.library.reader()
        papers = connection.execute("SELECT id, title FROM paper").fetchall()
        return {title: stored_marks.read(connection, number) for number, title in papers}

    def queue(self) -> list[str]:
        rows = self.library.reader().execute(
            "SELECT title FROM queue JOIN paper ON paper.id = paper_id ORDER BY queue.key, queue.identity"
        )
        return [title for (title,) in rows]

    def lost(self) -> set[str]:
        return {each.text for each in exchange.lost_notes(self.library.reader())}


class Machines(RuleBasedStateMachine):
    """Random marks, syncs, wrong clocks and crashes.

    The simulated program truncates, renames, repeats and damages files.
    """

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.carrier = Carrier(Random(seed))
        self.machines = [_Machine(self.root, name, count) for name, count in zip("abc", KNOWN, strict=True)]
        # `notes` are the notes that no user has replaced after seeing them. `saved` is the latest change of each field
        # on any machine.
        self.notes: set[str] = set()
        self.forged: list[bytes] = []
        self.saved: dict[tuple[str, str], Register] = {}

    def _remember(self, machine: _Machine) -> None:
        for key, register in machine.registers().items():
            if key not in self.saved or self.saved[key].clock < register.clock:
                self.saved[key] = register

    @rule(
        who=WHO,
        title=PAPERS,
        mark=st.sampled_from(["bookmark", "queue", "first", "status", "tag", "no tag", "later"]),
    )
    def mark(self, who: int, title: str, mark: str) -> None:
        machine = self.machines[who]
        number = machine.number(title)
        if number is None:
            return
        with machine.at_its_time(), contextlib.suppress(LibraryError):
            match mark:
                case "bookmark":
                    marking.bookmark(machine.library, [number])
                case "queue":
                    marking.queue(machine.library, [number])
                case "first":
                    marking.queue(machine.library, [number], True, 1)
                case "status":
                    marking.status(machine.library, [number], "done")
                case "tag" | "no tag":
                    added, removed = (["x"], []) if mark == "tag" else ([], ["x"])
                    marking.tag(machine.library, [number], added, removed)
        self._remember(machine)

    @rule(who=WHO, title=PAPERS)
    def note(self, who: int, title: str) -> None:
        machine = self.machines[who]
        number = machine.number(title)
        if number is None:
            return
        before = stored_marks.read(machine.library.reader(), number).note
        text = f"note {len(self.saved)}.{len(self.notes)}.{who}.{self.carrier.chance()}"
        with machine.at_its_time():
            try:
                marking.note(machine.library, number, text)
            except LibraryError:
                return
        self.notes = self.notes - {before} | {text}
        self._remember(machine)

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        machine = self.machines[who]
        shown = {marks.note for marks in machine.marks().values()}
        with machine.at_its_time(), contextlib.suppress(LibraryError):
            journal.undo(machine.library)
        # Undoing removes a note that is shown, or restores an earlier one.
        now = {marks.note for marks in machine.marks().values()}
        self.notes = self.notes - (shown - now) | {note for note in now - shown if note}
        self._remember(machine)

    @rule(who=WHO, title=PAPERS, value=st.sampled_from(["done", "note", "tag"]), number=st.sampled_from(FAR))
    def forge(self, who: int, title: str, value: str, number: int) -> None:
        """Simulate a hostile machine that writes a change with a clock reading far in the future."""
        field, forged = {"done": ("status", ["done", 1]), "note": ("note", "forged"), "tag": ("tag:x", True)}[value]
        identity = f"arxiv:2310.0000{TITLES.index(title) + 1}"
        self.forged.append(register_lines.encode(Register(identity, field, forged, Clock.of(number, "evil"))))
        self._deliver_forged(self.machines[who])

    def _deliver_forged(self, machine: _Machine) -> None:
        (machine.folder / segment_files.NAME).mkdir(exist_ok=True)
        (machine.folder / segment_files.NAME / "evil.0001.rj").write_bytes(b"".join(self.forged))

    @rule(who=WHO, minutes=st.sampled_from([-60, 60, 60 * 24, 60 * 24 * 1_000, -60 * 24 * 1_000, 60 * 24 * 400_000]))
    def change_clock(self, who: int, minutes: int) -> None:
        self.machines[who].minutes += minutes

    @rule(who=WHO)
    def round(self, who: int) -> None:
        self.machines[who].round()

    @rule(who=WHO, where=st.sampled_from(["half a line", "before the flags", "while reading"]))
    def crash(self, who: int, where: str) -> None:
        machine = self.machines[who]
        whole = segment_files._append

        def half(path: Path, data: bytes) -> object:
            whole(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device")

        target, name, broken = {
            "half a line": (segment_files, "_append", half),
            "before the flags": (unwritten, "set_written", mock.Mock(side_effect=_CrashError)),
            "while reading": (rounds.positions, "put", mock.Mock(side_effect=_CrashError)),
        }[where]
        with contextlib.suppress(_CrashError, LibraryError), mock.patch.object(target, name, broken):
            machine.round()

    @rule(source=WHO, to=WHO, mode=st.sampled_from(MODES))
    def carry(self, source: int, to: int, mode: str) -> None:
        # A restored machine has not read its own files again yet. If the only intact copy of such a file is damaged
        # then, its content is lost.
        if source != to and not self.machines[to].is_restored:
            self.carrier.carry(self.machines[source].folder, self.machines[to].folder, mode)

    @rule(who=WHO, own=st.booleans())
    def lose_files(self, who: int, own: bool) -> None:
        """Remove the files of other machines, or with `own` those that this machine writes with its present device id.

        Files with an earlier device id of this machine are not removed, because no machine could write them again.
        """
        machine = self.machines[who]
        if machine.is_restored or machine.device is None:
            return
        for path in (machine.folder / segment_files.NAME).glob("*"):
            writer = path.name.partition(".")[0]
            if writer == machine.device if own else writer not in machine.devices:
                path.unlink()

    @rule(who=WHO)
    def back_up(self, who: int) -> None:
        machine = self.machines[who]
        if machine.has_restored:
            return
        machine.library.close()
        machine.backup = machine.path.with_suffix(".backup")
        shutil.copy(machine.path, machine.backup)
        machine.library = Library.open(machine.path)

    @rule(who=WHO)
    def restore(self, who: int) -> None:
        machine = self.machines[who]
        if machine.backup is None or machine.has_restored:
            return
        machine.has_restored = True
        machine.round()
        machine.library.close()
        shutil.copy(machine.backup, machine.path)
        machine.library = Library.open(machine.path)
        machine.is_restored = True

    def teardown(self) -> None:
        if not hasattr(self, "machines"):
            return
        try:
            for machine in self.machines:
                self._deliver_forged(machine)
            for _ in range(2):
                for source in self.machines:
                    source.round()
                    for target in self.machines:
                        if source is not target:
                            self.carrier.carry_all(source.folder, target.folder)
            for machine in self.machines:
                machine.round()
            self._check()
        finally:
            for machine in self.machines:
                machine.library.close()
            shutil.rmtree(self.root)

    def _check(self) -> None:
        first, *others = self.machines
        registers = first.registers()
        for key, register in self.saved.items():
            assert registers[key].clock >= register.clock, f"the change {register} was lost"
        for other in others:
            assert other.registers() == registers
            assert other.queue() == first.queue()
            shared = {title: marks for title, marks in first.marks().items() if title in other.marks()}
            assert shared == {title: marks for title, marks in other.marks().items() if title in shared}
        assert len(set(first.queue())) == len(first.queue())
        kept = {marks.note for marks in first.marks().values()}
        lost = set().union(*(machine.lost() for machine in self.machines))
        for note in self.notes:
            assert any(note in (shown or "") for shown in kept) or note in lost, f"{note} was lost"


class _CrashError(Exception):
    """A test raises this error to end a sync as a crash would."""


TestMachines = pytest.mark.thorough(Machines.TestCase)
TestMachines.settings = settings(
    max_examples=500 if THOROUGH else 3,
    stateful_step_count=60 if THOROUGH else 30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
