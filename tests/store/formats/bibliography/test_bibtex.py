"""BibTeX files that programs export or people write, with the mistakes of both."""

from __future__ import annotations

import io
import re
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from bibtexparser import splitter
from bibtexparser.exceptions import BlockAbortedException
from hypothesis import given
from hypothesis import strategies as st

from store.formats.bibliography import bibtex
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(bibtex.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def paper(fields: str, kind: str = "article") -> Paper:
    (found,) = papers(f"@{kind}{{key, {fields}}}")
    return found


def names(author: str) -> list[str]:
    return [each.name for each in paper(f"title={{T}}, author={author}").authors]


def warnings(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Warned)]


# Real files


def heads(text: str) -> int:
    """The number of entries, counted by their first lines. @set, which groups entries, is not counted."""
    return len(
        re.findall(r"^\s*@(?!comment|string|preamble|set\b|xdata)\w+\s*[{(]", text, re.MULTILINE | re.IGNORECASE)
    )


def test_every_entry_of_every_real_file_is_given_or_refused(listings: Path) -> None:
    files = sorted((listings / "bibtex").iterdir())
    assert len(files) > 30
    untitled = 0
    for file in files:
        data = file.read_bytes()
        expected = heads(data.decode("utf-8-sig"))
        if not expected:
            with pytest.raises(ListingError):
                read(data)
            continue
        items = read(data)
        refused = [item for item in items if isinstance(item, Refused)]
        assert sum(isinstance(item, Entry) for item in items) + len(refused) == expected, file.name
        assert [item for item in items if isinstance(item, CutShort)] == []
        assert all(item.reason.startswith("no title") for item in refused), file.name
        untitled += len(refused)
    # Without a title: 18 entries of biber's examples (tmn4, alias1, url1, pages1, …), and both entries of wrong.bib.
    assert untitled == 18 + 2


def real(listings: Path, name: str) -> list[Entry]:
    return [clean.entry(item) for item in read((listings / "bibtex" / name).read_bytes()) if isinstance(item, Entry)]


def test_an_entry_with_an_abstract_and_a_sici(listings: Path) -> None:
    found = next(e for e in real(listings, "bibtexparser1-biber-examples.bib") if e.line == 270)
    assert found.paper.title == (
        "Comparison of methods for deriving atomic charges from the electrostatic potential and moments"
    )
    assert found.paper.authors == (Author("Emma Sigfridsson"), Author("Ulf Ryde"))
    assert found.paper.doi == "10.1002/(sici)1096-987x(199803)19:4<377::aid-jcc1>3.0.co;2-p"
    assert found.paper.venue == "Journal of Computational Chemistry 19(4), 377–395"
    assert found.paper.published == date(1998, 1, 1)
    assert found.paper.abstract and found.paper.abstract.startswith("Four methods for deriving partial atomic charges")
    assert found.paper.abstract.endswith("Different criteria for the quality of the charges are discussed.")


def test_an_entry_from_arxiv_with_eprinttype(listings: Path) -> None:
    found = next(e for e in real(listings, "bibtexparser1-biber-examples.bib") if e.line == 1214)
    assert found.paper.arxiv_id == "hep-th/9603067"
    assert found.paper.arxiv_version == 1
    assert found.paper.published == date(1996, 3, 11)
    assert found.paper.title == "Some remarks on 't Hooft's S-matrix for black holes"
    assert found.paper.venue is None


def test_an_entry_that_takes_its_book_from_another(listings: Path) -> None:
    found = real(listings, "bibtexparser1-biber-examples.bib")[0]
    assert found.line == 11
    assert found.paper.title == (
        "The True Frontier: Confronting and Avoiding the Realities of Space in American Science Fiction Films"
    )
    assert found.paper.venue == "Space and Beyond: The Frontier Theme in Science Fiction, 55–65"
    assert found.paper.published == date(2000, 1, 1)
    assert found.paper.authors == (Author("Gary Westfahl"),)


