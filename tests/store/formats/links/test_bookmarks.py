"""Bookmarks of browsers and of read-later services, as HTML pages and as tables."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import date

import pytest

from store.formats.links import bookmarks, bookmarks_json, saved_links
from store.formats.links.page_titles import page_title
from store.formats.registry import detect, named
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.text import clean

NETSCAPE = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1700000000" LAST_MODIFIED="1700000000">Papers</H3>
    <DL><p>
        <DT><A HREF="https://arxiv.org/abs/2601.20030" ADD_DATE="1769400000" ICON="data:;base64,iV">[2601.20030] \
Lists &amp; Bookmarks</A>
        <DT><A HREF="https://www.nature.com/articles/s41586-025-01234-5" ADD_DATE="1769400000000000">A List | Nature</A>
        <DT><A HREF="https://arxiv.org/pdf/2601.20031" ADD_DATE="1769400000">2601.20031</A>
        <DT><A HREF="https://news.example.org/" ADD_DATE="1769400000">News</A>
    </DL><p>
</DL><p>
"""
POCKET = """<!DOCTYPE html>
<html>
<head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /><title>Pocket Export</title></head>
<body><h1>Unread</h1>
<ul>
<li><a href="https://arxiv.org/abs/2601.20030" time_added="1769400000" tags="lists">Lists in a Pocket</a></li>
<li><a href="https://arxiv.org/abs/2601.20031" time_added="1769400000" tags="">https://arxiv.org/abs/2601.20031</a></li>
</ul>
</body>
</html>
"""
INSTAPAPER = """<html><head><title>Instapaper: Export</title></head><body><h1>Unread</h1>
<ol><li><a href="https://arxiv.org/abs/2601.20030">Lists on Paper</a></ol>
</body></html>
"""
TABLES = {
    "pocket": "title,url,time_added,tags,status\nLists in a Table,https://arxiv.org/abs/2601.20030,1769400000,a|b,unread\n",
    "instapaper": "URL,Title,Selection,Folder,Timestamp\n"
    'https://arxiv.org/abs/2601.20030,"Lists in a Table",,Unread,1769400000\n',
    "raindrop": "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
    '1,Lists in a Table,,"An excerpt,\nof two lines",'
    "https://arxiv.org/abs/2601.20030,Papers,,2026-01-26T04:00:00.000Z,,,false\n",
    "reader": "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen\n"
    "Lists in a Table,https://arxiv.org/abs/2601.20030,01h,\"['a']\",2026-01-26 04:00:00+00:00,0.1,later,True\n",
}


def entries(items: list[Item]) -> list[Entry]:
    return [clean.entry(each) for each in items if isinstance(each, Entry)]


def read(text: str) -> list[Item]:
    reader = detect(text.encode(), "export.html")
    assert reader is bookmarks
    return list(reader.read(io.BytesIO(text.encode())))


def test_bookmarks_of_a_browser() -> None:
    items = read(NETSCAPE)
    assert [(each.paper.title, each.paper.arxiv_id or each.paper.doi, each.listed_on) for each in entries(items)] == [
        ("Lists & Bookmarks", "2601.20030", date(2026, 1, 26)),
        ("A List", "10.1038/s41586-025-01234-5", date(2026, 1, 26)),
        ("arXiv:2601.20031", "2601.20031", date(2026, 1, 26)),
    ]
    assert [each.text for each in items if isinstance(each, Warned)] == [
        "1 paper has an identifier and no title in this list; to complete what is missing: recto fetch missing",
        "a link was left out: the address does not show that it leads to a paper",
    ]


def test_pages_of_pocket_and_instapaper() -> None:
    assert [each.paper.title for each in entries(read(POCKET))] == ["Lists in a Pocket", "arXiv:2601.20031"]
    assert [each.paper.title for each in entries(read(INSTAPAPER))] == ["Lists on Paper"]


@pytest.mark.parametrize("page", [NETSCAPE, POCKET])
def test_a_file_that_ends_early_is_partial(page: str) -> None:
    items = read(page[: page.index("</A>" if "</A>" in page else "</a>")])
    assert entries(items) == []
    assert any(isinstance(each, CutShort) for each in items)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("name", ["export.csv", "upload.bin"])
