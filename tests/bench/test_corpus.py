"""The generated papers are the same in every run, recto reads them correctly, and their statistics are realistic."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date
from itertools import islice, pairwise

import pytest

from store.formats.registry import HEAD_SIZE, detect
from store.matching import identifiers
from store.model.entry import Entry, Item, ListingDay
from store.model.paper import Paper
from store.model.partial_date import MonthDay
from tests.bench.corpus import SEED, MadePaper, Maker, papers
from tests.bench.listings import Layout, daily_page, pages, snapshot, tex
from tests.bench.submissions import LAST_DAY, months, submissions
from tests.bench.words import adjective, noun, table

_SIZE = 2_000


@pytest.fixture(scope="module")
def made() -> list[MadePaper]:
    return list(papers(_SIZE))


def read(text: str, name: str, format: str) -> list[Item]:
    """The entries that recto reads from a file, whose format it recognizes itself."""
    content = text.encode()
    reader = detect(content[:HEAD_SIZE], name)
    assert format == reader.NAME
    return list(reader.read(io.BytesIO(content)))


def only_papers(items: list[Item]) -> list[Paper]:
    assert all(isinstance(item, Entry | ListingDay) for item in items), [
        item for item in items if not isinstance(item, Entry | ListingDay)
    ]
    return [item.paper for item in items if isinstance(item, Entry)]


def test_the_same_size_and_seed_give_the_same_papers(made: list[MadePaper]) -> None:
    assert list(papers(_SIZE)) == made


def test_with_another_seed_the_ids_are_the_same_and_the_papers_are_different(made: list[MadePaper]) -> None:
    others = list(papers(_SIZE, seed=2))
    assert [paper.arxiv_id for paper in others] == [paper.arxiv_id for paper in made]
    assert sum(one.title == other.title for one, other in zip(made, others, strict=True)) < _SIZE / 100


def test_papers_are_generated_one_at_a_time() -> None:
    assert [paper.arxiv_id for paper in islice(papers(3_000_000), 2)] == ["0704.0001", "0704.0002"]


@pytest.mark.parametrize("size", [1, 100, 12_345])
def test_a_corpus_has_the_requested_size_and_no_id_twice(size: int) -> None:
    found = [submission.arxiv_id for submission in submissions(size)]
    assert len(found) == size == len(set(found))


def test_three_million_papers_have_room_in_the_ids() -> None:
    spread = months(3_000_000)
    assert sum(month.papers for month in spread) == 3_000_000
    assert max(month.papers for month in spread if month.archive) <= 999
    assert max(month.papers for month in spread if not month.archive and month.year < 2015) <= 9_999


def test_ids_have_the_form_and_the_order_of_arxivs_snapshot(made: list[MadePaper]) -> None:
    new = [paper for paper in made if "/" not in paper.arxiv_id]
    old = [paper for paper in made if "/" in paper.arxiv_id]
    assert made == new + old and old and new
    assert all(one.arxiv_id < other.arxiv_id for one, other in pairwise(new))
    by_archive = [(paper.arxiv_id.partition("/")[0], paper.published) for paper in old]
    assert by_archive == sorted(by_archive)
    for paper in made:
        assert identifiers.exact_arxiv_id(paper.arxiv_id) == (paper.arxiv_id, None)
        digits = re.sub(r".*/|\..*", "", paper.arxiv_id)
        assert digits[:4] == f"{paper.published.year % 100:02}{paper.published.month:02}"


def test_submissions_are_from_1991_to_2026_and_increase_over_the_years() -> None:
    days = [submission.day for submission in submissions(20_000)]
    years = Counter(day.year for day in days)
    assert (min(years), max(years)) == (1991, 2026)
    assert max(days) <= LAST_DAY
    assert years[1995] < years[2005] < years[2015] < years[2025]


def test_a_snapshot_is_read_back_as_it_was_made(made: list[MadePaper]) -> None:
    found = only_papers(read("".join(snapshot(_SIZE)), "arxiv-metadata-oai-snapshot.json", "arxiv-snapshot"))
    assert [paper.arxiv_id for paper in found] == [paper.arxiv_id for paper in made]
    for paper, one in zip(found, made, strict=True):
        assert (paper.title, paper.abstract) == (one.title, one.abstract)
        assert (paper.published, paper.updated) == (one.published, one.updated)
        assert [author.name for author in paper.authors] == [f"{given} {family}" for given, family in one.authors]
        assert (paper.categories, paper.arxiv_version) == (one.categories, one.versions)
        assert (paper.venue, paper.doi, paper.comment) == (one.venue, one.doi, one.comment)


def test_a_page_with_bylines_is_read_back_as_it_was_made(made: list[MadePaper]) -> None:
    page = made[-300:]
    items = read(daily_page(page, date(2026, 3, 2), "bylines"), "daily-papers.txt", "hf-text")
    assert items[0] == ListingDay(MonthDay(3, 2))
    entries = [item for item in items if isinstance(item, Entry)]
    assert [(entry.paper.title, entry.paper.abstract) for entry in entries] == [
        (paper.title, paper.abstract) for paper in page
    ]
    for entry, one in zip(entries, page, strict=True):
        printed = one.published
        expected = MonthDay(printed.month, printed.day, None if printed.year == 2026 else printed.year)
        assert entry.published_on in (None, expected)
        assert entry.paper.author_count in (None, len(one.authors))
    assert 0.01 < sum(entry.published_on is None for entry in entries) / len(entries) < 0.1
    assert any(entry.paper.organization for entry in entries)
    assert 0.1 < sum(bool(entry.paper.comment_count) for entry in entries) / len(entries) < 0.4


def test_a_bare_page_is_read_back_as_it_was_made(made: list[MadePaper]) -> None:
    found = only_papers(read(daily_page(made[:182], date(2026, 3, 2), "bare"), "page.txt", "hf-text"))
    assert [(paper.title, paper.abstract) for paper in found] == [(paper.title, paper.abstract) for paper in made[:182]]


@pytest.mark.parametrize("layout", ["bylines", "bare"])
def test_pages_hold_all_papers_on_days_of_their_own(layout: Layout) -> None:
    found = list(pages(250, layout))
    assert len({name for name, _ in found}) == len(found) == 3
    assert sum(len(only_papers(read(text, name, "hf-text"))) for name, text in found) == 250


def test_titles_and_abstracts_have_the_lengths_of_real_ones(made: list[MadePaper]) -> None:
    titles = [len(paper.title.split()) for paper in made]
    abstracts = [len(paper.abstract.split()) for paper in made]
    assert (min(titles) >= 4, max(titles) <= 14) == (True, True)
    assert (min(abstracts) >= 80, max(abstracts) <= 220) == (True, True)
    assert 7 < sum(titles) / _SIZE < 11
    assert 110 < sum(abstracts) / _SIZE < 160


def test_words_follow_zipfs_law(made: list[MadePaper]) -> None:
    words = Counter(word for paper in made for word in re.findall(r"[a-z]+", paper.abstract.lower()))
    frequent = [count for _, count in words.most_common()]
    total = sum(frequent)
    assert 0.04 < frequent[0] / total < 0.10
    # A word whose rank is ten times larger is 4 to 60 times rarer. The range is wide because the sentence templates
    # cause a step in the middle.
    assert all(4 < frequent[rank] / frequent[10 * rank] < 60 for rank in (10, 100, 300, 500))
    assert sum(count == 1 for count in frequent) / len(frequent) > 0.3


def test_the_vocabulary_grows_more_slowly_than_the_corpus(made: list[MadePaper]) -> None:
    half = {word for paper in made[: _SIZE // 2] for word in paper.title.lower().split()}
    whole = {word for paper in made for word in paper.title.lower().split()}
    assert 1.2 * len(half) < len(whole) < 1.9 * len(half)


def test_some_texts_have_latex_or_accents_and_some_names_are_in_other_scripts(made: list[MadePaper]) -> None:
    assert 0.02 < sum("$" in paper.title for paper in made) / _SIZE < 0.2
    assert any(not paper.title.isascii() for paper in made)
    letters = {letter for paper in made for author in paper.authors for name in author for letter in name}
    assert letters & set("éüøłőčñ") and any("\u4e00" <= letter <= "\u9fff" for letter in letters)
    chinese = sum(any("\u4e00" <= letter <= "\u9fff" for letter in paper.title) for paper in made)
    assert 0 < chinese / _SIZE < 0.01


def test_the_papers_of_a_month_do_not_depend_on_the_months_generated_before(made: list[MadePaper]) -> None:
    number, month = max(enumerate(months(_SIZE)), key=lambda each: each[1].papers)
    alone = list(Maker(SEED).papers_of(month, number))
    assert alone == [paper for paper in made if paper.arxiv_id in {one.arxiv_id for one in alone}] != []


def test_accents_become_tex_commands_in_the_snapshot() -> None:
    assert tex("Schrödinger, Erdős, Łukasz, 王") == r"Schr{\"o}dinger, Erd{\H o}s, {\L}ukasz, 王"


def test_hardly_any_word_has_two_ranks() -> None:
    for word in (noun, adjective):
        ranks = [word(rank) for rank in range(20_000)]
        assert len(set(ranks)) > 0.97 * len(ranks)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", each) for each in ranks)


def test_the_number_of_places_of_a_word_in_a_table_follows_from_its_rank() -> None:
    laid = table(str, 5_000, 20_000)
    places = Counter(laid)
    assert len(laid) == pytest.approx(20_000, abs=1)
    assert places["0"] > places["1"] > places["10"] > places["100"] > 0
    assert places["10"] / places["100"] == pytest.approx((102.7 / 12.7) ** 1.05, rel=0.1)
