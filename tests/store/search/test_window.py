"""A window (a search result whose papers are read in blocks) contains each paper once and in the right order."""

from __future__ import annotations

import random
import threading
from datetime import date

import pytest

from store.library.library import Library
from store.model.paper import Paper
from store.papers.views import SORTS, Sort, View
from store.search import index, search_run, window
from store.search import query as q
from store.search.filter_fields import CountField
from store.search.parser import parse
from store.search.search import Search
from store.search.tokenizer import title_text
from store.search.window import Window
from tests.store.search.reference import assert_shows, matches
from tests.store.search.sample_library import TODAY, SampleLibrary

TITLES = [
    *(f"The same beginning of many titles {number}" for number in (3, 1, 2, 10, 1)),
    *("The same begin", "the same begin", "The  same—begin!", "Thé same begin", "The samebegin", "Thesame begin"),
    *("注意力机制", "注意力", "深度学习", "Ελλάδα", "ελλάδα μου", "Öl", "Ol", "ol'", "שלום", "سلام", "हिन्दी", "한국어"),
    *("🤖", "…", "?!", "_", "1", "10", "2", "½", "² x", "zz", "ﬁne", "fine", "Ⅷ", "a\u0301", "á", "ａ", "𝔸bc", "ßa"),
    *("z注", "z", "za", "z9", "z 9", "Æ", "ø", "ħ"),
]


def window_of(sample: SampleLibrary, text: str = "", sort: Sort = "title") -> Window:
    """The result of a filter as a window, although short results are normally read completely."""
    answer = Search(sample.library, max_whole=0).answer(View("all"), parse(text, TODAY), sort)
    assert isinstance(answer.ids, Window)
    return answer.ids


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1_000])
def test_titles_of_all_alphabets_are_sorted_and_each_is_shown_once(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(window, "BLOCK", block)
    for number, title in enumerate(TITLES):
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    expected = sorted(sample.papers, key=lambda paper_id: (title_text(sample.title(paper_id)), paper_id))
    assert_shows(window_of(sample), expected)


@pytest.mark.parametrize("sort", SORTS)
def test_counts_beyond_the_limit_and_unknown_dates_give_each_paper_one_place(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    monkeypatch.setattr(window, "BLOCK", 3)
    counts = [None, 0, 1, 16_380, 16_381, 16_382, 16_383, 20_000, 2**31, 0, None, 5]
    days = [None, date.min, date(1, 1, 2), date(1970, 1, 1), date(2026, 7, 1), date.max]
    chance = random.Random(4)
    for number, count in enumerate(counts * 2):
        sample.put(
            Paper(
                title=f"Bees {number}",
                arxiv_id=f"2510.{number:05}",
                upvotes=count,
                comment_count=chance.choice(counts),
                published=chance.choice(days),
            ),
            "hf",
            chance.choice(days[:-1]),
        )
    shown = window_of(sample, "", sort)
    assert sorted(shown) == sorted(sample.papers)
    assert_shows(shown, list(shown))
    if sort == "date":
        dated = [sample.papers[number].paper.published or date.min for number in shown]
        assert dated == sorted(dated, reverse=True)
    if sort == "upvotes":
        counted = [sample.papers[number].paper.upvotes or 0 for number in shown]
        assert counted == sorted(counted, reverse=True)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        *((16_381, None), (16_382, 16_382), (16_383, None), (16_383, 16_999), (0, 16_381), (16_381, 20_000), (-5, -1)),
        *((None, 16_382), (None, 16_383), (20_000, None), (2**31, None), (2**70, None), (None, 2**70), (17_000, 2**70)),
    ],
)
@pytest.mark.parametrize("field", ["upvotes", "comments", "score"])
def test_counts_that_the_index_cannot_tell_apart_are_compared(
    sample: SampleLibrary, field: CountField, low: int | None, high: int | None
) -> None:
    for number, count in enumerate([None, 0, 16_380, 16_381, 16_382, 16_383, 16_384, 17_000, 20_000, 2**31]):
        scores = () if count is None else (count / 100,)
        sample.put(Paper(title="Bees", arxiv_id=f"2510.{number:05}", upvotes=count, comment_count=count, scores=scores))
    tree = q.CountRange(field, low, high)
    matching = {paper_id for paper_id, stored in sample.papers.items() if matches(tree, stored)}
    assert set(sample.answer(tree).ids) == matching
    assert set(sample.answer(q.Not(tree)).ids) == set(sample.papers) - matching