def test_tables_of_saved_links_are_told_from_tables_of_papers(table: str, name: str) -> None:
    assert detect(table.encode(), name) is saved_links
    (entry,) = saved_links.read(io.BytesIO(table.encode()))
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.arxiv_id) == ("Lists in a Table", "2601.20030")
    assert entry.listed_on == date(2026, 1, 26)
    assert named("csv").sniff(table.encode(), name) == 0


def test_a_row_with_too_few_cells_is_refused() -> None:
    items = list(saved_links.read(io.BytesIO((TABLES["pocket"] + '"Half a ti').encode())))
    assert [each.reason for each in items if isinstance(each, Refused)] == ["a row with too few cells"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[2401.12345] A Title", "A Title"),
        ("[hep-th/9901001] A Title", "A Title"),
        ("A Title | OpenReview", "A Title"),
        ("A Title - ScienceDirect", "A Title"),
        ("A Title | Nature Communications", "A Title"),
        ("A Title | Proceedings of the 2024 Conference on Lists", "A Title"),
        ("(PDF) A Title", "A Title"),
        ("Paper page - A Title", "A Title"),
        ("Lists - and more of them", "Lists - and more of them"),
        ("2401.12345.pdf", None),
        ("2401.12345v2", None),
        ("https://arxiv.org/abs/2401.12345", None),
        ("PDF", None),
        ("Link to paper", None),
        ("[PDF]", None),
        ("", None),
        ("BERT", None),
        ("量子列表", "量子列表"),
    ],
)
def test_the_title_of_a_page_loses_what_the_site_adds(written: str, expected: str | None) -> None:
    assert page_title(written) == expected


FIREFOX = {
    "guid": "root________",
    "type": "text/x-moz-place-container",
    "children": [
        {
            "title": "menu",
            "type": "text/x-moz-place-container",
            "children": [
                {
                    "title": "[2601.20030] Lists & Foxes",
                    "dateAdded": 1769400000000000,
                    "type": "text/x-moz-place",
                    "uri": "https://arxiv.org/abs/2601.20030",
                },
                {"type": "text/x-moz-place-separator"},
                {"title": None, "type": "text/x-moz-place", "uri": "https://doi.org/10.1000/fox.1"},
            ],
        },
        {"title": "News", "type": "text/x-moz-place", "uri": "https://news.example.org/"},
    ],
}
CHROMIUM = {
    "checksum": "0",
    "roots": {
        "bookmark_bar": {
            "type": "folder",
            "children": [
                {
                    "name": "Lists of Chrome | OpenReview",
                    "type": "url",
                    "date_added": "13413873600000000",
                    "url": "https://openreview.net/forum?id=abc",
                }
            ],
        },
        "other": {
            "type": "folder",
            "children": [{"name": "x", "type": "url", "url": "https://arxiv.org/abs/2601.20031"}],
        },
    },
    "version": 1,
}


def test_bookmarks_as_json() -> None:
    items = list(bookmarks_json.read(io.BytesIO(json.dumps(FIREFOX).encode())))
    assert [(each.paper.title, each.listed_on) for each in entries(items)] == [
        ("Lists & Foxes", date(2026, 1, 26)),
        ("doi:10.1000/fox.1", None),
    ]
    data = json.dumps(CHROMIUM, indent=3).encode()
    assert detect(data, "Bookmarks") is bookmarks_json
    first, second = entries(list(bookmarks_json.read(io.BytesIO(data))))
    assert (first.paper.title, first.listed_on) == ("Lists of Chrome", date(2026, 1, 26))
    assert second.paper.title == "arXiv:2601.20031"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"a": [' + b"[" * 100_000, b'{"children": 5, "uri": 7, "dateAdded": -1}']
)
def test_other_json_is_refused_or_has_no_bookmarks(data: bytes) -> None:
    assert bookmarks_json.sniff(data, "bookmarks.json") == 0
    with contextlib.suppress(ListingError):
        assert entries(list(bookmarks_json.read(io.BytesIO(data)))) == []


def test_rows_that_cannot_be_read_are_refused() -> None:
    table = TABLES["pocket"]
    items = list(saved_links.read(io.BytesIO(f"{table}Half a row\nNo address,,1769400000,,unread\n\n{table}".encode())))
    assert [each.reason for each in items if isinstance(each, Refused)] == [
        "a row with too few cells",
        "a row without an address",
    ]
    (warning,) = saved_links.read(io.BytesIO(b"title,url,time_added,status\n"))
    assert isinstance(warning, Warned)
    with pytest.raises(ListingError):
        list(saved_links.read(io.BytesIO(b"title,year\n")))
