"""Finds the stem of a word, which is the same for all its inflections, such as the singular and the plural of a noun.

The stems of regular words are computed by steps 1 and 5 of the Snowball project's English stemmer ("Porter2", published
by Martin Porter under the BSD licence). The code here was written for recto from the description of that stemmer. The
other steps are left out, because they give "important" the stem "import" and "university" the stem "univers". Irregular
words are listed below; the list was written for recto.
"""

# ruff: noqa: SIM905 - lists of words are written as running text
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_SHORTEST = 3
_VOWEL = "[aeiouy]"
# Matches the part of a word up to the first consonant after a vowel. The description of the stemmer calls the rest of
# the word the region R1.
_REGION = re.compile(rf".*?{_VOWEL}[^aeiouy]")
_HAS_VOWEL = re.compile(_VOWEL)
# Matches a short syllable at the end of a word, as in "rap": a vowel and a consonant. An "e" is added to a stem with
# this ending, so that "hoping" gets the same stem as "hope".
_SHORT_SYLLABLE = re.compile(r"(?:[^aeiouy][aeiouy][^aeiouywx]|^[aeiouy][^aeiouy])$")
_ED_OR_ING = re.compile(r"^(.*?)(?:ed|edly|ing|ingly|ings)$")
_ENDINGS = ("", "s", "es", "ed", "eds", "edly", "ing", "ings", "ingly")
_DOUBLE = re.compile(r"(bb|dd|ff|gg|mm|nn|pp|rr|tt)$")
# Words that look like an inflection of another word, but are not: the stem of each is the word itself.
_WHOLE = frozenset(
    "news its series species bias lens gas bus plus thus corps chaos atlas canvas cosmos kudos always whereas perhaps"
    " red bed need seed feed speed weed breed deed exceed proceed succeed indeed hundred sacred kindred embed inning"
    " outing evening nothing something anything everything string spring king wing ring sing thing bring cling fling"
    " sling sting swing during ceiling sibling".split()
)