def test_strings_names_and_quotes_of_the_examples_of_biber(listings: Path) -> None:
    found = {e.line: e.paper for e in real(listings, "bibtexparser1-biber-examples.bib")}
    assert found[775].venue == "Deutscher Taschenbuch-Verlag and Walter de Gruyter"
    assert found[227].venue == "Angew. Chem. Int. Ed. 45(23), 3859–3862"
    assert found[1400].authors == (Author("Joseph J. Pimentel Jr."),)
    assert found[852].authors == (Author("Arnold van Gennep"),)
    assert found[1417].authors == (Author("ʿAlī al-Hasan"),)
    assert found[299].title == ("“Intention” und “Intentionalität” in der Scholastik, bei Brentano und Husserl")
    assert found[328].venue == "Nucl. Phys. 22, 579ff."


def test_a_report_with_its_day_and_page(listings: Path) -> None:
    (found,) = real(listings, "ztrans-BibTeX-20.bib")
    assert found.paper.title == "Benchmarking Methodology for EVPN and PBB-EVPN"
    assert found.paper.published == date(2021, 6, 18)
    assert found.paper.venue == "Internet Engineering Task Force, draft-ietf-bmwg-evpntest-09"
    assert found.paper.comment == "Work in Progress"
    assert found.paper.links == (Link("page", "https://datatracker.ietf.org/doc/html/draft-ietf-bmwg-evpntest-09"),)


def test_strings_in_parentheses(listings: Path) -> None:
    (found,) = real(listings, "ztrans-BibTeX-17.bib")
    assert found.paper.authors == (Author("Corporation for Digital Scholarship"),)
    assert found.paper.links == (Link("page", "https://www.zotero.org/"),)


def test_a_field_without_a_comma_behind_it(listings: Path) -> None:
    titles = [e.paper.title for e in real(listings, "ztrans-BibTeX-08.bib")]
    assert titles[5] == "Mendeley: escaped characters"
    assert len(titles) == 7


# Identifiers


def test_an_eprint_is_the_arxiv_id_with_its_category() -> None:
    found = paper("title={T}, eprint={2301.00001v2}, archivePrefix={arXiv}, primaryClass={cs.CL}")
    assert (found.arxiv_id, found.arxiv_version, found.categories) == ("2301.00001", 2, ("cs.CL",))


@pytest.mark.parametrize(
    "fields",
    [
        "journal={arXiv preprint arXiv:1706.03762}",
        "journal={CoRR}, volume={abs/1706.03762}, eprinttype={arXiv}",
        "doi={10.48550/arXiv.1706.03762}",
        "url={https://arxiv.org/pdf/1706.03762.pdf}",
        "eprint={1706.03762}",
        "eprint={arXiv:1706.03762}",
        "howpublished={\\url{http://arxiv.org/abs/1706.03762}}",
        "note={arXiv:1706.03762 [cs.CL]}",
        "arxivId={1706.03762}",
        "journal={ArXiv e-prints}, eprint={1706.03762}",
    ],
)
def test_the_arxiv_id_is_found_wherever_people_put_it(fields: str) -> None:
    found = paper(f"title={{T}}, {fields}")
    assert found.arxiv_id == "1706.03762"
    assert found.doi is None
    assert found.venue is None
    assert found.comment is None


def test_an_eprint_of_another_archive_is_no_arxiv_id() -> None:
    assert paper("title={T}, eprint={1706.03762}, eprinttype={jstor}").arxiv_id is None
    assert paper("title={T}, eprint={9711200}, archivePrefix={hep-th}").arxiv_id == "hep-th/9711200"
    assert paper("title={T}, eprint={math.GT/0309136}").arxiv_id == "math/0309136"


def test_pages_and_report_numbers_are_no_arxiv_ids() -> None:
    assert paper("title={T}, pages={1706.03762}, number={2001.12345}").arxiv_id is None


