"""TeX in stored titles, names and abstracts: accents and commands become letters, and all else is unchanged."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.text import tex, tex_storage
from tests.thorough import examples
from tests.timing import shortest_time


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"M{\aa}ns Erd\H{o}s", "Måns Erdős"),
        (r"C. Bal\'azs, Gr\"obner, J\'er\^ome, Nu\~nez", "C. Balázs, Gröbner, Jérôme, Nuñez"),
        (r"{\"{o}} {\"o} \"{o} \"o \" {o}", 'ö ö ö ö \\" o'),
        (r"\'{\i}\'\i\'i \^{\i}", "ííí î"),
        (r"\v{C}apek \c cedil \c{S} \u{a} \k{a} \.{z} \.Z \r{u} \d{s} \={e} \b{c}", "Čapek çedil Ş ă ą ż Ż ů ṣ ē c̱"),
        (r"S\o ren Gro{\ss}e \L{}\'od\'z \ae \AE sop \OE uvre", "Søren Große Łódź æÆsop Œuvre"),
        (r"\'{\^e} \^\'e \t{oo}", "ế é̂ o͡o"),
        (r"\DJ or{\dj}e \th \TH or \ng", "Đorđe þÞor ŋ"),
        (r"{\it Ab initio} {\em x} \emph{y} \textbf{z {w}}", "Ab initio x y z w"),
        (r"17\textsuperscript{th} H\textsubscript{2}O", "17th H₂O"),
        (r"10\% of R\&D \#1 a\_b \{x\}", "10% of R&D #1 a_b {x}"),
        (r"5 \AA wide, \AA rhus, 4000~\AA", "5 Å wide, Århus, 4000~Å"),
        (r"\alpha particles at 90{\deg} \textendash{} \textquoteright s", "α particles at 90° – ’s"),
        (r"\url{http://a.b/x_y} \href{http://a.b}{the text}", "http://a.b/x_y the text (http://a.b)"),
        (r"http://www.example.org/\~{}gould http://a.b/\~gould", "http://www.example.org/~gould http://a.b/~gould"),
        (r"\TeX, \LaTeX", "TeX, LaTeX"),
        (r"{DNA} {\textquotedblleft}q{\textquotedblright} {{Nested}}", "DNA “q” Nested"),
    ],
)
def test_accents_and_simple_commands_become_letters(source: str, text: str) -> None:
    assert tex.for_storage(source) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text, 100 % of it, for $5",
        "M.~Smith -- a ``quoted'' one",
        r"$\alpha_{1}$ and $$\'{e}$$ and \(\'{e}\) and \[ \sum_{i} \]",
        r"\cite{foo}{bar} and \ref[a]{b}",
        r"x_{12} and 10^{-3}",
        r"\$5 and \$6",
        "\\",
        "{",
        "}",
        "}{",
        r"\'",
        r"\' and \v",
        r"\unknown command",
        r"\begin{equation} x^{2} \end{equation}",
        r"\newcommand{\x}{y}",
    ],
)
def test_a_command_without_a_letter_stays_as_written(text: str) -> None:
    assert tex.for_storage(text) == text


def test_plain_text_is_returned_as_the_same_object() -> None:
    text = "Über 100 % of $x^2$"
    assert tex.for_storage(text) is text


def test_the_only_dollar_of_a_text_is_not_math() -> None:
    assert tex.for_storage(r"The \$100 laptop of {MIT}") == "The $100 laptop of MIT"
    assert tex.for_storage(r"costs $5, says Erd\H{o}s") == "costs $5, says Erdős"


def test_commands_around_math_are_converted_and_math_is_not() -> None:
    assert tex.for_storage(r"Erd\H{o}s: $\{\'e\}$, {\bf b} $a\$b_{c}$ {d}") == r"Erdős: $\{\'e\}$, b $a\$b_{c}$ d"


def test_keep_braces_keeps_the_braces_without_tex_inside() -> None:
    assert tex.for_storage(r"{a, b} of {\it C} and M{\aa}ns", keep_braces=True) == "{a, b} of C and Måns"
    assert tex.for_storage(r"T_{\rm eff} {} x", keep_braces=True) == "T_{eff}  x"


@settings(deadline=None)
@given(st.text(st.sampled_from("\\{}$'\"`^~=.cvHurkdbt \naeiouAZ1%&_[]()"), max_size=60))
def test_any_text_is_converted_without_an_error_and_without_growing(text: str) -> None:
    converted = tex.for_storage(text)
    assert len(converted) <= 4 * len(text) + 4
    assert tex.for_storage(text, keep_braces=True).count("\n\n") <= text.count("\n\n") + text.count("\\")


@settings(deadline=None)
@given(st.text(max_size=40).filter(lambda text: not set(text) & set("\\{}")))
def test_text_without_backslashes_and_braces_is_unchanged(text: str) -> None:
    assert tex.for_storage(text) is text


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    ["{", "}", r"\'{", r"\'", "$", r"\(", "$$", r"\url{", r"\href{a}{", r"{\it ", r"\cite[", r"\v ", "_{", "$\\"],
)
def test_hostile_tex_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * size + r"\'e"
        return shortest_time(lambda: tex.for_storage(text))

    # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times. The limit is
    # between these.
    assert seconds(16_000) < 30 * max(seconds(2_000), 0.0005)


_PIECES = (
    "a", "e", "i", "n", "O", " ", "\n", "$", "$$", "{", "}", "_", "^", "/", "x", "\\", "\\'", '\\"', "\\`", "\\^",
    "\\~", "{\\'e}", '\\"{o}', "{\\~n}", "\\'\\i", "{\\'{\\i}}", "\\alpha", "$x_{1}$", "\\(", "\\)", "\\emph{",
    "\\url{", "\\c", "é",
)  # fmt: skip


@examples(300, 4_000)
@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join), st.booleans())
@example(r"$$$a$$\emph{$", False)
def test_the_fast_path_for_accents_gives_the_result_of_the_full_pass(text: str, keep_braces: bool) -> None:
    assert tex.for_storage(text, keep_braces=keep_braces) == tex_storage._Reading(text, keep_braces).result()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"K{\"a}hler's $\mathcal{N}=4$ by Schr\"odinger", r"Kähler's $\mathcal{N}=4$ by Schrödinger"),
        (r"$x_{\'e}$ and G\"{o}del", r"$x_{\'e}$ and Gödel"),
        (r"x_{\'e} and ^{\"o}", "x_{é} and ^{ö}"),
        (r"http://www.example.org/\~name and {\~n}", "http://www.example.org/~name and ñ"),
    ],
)
def test_accents_beside_math_become_letters(source: str, text: str) -> None:
    assert tex.for_storage(source, keep_braces=True) == text
