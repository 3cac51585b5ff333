"""Inflections and spellings of a word, and the papers that contain it in another form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model.paper import Author, Paper
from store.papers.views import View
from store.search import index_sync
from store.search.parser import parse
from store.search.query import And, Node, Phrase, Word
from store.search.search import Search
from store.search.vocabulary import Vocabulary
from store.search.word_forms import KINSHIPS, Kinship, form_keys, other_forms
from tests.store.search.reference import matches, place
from tests.store.search.sample_library import TODAY, SampleLibrary, StoredPaper
from tests.thorough import examples

_SPELLINGS = (
    "optimization optimisation",
    "tokenizer tokeniser",
    "modeling modelling",
    "labeled labelled",
    "signaling signalling",
    "behavioral behavioural",
    "neighborhood neighbourhood",
    "center centre",
    "centered centred",
    "kilometer kilometre",
    "analyze analyse",
    "catalog catalogue",
    "dialogues dialogs",
    "defense defence",
    "licensed licenced",
    "gray grey",
    "program programme",
    "fulfillment fulfilment",
    "enroll enrol",
    "skillful skilful",
    "hemoglobin haemoglobin",
    "anemia anaemia",
    "pediatric paediatric",
    "esophagus oesophagus",
    "maneuver manoeuvre",
    "sulfur sulphur",
    "aluminum aluminium",
    "aging ageing",
    "judgment judgement",
    "skeptical sceptical",
    "artifacts artefacts",
    "focused focussed",
    "mold mould",
    "practice practise",
)
_NUMBERS = (
    "jailbreak jailbreaks",
    "study studies",
    "class classes",
    "box boxes",
    "search searches",
    "corpus corpora",
    "matrix matrices",
    "vertex vertices",
    "index indices indexes",
    "analysis analyses",
    "hypothesis hypotheses",
    "phenomenon phenomena",
    "criterion criteria",
    "nucleus nuclei",
    "spectrum spectra",
    "datum data",
    "supernova supernovae supernovas",
    "basis bases",
    "base bases",
    "axis axes",
    "person people",
    "child children",
    "life lives",
    "llm llms",
    "bias biases",
    "optimization optimisations",
    "behavior behaviours",
)
_INFLECTIONS = (
    "learn learns learned learning learnt",
    "cache caches cached caching",
    "run runs running ran",
    "plan planned planning",
    "write writes writing wrote written",
    "apply applies applied applying",
    "model models modeling modelling modelled",
    "quantize quantized quantising quantises",
    "build builds building built",
)
_STRANGERS = (
    "news new",
    "general generate",
    "university universe",
    "important import",
    "policy police",
    "string stre",
    "bus bu",
    "speed sped",
    "prize prose",
    "four for",
    "contour contor",
    "filling filing",
    "car care",
    "lens len",
    "physics physicist",
    "michael michel",
)


def _rows(kinship: Kinship) -> Sequence[str]:
    return {"spelling": _SPELLINGS, "number": _NUMBERS, "inflection": _INFLECTIONS}[kinship]


@pytest.mark.parametrize(("kinship", "row"), [(kinship, row) for kinship in KINSHIPS for row in _rows(kinship)])
def test_all_forms_of_a_word_share_a_key(kinship: Kinship, row: str) -> None:
    first, *rest = row.split()
    for form in rest:
        assert form_keys(first, kinship) & form_keys(form, kinship), form


@pytest.mark.parametrize("row", _STRANGERS)
def test_words_that_only_look_alike_share_none(row: str) -> None:
    first, second = row.split()
    assert not form_keys(first) & form_keys(second)


@pytest.mark.parametrize(("closer", "farther"), [("spelling", "number"), ("number", "inflection")])
def test_word_forms_of_a_close_kinship_also_have_the_more_distant_one(closer: Kinship, farther: Kinship) -> None:
    for row in (*_SPELLINGS, *_NUMBERS, *_INFLECTIONS):
        for first, second in combinations(row.split(), 2):
            if form_keys(first, closer) & form_keys(second, closer):
                assert form_keys(first, farther) & form_keys(second, farther), (first, second)


_ROWS = (*_SPELLINGS, *_NUMBERS, *_INFLECTIONS, *_STRANGERS)
_WORDS = sorted({word for row in _ROWS for word in row.split()})


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    """A paper for each word of _WORDS, with that word in the title, and other words in the abstract and as author."""
    library = SampleLibrary(tmp_path_factory.mktemp("forms") / "library.db")
    for number, word in enumerate(_WORDS):
        other = _WORDS[(7 * number + 3) % len(_WORDS)]
        author = Author(_WORDS[(5 * number + 1) % len(_WORDS)].title())
        library.put(Paper(title=f"On {word}", abstract=f"A {other}.", authors=(author,), doi=f"10.1000/{number}"))
    library.answer("")
    yield library
    library.library.close()


@pytest.mark.parametrize("kinship", KINSHIPS)
def test_the_other_forms_of_a_word_are_the_library_words_with_the_same_key(
    sample: SampleLibrary, kinship: Kinship
) -> None:
    searcher = index_sync.Snapshots(sample.library).newest(sample.library.reader())
    assert searcher is not None
    vocabulary = Vocabulary(searcher)
    for word in _WORDS:
        expected = {each for each in _WORDS if each != word and form_keys(each, kinship) & form_keys(word, kinship)}
        assert set(other_forms(word, vocabulary, kinship)) == expected, word


def stage(tree: Node, stored: StoredPaper) -> int | None:
    """The stage of a search at which it must find a paper; None if it must not find the paper.

    Stage 0 is for exact matches, 1 and higher for other word forms. The stage is computed from all words of the paper.
    """
    if matches(tree, stored):
        return 0
    for number, kinship in enumerate(KINSHIPS, 1):
        if _matches_in_another_form(tree, stored, kinship):
            return number
    return None


def _matches_in_another_form(node: Node, stored: StoredPaper, kinship: Kinship) -> bool:
    match node:
        case And(nodes=nodes):
            return all(_matches_in_another_form(each, stored, kinship) for each in nodes)
        case Word(text=text):
            paper = stored.paper
            texts = " ".join([paper.title, paper.abstract or "", *(author.name for author in paper.authors)])
            words = texts.lower().replace(".", " ").replace(",", " ").split()
            kin = any(form_keys(text, kinship) & form_keys(word, kinship) for word in words)
            return kin or matches(node, stored)
        case _:
            return matches(node, stored)


def rank(tree: Node, stored: StoredPaper) -> int | None:
    """The rank of a paper among the search results: papers of a lower rank come first. None if it must not be found.

    For several words, papers whose titles have the words in the other number or spelling come directly before papers
    that have some of the words, as typed, only in the abstract.
    """
    number = stage(tree, stored)
    if number is None or not isinstance(tree, And) or (number == 0 and place(tree, stored) < 2):
        return number
    only_title = msgspec.structs.replace(stored, paper=Paper(title=stored.paper.title))
    if _matches_in_another_form(tree, only_title, "number"):
        return 1
    return 2 + number


@examples(40, 400)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=2, unique=True), st.booleans())
def test_each_stage_finds_what_a_look_at_every_word_finds(
    sample: SampleLibrary, words: list[str], quoted: bool
) -> None:
    tree: Node
    nodes: tuple[Node, ...] = tuple(Word(word) for word in words)
    if quoted:
        nodes = (Phrase((words[0],), quoted=True), *nodes[1:])
    tree = And(nodes) if len(nodes) > 1 else nodes[0]
    answer = sample.answer(tree)
    in_forms = sum(part.count for part in answer.inexact if part.kind == "forms")
    found = {paper_id: stage(tree, stored) for paper_id, stored in sample.papers.items()}
    shown = list(answer.ids[: answer.exact + in_forms])
    assert {paper_id for paper_id, number in found.items() if number is not None} == set(shown)
    ranks = [rank(tree, sample.papers[paper_id]) for paper_id in shown]
    assert ranks == sorted(ranks, key=lambda number: number or 0)
    assert list(found.values()).count(0) == answer.exact


def test_forms_are_found_in_titles_before_abstracts_and_not_in_excluded_or_quoted_words(sample: SampleLibrary) -> None:
    library = sample
    first = library.put(Paper(title="Reasoning chain", doi="10.1000/a"))
    second = library.put(Paper(title="Thoughts", abstract="A chain of reasoning", doi="10.1000/b"))
    assert list(library.answer("reasoning chains").ids[:2]) == [first, second]
    assert list(library.answer("title:(reasoning chains)").ids[:1]) == [first]
    assert list(library.answer("abstract:(reasoning chains)").ids[:1]) == [second]
    assert "forms" not in {part.kind for part in library.answer('reasoning "chains"').inexact}
    assert first in library.answer("reasoning chain -chains").ids
    hyphen = library.put(Paper(title="Chain-of-thought", doi="10.1000/c"))
    assert list(library.answer("chains-of-thoughts").ids[:1]) == [hyphen]


def test_the_other_form_is_highlighted(sample: SampleLibrary) -> None:
    spans = sample.answer("matrices").highlights.spans("A matrix, matrices and matrixes")
    assert ["A matrix, matrices and matrixes"[start:end] for start, end in spans][:2] == ["matrix", "matrices"]


def test_with_very_many_exact_matches_no_other_form_is_searched_for(
    sample: SampleLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sample.answer("vertices").inexact[0].kind == "forms"
    monkeypatch.setattr("store.search.stages.MANY_MATCHES", 0)
    assert sample.answer("vertices").inexact == ()


def test_a_word_of_two_letters_has_irregular_forms(sample: SampleLibrary) -> None:
    one, many = sample.put(Paper(title="The ox and its yoke")), sample.put(Paper(title="Wild oxen graze"))
    assert set(sample.answer("ox").ids) == {one, many}
    assert set(sample.answer("oxen").ids) == {one, many}
    searcher = index_sync.Snapshots(sample.library).newest(sample.library.reader())
    assert searcher is not None
    assert other_forms("do", Vocabulary(searcher)) == []


@pytest.fixture(scope="module")
def benchmarks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleLibrary]:
    sample = SampleLibrary(tmp_path_factory.mktemp("numbers") / "library.db")
    for title, abstract in (
        ("Benchmarks for hard questions", ""),
        ("Tests", "Benchmarks that ask questions."),
        ("A benchmark with a question", ""),
        ("One question, one benchmark", "Other benchmarks have more questions."),
        ("Benchmarking questioned", ""),
    ):
        sample.put(Paper(title=title, abstract=abstract))
    yield sample
    sample.library.close()


def test_titles_with_the_other_number_come_before_abstracts_with_the_typed_words(benchmarks: SampleLibrary) -> None:
    answer = benchmarks.answer("benchmarks questions")
    assert [benchmarks.title(paper_id) for paper_id in answer.ids] == [
        "Benchmarks for hard questions",
        "One question, one benchmark",
        "A benchmark with a question",
        "Tests",
        "Benchmarking questioned",
    ]
    assert answer.exact == 3
    assert [(part.kind, part.count) for part in answer.inexact] == [("forms", 2)]


def test_exact_matches_of_a_single_word_come_first_wherever_it_is(benchmarks: SampleLibrary) -> None:
    answer = benchmarks.answer("benchmarks")
    assert benchmarks.title(answer.ids[1]) == "One question, one benchmark"
    assert answer.exact == 3


@pytest.mark.parametrize("text", ["benchmarks questions", "title:benchmarks questions", "benchmarks -questions"])
def test_no_paper_is_found_twice(benchmarks: SampleLibrary, text: str) -> None:
    answer = benchmarks.answer(text)
    assert len(set(answer.ids)) == len(answer.ids) == answer.exact + sum(part.count for part in answer.inexact)
    only = Search(benchmarks.library).answer(View("all"), parse(text, TODAY), exact_only=True)
    assert set(only.ids) <= set(answer.ids)
    assert len(only.ids) == answer.exact
