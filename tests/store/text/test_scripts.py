"""Superscripts and subscripts in plain text. The notations of all formats (TeX, HTML, …) result in the same text."""

from __future__ import annotations

import json
import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.registry import named
from store.formats.shared import html_text, markup
from store.model.entry import Entry
from store.text import scripts, tex
from tests.thorough import examples


@pytest.mark.parametrize(
    ("text", "raised", "lowered"),
    [
        ("3", "³", "₃"),
        ("-26", "⁻²⁶", "₋₂₆"),
        ("−26", "⁻²⁶", "₋₂₆"),
        ("2+", "²⁺", "₂₊"),
        ("n-1", "ⁿ⁻¹", "ₙ₋₁"),
        (" 3 ", "³", "₃"),
        ("eff", "ᵉᶠᶠ", "_(eff)"),
        ("c", "ᶜ", "_(c)"),
        ("q", "^(q)", "_(q)"),
        ("2,3", "^(2,3)", "_(2,3)"),
        ("(2,3)", "^(2,3)", "_(2,3)"),
        ("x y", "ˣ ʸ", "_(x y)"),
        ("∞", "^(∞)", "_(∞)"),
        ("α", "ᵅ", "_(α)"),
        ("∘", "°", "_(∘)"),
        ("°", "°", "°"),
        ("†", "†", "†"),
        ("′", "′", "′"),
        ("TM", "™", "_(TM)"),
        ("th", "th", "ₜₕ"),
        ("", "", ""),
        ("  ", "", ""),
    ],
)
def test_a_script_in_unicode_or_in_brackets(text: str, raised: str, lowered: str) -> None:
    assert (scripts.superscript(text), scripts.subscript(text)) == (raised, lowered)


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("H2O", "H₂O"),
        ("SO4^2-", "SO₄²⁻"),
        ("Ca^{2+}", "Ca²⁺"),
        ("Na+", "Na⁺"),
        ("^{235}U", "²³⁵U"),
        ("2H2 + O2 -> 2H2O", "2H₂ + O₂ → 2H₂O"),
        ("Fe(CN)6^3-", "Fe(CN)₆³⁻"),
        ("La_{2-x}Sr_xCuO4", "La_(2-x)SrₓCuO₄".replace("_(2-x)", "₂₋ₓ")),
        ("A <=> B", "A ⇌ B"),
    ],
)
def test_a_chemical_formula(source: str, formula: str) -> None:
    assert scripts.chemistry(source) == formula
    assert tex.for_storage(rf"On \ce{{{source}}} again") == f"On {formula} again"


# -- every notation of "Lists of 10³ items in H₂O at T_(eff) and 10⁻²⁶"

EXPECTED = "Lists of 10³ items in H₂O at T_(eff) and 10⁻²⁶"
TEX = r"Lists of 10\textsuperscript{3} items in H\textsubscript{2}O at T\textsubscript{eff} and 10\textsuperscript{-26}"
CHEMISTRY = r"Lists of 10\ensuremath{^{3}} items in \ce{H2O} at T\ensuremath{_{eff}} and 10\textsuperscript{-{26}}"
HTML = "Lists of 10<sup>3</sup> items in H<sub>2</sub>O at T<sub>eff</sub> and 10<sup>−26</sup>"
REFERENCES = HTML.replace("−", "&minus;").replace(">3<", ">&#51;<")
JATS = HTML.replace("<sup>", "<jats:sup>").replace("</sup>", "</jats:sup>")
ELSEVIER = HTML.replace("sub>", "inf>")
ESCAPED = HTML.replace("<", "&lt;").replace(">", "&gt;")
MATHML = (
    "Lists of <math><msup><mn>10</mn><mn>3</mn></msup></math> items in <math><msub><mi>H</mi><mn>2</mn></msub>"
    "<mi>O</mi></math> at <math><msub><mi>T</mi><mrow><mi>e</mi><mi>f</mi><mi>f</mi></mrow></msub></math> and "
    "<math><msup>\n <mn>10</mn>\n <mrow><mo>−</mo><mn>26</mn></mrow>\n</msup></math>"
)
PREFIXED = MATHML.replace("<", "<mml:").replace("<mml:/", "</mml:")
DISPLAYED = "Lists of $10^3$ items in H$_2$O at $T_{\\mathrm{eff}}$ and $10^{-26}$"
STYLED = (
    HTML.replace("<sup>", '<style face="superscript" font="default" size="100%">')
    .replace("<sub>", '<style face="subscript">')
    .replace("</sup>", "</style>")
    .replace("</sub>", "</style>")
)


def title(format: str, text: str) -> str:
    """The title of the only entry in a file."""
    (entry,) = [item for item in named(format).read(BytesIO(text.encode())) if isinstance(item, Entry)]
    return entry.paper.title


@pytest.mark.parametrize("source", [HTML, REFERENCES, JATS, ELSEVIER, ESCAPED, MATHML, PREFIXED])
def test_markup_becomes_text(source: str) -> None:
    assert markup.plain(source) == EXPECTED


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A bound of 10{sup -26} on CO{sub 2}", "A bound of 10⁻²⁶ on CO₂"),
        ("LiNbO/sub 3/ and 10/sup 3/", "LiNbO₃ and 10³"),
        ("MgO/sup 2+ / and x/sub ij/", "MgO²⁺ and xᵢⱼ"),
        ("and/or, /sub 3/, usr/sub directory/", "and/or, /sub 3/, usr/sub directory/"),
        ("{sup not closed", "{sup not closed"),
    ],
)
def test_scripts_as_words(source: str, text: str) -> None:
    """OSTI and INSPEC write superscripts and subscripts as words."""
    assert markup.plain(source) == text
    entry = title("bibtex", f"@article{{a, title = {{{source}}}}}") if source.count("{") == source.count("}") else text
    assert entry == text


