"""Lists of links in plain text, Markdown and Org, as people and programs write them."""

from __future__ import annotations

import io

import pytest

from store.formats.links import link_list
from store.formats.registry import SURE_ENOUGH, detect
from store.model.entry import Entry, Item, Warned
from store.model.errors import ListingError
from store.model.paper import Paper
from store.text import clean


def read(text: str) -> list[Item]:
    assert detect(text.encode(), "notes.txt") is link_list
    return list(link_list.read(io.BytesIO(text.encode())))


def papers(text: str) -> list[Paper]:
    return [clean.entry(each).paper for each in read(text) if isinstance(each, Entry)]


def warnings(text: str) -> list[str]:
    return [each.text for each in read(text) if isinstance(each, Warned)]


@pytest.mark.parametrize(
    "line",
    [
        "- [A Title of Lists](https://arxiv.org/abs/2401.12345) — the one to read",
        "* **A Title of Lists** [[paper](https://arxiv.org/pdf/2401.12345.pdf)] [[code](https://github.com/a/b)]",
        "- [2024/01] **A Title of Lists** | [paper](https://arxiv.org/abs/2401.12345) | [code](https://github.com/a/b)",
        "1. A Title of Lists, NeurIPS 2024 [[arXiv](https://arxiv.org/abs/2401.12345v2)]",
        "- [ ] [[2401.12345] A Title of Lists](https://arxiv.org/abs/2401.12345)",
        "| [A Title of Lists](https://arxiv.org/abs/2401.12345) | ICLR | [code](https://github.com/a/b) |",
        "|**2024-01-20**|**A Title of Lists**|Ada Alpha et.al.|[2401.12345](http://arxiv.org/abs/2401.12345v1)|null|",
        '- "A Title of Lists" https://arxiv.org/abs/2401.12345',
        "A Title of Lists: https://arxiv.org/abs/2401.12345",
        "A Title of Lists\nhttps://arxiv.org/abs/2401.12345",
        '- [A Title of Lists](<https://huggingface.co/papers/2401.12345> "the page")',
        "** TODO [[https://arxiv.org/abs/2401.12345][A Title of Lists]]",
        '<li><a href="https://www.alphaxiv.org/abs/2401.12345">A Title of Lists</a></li>',
        "### A Title of Lists\n[[paper](https://arxiv.org/abs/2401.12345)] [[code](https://github.com/a/b)]",
        "**A Title of Lists**  \nAda Alpha, Bert Beta  \n[[paper](https://arxiv.org/abs/2401.12345)]",
        "A Title of Lists\nAda Alpha, Bert Beta\nhttps://arxiv.org/abs/2401.12345",
        "- (*NeurIPS'23*) A Title of Lists [[Paper]](https://arxiv.org/abs/2401.12345)",
        "- (ICLR 2024 Oral) A Title of Lists [[Paper]](https://arxiv.org/abs/2401.12345)",
        "- ==A Title of Lists== — https://arxiv.org/abs/2401.12345",
        "- [Paper page - A Title of Lists](https://huggingface.co/papers/2401.12345)",
    ],
)
def test_the_title_is_beside_the_link(line: str) -> None:
    (paper,) = papers(f"# Reading list\n\n{line}\n")
    assert (paper.title, paper.arxiv_id) == ("A Title of Lists", "2401.12345")


@pytest.mark.parametrize(
    ("line", "identifier"),
    [
        ("https://arxiv.org/abs/2401.12345", "2401.12345"),
        ("https://arxiv.org/pdf/2401.12345v3", "2401.12345"),
        ("arXiv:2401.12345", "2401.12345"),
        ("2401.12345", "2401.12345"),
        ("arXiv:hep-th/9901001", "hep-th/9901001"),
        ("- arxiv.org/abs/2401.12345", "2401.12345"),
        ("https://doi.org/10.1000/a.b(1)2", "10.1000/a.b(1)2"),
        ("10.1000/182", "10.1000/182"),
        ("doi:10.1000/182", "10.1000/182"),
        ("https://dl.acm.org/doi/pdf/10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full.pdf", "10.1101/2020.01.02.123456"),
        ("see this one: https://arxiv.org/abs/2401.12345", "2401.12345"),
        ("[paper](https://arxiv.org/abs/2401.12345)", "2401.12345"),
        ("A. Alpha and B. Beta. Lists. Journal of Lists (2024). https://doi.org/10.1000/182", "10.1000/182"),
    ],
)
def test_a_paper_without_a_title_is_called_by_its_identifier(line: str, identifier: str) -> None:
    (paper,) = papers(f"{line}\n")
    assert paper.title in (f"arXiv:{identifier}", f"doi:{identifier}")
    assert identifier in (paper.arxiv_id, paper.doi)
    (warning,) = warnings(f"{line}\n")
    assert warning.startswith("1 paper has an identifier and no title")
    assert "recto fetch missing" in warning


def test_other_links_of_a_line_belong_to_its_paper() -> None:
    (paper,) = papers(
        "- [A Title of Lists](https://arxiv.org/abs/2401.12345) ([pdf](https://arxiv.org/pdf/2401.12345), "
        "[code](https://github.com/a/b), [data](https://huggingface.co/datasets/a/b))\n"
    )
    assert [(link.kind, link.url) for link in paper.links] == [
        ("page", "https://arxiv.org/abs/2401.12345"),
        ("code", "https://github.com/a/b"),
        ("dataset", "https://huggingface.co/datasets/a/b"),
        ("pdf", "https://arxiv.org/pdf/2401.12345"),
    ]


def test_several_papers_in_a_line_are_several_entries() -> None:
    parsed_papers = papers("https://arxiv.org/abs/2401.00001 https://arxiv.org/abs/2401.00002, arXiv:2401.00003\n")
    assert [paper.arxiv_id for paper in parsed_papers] == ["2401.00001", "2401.00002", "2401.00003"]


def test_a_paper_without_identifier_needs_a_title() -> None:
    text = "- [A Title of Lists](https://openreview.net/forum?id=abc)\n- https://openreview.net/forum?id=def\n"
    (paper,) = papers(text)
    assert (paper.title, [link.url for link in paper.links]) == (
        "A Title of Lists",
        ["https://openreview.net/forum?id=abc"],
    )
    assert warnings(text) == [
        "a paper was left out: neither an identifier in the address nor a title says which paper it is"
    ]


def test_an_identifier_that_lacks_a_digit_is_no_paper() -> None:
    assert papers("https://arxiv.org/abs/2401.12345\nhttps://arxiv.org/abs/2401.1234\n") == papers("2401.12345\n")


@pytest.mark.parametrize(
    "text",
    [
        "A long text about many things.\nIt goes on.\nAnd on.\nSee https://arxiv.org/abs/2401.12345 now.\nEnd.\n",
        "TY  - JOUR\nTI  - A title\nUR  - https://doi.org/10.1000/182\nER  - \n",
        "title,url\nA title,https://arxiv.org/abs/2401.12345\n",
        "https://example.org/a\nhttps://example.org/b\n",
        "<html><body><a href='https://arxiv.org/abs/2401.12345'>x</a></body></html>",
        '{"url": "https://arxiv.org/abs/2401.12345"}\n',
    ],
)
def test_other_texts_with_links_are_not_lists_of_links(text: str) -> None:
    assert link_list.sniff(text.encode(), "notes.txt") < SURE_ENOUGH


def test_a_text_without_links_is_refused() -> None:
    with pytest.raises(ListingError, match="without links"):
        list(link_list.read(io.BytesIO(b"nothing here\n")))
