"""Generates any number of papers. The same number and seed always generate the same papers.

The papers resemble real ones, so that figures measured with them are valid for real papers too: words are distributed
by Zipf's law over a vocabulary that grows with the number of papers, each subject has some words that the other
subjects do not use, and lengths, names, LaTeX, accents and versions are as in arXiv's snapshot. `Random.random` is the
only random function that is called, because Python promises that it returns the same numbers in every version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.bench.names import person
from tests.bench.prose import Writer
from tests.bench.source_hash import source_hash
from tests.bench.submissions import LAST_DAY, Month, Submission, months, of_month
from tests.bench.words import Lexicon

SEED = 1


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A generated paper.

    Accents are Unicode letters, formulas are between dollar signs, and `authors` are (given, family).
    """

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[tuple[str, str], ...]
    categories: tuple[str, ...]
    published: date
    updated: date
    versions: int
    comment: str | None
    venue: str | None
    doi: str | None


def papers(size: int, seed: int = SEED) -> Iterator[MadePaper]:
    """Yield `size` papers in the order of arXiv's snapshot. The memory needed does not depend on `size`."""
    maker = Maker(seed)
    return chain.from_iterable(maker.papers_of(month, number) for number, month in enumerate(months(size)))


def fingerprint() -> str:
    """A short text that changes when the code that generates the papers changes."""
    modules = ("catalogue", "corpus", "listings", "names", "prose", "submissions", "words")
    return source_hash(Path(__file__).with_name(f"{module}.py") for module in modules)


class _Category(NamedTuple):
    """A category of arXiv, its shares of the papers in three periods, and whether its texts have formulas.

    The periods are: before 2007, from 2007 to 2014, and since 2015.
    """

    name: str
    shares: tuple[int, int, int]
    formulas: bool

    @property
    def archive(self) -> str:
        return self.name.partition(".")[0]


def _categories(text: str) -> tuple[_Category, ...]:
    """Parse categories written as "name 1/2/3".

    The numbers are the shares in the three periods. A dollar sign follows them if the texts of the category have
    formulas.
    """
    found = []
    for each in text.split(";"):
        name, shares, *formulas = each.split()
        until_2007, until_2015, since = map(int, shares.split("/"))
        found.append(_Category(name, (until_2007, until_2015, since), bool(formulas)))
    return tuple(found)


_CATEGORIES = _categories(
    """
    cs.LG 0/2/11; cs.CV 0/2/10; cs.CL 0/1/8; cs.AI 0/1/5; cs.RO 0/1/3; cs.CR 0/1/2; cs.SE 0/1/2;
    cs.DS 1/1/1 $; cs.IT 1/3/2 $; cs.DC 0/1/1; cs.HC 0/0/1; cs.IR 0/1/1; stat.ML 0/1/2 $;
    stat.ME 0/1/2 $; eess.IV 0/0/1; eess.SP 0/1/2 $; math.AG 3/2/1 $; math.CO 2/3/2 $; math.PR 2/3/2 $;
    math.NT 2/2/1 $; math.AP 1/3/2 $; math.OC 1/2/2 $; math.DG 2/2/1 $; math-ph 2/2/1 $;
    astro-ph 20/1/0 $; astro-ph.GA 0/5/3 $; astro-ph.CO 0/5/2 $; astro-ph.HE 0/4/2 $;
    cond-mat.mes-hall 6/5/2 $; cond-mat.mtrl-sci 5/5/2 $; cond-mat.str-el 5/4/2 $;
    cond-mat.stat-mech 4/3/1 $; hep-th 12/6/3 $; hep-ph 15/7/3 $; hep-ex 3/2/1 $; gr-qc 5/4/2 $;
    quant-ph 6/6/4 $; nucl-th 3/2/1 $; physics.optics 1/2/2; q-bio.NC 0/1/1; q-fin.ST 0/1/1 $;
    econ.EM 0/0/1 $
    """
)
_UNTIL = (2007, 2015)
# In titles from these archives, every long word begins with a capital letter.
_CAPITALS = ("cs", "eess", "stat")
_VENUES = (
    "Phys. Rev. D {} ({}) 0{}", "Astrophys. J. {} ({}) {}", "J. High Energy Phys. {} ({}) {}", "Nature {} ({}) {}",
    "Commun. Math. Phys. {} ({}) {}", "IEEE Trans. Inf. Theory {} ({}) {}", "Adv. Math. {} ({}) {}",
)  # fmt: skip
_COLLABORATION, _MANY_AUTHORS = 0.0005, 0.03
# This number is larger than the number of months that `months` returns, so that no two seeds use the same random
# numbers for a month.
_MOST_MONTHS = 10_000