@pytest.mark.parametrize("source", [TEX, CHEMISTRY])
def test_tex_becomes_text(source: str) -> None:
    assert tex.for_storage(source) == EXPECTED
    assert tex.for_storage(source, keep_braces=True) == EXPECTED


@pytest.mark.parametrize("source", [DISPLAYED, TEX, EXPECTED])
def test_the_screen_shows_the_same(source: str) -> None:
    assert tex.for_display(source) == EXPECTED


def test_a_web_page_shows_the_same() -> None:
    page = html_text.part(f"<p>{HTML}</p>")
    assert page is not None
    assert html_text.line(page.body) == EXPECTED


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("bibtex", f"@article{{a, title = {{{TEX}}}}}"),
        ("bibtex", f"@article{{a, title = {{{HTML}}}}}"),
        ("ris", f"TY  - JOUR\nTI  - {HTML}\nER  - \n"),
        ("csv", f"title,authors,doi\n{HTML},Ada,10.1000/1\n"),
        ("csv", f"title,authors,doi\n{ELSEVIER},Ada,10.1000/1\n"),
        ("csl-json", json.dumps([{"type": "article-journal", "title": HTML}])),
        ("crossref", json.dumps({"message": {"items": [{"DOI": "10.1000/1", "title": [PREFIXED]}]}})),
        ("openalex", json.dumps({"results": [{"id": "https://openalex.org/W1", "title": MATHML}]})),
        ("endnote-xml", f"<xml><records><record><titles><title>{STYLED}</title></titles></record></records></xml>"),
        (
            "pubmed",
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
            f"{HTML}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
        ),
        (
            "pubmed",
            '<PubmedArticleSet xmlns:mml="http://www.w3.org/1998/Math/MathML"><PubmedArticle><MedlineCitation>'
            f"<PMID>1</PMID><Article><ArticleTitle>{PREFIXED}</ArticleTitle></Article></MedlineCitation>"
            "</PubmedArticle></PubmedArticleSet>",
        ),
    ],
)
def test_every_format_gives_the_same(format: str, text: str) -> None:
    assert title(format, text) == EXPECTED


@pytest.mark.parametrize(
    ("mathml", "text"),
    [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", "(a+b)/c"),
        ("<msqrt><mn>2</mn></msqrt>", "√2"),
        ("<msqrt><mi>n</mi><mo>+</mo><mn>1</mn></msqrt>", "√(n+1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "³√x"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "xᵢ²"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", "x\u0304"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", "∑ᵢⁿ"),
        ("<mmultiscripts><mi>U</mi><mprescripts/><none/><mn>235</mn></mmultiscripts>", "²³⁵U"),
        ("<semantics><mi>x</mi><annotation>x</annotation></semantics>", "x"),
        ("<mi>f</mi><mo>&#8289;</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f(x)"),
        ("<mi>p</mi> <mo>&lt;</mo> <mn>0.05</mn>", "p<0.05"),
        ("<mtext>if and only if</mtext>", "if and only if"),
        ("<msup><mi>x</mi></msup>", "x"),
        ("<msup><mi>x</mi><mn>2</mn>", "x²"),
        ("</msup>x", "x"),
        ("", ""),
    ],
)
def test_a_formula_in_mathml(mathml: str, text: str) -> None:
    assert markup.plain(f"Let <math>{mathml}</math> be") == f"Let {text} be"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"25$^\circ$C", "25°C"),
        (r"25$^{\circ}$C", "25°C"),
        (r"$25^\circ\mathrm{C}$", "25°C"),
        (r"25\textsuperscript{$\circ$}C", "25°C"),
        (r"10 cm\textsuperscript{$-$1}", "10 cm⁻¹"),
        (r"$10\sp{3}$", "10³"),
        (r"$\ce{H2O}$", "H₂O"),
        (r"$x^{\frac{1}{2}}$", "x^(1/2)"),
        (r"$A^\dagger$", "A†"),
        (r"$x^\infty$", "x^(∞)"),
    ],
)
def test_a_formula_of_tex(source: str, text: str) -> None:
    assert tex.for_display(tex.for_storage(source)) == text


@pytest.mark.timing
@pytest.mark.parametrize(
    "piece",
    [
        "<math>", "<math><mrow>", "<math><msup>", "</math>", "<sup>", "<sup><sub>", "<sup>a</sup>", "<math></math>",
        "<math><mi>x</mi></math>", "<m:math>", "<math ",
    ],
)  # fmt: skip
def test_markup_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        markup.plain(piece * count)
        return time.process_time() - started

    few, many = (min(seconds(count) for _ in range(3)) for count in (3_000, 12_000))
    assert many < 10 * few + 0.02


@pytest.mark.timing
@pytest.mark.parametrize(
    "piece",
    [
        r"\textsuperscript{", r"\ce{", r"\ce{a", r"\ce{a{b}", r"\ifmmode", r"\ifmmode a\else ", r"\ensuremath{",
        r"\ensuremath{^",
        r"\textsuperscript{a}", r"\char", r"\it{", "^", "_{", r"\ce{{}", r"\ifmmode\fi",
    ],
)  # fmt: skip
def test_tex_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        tex.for_storage(piece * count)
        return time.process_time() - started

    few, many = (min(seconds(count) for _ in range(3)) for count in (3_000, 12_000))
    assert many < 10 * few + 0.02


@examples(100, 5000)
@given(st.lists(st.sampled_from(["{", "}", "/", "sup ", "sub ", "su", "3", "x", ")"]), max_size=8).map("".join))
def test_texts_without_script_words_are_recognized_without_the_pattern(text: str) -> None:
    assert scripts.from_words(text) == scripts._AS_WORDS.sub(scripts._of_words, text)
