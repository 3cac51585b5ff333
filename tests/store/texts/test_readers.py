"""HTML, Markdown and PDF files are converted into blocks (paragraphs, headings and so on) in reading order."""

from __future__ import annotations

import pytest

from store.model.errors import ListingError
from store.texts import citations, html_reader, markdown_reader
from store.texts.blocks import Block, FullText, Span, one_span
from tests.store.formats.documents.pdfs import Text, pdf_of_pages
from tests.store.texts import pages
from tests.store.texts.pages import read_pdf
from tests.timing import shortest_time


def kinds_and_texts(text: FullText) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in text.blocks]


class TestLatexml:
    def test_each_part_of_a_paper_becomes_a_block(self) -> None:
        text = html_reader.read(pages.LATEXML.encode())
        assert text.title == "Cranes That Count"
        assert kinds_and_texts(text) == [
            ("heading", "Cranes That Count"),
            ("paragraph", "Ada Alpha"),
            ("heading", "Abstract"),
            ("paragraph", "We count cranes."),
            ("heading", "1 Why"),
            ("paragraph", "As [1] shows, most cranes¹ obey E = mc²."),
            ("note", "1 Not herons."),
            ("equation", "E = mc²\t(1)"),
            ("list", "• a list"),
            ("paragraph", "Theorem 1. All fly."),
            ("table", "bird\tcount\ncrane\tE = mc²"),
            ("caption", "Table 1: Birds."),
            ("heading", "References"),
            ("reference", "[1] B. Beta. Herons."),
        ]

    def test_citations_notes_and_links_lead_somewhere(self) -> None:
        text = html_reader.read(pages.LATEXML.encode())
        targets = {span.text: (span.kind, span.target) for block in text.blocks for span in block.spans if span.target}
        assert targets == {
            "1": ("citation", "#bib.bib1"),
            "¹": ("citation", "#footnote1"),
            "Herons": ("link", "https://arxiv.org/abs/2601.20001"),
        }
        anchors = {block.anchor for block in text.blocks}
        assert {"bib.bib1", "footnote1", "S1.E1", "S1.T1", "Thm1"} <= anchors

    def test_an_absolute_address_of_the_same_page_is_an_anchor(self) -> None:
        page = pages.LATEXML.replace('href="#bib.bib1"', 'href="https://arxiv.org/html/2601.1v1#bib.bib1"')
        (paragraph,) = [block for block in html_reader.read(page.encode()).blocks if block.text.startswith("As")]
        assert Span("1", "citation", "#bib.bib1") in paragraph.spans

    def test_the_tex_of_a_formula_is_used_only_when_there_is_nothing_else(self) -> None:
        page = '<body><p>See <math alttext="\\alpha_{i}"></math> here.</p></body>'
        (block,) = html_reader.read(page.encode()).blocks
        assert block.text == "See αᵢ here."


class TestOtherPages:
    def test_text_between_elements_is_kept(self) -> None:
        page = "<html><body><main>Before <b>bold</b><p>Inside</p>After<ul><li>one<ul><li>two</li></ul></li></ul></main>"
        assert kinds_and_texts(html_reader.read(page.encode())) == [
            ("paragraph", "Before bold"),
            ("paragraph", "Inside"),
            ("paragraph", "After"),
            ("list", "• one"),
            ("list", "• two"),
        ]

    def test_a_page_that_ends_early_says_so(self) -> None:
        assert html_reader.read(b"<html><body><p>One").remarks == ("the page ends early, so its end may be missing",)

    @pytest.mark.parametrize("page", ["", "<html><body><script>x</script></body></html>", "<nav>only a menu</nav>"])
    def test_a_page_without_text_is_refused(self, page: str) -> None:
        with pytest.raises(ListingError, match="no text"):
            html_reader.read(page.encode())

    def test_links_that_are_no_web_addresses_lead_nowhere(self) -> None:
        page = '<p><a href="javascript:alert(1)">a</a> <a href="file:///etc/passwd">b</a> <a href="http://[">c</a></p>'
        (block,) = html_reader.read(page.encode()).blocks
        assert block.spans == (Span("a b c"),)

    def test_deeply_nested_elements_keep_their_text(self) -> None:
        page = "<div>" * 3_000 + "deep" + "</div>" * 3_000
        assert "deep" in html_reader.read(f"<body><p>first</p>{page}</body>".encode()).blocks[-1].text


