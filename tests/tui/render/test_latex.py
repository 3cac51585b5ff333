"""LaTeX in titles and abstracts is shown as Unicode, and what is no LaTeX, or too much of it, as it was written."""

from __future__ import annotations

import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.hostile import texts
from tui.render import latex, styled

SHOWN = {
    "$O(n^2)$": "O(n²)",
    "$O(n \\log n)$": "O(n log n)",
    "$\\tilde{O}(n)$": "Õ(n)",
    "\\alpha-stable": "α-stable",
    "$\\alpha_{i}$": "αᵢ",
    "$x^{10}$": "x¹⁰",
    "$10^{-3}$": "10⁻³",
    "$x^{abq}$": "x^(abq)",
    "$x_{ij}^2$": "x_(ij)²",
    "$\\epsilon$-greedy": "ϵ-greedy",
    "$\\ell_1$": "ℓ₁",
    "$k$-NN": "k-NN",
    "$\\to$": "→",
    "$\\times$": "×",
    "$\\leq 3$": "≤ 3",
    "$n\\ge2$ and $m$": "n≥2 and m",
    "$\\|x\\|_2$": "‖x‖₂",
    "$\\{0,1\\}^n$": "{0,1}ⁿ",
    "$\\mathcal{L}$": "ℒ",
    "$\\mathbb{R}^n$": "ℝⁿ",
    "$\\frac{a}{b}$": "a/b",
    "$\\sqrt{2}$": "√(2)",
    "$$E=mc^2$$": "E=mc²",
    "\\(a+b\\)": "a+b",
    "BERT$_{base}$": "BERT_(base)",
    "H$_2$O": "H₂O",
    "$[0,1)$": "[0,1)",
    'M\\"uller': "Müller",
    "\\'{e}t\\'e": "été",
    "{\\'E}cole": "École",
    "Erd\\H{o}s": "Erdős",
    "\\v{C}ech": "Čech",
    "{\\ae}": "æ",
    "\\emph{very} \\textbf{bold}": "very bold",
    "100\\% of A \\& B": "100% of A & B",
    "\\$5": "$5",
}
LEFT = (
    "costs $5 to $10",
    "$5 million and $6 million",
    "a_b c^d",
    "C:\\path\\new",
    "$",
    "$$",
    "\\",
    "\\\\",
    "$x",
    "$\\frac{1}{$",
    "$}{$",
    "{A}cronym {NLP}",
    "$\\frac$",
    "\\input{/etc/passwd}",
    "no LaTeX at all",
    "",
)


@pytest.mark.parametrize(("source", "shown"), SHOWN.items())
def test_a_formula_is_shown_as_a_reader_would_write_it(source: str, shown: str) -> None:
    assert latex.unicode(source) == shown
    assert latex.unicode(f"On {source}, again") == f"On {shown}, again"


@pytest.mark.parametrize("source", LEFT)
def test_what_is_no_formula_stays_as_it_was_written(source: str) -> None:
    assert latex.unicode(source) == source


def test_no_file_is_read_for_a_formula() -> None:
    for command in ("\\input", "\\include", "\\verbatiminput", "\\lstinputlisting", "\\openin"):
        for source in (f"{command}{{/etc/passwd}}", f"${command}{{/etc/passwd}}$", f"${command} /etc/passwd$"):
            assert "root:" not in latex.unicode(source)


def test_nothing_is_logged_on_the_screen(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.WARNING):
        for source in ("$\\begin{a}$", "$\\frac{a}$", "$\\sqrt[3$", "$a & b \\end{x}$"):
            latex.unicode(source)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


NESTING = (
    "\\frac{", "\\sqrt[", "\\cite[", "\\text{$", "{\\frac{a}", "\\left(", "\\begin{matrix}", "\\footnote[", "\\binom{",
)  # fmt: skip
SIGNS = ("{", "}", "]", "$", "^", "_", "\\\\", "\\%", "&", "x", " ", "\\alpha", "\\hat", "~", "\x1b", "\n")


@pytest.mark.parametrize("part", NESTING)
@pytest.mark.parametrize("closed", [False, True])
def test_nested_formulas_take_no_longer_than_plain_ones(part: str, closed: bool) -> None:
    # The converter takes twice as long for each level of some of these: ten seconds for sixteen, for ever for more.
    ends = part.count("{") * "}" + part.count("[") * "]"
    title = f"${part * 16}x{ends * 16 if closed else ''}$"
    started = time.process_time()
    latex.unicode(title)
    latex.unicode(" ".join(f"${part * count}x{ends * count if closed else ''}$" for count in range(1, 17)))
    latex.unicode(f"\\emph{{{part.replace('{', '(') * 16}x{(']' * 16) if closed else ''}}}")
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "$" * 100_000, "\\(" * 50_000, "$a" * 50_000, "\\" * 100_000, "\\a{" * 30_000, "{\\" * 50_000,
        "$$" + "a$" * 50_000, "\\" + "a" * 100_000, "$" + "{" * 398 + "$", "\\'{\\'{" * 20_000,
        "\\frac{a}{b} " * 10_000,
        " ".join(f"$\\alpha_{{{number}}}$" for number in range(10_000)),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_a_hostile_abstract_does_not_hold_the_screen_up(text: str) -> None:
    started = time.process_time()
    latex.unicode(text)
    assert time.process_time() - started < 1.5


def test_after_many_formulas_the_rest_stays_source() -> None:
    shown = latex.unicode(" ".join(["$x^2$"] * 1000))
    assert shown.startswith("x² x² ")
    assert shown.endswith("$x^2$ $x^2$")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        texts.map(lambda text: text[:500]),
        texts.map(lambda text: f"${text[:300]}$"),
        st.lists(st.sampled_from([*NESTING, *SIGNS]), max_size=40).map("".join),
    )
)
def test_any_text_is_converted_without_an_error_and_cannot_act_afterwards(text: str) -> None:
    shown = latex.unicode(text)
    if "$" not in text and "\\" not in text:
        assert shown == text
    assert not set(styled.safe(shown)) & set("\x1b\x9b\n\u202e")
