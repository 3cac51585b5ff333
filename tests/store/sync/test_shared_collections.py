"""A collection that several people share through a folder: who added which paper, and which data is never sent."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from store.library.library import Library
from store.marks import collections, journal, marking, saved_filters, sharing, stored_marks, stored_registers
from store.marks.clock import Clock, wall_milliseconds
from store.marks.registers import Register
from store.marks.saved_filters import SavedFilter
from store.model.errors import LibraryError
from store.sync import register_lines, rounds, segment_files, shared_collections, status
from store.sync.shared_collections import FIELD, NAME, SharedResult
from tests.store.sync.hostile_carrier import MODES, Carrier
from tests.store.sync.test_hostile_carrier import TITLES, library_with
from tests.thorough import THOROUGH


class Person:
    """A person with a library. The collection in this library has the name of the person, `name`."""

    def __init__(self, root: Path, name: str, papers: int, folder: Path | None = None) -> None:
        self.name = name
        self.group = f"{name}'s group"
        self.folder = folder or root / name
        self.folder.mkdir(exist_ok=True)
        shutil.copy(library_with(papers), root / f"{name}.db")
        self.library = Library.open(root / f"{name}.db")
        with self.library.writing() as connection:
            stored_registers.renew_device(connection)

    def share(self) -> SharedResult:
        sharing.share(self.library, self.group, self.folder, self.name)
        return self.round()

    def round(self) -> SharedResult:
        (share,) = sharing.shares(self.library.reader())
        return shared_collections.run(self.library, share)

    def number(self, title: str) -> int:
        (number,) = self.library.reader().execute("SELECT id FROM paper WHERE title = ?", (title,)).fetchone()
        return int(number)

    def add(self, title: str, because: str | None = None) -> None:
        collections.add(self.library, [self.number(title)], self.group, because=because)

    def list(self) -> list[tuple[str, str | None, str | None]]:
        """For each paper of the collection: its title, the person who added it, and the reason why."""
        return self.library.reader().execute(
            "SELECT p.title, c.added_by, c.because FROM collection c JOIN paper p ON p.id = c.paper_id"
            " WHERE c.name = ? ORDER BY c.key, c.identity",
            (self.group,),
        ).fetchall()  # fmt: skip


@pytest.fixture
def people(tmp_path: Path) -> Iterator[tuple[Person, Person]]:
    """Two people with the same shared folder. The library of the second person is empty."""
    folder = tmp_path / "folder"
    ada, bob = Person(tmp_path, "ada", 6, folder), Person(tmp_path, "bob", 0, folder)
    yield ada, bob
    ada.library.close()
    bob.library.close()


def test_each_sees_who_added_what_and_why(people: tuple[Person, Person]) -> None:
    ada, bob = people
    ada.add(TITLES[0])
    ada.share()
    ada.add(TITLES[1], "the proof in section 3")
    ada.round()
    result = bob.share()
    assert (result.applied, result.papers, result.added) == (2, 2, {"ada": 2})
    assert bob.list() == [(TITLES[0], "ada", None), (TITLES[1], "ada", "the proof in section 3")]
    # Bob moves a paper in the collection and adds a reason. Ada still counts as the person who added the paper.
    collections.move(bob.library, [bob.number(TITLES[1])], bob.group, 1)
    bob.add(TITLES[0], "read this one first")
    bob.round()
    assert ada.round().added == {}
    assert ada.list() == bob.list()
    assert ada.list() == [(TITLES[1], "ada", "the proof in section 3"), (TITLES[0], "ada", "read this one first")]
    assert collections.people(bob.library.reader(), bob.group) == ["ada"]


def test_a_removed_paper_disappears_for_everybody_and_undo_restores_it(people: tuple[Person, Person]) -> None:
    ada, bob = people
    ada.add(TITLES[0])
    ada.share()
    bob.share()
    collections.remove(bob.library, [bob.number(TITLES[0])], bob.group)
    bob.round()
    ada.round()
    assert ada.list() == []
    assert journal.undo(bob.library) is not None
    bob.round()
    ada.round()
    assert ada.list() == bob.list() == [(TITLES[0], "ada", None)]


def test_personal_marks_never_go_into_the_folder(people: tuple[Person, Person]) -> None:
    ada, bob = people
    numbers = [ada.number(title) for title in TITLES]
    marking.note(ada.library, numbers[0], "my secret note")
    marking.tag(ada.library, numbers, ["secret-tag"])
    marking.rate(ada.library, numbers, 5)
    marking.bookmark(ada.library, numbers, True)
    marking.status(ada.library, numbers, "reading")
    marking.queue(ada.library, numbers, True, because="secret reason")
    marking.postpone(ada.library, numbers[4:], date(2999, 1, 1))
    collections.add(ada.library, numbers, "secret collection", because="secret cause")
    saved_filters.save(ada.library, SavedFilter("secret view", "secret-filter"))
    ada.share()
    for title in TITLES[:3]:
        ada.add(title)
    ada.round()
    bob.share()
    ada.round()
    assert len(bob.list()) == 3
    written = b"".join(path.read_bytes() for path in (ada.folder / NAME).iterdir())
    for word in ("secret", "reading", "bookmark", "status", "rating", "tag:", "note", "queue", "2999", ada.group):
        assert word.encode() not in written, word
    # The titles of papers outside the collection are not sent.
    assert TITLES[3].encode() not in written
    registers = [register_lines.decode(line) for line in written.splitlines()]
    assert {each.field for each in registers if each is not None} == {FIELD}


def test_leaving_a_shared_collection_keeps_the_papers_for_everybody(people: tuple[Person, Person]) -> None:
    ada, bob = people
    ada.add(TITLES[0])
    ada.share()
    bob.share()
    sharing.leave(bob.library, bob.group)
    assert sharing.shares(bob.library.reader()) == []
    collections.remove(bob.library, [bob.number(TITLES[0])], bob.group)
    assert list(shared_collections.run_all(bob.library)) == []
    ada.add(TITLES[1])
    ada.round()
    assert len(ada.list()) == 2
    with pytest.raises(LibraryError, match="not shared"):
        sharing.leave(bob.library, bob.group)
    # Undoing both steps makes the person a member of the shared collection again.
    journal.undo(bob.library)
    journal.undo(bob.library)
    bob.round()
    assert len(bob.list()) == 2


def test_changes_made_just_before_leaving_reach_the_others(people: tuple[Person, Person]) -> None:
    ada, bob = people
    ada.share()
    bob.share()
    ada.add(TITLES[0], "the proof")
    shared_collections.end(ada.library, ada.group)
    bob.round()
    assert [(title, because) for title, _, because in bob.list()] == [(TITLES[0], "the proof")]
    ada.share()
    ada.folder.rename(ada.folder.with_name("away"))
    shared_collections.end(ada.library, ada.group)
    assert sharing.shares(ada.library.reader()) == []


@pytest.mark.parametrize("change", ["delete", "rename"])
def test_deleting_or_renaming_takes_nothing_from_others(people: tuple[Person, Person], change: str) -> None:
    ada, bob = people
    ada.add(TITLES[0], "why")
    ada.share()
    bob.share()
    if change == "delete":
        collections.delete(bob.library, bob.group)
        assert list(shared_collections.run_all(bob.library)) == []
    else:
        collections.rename(bob.library, bob.group, "Reading")
        bob.group = "Reading"
        assert bob.list() == [(TITLES[0], "ada", "why")]
        bob.round()
    ada.round()
    assert ada.list() == [(TITLES[0], "ada", "why")]
    journal.undo(bob.library)
    bob.group = "bob's group"
    bob.round()
    ada.round()
    assert ada.list() == bob.list() == [(TITLES[0], "ada", "why")]


def test_a_shared_collection_is_not_merged_with_another(people: tuple[Person, Person]) -> None:
    ada, _ = people
    collections.add(ada.library, [1], "Private")
    ada.add(TITLES[1])
    ada.share()
    for old, new in ((ada.group, "Private"), ("Private", ada.group)):
        with pytest.raises(LibraryError, match="is shared"):
            collections.rename(ada.library, old, new)


def test_the_folder_of_the_own_machines_is_not_shared_and_a_shared_one_not_synchronized(
    people: tuple[Person, Person], tmp_path: Path
) -> None:
    ada, bob = people
    ada.add(TITLES[0])
    ada.share()
    with pytest.raises(LibraryError, match="other people put papers into"):
        rounds.run(ada.library, ada.folder)
    assert not (ada.folder / segment_files.NAME).exists()
    own = tmp_path / "own"
    own.mkdir()
    rounds.run(bob.library, own)
    sharing.share(bob.library, bob.group, own, "bob")
    with pytest.raises(LibraryError, match="has the marks of your own machines"):
        bob.round()
    assert not (own / NAME).exists()


def test_another_machine_of_a_person_takes_part_without_the_shared_folder(
    people: tuple[Person, Person], tmp_path: Path
) -> None:
    ada, bob = people
    ada.add(TITLES[0])
    ada.share()
    bob.share()
    own = tmp_path / "own"
    own.mkdir()
    laptop = Person(tmp_path, "laptop", 2)
    laptop.group = bob.group
    rounds.run(bob.library, own)
    rounds.run(laptop.library, own)
    assert laptop.list() == [(TITLES[0], "ada", None)]
    assert [each.folder for each in sharing.shares(laptop.library.reader())] == [None]
    # A paper that Bob adds on his laptop is sent to Ada by his first machine. She sees that Bob added it.
    laptop.add(TITLES[1])
    rounds.run(laptop.library, own)
    rounds.run(bob.library, own)
    bob.round()
    ada.round()
    assert ada.list() == [(TITLES[0], "ada", None), (TITLES[1], "bob", None)]
    # Ada's machine is not in the list of Bob's own machines, although they share a folder.
    ada_device = stored_registers.device(ada.library.reader())
    assert ada_device not in [each.device.id for each in status.status(laptop.library.reader()).devices]
    laptop.library.close()


def _write(person: Person, *registers: Register) -> None:
    """Write a segment file with these registers into the shared folder, as another person's program could."""
    folder = segment_files.prepare(person.folder, NAME)
    (folder / f"hostile{len(list(folder.iterdir()))}.rj").write_bytes(b"".join(map(register_lines.encode, registers)))


