"""When an import that joined two papers is undone, they are separate papers again, each with its own marks."""

from __future__ import annotations

from typing import Any

from store.importing import entries as stacks
from store.importing.entries import ListingKey
from store.importing.undo import withdraw
from store.library.library import Library
from store.marks import journal, marking, stored_marks
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.model.partial_date import MonthDay
from tests.store.importing.withdrawals import ABSTRACTS, TODAY, assert_sound, everything, number, store_listing, titles


def two_papers(library: Library) -> tuple[int, int]:
    """Store a listing with two papers. Returns their ids."""
    bees = Paper(title="Bees", arxiv_id="2510.00001", abstract=ABSTRACTS[0])
    sussex = Paper(title="The Bees of Sussex", doi="10.1000/bees", authors=(Author("Ada Lovelace"),))
    store_listing(library, ("hf", None, [Entry(paper=bees), Entry(paper=sussex)]), "right")
    return number(library, "2510.00001"), number(library, "10.1000/bees")


BOTH = Paper(title="Bees, again", arxiv_id="2510.00001", doi="10.1000/bees")


def test_papers_that_only_the_undone_file_joined_are_separate_again(library: Library) -> None:
    one, two = two_papers(library)
    before = everything(library)
    log_id = store_listing(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    assert len(titles(library)) == 1
    assert number(library, str(two)) == one
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    assert (number(library, "2510.00001"), number(library, "10.1000/bees")) == (one, two)
    assert_sound(library)


def test_papers_that_would_match_today_are_separate_again_if_they_were_separate_before(library: Library) -> None:
    """Titles such as "Editorial" recur each year, so papers with this title and dates of two years are two papers.

    Here the second listing gets its year from the first one only after its entries were matched.
    """

    def editorial(year: int | None, **known: Any) -> Entry:
        return Entry(paper=Paper(title="Editorial", **known), published_on=MonthDay(8, 1, year))

    other = Entry(paper=Paper(title="On Bees", arxiv_id="2510.00002"))
    store_listing(library, ("hf", None, [other, editorial(2023)]), "with the year")
    store_listing(library, ("hf", None, [other, editorial(None), editorial(None, arxiv_id="2510.00001")]), "without it")
    before = everything(library)
    assert len(titles(library)) == 3
    log_id = store_listing(
        library, ("hf", None, [Entry(paper=Paper(title="Editorial", abstract=ABSTRACTS[0]))]), "wrong"
    )
    assert len(titles(library)) == 2
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    assert_sound(library)


def test_an_undone_import_that_joined_papers_before_others_did_leaves_the_later_joins(library: Library) -> None:
    ada, bo = Author("Ada Lovelace"), Author("Bo Li")
    store_listing(library, ("hf", None, [Entry(paper=Paper(title="On Bees", authors=(ada,)))]), "one")
    store_listing(library, ("hf", None, [Entry(paper=Paper(title="On Bees", authors=(bo,)))]), "two")
    store_listing(
        library,
        ("hf", None, [Entry(paper=Paper(title="On Bees", arxiv_id="2510.00001", abstract=ABSTRACTS[0]))]),
        "three",
    )
    wrong = store_listing(library, ("hf", None, [Entry(paper=Paper(title="On Bees", authors=(ada, bo)))]), "wrong")
    assert len(titles(library)) == 1
    before = len(library.reader().execute("SELECT 1 FROM joined").fetchall())
    right = store_listing(library, ("hf", None, [Entry(paper=Paper(title="On Bees", authors=(bo, ada)))]), "right")
    withdraw(library, wrong, today=TODAY)
    # The later listing also shows that the papers are the same.
    assert len(titles(library)) == 1
    assert len(library.reader().execute("SELECT 1 FROM joined").fetchall()) == before
    withdraw(library, right, today=TODAY)
    assert len(titles(library)) > 1
    assert_sound(library)


def test_papers_that_an_older_version_of_recto_joined_are_separated_too(library: Library) -> None:
    one, two = two_papers(library)
    before = everything(library)
    log_id = store_listing(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    with library.writing(durable=False) as connection:
        connection.execute("UPDATE joined SET parent = NULL, cause = NULL")
        connection.execute("UPDATE entry SET first_paper_id = NULL")
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    assert (number(library, "2510.00001"), number(library, "10.1000/bees")) == (one, two)


def test_separated_papers_have_the_marks_that_they_had_before(library: Library) -> None:
    one, two = two_papers(library)
    marking.note(library, one, "Read by the pond.")
    marking.status(library, [one], "done")
    marking.note(library, two, "Ask Bo about figure 3.")
    marking.tag(library, [two], ["sun"])
    marking.bookmark(library, [two])
    marking.queue(library, [two])
    before = everything(library)
    log_id = store_listing(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    both = stored_marks.read(library.reader(), one)
    assert (both.tags, both.status, both.queue_position) == (("sun",), "done", 1)
    assert both.note == "Read by the pond.\n\nAsk Bo about figure 3."
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
    while journal.undo(library):
        assert_sound(library)
    assert stored_marks.read(library.reader(), one) == stored_marks.read(library.reader(), two) == stored_marks.Marks()


def test_marks_given_to_a_joined_paper_stay_with_the_first_paper(library: Library) -> None:
    one, two = two_papers(library)
    marking.tag(library, [two], ["sun"])
    log_id = store_listing(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    marking.bookmark(library, [two], True)
    both = stored_marks.read(library.reader(), one)
    assert both.bookmarked
    withdraw(library, log_id, today=TODAY)
    # The tag was added to the second paper before the two were joined, so the first paper does not have it after the
    # undo.
    assert stored_marks.read(library.reader(), one) == stored_marks.Marks(bookmarked=both.bookmarked)
    assert stored_marks.read(library.reader(), two) == stored_marks.Marks(tags=("sun",))


def test_papers_that_another_listing_also_joins_stay_joined(library: Library) -> None:
    one, two = two_papers(library)
    wrong = store_listing(library, ("openalex", None, [Entry(paper=BOTH)]), "wrong")
    store_listing(library, ("semantic-scholar", None, [Entry(paper=BOTH)]), "right as well")
    withdraw(library, wrong, today=TODAY)
    assert len(titles(library)) == 1
    assert number(library, str(two)) == one
    assert library.reader().execute("SELECT gone, kept FROM joined").fetchall() == [(two, one)]
    assert_sound(library)


def test_an_action_on_a_paper_that_the_file_had_joined_to_another_can_still_be_undone(library: Library) -> None:
    """The bookmarked paper came from the file whose import is undone.

    A later entry of that file had joined it to another paper.
    """
    store_listing(library, ("arxiv", None, [Entry(paper=Paper(title="Bees", arxiv_id="2510.00001"))]), "right")
    doi_alone = Entry(paper=Paper(title="Of Bees", doi="10.1000/bees"))
    log_id = store_listing(library, ("openalex", None, [doi_alone]), "wrong")
    marking.bookmark(library, [2], True)
    # Another entry is added to the same file. This entry joins both papers.
    with library.writing(durable=False) as connection:
        (listing_id,) = connection.execute("SELECT listing_id FROM log WHERE id = ?", (log_id,)).fetchone()
        stacks.place(connection, ListingKey(listing_id, "wrong", "openalex", None, None), 2, Entry(paper=BOTH), TODAY)
    assert stored_marks.read(library.reader(), 1).bookmarked
    done = withdraw(library, log_id, today=TODAY)
    # The bookmark was on paper 2, so paper 2 exists again with its id and its bookmark.
    assert (done.removed, done.kept) == (0, 1)
    assert [number(library, title) for title in ("Bees", "Of Bees")] == [1, 2]
    assert stored_marks.read(library.reader(), 2).bookmarked
    assert stored_marks.read(library.reader(), 1) == stored_marks.Marks()
    undone = journal.undo(library)
    assert undone
    assert undone.papers == {2: stored_marks.Marks()}
    assert_sound(library)


def test_a_redo_finds_the_paper_that_it_is_about_though_the_file_had_joined_it_to_another(library: Library) -> None:
    log_id = store_listing(
        library,
        (
            "openalex",
            None,
            [
                Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")),
                Entry(paper=Paper(title="Of Bees", doi="10.1000/bees")),
            ],
        ),
        "wrong",
    )
    marking.bookmark(library, [2], True)
    journal.undo(library)
    with library.writing(durable=False) as connection:
        stacks.place(connection, ListingKey(1, "wrong", "openalex", None, None), 3, Entry(paper=BOTH), TODAY)
    assert withdraw(library, log_id, today=TODAY).kept == 1
    redone = journal.redo(library)
    assert redone
    assert [(each, marks.bookmarked is not None) for each, marks in redone.papers.items()] == [(2, True)]
    assert titles(library) == ["Of Bees"]
    assert_sound(library)


def test_papers_that_are_separated_one_after_another_keep_their_notes(library: Library) -> None:
    def about(title: str, **known: Any) -> Entry:
        return Entry(paper=Paper(title=title, **known))

    ada = (Author("Ada Lovelace"),)
    first = [about("On Bees"), about("On Bees", authors=ada), about("Editorial", abstract=ABSTRACTS[0])]
    second = [about("Editorial", arxiv_id="2510.00002"), about("Editorial", abstract=ABSTRACTS[1])]
    wrong = [about("On Bees", arxiv_id="2510.00002"), about("On Bees", abstract=ABSTRACTS[1], authors=ada)]
    for name, entries in (("first", first), ("second", second)):
        store_listing(library, ("hf", None, entries), name)
    numbers = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    for each in numbers[1:]:
        marking.note(library, each, f"A note on {each}.")
    before = everything(library)
    log_id = store_listing(library, ("hf", None, wrong), "wrong")
    assert len(everything(library)["paper"]) < len(numbers)
    withdraw(library, log_id, today=TODAY)
    assert everything(library) == before
