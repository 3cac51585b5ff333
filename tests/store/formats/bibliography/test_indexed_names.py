"""Names with the family name first and without a comma, in the forms that databases write."""

from __future__ import annotations

import io

import pytest

from store.formats.bibliography import endnote_tagged, ris, web_of_science
from store.formats.bibliography.indexed_names import given_first
from store.model.entry import Entry


@pytest.mark.parametrize(
    ("written", "names"),
    [
        # The forms of Embase, EPPI-Reviewer, Derwent and PubMed.
        (["Liu R.", "Adler D.G."], ["R. Liu", "D.G. Adler"]),
        (["Eberth D A", "de la Gamma B"], ["D A Eberth", "B de la Gamma"]),
        (["YANG Y", "LI W"], ["Y YANG", "W LI"]),
        (["Smith JA", "Doe J", "O'Gamma K-L Jr"], ["JA Smith", "J Doe", "K-L O'Gamma Jr"]),
        (["Le Beta, J.-P.", "Núñez Alpha M."], ["J.-P. Le Beta", "M. Núñez Alpha"]),
        # Several capitals alone may be the end of another name, so they are not split off as initials.
        (["KAIST AI"], ["KAIST AI"]),
        (["KAIST AI", "Ada Alpha"], ["KAIST AI", "Ada Alpha"]),
        (["Ada Li"], ["Ada Li"]),
        # If one name is in another order, two or three capitals in the other names are not taken for initials.
        (["Smith J", "Ada LI", "Bert Beta"], ["J Smith", "Ada LI", "Bert Beta"]),
        (["A. B. Alpha", "B. Beta"], ["A. B. Alpha", "B. Beta"]),
        (["Study Group B", "Lists Collaboration"], ["Study Group B", "Lists Collaboration"]),
        (["张三"], ["张三"]),
        ([], []),
    ],
)
def test_given_first(written: list[str], names: list[str]) -> None:
    assert given_first(written) == names


def test_every_tagged_format_reverses_them() -> None:
    texts = {
        ris: "TY  - JOUR\nTI  - Lists\nAU  - Liu R.\nA1  - Eberth D A\nER  - \n",
        endnote_tagged: "%0 Journal Article\n%T Lists\n%A Liu R.\n%A Eberth D A\n\n",
        web_of_science: "FN X\nVR 1.0\nPT J\nTI Lists\nAU Liu R.\n   Eberth D A\nER\n\nEF\n",
    }
    for module, text in texts.items():
        entry = next(item for item in module.read(io.BytesIO(text.encode())) if isinstance(item, Entry))
        assert [author.name for author in entry.paper.authors] == ["R. Liu", "D A Eberth"], module.NAME


def test_semicolons_separate_the_names_of_a_medline_record_in_web_of_science() -> None:
    text = "FN ISI Export Format\nVR 1.0\nPT J\nTI Lists\nAU Alpha, Ada B; Beta, Bert; Gamma-Delta, Cara\nER\n\nEF\n"
    (entry,) = web_of_science.read(io.BytesIO(text.encode()))
    assert isinstance(entry, Entry)
    assert [author.name for author in entry.paper.authors] == ["Ada B Alpha", "Bert Beta", "Cara Gamma-Delta"]
