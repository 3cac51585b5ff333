"""The entries of arXiv mailings: their sections, fields and days. Files that are no mailings are not accepted."""

from __future__ import annotations

from datetime import date

import pytest

from store.model.entry import CutShort, Entry, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author
from tests.store.formats.arxiv.mailings import REPLACED, RULE, entries, item, kinds, mail, one, read


def test_sections_separate_cross_lists_and_replacements() -> None:
    text = mail(
        [item("2303.00001")],
        [item("2303.00002 (*cross-listing*)")],
        [
            item("2201.00003", dated=REPLACED, abstract=None),
            item("2201.00004 (*cross-listing*)", dated=REPLACED, abstract=None),
        ],
    )
    items = read(text)
    assert [(each.paper.arxiv_id, each.announce_type) for each in entries(items)] == [
        ("2303.00001", "new"),
        ("2303.00002", "cross"),
        ("2201.00003", "replaced"),
        ("2201.00004", "replaced"),
    ]
    assert kinds(items) == ["Entry"] * 4


def test_figures_added_is_a_replacement_without_a_day() -> None:
    entry = one(mail([], [], [item("2201.00003", dated="figures added", abstract=None)]))
    assert (entry.announce_type, entry.paper.updated) == ("replaced", None)


@pytest.mark.parametrize(
    ("first", "number", "kind"),
    [
        ("Paper: astro-ph/0601001", "astro-ph/0601001", "new"),
        ("Paper (*cross-listing*): gr-qc/9401026", "gr-qc/9401026", "cross"),
        ("arXiv:math.GT/0309136 (*cross-listing*)", "math/0309136", "cross"),
        ("arXiv:2303.00763v2", "2303.00763", "new"),
    ],
)
def test_old_and_new_identifiers_are_recognized(first: str, number: str, kind: str) -> None:
    entry = one(item(first))
    assert (entry.paper.arxiv_id, entry.announce_type) == (number, kind)


def test_an_old_paper_without_categories_has_its_archive_and_its_subject_class() -> None:
    fields = "Author: Jane Doe\nSubj-class: Algebraic Geometry; Quantum Algebra"
    assert one(item("Paper: math/9901001", fields=fields)).paper.categories == ("math.AG", "math.QA")
    assert one(item("Paper: hep-th/9901001", fields="Author: J. D.")).paper.categories == ("hep-th",)


def test_fields_continue_in_indented_lines_and_unknown_fields_are_skipped() -> None:
    fields = (
        "Authors: Ada Lovelace (London) and\n  Charles Babbage\nCategories: cs.LG\n  stat.ML\n"
        "Comments: 12 pages,\n  3 figures: see\n  arXiv:2301.00001 for more\nReport-no: X-1\nFoo-class: a\n  b\n"
        "Journal-ref: J. of\n  Things 1\nMSC-class: 14J30\nACM-class: I.2\nLicense: http://l/\nProxy: ccsd"
    )
    paper = one(item(title="A title that\n  goes on", fields=fields)).paper
    assert paper.title == "A title that goes on"
    assert paper.authors == (Author("Ada Lovelace", ("London",)), Author("Charles Babbage"))
    assert paper.categories == ("cs.LG", "stat.ML")
    assert paper.comment == "12 pages, 3 figures: see arXiv:2301.00001 for more"
    assert paper.venue == "J. of Things 1"


def test_tex_becomes_letters_and_math_stays() -> None:
    paper = one(
        item(
            title=r"Erd\H{o}s and {\it ab initio} at $z\sim{2}$",
            fields=r"Authors: M{\aa}ns Holmberg, L. F. Rodr\'{\i}guez D\'iaz, A.~\,B. Jones",
            abstract="  The Alfv\\'en speed, {a, b}, 10\\% of\n$\\alpha_{1}$.",
        )
    ).paper
    assert paper.title == r"Erdős and ab initio at $z\sim{2}$"
    assert [each.name for each in paper.authors] == ["Måns Holmberg", "L. F. Rodríguez Díaz", "A. B. Jones"]
    assert paper.abstract == r"The Alfvén speed, {a, b}, 10% of $\alpha_{1}$."


def test_an_indented_line_starts_a_paragraph_of_an_abstract() -> None:
    paper = one(item(abstract="  One\ngoes on.\n  Two.\n\nThree")).paper
    assert paper.abstract == "One goes on.\n\nTwo.\n\nThree"


def test_slashes_inside_an_abstract_do_not_end_it() -> None:
    paper = one(mail([item(abstract="  u = v\n\\\\\nw = x")])).paper
    assert paper.abstract is not None and paper.abstract.split() == ["u", "=", "v", "w", "=", "x"]


