"""Random filters on random libraries find the same papers as a simple search over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.marks.stored_marks import STATUSES, Marks
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import UNDATED, PartialDate
from store.papers.views import SORTS, Sort, View
from store.search import query as q
from store.search import window
from store.search.filter_fields import POSSESSIONS, STATES
from store.search.query import And, CountRange, DateRange, Has, Is, Label, Node, Not, Or, Phrase, Query, Word
from tests.store.search.reference import asks_for_hidden, assert_shows, expected, place
from tests.store.search.sample_library import ALL_PAPERS, TODAY, SampleLibrary
from tests.thorough import examples

WORDS = ["graph", "graphs", "neural", "net", "networks", "attention", "über", "naïve", "mt5", "GPT"]

_words = st.sampled_from(WORDS)
_sentences = st.lists(_words, min_size=1, max_size=5).map(" ".join)
_listing_days = st.dates(TODAY - timedelta(days=3), TODAY)
# The dates include the first and last days of years and months, because a date without a day or month begins or ends on
# such a day.
_days = _listing_days | st.sampled_from([date(2025, 12, 31), date(2026, 1, 1), date(2026, 7, 31), date(2026, 12, 31)])
_partial_dates = st.builds(
    lambda day, length: PartialDate.parse(day.isoformat()[:length]), _days, st.sampled_from([4, 7, 10, 10])
)


@st.composite
def _dated(draw: st.DrawFn, undated: st.SearchStrategy[Paper]) -> Paper:
    published, precision = draw(st.none() | _partial_dates) or UNDATED
    return msgspec.structs.replace(draw(undated), published=published, published_to=precision)


_papers = st.builds(
    Paper,
    title=_sentences,
    abstract=st.none() | _sentences,
    authors=st.lists(st.sampled_from(["Ada Graph", "Bo Über", "Naïve Net"]).map(Author), max_size=2).map(tuple),
    organization=st.none() | st.sampled_from(["Net Works", "GPT Inc"]).map(Organization),
    venue=st.none() | st.sampled_from(["Graphs and Nets", "Attention"]),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "math.CO", "Net Science"]), max_size=2).map(tuple),
    decision=st.sampled_from([None, "Oral", "Notable top 5%", "Reject"]),
    track=st.sampled_from([None, "main", "Datasets and Benchmarks"]),
    scores=st.sampled_from([(), (0.02,), (0.01, 0.03), (3.0, 4.0, 4.0)]),
    upvotes=st.none() | st.integers(0, 3),
    comment_count=st.none() | st.integers(0, 3),
    links=st.lists(st.sampled_from(["code", "pdf", "page", "model", "dataset"]), max_size=1).map(
        lambda kinds: tuple(Link(kind, "https://a.org") for kind in kinds)
    ),
)
_marks = st.builds(
    Marks,
    bookmarked=st.sampled_from([None, "yes"]),
    queue_position=st.sampled_from([None, 1]),
    status=st.sampled_from(STATUSES),
    tags=st.sampled_from([(), ("nlp",), ("nlp-2", "to-cite")]),
    note=st.sampled_from([None, "a note"]),
)
_stored_papers = st.tuples(
    _dated(_papers), st.sampled_from(["hf", "arxiv"]), st.none() | _listing_days, st.none() | _marks
)

_fields = st.none() | st.sampled_from(["title", "abstract", "author", "org", "venue"])
_prefixes = st.builds(lambda word, length: word[: max(1, length)], _words, st.integers(1, 9))
_counts = st.tuples(st.none() | st.integers(0, 3), st.none() | st.integers(0, 3)).filter(any)
_leaves = st.one_of(
    st.builds(Word, _prefixes, _fields),
    st.builds(Phrase, st.lists(_words, min_size=1, max_size=2).map(tuple), _fields),
    st.builds(Label, st.just("tag"), st.sampled_from(["nlp", "NLP-", "to", "x", "%", "_"])),
    st.builds(Label, st.just("cat"), st.sampled_from(["cs", "CS.c", "math.CO", "net s", "science", "s", "%"])),
    st.builds(Label, st.just("from"), st.sampled_from(["hf", "arx", "f"])),
    st.builds(Label, st.just("decision"), st.sampled_from(["oral", "TOP", "rej", "5%", "op", "_"])),
    st.builds(Label, st.just("track"), st.sampled_from(["main", "bench", "datasets", "%"])),
    st.builds(Label, st.just("id"), st.sampled_from(["2510.00001", "10.1000/1", "hf"])),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(POSSESSIONS)),
    st.builds(
        lambda field, bounds: CountRange(field, *bounds),
        st.sampled_from(["upvotes", "comments", "score", "rating"]),
        _counts,
    ),
    st.builds(DateRange, st.sampled_from(["published", "listed"]), st.none() | _days, _days | st.none()).filter(
        lambda dates: dates.start or dates.end
    ),
)
_trees = st.recursive(
    _leaves,
    lambda nodes: st.one_of(
        nodes.map(Not),
        st.lists(nodes, min_size=2, max_size=3).map(lambda each: And(tuple(each))),
        st.lists(nodes, min_size=2, max_size=3).map(lambda each: Or(tuple(each))),
    ),
    max_leaves=5,
)
_views = st.sampled_from(["all", "queue", "bookmarks", "done", "hidden", "undated", "tag:nlp", "day:2026-07-14"])


@examples(8, 60)
@given(
    st.lists(_stored_papers, min_size=1, max_size=8),
    st.lists(st.tuples(st.none() | _trees, _views, st.sampled_from(SORTS)), min_size=12, max_size=12),
)
def test_a_search_finds_what_the_simple_search_finds(
    papers: list[tuple[Paper, str, date | None, Marks | None]],
    searches: list[tuple[Node | None, str, Sort]],
) -> None:
    with TemporaryDirectory() as folder:
        sample = SampleLibrary(Path(folder) / "library.db")
        for number, (paper, family, listed, marks) in enumerate(papers):
            # Each paper has identifiers that no other paper has, so that no two are joined at import. The first paper
            # has no arXiv id.
            arxiv_id = f"2510.{number:05}" if number else None
            paper_id = sample.put(
                msgspec.structs.replace(paper, arxiv_id=arxiv_id, doi=f"10.1000/{number}"), family, listed
            )
            if marks:
                sample.mark(paper_id, marks)
        for tree, view, sort in searches:
            _check(sample, tree, View.parse(view), sort)
        sample.library.close()


def _check(sample: SampleLibrary, tree: Node | None, view: View, sort: Sort) -> None:
    answer = sample.answer(tree, view, sort)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "BLOCK", 3)
        assert_shows(sample.answer(tree, view, sort, max_whole=0).ids, list(answer.ids))
    exact, mistyped = list(answer.ids[: answer.exact]), list(answer.ids[answer.exact :])
    assert len(exact) == len(set(exact))
    assert set(exact) == expected(sample, tree, view), (tree, view)
    if tree is not None and sort == "best" and q.words(Query("", tree)):
        places = [place(tree, sample.papers[paper_id]) for paper_id in exact]
        assert places == sorted(places), tree
    assert not set(exact) & set(mistyped)
    assert len(mistyped) == len(set(mistyped))
    in_view = expected(sample, None, ALL_PAPERS if asks_for_hidden(tree) else view)
    assert set(mistyped) <= in_view | expected(sample, Is("hidden"), view)


_SYNTAX = st.lists(
    st.sampled_from(
        [
            *('"', "'", "(", ")", "*", "-", "+", "^", ":", "{", "}", ";", "--", "%", "_", "\\", "|", "\0", "\ud800"),
            *("AND", "OR", "NOT", "NEAR(", "or", "title:", "tag:", "cat:", "id:", "date:", "is:"),
            *("graph", "x", "é", "½", "ﬁ", "ⅷ"),
        ]
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """A hundred papers. Each contains one of the words."""
    sample = SampleLibrary(tmp_path_factory.mktemp("numbered") / "library.db")
    for number in range(100):
        sample.put(Paper(title=f"{WORDS[number % 10]} x {number}", arxiv_id=f"2510.{number:05}"))
    yield sample
    sample.library.close()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40) | _SYNTAX.map(" ".join) | _SYNTAX.map("".join), _views, st.sampled_from(SORTS))
def test_no_text_is_an_error(numbered: SampleLibrary, text: str, view: str, sort: Sort) -> None:
    answer = numbered.answer(text, View.parse(view), sort)
    assert answer.exact <= len(answer.ids) <= len(numbered.papers)
    answer.highlights.spans(text)
