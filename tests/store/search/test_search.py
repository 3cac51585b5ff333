"""What a filter finds, in which order, which letters are lit, and that nothing typed can break it."""

from __future__ import annotations

import itertools
import random
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
import tantivy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.importing import entries
from store.importing.entries import ListingKey
from store.library.library import Library
from store.marks import marks as reading
from store.marks import paper_marks
from store.model.entry import Entry
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import UNDATED, PartialDate
from store.papers.views import SORTS, View
from store.search import index_query, search, search_run, terms, tiers, window
from store.search import query as q
from store.search.answer import Answer, Stopped
from store.search.filter_fields import TextField
from store.search.highlighting import Highlights
from store.search.index_query import Match, QueryBuilder, Scope
from store.search.index_schema import IndexText
from store.search.parser import parse
from store.search.query import And, CountRange, DateRange, Has, Is, Label, Node, Not, Or, Phrase, Query, Word
from store.search.search import Search
from store.search.window import PaperIds
from store.text.folding import fold
from tests.thorough import examples

TODAY = date(2026, 7, 15)
ALL_PAPERS = View("all")
WORDS = ["graph", "graphs", "neural", "net", "networks", "attention", "über", "naïve", "mt5", "GPT"]


class Kept(msgspec.Struct, frozen=True):
    """A paper as the obvious evaluation looks at it."""

    paper: Paper
    families: frozenset[str]
    listed: tuple[date, ...]
    marks: paper_marks.Marks


class Shelf:
    """A library, and beside it the same papers as plain values by their numbers."""

    def __init__(self, path: Path) -> None:
        self.library = Library.open(path)
        self.papers: dict[int, Kept] = {}
        self._listings = itertools.count(1)

    def put(self, paper: Paper, family: str = "hf", listed: date | None = None) -> int:
        listing = next(self._listings)
        with self.library.writing(durable=False) as connection:
            connection.execute(
                "INSERT INTO listing (id, content, path, size, format, family, state, stored, entries, first_read)"
                " VALUES (?1, ?1, ?1, 0, ?2, ?2, 'read', 1, 1, '')",
                (listing, family),
            )
            key = ListingKey(listing, f"{listing}", family, listed, None)
            number = entries.place(connection, key, 1, Entry(paper=paper), TODAY).paper_id
        self.papers[number] = Kept(paper, frozenset([family]), (listed,) if listed else (), paper_marks.Marks())
        return number

    def mark(self, number: int, marks: paper_marks.Marks) -> None:
        if marks.bookmarked:
            reading.bookmark(self.library, [number], True)
        if marks.queue_position:
            reading.queue(self.library, [number], True)
        reading.status(self.library, [number], marks.status)
        reading.retag(self.library, [number], marks.tags)
        reading.note(self.library, number, marks.note)
        self.papers[number] = msgspec.structs.replace(self.papers[number], marks=marks)

    def answer(
        self,
        tree: Node | str | None,
        view: View = ALL_PAPERS,
        sort: str = "best",
        max_whole: int = search.MAX_WHOLE,
    ) -> Answer:
        query = parse(tree, TODAY) if isinstance(tree, str) else Query("", tree)
        return Search(self.library, max_whole=max_whole).answer(view, query, sort)  # type: ignore[arg-type]

    def found(self, text: str) -> list[int]:
        """The papers that have the words as they were typed, best first."""
        answer = self.answer(text)
        return list(answer.ids[: answer.exact])


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "library.db")
    yield made
    made.library.close()


# -- the obvious evaluation


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def cut(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text))


def texts(kept: Kept, field: TextField | None) -> list[str]:
    paper = kept.paper
    every = {
        "title": paper.title,
        "abstract": paper.abstract or "",
        "author": ", ".join(author.name for author in paper.authors),
        "org": paper.organization.name if paper.organization else "",
        "venue": paper.venue or "",
    }
    return list(every.values()) if field is None else [every[field]]


def has_row(kept: Kept, words: Sequence[str], field: TextField | None) -> bool:
    """Whether the words stand in a row in one of the texts, the last of them perhaps only begun."""
    *whole, last = [folded(word) for word in words]
    for text in texts(kept, field):
        found = cut(text)
        for at in range(len(found) - len(whole)):
            if found[at : at + len(whole)] == whole and found[at + len(whole)].startswith(last):
                return True
    return False


HEAD = frozenset(["title", "author", "org", "venue"])


def within(field: TextField | None, scope: frozenset[str] | None) -> list[TextField | None]:
    return [field] if field or scope is None else sorted(scope)  # type: ignore[arg-type]