class Maker:
    """Generates papers month by month. The random numbers for a month depend only on the seed and the month."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stream = Random(seed)
        self._random = self._stream.random
        self._writer = Writer(self._random, Lexicon(self._random, len(_CATEGORIES)))
        # For each of the three periods: indexes into _CATEGORIES, in which each category occurs in proportion to its
        # share.
        self._by_era = [
            [at for at, each in enumerate(_CATEGORIES) for _ in range(each.shares[era])] for era in range(3)
        ]
        self._of_archive: dict[str, list[int]] = {}
        for at, each in enumerate(_CATEGORIES):
            self._of_archive.setdefault(each.archive, []).append(at)

    def papers_of(self, month: Month, number: int) -> Iterator[MadePaper]:
        """Yield the papers of a month, which is the item `number` of `months`.

        The papers do not depend on which other months are generated. Read all papers of one month before the next call.
        """
        self._stream.seed(self._seed * _MOST_MONTHS + number)
        return map(self._paper, of_month(month))

    def _paper(self, submission: Submission) -> MadePaper:
        """Generate the paper that belongs to a submission (an arXiv id and a day)."""
        random = self._random
        subject = self._subject(submission)
        category = _CATEGORIES[subject]
        revised = random() < 0.4
        day = submission.day
        updated = min(LAST_DAY, day + timedelta(days=int(random() ** 3 * 500))) if revised else day
        printed = random() < 0.35
        volume, page = 1 + int(random() * 900), 1 + int(random() * 9_000)
        return MadePaper(
            arxiv_id=submission.arxiv_id,
            title=self._writer.title(subject, formulas=category.formulas, capitals=category.archive in _CAPITALS),
            abstract=self._writer.abstract(subject, formulas=category.formulas),
            authors=self._authors(),
            categories=self._filed_under(category.name),
            published=day,
            updated=updated,
            versions=2 + int(random() ** 4 * 6) if revised else 1,
            comment=f"{4 + int(random() * 40)} pages, {int(random() * 14)} figures" if random() < 0.6 else None,
            venue=_VENUES[int(random() * len(_VENUES))].format(volume, day.year, page) if printed else None,
            doi=f"10.{1000 + volume}/made.{submission.arxiv_id.replace('/', '.')}" if printed else None,
        )

    def _subject(self, submission: Submission) -> int:
        """Choose the primary category of the paper. Returns its index in _CATEGORIES."""
        among = self._of_archive.get(submission.archive or "")
        if among is None:
            among = self._by_era[sum(submission.day.year >= year for year in _UNTIL)]
        return among[int(self._random() * len(among))]

    def _filed_under(self, primary: str) -> tuple[str, ...]:
        random = self._random
        found = [primary]
        while random() < 0.35:
            found.append(_CATEGORIES[int(random() * len(_CATEGORIES))].name)
        return tuple(dict.fromkeys(found))

    def _authors(self) -> tuple[tuple[str, str], ...]:
        """Generate the authors: mostly one to six, but hundreds for one paper of two thousand, as in collaborations."""
        random = self._random
        count = 1 + int(random() * 3) + (int(random() * 5) if random() < 0.6 else 0)
        chance = random()
        if chance < _COLLABORATION:
            count = 200 + int(random() * 800)
        elif chance < _MANY_AUTHORS:
            count += int(random() * 40)
        return tuple(dict.fromkeys(person(random) for _ in range(count)))
