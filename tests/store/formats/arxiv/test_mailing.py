"""arXiv's mailings: what a reader gets of a day's mail, of the lists of a week and of a month."""

from __future__ import annotations

import base64
import contextlib
import io
import quopri
import re
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import mailing
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author
from tests.thorough import some

RULE = "-" * 78
CROSSES = "%-" * 39
REPLACEMENTS = ("%%--" * 20)[:78]
END = ("%%%---" * 13)[:78]


def read(text: str | bytes) -> list[Item]:
    data = text.encode() if isinstance(text, str) else text
    return list(mailing.read(io.BytesIO(data)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def one(text: str | bytes) -> Entry:
    (entry,) = entries(read(text))
    return entry


def kinds(items: list[Item]) -> list[str]:
    return [type(item).__name__ for item in items]


def item(
    number: str = "2303.00763",
    *,
    title: str = "A title",
    fields: str = "Authors: Ada Lovelace\nCategories: cs.LG",
    dated: str = "Date: Wed, 1 Mar 2023 19:00:02 GMT   (3197kb,D)",
    abstract: str | None = "  An abstract.",
) -> str:
    first = number if ":" in number else f"arXiv:{number}"
    head = f"\\\\\n{first}\n{dated}\n\nTitle: {title}\n{fields}\n"
    address = f"\\\\ ( https://arxiv.org/abs/{number} ,  3197kb)\n"
    return head + (f"\\\\\n{abstract}\n{address}" if abstract else address)


def mail(
    new: Sequence[str],
    crosses: Sequence[str] = (),
    replaced: Sequence[str] = (),
    *,
    sent: str = "Fri,  3 Mar 23 01:29:12 GMT",
) -> str:
    return (
        f"Date: {sent}\nSubject: cs daily {len(new)} new +  crosses received\n\n{RULE}\n{RULE}\n"
        f"Send any comments regarding submissions directly to submitter.\n{RULE}\nArchives at http://arxiv.org/\n"
        f"To unsubscribe, e-mail To: cs@arXiv.org, Subject: cancel\n{RULE}\n"
        f"received from  Wed  1 Mar 23 19:00:00 GMT  to  Thu  2 Mar 23 19:00:00 GMT\n{RULE}\n"
        + f"{RULE}\n".join(new)
        + f"{CROSSES}\n{RULE}\n"
        + f"{RULE}\n".join(crosses)
        + f"{REPLACEMENTS}\n{RULE}\n"
        + f"{RULE}\n".join(replaced)
        + f"{END}\nFor help see http://arxiv.org/help/\n"
    )


REPLACED = "replaced with revised version Thu, 2 Mar 2023 11:00:13 GMT   (1527kb,D)"


# The real files


def real_files(listings: Path) -> list[Path]:
    return sorted((listings / "arxiv-email").iterdir())


def test_every_real_file_gives_an_entry_for_each_line_that_names_a_paper(listings: Path) -> None:
    counted = {}
    for path in real_files(listings):
        data = path.read_bytes()
        named = re.findall(rb"^(?:arXiv:|Paper: ?)(\S+)", data, re.MULTILINE)
        items = read(data)
        assert [each.paper.arxiv_id for each in entries(items)] == [each.decode() for each in named], path.name
        assert not any(isinstance(each, CutShort) for each in items), path.name
        counted[path.name] = len(named)
    assert counted["browse-astro-ph-new.txt"] == 97
    assert counted["browse-astro-ph-month-0704.txt"] == 884
    assert counted["browse-astro-ph-month-1401.txt"] == 1275


def test_every_entry_of_the_real_files_is_announced_as_its_lines_say_and_has_a_day(listings: Path) -> None:
    for path in real_files(listings):
        text = path.read_text("latin-1")
        found = entries(read(path.read_bytes()))
        blocks = re.split(r"(?m)^(?=arXiv:)", text)[1:]
        for entry, block in zip(found, blocks, strict=True):
            head = block.partition("\n\n")[0]
            replaced = "replaced with revised version" in head
            crossed = not replaced and "(*cross-listing*)" in head
            expected = "replaced" if replaced else "cross" if crossed else "new"
            assert entry.announce_type == expected, (path.name, entry.paper.arxiv_id)
            day = entry.paper.updated if replaced else entry.paper.published
            printed = re.search(r"(?:Date:|version) \w{3}, (\d+) (\w{3}) (\d{4})", head)
            assert printed and day, (path.name, entry.paper.arxiv_id)
            assert day.strftime("%-d %b %Y") == " ".join(printed.groups())
            assert not (replaced and entry.paper.published), (path.name, entry.paper.arxiv_id)
            assert bool(entry.paper.abstract) == ("new" in path.name or "nsch" in path.name) * (not replaced)


def test_forty_of_the_97_entries_of_a_real_day_are_replacements(listings: Path) -> None:
    found = entries(read((listings / "arxiv-email" / "browse-astro-ph-new.txt").read_bytes()))
    types = [each.announce_type for each in found]
    assert [types.count(each) for each in ("new", "cross", "replaced")] == [53, 4, 40]
    assert {each.listed_on for each in found} == {date(2023, 3, 3)}


def by_id(path: Path) -> dict[str | None, Entry]:
    return {each.paper.arxiv_id: each for each in entries(read(path.read_bytes()))}


def test_a_new_paper_of_a_real_mail_is_read_field_by_field(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-q-fin-new.txt")["2303.09330"]
    paper = entry.paper
    assert paper.title == ("Portfolio Volatility Estimation Relative to Stock Market Cross-Sectional Intrinsic Entropy")
    assert paper.authors == (Author("Claudiu Vinte"), Author("Marcel Ausloos"))
    assert paper.categories == ("q-fin.ST",)
    assert paper.comment == "24 pages, 12 figures, 4 tables"
    assert paper.venue == "Journal of Risk Financial Management 2023, 16(2), 114"
    assert paper.doi == "10.3390/jrfm16020114"
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2023, 3, 16), None, 1)
    assert paper.abstract is not None
    assert paper.abstract.startswith("Selecting stock portfolios and assessing their relative volatility risk compared")
    assert paper.abstract.endswith("the overall volatility of the stock market.")
    assert [link.url for link in paper.links] == [
        "https://arxiv.org/abs/2303.09330",
        "https://arxiv.org/pdf/2303.09330",
    ]
    assert (entry.announce_type, entry.listed_on) == ("new", date(2023, 3, 17))
    assert entry.line == 193


def test_a_cross_list_of_a_real_mail_is_read_field_by_field(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-new.txt")["2303.01322"]
    assert entry.paper.title == "Electron inertia effects in 3D hybrid-kinetic collisionless plasma turbulence"
    assert [each.name for each in entry.paper.authors] == [
        "Patricio A. Muñoz", "Meisam Farzalipour Tabriz", "Markus Rampp", "Jörg Büchner",
    ]  # fmt: skip
    assert entry.paper.categories == ("physics.plasm-ph", "astro-ph.SR", "physics.space-ph")
    assert entry.paper.comment == "23 pages, 9 figures, submitted"
    assert entry.announce_type == "cross"


def test_a_replacement_of_a_real_mail_has_its_day_and_no_abstract(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-new.txt")["2104.03145"]
    paper = entry.paper
    assert paper.title == "Isotropic X-ray bound on Primordial Black Hole Dark Matter"
    assert (paper.published, paper.updated, paper.arxiv_version) == (None, date(2023, 3, 2), None)
    assert paper.abstract is None
    assert paper.venue == "Phys. Rev. D 103, 103025 (2021)"
    assert paper.doi == "10.1103/physrevd.103.103025"
    assert paper.comment is not None and paper.comment.endswith("only minor changes to the results")
    assert entry.announce_type == "replaced"


def test_a_paper_of_a_real_month_has_its_versions_and_its_affiliations(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-month-0704.txt")["0704.0044"]
    paper = entry.paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2007, 3, 31), date(2009, 5, 9), 4)
    assert paper.authors[2] == Author("W. Dorland", ("Maryland",))
    assert paper.authors[4].name == "G. G. Howes"
    assert paper.categories[0] == "astro-ph"
    assert (entry.announce_type, entry.listed_on) == ("new", None)


def test_a_real_month_knows_affiliations_by_number(listings: Path) -> None:
    found = by_id(listings / "arxiv-email" / "browse-astro-ph-month-1401.txt")
    duarte = next(each for each in found.values() if each.paper.authors[0].name == "Manuel Duarte")
    assert duarte.paper.authors == (Author("Manuel Duarte", ("IAP, Paris",)), Author("Gary Mamon", ("IAP, Paris",)))


def test_a_real_week_gives_each_entry_the_day_over_it(listings: Path) -> None:
    path = listings / "arxiv-email" / "browse-astro-ph-pastweek.CO.txt"
    blocks = re.split(r"/\* \w{3}, (\d+ \w{3} \d{4}) \*/", path.read_text())[1:]
    expected = {
        number: day
        for day, block in zip(blocks[0::2], blocks[1::2], strict=True)
        for number in re.findall(r"(?m)^arXiv:(\S+)", block)
    }
    assert len(set(expected.values())) == 5
    for number, entry in by_id(path).items():
        assert entry.listed_on is not None
        assert entry.listed_on.strftime("%-d %b %Y") == expected[str(number)]


def test_the_malformed_real_file_gives_its_good_entries_and_says_what_is_wrong(listings: Path) -> None:
    items = read((listings / "arxiv-email" / "nsch-malformed.txt").read_bytes())
    assert [each.paper.arxiv_id for each in entries(items)] == [
        "2601.99001", "2601.99002", "2601.99001", "2601.99003",
    ]  # fmt: skip
    (refused,) = [each for each in items if isinstance(each, Refused)]
    assert (refused.index, refused.line) == (2, 26)
    assert "Paper Missing arXiv ID" in refused.reason
    (warned,) = [each for each in items if isinstance(each, Warned)]
    assert "2601.99002" in warned.text


# Traps, one by one


def test_sections_tell_cross_lists_and_replacements_apart() -> None:
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
def test_identifiers_of_every_age_are_known(first: str, number: str, kind: str) -> None:
    entry = one(item(first))
    assert (entry.paper.arxiv_id, entry.announce_type) == (number, kind)


def test_an_old_paper_without_categories_has_its_archive_and_its_subject_class() -> None:
    fields = "Author: Jane Doe\nSubj-class: Algebraic Geometry; Quantum Algebra"
    assert one(item("Paper: math/9901001", fields=fields)).paper.categories == ("math.AG", "math.QA")
    assert one(item("Paper: hep-th/9901001", fields="Author: J. D.")).paper.categories == ("hep-th",)


def test_fields_go_on_in_indented_lines_and_unknown_ones_are_left_out() -> None:
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


def test_an_abstract_has_the_paragraphs_that_indented_lines_start() -> None:
    paper = one(item(abstract="  One\ngoes on.\n  Two.\n\nThree")).paper
    assert paper.abstract == "One goes on.\n\nTwo.\n\nThree"


def test_slashes_inside_an_abstract_do_not_end_it() -> None:
    paper = one(mail([item(abstract="  u = v\n\\\\\nw = x")])).paper
    assert paper.abstract is not None and paper.abstract.split() == ["u", "=", "v", "w", "=", "x"]


def test_a_doi_of_arxivs_own_is_no_doi_of_a_publisher() -> None:
    assert one(item(fields="DOI: 10.48550/arXiv.2303.00763")).paper.doi is None
    assert one(item(fields="DOI: 10.48550/ARXIV.2303.00763 10.1000/x_1")).paper.doi == "10.1000/x_1"


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("Fri,  3 Mar 23 01:29:12 GMT", date(2023, 3, 3)),
        # The evening before, in the sender's time.
        ("Thu, 2 Mar 2023 20:29:12 -0500", date(2023, 3, 3)),
        # Forwarded weeks later: the working day after the last submission counts.
        ("Fri, 31 Mar 2023 09:00:00 +0000", date(2023, 3, 3)),
        ("no day at all", date(2023, 3, 3)),
    ],
)
def test_the_day_of_a_mail_is_the_one_it_was_sent_on_in_arxivs_time(sent: str, day: date) -> None:
    assert one(mail([item()], sent=sent)).listed_on == day


