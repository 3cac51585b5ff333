"""When entries are merged, the best value of each field is stored, whatever the order of the entries."""

from __future__ import annotations

import itertools
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.matching.merge import EntryRecord, merge_entries
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import PartialDate
from tests.store.matching.works import FAMILIES, EntryValues, any_papers, best, by, entry_lists, record, records


def test_of_several_entries_of_a_family_the_latest_text_is_kept() -> None:
    entries = [
        record(1, Paper(title="T", abstract="The first version, long."), "arxiv", date(2026, 7, 1)),
        record(2, Paper(title="T", abstract="The second."), "arxiv", date(2026, 7, 2)),
    ]
    assert merge_entries(entries).paper.abstract == "The second."


def test_the_longest_author_list_is_kept_and_counted() -> None:
    two = (Author("Ada Lovelace"), Author("Alan Turing"))
    entries = [
        record(1, Paper(title="T", author_count=4), day=date(2026, 7, 2)),
        record(2, Paper(title="T", authors=two[:1])),
        record(3, Paper(title="T", authors=two)),
    ]
    merged = merge_entries(entries).paper
    assert (merged.authors, merged.author_count) == (two, 2)
    assert merge_entries(entries[:1]).paper.author_count == 4


def test_counts_are_those_of_the_latest_day_even_if_they_fell() -> None:
    entries = [
        record(1, Paper(title="T", upvotes=30, comment_count=4), day=date(2026, 7, 2)),
        record(2, Paper(title="T", upvotes=12), day=date(2026, 7, 1)),
        record(3, Paper(title="T", upvotes=7), day=date(2026, 7, 3)),
    ]
    merged = merge_entries(entries).paper
    assert (merged.upvotes, merged.comment_count) == (7, 4)


def test_zero_upvotes_are_known_and_missing_ones_are_unknown() -> None:
    entries = [
        record(1, Paper(title="T", upvotes=5), day=date(2026, 7, 1)),
        record(2, Paper(title="T", upvotes=0), day=date(2026, 7, 2)),
        record(3, Paper(title="T"), day=date(2026, 7, 3)),
    ]
    assert merge_entries(entries).paper.upvotes == 0


def test_a_printed_year_comes_before_a_year_that_recto_found() -> None:
    entries = [
        record(1, Paper(title="T", published=date(2025, 8, 24)), "hf", printed=False),
        record(2, Paper(title="T", published=date(2024, 8, 24)), "paperswithcode"),
    ]
    assert merge_entries(entries).paper.published == date(2024, 8, 24)


def test_every_link_is_kept_once_with_the_highest_number_of_stars() -> None:
    page, code = Link("page", "https://a.org"), "https://github.com/a/b"
    entries = [
        record(1, Paper(title="T", links=(Link("code", code, 5), page))),
        record(2, Paper(title="T", links=(page, Link("code", code, 12)))),
        record(3, Paper(title="T", links=(Link("code", code),))),
    ]
    assert merge_entries(entries).paper.links == (page, Link("code", code, 12))


def test_the_first_and_the_last_listing_day_are_kept() -> None:
    days = [date(2026, 7, 2), None, date(2026, 6, 30), date(2026, 7, 1)]
    merged = merge_entries([record(number, Paper(title="T"), day=day) for number, day in enumerate(days)])
    assert (merged.first_listed, merged.last_listed) == (date(2026, 6, 30), date(2026, 7, 2))


def test_each_field_names_its_entry_if_there_are_several() -> None:
    entries = [
        record(7, Paper(title="T", abstract="About bees.")),
        record(9, Paper(title="T", organization=Organization("KAIST AI", "kaist-ai"))),
    ]
    assert merge_entries(entries).sources == {"title": 7, "abstract": 7, "organization": 9}
    assert merge_entries(entries[:1]).sources == {}


def dated(entry_id: int, text: str, family: str = "bibliography") -> EntryRecord:
    published = PartialDate.parse(text)
    paper = Paper(title="T", published=published.first_day, published_to=published.precision)
    return record(entry_id, paper, family)


OTHERS = ("crossref", "openalex", "semantic-scholar", "bibliography", "table", "pubmed")


@pytest.mark.parametrize("family", [*OTHERS, "recto", "paperswithcode"])
@pytest.mark.parametrize("vague", [date(2023, 1, 1), date(2024, 1, 1), date(2024, 5, 1), date(2025, 6, 1)])
@pytest.mark.parametrize("exact", [date(2024, 5, 17), date(2025, 2, 2)])
def test_a_whole_day_comes_before_the_first_day_of_a_year_or_a_month(family: str, vague: date, exact: date) -> None:
    for other in ("arxiv", "hf", *OTHERS):
        assert best("published", (family, vague), (other, exact)) == exact


