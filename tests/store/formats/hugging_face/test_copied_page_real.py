"""Every paper of the sample pages and of real copied pages is read completely."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from store.model.entry import Entry, ListingDay
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.copied_pages import SAMPLES, entries, read, whole


def test_the_samples_are_read_whole() -> None:
    pages = {path.name: whole(path.read_bytes()) for path in sorted(SAMPLES.iterdir())}
    assert {name: len(papers) for name, papers in pages.items()} == {
        "daily-papers-2026-10-28.txt": 25,
        "daily-papers-2026-10-29.txt": 25,
        "trending.txt": 22,
    }
    everything = [entry for papers in pages.values() for entry in papers]
    assert len({entry.paper.title for entry in everything}) == 67
    assert all(100 <= len((entry.paper.abstract or "").split()) <= 200 for entry in everything)
    for name, day in (("daily-papers-2026-10-28.txt", 28), ("daily-papers-2026-10-29.txt", 29)):
        assert read((SAMPLES / name).read_bytes())[0] == ListingDay(MonthDay(10, day))
        papers = pages[name]
        assert sum(entry.published_on is None for entry in papers) == 3
        assert sum(entry.paper.organization is not None for entry in papers) >= 3
        assert sum(entry.paper.author_count == 1 for entry in papers) == 1
        assert sum(bool(entry.paper.comment_count) for entry in papers) >= 10
        dates = [entry.published_on for entry in papers if entry.published_on]
        assert {date.year for date in dates} >= {None, 2025, 2024}
        assert all((date.month, date.day) < (10, day) for date in dates if date.year is None)
    assert not any(entry.published_on for entry in pages["trending.txt"])


def _by_length(path: Path) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """The lines of a real page, and the title, abstract and byline of each paper, found without the code under test.

    In the real pages every abstract, and no other line, has more than 600 characters. A paper has a byline (line with
    authors and date) if "·" is two lines below its abstract.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    long = [at for at, line in enumerate(lines) if len(line) > 600]
    papers = [
        (lines[at - 1], lines[at], lines[at + 1 : at + 4] if lines[at + 2 : at + 3] == ["·"] else []) for at in long
    ]
    return lines, papers


@pytest.mark.parametrize(
    ("start", "count", "without", "organizations", "yearless", "commented", "comments", "day"),
    [
        ("000", 87, 6, 2, 34, 23, 48, MonthDay(10, 30)),
        ("001", 53, 0, 1, 0, 11, 25, MonthDay(1, 7)),
        ("002", 46, 2, 2, 6, 12, 20, MonthDay(7, 2)),
        ("004", 182, 182, 0, 0, 0, 0, None),
    ],
)
def test_the_real_pages_are_read_whole(
    listings: Path,
    start: str,
    count: int,
    without: int,
    organizations: int,
    yearless: int,
    commented: int,
    comments: int,
    day: MonthDay | None,
) -> None:
    (path,) = (listings / "hf-text").glob(f"{start}_*.txt")
    lines, papers = _by_length(path)
    bylines = [byline for _, _, byline in papers if byline]
    after_date = [byline[2].split(", ")[-1].split()[(1 if ", " in byline[2] else 2) :] for byline in bylines]
    assert len(papers) == count
    assert len(papers) - lines.count("·") == without
    assert sum(not byline[0].startswith("•") for byline in bylines) == organizations
    assert sum(", " not in byline[2] for byline in bylines) == yearless
    assert sum(map(len, after_date)) == commented
    assert sum(int(number) for numbers in after_date for number in numbers) == comments

    items = read(path.read_bytes())
    produced = [item for item in items if isinstance(item, Entry)]
    assert [item for item in items if not isinstance(item, Entry)] == ([ListingDay(day)] if day else [])
    assert [(e.paper.title, e.paper.abstract) for e in produced] == [
        (title.removeprefix("Subscribe"), abstract) for title, abstract, _ in papers
    ]
    raw = path.read_text(encoding="utf-8").split("\n")
    for entry, (_, _, byline) in zip(produced, papers, strict=True):
        assert raw[(entry.line or 0) - 1].endswith(entry.paper.title)
        assert (entry.published_on is not None) == bool(byline)
        if byline:
            assert entry.published_on
            printed = byline[2].split()
            assert entry.published_on.day == int(printed[1].strip(","))
            assert entry.published_on.month == time.strptime(printed[0], "%b").tm_mon
            assert (entry.published_on.year is None) == (", " not in byline[2])
            assert str(entry.published_on.year or "") in byline[2]
            if byline[0].startswith("•"):
                assert entry.paper.author_count == int(byline[0].split()[1])
            else:
                assert entry.paper.organization
                assert f"{entry.paper.organization.slug} {entry.paper.organization.name}" == byline[0]
    assert sum(bool(entry.paper.comment_count) for entry in produced) == commented
    assert sum(entry.paper.comment_count or 0 for entry in produced) == comments


def test_the_real_pages_have_368_entries_about_286_papers(listings: Path) -> None:
    papers = [entry.paper for path in (listings / "hf-text").glob("*.txt") for entry in entries(path.read_bytes())]
    assert len(papers) == 368
    assert len({paper.title.casefold() for paper in papers}) == 286
    wordings = {(paper.title.casefold(), paper.abstract) for paper in papers}
    assert len(wordings) == 288
