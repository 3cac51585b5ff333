"""Merges the entries about one paper: each field of the paper gets the best value that any of the entries has for it.

The result depends only on the set of entries, never on the order in which they were imported. For each field, the
result also contains the id of the entry from which the value comes. store/matching/same_paper.py decides which entries
are about the same paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from store.matching.identifiers import is_category
from store.matching.merged_links import are_arxiv_links, merged_links
from store.matching.source_ranks import (
    DATED_BY_PREPRINT,
    DATED_EXACTLY,
    REGISTRIES,
    WITH_CUT_NAMES,
    WITH_SUMMARIES,
    source_rank,
)
from store.matching.title_merging import title_quality
from store.model.paper import Author, Paper
from store.model.paper_fields import FIELDS, MergeRule


class EntryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A paper as one entry describes it. An entry is the part of a listing that is about one paper.

    `family` is the source of the listing, for example "arxiv". `year_printed` is False if the entry's date was printed
    without a year, so that recto had to derive the year. `path` is the path of the listing. If two entries are equally
    good, values are taken from the one whose path comes first in sorted order, or, if the paths are equal, from the one
    with the lower id.
    """

    entry_id: int
    family: str
    paper: Paper
    listed_on: date | None = None
    year_printed: bool = True
    path: str = ""


class MergedPaper(msgspec.Struct, frozen=True):
    """A paper that was merged from entries, with the first and the last of their listing days.

    `sources` maps the name of each field that has a value to the id of the entry from which the value comes. It is
    empty when there is only one entry.
    """

    paper: Paper
    sources: dict[str, int]
    first_listed: date | None
    last_listed: date | None


def merge_entries(entries: Sequence[EntryRecord]) -> MergedPaper:
    """Merge `entries`, which are all about one paper. The caller must pass at least one entry."""
    days = [entry.listed_on for entry in entries if entry.listed_on]
    first, last = min(days, default=None), max(days, default=None)
    if len(entries) == 1:
        return MergedPaper(merge_one(entries[0].paper), {}, first, last)
    # Sort the entries, because max() returns the first of several equally good entries.
    entries = sorted(entries, key=lambda entry: (entry.path, entry.entry_id))
    values: dict[str, Any] = {}
    sources: dict[str, int] = {}
    for field, rank in _RANK_OF_FIELD.items():
        candidates = [entry for entry in entries if _has_value(entry.paper, field)]
        if candidates:
            # If two entries have the same rank, compare their values as text, so that the result does not depend on
            # the order of import.
            best = max(candidates, key=lambda entry: (*rank(entry, field), repr(getattr(entry.paper, field))))
            values[field] = getattr(best.paper, field)
            sources[field] = best.entry_id
            if field == "published":
                values["published_to"] = best.paper.published_to
    if links := merged_links([entry.paper for entry in entries]):
        values["links"] = links
    if authors := values.get("authors"):
        source = next(entry for entry in entries if entry.entry_id == sources["authors"])
        count = _author_count(authors, (entry.paper for entry in entries))
        # If this source may shorten author lists, keep a larger author count from another source.
        if source.family not in WITH_CUT_NAMES or values.get("author_count", 0) <= count:
            values["author_count"] = count
            sources["author_count"] = sources["authors"]
    return MergedPaper(Paper(**values), sources, first, last)


def merge_one(paper: Paper) -> Paper:
    """The paper that `merge_entries` returns for a single entry that describes `paper`."""
    links = paper.links if are_arxiv_links(paper.links) else merged_links([paper])
    # Compute what `_author_count` would return if this were the only paper.
    count = max(len(paper.authors), paper.author_count or 0) if paper.authors else paper.author_count
    return msgspec.structs.replace(paper, links=links, author_count=count)


def _has_value(paper: Paper, field: str) -> bool:
    """Whether `paper` has a value for `field` that the merge should consider.

    An author count that only equals the number of authors listed in `paper` is not considered. The library adds such a
    count to some records and not to others, so it carries no information, and must not compete with the author count of
    another source.
    """
    value = getattr(paper, field)
    if field == "author_count" and paper.authors:
        return value is not None and value > len(paper.authors)
    return value is not None and value != ()


