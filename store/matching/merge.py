"""What several entries say of one paper becomes one paper: for each field the best known value, and whose it is.

The result depends on the set of entries alone, never on the order in which they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from store.model.fields import FIELDS, MergeRule
from store.model.paper import Author, Link, Paper

# Whose word is taken first where sources differ: who publishes the paper before who lists it.
_RANK = {
    family: rank
    for rank, family in enumerate(
        (
            "arxiv",
            "pubmed",
            "crossref",
            "openalex",
            "semantic-scholar",
            "recto",
            "hf",
            "paperswithcode",
            "bibliography",
        )
    )
}
# The days that these give are those of the preprint, and always whole.
_DATED_EXACTLY = {"arxiv", "hf"}
# So are these as a rule. What all others call the day of a paper may be that of its journal.
_DATED_FIRST = _DATED_EXACTLY | {"recto", "paperswithcode"}
# Those that register a journal's articles know its name, volume and pages; authors write them as they please.
_REGISTERED = {"crossref", "pubmed"}
# These make summaries and keywords for reading; those of others are for searching.
_SUMMED_UP = {"hf", "recto"}
# Lists of names are cut short here, "and others".
_CUT_NAMES = {"bibliography", "table"}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry said of a paper. `year_printed` is False for a date whose year recto had to find.

    `path` is that of its listing: of two entries that are as good, the one first by path and then by id is named.
    """

    entry_id: int
    family: str
    paper: Paper
    listed_on: date | None = None
    year_printed: bool = True
    path: str = ""


class Folded(msgspec.Struct, frozen=True):
    """The best of all entries, and the id of the entry that gave each known field; empty when there is one alone."""

    paper: Paper
    sources: dict[str, int]
    first_listed: date | None
    last_listed: date | None


def fold(entries: Sequence[Said]) -> Folded:
    """The paper that `entries`, at least one, speak of."""
    days = [said.listed_on for said in entries if said.listed_on]
    first, last = min(days, default=None), max(days, default=None)
    if len(entries) == 1:
        return Folded(alone(entries[0].paper), {}, first, last)
    # Of equals the first one counts.
    entries = sorted(entries, key=lambda said: (said.path, said.entry_id))
    values: dict[str, Any] = {}
    sources: dict[str, int] = {}
    for field, ranking in _RANKING_OF_FIELD.items():
        known = [said for said in entries if _known(getattr(said.paper, field))]
        if known:
            # The value itself decides between equals, so that no order of arrival can.
            best = max(known, key=lambda said: (*ranking(said, field), repr(getattr(said.paper, field))))
            values[field] = getattr(best.paper, field)
            sources[field] = best.entry_id
            if field == "published":
                values["published_to"] = best.paper.published_to
    if links := _links([said.paper for said in entries]):
        values["links"] = links
    if authors := values.get("authors"):
        named_by = next(said for said in entries if said.entry_id == sources["authors"])
        count = _count(authors, (said.paper for said in entries))
        # Another's number stands where names may be cut short.
        if named_by.family not in _CUT_NAMES or values.get("author_count", 0) <= count:
            values["author_count"] = count
            sources["author_count"] = sources["authors"]
    return Folded(Paper(**values), sources, first, last)


def alone(paper: Paper) -> Paper:
    """The paper that one entry speaks of, which is `paper` as it says it: what `fold` makes of that."""
    links = paper.links if _are_arxivs(paper.links) else _links([paper])
    count = _count(paper.authors, [paper]) if paper.authors else paper.author_count
    return msgspec.structs.replace(paper, links=links, author_count=count)


def _known(value: object) -> bool:
    return value is not None and value != ()


def _count(authors: tuple[Author, ...], papers: Iterable[Paper]) -> int:
    """How many authors there are: as many as are named, or more where who named these said so ("and 300 others")."""
    return max([len(authors), *(paper.author_count or 0 for paper in papers if paper.authors == authors)])


def _first_hand(said: Said) -> int:
    return -_RANK.get(said.family, len(_RANK))


def _day(said: Said) -> int:
    return said.listed_on.toordinal() if said.listed_on else 0


def _as_of(said: Said) -> int:
    """The last day that an entry speaks of: a wording of a later one is that of a later version."""
    updated = said.paper.updated
    return max(_day(said), updated.toordinal() if updated else 0)


def _wording(said: Said, field: str) -> tuple[int, ...]:
    text: str = getattr(said.paper, field)
    return "\ufffd" not in text, _first_hand(said), _as_of(said), len(text)