def place(node: Node, kept: Kept) -> int:
    """0 for a paper that has the words in its title, 1 in any of what is short, 2 in its abstract only."""
    return 0 if finds(node, kept, frozenset(["title"])) else 1 if finds(node, kept, HEAD) else 2


def last(when: PartialDate) -> date:
    """The last day that a paper with this date may be of."""
    following = when.first_day + {"day": timedelta(1), "month": timedelta(31), "year": timedelta(366)}[when.precision]
    if when.precision == "month":
        following = following.replace(day=1)
    if when.precision == "year":
        following = following.replace(month=1, day=1)
    return following - timedelta(1)


def between(value: object, low: object, high: object) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]


def finds(node: Node, kept: Kept, scope: frozenset[str] | None = None) -> bool:
    """Whether `node` finds the paper. `scope`: words without a field of their own are looked for there only."""
    paper, marks = kept.paper, kept.marks
    match node:
        case And(nodes=nodes):
            return all(finds(each, kept, scope) for each in nodes)
        case Or(nodes=nodes):
            return any(finds(each, kept, scope) for each in nodes)
        case Not(node=inner):
            return not finds(inner, kept)
        case Word(text=text, field=None) if len(folded(text)) < 3 and scope is None:
            # Every abstract has some word that begins so.
            return finds(node, kept, HEAD) or folded(text) in cut(paper.abstract or "")
        case Word(text=text, field=field):
            return any(has_row(kept, [text], each) for each in within(field, scope))
        case Phrase(words=words, field=field):
            return any(has_row(kept, words, each) for each in within(field, scope))
        case DateRange(field="published", start=start, end=end):
            return (
                paper.publication_date is not None
                and between(paper.publication_date.first_day, start, end)
                and between(last(paper.publication_date), start, end)
            )
        case DateRange(start=start, end=end):
            return any(between(day, start, end) for day in kept.listed)
        case CountRange(field=field, low=low, high=high):
            return between(paper.upvotes if field == "upvotes" else paper.comment_count, low, high)
        case Is(state="queued"):
            return marks.queue_position is not None
        case Is(state="bookmarked"):
            return marks.bookmarked is not None
        case Is(state=state):
            return marks.status == state
        case Has(what="code"):
            return any(link.kind == "code" for link in paper.links)
        case Has(what="pdf"):
            return any(link.kind == "pdf" for link in paper.links) or paper.arxiv_id is not None
        case Has(what="abstract"):
            return paper.abstract is not None
        case Has():
            return marks.note is not None
        case Label(field="tag", value=value):
            return any(tag.startswith(value.lower()) for tag in marks.tags)
        case Label(field="cat", value=value):
            return any(category.lower().startswith(value.lower()) for category in paper.categories)
        case Label(field="from", value=value):
            return any(family.startswith(value.lower()) for family in kept.families)
        case Label(value=value):
            return value in (paper.arxiv_id, paper.doi)
    raise AssertionError(node)


def asks_for_hidden(node: Node | None) -> bool:
    match node:
        case Is(state="hidden"):
            return True
        case And(nodes=nodes) | Or(nodes=nodes):
            return any(map(asks_for_hidden, nodes))
    return False


def expected(shelf: Shelf, tree: Node | None, view: View) -> set[int]:
    shown = set()
    for number, kept in shelf.papers.items():
        in_sight = kept.marks.status != "hidden" or asks_for_hidden(tree)
        seen = {
            "all": in_sight,
            "queue": kept.marks.queue_position is not None,
            "bookmarks": kept.marks.bookmarked is not None,
            "done": kept.marks.status == "done",
            "hidden": kept.marks.status == "hidden",
            "tag": view.key in kept.marks.tags and in_sight,
            "day": view.key in {day.isoformat() for day in kept.listed} and in_sight,
            "undated": not kept.listed and in_sight,
        }[view.kind]
        if seen and (tree is None or finds(tree, kept)):
            shown.add(number)
    return shown


def seen_through(shown: PaperIds, papers: list[int]) -> None:
    """A window shows just these papers, wherever one looks."""
    assert list(shown) == papers
    assert len(shown) == len(papers)
    for at, number in enumerate(papers):
        assert shown[at] == number
        assert shown[at - len(papers)] == number
        assert shown.index(number) == at
    for start in range(-1, len(papers) + 2):
        assert list(shown[start : start + 4]) == papers[start : start + 4]
        assert list(shown[start:]) == papers[start:]
    assert list(shown[::-1]) == papers[::-1]
    with pytest.raises(ValueError):
        shown.index(10_000)
    with pytest.raises(IndexError):
        shown[len(papers)]


# -- random libraries, random questions

