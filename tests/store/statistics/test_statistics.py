"""Statistics about reading (per week, the queue, waiting times, topics and terms), and their export to files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from store.library.library import Library
from store.marks import journal, marking
from store.model.paper import Organization, Paper
from store.statistics import export, reading, terms
from store.statistics.terms import Term
from tests.store.listings import add_listing

# This day is a Wednesday.
TODAY = date(2026, 10, 28)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def date_back(library: Library, days: int) -> None:
    """Change the time of the latest change in the journal to noon (UTC), this many days before TODAY."""
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) - timedelta(days=days)
    with library.writing(durable=False) as connection:
        (step,) = connection.execute("SELECT max(id) FROM journal").fetchone()
        connection.execute("UPDATE journal SET at = ? WHERE id = ?", (at.isoformat(), step))
        connection.execute(
            "UPDATE mark SET status_at = ? WHERE status_at IS NOT NULL AND paper_id IN"
            " (SELECT a.value FROM journal j, json_each(j.papers) a WHERE j.id = ?)",
            (at.isoformat(), step),
        )


def test_weeks_have_the_papers_read_and_the_length_and_age_of_the_queue(library: Library) -> None:
    listed = TODAY - timedelta(days=20)
    one, two, three = add_listing(library, listed, *(Paper(title=title) for title in ("Bees", "Moths", "Wasps")))
    for paper, days in ((one, 20), (two, 10)):
        marking.queue(library, [paper])
        date_back(library, days)
    marking.status(library, [one], "done")
    date_back(library, 8)
    marking.status(library, [three], "done")
    date_back(library, 1)
    marking.status(library, [two], "hidden")
    journal.undo(library)
    statistics = reading.read(library.reader(), TODAY)
    assert len(statistics.weeks) == reading.WEEKS
    assert statistics.weeks[-1].monday == TODAY - timedelta(days=2)
    assert [week.read for week in statistics.weeks[-4:]] == [0, 0, 1, 1]
    assert [week.queued for week in statistics.weeks[-4:]] == [1, 2, 1, 1]
    # The ages of the queued papers in days. "Bees" leaves the queue when it is done; then only "Moths" is in it.
    assert [week.queue_age for week in statistics.weeks[-2:]] == [7.0, 10.0]
    assert statistics.typical_wait == (12 + 19) / 2
    assert {(wait.days, wait.count) for wait in statistics.waits if wait.count} == {(14, 1), (30, 1)}
    assert statistics.decisions == {TODAY - timedelta(days=days): 1 for days in (20, 10, 8, 1)}
    assert (statistics.papers, statistics.read, statistics.queued) == (3, 2, 1)


def test_topics_are_those_of_the_papers_read(library: Library) -> None:
    papers = add_listing(
        library,
        TODAY,
        Paper(title="Bees", ai_keywords=("Insects", "Dance"), categories=("cs.CL",), organization=Organization("Hive")),
        Paper(title="Moths", ai_keywords=("insects",)),
        Paper(title="Stars", categories=("astro-ph.GA",), organization=Organization("Sky")),
    )
    marking.tag(library, papers[:1], ["night"])
    marking.status(library, papers[:2], "done")
    statistics = reading.read(library.reader(), TODAY)
    assert [(each.name, each.count) for each in statistics.topics] == [("insects", 2), ("#night", 1), ("dance", 1)]
    assert [(each.name, each.count) for each in statistics.organizations] == [("Hive", 1)]


def test_terms_rise_and_fall_against_the_twelve_months_before(library: Library) -> None:
    for month in range(1, 12):
        titles = [f"Gradient descent for kites {month}{number}" for number in range(8)]
        add_listing(library, TODAY - timedelta(days=30 * month), *(Paper(title=title) for title in titles))
    titles = [f"World models of kites {number}" for number in range(12)]
    add_listing(library, TODAY, *(Paper(title=title) for title in titles))
    rising, falling = terms.changes(library.reader(), TODAY)
    assert rising[0].text in ("world", "models", "world models")
    assert (rising[0].before, rising[0].now) == (0, 1000)
    assert falling[0].text in ("gradient", "descent", "gradient descent")
    assert not {"kites", "for", "of"} & {term.text for term in (*rising, *falling)}


def test_an_empty_library_has_statistics(library: Library) -> None:
    statistics = reading.read(library.reader(), TODAY)
    assert statistics.read == statistics.queued == 0
    assert {week.read for week in statistics.weeks} == {0}
    assert ElementTree.fromstring(export.to_svg(statistics)) is not None


def test_the_files_have_every_number_and_hostile_names_stay_text(library: Library) -> None:
    papers = add_listing(library, TODAY, Paper(title="Bees", organization=Organization("=1+1 <script>&")))
    marking.status(library, papers, "done")
    statistics = reading.read(library.reader(), TODAY)
    statistics = reading.Statistics(
        *(getattr(statistics, name) for name in statistics.__struct_fields__[:-2]), (Term("b", 1, 2),), ()
    )
    rows = list(csv.reader(io.StringIO(export.to_csv(statistics))))
    assert ["papers read", "", "1"] in rows
    assert ["papers read by organization", "'=1+1 <script>&", "1"] in rows
    assert ["titles of 1,000 with the rising term, now", "b", "2.00"] in rows
    picture = ElementTree.fromstring(export.to_svg(statistics))
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "=1+1 <script>&" in texts
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))
