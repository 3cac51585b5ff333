"""Random marks, undos and redos while papers are joined and separated.

The same changes always result in the same marks.

A paper's marks depend only on the changes that are in effect (not undone) and on which papers are joined. So whenever
both are as at an earlier time, everything that a user can see must be as it was then, including the order of every
view.
"""

from __future__ import annotations

import functools
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from store.importing import entries, undo
from store.importing.entries import ListingKey
from store.library.library import Library
from store.marks import derived_marks, journal, marking, sittings, stored_marks
from store.marks.journal import Marked
from store.marks.stored_marks import STATUSES, FieldChange
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.papers import views
from store.papers.views import View
from tests.faults.collector import REPORTED
from tests.thorough import THOROUGH

TODAY = date(2026, 7, 15)
SEQUENCES = 10_000 if THOROUGH else 12
# The sequences are divided into this many tests, so that several processes can run them.
PARTS = 4
LENGTH = 30
# A folder in memory, in which SQLite need not wait for a disk. Power failures are tested in tests/faults.
MEMORY = Path("/dev/shm")
PAPERS = (
    Paper(title="Bees", arxiv_id="2510.00001"),
    Paper(title="The Bees of Sussex", doi="10.1000/bees"),
    Paper(title="Bees, a Study", authors=(Author("Ada Lovelace"),)),
    Paper(title="Rivers", arxiv_id="2510.00002"),
    Paper(title="Rivers of Kent", doi="10.1000/rivers"),
)
# Each of these entries contains ids or titles of two of PAPERS, so its import joins the two.
LINKS = (
    Paper(title="Bees again", arxiv_id="2510.00001", doi="10.1000/bees"),
    Paper(title="Bees, a Study", authors=(Author("Ada Lovelace"),), doi="10.1000/bees"),
    Paper(title="Rivers again", arxiv_id="2510.00002", doi="10.1000/rivers"),
)
NUMBERS = range(1, len(PAPERS) + 1)
VIEWS = tuple(View.parse(kind) for kind in ("queue", "bookmarks", "reading", "done", "hidden", "later", "new"))
TABLES = ("mark", "queue", "tag", "collection")


@functools.cache
def template() -> bytes:
    """The file of a library with PAPERS and no marks. It is made once, because that takes as long as a sequence."""
    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder) / "library.db") as library:
            for number, paper in enumerate(PAPERS):
                bring(library, paper, f"paper {number}")
        return (Path(folder) / "library.db").read_bytes()


@contextmanager
def filled() -> Iterator[Library]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "library.db"
        path.write_bytes(template())
        with Library.open(path) as library:
            yield library


def bring(library: Library, paper: Paper, name: str) -> int:
    """Import a listing of one entry. Returns the id of the import."""
    with library.writing(durable=False) as connection:
        listing = connection.execute(
            "INSERT INTO listing (content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (?1, ?1, 0, 'openalex', 'openalex', 'read', 1, 1, '')",
            (name,),
        ).lastrowid
        assert listing
        entries.place(connection, ListingKey(listing, name, "openalex", None, None), 1, Entry(paper=paper), TODAY)
        log_id = connection.execute(
            "INSERT INTO log (at, path, listing_id, state) VALUES ('', ?, ?, 'read')", (name, listing)
        ).lastrowid
    assert log_id
    return log_id


def visible(library: Library) -> object:
    """Everything about marks that a user can see: the marks of each paper with their times, and the order of views."""
    connection = library.reader()
    papers = {number: stored_marks.resolve(connection, number) for number in NUMBERS}
    present = list(dict.fromkeys(papers.values()))
    marks = papers, stored_marks.read_all(connection, present), stored_marks.times_of_all(connection, present)
    orders = {}
    for view in VIEWS:
        chosen = views.selection(connection, view)
        orders[view] = connection.execute(
            f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
        ).fetchall()
    return marks, orders, connection.execute("SELECT name, paper_id FROM collection ORDER BY name, key").fetchall()


def rows(library: Library) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: library.reader().execute(f"SELECT * FROM {table} ORDER BY paper_id, 2").fetchall() for table in TABLES
    }


def collect(library: Library, papers: list[int], chance: random.Random) -> Marked:
    value = chance.choice([None, {"key": f"V{chance.randrange(1000)}1", "at": chance.randrange(10**15)}])
    name = chance.choice("xy")
    return journal.change_fields(
        library, lambda _: ("collected", [FieldChange(paper, f"collection:{name}", value) for paper in papers])
    )


ACTIONS: tuple[Callable[[Library, list[int], random.Random], Marked], ...] = (
    lambda library, papers, chance: marking.bookmark(library, papers),
    lambda library, papers, chance: marking.queue(library, papers, because=chance.choice([None, "a reason"])),
    lambda library, papers, chance: marking.queue(library, papers, True, chance.randint(1, 5)),
    lambda library, papers, chance: marking.status(library, papers, chance.choice(STATUSES), toggle=True),
    lambda library, papers, chance: marking.tag(library, papers, [chance.choice("ab")], [chance.choice("abc")]),
    lambda library, papers, chance: marking.note(library, papers[0], chance.choice(["", "one", "two"])),
    lambda library, papers, chance: marking.rate(library, papers, chance.choice([None, 1, 5])),
    lambda library, papers, chance: marking.postpone(
        library, papers, chance.choice([None, date(2999, 1, 1), "similar"])
    ),
    lambda library, papers, chance: marking.keep(library, papers),
    collect,
)