@pytest.mark.parametrize("family", FAMILIES)
def test_a_more_exact_date_comes_before_a_year_or_a_month_alone(family: str) -> None:
    for vague, finer in itertools.pairwise(["2023", "2024-02", "2023-03-07"]):
        for order in itertools.permutations([(1, vague, family), (2, finer, "crossref")]):
            merged = merge_entries([dated(number, text, source) for number, text, source in order])
            assert merged.paper.publication_date == PartialDate.parse(finer)
            assert merged.sources["published"] == 2


def test_the_first_of_january_counts_as_little_more_than_a_year() -> None:
    for finer in ("2023-03", "2023-03-07"):
        merged = merge_entries([dated(1, "2024-01-01", "crossref"), dated(2, finer, "bibliography")])
        assert merged.paper.publication_date == PartialDate.parse(finer)
    merged = merge_entries([dated(1, "2024-01-01", "crossref"), dated(2, "2023")])
    assert merged.paper.publication_date == PartialDate.parse("2024-01-01")


def test_a_month_comes_before_a_year_and_the_earlier_of_two_years_is_kept() -> None:
    assert best("published", ("crossref", date(2025, 1, 1)), ("table", date(2025, 3, 1))) == date(2025, 3, 1)
    assert best("published", ("crossref", date(2025, 1, 1)), ("table", date(2024, 1, 1))) == date(2024, 1, 1)


def test_the_day_of_the_preprint_comes_before_the_day_of_the_journal() -> None:
    preprint, journal = date(2024, 5, 17), date(2025, 2, 2)
    for first in ("arxiv", "hf", "recto", "paperswithcode"):
        assert best("published", (first, preprint), ("crossref", journal), ("pubmed", journal)) == preprint
    # These families (sources) may state the day of the preprint or that of the journal, so the earlier day is stored.
    assert best("published", ("crossref", journal), ("semantic-scholar", preprint)) == preprint


@pytest.mark.parametrize("first", [date(2024, 1, 1), date(2024, 5, 1)])
def test_arxiv_may_publish_a_paper_on_the_first_day_of_a_month(first: date) -> None:
    assert best("published", ("arxiv", first), ("crossref", date(2024, 7, 9))) == first
    entries = [
        record(1, Paper(title="T", arxiv_id=f"{first:%y%m}.00001", published=first), "recto"),
        record(2, Paper(title="T", published=date(2024, 7, 9)), "crossref"),
    ]
    assert merge_entries(entries).paper.published == first


@pytest.mark.parametrize(
    "codes", [("cs.CL",), ("math.AG", "math.NT"), ("hep-th",), ("math",), ("cond-mat.mes-hall", "quant-ph")]
)
def test_categories_of_arxiv_come_before_more_subjects_of_other_families(codes: tuple[str, ...]) -> None:
    subjects = ("Computer Science", "Mathematics", "Linguistics", "Art")
    keywords = ("self-attention", "fine-tuning", "few.shot", "e-commerce", "machine-learning")
    for family in ("arxiv", "bibliography", "table"):
        assert best("categories", (family, codes), ("openalex", subjects), ("crossref", keywords)) == codes


def test_the_longest_list_of_arxiv_categories_is_kept() -> None:
    few, more = ("cs.CL",), ("cs.CL", "cs.LG", "stat.ML")
    assert best("categories", ("arxiv", few), ("arxiv", more), ("table", (*more, "cs.XX"))) == more
    assert best("categories", ("bibliography", few), ("table", more)) == more


@pytest.mark.parametrize(
    "repository_doi",
    ["10.48550/arxiv.dataset", "10.5281/zenodo.17", "10.1101/2024.06.03.5", "10.2139/ssrn.17", "10.21203/rs.3.rs-1/v1"],
)
def test_the_doi_of_a_publisher_comes_before_the_doi_of_a_repository(repository_doi: str) -> None:
    assert best("doi", ("arxiv", repository_doi), ("crossref", repository_doi), ("table", "10.1000/1")) == "10.1000/1"
    assert best("doi", ("arxiv", "10.1000/arxiv"), ("table", "10.1000/table")) == "10.1000/arxiv"


def test_a_registered_reference_comes_before_a_bare_name_and_a_repository_last() -> None:
    registered, authors_own = "Journal of Bees 12(3), 45–67", "J. Bees 12 (2025) 45"
    assert best("venue", ("crossref", registered), ("arxiv", authors_own), ("table", "bioRxiv 2024")) == registered
    assert best("venue", ("crossref", "Journal of Bees"), ("arxiv", authors_own)) == authors_own
    assert best("venue", ("semantic-scholar", "bioRxiv"), ("table", "Bees")) == "Bees"
    assert best("venue", ("semantic-scholar", "arXiv.org"), ("openalex", "NeurIPS 2024")) == "NeurIPS 2024"


def test_the_comment_of_the_authors_comes_before_the_notes_of_others() -> None:
    assert best("comment", ("bibliography", "A note, and a long one"), ("arxiv", "12 pages")) == "12 pages"


