"""Mailings that are truncated or hostile, and files of other formats that are read as mailings."""

from __future__ import annotations

import base64
import contextlib
import quopri
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import mailing
from store.model.entry import CutShort, Item, Refused
from store.model.errors import ListingError
from tests.store.formats.arxiv.mailings import (
    BODY,
    CROSSES,
    END,
    REPLACED,
    REPLACEMENTS,
    RULE,
    entries,
    item,
    mail,
    read,
    saved,
)
from tests.thorough import some
from tests.timing import shortest_time


def is_reported(items: list[Item]) -> bool:
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
def test_a_cut_real_file_is_reported_and_the_cut_entry_is_not_produced(listings: Path, name: str, step: int) -> None:
    data = (listings / "arxiv-email" / name).read_bytes().rstrip()
    whole = entries(read(data))
    for cut in some(60, range(1, len(data), step)):
        text = data[:cut]
        try:
            items = read(text)
        except ListingError:
            assert b"\n\\\\\n" not in text, cut
            continue
        produced = entries(items)
        assert produced == whole[: len(produced)], cut
        assert not any(isinstance(each, Refused) for each in items), cut
        begun = len(re.findall(rb"^arXiv:", text, re.MULTILINE))
        if END[:6].encode() in text:
            assert len(produced) == len(whole)
        elif "new" in name:
            assert is_reported(items), cut
        else:
            # If a file ends between two entries of a list, nothing shows that it is truncated. But then every entry in
            # it is complete.
            assert is_reported(items) or len(produced) == begun, cut


@pytest.mark.parametrize("data", [item().encode(), mail([item()]).encode(), saved("base64", base64.encodebytes(BODY)),
    saved("quoted-printable", quopri.encodestring(BODY)), b"\xef\xbb\xbf" + mail([item()]).encode(),
    mail([item()]).replace("\n", "\r\n").encode(), mail([item()]).encode("utf-16"), mail([]).encode(),
    f"{RULE}\n\\\\\n/* Fri, 3 Mar 2023 */\n\\\\\n".encode(),
])  # fmt: skip
def test_a_mailing_is_detected_by_its_content(data: bytes) -> None:
    assert mailing.sniff(data[: 64 * 1024], "anything") >= 0.5


def test_no_other_real_file_is_detected_as_a_mailing(listings: Path) -> None:
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
def test_reading_takes_linear_time() -> None:
    def seconds(make: Callable[[int], str], size: int) -> float:
        data = make(size).encode()
        return shortest_time(lambda: read(data))

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
        # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times. The limit
        # is between these.
        assert large < 30 * max(small, 0.001)