def _title(said: Said, field: str) -> tuple[int, ...]:
    # Neither capitals nor commands of TeX are how a title reads; what is between dollars is shown as a formula.
    title = said.paper.title
    in_capitals = title.isupper() and len(title.split()) >= _MANY_WORDS
    return not in_capitals and "\\" not in _FORMULA.sub("", title), *_wording(said, field)


def _abstract(said: Said, field: str) -> tuple[int, ...]:
    text = said.paper.abstract or ""
    return not text.rstrip("] ").endswith(("...", "…")), *_wording(said, field)


def _authors(said: Said, field: str) -> tuple[int, ...]:
    names = [author.name for author in said.paper.authors]
    return (
        len(names),
        sum(_GARBLED.search(name) is None for name in names),
        sum(map(_is_spelled_out, names)),
        # Where one has the letter that another put an A for.
        sum(_LATIN_LETTER.search(name) is not None for name in names),
        sum(1 for author in said.paper.authors if author.affiliations),
        _first_hand(said),
        _as_of(said),
    )


def _categories(said: Said, field: str) -> tuple[int, ...]:
    # Filters ask for arXiv's; the subjects and topics of others are more, and are called otherwise.
    categories = said.paper.categories
    are_codes = all(map(_CODE.fullmatch, categories))
    # Of arXiv's codes most are known: papers are cross-listed later on, and seldom taken out of a category.
    return are_codes, said.family == "arxiv", len(categories) if are_codes else 0, _first_hand(said), len(categories)


def _doi(said: Said, field: str) -> tuple[int, ...]:
    return _DEPOSITED.match(said.paper.doi or "") is None, *_wording(said, field)


def _venue(said: Said, field: str) -> tuple[int, ...]:
    venue = said.paper.venue or ""
    # "Nature 620, 47–60" says more than "Nature" and "ICML 2023".
    return (
        _PREPRINTS.match(venue) is None,
        _VOLUME.search(venue) is not None,
        said.family in _REGISTERED,
        *_wording(said, field),
    )


def _latest(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), _first_hand(said)


def _organization(said: Said, field: str) -> tuple[int, ...]:
    organization = said.paper.organization
    return organization is not None and organization.slug is not None, *_latest(said, field)


def _summed_up(said: Said, field: str) -> tuple[int, ...]:
    return said.family in _SUMMED_UP, *_latest(said, field)


def _latest_count(said: Said, field: str) -> tuple[int, ...]:
    return _day(said), getattr(said.paper, field)


def _first_version(said: Said, field: str) -> tuple[int, ...]:
    """An exact day before a month, and a month before a year; then the preprint's day before the journal's."""
    value: date = getattr(said.paper, field)
    is_preprints = said.family in _DATED_FIRST
    earlier, first_hand = -value.toordinal(), _first_hand(said)
    order = (first_hand, earlier) if is_preprints else (earlier, first_hand)
    return _exactness(said, value), is_preprints, said.year_printed, *order


def _exactness(said: Said, value: date) -> int:
    """The more, the finer: a year, a month, a day.

    Most sources fill a day that they lack: what they call 1 January is little more than a year, and a first day little
    more than a month.
    """
    if said.paper.published_to != "day":
        return 2 if said.paper.published_to == "month" else 0
    if said.family in _DATED_EXACTLY or (said.family in _DATED_FIRST and _numbered_in(said.paper, value)):
        return 4
    return 4 if value.day > 1 else 3 if value.month > 1 else 1


def _numbered_in(paper: Paper, value: date) -> bool:
    """Whether arXiv gave `paper` its number in the month of `value`: "2406.01234" is of June 2024."""
    return (paper.arxiv_id or "").rpartition("/")[2].startswith(f"{value:%y%m}")


def _last_version(said: Said, field: str) -> tuple[int, ...]:
    # What others call the last change is one of their own record.
    value: date = getattr(said.paper, field)
    return said.family in _DATED_FIRST, value.toordinal()


def _newest(said: Said, field: str) -> tuple[int, ...]:
    number: int = getattr(said.paper, field)
    return (number,)


def _is_spelled_out(name: str) -> bool:
    """Whether a given name stands before the last one, as in "Ada Lovelace", and not its initial alone."""
    given = name.split()[:-1]
    return not given or any(
        word[1:2].isalpha() and not word[1].isupper() and not word[0].islower()  # not "JR" and not "von"
        for word in given
    )


