"""Makes queries whose words differ from the paper's: plurals, spellings, typing errors, acronyms, sentences."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from tests.bench.queries import misspelt

_WORD = re.compile(r"(?<![\w$\\{}-])[a-z]{5,}(?![\w$\\{}-])")
_SENTENCE = re.compile(r"(?<=[.!?]) +")
_SENTENCE_WORDS = 8
# The words before a parenthesis, and an acronym in it: "large language models (LLMs)".
_DEFINITION = re.compile(r"((?:[\w-]+ ){1,8})\(([A-Z]{3,6})s?\)")
# American and British endings that can replace each other, and pairs of words that differ in another way.
_SPELLINGS = (
    ("ization", "isation"), ("izations", "isations"), ("izing", "ising"), ("ized", "ised"), ("izes", "ises"),
    ("ize", "ise"), ("izer", "iser"), ("izers", "isers"), ("izable", "isable"),
    ("modeling", "modelling"), ("modeled", "modelled"), ("labeled", "labelled"), ("labeling", "labelling"),
    ("channeled", "channelled"), ("traveling", "travelling"), ("signaling", "signalling"), ("leveled", "levelled"),
    ("behavior", "behaviour"), ("behaviors", "behaviours"), ("behavioral", "behavioural"), ("color", "colour"),
    ("colors", "colours"), ("coloring", "colouring"), ("neighbor", "neighbour"), ("neighbors", "neighbours"),
    ("neighborhood", "neighbourhood"), ("favorable", "favourable"), ("flavor", "flavour"), ("tumor", "tumour"),
    ("labor", "labour"), ("vapor", "vapour"), ("center", "centre"), ("centers", "centres"), ("centered", "centred"),
    ("fiber", "fibre"), ("fibers", "fibres"), ("analyze", "analyse"), ("analyzed", "analysed"),
    ("analyzing", "analysing"), ("analyzes", "analyses"), ("catalog", "catalogue"), ("catalogs", "catalogues"),
    ("defense", "defence"), ("defenses", "defences"), ("artifacts", "artefacts"), ("artifact", "artefact"),
    ("aging", "ageing"), ("judgment", "judgement"), ("gray", "grey"), ("program", "programme"), ("sulfur", "sulphur"),
    ("skeptical", "sceptical"), ("anemia", "anaemia"), ("pediatric", "paediatric"), ("estrogen", "oestrogen"),
    ("fulfill", "fulfil"), ("maneuver", "manoeuvre"), ("aluminum", "aluminium"), ("focused", "focussed"),
)  # fmt: skip
_LONGEST_ENDING = 7
_PLURALS = (
    ("datum", "data"), ("corpus", "corpora"), ("matrix", "matrices"), ("vertex", "vertices"), ("index", "indices"),
    ("analysis", "analyses"), ("hypothesis", "hypotheses"), ("phenomenon", "phenomena"), ("criterion", "criteria"),
    ("nucleus", "nuclei"), ("spectrum", "spectra"), ("supernova", "supernovae"), ("vortex", "vortices"),
)  # fmt: skip


@dataclass(frozen=True)
class Inexact:
    """A paper, some words of its text, and the same words in the form in which a user types them in the query."""

    paper_id: int
    as_written: str
    as_typed: str


@dataclass(frozen=True)
class Texts:
    """The titles and abstracts of some papers by paper id: the texts themselves, and their plain words."""

    papers: dict[int, tuple[str, str]]

    @cached_property
    def words(self) -> Counter[str]:
        """For each plain word, the number of titles and abstracts that contain it."""
        counted: Counter[str] = Counter()
        for title, abstract in self.papers.values():
            counted.update({*_plain_words(title), *_plain_words(abstract)})
        return counted

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """Acronyms and the words that they stand for: the initials of the words in front of the parenthesis."""
        defined: dict[str, str] = {}
        for title, abstract in self.papers.values():
            for before, acronym in _DEFINITION.findall(f"{title} {abstract}"):
                words = re.findall(r"[a-z]+", before.lower())[-len(acronym) :]
                if [word[0] for word in words] == list(acronym.lower()):
                    defined[acronym.lower()] = " ".join(words)
        return defined


def read_texts(connection: sqlite3.Connection, most: int, seed: int) -> Texts:
    """The texts of up to `most` papers, chosen at random."""
    rows = connection.execute(
        "SELECT p.id, p.title, coalesce(b.abstract, '') FROM paper p JOIN body b ON b.paper_id = p.id"
        " WHERE p.id IN (SELECT value FROM json_each(?))",
        (str(_some_ids(connection, most, Random(seed))),),
    )
    return Texts({paper_id: (title, abstract) for paper_id, title, abstract in rows})


def _some_ids(connection: sqlite3.Connection, most: int, random: Random) -> list[int]:
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM paper").fetchone()
    return random.sample(range(1, last + 1), min(most, last))


def other_numbers(texts: Texts, in_title: bool, random: Random) -> Iterator[Inexact]:
    """Queries of two words. At least one is singular where the paper has the plural, or the reverse."""
    return _two_words(texts, in_title, random, lambda word: _other_number(word, texts.words))


def other_spellings(texts: Texts, random: Random) -> Iterator[Inexact]:
    """Queries of two words. At least one is in British spelling where the paper has the American, or the reverse."""
    both: dict[str, str] = {}
    for american, british in _SPELLINGS:
        both[american], both[british] = british, american
    for in_title in (False, True):
        yield from _two_words(texts, in_title, random, lambda word: _other_ending(word, both))


def mistyped(texts: Texts, in_title: bool, random: Random) -> Iterator[Inexact]:
    """Queries of two words of a paper, with one wrong letter in each."""
    return _two_words(texts, in_title, random, lambda word: misspelt(word, random))


def acronyms(texts: Texts, random: Random) -> Iterator[Inexact]:
    """The acronyms, and the words for which they stand: words before the parenthesis with these initials."""
    for paper_id, (title, abstract) in texts.papers.items():
        text = f"{title} {abstract}".lower()
        words = set(re.findall(r"[a-z]+", text))
        beside = _plain_words(title)
        for acronym, spelt_out in texts.acronyms.items():
            is_spelt_out = re.search(rf"\b{spelt_out}\b", text) is not None
            others = [word for word in beside if word not in spelt_out.split() and word != acronym]
            if not others or is_spelt_out == (acronym in words):
                continue
            forms = (spelt_out, acronym) if is_spelt_out else (acronym, spelt_out)
            other = random.choice(others)
            yield Inexact(paper_id, f"{forms[0]} {other}", f"{forms[1]} {other}")


def sentences(texts: Texts, random: Random) -> Iterator[Inexact]:
    """Queries of eight consecutive words of a sentence.

    One of the words is left out, and one is replaced by a word of another paper.
    """
    common = list(texts.words)
    for paper_id, (_, abstract) in _shuffled(texts, random):
        found = [words for each in _SENTENCE.split(abstract) if len(words := each.split()) >= _SENTENCE_WORDS]
        if not found:
            continue
        words = random.choice(found)
        start = random.randrange(len(words) - _SENTENCE_WORDS + 1)
        row = [re.sub(r"\W+", "", word) or "a" for word in words[start : start + _SENTENCE_WORDS]]
        if not all(word.isalpha() for word in row):
            continue
        missing, wrong = random.sample(range(_SENTENCE_WORDS), 2)
        typed = [random.choice(common) if at == wrong else word for at, word in enumerate(row) if at != missing]
        yield Inexact(paper_id, " ".join(row), " ".join(typed))


def _two_words(
    texts: Texts, in_title: bool, random: Random, other_form: Callable[[str], str | None]
) -> Iterator[Inexact]:
    """Two words of each paper, in another form.

    If only one of its words has another form, the second word is unchanged.
    """
    for paper_id, (title, abstract) in _shuffled(texts, random):
        words = _plain_words(title if in_title else abstract)
        changed = [(word, other) for word in words if (other := other_form(word)) is not None]
        if not changed or len(words) < 2:
            continue
        first = random.choice(changed)
        seconds = [each for each in changed if each[0] != first[0]] or [
            (word, word) for word in words if word != first[0]
        ]
        second = random.choice(seconds)
        yield Inexact(paper_id, f"{first[0]} {second[0]}", f"{first[1]} {second[1]}")


def _shuffled(texts: Texts, random: Random) -> list[tuple[int, tuple[str, str]]]:
    papers = list(texts.papers.items())
    random.shuffle(papers)
    return papers


def _plain_words(text: str) -> list[str]:
    """The long words of a text in lower case, each once."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def _other_number(word: str, known: Counter[str]) -> str | None:
    """The plural of a singular or the reverse, if some paper has it."""
    for singular, plural in _PLURALS:
        if word in (singular, plural):
            return plural if word == singular else singular
    if word.endswith("ies"):
        candidates = [f"{word[:-3]}y"]
    elif word.endswith(("sses", "shes", "ches", "xes")):
        candidates = [word[:-2]]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        candidates = [word[:-1]]
    elif word.endswith("y"):
        candidates = [f"{word[:-1]}ies"]
    else:
        candidates = [f"{word}es"] if word.endswith(("s", "sh", "ch", "x")) else [f"{word}s"]
    return next((each for each in candidates if known[each]), None)


def _other_ending(word: str, endings: dict[str, str]) -> str | None:
    """The word with the other ending (American or British).

    None if neither its ending nor the word has another form.
    """
    if word in endings:
        return endings[word]
    for length in range(_LONGEST_ENDING, 2, -1):
        ending = word[-length:]
        if "iz" in ending and len(word) > length + 2 and ending in endings:
            return word[:-length] + endings[ending]
    return None
