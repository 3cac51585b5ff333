"""Lists sorted by the user's taste, which recto learns from marks and from explicit ratings of reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store.exporting import whole_library
from store.library.library import Library
from store.marks import journal, marking, saved_filters
from store.marks.saved_filters import SavedFilter
from store.model.errors import LibraryError
from store.model.paper import Author, Organization, Paper
from store.papers.views import View
from store.ranking import opinions
from store.search.parser import parse
from store.search.search import Search
from store.search.taste_order import NO_RANKING
from tests.store.search.sample_library import SampleLibrary

DAY = date(2026, 7, 2)
LIKED, DISLIKED = ("replay", "continual", "forgetting"), ("glacier", "moraine", "firn")


class Sample(SampleLibrary):
    """A library with papers about two subjects. Tests mark the papers so that the user likes the first subject."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.liked = [self.about(LIKED, number) for number in range(20)]
        self.disliked = [self.about(DISLIKED, number) for number in range(20)]

    def about(self, words: tuple[str, ...], number: int, author: str = "", organization: str = "") -> int:
        """Import a paper, listed on DAY, whose title consists of words of `words`. Returns its id."""
        chosen = [word for at, word in enumerate(words) if at != number % len(words)]
        return self.put(
            Paper(
                title=f"{chosen[0]} {words[0]}{number} of {chosen[1]} {words[0]}",
                authors=(Author(author or f"Writer {words[0]} {number}"),),
                organization=Organization(organization) if organization else None,
            ),
            listed=DAY,
        )

    def keep(self, count: int = 6) -> None:
        """Bookmark the first `count` papers about the liked subject, and hide as many about the other subject."""
        marking.bookmark(self.library, self.liked[:count], True)
        marking.status(self.library, self.disliked[:count], "hidden")

    def for_you(self, view: str = "for-you", text: str = "") -> list[int]:
        return list(self.answer(text, View.parse(view)).ids)


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    sample = Sample(tmp_path / "library.db")
    yield sample
    sample.library.close()


def test_papers_like_the_kept_ones_come_first(sample: Sample) -> None:
    sample.keep()
    for view in ("for-you", "for-you:week", "for-you:unseen"):
        ids = sample.for_you(view)
        assert set(ids) == {*sample.liked[6:], *sample.disliked[6:]}
        assert set(ids[:6]) < set(sample.liked)


def test_every_view_and_filter_can_be_sorted_by_taste(sample: Sample) -> None:
    sample.keep()
    answer = sample.answer("", View("all"), sort="for-you")
    assert answer.is_ranked
    assert set(answer.ids[:20]) == set(sample.liked)
    assert len(answer.ids) == 34
    filtered = sample.answer('"replay19" or "glacier19"', View("all"), sort="for-you")
    assert list(filtered.ids[: filtered.exact]) == [sample.liked[19], sample.disliked[19]]


