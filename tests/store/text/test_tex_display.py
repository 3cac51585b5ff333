"""TeX on the screen: formulas and commands become Unicode.

Other text, and a text with too many formulas, is unchanged.
"""

from __future__ import annotations

import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text import tex
from tests.tui.hostile import texts
from tui.render import styled

IN_UNICODE = {
    "$O(n^2)$": "O(n²)",
    "$O(n \\log n)$": "O(n log n)",
    "$\\tilde{O}(n)$": "Õ(n)",
    "\\alpha-stable": "α-stable",
    "$\\alpha_{i}$": "αᵢ",
    "$x^{10}$": "x¹⁰",
    "$10^{-3}$": "10⁻³",
    "$x^{abq}$": "x^(abq)",
    "$x_{ij}^2$": "xᵢⱼ²",
    "$\\epsilon$-greedy": "ϵ-greedy",
    "$\\ell_1$": "ℓ₁",
    "$k$-NN": "k-NN",
    "$\\to$": "→",
    "$\\times$": "×",
    "$\\leq 3$": "≤ 3",
    "$n\\ge2$ and $m$": "n≥2 and m",
    "$\\|x\\|_2$": "‖x‖₂",
    "$\\{0,1\\}^n$": "{0,1}ⁿ",
    "$\\langle{}00\\overline{1}\\rangle$": "⟨001\u0305⟩",
    "$\\overline{\\chi}$ and $\\overline{AB}$": "χ\u0305 and AB",
    "$\\mathcal{L}$": "ℒ",
    "$\\mathbb{R}^n$": "ℝⁿ",
    "$\\frac{a}{b}$": "a/b",
    "$\\sqrt{2}$": "√(2)",
    "$$E=mc^2$$": "E=mc²",
    "\\(a+b\\)": "a+b",
    "BERT$_{base}$": "BERT_(base)",
    "H$_2$O": "H₂O",
    "$f_\\mathrm{NL}$": "f_(NL)",
    "$10^\\mathrm{th}$": "10th",
    "$x_\\beta{y}$": "xᵦy",
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
UNCHANGED = (
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


@pytest.mark.parametrize(("source", "shown"), IN_UNICODE.items())
def test_a_formula_is_shown_in_unicode(source: str, shown: str) -> None:
    assert tex.for_display(source) == shown
    assert tex.for_display(f"On {source}, again") == f"On {shown}, again"


@pytest.mark.parametrize("source", UNCHANGED)
def test_text_that_is_not_tex_stays_as_written(source: str) -> None:
    assert tex.for_display(source) == source


def test_a_formula_cannot_read_a_file() -> None:
    for command in ("\\input", "\\include", "\\verbatiminput", "\\lstinputlisting", "\\openin"):
        for source in (f"{command}{{/etc/passwd}}", f"${command}{{/etc/passwd}}$", f"${command} /etc/passwd$"):
            assert "root:" not in tex.for_display(source)


def test_the_tex_converter_prints_nothing(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.WARNING):
        for source in ("$\\begin{a}$", "$\\frac{a}$", "$\\sqrt[3$", "$a & b \\end{x}$"):
            tex.for_display(source)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


NESTING = (
    "\\frac{", "\\sqrt[", "\\cite[", "\\text{$", "{\\frac{a}", "\\left(", "\\begin{matrix}", "\\footnote[", "\\binom{",
)  # fmt: skip
SIGNS = ("{", "}", "]", "$", "^", "_", "\\\\", "\\%", "&", "x", " ", "\\alpha", "\\hat", "~", "\x1b", "\n")


@pytest.mark.parametrize("part", NESTING)
@pytest.mark.parametrize("closed", [False, True])
def test_nested_formulas_take_no_longer_than_plain_ones(part: str, closed: bool) -> None:
    # For some of these texts, each nested level doubles pylatexenc's time: sixteen levels would take ten seconds.
    ends = part.count("{") * "}" + part.count("[") * "]"
    title = f"${part * 16}x{ends * 16 if closed else ''}$"
    started = time.process_time()
    tex.for_display(title)
    tex.for_display(" ".join(f"${part * count}x{ends * count if closed else ''}$" for count in range(1, 17)))
    tex.for_display(f"\\emph{{{part.replace('{', '(') * 16}x{(']' * 16) if closed else ''}}}")
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
def test_a_hostile_abstract_is_converted_in_bounded_time(text: str) -> None:
    started = time.process_time()
    tex.for_display(text)
    assert time.process_time() - started < 1.5


def test_the_formulas_after_the_first_two_hundred_stay_as_written() -> None:
    converted = tex.for_display(" ".join(["$x^2$"] * 1000))
    assert converted.startswith("x² x² ")
    assert converted.endswith("$x^2$ $x^2$")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        texts.map(lambda text: text[:500]),
        texts.map(lambda text: f"${text[:300]}$"),
        st.lists(st.sampled_from([*NESTING, *SIGNS]), max_size=40).map("".join),
    )
)
def test_any_text_is_converted_without_an_error_and_is_then_made_safe_to_draw(text: str) -> None:
    converted = tex.for_display(text)
    if "$" not in text and "\\" not in text:
        assert converted == text
    assert not set(styled.safe(converted)) & set("\x1b\x9b\n\u202e")