_words = st.sampled_from(WORDS)
_sentences = st.lists(_words, min_size=1, max_size=5).map(" ".join)
_days = st.dates(TODAY - timedelta(days=3), TODAY)
# Among them first and last days, and what is known of them only.
_bounds = _days | st.sampled_from(
    [date(*each) for each in ((2025, 12, 31), (2026, 1, 1), (2026, 7, 31), (2026, 12, 31))]
)
_whens = st.builds(
    lambda day, length: PartialDate.parse(day.isoformat()[:length]), _bounds, st.sampled_from([4, 7, 10, 10])
)


@st.composite
def _dated(draw: st.DrawFn, undated: st.SearchStrategy[Paper]) -> Paper:
    published, known_to = draw(st.none() | _whens) or UNDATED
    return msgspec.structs.replace(draw(undated), published=published, published_to=known_to)


_papers = st.builds(
    Paper,
    title=_sentences,
    abstract=st.none() | _sentences,
    authors=st.lists(st.sampled_from(["Ada Graph", "Bo Über", "Naïve Net"]).map(Author), max_size=2).map(tuple),
    organization=st.none() | st.sampled_from(["Net Works", "GPT Inc"]).map(Organization),
    venue=st.none() | st.sampled_from(["Graphs and Nets", "Attention"]),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "math.CO", "Net Science"]), max_size=2).map(tuple),
    upvotes=st.none() | st.integers(0, 3),
    comment_count=st.none() | st.integers(0, 3),
    links=st.lists(st.sampled_from(["code", "pdf", "page"]), max_size=1).map(
        lambda kinds: tuple(Link(kind, "https://a.org") for kind in kinds)
    ),
)
_marks = st.builds(
    paper_marks.Marks,
    bookmarked=st.sampled_from([None, "yes"]),
    queue_position=st.sampled_from([None, 1]),
    status=st.sampled_from(paper_marks.STATUSES),
    tags=st.sampled_from([(), ("nlp",), ("nlp-2", "to-cite")]),
    note=st.sampled_from([None, "a note"]),
)
_kept = st.tuples(_dated(_papers), st.sampled_from(["hf", "arxiv"]), st.none() | _days, st.none() | _marks)
_fields = st.none() | st.sampled_from(["title", "abstract", "author", "org", "venue"])
_begun = st.builds(lambda word, length: word[: max(1, length)], _words, st.integers(1, 9))
_spans = st.tuples(st.none() | st.integers(0, 3), st.none() | st.integers(0, 3)).filter(any)
_leaves = st.one_of(
    st.builds(Word, _begun, _fields),
    st.builds(Phrase, st.lists(_words, min_size=1, max_size=2).map(tuple), _fields),
    st.builds(Label, st.just("tag"), st.sampled_from(["nlp", "NLP-", "to", "x", "%", "_"])),
    st.builds(Label, st.just("cat"), st.sampled_from(["cs", "CS.c", "math.CO", "net s", "science", "s", "%"])),
    st.builds(Label, st.just("from"), st.sampled_from(["hf", "arx", "f"])),
    st.builds(Label, st.just("id"), st.sampled_from(["2510.00001", "10.1000/1", "hf"])),
    st.builds(Is, st.sampled_from(["new", "seen", "reading", "done", "hidden", "queued", "bookmarked"])),
    st.builds(Has, st.sampled_from(["code", "pdf", "note", "abstract"])),
    st.builds(lambda field, span: CountRange(field, *span), st.sampled_from(["upvotes", "comments"]), _spans),
    st.builds(DateRange, st.sampled_from(["published", "listed"]), st.none() | _bounds, _bounds | st.none()).filter(
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
    st.lists(_kept, min_size=1, max_size=8),
    st.lists(st.tuples(st.none() | _trees, _views, st.sampled_from(SORTS)), min_size=12, max_size=12),
)
def test_what_is_found_is_what_the_question_says(
    papers: list[tuple[Paper, str, date | None, paper_marks.Marks | None]],
    asked: list[tuple[Node | None, str, str]],
) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "library.db")
        for number, (paper, family, listed, marks) in enumerate(papers):
            # An id of its own keeps each apart from the others; the first goes without.
            arxiv = f"2510.{number:05}" if number else None
            own = msgspec.structs.replace(paper, arxiv_id=arxiv, doi=f"10.1000/{number}")
            made = shelf.put(own, family, listed)
            if marks:
                shelf.mark(made, marks)
        for tree, name, sort in asked:
            view = View.parse(name)
            answer = shelf.answer(tree, view, sort)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(window, "BLOCK", 3)
                looked_at = shelf.answer(tree, view, sort, max_whole=0)
                seen_through(looked_at.ids, list(answer.ids))
            exact, mistyped = list(answer.ids[: answer.exact]), list(answer.ids[answer.exact :])
            assert len(exact) == len(set(exact))
            assert set(exact) == expected(shelf, tree, view), (tree, name)
            if tree is not None and sort == "best" and q.words(Query("", tree)):
                places = [place(tree, shelf.papers[number]) for number in exact]
                assert places == sorted(places), tree
            assert not set(exact) & set(mistyped)
            assert len(mistyped) == len(set(mistyped))
            assert set(mistyped) <= expected(shelf, None, View("all") if asks_for_hidden(tree) else view) | set(
                expected(shelf, Is("hidden"), view)
            )
        shelf.library.close()