# Each item is a lemma (the form of a word under which dictionaries list it) and its irregular forms.
_LISTED = """
    datum data; medium media; criterion criteria; phenomenon phenomena; automaton automata; polyhedron polyhedra;
    tetrahedron tetrahedra; spectrum spectra; quantum quanta; stratum strata; erratum errata; bacterium bacteria;
    equilibrium equilibria; corpus corpora; genus genera; schema schemata; stigma stigmata; lemma lemmata;
    minimum minima; maximum maxima; optimum optima; extremum extrema; momentum momenta; memorandum memoranda;
    addendum addenda; symposium symposia; millennium millennia; ganglion ganglia; mitochondrion mitochondria;
    taxon taxa; continuum continua; curriculum curricula; desideratum desiderata; forum fora; spectrum spectra;
    trapezium trapezia; viscus viscera; opus opera; septum septa; serum sera; ovum ova;
    nucleus nuclei; radius radii; stimulus stimuli; focus foci; locus loci; modulus moduli; fungus fungi;
    bacillus bacilli; alumnus alumni; cactus cacti; syllabus syllabi; torus tori; genius genii; calculus calculi;
    annulus annuli; hippocampus hippocampi; thalamus thalami; octopus octopi; terminus termini; virus viri;
    matrix matrices; vertex vertices; index indices; appendix appendices; vortex vortices; apex apices;
    simplex simplices; cortex cortices; codex codices; helix helices; directrix directrices; submatrix submatrices;
    subindex subindices; axis axes; axe axes; ax axes;
    formula formulae; vertebra vertebrae; larva larvae; alga algae; antenna antennae; nebula nebulae; nova novae;
    supernova supernovae; lacuna lacunae; persona personae; hypha hyphae; pupa pupae; kilonova kilonovae;
    analysis analyses; analyse analyses; diagnose diagnoses; catalyse catalyses; paralyse paralyses;
    hydrolyse hydrolyses; dialyse dialyses; hypothesis hypotheses; basis bases; base bases; thesis theses;
    synthesis syntheses;
    crisis crises; diagnosis diagnoses; prognosis prognoses; emphasis emphases; parenthesis parentheses;
    ellipsis ellipses; ellipse ellipses; oasis oases; neurosis neuroses; psychosis psychoses;
    paralysis paralyses; metamorphosis metamorphoses; antithesis antitheses; symbiosis symbioses;
    metastasis metastases; stenosis stenoses; fibrosis fibroses; thrombosis thromboses; catharsis catharses;
    genesis geneses; nemesis nemeses; sepsis sepses; synopsis synopses; photosynthesis photosyntheses;
    reanalysis reanalyses; dialysis dialyses; catalysis catalyses; electrolysis electrolyses; hydrolysis hydrolyses;
    plateau plateaux; bureau bureaux; tableau tableaux; beau beaux; milieu milieux;
    person people; child children; man men; woman women; mouse mice; louse lice; foot feet; tooth teeth; goose geese;
    ox oxen; die dice; wolf wolves; leaf leaves; life lives; knife knives; half halves; shelf shelves;
    self selves; wife wives; thief thieves; calf calves; loaf loaves; scarf scarves; elf elves; hoof hooves;
    proof proven proved; bus buses; lens lenses; bias biases; gas gases; atlas atlases; virus viruses; campus campuses;
    status statuses; consensus consensuses; canvas canvases; chorus choruses;
    quiz quizzes; hero heroes; echo echoes; potato potatoes; tomato tomatoes; torpedo torpedoes; veto vetoes;
    die dying dies died; lie lying lies lied; tie tying ties tied; dye dyeing dyes dyed;
    be been being was were is are am; have has had having; do does did done doing; go goes went gone going;
    build built; find found; give gave given; take took taken; write wrote written; draw drew drawn; show shown;
    know knew known; see saw seen; choose chose chosen; hide hid hidden; send sent; spend spent; lose lost; keep kept;
    hold held; lead led; meet met; buy bought; think thought; teach taught; catch caught; seek sought; bring brought;
    fight fought; understand understood; grow grew grown; throw threw thrown; break broke broken; speak spoke spoken;
    drive drove driven; weave wove woven; freeze froze frozen; learn learnt; burn burnt; spell spelt; dream dreamt;
    leap leapt; spoil spoilt; smell smelt; begin began begun; swim swam swum; run ran; win won; spin spun; come came;
    become became; overcome overcame; fall fell fallen; feel felt; fly flew flown; forget forgot forgotten; get got
    gotten; arise arose arisen; rise rose risen; bear bore borne; beat beaten; bend bent; bind bound; bite bit bitten;
    blow blew blown; breed bred; deal dealt; dig dug; eat ate eaten; feed fed; flee fled; forbid forbade forbidden;
    forgive forgave forgiven; grind ground; hang hung; hear heard; leave left; lend lent; make made; mean
    meant; pay paid; read read; ride rode ridden; ring rang rung; say said; sell sold; shake shook shaken; shine shone;
    shoot shot; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; stand stood;
    steal stole stolen; stick stuck; strike struck; swear swore sworn; sweep swept; swing swung; tear tore torn; tell
    told; wake woke woken; wear wore worn; wind wound; rebuild rebuilt; rewrite rewrote rewritten; redraw redrew
    redrawn; foresee foresaw foreseen; undergo underwent undergone; undertake undertook undertaken; withdraw withdrew
    withdrawn; withstand withstood; mislead misled; misunderstand misunderstood; outgrow outgrew outgrown;
    overtake overtook overtaken; oversee oversaw overseen; among amongst; while whilst;
    amid amidst; toward towards; afterward afterwards
"""
# Maps each irregular form to its lemmas. A few forms have two lemmas: "bases" is the plural of "basis" and of "base".
_LEMMAS: dict[str, tuple[str, ...]] = {}
# Maps each lemma to its irregular forms.
IRREGULAR_FORMS: dict[str, tuple[str, ...]] = {}
for _entry in _LISTED.split(";"):
    _lemma, *_forms = _entry.split()
    IRREGULAR_FORMS[_lemma] = (*IRREGULAR_FORMS.get(_lemma, ()), *_forms)
    for _form in _forms:
        _LEMMAS[_form] = tuple(dict.fromkeys((*_LEMMAS.get(_form, ()), _lemma)))