def test_a_doi_that_arxiv_registered_is_not_the_publishers_doi() -> None:
    assert one(item(fields="DOI: 10.48550/arXiv.2303.00763")).paper.doi is None
    assert one(item(fields="DOI: 10.48550/ARXIV.2303.00763 10.1000/x_1")).paper.doi == "10.1000/x_1"


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("Fri,  3 Mar 23 01:29:12 GMT", date(2023, 3, 3)),
        # In the time zone of the sender it is still the evening of the previous day.
        ("Thu, 2 Mar 2023 20:29:12 -0500", date(2023, 3, 3)),
        # The mail was forwarded weeks later, so its date is not used. The day is the working day after the last
        # submission.
        ("Fri, 31 Mar 2023 09:00:00 +0000", date(2023, 3, 3)),
        ("no day at all", date(2023, 3, 3)),
    ],
)
def test_the_listing_day_of_a_mail_is_its_date_in_utc(sent: str, day: date) -> None:
    assert one(mail([item()], sent=sent)).listed_on == day


def test_a_text_without_a_mail_header_is_listed_on_the_next_working_day() -> None:
    head = f"{RULE}\n received from  Thu  9 Mar 23 19:00:00 GMT  to  Fri 10 Mar 23 19:00:00 GMT\n{RULE}\n"
    assert one(head + item()).listed_on == date(2023, 3, 13)


def test_a_mailing_without_papers_gives_a_warning() -> None:
    (warned,) = read(mail([]))
    assert isinstance(warned, Warned) and "holds no papers" in warned.text


@pytest.mark.parametrize("text", ["", "\n \n", "Dear all,\nnothing here.\n", "Subject: Hi\n\nHello\n", "\x00\xff"])
def test_a_file_that_is_not_a_mailing_is_an_error(text: str) -> None:
    with pytest.raises(ListingError, match="no arXiv mailing"):
        read(text)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (item("2303.0"), "not an arXiv identifier"),
        (item("2313.00001"), "not an arXiv identifier"),
        (item().replace("Title: A title\n", ""), "no title"),
        (item().replace("arXiv:2303.00763\n", ""), "no arXiv identifier"),
        ("\\\\\narXiv:2303.00009\nTitle: Broken\n", "breaks off"),
        (item(abstract="word " * 900_000), "larger than 4 MiB"),
    ],
)
def test_an_invalid_entry_costs_no_other_entry(bad: str, reason: str) -> None:
    items = read(mail([item("2303.00001"), bad, item("2303.00003")]))
    assert kinds(items) == ["Entry", "Refused", "Entry"]
    refused = items[1]
    assert isinstance(refused, Refused)
    assert refused.index == 2 and reason in refused.reason
    assert [each.paper.arxiv_id for each in entries(items)] == ["2303.00001", "2303.00003"]


def test_a_list_without_rules_between_its_entries_is_read() -> None:
    listed = "".join(item(f"2303.0000{n}", abstract=None).rsplit("\\\\ (", 1)[0] + "\\\\\n" for n in range(1, 4))
    assert [each.paper.arxiv_id for each in entries(read(listed))] == ["2303.00001", "2303.00002", "2303.00003"]


RECORD = (
    "\\\\\narXiv:2601.20089\nFrom: Ada Alpha <a@example.org>\nDate: Tue, 20 Jan 2026 10:00:00 GMT   (120kb,D)\n"
    "Date (revised v2): Sun, 25 Jan 2026 10:00:00 GMT   (121kb,D)\n\nTitle: A Record\nAuthors: Ada Alpha\n"
    "Categories: cs.CL\n\\\\\n  One record in one file.\n\\\\\n"
)


@pytest.mark.parametrize("text", [RECORD, f"{'-' * 78}\n{RECORD}", RECORD.rstrip(), RECORD.replace("\n", "\r\n")])
def test_a_record_in_a_file_of_its_own_is_whole(text: str) -> None:
    (entry,) = read(text)
    assert isinstance(entry, Entry)
    paper = entry.paper
    assert (paper.title, paper.abstract) == ("A Record", "One record in one file.")
    assert (paper.arxiv_version, str(paper.published), str(paper.updated)) == (2, "2026-01-20", "2026-01-25")


def test_records_one_after_the_other_are_whole() -> None:
    items = read(f"{'-' * 78}\n{RECORD}" * 2)
    assert [type(item) for item in items] == [Entry, Entry]


@pytest.mark.parametrize(
    "kept", [RECORD[:-3], RECORD[: RECORD.index("record in")], RECORD[: RECORD.index("Categories")]]
)
def test_a_record_without_its_end_is_partial(kept: str) -> None:
    assert isinstance(read(kept)[-1], CutShort)