# -- each term of the language


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """1 about graphs, queued; 2 about taxes, done; 3 by Lovelace, tagged, with a note; 4 hidden, tagged."""
    shelf = Shelf(tmp_path_factory.mktemp("four") / "library.db")
    shelf.put(
        Paper(
            title="Graph neural networks for über-large graphs",
            abstract="We study message passing.",
            organization=Organization("KAIST AI", "kaist-ai"),
            categories=("cs.LG", "cs.CL"),
            published=date(2026, 6, 1),
            arxiv_id="2510.01234",
            upvotes=30,
            comment_count=0,
        ),
        "arxiv",
        date(2026, 7, 14),
    )
    shelf.put(
        Paper(
            title="Taxes on land",
            abstract="What graphs say of taxes. GPT-4o was not asked.",
            venue="Journal of Land",
            published=date(2025, 6, 30),
            doi="10.1000/abc",
            links=(Link("code", "https://github.com/a/b"),),
            upvotes=0,
        ),
        "crossref",
    )
    shelf.put(Paper(title="Notes", authors=(Author("Ada Lovelace"), Author("Alan Turing"))), "hf")
    shelf.put(Paper(title="Graph of the dead"), "hf")
    reading.queue(shelf.library, [1])
    reading.status(shelf.library, [2], "done")
    reading.retag(shelf.library, [3], ["large-models", "to-cite"])
    reading.note(shelf.library, 3, "x")
    reading.bookmark(shelf.library, [3])
    reading.status(shelf.library, [4], "hidden")
    reading.tag(shelf.library, [4], ["large-models"])
    yield shelf
    shelf.library.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("graph", {1, 2}),
        ("GRAPH taxes", {2}),
        ("graph or lovelace", {1, 2, 3}),
        ('"neural networks"', {1}),
        ('"networks neural"', set()),
        ("GPT-4o", {2}),
        ("graph -taxes", {1}),
        ("-graph", {3}),
        ("-(graph or notes)", set()),
        ("uber", {1}),
        ("ÜBER", {1}),
        ("title:graph", {1}),
        ("abstract:graph", {2}),
        ("author:turing", {3}),
        ("author:lovelace author:turing", {3}),
        ("org:kaist", {1}),
        ("venue:land", {2}),
        ("cat:cs", {1}),
        ("cat:cs.CL", {1}),
        ("cat:cl", set()),
        ("tag:large-models", {3}),
        ("tag:LARGE", {3}),
        ('tag:"#Large models"', {3}),
        ("from:arxiv", {1}),
        ("from:cross", {2}),
        ("id:2510.01234v3", {1}),
        ("2510.01234", {1}),
        ("https://arxiv.org/pdf/2510.01234v3", {1}),
        ("10.1000/ABC", {2}),
        ("-https://doi.org/10.1000/abc", {1, 3}),
        ("id:https://doi.org/10.1000/ABC", {2}),
        ("is:new", {1, 3}),
        ("is:done", {2}),
        ("is:hidden", {4}),
        ("is:queued", {1}),
        ("is:bookmarked", {3}),
        ("has:code", {2}),
        ("has:pdf", {1}),
        ("has:note", {3}),
        ("has:abstract", {1, 2}),
        ("date:2026-06", {1}),
        ("date:>=2025-06-30", {1, 2}),
        ("date:<2026", {2}),
        ("year:2025..2026", {1, 2}),
        ("listed:2026-07-14", {1}),
        ("listed:yesterday", {1}),
        ("-listed:2026", {2, 3}),
        ("upvotes:>20", {1}),
        ("upvotes:0", {2}),
        ("-upvotes:>20", {2, 3}),
        ("comments:<=2", {1}),
        ("(taxes or lovelace) -is:done", {3}),
        ("", {1, 2, 3}),
    ],
)
def test_a_term_finds_the_papers_it_names(text: str, found: set[int], four: Shelf) -> None:
    assert set(four.found(text)) == found