def test_updated_is_the_day_of_a_version_and_not_of_a_record() -> None:
    of_version, of_record = date(2024, 9, 10), date(2026, 2, 1)
    assert best("updated", ("arxiv", of_version), ("arxiv", date(2024, 6, 3)), ("table", of_record)) == of_version
    assert best("updated", ("table", of_record), ("table", of_version)) == of_record


def test_the_highest_version_is_kept() -> None:
    assert best("arxiv_version", ("arxiv", 1), ("bibliography", 3), ("hf", 2)) == 3


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param(by("Z. Ångström", "Ł. Müller"), id="initials"),
        pytest.param(by("ZOË ÅNGSTRÖM", "ŁUKASZ MÜLLER"), id="capitals"),
        pytest.param(by("Zoe Angstrom", "Lukasz Muller"), id="without accents"),
        pytest.param(by('Zo\\"e \\AA ngstr\\"om', "{\\L}ukasz M\\uller"), id="TeX commands"),
        pytest.param(by("Zo\ufffd \ufffdngstr\ufffdm", "\ufffdukasz M\ufffdller"), id="replacement characters"),
        pytest.param(by("Zoë Ångström"), id="incomplete list"),
    ],
)
def test_complete_and_correctly_spelled_names_are_kept(worse: tuple[Author, ...]) -> None:
    good = by("Zoë Ångström", "Łukasz Müller")
    for family in ("arxiv", "crossref", "hf"):
        assert best("authors", (family, worse), ("table", good)) == good


def test_names_with_affiliations_come_before_the_same_names_without() -> None:
    with_place = (Author("Ada Lovelace", ("London",)),)
    assert best("authors", ("arxiv", by("Ada Lovelace")), ("pubmed", with_place)) == with_place


def test_a_cut_author_list_keeps_a_larger_count_from_another_family() -> None:
    cut = Paper(title="T", authors=by("Ada Lovelace", "Bo Li"))
    counted = record(2, Paper(title="T", author_count=9), "hf")
    both = merge_entries([record(1, cut, "bibliography"), counted])
    assert (both.paper.authors, both.paper.author_count) == (cut.authors, 9)
    assert both.sources["author_count"] == 2
    assert merge_entries([record(1, cut, "arxiv"), counted]).paper.author_count == 2
    fewer = record(2, Paper(title="T", author_count=1), "hf")
    assert merge_entries([record(1, cut, "bibliography"), fewer]).paper.author_count == 2


def test_a_whole_abstract_comes_before_one_that_breaks_off() -> None:
    whole_text = "Bees find their way by the sun."
    for cut in ("Bees find their …", "Bees find their...", "Bees find their [...]"):
        assert best("abstract", ("arxiv", cut), ("table", whole_text)) == whole_text


def test_organization_and_summary_of_hugging_face_come_before_those_of_others() -> None:
    with_slug = Organization("KAIST AI", "kaist-ai")
    day = date(2026, 7, 2)
    entries = [
        record(1, Paper(title="T", organization=with_slug, ai_summary="Bees count.", ai_keywords=("bees",)), "hf"),
        record(2, Paper(title="T", organization=Organization("KAIST")), "table", day),
        record(3, Paper(title="T", ai_summary="This work counts.", ai_keywords=("Bee",)), "semantic-scholar", day),
    ]
    merged = merge_entries(entries).paper
    assert (merged.organization, merged.ai_summary, merged.ai_keywords) == (with_slug, "Bees count.", ("bees",))


def test_an_address_of_code_is_not_also_listed_as_a_page() -> None:
    address = "https://github.com/a/b"
    links = best(
        "links",
        ("table", (Link("page", address + "/"),)),
        ("hf", (Link("code", address, 12),)),
        ("paperswithcode", (Link("code", "https://github.com/A/B.git"),)),
    )
    assert links == (Link("code", address, 12),)


@given(entry_lists, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(entries: list[EntryValues], random: st.DataObject) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = merge_entries(records(entries)), merge_entries(records(shuffled))
    assert msgspec.structs.replace(one, sources={}) == msgspec.structs.replace(other, sources={})


@given(entry_lists)
def test_a_field_that_some_entry_has_is_never_empty(entries: list[EntryValues]) -> None:
    merged = merge_entries(records(entries)).paper
    for field in Paper.__struct_fields__:
        if any(getattr(paper, field) not in (None, ()) for paper, *_ in entries):
            assert getattr(merged, field) not in (None, ()), field


@given(entry_lists)
def test_every_merged_value_comes_from_the_entry_named_as_its_source(entries: list[EntryValues]) -> None:
    merged = merge_entries(records(entries))
    for field, entry_id in merged.sources.items():
        if field != "author_count":
            assert getattr(merged.paper, field) == getattr(entries[entry_id - 1][0], field)


@given(any_papers)
def test_a_paper_merged_with_itself_stays_the_same(paper: Paper) -> None:
    once = merge_entries([record(1, paper)])
    assert merge_entries([record(1, once.paper)]) == once
    twice = merge_entries([record(1, paper), record(2, paper)])
    assert msgspec.structs.replace(twice, sources={}) == once