def _member(paper: str, clock: Clock, **more: object) -> Register:
    return Register(paper, FIELD, {"key": "m", "at": clock.milliseconds * 1000, **more}, clock)


def test_hostile_lines_change_nothing_but_the_collection(people: tuple[Person, Person]) -> None:
    ada, _ = people
    ada.share()
    now = Clock(wall_milliseconds(), 0, "mallory")
    number = ada.number(TITLES[0])
    marking.note(ada.library, number, "mine")
    identity = "arxiv:2310.00001"
    far = Clock(wall_milliseconds() + 10**10, 0, "mallory")
    _write(
        ada,
        Register(identity, "note", "not yours", far),
        Register(identity, "status", ["hidden", 1], now),
        Register(identity, "about", {"title": "Another title"}, now),
        Register("", "filter:evil", {"filter": "x"}, now),
        Register("", "collection:shared", {"share": "x", "person": "y"}, now),
        Register(identity, "collection:secret collection", {"key": "m", "at": 1}, now),
        _member("arxiv:2310.00002", far),
        _member(
            identity,
            now,
            by="Mallory\x1b[2J\n" + "x" * 500,
            because="y" * 5_000,
            about={"title": "Not this"},
            share="more",
        ),
        _member("doi:10.1/new", now, by=17, about={"title": "\x1b]0;title\x07Evil", "authors": [None, "A"]}),
        _member("doi:10.1/odd", now, about="no object"),
    )
    result = ada.round()
    assert result.refused == 1
    title, by, because = ada.list()[0]
    assert title == TITLES[0]
    assert by is not None and by.startswith("Mallory") and len(by) <= sharing.LONGEST_PERSON
    assert because == "y" * collections.LONGEST_REASON
    assert not any(ord(letter) < 32 for each in ada.list() for text in each if text for letter in text)
    assert stored_marks.read(ada.library.reader(), number).note == "mine"
    assert stored_marks.read(ada.library.reader(), number).status == "new"
    assert saved_filters.read_all(ada.library.reader()) == []
    assert [each.name for each in collections.counted(ada.library.reader())] == [ada.group]
    # The clock reading in the hostile register (value of a mark) is far in the future. The clock of this library was
    # not set to it.
    marking.note(ada.library, number, "mine too")
    register = stored_registers.read(ada.library.reader(), identity, "note")
    assert register is not None
    assert register.clock < far