def test_hidden_papers_show_where_they_are_asked_for_and_nowhere_else(four: Shelf) -> None:
    assert four.found("title:graph") == [1]
    assert four.found("title:graph is:hidden") == [4]
    assert set(four.found("title:graph or is:hidden")) == {1, 4}
    assert four.found("title:graph -is:hidden") == [1]
    assert list(four.answer("", View("tag", "large-models")).ids) == [3]
    assert list(four.answer("is:hidden", View("tag", "large-models")).ids) == [4]


def test_asking_for_hidden_papers_brings_no_dated_ones_among_the_undated(four: Shelf) -> None:
    assert list(four.answer("is:hidden", View("undated")).ids) == [4]
    assert set(four.answer("is:hidden or graph", View("undated")).ids) == {2, 4}


# -- the order


def test_words_in_the_title_come_before_names_and_these_before_the_abstract(shelf: Shelf) -> None:
    abstract = shelf.put(Paper(title="A", abstract="attention", published=date(2026, 7, 3)))
    venue = shelf.put(Paper(title="B", venue="Attention", published=date(2026, 7, 1)))
    title = shelf.put(Paper(title="On attention", published=date(2020, 1, 1)))
    author = shelf.put(Paper(title="C", authors=(Author("T. Ention Attention"),), published=date(2026, 7, 2)))
    assert shelf.found("attention") == [title, author, venue, abstract]


def test_in_the_title_whole_words_in_order_come_first_and_then_the_newest(shelf: Shelf) -> None:
    begun = shelf.put(Paper(title="Graphs and neurally", published=date(2026, 7, 9), doi="10.1000/1"))
    swapped = shelf.put(Paper(title="Neural is the graph", published=date(2026, 7, 8), doi="10.1000/2"))
    old = shelf.put(Paper(title="A graph neural net", published=date(2020, 1, 1), doi="10.1000/3"))
    new = shelf.put(Paper(title="The graph neural net", published=date(2021, 1, 1), doi="10.1000/4"))
    assert shelf.found("graph neural") == [new, old, swapped, begun]


def test_mistyped_words_come_after_those_typed_right(shelf: Shelf) -> None:
    near = shelf.put(Paper(title="Attention heads", published=date(2026, 7, 9)))
    right = shelf.put(Paper(title="Attenion is a misprint", published=date(2020, 1, 1)))
    answer = shelf.answer("attenion")
    assert list(answer.ids) == [right, near]
    assert answer.exact == 1
    assert list(shelf.answer("attenion", sort="date").ids) == [right, near]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("best", [3, 1, 2, 4]),
        ("date", [3, 1, 2, 4]),
        ("listed", [4, 1, 3, 2]),
        ("upvotes", [2, 1, 3, 4]),
        ("comments", [1, 3, 2, 4]),
        ("title", [2, 4, 3, 1]),
        ("added", [4, 3, 2, 1]),
    ],
)
def test_a_list_is_sorted_as_asked_and_what_is_unknown_comes_last(sort: str, order: list[int], shelf: Shelf) -> None:
    day = date(2026, 7, 1)
    shelf.put(Paper(title="zebra", published=day, upvotes=1, comment_count=2), "hf", day)
    shelf.put(Paper(title="Ant", published=date(2020, 1, 1), upvotes=5))
    shelf.put(Paper(title="cat", published=date(2026, 7, 2)))
    shelf.put(Paper(title="Bear"), "hf", TODAY)
    assert list(shelf.answer(None, sort=sort).ids) == order


@pytest.fixture
def reduced(shelf: Shelf) -> Shelf:
    """Papers by the text of their dates, in order."""
    for text in ("2023-12-31", "2024", "2024-01", "2024-01-01", "2024-01-31", "2024-06", "2024-06-01", "2025"):
        when = PartialDate.parse(text)
        shelf.put(
            Paper(title=f"Bees {text}", doi=f"10.1000/{text}", published=when.first_day, published_to=when.precision)
        )
    return shelf


