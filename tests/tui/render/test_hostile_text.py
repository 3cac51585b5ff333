"""Whatever a paper, a report or the log contains is displayed as plain text, with only the styles of recto."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from store.importing.log import ImportReport, LogEntry
from store.marks.stored_marks import Marks
from store.model.entry import AnnounceType
from store.model.highlight import Highlight
from store.model.paper import Author, Organization, Paper
from store.papers import list_rows, paper_details
from store.papers.list_rows import ListRow
from store.papers.paper_details import PaperDetails
from store.papers.retractions import Retraction
from store.papers.revisions import Change, FactChange
from store.papers.views import CountedView, View
from store.search.highlighting import Highlights
from store.text.clean import UNSAFE as CLEANED
from tests.thorough import examples
from tests.tui.hostile import LONG, MARKUP, PAYLOADS, UNSAFE, seen, texts, values
from tests.tui.render.test_paper_page import KEYS
from tui.cli import output
from tui.render import page_layout, paper_page, styled, wording
from tui.screens import help_text, log_page
from tui.screens.help_page import help_page

# `values` looks up the types of fields in these modules, which import some of them only for type checking.
for module in (list_rows, paper_details):
    vars(module).update(
        AnnounceType=AnnounceType,
        Highlight=Highlight,
        Paper=Paper,
        Retraction=Retraction,
        Change=Change,
        FactChange=FactChange,
    )

# All styles that recto gives to text: names of styles, and names of the theme's colours.
STYLE = re.compile(r"(bold|italic|underline|strike|dim|reverse|\$[a-z-]+)?( (bold|italic|underline|\$[a-z-]+))*")
words = st.lists(st.sampled_from(["b", "z", "click", "x", "漢", "77"]), max_size=3)
quick = examples(8, 120)


def only_seen(content: Content) -> str:
    """The text of what a widget shows. The test fails if a part of it acts on the terminal or was read as markup."""
    for span in content.spans:
        assert isinstance(span.style, str) and STYLE.fullmatch(span.style), span
        assert "@" not in span.style and "link" not in span.style
    return seen(content.plain)


def known(text: str) -> PaperDetails:
    return PaperDetails(
        id=1,
        paper=Paper(
            title=text,
            abstract=text,
            authors=(Author(text, (text,)),),
            organization=Organization(text, text),
            venue=text,
        ),
        first_listed=date(2026, 7, 1),
        last_listed=date(2026, 7, 2),
        marks=Marks(tags=(text,), note=text),
        listings=(),
        sources={},
    )


def laid_out(paper: PaperDetails, words: Sequence[str] = ()) -> Content:
    """The page of a paper, so wide that no line is wrapped."""
    return paper_page.paper(paper, Highlights.exactly(words), 100_000, KEYS).content


@quick
@given(values(PaperDetails), words)
def test_any_paper_is_a_page_of_text(paper: PaperDetails, typed: list[str]) -> None:
    text = only_seen(laid_out(paper, typed))
    assert styled.title(paper.paper.title) in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_page_with_hostile_text_is_harmless(payload: str) -> None:
    text = only_seen(laid_out(known(PAYLOADS[payload]), ["click", "b"]))
    if payload == "markup":
        # The title, the authors, the organization, the venue, the tag, the note and the abstract, each unchanged.
        assert text.count("[/] [b]bold[/b] [@click=app.quit]x[/]") == 7
    assert len(text.replace("─", "")) < 2 * styled.LONGEST_TEXT + 62_000


@quick
@given(texts, words, st.sampled_from(["", "bold $title"]))
def test_letters_are_lit_where_they_are(text: str, typed: list[str], style: str) -> None:
    shown = styled.safe_text(text)
    content = page_layout.lit(shown, Highlights.exactly(typed), style)
    assert content.plain == shown
    only_seen(content)
    assert all(0 <= span.start <= span.end <= len(shown) for span in content.spans)


@quick
@given(values(PaperDetails))
def test_any_paper_is_printed_as_text(paper: PaperDetails) -> None:
    printed = styled.drawable(output.page(paper))
    assert not UNSAFE.search(printed.replace("\t", " "))


@quick
@given(st.lists(values(ListRow), min_size=1, max_size=5))
def test_any_table_has_a_line_for_each_paper(rows: Sequence[ListRow]) -> None:
    lines = output.table(rows).split("\n")
    assert len(lines) == len(rows)
    for line in lines:
        seen(line.replace("\t", " "))


@quick
@given(values(ImportReport))
def test_any_report_is_shown_as_harmless_lines(report: ImportReport) -> None:
    for line in wording.report_lines(report):
        assert "\n" not in line
        seen(line)
    assert "\n" not in seen(help_text.arrival_text(report, {}))
    seen(help_text.arrivals_text([report, report], {}, more=False))


@quick
@given(st.lists(values(LogEntry), max_size=3))
def test_any_log_is_shown_as_harmless_lines(entries: Sequence[LogEntry]) -> None:
    now = datetime.now().astimezone()
    rows = log_page.in_order(entries)
    assert sorted(row.entry.id for row in rows) == sorted(entry.id for entry in entries)
    for row in rows:
        only_seen(log_page.explanation(row, now))
        for width in (1, 30, 100):
            line = "".join(piece.text for piece in log_page.log_line(row, now, width, log_page.name_width(rows, width)))
            assert "\n" not in seen(line)
            assert cell_len(line) == width
    for entry in entries:
        for line in wording.log_lines(entry):
            assert "\n" not in seen(line)


@quick
@given(texts)
def test_any_tag_is_the_name_of_a_view(tag: str) -> None:
    assert "\n" not in seen(styled.view_name(View("tag", tag)))
    seen("".join(piece.text for piece in styled.view_line(CountedView(View("tag", tag), 3), "1", 30)))


@quick
@given(texts.map(lambda text: text.replace("\0", "")))
def test_any_folder_can_be_the_inbox(name: str) -> None:
    only_seen(help_text.welcome_text(Path(f"/home/{name}")))


@quick
@given(values(PaperDetails))
def test_json_says_all_and_can_only_be_read(paper: PaperDetails) -> None:
    said = output.json_object(output.paper_object(paper))
    assert "\n" not in said
    assert not CLEANED.search(said)
    found: dict[str, Any] = json.loads(said)
    assert (found["title"], found["abstract"]) == (paper.paper.title, paper.paper.abstract)
    assert found["tags"] == list(paper.marks.tags)


def test_the_help_contains_no_control_characters() -> None:
    only_seen(help_page({}, 100))


def test_markup_is_shown_as_plain_text_everywhere() -> None:
    for content in (
        laid_out(known(MARKUP)),
        log_page.explanation(
            log_page.Row(LogEntry(1, "2026-07-02T00:00:00+00:00", "refused", ImportReport(path=MARKUP, error=MARKUP))),
            datetime.now().astimezone(),
        ),
        help_text.welcome_text(Path("/") / MARKUP.replace("/", "|")),
    ):
        assert "[@click=app.quit]x[" in only_seen(content)


def test_a_hundred_thousand_letters_are_cut_where_they_are_shown_in_a_line() -> None:
    text = only_seen(laid_out(known(LONG)))
    # Only the abstract is displayed completely.
    assert text.count("o" * 5000) * 5000 <= 2 * len(LONG) + 5000
    unknown = dict.fromkeys(ListRow.__struct_fields__)
    row = ListRow(**(unknown | {"id": 1, "title": LONG, "status": "new", "tags": ()}))  # type: ignore[arg-type]
    assert max(map(len, output.table([row]).split("\n"))) <= styled.LONGEST_TITLE + 40