class TestMarkdown:
    def test_each_part_becomes_a_block(self) -> None:
        text = markdown_reader.read(pages.MARKDOWN.encode())
        assert kinds_and_texts(text) == [
            ("heading", "Cranes That Count"),
            ("heading", "Why"),
            (
                "paragraph",
                "Most cranes obey Eᵢ * mc² * x, see this and [that](javascript:alert(1)). <b>Not bold.</b>"
                " [picture: a picture]",
            ),
            ("equation", "∑ᵢ₌₁ⁿ xᵢ"),
            ("list", "1. first"),
            ("list", "2. second"),
            ("list", "• inner"),
            ("table", "bird\tcount\ncrane\tx²"),
            ("code", "count = 1"),
            ("heading", "References"),
            ("reference", "• B. Beta. Herons. arXiv:2601.20001"),
        ]
        assert [block.level for block in text.blocks if block.kind == "list"] == [1, 1, 2]

    def test_only_web_addresses_are_links(self) -> None:
        text = markdown_reader.read(pages.MARKDOWN.encode())
        assert [span.target for block in text.blocks for span in block.spans if span.target] == [
            "https://example.org/a"
        ]


class TestPdf:
    def test_columns_are_read_one_after_the_other(self) -> None:
        text = read_pdf(pages.two_columns())
        found = " ".join(block.text for block in text.blocks)
        places = [found.find(sentence) for sentence in pages.SENTENCES[:32]]
        assert -1 not in places and places == sorted(places)

    def test_headings_notes_and_references_are_blocks_with_page_and_box(self) -> None:
        text = read_pdf(pages.two_columns())
        headings = [(block.level, block.text, block.page) for block in text.blocks if block.kind == "heading"]
        assert headings == [
            (1, "Cranes That Count Better Than Herons", 1),
            (2, "1 Heading of Part 1", 1),
            (2, "2 Heading of Part 2", 1),
            (2, "3 Heading of Part 3", 2),
            (2, "4 Heading of Part 4", 2),
            (2, "References", 2),
        ]
        assert [block.text for block in text.blocks if block.kind == "note"] == ["1 Herons were not asked."]
        assert sum(block.kind == "reference" for block in text.blocks) == 2
        left, bottom, right, top = text.blocks[0].box or (0, 0, 0, 0)
        assert 100 < left < right < 500 and 700 < bottom < top < 760
        assert text.pages == 2

    def test_running_heads_and_page_numbers_are_left_out(self) -> None:
        words = " ".join(block.text for block in read_pdf(pages.two_columns()).blocks)
        assert "Journal of Birds 1, 2020" in words and words.count("Journal of Birds") == 1

    def test_a_scan_is_read_as_pages_and_says_that_it_has_no_text(self) -> None:
        stamped = read_pdf(pdf_of_pages([[], [], [Text("A page with a line of text, and with one more word.")]]))
        assert stamped.is_scan and stamped.pages == 3 and not stamped.title
        assert stamped.remarks[0].startswith(
            "2 of its 3 pages have no text, like a scan, so they are shown as pictures"
        )
        whole = read_pdf(pdf_of_pages([[], []]))
        assert whole.is_scan and whole.pages == 2 and not whole.blocks

    def test_a_page_without_text_among_others_is_named(self) -> None:
        lines = [
            Text(f"Line {number} of a page with enough text to be read.", y=700 - 12 * number) for number in range(9)
        ]
        assert read_pdf(pdf_of_pages([lines, lines, []])).remarks == ("1 of its 3 pages have no text and are left out",)


def test_a_block_joins_the_texts_of_its_spans() -> None:
    assert Block("paragraph", (Span("a"), Span(" b", "strong"))).text == "a b"


class TestCitationsOfPdfs:
    def test_numbers_in_brackets_lead_to_entries_and_addresses_to_the_web(self) -> None:
        blocks = citations.linked(
            [
                Block("paragraph", one_span("As [1, 3] and [2–9] say, see https://example.org/a. Not [x] or [12].")),
                Block("reference", one_span("[1] A. Alpha. One [2]. 2020.")),
                Block("reference", one_span("2. B. Beta. Two. 2021.")),
            ]
        )
        assert [block.anchor for block in blocks] == ["", "ref-1", "ref-2"]
        assert [(span.text, span.kind, span.target) for span in blocks[0].spans if span.target] == [
            ("1", "citation", "#ref-1"),
            ("2", "citation", "#ref-2"),
            ("https://example.org/a", "link", "https://example.org/a"),
        ]
        assert not any(span.target for span in blocks[1].spans)
        assert blocks[0].text == "As [1, 3] and [2–9] say, see https://example.org/a. Not [x] or [12]."

    def test_labels_lead_to_entries(self) -> None:
        blocks = citations.linked(
            [
                Block("paragraph", one_span("See [Knu84], [KL02a; 4, p. 3] and [Daly, 2007: 3], but not [Kn84, 4].")),
                Block("reference", one_span("[Knu84] D. Knuth. The book.")),
                Block("reference", one_span("[KL02a] K. and L. Another.")),
                Block("reference", one_span("[Daly, 2007: 3] P. Daly. A third.")),
                Block("reference", one_span("[4] D. Delta. A fourth.")),
            ]
        )
        assert [(span.text, span.target) for span in blocks[0].spans if span.target] == [
            ("Knu84", "#entry-1"),
            ("KL02a", "#entry-2"),
            ("4", "#ref-4"),
            ("Daly, 2007: 3", "#entry-3"),
        ]


