"""Mailings of arXiv whose lines were quoted, indented or forwarded are read like the original ones."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.arxiv import mailing
from store.formats.registry import detect
from store.model.entry import Entry, Item

RULE = "-" * 78
ITEM = """\
\\\\
arXiv:2303.0076{number}
Date: Wed, 1 Mar 2023 19:00:02 GMT   (1234kb,D)

Title: A title that goes over
  two lines
Authors: M{{\\aa}}ns Erd\\H{{o}}s, Ada Lovelace
Categories: astro-ph.GA hep-th
\\\\
  We show that x
> 5 sigma is enough.
\\\\ ( https://arxiv.org/abs/2303.0076{number} ,  1234kb)
"""
MAILING = (
    f"{RULE}\nSend any comments to the submitter.\n{RULE}\nArchives at http://arxiv.org/\n{RULE}\n Submissions to:\n"
    f"Astrophysics\n received from  Wed  1 Mar 23 19:00:00 GMT  to  Thu  2 Mar 23 19:00:00 GMT\n{RULE}\n{RULE}\n"
    f"{ITEM.format(number=1)}{RULE}\n{ITEM.format(number=2)}{'%%%---' * 13}\n\nHelp follows.\n"
)


def read(text: str) -> list[Item]:
    assert detect(text.encode(), "upload.bin") is mailing
    return list(mailing.read(io.BytesIO(text.encode())))


def before(mark: str) -> str:
    return "".join(f"{mark}{line}".rstrip() + "\n" for line in MAILING.splitlines())


HEADERS = "From: me@example.org\nSubject: Fwd: astro-ph daily\nDate: Fri, 3 Mar 2023 10:00:00 +0000\n\n"


@pytest.mark.parametrize(
    "text",
    [
        MAILING,
        before("> "),
        before(">"),
        before(">> "),
        before("> > "),
        before("    "),
        before("\t"),
        before("> ").replace("\n", "\r\n"),
        f"{HEADERS}See.\n\n> From: no-reply@arxiv.org\n> Date: Fri, 3 Mar 2023 01:29:12 GMT\n>\n{before('> ')}",
        f"{HEADERS}{MAILING}",
    ],
    ids=["plain", "quoted", "no blank", "twice", "twice apart", "indented", "tab", "crlf", "a mail", "forwarded"],
)
def test_a_forwarded_mailing_gives_the_entries_of_the_original(text: str) -> None:
    first, second = read(text)
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert (first.paper.arxiv_id, second.paper.arxiv_id) == ("2303.00761", "2303.00762")
    assert first.paper.title == "A title that goes over two lines"
    assert [author.name for author in first.paper.authors] == ["Måns Erdős", "Ada Lovelace"]
    assert first.paper.abstract == "We show that x > 5 sigma is enough."
    assert first.listed_on == date(2023, 3, 3)


def test_a_quoted_mailing_has_no_effect_on_the_next_mail() -> None:
    items = read(f"{HEADERS}{before('> ')}\nFrom x Fri Mar  3 01:29:12 2023\n{HEADERS}{MAILING}")
    assert [type(item) for item in items] == [Entry] * 4
