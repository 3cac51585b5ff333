"""Changes of title and abstract between versions are shown. No other difference counts as a change."""

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
from store.papers import paper_details, revisions, stored_papers
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


def import_text(library: Library, path: Path, text: str) -> None:
    path.write_text(text)
    (report,) = import_file(library, path, Options(today=TODAY))
    assert report.complete
    assert report.entries == 1


def put(library: Library, paper: Paper, family: str = "arxiv", day: date | None = None) -> int:
    """Store `paper` as the only entry of a new listing of `family` (its source). Returns the id of the paper."""
    with library.writing(durable=False) as connection:
        (number,) = connection.execute("SELECT 1 + coalesce(max(id), 0) FROM listing").fetchone()
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, listed_on, state, stored, entries,"
            " first_read) VALUES (?1, ?1, ?1, 0, ?2, ?2, ?3, 'read', 1, 1, '')",
            (number, family, stored_papers.day_text(day)),
        )
        key = ListingKey(number, f"{number}", family, day, None)
        return entries.place(connection, key, 1, Entry(paper=paper), TODAY).paper_id


def version(title: str = "Of Bees", abstract: str | None = BEES, number: int | None = None, **more: Any) -> Paper:
    return Paper(title=title, abstract=abstract, arxiv_id="2510.04321", arxiv_version=number, **more)


def changes(library: Library) -> list[tuple[str, str, str, date]]:
    (number,) = library.reader().execute("SELECT id FROM paper").fetchone()
    return [
        (change.field, change.before, change.after, change.seen_on)
        for change in paper_details.details(library.reader(), number).changes
    ]


OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 7), date(2025, 11, 21), date(2025, 12, 3)


# -- a replaced paper in a mailing and in a feed