def test_a_text_without_a_mail_header_is_listed_on_the_next_working_day() -> None:
    head = f"{RULE}\n received from  Thu  9 Mar 23 19:00:00 GMT  to  Fri 10 Mar 23 19:00:00 GMT\n{RULE}\n"
    assert one(head + item()).listed_on == date(2023, 3, 13)


def test_a_mailing_without_papers_is_said_to_be_empty() -> None:
    (warned,) = read(mail([]))
    assert isinstance(warned, Warned) and "holds no papers" in warned.text


@pytest.mark.parametrize("text", ["", "\n \n", "Dear all,\nnothing here.\n", "Subject: Hi\n\nHello\n", "\x00\xff"])
def test_a_file_that_is_no_mailing_is_an_error(text: str) -> None:
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
def test_a_bad_entry_among_good_ones_costs_no_other(bad: str, reason: str) -> None:
    items = read(mail([item("2303.00001"), bad, item("2303.00003")]))
    assert kinds(items) == ["Entry", "Refused", "Entry"]
    refused = items[1]
    assert isinstance(refused, Refused)
    assert refused.index == 2 and reason in refused.reason
    assert [each.paper.arxiv_id for each in entries(items)] == ["2303.00001", "2303.00003"]


def test_a_list_without_rules_between_its_entries_is_read_all_the_same() -> None:
    listed = "".join(item(f"2303.0000{n}", abstract=None).rsplit("\\\\ (", 1)[0] + "\\\\\n" for n in range(1, 4))
    assert [each.paper.arxiv_id for each in entries(read(listed))] == ["2303.00001", "2303.00002", "2303.00003"]