@pytest.mark.parametrize(
    "said",
    [
        "10.1000/ABC_d",
        "https://doi.org/10.1000/abc_d",
        "doi:10.1000/abc\\_d",
        "{10.1000/abc{\\_}d}",
        " DOI 10.1000/abc_d ",
    ],
)
def test_a_doi_is_stored_bare_and_in_lower_case(said: str) -> None:
    assert paper(f"title={{T}}, doi={{{said}}}").doi == "10.1000/abc_d"


def test_a_doi_in_the_address_counts_and_a_word_does_not() -> None:
    assert paper("title={T}, url={https://dl.acm.org/doi/10.1145/3292500}").doi == "10.1145/3292500"
    assert paper("title={T}, doi={in press}").doi is None


def test_links_tell_page_pdf_and_code_apart() -> None:
    found = paper(
        "title={T}, url={https://example.org/a}, pdf={https://example.org/a.pdf}, "
        "note={Code: \\url{https://github.com/ada/engine}}, file={:C\\:/secret.pdf:PDF}"
    )
    assert [(link.kind, link.url) for link in found.links] == [
        ("page", "https://example.org/a"),
        ("code", "https://github.com/ada/engine"),
        ("pdf", "https://example.org/a.pdf"),
    ]


def test_tildes_and_percent_signs_of_an_address_stay() -> None:
    found = paper("title={T}, url={http://example.org/\\~{}ada/a\\_b\\%20c~d}")
    assert [link.url for link in found.links] == ["http://example.org/~ada/a_b%20c~d"]


# Text


def test_tex_becomes_letters_and_math_stays() -> None:
    found = paper(
        "title={{B}runo's ``{\\'E}t{\\'e}'' --- a~bound of $O(n \\log n)$ \\& 5\\%}, "
        "abstract={One.\n\nTwo \\emph{words}.}"
    )
    assert found.title == "Bruno's “Été” — a bound of $O(n \\log n)$ & 5%"
    assert found.abstract == "One.\n\nTwo words."


def test_quotation_commands_of_biblatex_become_quotation_marks() -> None:
    assert paper('title={On \\enquote{{\\"U}ber} and \\mkbibquote{it}}').title == "On “Über” and “it”"


def test_an_entry_in_parentheses_with_parentheses_in_it() -> None:
    (found,) = papers('@article(key, title = "A (good) title", year = 2000)')
    assert (found.title, found.published) == ("A (good) title", date(2000, 1, 1))


def test_a_subtitle_joins_the_title() -> None:
    assert paper("title={Why?}, subtitle={Because}").title == "Why? Because"
    assert paper("title={Kites}, subtitle={A study}").title == "Kites: A study"


# Names


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{Ada Lovelace}", ["Ada Lovelace"]),
        ("{Lovelace, Ada}", ["Ada Lovelace"]),
        ("{King, Jr., Martin Luther}", ["Martin Luther King Jr."]),
        ("{von Hicks, III, Michael}", ["Michael von Hicks III"]),
        ("{de la Vall{\\'e}e Poussin, Ch. J.}", ["Ch. J. de la Vallée Poussin"]),
        ("{Ludwig van Beethoven}", ["Ludwig van Beethoven"]),
        ("{Donald~E. Knuth}", ["Donald E. Knuth"]),
        ("{{Barnes and Noble} and {Council on X, Y, and Z}}", ["Barnes and Noble", "Council on X, Y, and Z"]),
        ("{Smith, J. and others}", ["J. Smith"]),
        ('{Bj{\\o}rn {\\O}stby\n AND\n\tP\\"{a}ckert, M.}', ["Bjørn Østby", "M. Päckert"]),
        ('"P\\"{a}ckert, M."', ["M. Päckert"]),
        ("{Smith, J.; Doe, K.}", ["J. Smith", "K. Doe"]),
        ("{Ann Lee, Bob Fox, Cy Orr, and Di Ash}", ["Ann Lee", "Bob Fox", "Cy Orr", "Di Ash"]),
        ("{A B}, author={C D}", ["A B", "C D"]),
    ],
)
def test_names_are_written_given_name_first(written: str, read: list[str]) -> None:
    assert names(written) == read