def _author_count(authors: tuple[Author, ...], papers: Iterable[Paper]) -> int:
    """The number of `authors`, or a larger author count of one of `papers` that has exactly the same list of authors.

    Such a count occurs if a source names some authors and then writes, for example, "and 300 others".
    """
    return max([len(authors), *(paper.author_count or 0 for paper in papers if paper.authors == authors)])


# Each of the following functions whose second parameter is `field` ranks an entry by one field. The merged paper gets
# the value of the entry with the greatest rank.


def _family_rank(entry: EntryRecord) -> int:
    return -source_rank(entry.family)


def _listing_day(entry: EntryRecord) -> int:
    return entry.listed_on.toordinal() if entry.listed_on else 0


def _as_of(entry: EntryRecord) -> int:
    """The later of an entry's listing day and the `updated` day of its paper, as an ordinal number (`date.toordinal`).

    An entry with a later day probably describes a later version of the paper.
    """
    updated = entry.paper.updated
    return max(_listing_day(entry), updated.toordinal() if updated else 0)


def _wording_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    text: str = getattr(entry.paper, field)
    return "\ufffd" not in text, _family_rank(entry), _as_of(entry), len(text)


def _title_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    return *title_quality(entry.paper.title), *_wording_rank(entry, field)


def _abstract_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    text = entry.paper.abstract or ""
    is_whole = not text.rstrip("] ").endswith(("...", "…"))
    return is_whole, *_wording_rank(entry, field)


def _authors_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    names = [author.name for author in entry.paper.authors]
    return (
        len(names),
        sum(_GARBLED.search(name) is None for name in names),
        sum(map(_has_given_name, names)),
        # Prefer the list in which more names have accents: in the other list, the accents were probably lost.
        sum(_ACCENTED_LETTER.search(name) is not None for name in names),
        sum(1 for author in entry.paper.authors if author.affiliations),
        _family_rank(entry),
        _as_of(entry),
    )


def _categories_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    # Prefer arXiv's codes ("cs.CL"), because filters use them. Other sources have more subjects, but with other names.
    categories = entry.paper.categories
    are_codes = all(map(is_category, categories))
    # A list with more codes is probably newer: papers are often added to further categories, and seldom removed from
    # one.
    code_count = len(categories) if are_codes else 0
    return are_codes, entry.family == "arxiv", code_count, _family_rank(entry), len(categories)


def _doi_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    is_of_journal = _REPOSITORY_DOI.match(entry.paper.doi or "") is None
    return is_of_journal, *_wording_rank(entry, field)


def _venue_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    venue = entry.paper.venue or ""
    return (
        _PREPRINT_SERVER.match(venue) is None,
        # Prefer a venue with a volume: "Nature 620, 47-60" is more exact than "Nature" or "ICML 2023".
        _VOLUME.search(venue) is not None,
        entry.family in REGISTRIES,
        *_wording_rank(entry, field),
    )


def _latest_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    return _listing_day(entry), _family_rank(entry)


def _longest_latest_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    # Prefer the longest list of scores. A list that is older than the last review has fewer scores, and a source that
    # only publishes the mean gives a single score.
    return len(getattr(entry.paper, field)), *_latest_rank(entry, field)


def _organization_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    organization = entry.paper.organization
    return organization is not None and organization.slug is not None, *_latest_rank(entry, field)


def _summary_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    return entry.family in WITH_SUMMARIES, *_latest_rank(entry, field)


def _latest_count_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    return _listing_day(entry), getattr(entry.paper, field)


def _first_version_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    """Rank an entry by its date. A day is better than a month, and a month better than a year.

    Of equally exact dates, those of preprints are the best. Among the dates of preprints, a date whose year was printed
    ranks first, then the date of the most trusted source. Among other dates, a date whose year was printed ranks first,
    then the earliest.
    """
    published: date = getattr(entry.paper, field)
    is_preprint = entry.family in DATED_BY_PREPRINT
    earlier, family = -published.toordinal(), _family_rank(entry)
    order = (family, earlier) if is_preprint else (earlier, family)
    return _exactness(entry, published), is_preprint, entry.year_printed, *order