class TestCitationsOfMarkdown:
    _REFERENCES = "\n\n## References\n\n[1] A. Alpha. One. https://example.org/one\n[2] B. Beta.\nTwo.\n"

    def test_numbers_in_brackets_lead_to_entries_of_which_each_begins_a_line(self) -> None:
        text = markdown_reader.read(f"# On Bees\n\nAs [2] and [1, 3] say.{self._REFERENCES}".encode())
        assert [block.text for block in text.blocks if block.kind == "reference"] == [
            "[1] A. Alpha. One. https://example.org/one",
            "[2] B. Beta. Two.",
        ]
        assert [(span.text, span.target) for block in text.blocks for span in block.spans if span.target] == [
            ("2", "#ref-2"),
            ("1", "#ref-1"),
            ("https://example.org/one", "https://example.org/one"),
        ]

    @pytest.mark.parametrize(
        "references",
        [
            "- [1] A. Alpha.\n- [Knu84] D. Knuth.",
            "\\[1\\] A. Alpha,\n[in Russian].\n\n[Knu84] D. Knuth.",
            "1. A. Alpha.\n\n[Knu84] D. Knuth.",
        ],
    )
    def test_labels_may_be_items_of_a_list_or_have_escaped_brackets(self, references: str) -> None:
        text = markdown_reader.read(
            f"# On Bees\n\nAs \\[1\\] and [Knu84] say.\n\n## References\n\n{references}".encode()
        )
        entries = {block.anchor: block.text for block in text.blocks if block.kind == "reference"}
        assert len(entries) == 2
        targets = [span.target.removeprefix("#") for span in text.blocks[1].spans if span.target]
        assert ["Alpha" in entries[targets[0]], "Knuth" in entries[targets[1]]] == [True, True]

    def test_links_and_code_and_formulas_stay(self) -> None:
        words = "A [page [1]](https://example.org/page), `a[1]`, $x_{[1]}$, **bold [2]**."
        text = markdown_reader.read(f"# On Bees\n\n{words}{self._REFERENCES}".encode())
        spans = text.blocks[1].spans
        assert [(span.text, span.kind, span.target) for span in spans if span.target] == [
            ("page [1]", "link", "https://example.org/page"),
            ("2", "citation", "#ref-2"),
        ]
        assert ("a[1]", "code") in [(span.text, span.kind) for span in spans]
        assert ("bold [", "strong") in [(span.text, span.kind) for span in spans]


def test_scripts_of_formulas_have_no_needless_brackets_and_spaces() -> None:
    sub = "<msub><mi>g</mi><mi>Z</mi></msub>"
    sup = "<msup><mi>N</mi><mrow><mi>n</mi><mo>−</mo><mn>2</mn></mrow></msup>"
    page = f"<body><p><math><mrow>{sub}<mo>+</mo>{sup}</mrow></math> and <math>{sub}<mi>a</mi></math></p></body>"
    (block,) = html_reader.read(page.encode()).blocks
    assert block.text == "g_Z + Nⁿ⁻² and g_(Z)a"


def test_a_note_before_the_title_is_a_note_after_it() -> None:
    note = '<span class="ltx_note ltx_role_thanks"><sup class="ltx_note_mark">†</sup>Funded.</span>'
    assert kinds_and_texts(html_reader.read(f"<body>{note}<h1>Title</h1><p>Text</p></body>".encode())) == [
        ("heading", "Title"),
        ("note", "† Funded."),
        ("paragraph", "Text"),
    ]