# A title of so few words may be an acronym.
_MANY_WORDS = 4
_FORMULA = re.compile(r"\$[^$]*\$")
_GARBLED = re.compile(r"[\\{}$\ufffd]")
_LATIN_LETTER = re.compile(r"[À-ÖØ-öø-ɏḀ-ỿ]")
# A category of arXiv's, or an archive alone: those of https://arxiv.org/category_taxonomy, and those of before 1998.
_CODE = re.compile(
    r"(?:astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin"
    r"|quant-ph|stat|acc-phys|adap-org|alg-geom|ao-sci|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|dg-ga|funct-an"
    r"|mtrl-th|patt-sol|plasm-ph|q-alg|solv-int|supr-con)(?:\.[A-Za-z]+(?:-[a-z]+)*)?"
)
# DOIs of repositories, where a paper is before or beside its journal: arXiv, Zenodo, figshare, OSF, ChemRxiv,
# Research Square, preprints.org, SSRN, ResearchGate, TechRxiv, bioRxiv and medRxiv.
_DEPOSITED = re.compile(
    r"10\.(?:48550/|5281/zenodo|6084/m9\.figshare|312(?:19|34)/osf|26434/chemrxiv|21203/rs\.|20944/preprints|2139/ssrn"
    r"|13140/rg|36227/techrxiv|1101/\d)",
    re.I,
)
_PREPRINTS = re.compile(
    r"(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|techrxiv|ssrn|research square|preprints?(?:\.org)?)\b", re.I
)
# A number that is no year.
_VOLUME = re.compile(r"(?<!\d)(?!(?:1[89]|20)\d\d(?!\d))\d+")

# The function of each rule but "all". It takes an entry and the name of a field, and gives a key that compares entries:
# the entry with the greatest key gives the value.
_RANKINGS: dict[MergeRule, Callable[[Said, str], tuple[int, ...]]] = {
    "title": _title,
    "abstract": _abstract,
    "authors": _authors,
    "organization": _organization,
    "first version": _first_version,
    "last version": _last_version,
    "highest": _newest,
    "latest": _latest,
    "latest count": _latest_count,
    "doi": _doi,
    "categories": _categories,
    "venue": _venue,
    "wording": _wording,
    "summary": _summed_up,
}
_RANKING_OF_FIELD = {field.name: _RANKINGS[field.merge] for field in FIELDS if field.merge != "all"}


def _links(papers: Iterable[Paper]) -> tuple[Link, ...]:
    """Every link once, in a steady order; of a repository's star counts the highest known.

    Of the spellings of one address the safest and shortest one is kept. What some source knows to be a PDF or code
    is no page, as others call every address.
    """
    stars: dict[tuple[str, str], int | None] = {}
    spelled: dict[tuple[str, str], str] = {}
    for paper in papers:
        for link in paper.links:
            place = link.kind, _place(link.url)
            known = stars.get(place)
            stars[place] = max((count for count in (known, link.stars) if count is not None), default=None)
            spelled[place] = min(spelled.get(place, link.url), link.url, key=_spelling)
    told = {place for kind, place in stars if kind != "page"}
    found = [
        Link(kind, spelled[kind, place], count)  # type: ignore[arg-type]
        for (kind, place), count in stars.items()
        if kind != "page" or place not in told
    ]
    return tuple(sorted(found, key=lambda link: (_KINDS.index(link.kind), link.url)))


def _are_arxivs(links: tuple[Link, ...]) -> bool:
    """Whether these are the page and the PDF of a paper on arXiv, as `_links` would give them out."""
    if len(links) != 2:
        return False
    page, pdf = links
    return (
        page.kind == "page"
        and pdf.kind == "pdf"
        and page.url.startswith("https://arxiv.org/abs/")
        and pdf.url.startswith("https://arxiv.org/pdf/")
    )


_KINDS = ("page", "pdf", "code", "project", "dataset")
_SCHEME = re.compile(r"https?://(?:www\.|dx\.(?=doi\.org/)|export\.(?=arxiv\.org/))?", re.I)
_VERSION = re.compile(r"(arxiv\.org/(?:abs|pdf)/.*?)(?:v\d+)?(?:\.pdf)?", re.I)
_CASELESS = re.compile(r"(doi\.org/.*|github\.com/[^/]+/[^/]+?)(?:\.git)?", re.I)


def _place(url: str) -> str:
    """What an address leads to, in one spelling: a paper on arXiv whatever the version, a DOI whatever the case."""
    found = _SCHEME.sub("", url, count=1).rstrip("/")
    if match := _VERSION.fullmatch(found) or _CASELESS.fullmatch(found):
        return match[1].casefold()
    host, slash, rest = found.partition("/")
    return f"{host.casefold()}{slash}{rest}"


def _spelling(url: str) -> tuple[bool, int, str]:
    return not url.startswith("https://"), len(url), url