def lemmas(word: str) -> tuple[str, ...]:
    """The folded word itself, and the words of which it is an irregular form: for "mice", also "mouse"."""
    return (word, *_LEMMAS.get(word, ()))


@lru_cache(16_384)
def stem(word: str) -> str:
    """The stem of a folded word, which is the same for all its regular inflections.

    A word with other letters than a to z is returned unchanged.
    """
    return _without_e(_with_i(_without_ending(_singular(word)))) if _is_inflected(word) else word


@lru_cache(16_384)
def number_stem(word: str) -> str:
    """A stem that is the same for the singular and the plural of a folded word, but not for most other inflections."""
    return _without_e(_with_i(_singular(word))) if _is_inflected(word) else word


def inflected(stem_of_words: str) -> Iterator[str]:
    """Yield all texts that may have this stem: the stem with every ending.

    A letter that the stemmer may have removed or changed before the ending is restored: "studi" yields "study", and
    "hope" yields "hoping".
    """
    bases = [stem_of_words, f"{stem_of_words}e", f"{stem_of_words}{stem_of_words[-1]}"]
    if stem_of_words.endswith("i"):
        bases.append(f"{stem_of_words[:-1]}y")
    if stem_of_words.endswith("e"):
        bases.append(stem_of_words[:-1])
    return (f"{base}{ending}" for base in bases for ending in _ENDINGS)


def _is_inflected(word: str) -> bool:
    return len(word) >= _SHORTEST and word not in _WHOLE and word.isascii() and word.isalpha()


def _singular(word: str) -> str:
    """Step 1a of the stemmer, which removes the ending of a plural: "ideas" becomes "idea"."""
    if len(word) <= _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) > len("ties") else word[:-1]
    # Remove the "s" only after a consonant ("llms" becomes "llm"), or if another vowel comes earlier in the word:
    # "ideas" becomes "idea", but "gas" is unchanged.
    return word[:-1] if word[-2] not in "aeiouy" or _HAS_VOWEL.search(word[:-2]) else word


def _without_ending(word: str) -> str:
    """Step 1b of the stemmer, which removes endings such as "ed" and "ing"."""
    if word.endswith(("eed", "eedly")):
        return word
    if (match := _ED_OR_ING.match(word)) and _HAS_VOWEL.search(match[1]):
        word = match[1]
        if word.endswith(("at", "bl", "iz")) or (_is_short(word) and not _DOUBLE.search(word)):
            return f"{word}e"
        if _DOUBLE.search(word) and len(word) > _SHORTEST:
            return word[:-1]
    return word


def _with_i(word: str) -> str:
    """Step 1c of the stemmer, which replaces "y" by "i": "study" becomes "studi", because "studies" becomes "studi"."""
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > _SHORTEST and word[-2] not in "aeiou" else word


def _without_e(word: str) -> str:
    """Step 5 of the stemmer, which removes an "e" or one of two "l" at the end."""
    first = _region(word, 0)
    second = _region(word, first)
    if word.endswith("e"):
        in_second = len(word) > second
        if in_second or (len(word) > first and not _SHORT_SYLLABLE.search(word[:-1])):
            return word[:-1]
    elif word.endswith("ll") and len(word) > second:
        return word[:-1]
    return word


def _region(word: str, start: int) -> int:
    """The position after the first consonant that follows a vowel, searched from `start`; `len(word)` if
    there is none.
    """
    match = _REGION.match(word, start)
    return match.end() if match else len(word)


def _is_short(word: str) -> bool:
    return _region(word, 0) == len(word) and _SHORT_SYLLABLE.search(word) is not None
