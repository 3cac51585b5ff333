"""Mailings in saved mails: encodings, several mails in a file, quoted lines."""

from __future__ import annotations

import base64
import quopri
from datetime import date

import pytest

from tests.store.formats.arxiv.mailings import BODY, entries, item, kinds, mail, one, read, saved


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
        # Text copied from a mail program that did not decode the mail, without the header that states the encoding.
        quopri.encodestring(BODY),
    ],
    ids=["8bit", "quoted", "base64", "crlf", "cr", "mbox", "utf-16", "multipart", "latin-1", "no header"],
)  # fmt: skip
def test_a_saved_mail_gives_the_entries_of_the_listing_in_it(data: bytes) -> None:
    items = read(data)
    assert kinds(items) == ["Entry", "Entry"]
    first, second = entries(items)
    assert first.paper.title == "Großes über x = y"
    assert first.paper.abstract == "Long lines of text " + "and more " * 12 + "end."
    assert (second.announce_type, second.paper.updated) == ("replaced", date(2023, 3, 2))
    assert first.listed_on == date(2023, 3, 3)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "x-unknown"])
def test_windows_quotation_marks_are_kept_whatever_encoding_a_mail_declares(charset: str) -> None:
    body = BODY.decode().replace("x = y", "“x” – ‘y’").encode("cp1252")
    (first, _) = entries(read(saved("8bit", body).replace(b"utf-8", charset.encode())))
    assert first.paper.title == "Großes über “x” – ‘y’"


def test_each_of_several_mails_in_a_file_has_its_own_day() -> None:
    second = saved("quoted-printable", quopri.encodestring(BODY)).replace(b"3 Mar 2023 01:2", b"4 Mar 2023 01:2")
    for between in (b"", b"\n", b"From no-reply@arxiv.org Sat Mar  4 01:29:12 2023\n"):
        items = read(mail([item()]).encode() + between + second)
        assert kinds(items) == ["Entry"] * 3
        assert [each.listed_on for each in entries(items)] == [
            date(2023, 3, 3), date(2023, 3, 4), date(2023, 3, 4),
        ]  # fmt: skip


def test_a_cut_mail_does_not_cost_the_mail_behind_it() -> None:
    whole = mail([item("2303.00001"), item("2303.00002")])
    mbox = "From no-reply@arxiv.org Sat Mar  4 01:29:12 2023\n"
    items = read(whole[: whole.index("2303.00002") + 60] + "\n" + mbox + mail([item("2303.00003")]))
    assert kinds(items) == ["Entry", "Refused", "CutShort", "Entry"]


def test_a_line_that_a_mailbox_file_quoted_is_restored() -> None:
    paper = one(saved("8bit", mail([item(abstract="  One\n>From two")]).partition("\n\n")[2].encode())).paper
    assert paper.abstract == "One From two"


def test_an_abstract_may_contain_lines_like_mail_headers() -> None:
    text = "  A test\nFrom: here\nDate: there\nSubject: to change\nFrom 1990 to 2004 it holds."
    assert one(mail([item(abstract=text)])).paper.abstract == " ".join(text.split())
