"""BibTeX as people and programs write it: comments between fields, unbalanced braces, text that was escaped twice."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.bibliography import bibtex, bibtex_repair
from store.model.entry import Entry, Item, Warned
from tests.thorough import examples

AFTER = "\n\n@article{b,\n  title = {After},\n  year = 2021\n}\n"


def read(text: str) -> list[Item]:
    return list(bibtex.read(io.BytesIO(text.encode())))


def summaries(text: str) -> list[tuple[str, tuple[str, ...], str | None]]:
    """The title, the authors and the date of each entry."""
    papers = [item.paper for item in read(text) if isinstance(item, Entry)]
    return [
        (
            paper.title,
            tuple(author.name for author in paper.authors),
            paper.publication_date.text if paper.publication_date else None,
        )
        for paper in papers
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a,\n  author = { Alpha, Ada }, % the first author\n  title = {T},\n  year = 2020,\n}",
        "@article{a,\n  author = {Alpha, Ada},\n  % title = {Old},\n  title = {T},\n  year = 2020\n}",
        "@article{a, % a comment\n  author = {Alpha, Ada}, title = {T}, year = 2020}",
        "@article{a, author = {Alpha, Ada}, title = {T} % a comment\n, year = 2020}",
        "@article{a, author = {Alpha, Ada}, title = {T}, year = 2020 % the last one\n}",
        "@article{a, author = {Alpha, Ada}, title = {T}, % a } brace\n year = 2020}",
        "@article{a, author = {Alpha, Ada}, title = {T}, % a { brace\n year = 2020}",
        '@article{a, author = {Alpha, Ada}, title = {T}, % a " quotation mark\n year = 2020}',
        "@article{a, author = {Alpha, Ada}, title = {T}, % see @article{x,\n year = 2020}",
        "@article{a,\n%author = {Beta, Bert},\nauthor = {Alpha, Ada}, title = {T}, year = 2020}",
        '@article{a, author = "Alpha, " # % joined\n "Ada", title = {T}, year = 2020}',
        "@article{a, author = {Alpha, Ada}, title = {T}, %\r\n year = 2020}",
        "@article(a, author = {Alpha, Ada}, title = {T}, % comment\n year = 2020)",
    ],
)
def test_a_comment_between_fields_is_ignored(entry: str) -> None:
    assert summaries(entry + AFTER) == [("T", ("Ada Alpha",), "2020"), ("After", (), "2021")]
    assert all(isinstance(item, Entry) for item in read(entry + AFTER))


@pytest.mark.parametrize(
    "value", ["{50% of T}", '"50% of T"', r"{50\% of T}", "{50{%} of T}", "{{50% of T}}", '"50% " # "of T"']
)
def test_a_percent_sign_inside_a_value_stays(value: str) -> None:
    assert summaries(f"@article{{a, title = {value}, year = 2020}}{AFTER}")[0] == ("50% of T", (), "2020")


def test_an_address_with_an_escape_stays() -> None:
    (entry,) = read("@article{a, title = {T}, url = {https://a.example/x%20y}}")
    assert isinstance(entry, Entry)
    assert entry.paper.links[0].url == "https://a.example/x%20y"


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a, author={Alpha, Ada}, title={A {B}, year=2020}",
        "@article{a, author={Alpha, Ada}, title={A} B}, year=2020}",
        "@article{a,\n author={Alpha, Ada},\n title={A {B},\n year=2020\n}",
        "@article{a,\n author={Alpha, Ada},\n title={A B}},\n year=2020\n}",
        '@article{a,\n author="Alpha, Ada",\n title="A {B",\n year=2020\n}',
        "@article{a,\n title={A B},\n author={Alpha, Ada},\n year=2020,\n abstract={f(x) = {y if x < 3},\n}",
        "@article{a,\n author={Alpha, Ada},\n title={A B},\n year=2020\n",
    ],
)
def test_unbalanced_braces_lose_no_field(entry: str) -> None:
    expected = ("A B", ("Ada Alpha",), "2020")
    first, second = summaries(entry + AFTER)
    assert (first[0].replace(" ", ""), *first[1:]) == ("AB", *expected[1:])
    assert second == ("After", (), "2021")


def test_unbalanced_braces_are_reported_with_line_and_key() -> None:
    items = read("\n\n@article{a, title={A {B}, year=2020}" + AFTER)
    (warned,) = [item for item in items if isinstance(item, Warned)]
    assert "line 3" in warned.text
    assert "“a”" in warned.text


def test_the_last_entry_may_have_unbalanced_braces_too() -> None:
    items = read("@article{a,\n title={A {B},\n year=2020\n}\n")
    assert [type(item) for item in items] == [Entry, Warned]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (r"On $\backslash$ell\_1 lists", "On ℓ₁ lists"),
        (r"On $\backslash$ell\_\{p,q\} lists", "On ℓ_{p,q} lists"),
        (r"On $\backslash$ell\_{12} lists", "On ℓ₁₂ lists"),
        (r"The $\backslash$alpha-stable $\backslash$beta\^{}2", "The α-stable β²"),
        (r"$\{$BERT$\}$: a list", "BERT: a list"),
        (r"M$\backslash$" + '"uller', "Müller"),
        (r"O ($\backslash$sqrt$\{$n$\}$)", r"O (\sqrt{n})"),
        (r"The $\Sigma^{0}$ hyperon", r"The $\Sigma^{0}$ hyperon"),
        (r"{\textbackslash}ell\_1", r"\ell_1"),
        (r"{\ifmmode\check{C}\else\v{C}\fi}erenkov", "Čerenkov"),
        (r"\ifmmode\check{C}\else\v{C}\fi{}erenkov", "Čerenkov"),
        (r"4 \ifmmode\times\else\texttimes\fi{} 4 lists", "4 × 4 lists"),
        (r"${a}\ifmmode\times\else\texttimes\fi{}b$", r"${a}\times{}b$"),
        (r"\it{Homo sapiens} and {\bf lists}", "Homo sapiens and lists"),
        (r"\textit{Homo {sapiens}}", "Homo sapiens"),
        (r"Lists of 10\textsuperscript{3} Items in {H\textsubscript{2}O}", "Lists of 10³ Items in H₂O"),
        (r"{{A bound of 10\textsuperscript{-26} on lists}}", "A bound of 10⁻²⁶ on lists"),
        (r"\ce{H2O} and {\ce{SO4^2-}}", "H₂O and SO₄²⁻"),
        (r"MoS\ensuremath{_2}", "MoS₂"),
        (r"Schr\"odinger\char39{}s cat", "Schrödinger's cat"),
        (r"25\textdegree C, 25$^\circ$C", r"25°C, 25$^\circ$C"),
    ],
)
def test_the_tex_of_a_title_is_converted(title: str, text: str) -> None:
    (found_title, _, _), _ = summaries(f"@article{{a, title = {{{title}}}}}{AFTER}")
    assert found_title == text


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Alpha, Ada & Beta, Bert", ("Ada Alpha", "Bert Beta")),
        ("Alpha, Ada \\& Beta, Bert", ("Ada Alpha", "Bert Beta")),
        ("{Johnson & Johnson}", ("Johnson & Johnson",)),
        ("Alpha, A., Beta, B., Gamma, C. D.", ("A. Alpha", "B. Beta", "C. D. Gamma")),
        ("García López, María; Beta, Bert", ("María García López", "Bert Beta")),
        ("{H.E.S.S. Collaboration} and Alpha, Ada", ("H.E.S.S. Collaboration", "Ada Alpha")),
    ],
)
def test_names_that_are_not_separated_by_and(author: str, names: tuple[str, ...]) -> None:
    assert summaries(f"@article{{a, title = {{T}}, author = {{{author}}}}}")[0][1] == names


@pytest.mark.timing
@pytest.mark.parametrize(
    "piece", ["%", "a = {b}, % c\n", "{", "a = {b {c}, ", ", title = {", "% {\n", '"%', "title = 3,\n"]
)
def test_the_time_is_linear(piece: str) -> None:
    def seconds(count: int) -> float:
        text = "@article{a, title = {T}, " + piece * count + "}" + AFTER
        started = time.process_time()
        read(text)
        return time.process_time() - started

    few, many = (min(seconds(count) for _ in range(3)) for count in (2_000, 8_000))
    assert many < 10 * few + 0.02


@examples(200, 10_000)
@given(st.lists(st.sampled_from(["%", "{", "}", '"', "\\", "\n", "a", ","]), max_size=12).map("".join))
def test_comments_are_cut_wherever_the_search_finds_them(body: str) -> None:
    assert bibtex_repair.without_comments(body) == bibtex_repair._cut_comments(body)