def test_a_long_list_has_the_likeliest_papers_first_and_all_others_behind(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.keep()
    monkeypatch.setattr("store.search.taste_order._MOST_RANKED", 10)
    monkeypatch.setattr("store.search.taste_order._CANDIDATES", 12)
    everything = {*sample.liked, *sample.disliked[6:]}
    for max_whole in (5, 5_000):
        ids = sample.answer("", View("all"), sort="for-you", max_whole=max_whole).ids
        assert set(ids[:12]) <= set(sample.liked)
        assert len(ids) == len(everything)
        assert set(ids) == everything


def test_with_too_few_kept_papers_the_list_keeps_its_order_and_says_so(sample: Sample) -> None:
    marking.bookmark(sample.library, sample.liked[:4], True)
    answer = sample.answer("", View("for-you"))
    assert answer.notes == (NO_RANKING,)
    assert not answer.is_ranked
    assert list(answer.ids) == [*sample.liked[4:], *sample.disliked]


def test_three_named_papers_are_enough(sample: Sample) -> None:
    opinions.set_source(sample.library, papers=tuple(sample.disliked[:3]))
    assert set(sample.for_you()[:5]) < set(sample.disliked)


def test_a_rating_says_more_than_other_marks(sample: Sample) -> None:
    marking.bookmark(sample.library, sample.disliked[:6], True)
    marking.queue(sample.library, sample.disliked[:6], True)
    marking.rate(sample.library, sample.disliked[:6], 1)
    assert sample.answer("", View("for-you")).notes == (NO_RANKING,)
    marking.rate(sample.library, sample.liked[:5], 4)
    ids = sample.answer("", View("all"), sort="for-you").ids
    assert set(ids[:15]) <= set(sample.liked)


def test_any_view_can_be_the_taste(sample: Sample) -> None:
    sample.keep()
    marking.tag(sample.library, sample.disliked[10:], ["ice"])
    opinions.set_source(sample.library, view="tag:ice")
    assert set(sample.for_you()[:5]) < set(sample.disliked)
    opinions.set_source(sample.library)
    assert set(sample.for_you()[:5]) < set(sample.liked)


def test_a_saved_filter_can_be_the_taste(sample: Sample) -> None:
    saved_filters.save(sample.library, SavedFilter("ice", "glacier moraine"))
    opinions.set_source(sample.library, view="filter:ice")
    assert set(sample.for_you()[:5]) < set(sample.disliked)
    # The view whose marks the taste is learnt from no longer exists, so there is no ranking.
    opinions.set_source(sample.library, view="filter:gone")
    assert sample.answer("", View("for-you")).notes == (NO_RANKING,)


def test_a_paper_that_fits_a_saved_filter_is_among_the_first(sample: Sample) -> None:
    sample.keep()
    lost = sample.disliked[19]
    assert sample.for_you().index(lost) > 12
    saved_filters.save(sample.library, SavedFilter("watched", "glacier19"))
    answer = sample.answer("", View("for-you"))
    assert list(answer.ids).index(lost) <= 11
    assert Search(sample.library).reasons_in(answer, [lost])[lost].filter == "watched"


def test_new_marks_change_the_order(sample: Sample) -> None:
    sample.keep()
    assert sample.for_you()[0] in sample.liked
    marking.bookmark(sample.library, sample.liked, False)
    marking.status(sample.library, sample.liked, "hidden")
    marking.bookmark(sample.library, sample.disliked[6:12], True)
    assert sample.for_you()[0] in sample.disliked


def test_with_many_marks_an_older_model_is_used_until_it_is_trained_again(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.search.taste_order._MOST_AT_ONCE", 0)
    sample.keep()
    search = Search(sample.library, trains_at_once=False)
    before = search.taste()
    assert before is not None
    marking.bookmark(sample.library, sample.disliked[6:], True)
    after = search.taste()
    assert after is not None
    assert after.learnt == before.learnt
    assert not search.train(lambda: True)
    assert search.train()
    trained = search.taste()
    assert trained is not None
    assert trained.learnt != before.learnt
    assert not search.train()


def test_a_list_keeps_its_order_while_its_papers_are_marked(sample: Sample) -> None:
    sample.keep()
    search = Search(sample.library, trains_at_once=False)
    before = list(search.answer(View("for-you"), parse("", DAY)).ids)
    marking.bookmark(sample.library, before[-1:], True)
    assert list(search.answer(View("for-you"), parse("", DAY)).ids) == before[:-1]
    other_list = list(search.answer(View("for-you", "week"), parse("", DAY)).ids)
    assert set(other_list) == set(before[:-1])
    assert other_list != before[:-1]


def test_the_model_is_stored_and_exported_and_can_be_forgotten(sample: Sample, tmp_path: Path) -> None:
    sample.keep()
    model = Search(sample.library).taste()
    stored = sample.library.reader().execute("SELECT count(*) FROM taste_weight").fetchone()
    assert model is not None
    assert stored[0] == len(model.learnt.weights) > 0
    export = tmp_path / "export.jsonl"
    export.write_bytes(b"".join(whole_library.pieces(sample.library)))
    with Library.open(tmp_path / "other.db") as other, export.open("rb") as file:
        whole_library.restore(other, file)
        restored = Search(other)
        assert restored.train() is False
    opinions.put(sample.library, {"glacier": "more"})
    opinions.forget_all(sample.library)
    connection = sample.library.reader()
    assert connection.execute("SELECT count(*) FROM taste_weight").fetchone() == (0,)
    assert opinions.read(connection) == {}


def test_an_opinion_about_a_word_counts_at_once(sample: Sample) -> None:
    sample.keep()
    search = Search(sample.library, trains_at_once=False)
    assert search.taste() is not None
    opinions.put(sample.library, {opinions.feature_of("Glaciers"): "more"})
    assert set(sample.for_you()[:5]) < set(sample.disliked)
    opinions.put(sample.library, {"glacier": "never"})
    assert set(sample.for_you()[-5:]) < set(sample.disliked)
    opinions.put(sample.library, {"glacier": "ignore"})
    model = search.taste()
    assert model is not None
    assert model.weight("glacier") == 0
    assert opinions.remove(sample.library, "glacier")
    assert not opinions.remove(sample.library, "glacier")


def test_an_opinion_can_be_undone_and_is_known_by_the_identity_of_its_paper(sample: Sample) -> None:
    opinions.put(sample.library, {"glacier": "less"})
    assert journal.undo(sample.library) is not None
    assert opinions.read(sample.library.reader()) == {}
    paper_id = sample.put(Paper(title="With an id", arxiv_id="2601.00001"))
    feature = opinions.paper_feature(sample.library.reader(), paper_id)
    assert feature == "paper:2601.00001"
    assert opinions.paper_of(sample.library.reader(), feature) == paper_id
    assert opinions.paper_of(sample.library.reader(), "paper:2601.99999") is None


def test_more_like_a_paper_makes_papers_like_it_likelier(sample: Sample) -> None:
    sample.keep()

    def probability() -> float:
        answer = sample.answer("", View("all"), sort="for-you")
        return Search(sample.library).reasons_in(answer, [sample.disliked[10]])[sample.disliked[10]].probability

    before = probability()
    opinions.put(sample.library, {f"{opinions.PAPER}{each}": "more" for each in sample.disliked[11:14]})
    assert probability() > before


def test_an_author_and_an_organization_count_as_well_as_words(sample: Sample) -> None:
    for number in range(20, 26):
        paper_id = sample.about(("tern", "gull", "skua"), number, "Ada Alpha", "Tern Lab")
        marking.bookmark(sample.library, [paper_id], True)
    by_ada = sample.put(Paper(title="Nothing in common", authors=(Author("Ada Alpha"),)), listed=DAY)
    by_lab = sample.put(Paper(title="Another matter", organization=Organization("Tern Lab")), listed=DAY)
    assert set(sample.for_you()[:2]) == {by_ada, by_lab}
    answer = sample.answer("", View("for-you"))
    reasons = Search(sample.library).reasons_in(answer, [by_ada, by_lab])
    assert [(each.name, each.kept) for each in reasons[by_ada].authors] == [("Ada Alpha", 6)]
    assert reasons[by_lab].organization == "Tern Lab"


def test_a_paper_has_reasons(sample: Sample) -> None:
    sample.keep()
    answer = sample.answer("", View("for-you"))
    liked, disliked = sample.liked[7], sample.disliked[7]
    reasons = Search(sample.library).reasons_in(answer, [liked, disliked])
    assert set(reasons[liked].words) & set(LIKED)
    assert reasons[liked].similar_to is not None
    assert reasons[liked].similar_to.id in sample.liked[:6]
    assert reasons[liked].probability > reasons[disliked].probability
    assert set(reasons[disliked].against) & set(DISLIKED)
    assert Search(sample.library).reasons_in(sample.answer("", View("new")), [liked]) == {}


def test_one_paper_in_ten_is_chosen_by_chance_and_stays_while_others_are_decided_on(sample: Sample) -> None:
    sample.keep()
    for number in range(20, 120):
        sample.about(DISLIKED, number)
    answer = sample.answer("", View("for-you"))
    assert 5 <= len(answer.by_chance) <= 20
    assert len(set(answer.ids)) == len(answer.ids)
    first = next(paper_id for paper_id in answer.ids if paper_id in answer.by_chance)
    assert list(answer.ids).index(first) == 6
    reasons = Search(sample.library).reasons_in(answer, [first])
    assert reasons[first].is_random
    marking.status(sample.library, answer.ids[:3], "seen")
    later = sample.answer("", View("for-you"))
    assert first in later.by_chance
    assert sample.answer("", View("all"), sort="for-you").by_chance == frozenset()


@pytest.mark.parametrize("text", ["", "the", "two words", "2026", "author:"])
def test_a_text_that_names_no_feature_is_refused(text: str) -> None:
    with pytest.raises(LibraryError):
        opinions.feature_of(text)


def test_names_are_folded() -> None:
    assert opinions.feature_of("Author: Ada  Älpha") == "author:ada alpha"
    assert opinions.feature_of("organization:Tern Lab") == "org:tern lab"
    assert opinions.feature_of("cat:cs.LG") == "cat:cs.lg"