def test_a_replaced_paper_in_a_mailing_shows_its_earlier_title(library: Library, tmp_path: Path) -> None:
    import_text(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    import_text(library, tmp_path / "second.txt", SECOND.format(REPLACED.format(title="Of Bees and the Sun")))
    # In a mailing, entries for new versions have no abstract, so a change of the abstract cannot be shown.
    assert changes(library) == [("title", "Of Bees", "Of Bees and the Sun", NOVEMBER)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_replaced_paper_in_a_feed_shows_both_changes_in_any_order_of_import(
    order: tuple[int, int], library: Library, tmp_path: Path
) -> None:
    files = [
        ("first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES))),
        ("second.rss", RSS.format(title="Of Bees and the Sun", abstract=BEES_AGAIN)),
    ]
    for index in order:
        name, text = files[index]
        import_text(library, tmp_path / name, text)
    assert changes(library) == [
        ("title", "Of Bees", "Of Bees and the Sun", NOVEMBER),
        ("abstract", BEES, BEES_AGAIN, NOVEMBER),
    ]
    (number,) = library.reader().execute("SELECT id FROM paper").fetchone()
    likeness = {change.field: change.likeness for change in revisions.of_all(library.reader(), [number])[number]}
    assert 50 < likeness["title"] < 80 < likeness["abstract"] < 100


def test_a_replaced_paper_with_the_same_wording_shows_no_change(library: Library, tmp_path: Path) -> None:
    import_text(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    import_text(library, tmp_path / "second.txt", SECOND.format(REPLACED.format(title="Of Bees")))
    import_text(library, tmp_path / "second.rss", RSS.format(title="Of Bees", abstract=BEES))
    assert changes(library) == []


def test_a_paper_in_one_listing_shows_no_change(library: Library, tmp_path: Path) -> None:
    import_text(library, tmp_path / "first.txt", FIRST.format(NEW.format(title="Of Bees", abstract=BEES)))
    assert changes(library) == []


# -- differences that are not changes


def test_different_wordings_of_different_families_are_not_changes(library: Library) -> None:
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees and the Sun", BEES_AGAIN), "hf", NOVEMBER)
    put(library, version("The Bees of Sussex", BEES_AGAIN), "crossref", DECEMBER)
    assert changes(library) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Of Bees: a Study of $\\omega$-Dances", "Of bees - a study of $ω$-dances"),
        ("Of {Bees}", "Of Bees."),
        ("Bees in 2\nMeadows", "Bees in 2 Meadows"),
        ("Über Bienen", "U\u0308ber Bienen"),
    ],
)
def test_a_different_spelling_of_a_title_is_not_a_change(one: str, other: str, library: Library) -> None:
    put(library, version(one), "arxiv", OCTOBER)
    put(library, version(other, BEES.replace("sun. We", "sun.  We")), "arxiv", NOVEMBER)
    assert changes(library) == []


def test_two_wordings_of_one_version_or_one_day_are_not_changes(library: Library) -> None:
    put(library, version("Of Bees", number=1), "arxiv", OCTOBER)
    put(library, version("Of Bees (cross-listed)", number=1), "arxiv", NOVEMBER)
    put(library, version("Of Bees, a Study"), "arxiv", NOVEMBER)
    assert changes(library) == []


def test_a_field_missing_from_a_later_version_is_not_a_change(library: Library) -> None:
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees", None), "arxiv", NOVEMBER)
    put(library, version("Of Bees", BEES_AGAIN), "arxiv", DECEMBER)
    assert changes(library) == [("abstract", BEES, BEES_AGAIN, DECEMBER)]


# -- the order of versions


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
        name = "".join(str(versions.index(each)) for each in order)
        with Library.open(library.path.with_name(f"{name}.db")) as library_in_order:
            for paper, day in order:
                put(library_in_order, paper, "arxiv", day)
            assert changes(library_in_order) == expected


def test_a_version_without_a_listing_day_is_ordered_by_its_own_day(library: Library) -> None:
    """A response of arXiv's API has no listing day.

    Its versions are ordered by the day on which they were submitted.
    """
    put(library, version("Bees and the Moon", number=3, updated=date(2025, 12, 1)), "arxiv")
    put(library, version("Of Bees", number=1, updated=date(2025, 10, 6)), "arxiv", OCTOBER)
    assert changes(library) == [("title", "Of Bees", "Bees and the Moon", date(2025, 12, 1))]


def test_an_entry_without_any_day_is_left_out(library: Library) -> None:
    put(library, version("Bees, a Draft"), "arxiv")
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Bees, another Draft"), "arxiv")
    assert changes(library) == []
    put(library, version("Of Bees and the Sun"), "arxiv", NOVEMBER)
    assert changes(library) == [("title", "Of Bees", "Of Bees and the Sun", NOVEMBER)]


def test_the_changes_of_two_families_are_sorted_by_day(library: Library) -> None:
    put(library, version("Of Bees"), "hf", date(2025, 10, 8))
    put(library, version("Of Bees"), "arxiv", OCTOBER)
    put(library, version("Of Bees and the Sun"), "arxiv", NOVEMBER)
    put(library, version("Bees under the Sun"), "hf", date(2025, 11, 2))
    assert [(field, after, day) for field, _, after, day in changes(library)] == [
        ("title", "Bees under the Sun", date(2025, 11, 2)),
        ("title", "Of Bees and the Sun", NOVEMBER),
    ]


def test_a_huge_abstract_is_compared_quickly(library: Library) -> None:
    put(library, version(abstract="bees and the sun " * 60_000), "arxiv", OCTOBER)
    number = put(library, version(abstract="taxes and the moon " * 60_000), "arxiv", NOVEMBER)
    (change,) = revisions.of_all(library.reader(), [number])[number]
    assert isinstance(change, Change)
    assert change.likeness < 90


def test_changes_of_authors_and_counts_are_not_shown(library: Library) -> None:
    put(library, version(authors=(Author("Ada Lovelace"),), upvotes=3), "arxiv", OCTOBER)
    put(library, version(authors=(Author("Ada Lovelace"), Author("Bo Li")), upvotes=9), "arxiv", NOVEMBER)
    assert changes(library) == []
