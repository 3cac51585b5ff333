"""Three libraries that a hostile carrier connects are equal in the end, and nothing that was saved is lost."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from store.library.library import Library
from store.model.errors import LibraryError
from store.sync import exchange, note_versions, segment_files
from tests.store.sync.hostile_carrier import MODES, Carrier
from tests.store.sync.registers_in_memory import MemoryStore
from tests.thorough import THOROUGH

START = 1_764_509_400_000
WHO = st.integers(0, 2)
PAPERS = st.sampled_from([f"arxiv:2310.0{number}" for number in range(6)])
MARKS = st.one_of(
    st.tuples(st.just("rating"), st.integers(1, 5) | st.none()),
    st.tuples(st.just("status"), st.sampled_from(["seen", "done"]).map(lambda status: [status, START * 1000])),
    st.tuples(st.sampled_from(["tag:nlp", "tag:ml"]), st.sampled_from([True, None])),
    st.tuples(st.just("queue"), st.sampled_from(["V0001", "V0002"]).map(lambda key: {"key": key, "at": START * 1000})),
)


class _Machine:
    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / name
        self.folder.mkdir()
        self.minutes = 0
        self.store = MemoryStore(name, now=lambda: START + self.minutes * 60_000)
        self.library = Library.open(folder / f"{name}.db")

    def round(self) -> None:
        exchange.exchange(self.library, self.store, self.folder)


class Machines(RuleBasedStateMachine):
    """Marks, rounds, wrong clocks, and a carrier that cuts, renames, repeats, delays and damages files."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.random = Random(seed)
        self.carrier = Carrier(self.random)
        self.machines = [_Machine(self.root, name) for name in ("ada", "bob", "cyd")]
        self.notes: set[str] = set()

    @rule(who=WHO, paper=PAPERS, mark=MARKS)
    def mark(self, who: int, paper: str, mark: tuple[str, Any]) -> None:
        self.machines[who].store.set(None, paper, *mark)

    @rule(who=WHO, paper=PAPERS)
    def note(self, who: int, paper: str) -> None:
        text = f"note {len(self.notes)}"
        self.notes.add(text)
        machine = self.machines[who]
        before = machine.store.current(None, paper, "note")
        # Changing a note that is shown replaces it; so do lost notes, which are shown beside it.
        self.notes -= {before.value} if before else set()
        self.notes -= {each.text for each in note_versions.lost(machine.library.reader(), [paper])}
        machine.store.set(None, paper, "note", text)

    @rule(who=WHO, minutes=st.sampled_from([-60, 60, 60 * 24]))
    def change_clock(self, who: int, minutes: int) -> None:
        self.machines[who].minutes += minutes

    @rule(who=WHO)
    def round(self, who: int) -> None:
        self.machines[who].round()

    @rule(source=WHO, to=WHO, mode=st.sampled_from(MODES))
    def carry(self, source: int, to: int, mode: str) -> None:
        if source != to:
            self.carrier.carry(self.machines[source].folder, self.machines[to].folder, mode)

    @rule(who=WHO)
    def lose_files_of_others(self, who: int) -> None:
        machine = self.machines[who]
        for path in (machine.folder / segment_files.NAME).glob("*"):
            if not path.name.startswith(f"{machine.store.clock.device}."):
                path.unlink()

    @rule(who=WHO)
    def lose_own_files(self, who: int) -> None:
        machine = self.machines[who]
        for path in (machine.folder / segment_files.NAME).glob(f"{machine.store.clock.device}.*"):
            path.unlink()

    @rule(who=WHO)
    def unmount(self, who: int) -> None:
        machine = self.machines[who]
        away = machine.folder.with_name("away")
        machine.folder.rename(away)
        with pytest.raises(LibraryError):
            machine.round()
        away.rename(machine.folder)

    def teardown(self) -> None:
        if not hasattr(self, "machines"):
            return
        try:
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
        first, *others = (machine.store.registers for machine in self.machines)
        assert all(each == first for each in others)
        # Each note is the note of its paper, or it was replaced by its reader, or it is kept as a lost note.
        kept = {register.value for (_, field), register in first.items() if field == "note"}
        for machine in self.machines:
            lost = {each.text for each in note_versions.lost(machine.library.reader())}
            assert self.notes <= kept | lost, f"{machine.folder.name} lost {self.notes - kept - lost}"


TestMachines = pytest.mark.thorough(Machines.TestCase)
TestMachines.settings = settings(
    max_examples=500 if THOROUGH else 6,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
