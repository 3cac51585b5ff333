"""Pages that browsers save as a single file (.mhtml) are opened and read like pages saved as HTML."""

from __future__ import annotations

import quopri
from base64 import encodebytes
from datetime import date
from pathlib import Path

import pytest

from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library
from tests.store.formats.arxiv.listing_pages import RECENT

HEADER = """From: <Saved by Blink>
Snapshot-Content-Location: https://arxiv.org/list/cs.CL/recent
Subject: Computation and Language
Date: Mon, 26 Jan 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--abc----"


------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: {encoding}
Content-Location: https://arxiv.org/list/cs.CL/recent

"""
FOOTER = """
------MultipartBoundary--abc----
Content-Type: text/css
Content-Transfer-Encoding: quoted-printable

@charset "utf-8";
------MultipartBoundary--abc------
"""


def archive(page: str, encoding: str = "quoted-printable") -> bytes:
    data = page.encode()
    body = quopri.encodestring(data) if encoding == "quoted-printable" else data
    if encoding == "base64":
        body = encodebytes(data)
    return (HEADER.format(encoding=encoding).encode() + body + FOOTER.encode()).replace(b"\n", b"\r\n")


def imported(data: bytes, folder: Path) -> ImportReport:
    path = folder / "page.mhtml"
    path.write_bytes(data)
    with Library.open(folder / "library.db") as library:
        (report,) = import_file(library, path, Options(today=date(2026, 11, 30)))
    return report


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "binary"])
def test_the_page_in_a_web_archive_is_read(encoding: str, tmp_path: Path) -> None:
    report = imported(archive(RECENT.replace("Reading Lists", "Reading Lists – ÄÖ =3D"), encoding), tmp_path)
    assert (report.format, report.entries, report.partial, report.error) == ("arxiv-html", 3, False, None)


def test_a_web_archive_that_ends_early_is_partial(tmp_path: Path) -> None:
    data = archive(RECENT)
    report = imported(data[: data.index(b"</dl>") + 40], tmp_path)
    assert (report.format, report.entries, report.partial) == ("arxiv-html", 2, True)
    assert "the web archive file ends early; download it again" in report.warnings


def test_a_web_archive_without_a_page_is_refused(tmp_path: Path) -> None:
    report = imported(archive(RECENT).replace(b"text/html", b"text/none"), tmp_path)
    assert report.error == "the web archive file is damaged or cut short; download it again"
