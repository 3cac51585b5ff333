"""Which papers a digest contains, in which section, and for which reason."""

from __future__ import annotations

from datetime import date

import pytest

from store.digest import sent
from store.digest.contents import Wanted
from store.library.library import Library
from store.marks import marking, saved_filters
from store.marks.saved_filters import SavedFilter
from store.model.errors import LibraryError
from store.model.paper import Paper
from store.papers.views import View
from tests.store.digest.samples import FRIDAY, SATURDAY, SUNDAY, TODAY, digest, outline
from tests.store.listings import add_listing


def test_new_papers_are_grouped_by_day_with_the_newest_day_and_most_upvotes_first(library: Library) -> None:
    add_listing(library, FRIDAY, "Cranes")
    add_listing(library, SUNDAY, Paper(title="Rain", upvotes=3), Paper(title="Harbours", upvotes=9), "Letters")
    made_digest = digest(library, "friday")
    # There is no section "Trending": each paper appears only once in a digest, and all trending papers are in these
    # sections.
    assert outline(made_digest) == {
        "New on Sunday 29 November 2026": ["Harbours", "Rain", "Letters"],
        "New on Friday 27 November 2026": ["Cranes"],
    }
    assert made_digest.sections[0].papers[0].reason == "no. 2 in its listing, 9 upvotes"
    assert made_digest.period == "since Friday 27 November 2026" and made_digest.counts == "4 new papers"
    assert outline(digest(library, "2026-11-28")) == {"New on Sunday 29 November 2026": ["Harbours", "Rain", "Letters"]}


def test_papers_listed_before_or_decided_on_are_not_new(library: Library) -> None:
    add_listing(library, FRIDAY, "Listed before")
    numbers = add_listing(library, SUNDAY, "Listed before", "Hidden", "Queued", "Postponed", "Seen", "New")
    marking.status(library, [numbers[1]], "hidden")
    marking.queue(library, [numbers[2]])
    marking.postpone(library, [numbers[3]], date(2027, 1, 1))
    marking.status(library, [numbers[4]], "seen")
    assert outline(digest(library, "saturday")) == {
        "New on Sunday 29 November 2026": ["New"],
        "In the queue": ["Queued"],
    }


def test_postponed_papers_that_returned_come_first(library: Library) -> None:
    first, second, third = add_listing(library, FRIDAY, "Back today", "Back and done", "Not yet")
    marking.postpone(library, [first, second], SUNDAY)
    marking.postpone(library, [third], date(2026, 12, 1))
    marking.status(library, [second], "done")
    made_digest = digest(library, "sunday")
    assert outline(made_digest) == {"Back from later": ["Back today"]}
    assert made_digest.sections[0].papers[0].reason == "postponed until Sunday 29 November 2026"
    assert not made_digest.is_empty


def test_trending_and_queued_papers_come_last_with_their_numbers(library: Library) -> None:
    add_listing(library, SATURDAY, Paper(title="Rising", upvotes=2), "Waiting")
    add_listing(library, SUNDAY, Paper(title="Rising", upvotes=14))
    marking.queue(library, [2])
    marking.status(library, [1], "seen")
    made_digest = digest(library, "today")
    assert outline(made_digest) == {"Trending": ["Rising"], "In the queue": ["Waiting"]}
    assert [section.papers[0].reason for section in made_digest.sections] == [
        "14 more upvotes and comments in 7 days",
        "no. 1 in your queue",
    ]
    assert made_digest.is_empty


def test_a_queued_paper_has_the_reason_that_the_reader_gave(library: Library) -> None:
    add_listing(library, SUNDAY, "Waiting")
    marking.queue(library, [1], because="for the\nreading group")
    assert digest(library).sections[0].papers[0].reason == "no. 1 in your queue: for the reading group"


def test_in_a_view_sorted_by_taste_each_paper_has_its_reason(library: Library) -> None:
    crane_ids = add_listing(library, FRIDAY, *(f"Cranes wait at harbour {number}" for number in range(6)))
    add_listing(library, FRIDAY, *(f"Letters to nobody {number}" for number in range(30)))
    add_listing(library, SUNDAY, "Cranes wait for rain", "Rain on letters")
    marking.bookmark(library, crane_ids)
    made_digest = digest(library, "sunday", Wanted(views=(View("for-you"),)))
    reasons = {paper.title: paper.reason for paper in made_digest.sections[0].papers}
    assert made_digest.sections[0].heading == "New in for-you"
    assert "cranes" in reasons["Cranes wait for rain"] and "in for-you, listed on" in reasons["Rain on letters"]


