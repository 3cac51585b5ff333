r"""Text as LaTeX: braces are balanced, formulas are unchanged, and braces protect capitals from BibTeX styles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.exporting import latex_text
from tests.thorough import examples


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% of A & B_1 #2", r"50\% of A \& B\_1 \#2"),
        ("\\ ~ ^ { }", r"\textbackslash{} \textasciitilde{} \textasciicircum{} \textbraceleft{} \textbraceright{}"),
        ("cost $O(n^2)$ at most", "cost $O(n^2)$ at most"),
        ("from $5 to $10", r"from \$5 to \$10"),
        (r"the set $\{x\}$", r"the set $\lbrace{}x\rbrace{}$"),
        ("broken $a_{b$ here", r"broken \$a\_\textbraceleft{}b\$ here"),
        ("half $x", r"half \$x"),
        ("Müller in 東京", "Müller in 東京"),
    ],
)
def test_text_is_escaped_and_formulas_stay(text: str, latex: str) -> None:
    assert latex_text.escaped(text) == latex


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        ("Pre-training of BERT for NeRF", "Pre-training of {BERT} for {NeRF}"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("The spectrum of the Andromeda galaxy revisited", "The spectrum of the {Andromeda} galaxy revisited"),
        ("GPT-4o: what it is", "{GPT-4o}: what it is"),
        ("$\\beta$-VAE", "$\\beta$-{VAE}"),
    ],
)
def test_a_title_protects_the_capitals_that_belong_to_its_words(title: str, latex: str) -> None:
    assert latex_text.title(title) == latex


@pytest.mark.parametrize(("text", "latex"), [("é", r"{\'e}"), ("ß", r"{\ss}"), ("中", r"{\symbol{20013}}")])
def test_ascii_has_a_command_for_every_letter(text: str, latex: str) -> None:
    assert latex_text.escaped(text, ascii=True) == latex


@given(st.text(alphabet=st.one_of(st.sampled_from(list("{}$\\%#&_^~ aB")), st.characters(exclude_categories=["C"]))))
@examples(100, 5_000)
def test_any_text_has_balanced_braces_and_no_bare_sign(text: str) -> None:
    for latex in (latex_text.escaped(text), latex_text.title(text), latex_text.escaped(text, ascii=True)):
        depth = 0
        for brace in re.findall("[{}]", latex):
            depth += 1 if brace == "{" else -1
            assert depth >= 0
        assert depth == 0
        without_commands = re.sub(r"\\[a-zA-Z]+|\\.", "", latex)
        assert not set("%#") & set(without_commands)
        assert "&" not in re.sub(r"\$[^$]*\$", "", without_commands)
        assert without_commands.count("$") % 2 == 0
    assert latex_text.escaped(text, ascii=True).isascii()


def test_control_characters_that_another_program_stored_do_not_become_braces() -> None:
    assert latex_text.title("On\0 Bees\1 and BERT\1") == "On Bees and {BERT}"