@pytest.mark.parametrize("sort", ["best", "date"])
def test_a_year_comes_before_its_months_and_a_month_before_its_days(sort: str, reduced: Shelf) -> None:
    newest = [8, 7, 6, 5, 4, 3, 2, 1]
    assert list(reduced.answer(None, sort=sort).ids) == newest
    assert list(reduced.answer(None, sort=sort, max_whole=0).ids) == newest
    assert list(reduced.answer("title:bees", sort=sort).ids) == newest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("date:2024", {2, 3, 4, 5, 6, 7}),
        ("year:2024", {2, 3, 4, 5, 6, 7}),
        ("date:2024-01", {3, 4, 5}),
        ("date:2024-01-01", {4}),
        ("date:2024-06", {6, 7}),
        ("date:2024-06-01", {7}),
        ("date:2024-01..2024-06", {3, 4, 5, 6, 7}),
        ("date:2023..2024-06", {1, 3, 4, 5, 6, 7}),
        ("date:2023..2024-06-15", {1, 3, 4, 5, 7}),
        ("date:>=2024", {2, 3, 4, 5, 6, 7, 8}),
        ("date:>2024-01-01", {5, 6, 7, 8}),
        ("date:<2024-06-15", {1, 3, 4, 5, 7}),
        ("date:<2025", {1, 2, 3, 4, 5, 6, 7}),
        ("date:<=2024-12-31", {1, 2, 3, 4, 5, 6, 7}),
        ("-date:2024-06", {1, 2, 3, 4, 5, 8}),
    ],
)
def test_a_filter_by_date_finds_what_is_of_these_days_for_sure(text: str, found: set[int], reduced: Shelf) -> None:
    assert set(reduced.answer(text).ids) == found


# -- what was mistyped


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Some hundred papers whose titles are made of words that are like one another."""
    made = Shelf(tmp_path_factory.mktemp("many") / "library.db")
    chance = random.Random(11)
    syllables = ["tra", "for", "mer", "dif", "fu", "sion", "con", "tras", "tive", "re", "trie", "val", "gra", "ph"]
    for number in range(300):
        title = " ".join("".join(chance.sample(syllables, 4)) for _ in range(4))
        made.put(Paper(title=title, arxiv_id=f"2510.{number:05}"))
    yield made
    made.library.close()


def mistype(word: str, chance: random.Random) -> str:
    """`word` with one letter after the first left out, doubled, changed or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def test_a_query_with_a_letter_wrong_in_each_of_three_words_finds_its_paper(many: Shelf) -> None:
    chance = random.Random(3)
    for number, kept in chance.sample(sorted(many.papers.items()), 60):
        words = [mistype(word, chance) for word in kept.paper.title.split()[:3]]
        found = list(many.answer(" ".join(words)).ids)
        assert number in found[:3], (kept.paper.title, words)


def test_two_wrong_letters_in_one_long_word_find_its_paper(shelf: Shelf) -> None:
    number = shelf.put(Paper(title="Hallucinations in transformers"))
    shelf.put(Paper(title="Nothing like it"))
    for text in ("halucinatoins", "hallzcinqtions", "hallucintaoins in"):
        assert list(shelf.answer(text).ids)[:1] == [number], text


def test_a_mistyped_name_finds_its_papers_too(shelf: Shelf) -> None:
    number = shelf.put(Paper(title="Notes", authors=(Author("Ada Lovelace"),)))
    answer = shelf.answer("author:lovelcae notes")
    assert (list(answer.ids), answer.exact) == ([number], 0)


def test_what_came_in_since_the_last_question_is_known_by_its_words(shelf: Shelf) -> None:
    searching = Search(shelf.library)
    query = parse("attenion", TODAY)
    assert len(searching.answer(ALL_PAPERS, query).ids) == 0
    number = shelf.put(Paper(title="Attention"))
    assert list(searching.answer(ALL_PAPERS, query).ids) == [number]


# -- which letters are lit


@pytest.mark.parametrize(
    ("query", "text", "lit"),
    [
        ("graph", "Graph neural graphs, paragraph", ["Graph", "graph"]),
        ("uber", "Über-large ubers", ["Über", "uber"]),
        ("naïve", "Naive naïvely", ["Naive", "naïve"]),
        ("GPT-4o", "Is gpt-4o a GPT?", ["gpt", "4o", "GPT"]),
        ('"neural net"', "Neural nets", ["Neural", "net"]),
        ("graph -neural", "Graph neural", ["Graph"]),
        ("title:graph", "Graph", ["Graph"]),
        ("is:new", "New", []),
        ("ﬁne", "Fine ﬁner", ["Fine", "ﬁner"]),
        ("a", "A bat and an ant", ["A", "a", "a", "a"]),
        ("straße", "STRASSE Straßen", ["Straße"]),
    ],
)
def test_the_letters_that_were_typed_are_lit(query: str, text: str, lit: list[str], shelf: Shelf) -> None:
    highlights = shelf.answer(query).highlights
    assert [text[start:end] for start, end in highlights.spans(text)] == lit


def test_letters_that_stand_for_mistyped_ones_are_lit(shelf: Shelf) -> None:
    shelf.put(Paper(title="Transformers attend"))
    text = "Transformers attend"
    spans = shelf.answer("trasnformer").highlights.spans(text)
    assert [text[start:end] for start, end in spans] == ["Transformer"]