def test_editors_stand_in_for_the_authors_of_a_book_but_not_of_a_chapter() -> None:
    assert paper("title={T}, editor={Ada Lovelace}", "book").authors == (Author("Ada Lovelace"),)
    assert paper("title={T}, editor={Ada Lovelace}", "incollection").authors == ()


def test_a_collaboration_is_an_author() -> None:
    assert names("{A B}, collaboration={ALICE}") == ["A B", "ALICE Collaboration"]


# Dates


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("year=1999", "1999"),
        ("year=1999, month=sep", "1999-09"),
        ("year={1999}, month={September}, day={3}", "1999-09-03"),
        ("year=1999, month=9", "1999-09"),
        ('year=1999, month=12 # "~dec"', "1999-12-12"),
        ('month = "10~jan", year = "1999"', "1999-01-10"),
        ("date={1999-02-30}", "1999-02"),
        ("date={1999-02-28/2001-03}", "1999-02-28"),
        ("date={1984/1986}", "1984"),
        ("year={in press}", None),
        ("year={0}", None),
    ],
)
def test_the_day_is_as_good_as_the_entry_tells_it(fields: str, day: str | None) -> None:
    found = paper(f"title={{T}}, {fields}").publication_date
    assert (found and found.text) == day


# Strings and other entries


def test_strings_are_put_in_wherever_they_are_defined() -> None:
    (found,) = papers(
        '@string{j = "Journal"}@article{k, title = {T}, journal = J # " of " # {X} # late}\n@string(late = "!")'
    )
    assert found.venue == "Journal of X!"


def test_a_string_that_is_not_defined_is_its_name() -> None:
    assert paper("title={T}, journal=jacm").venue == "jacm"


def test_strings_made_of_strings_do_not_explode() -> None:
    text = "".join(f"@string{{s{n + 1} = s{n} # s{n} # s{n} # s{n}}}\n" for n in range(40))
    start = time.process_time()
    items = read(
        f'@string{{s0 = "lol"}}\n{text}@article{{a, title = {"s5 #" * 20_000} s5}}\n@article{{b, title={{B}}}}'
    )
    assert time.process_time() - start < 2
    assert [type(item) for item in items] == [Refused, Entry]