def test_the_authors_of_a_page_have_a_paragraph_each() -> None:
    page = """<body><h1>Cranes</h1><div class="ltx_authors">
    <span class="ltx_creator"><span class="ltx_personname">Ada Alpha<sup>1</sup></span><span class="ltx_author_notes">
    <span class="ltx_contact ltx_role_email"><a href="mailto:a@e.org">a@e.org</a></span>
    <span class="ltx_contact ltx_role_affiliation"><span class="ltx_text ltx_affiliation_institution">Birds</span><span
    class="ltx_text ltx_affiliation_city">Rome</span></span>
    <span class="ltx_contact ltx_role_orcid">1234-5678</span></span></span>
    <span class="ltx_author_before">, </span>
    <span class="ltx_creator"><span class="ltx_personname">Bert Beta and Carl Gamma<br class="ltx_break"><span>Institute
    of Herons</span></span></span></div><p>Text.</p></body>"""
    assert kinds_and_texts(html_reader.read(page.encode()))[1:] == [
        ("paragraph", "Ada Alpha¹ · a@e.org · Birds, Rome"),
        ("paragraph", "Bert Beta and Carl Gamma"),
        ("paragraph", "Institute of Herons"),
        ("paragraph", "Text."),
    ]


def test_a_sentence_that_a_figure_divides_is_one_paragraph_before_it() -> None:
    page = """<body><h1>Cranes</h1><p>Table 1,</p><figure><figcaption>Table 1: Birds.</figcaption></figure>
    <p>and the text go on.</p><figure><figcaption>Table 2: Herons.</figcaption></figure><p>It ends.</p>
    <figure><figcaption>Table 3: Storks.</figcaption></figure><p>and is no part.</p></body>"""
    assert kinds_and_texts(html_reader.read(page.encode()))[1:] == [
        ("paragraph", "Table 1, and the text go on."),
        ("caption", "Table 1: Birds."),
        ("caption", "Table 2: Herons."),
        ("paragraph", "It ends."),
        ("caption", "Table 3: Storks."),
        ("paragraph", "and is no part."),
    ]


def test_pictures_without_a_caption_are_described_and_decoration_is_not() -> None:
    page = """<body><p>Text <img src="a.png" alt="A crane in flight over water"> more.</p>
    <img class="ltx_graphics" src="b.png" alt="[Uncaptioned image]"><img src="i.png" width="16" alt="A tiny crane">
    <p><img src="c.png"></p><figure><svg></svg><figcaption>Figure 1: Drawn.</figcaption></figure></body>"""
    text = html_reader.read(page.encode())
    assert [(block.text, block.picture) for block in text.blocks if block.kind == "caption"] == [
        ("(picture: A crane in flight over water)", "a.png"),
        ("(picture without a caption)", "b.png"),
        ("Figure 1: Drawn.", ""),
        ("(a vector drawing, which recto cannot show; the web page has it)", ""),
    ]


def test_a_picture_of_markdown_is_a_caption_with_an_address_only_of_the_web() -> None:
    text = markdown_reader.read(b"![A crane](https://e.org/a.png)\n\n![Bad](bad.png)\n\nAn ![icon](x) here.")
    assert [(block.kind, block.text, block.picture) for block in text.blocks] == [
        ("caption", "A crane", "https://e.org/a.png"),
        ("caption", "Bad", ""),
        ("paragraph", "An [picture: icon] here.", ""),
    ]


def test_fractions_have_brackets_where_their_extent_would_be_unclear() -> None:
    def fraction(above: str, below: str) -> str:
        return f"<mfrac><mi>{above}</mi><mrow>{below}</mrow></mfrac>"

    product = fraction("a", "<mi>b</mi>") + fraction("c", "<mn>2</mn><mi>d</mi>")
    simple = fraction("a", "<mi>b</mi>")
    page = f"<body><p><math><mrow>{product}</mrow></math>; <math><mi>x</mi><mo>=</mo>{simple}</math></p>"
    (block,) = html_reader.read(page.encode()).blocks
    assert block.text == "(a/b)(c/(2d)); x = a/b"


@pytest.mark.timing
@pytest.mark.parametrize("unit", [r"\[ x ", r"\( x ", "$$ ", "$ ", "`` ` ", "[a](", "*a "])
def test_markdown_whose_marks_never_end_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        data = (unit * (size // len(unit))).encode()
        return shortest_time(lambda: markdown_reader.read(data))

    # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times.
    assert seconds(40_000) < 30 * max(seconds(5_000), 0.0005)


def test_a_text_in_markdown_that_is_longer_than_any_book_is_refused() -> None:
    with pytest.raises(ListingError, match="larger than 8 MiB"):
        markdown_reader.read(b"a word\n" * 1_300_000)