@given(st.lists(st.text(max_size=4), max_size=3), st.text(max_size=40))
@example(["i"], "İstanbul")
@example(["e"], "e\u0301tude")
def test_lit_letters_are_in_order_and_inside_the_text(typed: list[str], text: str) -> None:
    highlights = Highlights.exactly(fold(word) for word in typed)
    spans = highlights.spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    for start, end in spans:
        assert any(fold(text[start:end]).startswith(each) for each in highlights.starts)


# -- nothing typed breaks it

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


@given(st.text(max_size=40) | _SYNTAX.map(" ".join) | _SYNTAX.map("".join), _views, st.sampled_from(SORTS))
@settings(max_examples=150, deadline=None)
def test_no_text_is_an_error(many: Shelf, text: str, view: str, sort: str) -> None:
    answer = many.answer(text, View.parse(view), sort)
    assert answer.exact <= len(answer.ids) <= 300
    answer.highlights.spans(text)


def test_a_title_finds_itself_as_it_is_written(shelf: Shelf) -> None:
    titles = [
        "½ of all ﬁne-tuned models",
        'C++ & C#: a "study" (part II) -- AND/OR NOT NEAR title:x',
        "Attention: Is It And You Need?",
        "Ὀδυσσεύς in Ελλάδα",
        "注意力机制 for 模型",
        "İstanbul'un ağları",
        "E = mc² in ℝ³",
    ]
    for number, title in enumerate(titles):
        made = shelf.put(Paper(title=title, doi=f"10.1000/{number}"))
        words = [word for word in re.findall(r"[^\W_]+", title) if word not in ("or", "OR")]
        assert made in shelf.found(" ".join(words)), title


# -- stopped


def test_a_question_that_is_not_asked_any_more_is_stopped(many: Shelf) -> None:
    for text in ("", "tra", "trafor", "nothing at all like it"):
        with pytest.raises(Stopped):
            Search(many.library).answer(ALL_PAPERS, parse(text, TODAY), should_stop=lambda: True)
        assert not many.library.reader().in_transaction


def test_it_may_be_stopped_at_any_moment_and_the_next_question_is_answered(
    many: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_STEPS", 50)
    query = parse("trafor mersion -graph", TODAY)
    whole = Search(many.library).answer(ALL_PAPERS, query)
    stopped = 0
    for moment in range(12):
        asked = itertools.count()
        try:
            Search(many.library).answer(ALL_PAPERS, query, should_stop=lambda: next(asked) >= moment)  # noqa: B023
        except Stopped:
            stopped += 1
        assert Search(many.library).answer(ALL_PAPERS, query) == whole
    assert stopped > 4


def test_papers_that_are_joined_while_a_question_is_answered_do_not_disturb_it(shelf: Shelf) -> None:
    one = shelf.put(Paper(title="Graphs of one", doi="10.1000/1"))
    two = shelf.put(Paper(title="Graphs of two", doi="10.1000/2"))
    done = itertools.count()

    def join() -> bool:
        if next(done) == 2:
            with shelf.library.writing() as connection:
                entries.join(connection, one, two)
        return False

    query = parse("graphs", TODAY)
    answer = Search(shelf.library).answer(ALL_PAPERS, query, should_stop=join)
    assert set(answer.ids) == {one, two}
    assert list(Search(shelf.library).answer(ALL_PAPERS, query).ids) == [one]


@pytest.mark.parametrize("most_ranked", [0, 400])
def test_titles_with_the_words_in_a_row_come_first_then_those_with_whole_words(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, most_ranked: int
) -> None:
    monkeypatch.setattr(tiers, "MAX_RANKED", most_ranked)
    rows, whole, begun = (
        ["Deep water", "Deep waters rise"],
        ["Water so deep"],
        ["The deep and its waters", "Deep sea waterways"],
    )
    for title in [*begun, *whole, *rows, "Deeper waters", "Water"]:
        shelf.put(Paper(title=title))
    titles = [shelf.papers[number].paper.title for number in shelf.found("deep water")]
    assert (set(titles[:2]), titles[2:3], set(titles[3:5])) == (set(rows), whole, set(begun))
    assert titles[5:] == ["Deeper waters"]


def test_a_paper_is_first_that_is_called_what_was_typed_then_those_that_begin_so(shelf: Shelf) -> None:
    called = shelf.put(Paper(title="LoRA: Low-Rank Adaptation", published=date(2021, 6, 17), doi="10.1000/1"))
    begins = shelf.put(Paper(title="LoRA learns less", published=date(2024, 5, 15), doi="10.1000/2"))
    newest = shelf.put(Paper(title="What LoRA forgets", published=date(2026, 5, 15), doi="10.1000/3"))
    begun = shelf.put(Paper(title="Lorax", published=date(2026, 5, 16), doi="10.1000/4"))
    for text in ("lora", "LORA", "title:lora", "lora is:new", '"lora"'):
        assert shelf.found(text) == [called, begins, newest, begun], text
    assert shelf.found("lor") == [begun, newest, begins, called]
    # A list keeps its own order.
    reading.queue(shelf.library, [newest, begins, called])
    assert list(shelf.answer("lora", View("queue")).ids) == [newest, begins, called]


def test_what_many_papers_begin_with_is_no_name(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_query, "_MAX_NAMED_BY_WORD", 1)
    shelf.put(Paper(title="Deep", published=date(2020, 1, 1), doi="10.1000/1"))
    newest = shelf.put(Paper(title="So deep", published=date(2021, 1, 1), doi="10.1000/2"))
    assert shelf.found("deep")[0] == newest


@pytest.mark.parametrize("title", ["注意力: a study", "Über alles", "10,000 attempts", "A-ha", "Transformers rule all"])
def test_titles_of_any_letters_are_found_by_what_they_begin_with(shelf: Shelf, title: str) -> None:
    word = re.findall(r"[^\W_]+", title)[0]
    number = shelf.put(Paper(title=title, published=date(2020, 1, 1), doi="10.1000/1"))
    shelf.put(Paper(title=f"What is {word}?", published=date(2026, 1, 1), doi="10.1000/2"))
    assert shelf.found(word)[0] == number


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Scope, Match]]:
    """What the index is asked: how far it looks, and how well words must fit."""
    noted: list[tuple[Scope, Match]] = []
    of = QueryBuilder.build

    def of_and_note(
        self: QueryBuilder, node: Node, scope: Scope = "anywhere", match: Match = "prefix"
    ) -> tantivy.Query:
        noted.append((scope, match))
        return of(self, node, scope, match)

    monkeypatch.setattr(QueryBuilder, "build", of_and_note)
    return noted


