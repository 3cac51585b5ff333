"""What several listings say of a paper becomes one paper: the best of each field, in whatever order they came."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.importing import entries as stacks
from store.importing.entries import ListingKey, Placed
from store.library.library import Library
from store.marks import journal
from store.marks import marks as reading
from store.matching import merge
from store.matching.merge import EntryRecord
from store.model.entry import Entry
from store.model.paper import Author, Link, Organization, Paper
from store.model.partial_date import UNDATED, MonthDay, PartialDate
from store.papers import queries, rows
from tests.thorough import examples

TODAY = date(2026, 7, 15)
FAMILIES = ["arxiv", "hf", "bibliography", "crossref", "recto", "somewhere-else"]


def said(
    entry_id: int, paper: Paper, family: str = "hf", day: date | None = None, *, printed: bool = True
) -> EntryRecord:
    return EntryRecord(entry_id=entry_id, family=family, paper=paper, listed_on=day, year_printed=printed)


# -- one field after the other


def test_who_publishes_a_paper_has_the_last_word_on_its_title() -> None:
    entries = [
        said(1, Paper(title="Bees, a longer title than any"), "hf", date(2026, 7, 2)),
        said(2, Paper(title="Bees"), "arxiv", date(2020, 1, 1)),
    ]
    assert merge.merge_entries(entries).paper.title == "Bees"


def test_of_one_source_the_latest_wording_counts() -> None:
    entries = [
        said(1, Paper(title="T", abstract="The first version, long."), "arxiv", date(2026, 7, 1)),
        said(2, Paper(title="T", abstract="The second."), "arxiv", date(2026, 7, 2)),
    ]
    assert merge.merge_entries(entries).paper.abstract == "The second."


def test_names_win_over_a_number_of_authors_and_more_names_over_fewer() -> None:
    two = (Author("Ada Lovelace"), Author("Alan Turing"))
    entries = [
        said(1, Paper(title="T", author_count=4), day=date(2026, 7, 2)),
        said(2, Paper(title="T", authors=two[:1])),
        said(3, Paper(title="T", authors=two)),
    ]
    folded = merge.merge_entries(entries).paper
    assert (folded.authors, folded.author_count) == (two, 2)
    assert merge.merge_entries(entries[:1]).paper.author_count == 4


def test_counts_are_those_of_the_latest_day_even_when_they_fell() -> None:
    entries = [
        said(1, Paper(title="T", upvotes=30, comment_count=4), day=date(2026, 7, 2)),
        said(2, Paper(title="T", upvotes=12), day=date(2026, 7, 1)),
        said(3, Paper(title="T", upvotes=7), day=date(2026, 7, 3)),
    ]
    folded = merge.merge_entries(entries).paper
    assert (folded.upvotes, folded.comment_count) == (7, 4)


def test_no_upvotes_are_a_number_and_unknown_ones_are_not() -> None:
    entries = [
        said(1, Paper(title="T", upvotes=5), day=date(2026, 7, 1)),
        said(2, Paper(title="T", upvotes=0), day=date(2026, 7, 2)),
        said(3, Paper(title="T"), day=date(2026, 7, 3)),
    ]
    assert merge.merge_entries(entries).paper.upvotes == 0


def test_a_printed_year_is_believed_before_one_that_was_found() -> None:
    entries = [
        said(1, Paper(title="T", published=date(2025, 8, 24)), "hf", printed=False),
        said(2, Paper(title="T", published=date(2024, 8, 24)), "paperswithcode"),
    ]
    assert merge.merge_entries(entries).paper.published == date(2024, 8, 24)


def test_links_are_all_kept_once_with_the_most_stars() -> None:
    page, code = Link("page", "https://a.org"), "https://github.com/a/b"
    entries = [
        said(1, Paper(title="T", links=(Link("code", code, 5), page))),
        said(2, Paper(title="T", links=(page, Link("code", code, 12)))),
        said(3, Paper(title="T", links=(Link("code", code),))),
    ]
    assert merge.merge_entries(entries).paper.links == (page, Link("code", code, 12))


def test_the_first_and_the_last_listing_day_are_kept() -> None:
    days = [date(2026, 7, 2), None, date(2026, 6, 30), date(2026, 7, 1)]
    folded = merge.merge_entries([said(number, Paper(title="T"), day=day) for number, day in enumerate(days)])
    assert (folded.first_listed, folded.last_listed) == (date(2026, 6, 30), date(2026, 7, 2))


def test_each_field_says_which_entry_it_is_from_when_there_are_several() -> None:
    entries = [
        said(7, Paper(title="T", abstract="About bees.")),
        said(9, Paper(title="T", organization=Organization("KAIST AI", "kaist-ai"))),
    ]
    assert merge.merge_entries(entries).sources == {"title": 7, "abstract": 7, "organization": 9}
    assert merge.merge_entries(entries[:1]).sources == {}


# -- whose word counts


def best(field: str, *said_by: tuple[str, object]) -> object:
    """The value of `field` that is kept of those that these families give, in every order."""
    found = []
    for order in itertools.permutations(said_by):
        entries = [
            said(number, Paper(title="T", **{field: value}), family)  # type: ignore[arg-type]
            if field != "title"
            else said(number, Paper(title=str(value)), family)
            for number, (family, value) in enumerate(order, 1)
        ]
        found.append(getattr(merge.merge_entries(entries).paper, field))
    assert all(each == found[0] for each in found)
    return found[0]


def dated(entry_id: int, text: str, family: str = "bibliography") -> EntryRecord:
    when = PartialDate.parse(text)
    return said(entry_id, Paper(title="T", published=when.first_day, published_to=when.precision), family)


OTHERS = ("crossref", "openalex", "semantic-scholar", "bibliography", "table", "pubmed")


@pytest.mark.parametrize("family", [*OTHERS, "recto", "paperswithcode"])
@pytest.mark.parametrize("vague", [date(2023, 1, 1), date(2024, 1, 1), date(2024, 5, 1), date(2025, 6, 1)])
@pytest.mark.parametrize("exact", [date(2024, 5, 17), date(2025, 2, 2)])
def test_a_year_or_a_month_alone_gives_way_to_a_day(family: str, vague: date, exact: date) -> None:
    for other in ("arxiv", "hf", *OTHERS):
        assert best("published", (family, vague), (other, exact)) == exact


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_source_tells_to_be_a_year_or_a_month_gives_way_to_what_is_told_more_exactly(family: str) -> None:
    for vague, finer in itertools.pairwise(["2023", "2024-02", "2023-03-07"]):
        for order in itertools.permutations([(1, vague, family), (2, finer, "crossref")]):
            folded = merge.merge_entries([dated(number, text, source) for number, text, source in order])
            assert folded.paper.publication_date == PartialDate.parse(finer)
            assert folded.sources["published"] == 2


def test_a_first_of_january_is_taken_for_little_more_than_a_year() -> None:
    for finer in ("2023-03", "2023-03-07"):
        folded = merge.merge_entries([dated(1, "2024-01-01", "crossref"), dated(2, finer, "bibliography")])
        assert folded.paper.publication_date == PartialDate.parse(finer)
    assert merge.merge_entries(
        [dated(1, "2024-01-01", "crossref"), dated(2, "2023")]
    ).paper.publication_date == PartialDate.parse("2024-01-01")


def test_a_year_alone_gives_way_to_a_month_and_the_earlier_year_stands() -> None:
    assert best("published", ("crossref", date(2025, 1, 1)), ("table", date(2025, 3, 1))) == date(2025, 3, 1)
    assert best("published", ("crossref", date(2025, 1, 1)), ("table", date(2024, 1, 1))) == date(2024, 1, 1)


def test_the_day_of_a_preprint_stands_before_that_of_its_journal() -> None:
    preprint, journal = date(2024, 5, 17), date(2025, 2, 2)
    for first in ("arxiv", "hf", "recto", "paperswithcode"):
        assert best("published", (first, preprint), ("crossref", journal), ("pubmed", journal)) == preprint
    # Among those that may mean either, the earlier one is that of the first version.
    assert best("published", ("crossref", journal), ("semantic-scholar", preprint)) == preprint


@pytest.mark.parametrize("first", [date(2024, 1, 1), date(2024, 5, 1)])
def test_arxiv_may_well_have_a_paper_on_the_first_day_of_a_month(first: date) -> None:
    assert best("published", ("arxiv", first), ("crossref", date(2024, 7, 9))) == first
    entries = [
        said(1, Paper(title="T", arxiv_id=f"{first:%y%m}.00001", published=first), "recto"),
        said(2, Paper(title="T", published=date(2024, 7, 9)), "crossref"),
    ]
    assert merge.merge_entries(entries).paper.published == first


@pytest.mark.parametrize(
    "codes", [("cs.CL",), ("math.AG", "math.NT"), ("hep-th",), ("math",), ("cond-mat.mes-hall", "quant-ph")]
)
def test_categories_of_arxiv_stand_before_more_subjects_of_others(codes: tuple[str, ...]) -> None:
    subjects = ("Computer Science", "Mathematics", "Linguistics", "Art")
    keywords = ("self-attention", "fine-tuning", "few.shot", "e-commerce", "machine-learning")
    for family in ("arxiv", "bibliography", "table"):
        assert best("categories", (family, codes), ("openalex", subjects), ("crossref", keywords)) == codes


def test_of_arxivs_own_categories_most_are_known() -> None:
    few, more = ("cs.CL",), ("cs.CL", "cs.LG", "stat.ML")
    assert best("categories", ("arxiv", few), ("arxiv", more), ("table", (*more, "cs.XX"))) == more
    assert best("categories", ("bibliography", few), ("table", more)) == more


@pytest.mark.parametrize(
    "deposited",
    ["10.48550/arxiv.dataset", "10.5281/zenodo.17", "10.1101/2024.06.03.5", "10.2139/ssrn.17", "10.21203/rs.3.rs-1/v1"],
)
def test_a_publishers_doi_stands_before_that_of_a_repository(deposited: str) -> None:
    assert best("doi", ("arxiv", deposited), ("crossref", deposited), ("table", "10.1000/1")) == "10.1000/1"
    assert best("doi", ("arxiv", "10.1000/arxiv"), ("table", "10.1000/table")) == "10.1000/arxiv"


def test_a_venue_is_the_registered_reference_before_a_bare_name_and_never_a_repository() -> None:
    registered, authors_own = "Journal of Bees 12(3), 45–67", "J. Bees 12 (2025) 45"
    assert best("venue", ("crossref", registered), ("arxiv", authors_own), ("table", "bioRxiv 2024")) == registered
    assert best("venue", ("crossref", "Journal of Bees"), ("arxiv", authors_own)) == authors_own
    assert best("venue", ("semantic-scholar", "bioRxiv"), ("table", "Bees")) == "Bees"
    assert best("venue", ("semantic-scholar", "arXiv.org"), ("openalex", "NeurIPS 2024")) == "NeurIPS 2024"


def test_the_comments_of_the_authors_stand_before_the_notes_of_others() -> None:
    assert best("comment", ("bibliography", "A note, and a long one"), ("arxiv", "12 pages")) == "12 pages"


def test_the_last_change_is_that_of_a_version_and_not_of_a_record() -> None:
    version, record = date(2024, 9, 10), date(2026, 2, 1)
    assert best("updated", ("arxiv", version), ("arxiv", date(2024, 6, 3)), ("table", record)) == version
    assert best("updated", ("table", record), ("table", version)) == record


def test_the_highest_version_known_counts() -> None:
    assert best("arxiv_version", ("arxiv", 1), ("bibliography", 3), ("hf", 2)) == 3


def named(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


@pytest.mark.parametrize(
    "worse",
    [
        pytest.param(named("Z. Ångström", "Ł. Müller"), id="initials"),
        pytest.param(named("ZOË ÅNGSTRÖM", "ŁUKASZ MÜLLER"), id="capitals"),
        pytest.param(named("Zoe Angstrom", "Lukasz Muller"), id="letters of ASCII"),
        pytest.param(named('Zo\\"e \\AA ngstr\\"om', "{\\L}ukasz M\\uller"), id="commands of TeX"),
        pytest.param(named("Zo\ufffd \ufffdngstr\ufffdm", "\ufffdukasz M\ufffdller"), id="marks for letters"),
        pytest.param(named("Zoë Ångström"), id="cut short"),
    ],
)
def test_names_are_complete_and_as_people_write_them(worse: tuple[Author, ...]) -> None:
    good = named("Zoë Ångström", "Łukasz Müller")
    for family in ("arxiv", "crossref", "hf"):
        assert best("authors", (family, worse), ("table", good)) == good


def test_names_with_affiliations_stand_before_the_same_without() -> None:
    placed = (Author("Ada Lovelace", ("London",)),)
    assert best("authors", ("arxiv", named("Ada Lovelace")), ("pubmed", placed)) == placed


def test_where_names_are_cut_short_another_listing_knows_how_many_authors_there_are() -> None:
    cut = Paper(title="T", authors=named("Ada Lovelace", "Bo Li"))
    counted = said(2, Paper(title="T", author_count=9), "hf")
    both = merge.merge_entries([said(1, cut, "bibliography"), counted])
    assert (both.paper.authors, both.paper.author_count) == (cut.authors, 9)
    assert both.sources["author_count"] == 2
    assert merge.merge_entries([said(1, cut, "arxiv"), counted]).paper.author_count == 2
    fewer = said(2, Paper(title="T", author_count=1), "hf")
    assert merge.merge_entries([said(1, cut, "bibliography"), fewer]).paper.author_count == 2


def test_an_abstract_that_breaks_off_gives_way_to_a_whole_one() -> None:
    whole_text = "Bees find their way by the sun."
    for cut in ("Bees find their …", "Bees find their...", "Bees find their [...]"):
        assert best("abstract", ("arxiv", cut), ("table", whole_text)) == whole_text


def test_a_title_is_neither_in_capitals_nor_in_tex_when_another_is_not() -> None:
    plain = "How Bees Find Their Way"
    assert best("title", ("arxiv", "HOW BEES FIND THEIR WAY"), ("table", plain)) == plain
    assert best("title", ("arxiv", "How \\emph{Bees} Find Their Way"), ("table", plain)) == plain
    formula = "How $\\sqrt{2}$ Bees Find Their Way"
    assert best("title", ("arxiv", formula), ("table", plain)) == formula


def test_an_organization_with_its_page_and_a_summary_for_readers_are_hugging_faces() -> None:
    tagged = Organization("KAIST AI", "kaist-ai")
    day = date(2026, 7, 2)
    entries = [
        said(1, Paper(title="T", organization=tagged, ai_summary="Bees count.", ai_keywords=("bees",)), "hf"),
        said(2, Paper(title="T", organization=Organization("KAIST")), "table", day),
        said(3, Paper(title="T", ai_summary="This work counts.", ai_keywords=("Bee",)), "semantic-scholar", day),
    ]
    folded = merge.merge_entries(entries).paper
    assert (folded.organization, folded.ai_summary, folded.ai_keywords) == (tagged, "Bees count.", ("bees",))


def test_what_one_source_knows_to_be_code_is_no_page() -> None:
    address = "https://github.com/a/b"
    links = best(
        "links",
        ("table", (Link("page", address + "/"),)),
        ("hf", (Link("code", address, 12),)),
        ("paperswithcode", (Link("code", "https://github.com/A/B.git"),)),
    )
    assert links == (Link("code", address, 12),)


# -- in any order

_text = st.sampled_from(["a", "b", "bees", "taxes"])
_days = st.dates(date(2024, 1, 1), date(2026, 7, 15))
_counts = st.none() | st.integers(0, 5)
_links = st.builds(
    Link,
    kind=st.sampled_from(["page", "pdf", "code", "project", "dataset"]),
    url=st.sampled_from(["https://a.org", "https://b.org"]),
    stars=_counts,
)
_whens = st.builds(lambda day, length: PartialDate.parse(day.isoformat()[:length]), _days, st.sampled_from([4, 7, 10]))


@st.composite
def _dated(draw: st.DrawFn, undated: st.SearchStrategy[Paper]) -> Paper:
    published, known_to = draw(st.none() | _whens) or UNDATED
    return msgspec.structs.replace(draw(undated), published=published, published_to=known_to)


_papers = st.builds(
    Paper,
    title=_text,
    abstract=st.none() | _text,
    authors=st.lists(
        st.builds(Author, name=_text, affiliations=st.lists(_text, max_size=1).map(tuple)), max_size=2
    ).map(tuple),
    author_count=_counts,
    organization=st.none() | st.builds(Organization, name=_text, slug=st.none() | _text),
    updated=st.none() | _days,
    arxiv_id=st.none() | st.just("2510.00001"),
    arxiv_version=st.none() | st.integers(1, 3),
    doi=st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
    categories=st.lists(st.sampled_from(["cs.CL", "cs.LG", "Linguistics"]), max_size=2, unique=True).map(tuple),
    venue=st.none() | _text,
    comment=st.none() | _text,
    upvotes=_counts,
    comment_count=_counts,
    links=st.lists(_links, max_size=2, unique_by=lambda link: (link.kind, link.url)).map(tuple),
    ai_summary=st.none() | _text,
    ai_keywords=st.lists(_text, max_size=2, unique=True).map(tuple),
)
_papers = _dated(_papers)
_entries = st.lists(
    st.tuples(_papers, st.sampled_from(FAMILIES), st.none() | _days, st.booleans()), min_size=1, max_size=5
)


def _said(entries: list[tuple[Paper, str, date | None, bool]]) -> list[EntryRecord]:
    return [said(number, paper, family, day, printed=printed) for number, (paper, family, day, printed) in
            enumerate(entries, 1)]  # fmt: skip


@given(_entries, st.randoms(use_true_random=False))
def test_the_order_in_which_listings_come_does_not_matter(
    entries: list[tuple[Paper, str, date | None, bool]], random: st.DataObject
) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = merge.merge_entries(_said(entries)), merge.merge_entries(_said(shuffled))
    assert msgspec.structs.replace(one, sources={}) == msgspec.structs.replace(other, sources={})


@given(_entries)
def test_what_some_entry_says_is_never_left_blank(entries: list[tuple[Paper, str, date | None, bool]]) -> None:
    folded = merge.merge_entries(_said(entries)).paper
    for field in Paper.__struct_fields__:
        if any(getattr(paper, field) not in (None, ()) for paper, *_ in entries):
            assert getattr(folded, field) not in (None, ()), field


@given(_entries)
def test_every_value_is_one_that_its_source_gave(entries: list[tuple[Paper, str, date | None, bool]]) -> None:
    folded = merge.merge_entries(_said(entries))
    for field, entry_id in folded.sources.items():
        if field != "author_count":
            assert getattr(folded.paper, field) == getattr(entries[entry_id - 1][0], field)


@given(_papers)
def test_a_paper_that_is_merged_with_itself_is_itself(paper: Paper) -> None:
    once = merge.merge_entries([said(1, paper)])
    assert merge.merge_entries([said(1, once.paper)]) == once
    twice = merge.merge_entries([said(1, paper), said(2, paper)])
    assert msgspec.structs.replace(twice, sources={}) == once


# -- on the shelf


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def put(library: Library, number: int, entry: Entry, family: str = "hf", day: date | None = None) -> Placed:
    """Stores `entry` as the only one of listing `number`."""
    with library.writing(durable=False) as connection:
        connection.execute(
            "INSERT INTO listing (id, content, path, size, format, family, listed_on, state, stored, entries,"
            " first_read) VALUES (?1, ?1, ?1, 0, ?2, ?2, ?3, 'read', 1, 1, '')",
            (number, family, rows.day_text(day)),
        )
        return stacks.place(connection, ListingKey(number, f"{number}", family, day, 2026), 1, entry, TODAY)


def whole(library: Library, number: int) -> queries.PaperDetails:
    return queries.details(library.reader(), number)


@examples(10, 60)
@given(_entries, st.randoms(use_true_random=False))
def test_the_library_holds_the_same_paper_whatever_came_first(
    tmp_path_factory: pytest.TempPathFactory,
    entries: list[tuple[Paper, str, date | None, bool]],
    random: st.DataObject,
) -> None:
    """With one arXiv id in each entry there is one paper; it is what `fold` makes of what was said."""
    alike = [
        (msgspec.structs.replace(paper, arxiv_id="2510.00001"), family, day, True) for paper, family, day, _ in entries
    ]
    shuffled = list(alike)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with Library.open(tmp_path_factory.mktemp("library") / "library.db") as library:
        for number, (paper, family, day, _) in enumerate(shuffled, 1):
            put(library, number, Entry(paper=paper), family, day)
        stored = rows.read(library.reader(), 1)
        assert stored
        expected = merge.merge_entries(_said(alike))
        assert msgspec.structs.replace(stored, sources={}) == msgspec.structs.replace(expected, sources={})
        families = library.reader().execute("SELECT families FROM paper").fetchall()
        assert families == [(" ".join(sorted({family for _, family, _, _ in alike})),)]


def test_a_second_listing_that_says_the_same_changes_nothing_but_who_knows_it(library: Library) -> None:
    paper = Paper(title="Bees", arxiv_id="2510.00001", abstract="About bees.")
    put(library, 1, Entry(paper=paper), "arxiv")
    before = whole(library, 1).paper
    assert put(library, 2, Entry(paper=paper), "hf").outcome == "merged"
    assert whole(library, 1).paper == before
    assert library.reader().execute("SELECT families FROM paper").fetchall() == [("arxiv hf",)]
    # What both said alike is stored once.
    assert library.reader().execute("SELECT count(said) FROM entry").fetchone() == (0,)


def test_a_later_entry_that_joins_two_papers_keeps_the_marks_of_both(library: Library) -> None:
    one = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "arxiv").paper_id
    between = put(library, 2, Entry(paper=Paper(title="Taxes")), "hf").paper_id
    two = put(library, 3, Entry(paper=Paper(title="Of bees", doi="10.1000/bees")), "crossref").paper_id
    reading.bookmark(library, [two])
    reading.queue(library, [two, between, one])
    reading.status(library, [one], "done")
    reading.status(library, [two], "reading")
    reading.tag(library, [one], ["biology", "sun"])
    reading.tag(library, [two], ["to cite", "sun"])
    reading.note(library, one, "Read by the pond.")
    reading.note(library, two, "Ask Bo about figure 3.")
    placed = put(library, 4, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees")), "openalex")
    assert (placed.paper_id, placed.joined) == (one, 1)
    marks = whole(library, one).marks
    assert marks.bookmarked
    assert marks.status == "reading"
    assert marks.tags == ("biology", "sun", "to-cite")
    assert marks.note == "Read by the pond.\n\nAsk Bo about figure 3."
    assert marks.queue_position == 1
    queue = library.reader().execute("SELECT paper_id, position FROM queue ORDER BY position").fetchall()
    assert queue == [(one, 1), (between, 2)]
    assert whole(library, two) == whole(library, one)
    assert len(whole(library, one).listings) == 3
    for table in ("mark", "queue", "tag", "entry"):
        assert library.reader().execute(f"SELECT 1 FROM {table} WHERE paper_id = ?", (two,)).fetchone() is None


def test_undo_after_two_papers_were_joined_takes_nothing_from_the_other(library: Library) -> None:
    one = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "arxiv").paper_id
    two = put(library, 2, Entry(paper=Paper(title="Of bees", doi="10.1000/bees")), "crossref").paper_id
    reading.note(library, one, "Read by the pond.")
    reading.bookmark(library, [one])
    reading.queue(library, [one])
    reading.tag(library, [two], ["sun"])
    reading.status(library, [two], "reading")
    put(library, 3, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", doi="10.1000/bees")), "openalex")
    joined = whole(library, one).marks
    # The last two actions were on the paper that is gone.
    journal.undo(library)
    journal.undo(library)
    marks = whole(library, one).marks
    assert (marks.status, marks.tags) == ("new", ())
    assert (marks.note, marks.bookmarked, marks.queue_position) == (joined.note, joined.bookmarked, 1)
    journal.redo(library)
    journal.redo(library)
    assert whole(library, one).marks == joined


def test_a_merge_never_touches_the_readers_marks(library: Library) -> None:
    number = put(library, 1, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001")), "hf").paper_id
    reading.bookmark(library, [number])
    reading.queue(library, [number])
    reading.status(library, [number], "done")
    reading.tag(library, [number], ["sun"])
    reading.note(library, number, "A note.")
    before = whole(library, number).marks
    put(library, 2, Entry(paper=Paper(title="Bees", arxiv_id="2510.00001", upvotes=4)), "hf", date(2026, 7, 2))
    assert whole(library, number).marks == before
    assert whole(library, number).paper.upvotes == 4


def test_each_listing_keeps_what_it_said_itself(library: Library) -> None:
    put(library, 1, Entry(paper=Paper(title="Bees", upvotes=3, arxiv_id="2510.00001")), "hf", date(2026, 7, 1))
    put(
        library,
        2,
        Entry(paper=Paper(title="Bees", upvotes=9, arxiv_id="2510.00001"), published_on=MonthDay(8, 24)),
        "hf",
        date(2026, 7, 2),
    )
    known = whole(library, 1)
    assert [(each.listed_on, each.upvotes) for each in known.listings] == [
        (date(2026, 7, 2), 9),
        (date(2026, 7, 1), 3),
    ]
    assert known.paper.published == date(2025, 8, 24)
    assert known.sources["upvotes"] == "2"
