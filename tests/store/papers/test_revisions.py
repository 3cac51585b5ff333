"""A later version that words its title or abstract otherwise shows what changed, and nothing else does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.importing import entries
from store.importing.entries import ListingKey
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.papers import queries, revisions, rows
from store.papers.revisions import Change

TODAY = date(2026, 7, 15)
BEES = "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went."
BEES_AGAIN = BEES.replace("two hundred", "nine hundred").replace("a summer", "three summers")

RULE = "-" * 78
MAILING = f"""\
Date: {{sent}} 00:51:30 GMT
Subject: cs daily Subj-class mailing

{RULE}
{RULE}
Archives at http://arxiv.org/
To unsubscribe, e-mail To: cs@arXiv.org, Subject: cancel
{RULE}
 Submissions to:
Sound
 received from  {{since}} 18:00:00 GMT  to  {{until}} 18:00:00 GMT
{RULE}
{RULE}
{{entries}}%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
"""
NEW = """\
\\\\
arXiv:2510.04321
Date: Mon, 6 Oct 2025 17:41:09 GMT   (842kb,D)

Title: {title}
Authors: Ada Lovelace, Bo Li
Categories: cs.SD
\\\\
  {abstract}
\\\\ ( https://arxiv.org/abs/2510.04321 ,  842kb)
"""
REPLACED = """\
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
------------------------------------------------------------------------------
\\\\
arXiv:2510.04321
replaced with revised version Thu, 20 Nov 2025 10:00:00 GMT   (900kb,D)

Title: {title}
Authors: Ada Lovelace, Bo Li
Categories: cs.SD
\\\\ ( https://arxiv.org/abs/2510.04321 ,  900kb)
"""
RSS = """\
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel><title>cs.SD updates on arXiv.org</title><pubDate>Fri, 21 Nov 2025 00:00:00 -0500</pubDate>
    <item>
      <title>{title}</title>
      <link>https://arxiv.org/abs/2510.04321</link>
      <description>arXiv:2510.04321v2 Announce Type: replace \nAbstract: {abstract}</description>
      <guid isPermaLink="false">oai:arXiv.org:2510.04321v2</guid>
      <category>cs.SD</category>
      <pubDate>Fri, 21 Nov 2025 00:00:00 -0500</pubDate>
      <arxiv:announce_type>replace</arxiv:announce_type>
      <dc:creator>Ada Lovelace, Bo Li</dc:creator>
    </item>
  </channel>
</rss>
"""
FIRST = MAILING.format(sent="Tue, 7 Oct 25", since="Fri  3 Oct 25", until="Mon  6 Oct 25", entries="{}")
SECOND = MAILING.format(sent="Fri, 21 Nov 25", since="Wed 19 Nov 25", until="Thu 20 Nov 25", entries="{}")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def take(library: Library, path: Path, text: str) -> None:
    path.write_text(text)
    (found,) = import_file(library, path, Options(today=TODAY))
    assert found.complete
    assert found.entries == 1


def put(library: Library, paper: Paper, family: str = "arxiv", day: date | None = None) -> int:
    """Stores `paper` as the only one of a listing of `family`; its number."""
    with library.writing(durable=False) as connection:
        (number,) = connection.execute("SELECT 1 + coalesce(max(id), 0) FROM listing").fetchone()
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, listed_on, state, stored, entries,"
            " first_read) VALUES (?1, ?1, ?1, 0, ?2, ?2, ?3, 'read', 1, 1, '')",
            (number, family, rows.day_text(day)),
        )
        return entries.place(connection, ListingKey(number, f"{number}", family, day, None), 1, Entry(paper=paper),
                            TODAY).paper_id  # fmt: skip


def version(title: str = "Of Bees", abstract: str | None = BEES, number: int | None = None, **more: Any) -> Paper:
    return Paper(title=title, abstract=abstract, arxiv_id="2510.04321", arxiv_version=number, **more)


def changed(library: Library) -> list[tuple[str, str, str, date]]:
    (number,) = library.reader().execute("SELECT id FROM paper").fetchone()
    return [
        (each.field, each.before, each.after, each.seen_on)
        for each in queries.details(library.reader(), number).changes
    ]


OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 7), date(2025, 11, 21), date(2025, 12, 3)


# -- what a mailing and a feed say of a replaced paper


def test_a_replaced_paper_in_a_mailing_shows_the_title_it_had(library: Library, tmp_path: Path) -> None:
    take(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    take(library, tmp_path / "second.txt", SECOND.format(REPLACED.format(title="Of Bees and the Sun")))
    # The mailing of replacements has no abstracts: nothing is known to have changed in it.
    assert changed(library) == [("title", "Of Bees", "Of Bees and the Sun", NOVEMBER)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_replaced_paper_in_a_feed_shows_title_and_abstract_whichever_was_read_first(
    order: tuple[int, int], library: Library, tmp_path: Path
) -> None:
    files = [
        ("first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES))),
        ("second.rss", RSS.format(title="Of Bees and the Sun", abstract=BEES_AGAIN)),
    ]
    for at in order:
        take(library, tmp_path / files[at][0], files[at][1])
    assert changed(library) == [
        ("title", "Of Bees", "Of Bees and the Sun", NOVEMBER),
        ("abstract", BEES, BEES_AGAIN, NOVEMBER),
    ]
    (number,) = library.reader().execute("SELECT id FROM paper").fetchone()
    likeness = {each.field: each.likeness for each in revisions.of(library.reader(), number)}
    assert 50 < likeness["title"] < 80 < likeness["abstract"] < 100


def test_a_replaced_paper_that_says_the_same_shows_no_change(library: Library, tmp_path: Path) -> None:
    take(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    take(library, tmp_path / "second.txt", SECOND.format(REPLACED.format(title="Of Bees")))
    take(library, tmp_path / "second.rss", RSS.format(title="Of Bees", abstract=BEES))
    assert changed(library) == []


def test_a_paper_of_one_listing_shows_no_change(library: Library, tmp_path: Path) -> None:
    take(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    assert changed(library) == []


# -- what is no change


def test_two_sources_that_word_a_paper_differently_show_no_change(library: Library) -> None:
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees and the Sun", BEES_AGAIN), "hf", NOVEMBER)
    put(library, version("The Bees of Sussex", BEES_AGAIN), "crossref", DECEMBER)
    assert changed(library) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Of Bees: a Study of $\\omega$-Dances", "Of bees - a study of $ω$-dances"),
        ("Of {Bees}", "Of Bees."),
        ("Bees in 2\nMeadows", "Bees in 2 Meadows"),
        ("Über Bienen", "U\u0308ber Bienen"),
    ],
)
def test_another_spelling_of_a_title_is_no_change(one: str, other: str, library: Library) -> None:
    put(library, version(one), "arxiv", OCTOBER)
    put(library, version(other, BEES.replace("sun. We", "sun.  We")), "arxiv", NOVEMBER)
    assert changed(library) == []


def test_two_wordings_of_one_version_or_one_day_are_no_change(library: Library) -> None:
    put(library, version("Of Bees", number=1), "arxiv", OCTOBER)
    put(library, version("Of Bees (cross-listed)", number=1), "arxiv", NOVEMBER)
    put(library, version("Of Bees, a Study"), "arxiv", NOVEMBER)
    assert changed(library) == []


def test_what_a_later_version_leaves_out_is_no_change(library: Library) -> None:
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees", None), "arxiv", NOVEMBER)
    put(library, version("Of Bees", BEES_AGAIN), "arxiv", DECEMBER)
    assert changed(library) == [("abstract", BEES, BEES_AGAIN, DECEMBER)]


# -- which was before


def test_three_versions_show_two_changes_in_the_order_of_their_days(library: Library) -> None:
    versions = [
        (version("Of Bees", number=1), OCTOBER),
        (version("Of Bees and the Sun", number=2), NOVEMBER),
        (version("Bees and the Moon", BEES_AGAIN, number=4), DECEMBER),
    ]
    expected = [
        ("title", "Of Bees", "Of Bees and the Sun", NOVEMBER),
        ("title", "Of Bees and the Sun", "Bees and the Moon", DECEMBER),
        ("abstract", BEES, BEES_AGAIN, DECEMBER),
    ]
    for order in itertools.permutations(versions):
        with Library.open(library.path.with_name(f"{order.index(versions[0])}{order.index(versions[1])}.db")) as each:
            for paper, day in order:
                put(each, paper, "arxiv", day)
            assert changed(each) == expected


def test_a_version_that_no_day_listed_is_placed_by_the_day_it_is_of(library: Library) -> None:
    """An answer of the API is no listing, but says when the version at hand was made."""
    put(library, version("Bees and the Moon", number=3, updated=date(2025, 12, 1)), "arxiv")
    put(library, version("Of Bees", number=1, updated=date(2025, 10, 6)), "arxiv", OCTOBER)
    assert changed(library) == [("title", "Of Bees", "Bees and the Moon", date(2025, 12, 1))]


def test_an_entry_without_any_day_is_neither_before_nor_after(library: Library) -> None:
    put(library, version("Bees, a Draft"), "arxiv")
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Bees, another Draft"), "arxiv")
    assert changed(library) == []
    put(library, version("Of Bees and the Sun"), "arxiv", NOVEMBER)
    assert changed(library) == [("title", "Of Bees", "Of Bees and the Sun", NOVEMBER)]


def test_the_changes_of_two_sources_stand_in_the_order_of_their_days(library: Library) -> None:
    put(library, version("Of Bees"), "hf", date(2025, 10, 8))
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees and the Sun"), "arxiv", NOVEMBER)
    put(library, version("Bees under the Sun"), "hf", date(2025, 11, 2))
    assert [(field, after, day) for field, _, after, day in changed(library)] == [
        ("title", "Bees under the Sun", date(2025, 11, 2)),
        ("title", "Of Bees and the Sun", NOVEMBER),
    ]


def test_a_huge_abstract_is_compared_quickly(library: Library) -> None:
    put(library, version(abstract="bees and the sun " * 60_000), "arxiv", OCTOBER)
    number = put(library, version(abstract="taxes and the moon " * 60_000), "arxiv", NOVEMBER)
    (change,) = revisions.of(library.reader(), number)
    assert isinstance(change, Change)
    assert change.likeness < 90


def test_authors_and_numbers_that_change_are_not_shown_as_wording(library: Library) -> None:
    put(library, version(authors=(Author("Ada Lovelace"),), upvotes=3), "arxiv", OCTOBER)
    put(library, version(authors=(Author("Ada Lovelace"), Author("Bo Li")), upvotes=9), "arxiv", NOVEMBER)
    assert changed(library) == []
