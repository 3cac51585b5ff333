"""References are formatted in the styles of journals."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from store.exporting import citation_styles
from store.exporting.citation_styles import STYLES, references
from store.model.errors import LibraryError
from store.model.paper import Author, Organization, Paper
from tests.store.exporting.samples import ATTENTION, HOSTILE, exported

pytest.importorskip("citeproc", reason="the extra cite is not installed")


@pytest.mark.parametrize(
    ("style", "reference"),
    [
        (
            "apa",
            "van der Alpha, A., Beta, B., Jr., H.E.S.S. Collaboration, & 李明. (2024). Attention in BERT: 50% of O(n²)"
            " & more. Annals of Examples, 12(3), 45–67. https://doi.org/10.1000/a_b",
        ),
        (
            "ieee",
            "A. van der Alpha, B. Beta Jr., H.E.S.S. Collaboration, and 李明, “Attention in BERT: 50% of O(n²) & more”,"
            " Annals of Examples, vol. 12, no. 3, pp. 45–67, Jun. 2024, doi: 10.1000/a_b.",
        ),
    ],
)
def test_a_reference_is_as_the_style_has_it(style: str, reference: str) -> None:
    assert references([exported(ATTENTION)], style) == [reference]


def test_several_references_of_a_numeric_style_are_numbered() -> None:
    other = Paper(title="Of Rain", authors=(Author("Yui Nakamura"),), arxiv_id="2301.00001")
    lines = references([exported(ATTENTION), exported(other)], "ieee")
    assert [line[:6] for line in lines] == ["[1] A.", "[2] Y."]


def test_an_author_date_style_sorts_by_name() -> None:
    papers = [Paper(title=f"Of {name}", authors=(Author(f"Ada {name}"),)) for name in ("Rain", "Cranes")]
    assert [line[:4] for line in references([exported(paper) for paper in papers], "apa")] == ["Cran", "Rain"]


@pytest.mark.parametrize("style", STYLES)
def test_every_style_writes_every_paper_on_a_line(style: str) -> None:
    bare, of_a_group = (
        Paper(title="No more than a title"),
        Paper(title="Of a group", organization=Organization("A Lab")),
    )
    papers = [exported(paper) for paper in (ATTENTION, HOSTILE, bare, of_a_group)]
    lines = references(papers, style)
    assert len(lines) == 4 and not any("\n" in line for line in lines)
    assert any("李明" in line for line in lines) or style in ("mla", "harvard")
    assert any("A Lab" in line for line in lines)
    assert ". 明" not in "".join(lines)


@pytest.mark.parametrize(
    ("style", "reference"),
    [
        ("apa", "Of Rain (and More): a Title. (2024, May 3)."),
        ("harvard", "“Of Rain (and More): a Title” (2024)."),
        ("acl", "2024. Of Rain (and More): a Title."),
    ],
)
def test_a_reference_without_authors_has_the_title_only_once(style: str, reference: str) -> None:
    paper = Paper(title="Of Rain (and More): a Title", published=date(2024, 5, 3))
    assert references([exported(paper)], style) == [reference]


def test_the_licence_of_the_styles_is_beside_them() -> None:
    licence = (citation_styles._FOLDER / "LICENSE.txt").read_text()
    assert "Attribution-ShareAlike 3.0" in licence
    for name in STYLES:
        assert "licenses/by-sa/3.0/" in (citation_styles._FOLDER / f"{name}.csl").read_text("utf-8")


def test_without_the_package_an_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "citeproc", None)
    with pytest.raises(LibraryError, match=r"install recto\[cite\]"):
        references([exported(ATTENTION)], "apa")