class Walk:
    """One random sequence.

    `seen` maps each combination of changes in effect and joined papers to what was visible then.
    """

    def __init__(self, library: Library, chance: random.Random) -> None:
        self.library = library
        self.chance = chance
        self.steps = 0
        self.done: list[int] = []
        self.undone: list[int] = []
        self.joined: dict[int, int] = {}
        self.seen: dict[object, object] = {}
        self.check()

    def step(self) -> None:
        choice = self.chance.random()
        if choice < 0.45:
            self.mark()
        elif choice < 0.65 and self.done:
            assert journal.undo(self.library)
            self.undone.append(self.done.pop())
        elif choice < 0.8 and self.undone:
            assert journal.redo(self.library)
            self.done.append(self.undone.pop())
        elif choice < 0.9:
            self.join(self.chance.randrange(len(LINKS)))
        elif self.joined:
            self.part(self.chance.choice(list(self.joined)))
        self.check()

    def mark(self) -> None:
        papers = self.chance.sample(NUMBERS, self.chance.randint(1, 3))
        before = self.last_step()
        self.chance.choice(ACTIONS)(self.library, papers, self.chance)
        if self.last_step() != before:
            self.steps += 1
            self.done.append(self.steps)
            self.undone.clear()

    def last_step(self) -> object:
        return self.library.reader().execute("SELECT id, at, undone FROM journal ORDER BY id DESC").fetchone()

    def join(self, link: int) -> None:
        if link not in self.joined:
            self.joined[link] = bring(self.library, LINKS[link], f"link {link}")

    def part(self, link: int) -> None:
        undo.withdraw(self.library, self.joined.pop(link), today=TODAY)

    def check(self) -> None:
        now = visible(self.library)
        assert self.seen.setdefault((tuple(self.done), frozenset(self.joined)), now) == now

    def end(self) -> None:
        """Undo all changes of marks and all imports that joined papers, in a random order."""
        while self.done or self.joined:
            if self.done and (not self.joined or self.chance.random() < 0.7):
                assert journal.undo(self.library)
                self.undone.append(self.done.pop())
            else:
                self.part(self.chance.choice(list(self.joined)))
            self.check()
        assert rows(self.library) == {table: [] for table in TABLES}


def walk(seed: int) -> None:
    chance = random.Random(seed)
    with filled() as library:
        one = Walk(library, chance)
        for _ in range(LENGTH):
            one.step()
        derived = rows(library)
        with library.writing() as connection:
            derived_marks.derive(connection, NUMBERS)
        assert rows(library) == derived
        one.end()


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(PARTS))
def test_the_same_steps_on_the_same_papers_always_show_the_same_marks(
    part: int, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    monkeypatch.setattr(undo, "GAP_SECONDS", 0)
    seeds = range(part, SEQUENCES, PARTS)
    record_property(REPORTED, [70, len(seeds), "0 differences in what a reader can see", True])
    for seed in seeds:
        try:
            walk(seed)
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise


def test_taking_a_join_back_leaves_no_mark_that_was_never_made() -> None:
    with filled() as library:
        marking.tag(library, [2], ["sun"])
        before = visible(library)
        joined = bring(library, LINKS[0], "link")
        assert stored_marks.read(library.reader(), 1).tags == ("sun",)
        undo.withdraw(library, joined, today=TODAY)
        assert visible(library) == before
        assert stored_marks.read(library.reader(), 1).tags == ()


def test_an_undone_status_has_its_time_again() -> None:
    with filled() as library:
        for number in NUMBERS:
            marking.status(library, [number], "done")
        before = visible(library)
        marking.status(library, [2], "reading")
        journal.undo(library)
        assert visible(library) == before


def test_a_mark_removed_from_a_joined_paper_is_removed_from_both_until_it_is_undone() -> None:
    with filled() as library:
        marking.tag(library, [2], ["sun"])
        joined = bring(library, LINKS[0], "link")
        marking.tag(library, [1], drop=["sun"])
        assert stored_marks.read(library.reader(), 1).tags == ()
        journal.undo(library)
        assert stored_marks.read(library.reader(), 1).tags == ("sun",)
        journal.redo(library)
        undo.withdraw(library, joined, today=TODAY)
        assert stored_marks.read(library.reader(), 2).tags == ("sun",)


def test_a_decision_in_a_sitting_is_taken_back_with_its_time() -> None:
    with filled() as library:
        marking.status(library, [1], "done")
        before = visible(library)
        sitting = sittings.begin(library.reader(), "new", "")
        for number in NUMBERS:
            sittings.decide(library, sitting, number, "hide")
        sittings.take_back(library, sitting.id)
        assert visible(library) == before
