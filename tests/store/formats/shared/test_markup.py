"""HTML, JATS and MathML markup is removed from titles and abstracts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.shared.markup import plain
from store.text.clean import prose


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<jats:p>One.</jats:p>", "One."),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\n\nTwo."),
        ("<p>One.</p> <p>Two.</p>", "One.\n\nTwo."),
        (
            "<jats:sec><jats:title>Methods</jats:title>\n <jats:p>We did.</jats:p></jats:sec>\n"
            "<jats:sec><jats:title>Results:</jats:title><jats:p>It worked.</jats:p></jats:sec>",
            "Methods: We did.\n\nResults: It worked.",
        ),
        ("<jats:p>H<jats:sub>2</jats:sub>O, 10<jats:sup>−5</jats:sup> m</jats:p>", "H₂O, 10⁻⁵ m"),
        ("<jats:p>4<jats:sup>th</jats:sup></jats:p>", "4th"),
        ("<jats:p>p &lt; 0.05 &amp; q &gt; 1</jats:p>", "p < 0.05 & q > 1"),
        ("plain p < 0.05 and q > 1, AT&T &co", "plain p < 0.05 and q > 1, AT&T &co"),
        ("The <mask> token and <b>bold</b>", "The <mask> token and bold"),
        ("&lt;p&gt;Escaped once too often.&lt;/p&gt;", "Escaped once too often."),
        (
            "<p class=\"x y\" id=z>One<br/>two <i >three</i > <a href='https://a.org'>four</a></p>",
            "One\n\ntwo three four",
        ),
        ("where a<b and <i>c</i>>d", "where a<b and c>d"),
        ("a<jats:list><jats:list-item><jats:p>b</jats:p></jats:list-item></jats:list>c", "a\n\nb\n\nc"),
    ],
)
def test_markup_is_removed_and_paragraphs_stay(markup: str, text: str) -> None:
    assert prose(plain(markup)) == text


MATHML = '<mml:math xmlns:mml="x"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>'
TEX = "<jats:tex-math>$x^2$</jats:tex-math>"


def test_the_tex_of_a_formula_in_two_notations_is_kept() -> None:
    for notations in (MATHML + TEX, TEX + MATHML):
        formula = f"<jats:inline-formula><jats:alternatives>{notations}</jats:alternatives></jats:inline-formula>"
        assert plain(f"<jats:p>Let {formula} be.</jats:p>") == "Let $x^2$ be."


def test_a_formula_in_a_single_notation_is_kept() -> None:
    assert plain(f"Let {TEX} be.") == "Let $x^2$ be."
    assert plain(f"Let {MATHML} be.") == "Let x² be."


def test_a_formula_that_is_a_whole_tex_document_loses_its_preamble() -> None:
    document = r"\documentclass[12pt]{minimal}\usepackage{amsmath}\begin{document}$$x$$\end{document}"
    assert plain(f"Let <jats:tex-math>{document}</jats:tex-math> be.") == "Let $$x$$ be."


def test_the_annotation_of_a_formula_is_removed() -> None:
    noted = '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math>'
    assert plain(noted.replace("<", "<mml:").replace("<mml:/", "</mml:")) == "x"


@pytest.mark.parametrize(
    "markup",
    [
        "<jats:p>One <jats:italic>two",
        "<jats:tex-math>One two",
        "<jats:alternatives><jats:tex-math>One two",
        "<jats:title>One two",
        "<jats:sup>One two",
        "<mml:annotation>One two",
        "One</jats:sup></jats:title></jats:tex-math></jats:alternatives> two",
    ],
)
def test_markup_that_is_not_closed_loses_no_text(markup: str) -> None:
    assert (plain(markup) or "").split() == ["One", "two"]


def test_text_without_markup_is_unchanged() -> None:
    for text in (
        "One two.",
        "",
        None,
        "a & b",
        "1 < 2",
        r"$a<b$ and \&",
        "a<b and c>d",
        "if a<b>c",
        "<i, j>",
        "x<sub y>z",
    ):
        assert plain(text) == text


@given(st.text("<>/&;:ab jatsmplupimh=\"' \n", max_size=60))
def test_any_text_gives_text(text: str) -> None:
    assert plain(text) is not None


PIECES = [
    "<jats:tex-math>",
    "<jats:sup>",
    "<",
    "<p",
    "</jats:title>",
    "<jats:title>",
    "&lt;",
    "<p <p ",
    "<p a=b ",
    "<p a='",
    "<annotation>",
]
PIECES += ["\\begin{document}", "<jats:tex-math>\\begin{document}</jats:tex-math>", "<p>", " <p>"]


@pytest.mark.timing
@pytest.mark.parametrize("piece", PIECES)
def test_removing_markup_takes_linear_time(piece: str) -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        plain(f"<jats:tex-math>{text}</jats:tex-math>")
        return time.process_time() - started

    small = min(seconds(piece * 4_000) for _ in range(3))
    large = min(seconds(piece * 16_000) for _ in range(3))
    assert large < 4 * 2.5 * small + 0.02