def test_a_value_that_repeats_a_string_without_end_is_never_built() -> None:
    text = f'@string{{s = "{"x" * 1900}"}}\n@article{{a, title = s{" # s" * 20_000}}}'
    tracemalloc.start()
    (refused,) = read(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused == Refused(1, 2, "its strings make it too long")
    assert most < 10_000_000


def test_fields_come_from_the_crossref_even_when_it_stands_later_and_in_other_case() -> None:
    first, second = papers(
        "@inproceedings{a, title={T}, author={A B}, crossref={PROC}}\n"
        "@proceedings{proc, title={Proc. of X}, year=2001, month=may, doi={10.1000/proc}, editor={E F},"
        " url={https://example.org}, abstract={All}}"
    )
    assert (first.venue, first.published, first.authors) == ("Proc. of X", date(2001, 5, 1), (Author("A B"),))
    # The DOI, links and abstract of the whole volume are not given to the paper in it.
    assert (first.doi, first.links, first.abstract) == (None, (), None)
    assert second.doi == "10.1000/proc"


def test_a_year_of_its_own_is_not_mixed_with_the_month_of_the_crossref() -> None:
    first, _ = papers("@article{a, title={T}, year=1990, crossref={b}}\n@book{b, title={B}, year=2001, month=may}")
    assert first.published == date(1990, 1, 1)


def test_entries_that_refer_to_one_another_end() -> None:
    first, second = papers("@inbook{a, crossref={b}}\n@book{b, title={B}, crossref={a}}")
    assert (first.title, second.title) == ("B", "B")


def test_xdata_lends_its_fields_and_sets_are_no_papers() -> None:
    items = read("@xdata{x, journal={J}, year=1999}\n@article{a, title={A}, xdata={y, x}}\n@set{s, entryset={a}}")
    (found,) = [item.paper for item in items if isinstance(item, Entry)]
    assert (found.venue, found.published) == ("J", date(1999, 1, 1))
    assert warnings(items) == ["entries that only group others or set options were left out: 2"]


def test_what_is_commented_out_is_no_entry() -> None:
    found = papers(
        "@comment{\n@article{x, title={X}}\n}\n@Comment{jabref-meta: databaseType:bibtex;}\n% @book{y, title={Y}}\n"
        '@preamble{"\\newcommand{\\noop}[1]{}"}\nwrite to me@host (or not)\n@book{b, title={B}}'
    )
    assert [each.title for each in found] == ["B"]


def test_two_entries_with_one_key_are_both_read() -> None:
    items = read("@article{K, title={A}}\n@article{k, title={B}}\n@article{l, title={C}}")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A", "B", "C"]
    assert warnings(items) == ["keys used more than once, all of their entries were read: k"]


# Mistakes that people make


@pytest.mark.parametrize(
    "text",
    [
        "@article{a,, title={A},, year=2000,,}",
        "@article{a\n title={A}, year=2000}",
        "@article{title={A}, year=2000}",
        "@article{a, title={A} year=2000\n author={X}}",
        "@article{a, title={A},\n abstract={x \\\\}, year=2000}",
        "@article{a, title={A},\n file={C:\\papers\\}, year=2000}",
        "@article{a, title={A}, abstract={mail\n@me (x) or\n@you{y}}, year=2000}",
        "@article{a, title={A}, title={Z}, year=2000}",
        "@ article\n{a, title={A}, year = 2000 }",
        "junk } before @article{z}\n @ARTICLE {a ,Title= {A}, YEAR= 2000 }",
        "@article{a, title={A}, year=2000, abstract={one\n" + "\n" * 5000 + "two}}",
    ],
)
def test_small_mistakes_cost_nothing(text: str) -> None:
    found = papers(f"{text}\n@book{{b, title={{B}}}}")
    assert [each.title for each in found] == ["A", "B"]
    assert found[0].published == date(2000, 1, 1)


@pytest.mark.parametrize(
    "broken",
    [
        "@article{x, {X}, 2000",
        "@article{x, title}",
        "@article{x, title={X}, {y}}",
        "@article{x, author={A B}}",
        "@article{x, title={{}}}",
    ],
)
def test_one_bad_entry_costs_no_other_and_is_named(broken: str) -> None:
    good = [f"@article{{k{n}, title={{T{n}}}}}\n" for n in range(99)]
    items = read("".join([*good[:50], broken, "\n", *good[50:]]))
    assert [item.paper.title for item in items if isinstance(item, Entry)] == [f"T{n}" for n in range(99)]
    (refused,) = [item for item in items if isinstance(item, Refused)]
    assert (refused.index, refused.line) == (51, 51)
    assert refused.reason and "\n" not in refused.reason


def test_a_line_break_of_tex_before_a_brace_does_not_hide_it() -> None:
    assert papers("@article{a, abstract={One \\\\}, title={A}}") == [Paper(title="A", abstract="One")]


def test_text_behind_a_brace_too_many_is_not_lost_in_silence() -> None:
    items = read("@article{a, title={A}}, year=2000}\n@book{b, title={B}}")
    assert warnings(items) == ["line 1: the braces of the entry “a” are not balanced"]
    assert [item.paper.published for item in items if isinstance(item, Entry)] == [date(2000, 1, 1), None]


@pytest.mark.parametrize(
    "entry",
    ["@article{x, title={X}, year=2000", "@article{x, title={X, year=2000}", '@article{x, title="X, year=2000}'],
)
def test_an_entry_without_an_end_is_read_up_to_the_next(entry: str) -> None:
    items = read(f"@article{{a, title={{A}}}}\n{entry}\n@article{{b, title={{B}}}}")
    found = [item.paper for item in items if isinstance(item, Entry)]
    assert [paper.title for paper in found] == ["A", "X", "B"]
    assert found[1].published == date(2000, 1, 1)
    assert warnings(items) == ["line 2: the braces of the entry “x” are not balanced"]


@pytest.mark.parametrize(
    "tail", ["@art", "@", "@article{", "@article{key", "@article{key, tit", '@string{x = "a', "@comment{"]
)
def test_a_file_that_ends_in_the_middle_says_so(tail: str) -> None:
    items = read(f"@article{{a, title={{A}}}}\n{tail}")
    assert [type(item) for item in items] == [Entry, CutShort]


def test_a_missing_last_brace_is_a_cut() -> None:
    items = read("@article{a, title={A}}\n@book{b,\n title={B},\n year=2000\n")
    assert [type(item) for item in items] == [Entry, CutShort]


@pytest.mark.parametrize("end_index", [True, False])
def test_a_cut_entry_is_known_without_the_words_of_bibtexparser(
    end_index: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Reworded(BlockAbortedException):
        def __init__(self, abort_reason: str, end_index: int | None = None) -> None:
            super().__init__("Other words.", end_index if with_index else None)

    with_index = end_index
    monkeypatch.setattr(splitter, "BlockAbortedException", Reworded)
    whole = "@article{a, title={A}}\n"
    for cut in ("@book{b,\n title={B},\n year=2000\n", "@book{b, title={B", '@book{b, title="B', "@book{b"):
        assert [type(item) for item in read(whole + cut)] == [Entry, CutShort], cut
    if with_index:
        assert [type(item) for item in read(whole + "@book{b, title}")] == [Entry, Refused]


@pytest.mark.parametrize("text", ["", " \n", "no listing", "@comment{x}", "@string{a = {b}}", "@control{c, title={0}}"])
def test_a_file_without_a_paper_says_so(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_a_message_shows_keys_safely_and_briefly() -> None:
    (refused,) = read("@article{a\x1b]52;c;x\x07" + "k" * 500 + ", year=2000}")
    assert isinstance(refused, Refused)
    assert "\x1b" not in refused.reason
    assert len(refused.reason) < 200


def test_byte_order_marks_inside_a_joined_file_cost_nothing() -> None:
    assert len(papers("\ufeff@article{a, title={A}}\n\ufeff@article{b, title={B}}")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "<html><pre>@article{a, title={A}}</pre>",
        '{"bibtex": "@article{a, title={A}}"}',
        "from x import y\n\n@dataclass(frozen=True)\nclass A: ...\n@cache\ndef f(): ...",
        "Ask me@example.org {or not}.",
    ],
)
def test_other_files_are_not_taken_for_bibtex(text: str) -> None:
    assert bibtex.sniff(text.encode(), "x.bib") < SURE_ENOUGH


def test_ten_thousand_entries_take_a_few_seconds_at_most() -> None:
    one = "@article{k%d, title={{A} t{\\'i}tle}, author={Ada Lovelace and Hopper, G.}, year=2000, abstract={%s}}\n"
    text = "".join(one % (number, "word " * 100) for number in range(2_500))
    start = time.process_time()
    assert len(papers(text)) == 2_500
    assert time.process_time() - start < 5


@given(
    title=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="{}\\~`'-\ufeff"), min_size=1
    )
)
def test_a_title_in_braces_comes_back_as_it_was(title: str) -> None:
    expected = clean.line(title)
    items = read(f"@article{{k, title={{{title}}}}}")
    assert [clean.entry(i).paper.title for i in items if isinstance(i, Entry)] == ([expected] if title.strip() else [])