def _exactness(entry: EntryRecord, published: date) -> int:
    """How exact a date is: 0 for a year, 2 for a month, 4 for a day.

    If a source does not know the day, it usually prints the first day of the month or of the year. So 1 January is only
    slightly better than a year, and gets 1. The first day of another month is only slightly better than a month, and
    gets 3.
    """
    if entry.paper.published_to != "day":
        return 2 if entry.paper.published_to == "month" else 0
    if entry.family in DATED_EXACTLY:
        return 4
    if entry.family in DATED_BY_PREPRINT and _is_month_of_arxiv_id(entry.paper, published):
        return 4
    return 4 if published.day > 1 else 3 if published.month > 1 else 1


def _is_month_of_arxiv_id(paper: Paper, day: date) -> bool:
    """Whether arXiv assigned the id of `paper` in the month of `day`, for example "2406.01234" in June 2024."""
    return (paper.arxiv_id or "").rpartition("/")[2].startswith(f"{day:%y%m}")


def _last_version_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    # Prefer the sources in DATED_BY_PREPRINT: for others, `updated` is the day on which they changed their own record.
    updated: date = getattr(entry.paper, field)
    return entry.family in DATED_BY_PREPRINT, updated.toordinal()


def _highest_rank(entry: EntryRecord, field: str) -> tuple[int, ...]:
    number: int = getattr(entry.paper, field)
    return (number,)


def _has_given_name(name: str) -> bool:
    """Whether a name contains a complete given name ("Ada Lovelace") and not only an initial ("A. Lovelace").

    True for a name of a single word.
    """
    given_names = name.split()[:-1]
    return not given_names or any(
        word[1:2].isalpha() and not word[1].isupper() and not word[0].islower()  # excludes "JR" and "von"
        for word in given_names
    )


_GARBLED = re.compile(r"[\\{}$\ufffd]")
_ACCENTED_LETTER = re.compile(r"[À-ÖØ-öø-ɏḀ-ỿ]")
# DOIs of repositories, where a paper may be stored before a journal publishes it, or in addition: arXiv, Zenodo,
# figshare, OSF, ChemRxiv, Research Square, preprints.org, SSRN, ResearchGate, TechRxiv, bioRxiv and medRxiv.
_REPOSITORY_DOI = re.compile(
    r"10\.(?:48550/|5281/zenodo|6084/m9\.figshare|312(?:19|34)/osf|26434/chemrxiv|21203/rs\.|20944/preprints|2139/ssrn"
    r"|13140/rg|36227/techrxiv|1101/\d)",
    re.I,
)
_PREPRINT_SERVER = re.compile(
    r"(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|techrxiv|ssrn|research square|preprints?(?:\.org)?)\b", re.I
)
# Matches a number that is not a year. Such a number in a venue is probably the volume.
_VOLUME = re.compile(r"(?<!\d)(?!(?:1[89]|20)\d\d(?!\d))\d+")

# The rank function of each merge rule. The rule "all" has no rank function: `merged_links` keeps the values of all
# entries.
_RANK_OF_RULE: dict[MergeRule, Callable[[EntryRecord, str], tuple[int, ...]]] = {
    "title": _title_rank,
    "abstract": _abstract_rank,
    "authors": _authors_rank,
    "organization": _organization_rank,
    "first version": _first_version_rank,
    "last version": _last_version_rank,
    "highest": _highest_rank,
    "latest": _latest_rank,
    "latest count": _latest_count_rank,
    "doi": _doi_rank,
    "categories": _categories_rank,
    "venue": _venue_rank,
    "wording": _wording_rank,
    "summary": _summary_rank,
    "longest latest": _longest_latest_rank,
}
_RANK_OF_FIELD = {field.name: _RANK_OF_RULE[field.merge] for field in FIELDS if field.merge != "all"}
