"""The headings and paragraphs that are returned for a whole PDF."""

from __future__ import annotations

from store.texts import citations, pdf_headings, pdf_pages, reflow
from store.texts.blocks import Block, FullText, one_span
from store.texts.pdf_lines import Line
from store.texts.pdf_pages import Page
from tests.store.formats.documents.pdfs import Text, pdf_of_pages
from tests.store.texts import pages
from tests.store.texts.lines import pdf_line
from tests.store.texts.pages import read_pdf


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
