"""HTML, Markdown and PDF files become blocks in reading order."""

from __future__ import annotations

import pytest

from store.model.errors import ListingError
from store.texts import citations, html_reader, markdown_reader, pdf_headings, pdf_pages, reflow
from store.texts.blocks import Block, FullText, Span, one_span
from store.texts.pdf_lines import Line
from store.texts.pdf_pages import Page
from tests.store.formats.documents.pdfs import Text, pdf_of_pages
from tests.store.texts import pages
from tests.store.texts.lines import pdf_line


def kinds_and_texts(text: FullText) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in text.blocks]


def read_pdf(data: bytes) -> FullText:
    pytest.importorskip("pypdfium2")
    from store.texts import pdf_reader

    return pdf_reader.read(data, lambda page, of: None)


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


class TestHeadingsOfPdfs:
    def page_with(self, *lines: Text) -> FullText:
        body = [Text(sentence, 10, 600 - 12 * number) for number, sentence in enumerate(pages.SENTENCES[:30])]
        return read_pdf(pdf_of_pages([[*lines, *body]]))

    def headings(self, text: FullText) -> list[str]:
        return [block.text for block in text.blocks if block.kind == "heading"]

    def test_a_bold_paragraph_is_no_heading(self) -> None:
        bold = [Text(f"A bold line of the summary, number {n}", 10, 720 - 12 * n, bold=True) for n in range(5)]
        assert self.headings(self.page_with(*bold, Text("1 Why", 12, 630, bold=True))) == ["1 Why"]

    def test_captions_and_sentences_are_no_headings(self) -> None:
        found = self.page_with(
            Text("Figure 1: A bold caption", 10, 720, bold=True),
            Text("and so on, in bold letters", 10, 690, bold=True),
            Text("Introduction", 12, 630, bold=True),
        )
        assert self.headings(found) == ["Introduction"]
        assert [block.text for block in found.blocks if block.kind == "caption"] == ["Figure 1: A bold caption"]

    def test_a_program_keeps_its_lines_and_each_footnote_is_a_note(self) -> None:
        lines = [pdf_line("count = 0", 700, mono=1.0), pdf_line("    count += 1", 688, mono=1.0, left=92.0)]
        notes = [pdf_line("1 Not herons.", 100, size=7.0), pdf_line("2 Not storks.", 91, size=7.0)]
        text = [pdf_line("We count cranes with this program, which has two lines.", 730), *lines]
        blocks = reflow.blocks([Page([*text, *notes], 612.0, 792.0)], {}, 10.0)
        assert [(block.kind, block.text) for block in blocks] == [
            ("paragraph", text[0].text),
            ("code", "count = 0\n    count += 1"),
            ("note", "1 Not herons."),
            ("note", "2 Not storks."),
        ]

    def test_names_and_years_lead_to_entries_without_numbers(self) -> None:
        entries = (
            "Alpha, A. and Beta, B. (2014). Cranes.",
            "C. Gamma et al. Herons. 2015a.",
            "C. Gamma. More herons. 2015b.",
            "Delta, D. (2016). Storks.",
            "Delta, D. (2016). Egrets.",
        )
        text = "As Alpha and Beta (2014) and Gamma et al. (2015a, 2015b) say (Alpha, 2014; Omega 2014; Delta 2016)."
        blocks = [Block("paragraph", one_span(text)), *(Block("reference", one_span(each)) for each in entries)]
        linked = citations.linked(blocks)
        anchors = {f"#{block.anchor}": entries.index(block.text) for block in linked[1:]}
        found = [(span.text, anchors[span.target]) for span in linked[0].spans if span.target]
        assert found == [("Alpha and Beta (2014", 0), ("Gamma et al. (2015a", 1), ("2015b", 2), ("Alpha, 2014", 0)]

    def test_long_runs_of_one_character_take_little_time(self) -> None:
        for run in (
            "A" * 60_000,
            "a" * 60_000,
            ". " * 30_000,
            "https://" + "x/" * 30_000,
            "A\xad" * 30_000,
            "A-" * 30_000,
        ):
            lines = [pdf_line(run, 700), pdf_line("and more", 688)]
            page = Page(lines, 612.0, 792.0)
            blocks = reflow.blocks([page], {}, 10.0)
            assert citations.linked([*blocks, Block("reference", one_span("Alpha, A. (2014)."))])
            assert pdf_headings.contents_lines([page]) == set()

    def test_a_line_that_a_formula_divides_stays_one_sentence(self) -> None:
        first = pdf_line("We state this in a form that is free of x", 700)
        rest = pdf_line(", i = 1, . . . , n. The result", 700, left=first.right)._replace(math=0.5)
        last = pdf_line("is then used to count the cranes of the river.", 688)
        (block,) = reflow.blocks([Page([first, rest, last], 612.0, 792.0)], {}, 10.0)
        assert (block.kind, block.text.endswith("The result is then used to count the cranes of the river.")) == (
            "paragraph",
            True,
        )

    def test_divided_words_and_addresses_are_joined(self) -> None:
        texts = [
            "The camera-ready copy and the camera-",
            "ready file have com\xadmands of the pack-",
            "age; see https://www.",
            "example.org/a. And",
        ]
        page = Page(
            [pdf_line(text, 700 - 12 * n) for n, text in enumerate([*texts, "https://example.org/b.", "Then more."])],
            612,
            792,
        )
        (block,) = reflow.blocks([page], {}, 10.0)
        assert block.text == (
            "The camera-ready copy and the camera-ready file have commands of the package; see"
            " https://www.example.org/a. And https://example.org/b. Then more."
        )

    def test_lines_far_apart_are_one_paragraph_and_a_sentence_about_a_table_is_no_caption(self) -> None:
        texts = [f"This line of a manuscript has the number {number} and ends here." for number in range(24)]
        texts[4] = "Table 1 shows what this line of the manuscript tells again."
        lines = [pdf_line(text, 700 - 24 * n, left=72 if n % 12 else 90) for n, text in enumerate(texts)]
        blocks = reflow.blocks([Page(lines, 612.0, 792.0)], {}, 10.0)
        assert [(block.kind, block.text.count("line")) for block in blocks] == [("paragraph", 12), ("paragraph", 12)]

    def test_a_section_about_references_is_no_bibliography(self) -> None:
        heading = pdf_line("References", 720, size=12)
        about = [pdf_line(f"Sentence {n} says how to cite birds in a paper.", 700 - 12 * n) for n in range(8)]
        (_, block) = reflow.blocks([Page([heading, *about], 612.0, 792.0)], {id(heading): 2}, 10.0)
        assert block.kind == "paragraph"
        entries = [pdf_line(f"[{n}] A. Alpha. Birds. 2020.", 580 - 12 * n, left=72 + n % 2) for n in range(1, 8)]
        stray = pdf_line("x", 300, left=40)
        page = Page([heading, *entries, stray], 612.0, 792.0)
        assert sum(block.kind == "reference" for block in reflow.blocks([page], {id(heading): 2}, 10.0)) == 7

    def test_the_points_of_a_diagram_are_left_out_and_addresses_are_no_programs(self) -> None:
        address = pdf_line("https://example.org/a_b.", 688)._replace(mono=1.0)
        lines = [pdf_line("● ●● ●", 720), pdf_line("The birds are described at", 700), address]
        (page,) = pdf_pages.ordered([Page(lines, 612.0, 792.0)])
        assert [(b.kind, b.text) for b in reflow.blocks([page], {}, 10.0)] == [
            ("paragraph", "The birds are described at https://example.org/a_b.")
        ]

    def test_numbers_of_lines_are_left_out(self) -> None:
        lines = [Text(f"{n} {sentence}", 10, 700 - 14 * n) for n, sentence in enumerate(pages.SENTENCES[:20], 101)]
        text = read_pdf(pdf_of_pages([[line._replace(y=2100 + line.y) for line in lines]]))
        assert " ".join(block.text for block in text.blocks).startswith("Observation 1 says")

    def test_numbers_of_every_fifth_line_beside_the_text_are_left_out_and_those_of_a_list_are_kept(self) -> None:
        def line(number: int, pitch: float) -> Line:
            y = 700 - pitch * number
            text = f"says that cranes are counted in row {number:03} of this page"
            if number % 5:
                return pdf_line(text, y, left=72)
            return pdf_line(f"{number} {text}", y, left=50)._replace(second_left=72.0)

        (page,) = pdf_pages.ordered([Page([line(number, 12) for number in range(5, 30)], 612.0, 792.0)])
        assert all(each.text.startswith("says") for each in page.lines)
        entries = [
            each
            for n in range(1, 9)
            for each in (
                pdf_line(f"{n} A. Alpha writes about birds and their nests", 700 - 40 * n, left=50)._replace(
                    second_left=72.0
                ),
                pdf_line("in the Journal of Birds, which has many volumes", 688 - 40 * n, left=72),
            )
        ]
        (page,) = pdf_pages.ordered([Page(entries, 612.0, 792.0)])
        assert page.lines[0].text.startswith("1 A. Alpha")

    def test_a_title_in_bold_letters_of_the_text_is_the_title(self) -> None:
        lines = [Text("Journal of Birds 1", 10, 740), Text("Cranes That Count Birds", 10, 700, bold=True)]
        lines += [Text("Ada Alpha", 10, 680), Text("Abstract", 10, 650, bold=True)]
        lines += [Text(sentence, 10, 630 - 12 * n) for n, sentence in enumerate(pages.SENTENCES[:20])]
        assert read_pdf(pdf_of_pages([lines])).title == "Cranes That Count Birds"

    def test_the_title_of_a_chapter_follows_its_number(self) -> None:
        number, title = pdf_line("Chapter 2", 720, size=16), pdf_line("Cranes and Herons", 680, size=20)
        text = [pdf_line("The first line of the text of the chapter.", 640 - 12 * n) for n in range(3)]
        levels = {id(number): 2, id(title): 2}
        blocks = reflow.blocks([Page([number, title, *text], 612.0, 792.0)], levels, 10.0)
        assert blocks[0].text == "Chapter 2 Cranes and Herons"


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