def test_beginnings_of_the_last_word_of_a_row_are_looked_through_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(Paper(title="Deep seas", abstract="Deep water", venue="Journal of deep seas", doi="10.1000/1"))
    through: list[object] = []
    look = terms.phrase_prefix

    def look_and_note(searcher: tantivy.Searcher, field: IndexText, row: list[str], *, strict: bool) -> tantivy.Query:
        through.append((field, *row))
        return look(searcher, field, row, strict=strict)

    monkeypatch.setattr(terms, "phrase_prefix", look_and_note)
    monkeypatch.setattr(search_run, "_FEW_MATCHES", 0)
    assert shelf.found('"deep wat"') == [1]
    assert ("abstract", "deep", "wat") in through
    assert len(through) == len(set(through))


def test_two_wrong_letters_are_looked_for_only_where_a_word_is_long_enough(
    shelf: Shelf, asked: list[tuple[Scope, Match]]
) -> None:
    shelf.put(Paper(title="Deep waters"))
    for text in ("dep watr", "dep watrs"):
        assert 1 in shelf.answer(text).ids
    assert ("head", "one_wrong") in asked
    assert "two_wrong" not in {fit for _, fit in asked}
    assert 1 in shelf.answer("deep wtaesr").ids
    assert ("title", "two_wrong") in asked


def test_a_word_that_was_typed_again_is_looked_for_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put(Paper(title="The deep and the high", doi="10.1000/1"))
    shelf.put(Paper(title="The deeps", doi="10.1000/2"))
    looked: list[str] = []
    beginning = terms.prefix

    def begin_and_note(field: IndexText, word: str) -> tantivy.Query:
        looked.append(word)
        return beginning(field, word)

    monkeypatch.setattr(terms, "prefix", begin_and_note)
    monkeypatch.setattr(search_run, "_FEW_MATCHES", 0)
    counts = []
    for text in ("the deep", "the deep the deep the deep"):
        looked.clear()
        assert set(shelf.found(text)) == {1, 2}
        counts.append(len(looked))
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("text", ["title:deep", "abstract:deep", "venue:deep or author:deep", 'title:"deep seas"'])
def test_what_is_looked_for_in_fields_alone_is_not_looked_for_elsewhere(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[Scope, Match]], text: str
) -> None:
    shelf.put(Paper(title="Deep seas", abstract="Deep water", venue="Journal of deep seas", doi="10.1000/1"))
    monkeypatch.setattr(search_run, "_FEW_MATCHES", 0)
    assert shelf.found(text) == [1]
    assert {scope for scope, _ in asked} == {"title"}
