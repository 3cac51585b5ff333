"""BibTeX files that programs export or people write, with the typical mistakes of both."""

from __future__ import annotations

import time
import tracemalloc
from datetime import date

import pytest

from store.model.entry import Entry, Refused
from store.model.paper import Author
from tests.store.formats.bibliography.bibtex_reading import paper, papers, read, warnings


def names(author: str) -> list[str]:
    return [each.name for each in paper(f"title={{T}}, author={author}").authors]


def test_an_eprint_is_the_arxiv_id_with_its_category() -> None:
    parsed = paper("title={T}, eprint={2301.00001v2}, archivePrefix={arXiv}, primaryClass={cs.CL}")
    assert (parsed.arxiv_id, parsed.arxiv_version, parsed.categories) == ("2301.00001", 2, ("cs.CL",))


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
    parsed = paper(f"title={{T}}, {fields}")
    assert parsed.arxiv_id == "1706.03762"
    assert parsed.doi is None
    assert parsed.venue is None
    assert parsed.comment is None


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


def test_links_are_sorted_into_page_pdf_and_code() -> None:
    parsed = paper(
        "title={T}, url={https://example.org/a}, pdf={https://example.org/a.pdf}, "
        "note={Code: \\url{https://github.com/ada/engine}}, file={:C\\:/secret.pdf:PDF}"
    )
    assert [(link.kind, link.url) for link in parsed.links] == [
        ("page", "https://example.org/a"),
        ("code", "https://github.com/ada/engine"),
        ("pdf", "https://example.org/a.pdf"),
    ]


def test_tildes_and_percent_signs_of_an_address_stay() -> None:
    parsed = paper("title={T}, url={http://example.org/\\~{}ada/a\\_b\\%20c~d}")
    assert [link.url for link in parsed.links] == ["http://example.org/~ada/a_b%20c~d"]


def test_tex_becomes_letters_and_math_stays() -> None:
    parsed = paper(
        "title={{B}runo's ``{\\'E}t{\\'e}'' --- a~bound of $O(n \\log n)$ \\& 5\\%}, "
        "abstract={One.\n\nTwo \\emph{words}.}"
    )
    assert parsed.title == "Bruno's “Été” — a bound of $O(n \\log n)$ & 5%"
    assert parsed.abstract == "One.\n\nTwo words."


def test_quotation_commands_of_biblatex_become_quotation_marks() -> None:
    assert paper('title={On \\enquote{{\\"U}ber} and \\mkbibquote{it}}').title == "On “Über” and “it”"


def test_an_entry_in_parentheses_with_parentheses_in_it() -> None:
    (parsed,) = papers('@article(key, title = "A (good) title", year = 2000)')
    assert (parsed.title, parsed.published) == ("A (good) title", date(2000, 1, 1))


def test_a_subtitle_joins_the_title() -> None:
    assert paper("title={Why?}, subtitle={Because}").title == "Why? Because"
    assert paper("title={Kites}, subtitle={A study}").title == "Kites: A study"


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
def test_the_date_has_the_precision_that_the_entry_gives(fields: str, day: str | None) -> None:
    parsed = paper(f"title={{T}}, {fields}").publication_date
    assert (parsed and parsed.text) == day


def test_strings_are_put_in_wherever_they_are_defined() -> None:
    (parsed,) = papers(
        '@string{j = "Journal"}@article{k, title = {T}, journal = J # " of " # {X} # late}\n@string(late = "!")'
    )
    assert parsed.venue == "Journal of X!"


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


def test_fields_are_inherited_from_a_crossref_that_comes_later_or_differs_in_case() -> None:
    first, second = papers(
        "@inproceedings{a, title={T}, author={A B}, crossref={PROC}}\n"
        "@proceedings{proc, title={Proc. of X}, year=2001, month=may, doi={10.1000/proc}, editor={E F},"
        " url={https://example.org}, abstract={All}}"
    )
    assert (first.venue, first.published, first.authors) == ("Proc. of X", date(2001, 5, 1), (Author("A B"),))
    # The DOI, links and abstract of the whole volume are not stored with the paper in the volume.
    assert (first.doi, first.links, first.abstract) == (None, (), None)
    assert second.doi == "10.1000/proc"


def test_an_own_year_is_not_combined_with_an_inherited_month() -> None:
    first, _ = papers("@article{a, title={T}, year=1990, crossref={b}}\n@book{b, title={B}, year=2001, month=may}")
    assert first.published == date(1990, 1, 1)


def test_entries_that_refer_to_one_another_end() -> None:
    first, second = papers("@inbook{a, crossref={b}}\n@book{b, title={B}, crossref={a}}")
    assert (first.title, second.title) == ("B", "B")


def test_fields_are_inherited_from_xdata_entries_and_sets_are_left_out() -> None:
    items = read("@xdata{x, journal={J}, year=1999}\n@article{a, title={A}, xdata={y, x}}\n@set{s, entryset={a}}")
    (parsed,) = [item.paper for item in items if isinstance(item, Entry)]
    assert (parsed.venue, parsed.published) == ("J", date(1999, 1, 1))
    assert warnings(items) == ["entries that only group others or set options were left out: 2"]


def test_entries_inside_comments_are_ignored() -> None:
    parsed_papers = papers(
        "@comment{\n@article{x, title={X}}\n}\n@Comment{jabref-meta: databaseType:bibtex;}\n% @book{y, title={Y}}\n"
        '@preamble{"\\newcommand{\\noop}[1]{}"}\nwrite to me@host (or not)\n@book{b, title={B}}'
    )
    assert [each.title for each in parsed_papers] == ["B"]


def test_two_entries_with_one_key_are_both_read() -> None:
    items = read("@article{K, title={A}}\n@article{k, title={B}}\n@article{l, title={C}}")
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["A", "B", "C"]
    assert warnings(items) == ["keys used more than once, all of their entries were read: k"]