def test_a_collection_has_a_limit(people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _ = people
    monkeypatch.setattr(shared_collections, "MOST_PAPERS", 3)
    ada.add(TITLES[0])
    ada.share()
    now = Clock(wall_milliseconds(), 0, "mallory")
    _write(ada, *(_member(f"doi:10.1/{number}", now) for number in range(100)))
    assert ada.round().refused == 98
    # Changes of papers that are already in the collection are still accepted.
    _write(ada, _member("doi:10.1/0", Clock(now.milliseconds, 1, "mallory"), because="new"))
    assert ada.round().refused == 0


def _step(random: Random, person: Person, other: Person, carrier: Carrier) -> None:
    """Do a random step: an action of a person, or the copying of a file to another person."""
    known = [title for (title,) in person.library.reader().execute("SELECT title FROM paper")]
    action = random.randrange(6)
    if action == 0 and known:
        person.add(random.choice(known), random.choice([None, "why"]))
    elif action == 1 and person.list():
        title = random.choice(person.list())[0]
        collections.remove(person.library, [person.number(title)], person.group)
    elif action == 2:
        journal.undo(person.library)
        if not sharing.shares(person.library.reader()):
            # The undone step was the one that shared the collection, so share it again.
            journal.redo(person.library)
    elif action == 3:
        person.round()
    else:
        carrier.carry(person.folder, other.folder, random.choice(MODES))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(200 if THOROUGH else 5))
def test_all_libraries_are_equal_in_the_end_whatever_the_carrier_does(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    carrier = Carrier(random, NAME)
    people = [Person(tmp_path, name, count) for name, count in zip("abc", (6, 4, 0), strict=True)]
    for person in people:
        person.share()
    for _ in range(40):
        _step(random, *random.sample(people, 2), carrier)
    for _ in range(3):
        for person, other in itertools.permutations(people, 2):
            person.round()
            carrier.carry_all(person.folder, other.folder)
    assert [person.round().applied for person in people] == [0, 0, 0]
    assert people[0].list() == people[1].list() == people[2].list()
    for person in people:
        person.library.close()