# Saved mails


MIME = 'MIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: {}\n'


def saved(transfer: str, body: bytes) -> bytes:
    head = (
        "Return-Path: <no-reply@arxiv.org>\nReceived: from a by b;\n\tFri, 3 Mar 2023 01:30:00 +0000\n"
        "From: send mail ONLY to cs <no-reply@arxiv.org>\nTo: rabble@arxiv.org\n"
        "Date: Fri, 3 Mar 2023 01:29:12 +0000\nSubject: cs daily\n" + MIME.format(transfer) + "\n"
    )
    return head.encode() + body


BODY = mail(
    [item("2303.00001", title="Großes über x = y", abstract="  Long lines of text " + "and more " * 12 + "end.")],
    [],
    [item("2201.00003", dated=REPLACED, abstract=None)],
).partition("\n\n")[2].encode()  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        saved("8bit", BODY),
        saved("quoted-printable", quopri.encodestring(BODY)),
        saved("base64", base64.encodebytes(BODY)),
        saved("quoted-printable", quopri.encodestring(BODY)).replace(b"\n", b"\r\n"),
        saved("8bit", BODY).replace(b"\n", b"\r"),
        b"From no-reply@arxiv.org Fri Mar  3 01:29:12 2023\n" + saved("8bit", BODY),
        saved("8bit", BODY).decode().encode("utf-16"),
        saved("8bit", b"").replace(b"text/plain; charset=\"utf-8\"", b"multipart/mixed; boundary=\"=_x\"")
        + b"preamble\n--=_x\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring(BODY)
        + b"\n--=_x\nContent-Type: text/html\n\n<p>\\\\\n--=_x--\nepilogue\n",
        saved("8bit", BODY.decode().encode("latin-1")).replace(b'"utf-8"', b"iso-8859-1"),
        # A text copied out of a mail that was not decoded: no header says so.
        quopri.encodestring(BODY),
    ],
    ids=["8bit", "quoted", "base64", "crlf", "cr", "mbox", "utf-16", "multipart", "latin-1", "no header"],
)  # fmt: skip
def test_a_saved_mail_reads_like_the_listing_in_it(data: bytes) -> None:
    items = read(data)
    assert kinds(items) == ["Entry", "Entry"]
    first, second = entries(items)
    assert first.paper.title == "Großes über x = y"
    assert first.paper.abstract == "Long lines of text " + "and more " * 12 + "end."
    assert (second.announce_type, second.paper.updated) == ("replaced", date(2023, 3, 2))
    assert first.listed_on == date(2023, 3, 3)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "x-unknown"])
