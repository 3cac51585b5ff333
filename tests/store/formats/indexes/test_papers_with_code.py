"""Papers with Code: papers, links between papers and code, and pages of its API."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from store.formats.indexes import papers_with_code
from store.model.entry import Entry, Item, Refused, Warned
from store.model.paper import Author, Link

REAL = "paperswithcode/links-rows-transcribed.json"


def read(value: Any) -> list[Item]:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(papers_with_code.read(io.BytesIO(text)))


def entries(found: list[Item]) -> list[Entry]:
    return [item for item in found if isinstance(item, Entry)]


def row(paper: str, repository: str, official: bool = False) -> dict[str, Any]:
    return {
        "paper_url": f"https://paperswithcode.com/paper/{paper}",
        "paper_title": paper,
        "paper_arxiv_id": None,
        "paper_url_abs": f"https://example.org/{paper}",
        "paper_url_pdf": None,
        "repo_url": f"https://github.com/{repository}",
        "is_official": official,
    }


def test_the_real_rows_give_every_field(listings: Path) -> None:
    content = (listings / REAL).read_bytes()
    items = read(content)
    assert content.count(b'"paper_url":') == len(items) == len(entries(items)) == 3
    odyssey, disparity, attn = (entry.paper for entry in entries(items))
    assert odyssey.title.startswith("Odyssey: A Public GPU-Based Code")
    assert (odyssey.arxiv_id, odyssey.arxiv_version) == ("1601.02063", 2)
    assert odyssey.links == (
        Link("page", "https://arxiv.org/abs/1601.02063v2"),
        Link("pdf", "https://arxiv.org/pdf/1601.02063v2.pdf"),
        Link("code", "https://github.com/LeonGeiger/Kerr"),
    )
    assert (disparity.title, disparity.arxiv_id) == ("Fast Disparity Estimation using Dense Networks", "1805.07499")
    assert disparity.links[2] == Link("code", "https://github.com/roatienza/densemapnet")
    assert (attn.arxiv_id, attn.links[0].url) == ("1711.10485", "http://arxiv.org/abs/1711.10485v1")
    assert attn.title.startswith("AttnGAN: Fine-Grained Text to Image Generation")
    assert [entry.line for entry in entries(items)] == [2, 3, 4]
    assert papers_with_code.sniff(content[:65536], "x") > 0.9


def test_the_rows_of_one_paper_are_one_entry_with_the_official_code_first() -> None:
    items = read([row("A", "a/1"), row("B", "b/1"), row("A", "a/2", official=True), row("A", "a/1")])
    assert [entry.paper.title for entry in entries(items)] == ["A", "B"]
    assert [link.url for link in entries(items)[0].paper.links if link.kind == "code"] == [
        "https://github.com/a/2",
        "https://github.com/a/1",
    ]


def test_a_paper_with_its_abstract() -> None:
    paper = {
        "paper_url": "https://paperswithcode.com/paper/x",
        "arxiv_id": "1802.07222",
        "title": "A Title",
        "abstract": "Its abstract.",
        "url_abs": "http://arxiv.org/abs/1802.07222v1",
        "url_pdf": "http://arxiv.org/pdf/1802.07222v1.pdf",
        "proceeding": "CVPR 2018 6",
        "authors": ["Ada Lovelace", "", "Alan Turing"],
        "tasks": ["Image Classification"],
        "date": "2018-02-20",
    }
    (entry,) = entries(read([paper]))
    assert entry.paper.authors == (Author("Ada Lovelace"), Author("Alan Turing"))
    assert (entry.paper.published, entry.paper.venue) == (date(2018, 2, 20), "CVPR 2018 6")
    assert (entry.paper.abstract, entry.paper.categories) == ("Its abstract.", ("Image Classification",))
    assert (entry.paper.arxiv_id, entry.paper.arxiv_version) == ("1802.07222", 1)


def test_a_page_of_the_api_says_when_there_is_more() -> None:
    paper = {"id": "x", "arxiv_id": None, "url_abs": "https://doi.org/10.1000/X", "url_pdf": None, "title": "T"}
    page = {
        "count": 50,
        "next": "https://example.org/?page=2",
        "previous": None,
        "results": [paper | {"published": "2018-02-20"}],
    }
    items = read(page)
    (entry,) = entries(items)
    assert (entry.paper.published, entry.paper.doi) == (date(2018, 2, 20), "10.1000/x")
    assert items[1] == Warned("one page of a longer answer: 1 of 50 papers are in it")
    assert papers_with_code.sniff(json.dumps(page).encode(), "x") > 0.9
    assert len(read(page | {"next": None})) == 1


def test_a_bad_row_does_not_affect_other_rows() -> None:
    items = read([row("A", "a/1"), row("", "b/1"), row("C", "c/1") | {"is_official": "maybe"}, row("D", "d/1")])
    assert [entry.paper.title for entry in entries(items)] == ["A", "D"]
    untitled, mistyped = [item for item in items if isinstance(item, Refused)]
    assert (untitled.index, untitled.reason) == (2, "it has no title")
    # msgspec writes the rest of the message, so only the name of the field is checked.
    assert mistyped.index == 3 and "is_official" in mistyped.reason


def test_a_repository_without_an_address_is_no_link() -> None:
    (entry,) = entries(read([row("A", "a/1") | {"repo_url": "none"}]))
    assert [link.kind for link in entry.paper.links] == ["page"]
