"""Registers (single values of marks) from other machines: the latest value wins, in any order of arrival.

Registers of unknown papers are stored for later, and no note is lost without a message.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from store.importing import entries
from store.importing.entries import ListingKey
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.marks import exchange, identities, journal, marking, stored_marks, stored_registers
from store.marks.clock import Clock
from store.marks.exchange import Applied
from store.marks.registers import Register
from store.marks.stored_marks import Marks
from store.matching.title_merging import title_key
from store.model.entry import Entry
from store.model.errors import LibraryError
from store.model.paper import Author, Paper
from tests.store.marks.test_random_marks import ACTIONS, PAPERS, TODAY, bring

BEES = "arxiv:2510.00001"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def have(library: Library, *papers: Paper) -> None:
    for paper in papers:
        bring(library, paper, str(paper))


def apply(library: Library, *registers: Register) -> Applied:
    with library.writing() as connection:
        return exchange.apply(connection, registers)


def register(field: str, value: object, at: int, device: str = "other", paper: str = BEES) -> Register:
    return Register(paper, field, value, Clock(at, 0, device))


def marks(library: Library, paper: int = 1) -> Marks:
    return stored_marks.read(library.reader(), paper)


def all_registers(library: Library) -> list[tuple[object, ...]]:
    """The registers (single values of marks) of a library, without the data that is not sent to other machines."""
    return (
        library.reader()
        .execute("SELECT paper, field, value, clock, device, over, made FROM register ORDER BY paper, field")
        .fetchall()
    )


def test_the_later_register_wins_in_any_order(library: Library) -> None:
    have(library, *PAPERS)
    assert apply(library, register("rating", 3, 2), register("rating", 5, 1)).papers == {1}
    assert marks(library).rating == 3
    assert apply(library, register("rating", 1, 1)).papers == frozenset()
    assert apply(library, register("rating", 4, 2, "p"), register("rating", 2, 2, "a")).accepted == 1
    assert marks(library).rating == 4
    assert apply(library, register("rating", None, 9)).papers == {1}
    assert marks(library) == Marks()


def test_a_change_here_is_later_than_what_came_from_a_clock_that_is_ahead(library: Library) -> None:
    have(library, *PAPERS)
    applied = apply(library, register("rating", 3, 2**42))
    assert applied.accepted == 1
    assert applied.ahead > 10**12
    marking.rate(library, [1], 5)
    (_, mine) = stored_registers.changed_since(library.reader(), 0)[0]
    assert mine.clock > Clock(2**42, 0, "other")
    assert mine.replaced == Clock(2**42, 0, "other")
    marking.rate(library, [1], 4)
    # A register stores which register of another device it replaced. It still does after a second change in this
    # library.
    (_, mine) = stored_registers.changed_since(library.reader(), 0)[0]
    assert mine.replaced == Clock(2**42, 0, "other")


def test_malformed_registers_are_counted_and_left_out(library: Library) -> None:
    have(library, *PAPERS)
    applied = apply(library, register("status", "done", 1), register("rating", 9, 1), register("rating", 2, 1))
    assert (applied.refused, applied.accepted) == (2, 1)
    assert marks(library) == Marks(rating=2)


def test_texts_are_cleaned(library: Library) -> None:
    have(library, *PAPERS)
    apply(library, register("note", "a\x1b[2Jb", 1), register("queue", {"key": "V1", "at": 1, "because": "\x9b"}, 1))
    assert marks(library).note == "a␛[2Jb"
    assert marks(library).queued_because == "\ufffd"


def test_an_unknown_field_is_kept(library: Library) -> None:
    have(library, *PAPERS)
    new = register("colour", {"name": "red"}, 1)
    apply(library, new)
    assert stored_registers.read(library.reader(), BEES, "colour") == new


@pytest.mark.parametrize(
    ("paper", "arrives"),
    [
        ("arxiv:2510.09999", Paper(title="New", arxiv_id="2510.09999")),
        ("doi:10.1000/new", Paper(title="New", doi="10.1000/new")),
        (f"title:{title_key('New and Old') % 2**64:016x}", Paper(title="New and old", doi="10.1000/new")),
    ],
)
def test_marks_of_an_unknown_paper_wait_for_it(library: Library, paper: str, arrives: Paper) -> None:
    have(library, *PAPERS)
    applied = apply(library, register("rating", 5, 1, paper=paper), register("note", "read it", 1, paper=paper))
    assert (applied.waiting, applied.papers) == (2, frozenset())
    have(library, arrives)
    assert exchange.settle(library) == {len(PAPERS) + 1}
    assert marks(library, len(PAPERS) + 1) == Marks(rating=5, note="read it")
    assert exchange.settle(library) == frozenset()


def test_an_import_attaches_waiting_marks(library: Library, tmp_path: Path) -> None:
    apply(library, register("rating", 5, 1, paper="doi:10.1000/new"))
    (tmp_path / "new.bib").write_text("@article{a, title={A New Paper}, doi={10.1000/new}, author={A. Lovelace}}")
    list(take_in(library, [tmp_path / "new.bib"], Options(today=TODAY)))
    assert marks(library).rating == 5


def test_a_paper_that_another_machine_knows_by_another_id_is_found_by_what_it_says(library: Library) -> None:
    have(library, Paper(title="Only Bees", authors=(Author("Ada Lovelace"),)))
    about = {"title": "Only bees", "authors": ["A. Lovelace"], "year": 2026}
    assert apply(
        library, register("about", about, 1, paper="doi:10.1000/x"), register("rating", 5, 1, paper="doi:10.1000/x")
    )
    assert marks(library).rating == 5
    # A paper with the same title by other authors is another paper.
    other = {"title": "Only bees", "authors": ["B. Babbage"]}
    assert apply(library, register("about", other, 1, paper="doi:10.1000/y")).waiting == 1


def test_two_papers_with_one_title_keep_their_own_marks(library: Library) -> None:
    have(library, *(Paper(title="Editorial", authors=(Author(name),)) for name in ("Ada Lovelace", "Charles Babbage")))
    marking.rate(library, [1], 1)
    marking.rate(library, [2], 2)
    names = [identities.of_paper(library.reader(), number) for number in (1, 2)]
    assert names[1] == [f"{names[0][0]}#2"]
    assert (marks(library, 1).rating, marks(library, 2).rating) == (1, 2)


def test_a_paper_that_gets_an_id_later_keeps_its_marks(library: Library) -> None:
    have(library, Paper(title="Bees", authors=(Author("Ada Lovelace"),)))
    marking.rate(library, [1], 1)
    marking.tag(library, [1], ["sun"])
    have(library, Paper(title="Bees", authors=(Author("A. Lovelace"),), arxiv_id="2510.00001"))
    assert marks(library) == Marks(rating=1, tags=("sun",))
    marking.rate(library, [1], 2)
    marking.tag(library, [1], drop=["sun"])
    assert BEES in identities.of_paper(library.reader(), 1)
    assert marks(library) == Marks(rating=2)
    journal.undo(library)
    journal.undo(library)
    assert marks(library) == Marks(rating=1, tags=("sun",))
    # Another library, in which both ids belong to one paper from the start, has the same marks.
    with Library.open(library.path.with_name("other.db")) as other:
        have(other, Paper(title="Bees", arxiv_id="2510.00001"))
        apply(other, *(each for _, each in stored_registers.changed_since(library.reader(), 0)))
        assert marks(other) == marks(library)


def test_a_note_that_loses_to_one_written_without_knowing_it_is_kept(library: Library) -> None:
    have(library, *PAPERS)
    marking.note(library, 1, "mine")
    applied = apply(library, register("note", "theirs", 2**42))
    assert [(each.paper, each.text) for each in applied.lost_notes] == [(1, "mine")]
    assert marks(library).note == "theirs"
    assert exchange.lost_notes(library.reader(), 1) == list(applied.lost_notes)
    # A note that arrives later but has an earlier time is also replaced, and this is reported.
    assert [each.text for each in apply(library, register("note", "late", 5, "third")).lost_notes] == ["late"]
    assert apply(library, register("note", "late", 5, "third")).lost_notes == ()
    for note in exchange.lost_notes(library.reader()):
        exchange.forget_note(library, note)
    apply(library, register("note", "late", 5, "third"))
    assert exchange.lost_notes(library.reader()) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
def test_a_note_that_was_replaced_knowingly_is_not_kept(library: Library, order: Sequence[int]) -> None:
    have(library, *PAPERS)
    first = register("note", "one", 1, "a")
    second = replace(register("note", "two", 2, "b"), replaced=first.clock)
    third = replace(register("note", "three", 3, "c"), replaced=second.clock)
    for number in order:
        apply(library, (first, second, third)[number])
    assert marks(library).note == "three"
    assert exchange.lost_notes(library.reader()) == []


def test_registers_without_a_paper_are_exchanged(library: Library) -> None:
    applied = apply(library, register("filter:sleep", {"query": "sleep"}, 1, paper=""))
    assert (applied.others, applied.papers, applied.waiting) == ({"filter:sleep"}, frozenset(), 0)
    assert [each.field for each in stored_registers.of_identity(library.reader(), "")] == ["filter:sleep"]


def test_only_changes_of_this_library_are_given_to_others(library: Library) -> None:
    have(library, *PAPERS)
    apply(library, register("rating", 3, 1))
    marking.status(library, [1, 2], "done")
    changed = stored_registers.changed_since(library.reader(), 0)
    assert {(each.paper, each.field) for _, each in changed} == {(BEES, "status"), ("doi:10.1000/bees", "status")}
    last = stored_registers.last_change(library.reader())
    assert stored_registers.changed_since(library.reader(), last) == []
    journal.undo(library)
    assert len(stored_registers.changed_since(library.reader(), last)) == 2


def test_three_libraries_that_exchange_everything_show_the_same(tmp_path: Path) -> None:
    chance = random.Random(7)
    libraries = [Library.open(tmp_path / f"{name}.db") for name in "abc"]
    try:
        for number, library in enumerate(libraries):
            # The two libraries have different paper ids for the same papers.
            papers = [*PAPERS]
            random.Random(number).shuffle(papers)
            have(library, *papers)
        for _ in range(60):
            library = chance.choice(libraries)
            match chance.randrange(4):
                case 0:
                    journal.undo(library)
                case 1:
                    other = chance.choice(libraries)
                    changed = [each for _, each in stored_registers.changed_since(other.reader(), 0)]
                    chance.shuffle(changed)
                    apply(library, *changed)
                case _:
                    chance.choice(ACTIONS)(library, chance.sample(range(1, 6), 2), chance)
        for _ in range(2):
            for one in libraries:
                for other in libraries:
                    apply(one, *(each for _, each in stored_registers.changed_since(other.reader(), 0)))
        first, *others = libraries
        for other in others:
            assert all_registers(other) == all_registers(first)
            assert shown(other) == shown(first)
    finally:
        for library in libraries:
            library.close()


def shown(library: Library) -> object:
    connection = library.reader()
    titles = dict(connection.execute("SELECT id, title FROM paper"))
    queue = [titles[number] for (number,) in connection.execute("SELECT paper_id FROM queue ORDER BY key, identity")]
    return queue, {title: stored_marks.read(connection, number) for number, title in sorted(titles.items())}


def test_an_entry_that_joins_papers_joins_their_marks_on_every_machine(library: Library) -> None:
    have(library, PAPERS[0])
    apply(library, register("note", "by the pond", 1), register("note", "figure 3", 2, paper="doi:10.1000/bees"))
    assert marks(library).note == "by the pond"
    with library.writing() as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
            " VALUES (99, 'x', 'x', 0, 'openalex', 'openalex', 'read', 1, 1, '')"
        )
        both = Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees")
        entries.place(connection, ListingKey(99, "x", "openalex", None, None), 1, Entry(paper=both), TODAY)
    exchange.settle(library)
    assert marks(library).note == "by the pond\n\nfigure 3"


def test_a_damaged_register_or_step_stops_nothing_else(library: Library) -> None:
    have(library, *PAPERS)
    marking.rate(library, [1], 5)
    marking.tag(library, [1], ["sun"])
    marking.rate(library, [2], 4)
    with library.writing() as connection:
        connection.execute("UPDATE register SET value = '{' WHERE paper = ? AND field = 'rating'", (BEES,))
        connection.execute("UPDATE journal SET changes = '[[' WHERE id = 2")
    journal.undo(library)
    marking.tag(library, [1], ["moon"])
    assert marks(library) == Marks(tags=("moon", "sun"))
    journal.undo(library)
    with pytest.raises(LibraryError, match="step 2 of your marks is damaged"):
        journal.undo(library)