def test_quotation_marks_of_windows_are_kept_whatever_a_mail_declares(charset: str) -> None:
    body = BODY.decode().replace("x = y", "“x” – ‘y’").encode("cp1252")
    (first, _) = entries(read(saved("8bit", body).replace(b"utf-8", charset.encode())))
    assert first.paper.title == "Großes über “x” – ‘y’"


def test_several_mails_in_one_file_each_have_their_day() -> None:
    second = saved("quoted-printable", quopri.encodestring(BODY)).replace(b"3 Mar 2023 01:2", b"4 Mar 2023 01:2")
    for between in (b"", b"\n", b"From no-reply@arxiv.org Sat Mar  4 01:29:12 2023\n"):
        items = read(mail([item()]).encode() + between + second)
        assert kinds(items) == ["Entry"] * 3
        assert [each.listed_on for each in entries(items)] == [
            date(2023, 3, 3), date(2023, 3, 4), date(2023, 3, 4),
        ]  # fmt: skip


def test_a_mail_that_was_cut_does_not_cost_the_mail_behind_it() -> None:
    whole = mail([item("2303.00001"), item("2303.00002")])
    mbox = "From no-reply@arxiv.org Sat Mar  4 01:29:12 2023\n"
    items = read(whole[: whole.index("2303.00002") + 60] + "\n" + mbox + mail([item("2303.00003")]))
    assert kinds(items) == ["Entry", "Refused", "CutShort", "Entry"]


def test_a_line_that_a_mailbox_quoted_is_what_it_was() -> None:
    paper = one(saved("8bit", mail([item(abstract="  One\n>From two")]).partition("\n\n")[2].encode())).paper
    assert paper.abstract == "One From two"


def test_an_abstract_may_speak_of_dates_and_senders() -> None:
    text = "  A test\nFrom: here\nDate: there\nSubject: to change\nFrom 1990 to 2004 it holds."
    assert one(mail([item(abstract=text)])).paper.abstract == " ".join(text.split())