def test_a_query_selects_in_every_section_and_views_group_the_new_papers(library: Library) -> None:
    cranes, rain, birds = add_listing(library, SUNDAY, "Cranes in autumn", "Rain in autumn", "Birds and cranes")
    marking.queue(library, [rain])
    made_digest = digest(library, wanted=Wanted("cranes"))
    assert sorted(outline(made_digest)["New on Sunday 29 November 2026"]) == ["Birds and cranes", "Cranes in autumn"]
    assert "In the queue" not in outline(made_digest) and made_digest.subject == "cranes"
    marking.tag(library, [cranes, rain], ["sky"])
    marking.tag(library, [birds], ["wings"])
    grouped = digest(library, wanted=Wanted(views=(View("tag", "wings"), View("tag", "sky"))))
    assert list(outline(grouped).values())[:2] == [["Birds and cranes"], ["Cranes in autumn"]]
    assert grouped.sections[0].heading == "New in tag:wings"
    assert grouped.sections[0].papers[0].reason == "in tag:wings, listed on 2026-11-29"


def test_a_section_says_how_many_papers_it_does_not_show(library: Library) -> None:
    add_listing(library, SUNDAY, *(f"Paper {number}" for number in range(100)))
    for day in range(1, 21):
        add_listing(library, date(2026, 10, day), f"Old paper {day}")
    made_digest = digest(library, "2026-10-01")
    assert sum(len(section.papers) for section in made_digest.sections) <= 40 and made_digest.new == 120
    assert sum(section.total for section in made_digest.sections) == 120
    assert [len(section.papers) for section in made_digest.sections][:4] == [20, 1, 1, 1]
    assert made_digest.sections[0].command == "recto list --view 2026-11-29"


def test_since_the_last_digest_means_what_was_imported_since_whatever_its_day(library: Library) -> None:
    add_listing(library, SUNDAY, "In the first digest")
    first = digest(library)
    assert outline(first) == {"New on Sunday 29 November 2026": ["In the first digest"]}
    sent.begin(library, first.id)
    sent.accept(library, first.id, _everything(), sent.Last(first.day, first.last_entry))
    add_listing(library, SATURDAY, "A late listing", "In the first digest")
    second = digest(library)
    assert outline(second) == {"New on Saturday 28 November 2026": ["A late listing"]}
    assert second.period == "since the digest of Monday 30 November 2026" and second.id != first.id


def _everything() -> str:
    from store.digest import contents

    return contents.selection(Wanted())


def test_a_library_that_was_made_again_goes_by_the_day_of_the_last_digest(library: Library) -> None:
    add_listing(library, FRIDAY, "Before")
    add_listing(library, TODAY, "After")
    sent.begin(library, "x")
    sent.accept(library, "x", _everything(), sent.Last(SUNDAY, 1_000))
    assert outline(digest(library)) == {"New on Monday 30 November 2026": ["After"]}


def test_a_command_that_shows_a_view_can_be_pasted_into_a_shell(library: Library) -> None:
    add_listing(library, SUNDAY, *(f"Paper {number}" for number in range(50)))
    saved_filters.save(library, SavedFilter("my $(touch x)", "paper"))
    made_digest = digest(library, wanted=Wanted(views=(View("filter", "my $(touch x)"),)))
    assert made_digest.sections[0].command == "recto list --view 'filter:my $(touch x)'"


def test_the_first_digest_begins_on_the_newest_listing_day(library: Library) -> None:
    assert digest(library).is_empty
    add_listing(library, FRIDAY, "Older")
    add_listing(library, SUNDAY, "Newest")
    assert outline(digest(library)) == {"New on Sunday 29 November 2026": ["Newest"]}


@pytest.mark.parametrize("since", ["", "someday", "mo", "2026-02-30", "\x1b[2J"])
def test_a_period_that_is_no_day_is_an_error(library: Library, since: str) -> None:
    with pytest.raises(LibraryError, match="is not a day; write") as raised:
        digest(library, since)
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize(
    ("since", "day"),
    [
        ("monday", TODAY),
        ("Tue", date(2026, 11, 24)),
        ("yesterday", SUNDAY),
        ("today", TODAY),
        ("week", date(2026, 11, 23)),
    ],
)
def test_a_weekday_means_the_last_such_day(library: Library, since: str, day: date) -> None:
    from store.digest import period

    assert period.parse(library.reader(), since, "", TODAY).first_day == day