@pytest.mark.parametrize("text", ["bees", "bees that", "honey or bees", "-sing", "bees -honey"])
def test_positions_at_the_boundaries_between_match_groups_are_right(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(window, "BLOCK", 4)
    chance = random.Random(5)
    words = ["bees", "beeswax", "that", "thatch", "sing", "honey"]
    for number in range(60):
        sample.put(
            Paper(
                title=" ".join(chance.choices(words, k=3)),
                abstract=" ".join(chance.choices(words, k=3)) if chance.random() < 0.5 else None,
                venue=chance.choice([None, "Bees", "That sing"]),
                arxiv_id=f"2510.{number:05}",
                published=chance.choice([None, date(2026, 7, 1), date(2026, 7, 2)]),
            )
        )
    answer = sample.answer(text)
    assert answer.exact > 20
    assert_shows(window_of(sample, text, "best"), list(answer.ids))


def test_threads_that_share_a_window_read_the_same_papers(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "BLOCK", 5)
    monkeypatch.setattr(window, "_CACHED_BLOCKS", 2)
    for number, title in enumerate(TITLES * 2):
        sample.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    for sort in ("title", "date"):
        shown = window_of(sample, "", sort)  # type: ignore[arg-type]
        expected = list(shown)
        wrong: list[object] = []

        def walk(seed: int, shown: Window = shown, expected: list[int] = expected, wrong: list[object] = wrong) -> None:
            chance = random.Random(seed)
            try:
                for _ in range(60):
                    at = chance.randrange(len(expected))
                    if shown[at] != expected[at] or shown.index(expected[at]) != at:
                        wrong.append(at)
                    if list(shown[at : at + 9]) != expected[at : at + 9]:
                        wrong.append((at, at + 9))
            except Exception as error:  # The error is asserted below, in the thread of the test.
                wrong.append(error)

        threads = [threading.Thread(target=walk, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_a_window_keeps_every_paper_while_titles_change(sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "BLOCK", 4)
    monkeypatch.setattr(window, "_CACHED_BLOCKS", 1)
    for number, letter in enumerate("abcdefghijklmnopqrst"):
        sample.put(Paper(title=f"{letter} bees", arxiv_id=f"2510.{number:05}"))
    shown = window_of(sample)
    before = list(shown)
    with Library.open(sample.library.path) as other, other.writing() as connection:
        connection.execute("UPDATE paper SET title = 'zz' || title WHERE id % 3 = 1")
        connection.execute("DELETE FROM entry WHERE paper_id = 5")
    assert list(shown) == before
    assert [shown[at] for at in range(len(before))] == before
    assert [shown.index(number) for number in before] == list(range(len(before)))


@pytest.mark.parametrize("sort", SORTS)
def test_blocks_that_were_read_in_advance_are_not_read_again(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    monkeypatch.setattr(window, "BLOCK", 3)
    monkeypatch.setattr(search_run, "BLOCK", 3)
    for number in range(60):
        sample.put(Paper(title=f"Bees {number:02}", arxiv_id=f"2510.{number:05}", published=date(2026, 1, 1)))
    expected = list(window_of(sample, "", sort))
    shown = window_of(sample, "", sort)
    paper = expected[40]
    shown.read_around(20, 4, paper)
    shown.read_around(len(shown), 4, 9_999)
    monkeypatch.setattr(index, "run", lambda *words, **more: pytest.fail("the window reads the index"))
    assert shown.index(paper) == 40
    for start, stop in ((36, 44), (16, 24), (56, 60)):
        assert list(shown[start:stop]) == expected[start:stop]


def test_reading_in_advance_beyond_the_end_reads_nothing(sample: SampleLibrary) -> None:
    paper_id = sample.put(Paper(title="Bees"))
    shown = window_of(sample)
    shown.read_around(10_000, 4)
    assert list(shown) == [paper_id]


def test_a_block_is_read_when_it_is_needed_if_no_thread_can_be_started(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "BLOCK", 8)
    for number in range(20):
        sample.put(Paper(title=f"Bees {number:02}", arxiv_id=f"2510.{number:05}"))
    shown = window_of(sample)
    expected = list(shown)
    shown = window_of(sample)

    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert [shown[at] for at in range(20)] == expected
    assert not shown._reading_ahead