# Cut files


def is_told(items: list[Item]) -> bool:
    return any(isinstance(each, CutShort) for each in items)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("browse-q-fin-new.RM.txt", 7),
        ("browse-q-fin-new.GN.txt", 17),
        ("nsch-2026-01-23.txt", 41),
        ("browse-math-pastweek.AG.txt", 1),
        ("browse-astro-ph-pastweek.EP.txt", 199),
        ("browse-astro-ph-month-0704.txt", 60_013),
    ],
)
def test_a_real_file_cut_anywhere_is_told_and_the_cut_entry_is_not_given(listings: Path, name: str, step: int) -> None:
    data = (listings / "arxiv-email" / name).read_bytes().rstrip()
    whole = entries(read(data))
    for cut in some(60, range(1, len(data), step)):
        text = data[:cut]
        try:
            items = read(text)
        except ListingError:
            assert b"\n\\\\\n" not in text, cut
            continue
        found = entries(items)
        assert found == whole[: len(found)], cut
        assert not any(isinstance(each, Refused) for each in items), cut
        begun = len(re.findall(rb"^arXiv:", text, re.MULTILINE))
        if END[:6].encode() in text:
            assert len(found) == len(whole)
        elif "new" in name:
            assert is_told(items), cut
        else:
            # Between two entries of a list there is no telling: all that began is there.
            assert is_told(items) or len(found) == begun, cut


# Sniffing, hostile files, effort


@pytest.mark.parametrize("data", [item().encode(), mail([item()]).encode(), saved("base64", base64.encodebytes(BODY)),
    saved("quoted-printable", quopri.encodestring(BODY)), b"\xef\xbb\xbf" + mail([item()]).encode(),
    mail([item()]).replace("\n", "\r\n").encode(), mail([item()]).encode("utf-16"), mail([]).encode(),
    f"{RULE}\n\\\\\n/* Fri, 3 Mar 2023 */\n\\\\\n".encode(),
])  # fmt: skip
def test_a_mailing_is_known_by_its_content(data: bytes) -> None:
    assert mailing.sniff(data[: 64 * 1024], "anything") >= 0.5


def test_no_other_real_file_is_taken_for_a_mailing(listings: Path) -> None:
    for path in listings.glob("*/*"):
        sure = mailing.sniff(path.read_bytes()[: 64 * 1024], path.name)
        assert (sure >= 0.5) == (path.parent.name == "arxiv-email"), path


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_items_or_a_listing_error(data: bytes) -> None:
    with contextlib.suppress(ListingError):
        read(data)


PIECES = [
    "\\\\", "\\\\ ( x )", "\\\\ ( x", RULE, CROSSES, REPLACEMENTS, END, "arXiv:2303.00001", "Paper: x", "Title: t",
    "Authors: A (1) ((1) B)", "Date: Wed, 31 Feb 2023", "Date (revised v99): x", REPLACED, "/* Fri, 3 Mar 2023 */",
    "", "  text", "From: a", "Subject: b", "Content-Transfer-Encoding: base64", "QUJD", "a=", "=3D=", "DOI: 10.1/",
    "From a@b Fri Mar  3 01:29:12 2023", "Content-Type: multipart/x; boundary=b", "--b", "--b--",
    "received from x to y",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_order_of_a_mailings_lines_gives_items_or_a_listing_error(lines: list[str]) -> None:
    try:
        items = read("\n".join(lines))
    except ListingError:
        return
    for index, refused in enumerate(each for each in items if isinstance(each, Refused)):
        assert refused.index > index
        assert refused.reason


@pytest.mark.timing
def test_reading_takes_time_in_proportion_to_the_length() -> None:
    def seconds(make: Callable[[int], str], size: int) -> float:
        data = make(size).encode()
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            with contextlib.suppress(ListingError):
                read(data)
            best = min(best, time.perf_counter() - start)
        return best

    hostile: list[Callable[[int], str]] = [
        lambda n: mail([item()] * (n // 50)),
        lambda n: "\\\\\narXiv:2303.00001\nTitle: " + "x\n  " * n,
        lambda n: item(abstract="\\\\\n" * n),
        lambda n: item(fields="Authors: " + "(" * n),
        lambda n: item(fields="Authors: " + "a (1), " * n),
        lambda n: item(title="{\\'" * n),
        lambda n: "Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n" + "a=\n" * n,
    ]
    for make in hostile:
        small, large = seconds(make, 2_000), seconds(make, 16_000)
        # Eight times the text: 8 when linear, 64 when not.
        assert large < 30 * max(small, 0.001)
