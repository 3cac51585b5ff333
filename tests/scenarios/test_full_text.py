"""The screen for a full text: columns, a table of contents, search, citations, and the stored reading position."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.texts import positions, text_store
from tests.scenarios import papers
from tests.scenarios.conftest import OpenReader
from tests.scenarios.reader import Reader
from tests.store.texts.pages import LATEXML, SENTENCES, read_in_this_process
from tui.screens.comparison_screen import ComparisonScreen
from tui.screens.text_screen import TextScreen
from tui.workers import fetch_process

_SECTIONS = "\n".join(
    f"<h2 id='s{number}'>{number} Part {number}</h2>"
    + "".join(f"<p>{sentence} Part {number}.</p>" for sentence in SENTENCES[number::8])
    for number in range(1, 8)
)
# A paper that is several screens long and contains a reference to another paper of the library.
_BIBLIOGRAPHY = '<section class="ltx_bibliography">'
LONG = LATEXML.replace(_BIBLIOGRAPHY, _SECTIONS + _BIBLIOGRAPHY).replace("Herons", papers.AUTUMN[1].title)


@pytest.fixture(autouse=True)
def without_child_processes() -> Iterator[None]:
    with read_in_this_process():
        yield


@pytest.fixture
def with_text(library: Path) -> Path:
    with Library.open(library) as opened:
        text_store.attach(opened, 1, io.BytesIO(LONG.encode()), "long.html")
    return library


async def read(screen: Reader) -> TextScreen:
    """Open the paper under the cursor, and then its full text."""
    # Use the view of all papers, because a paper leaves the view of new papers when it is seen.
    await screen.press("2", "g", "enter", "enter")
    await screen.until(lambda: isinstance(screen.app.screen, TextScreen), "the text is shown")
    shown = screen.app.screen
    assert isinstance(shown, TextScreen)
    await screen.until(lambda: shown.view.shown_lines, "the text has lines")
    return shown


async def test_enter_on_an_opened_paper_reads_its_text(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        await read(screen)
        await screen.sees("Cranes That Count", "We count cranes.", "1 Why", "HTML · 0%")
        await screen.press("escape")
        assert screen.app.screen is screen.main


async def test_the_help_begins_with_the_keys_of_a_full_text(reader: OpenReader, with_text: Path) -> None:
    async with reader() as screen:
        await screen.press("2", "g", "V", "?")
        await screen.sees("Help", "In a full text", "follow a citation, a note or a link")
        assert "keep it: into the reading queue" not in screen.text


async def test_a_paper_without_a_text_offers_to_attach_one(reader: OpenReader, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(LONG)
    async with reader(size=(80, 24)) as screen:
        await screen.press("2", "g", "enter", "enter")
        await screen.sees("The library has no full text of this paper", "attach a file")
        await screen.press("1")
        await screen.sees("File with the full text")
        await screen.type(str(file))
        await screen.press_without_waiting("enter")
        await screen.until(lambda: isinstance(screen.app.screen, TextScreen), "the text is shown")


async def test_a_file_that_may_not_be_the_paper_is_asked_about(reader: OpenReader, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Buy milk.")
    async with reader(size=(80, 24)) as screen:
        for answer in ("1", "2"):
            await screen.press("2", "g", "V")
            await screen.sees("attach a file")
            await screen.press("1")
            await screen.type(str(file))
            await screen.press_without_waiting("enter")
            await screen.sees("it has only 2 words", "do not attach it", "attach it all the same")
            await screen.press(answer)
            await screen.until(lambda: screen.app.screen is screen.main, "the question is answered")
        await screen.sees("full text stored")


async def test_wide_screens_have_two_columns_and_the_contents(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(200, 30)) as screen:
        shown = await read(screen)
        assert shown.view.columns.number == 2
        await screen.press("]")
        await screen.sees("▌Abstract", "7 Part 7")
        await screen.resize(100, 30)
        await screen.until(lambda: shown.view.columns.number == 1, "one column is left")


async def test_the_place_survives_a_restart_and_another_width(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        shown = await read(screen)
        await screen.press("space", "space", "j")
        quotation = shown.view.position.quotation
        await screen.press("q")
    async with reader(size=(200, 20)) as screen:
        shown = await read(screen)
        await screen.until(lambda: shown.view.top.block > 0, "the place is found again")
        top = "".join(line.text for line in shown.view.shown_lines[:4])
        assert quotation[:20] in top
    with Library.open(with_text) as opened:
        stored = positions.read(opened.reader(), 1)
        assert stored is not None and 0 < stored.share < 1


async def test_words_are_searched_for_while_they_are_typed(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        shown = await read(screen)
        await screen.press("/")
        await screen.type("egrets sleep")
        await screen.sees("/egrets sleep", "1 of ", "egrets sleep")
        await screen.press("enter", "n")
        await screen.sees("egrets sleep: 2 of ")
        await screen.press("N", "N")
        await screen.sees("egrets sleep: 3 of 3")
        await screen.press("/")
        await screen.type("no such words")
        await screen.sees("not in this text")
        before = shown.view.top
        await screen.press("escape")
        assert shown.view.top == before


async def test_sections_are_gone_through(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        shown = await read(screen)
        await screen.press("]", "]")
        assert shown.blocks[shown.view.shown_lines[0].block].text == "1 Why"
        await screen.press("t")
        await screen.sees("Contents", "3 Part 3")
        await screen.press("5")
        await screen.until(lambda: screen.app.screen is shown, "the choice is made")
        assert shown.blocks[shown.view.shown_lines[0].block].text == "3 Part 3"
        await screen.press("B")
        assert shown.blocks[shown.view.shown_lines[0].block].text == "1 Why"
        # The cursor of the contents is on the section that is being read.
        for keys, heading in (("enter",), "1 Why"), (("j", "j", "enter"), "2 Part 2"):
            await screen.press("t")
            await screen.sees("Contents")
            await screen.press(*keys)
            await screen.until(lambda: screen.app.screen is shown, "the choice is made")
            assert shown.blocks[shown.view.shown_lines[0].block].text == heading


async def test_a_citation_leads_to_the_paper_in_the_library(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(100, 30)) as screen:
        await read(screen)
        await screen.press("f")
        await screen.sees("Follow", "reference", "note")
        await screen.press("1")
        await screen.sees("open it in the list: Hydrofoil Control", "go to its entry", "open https://arxiv.org")
        await screen.press("1")
        await screen.until(lambda: screen.app.screen is screen.main, "the list is shown")
        await screen.settle()
        assert screen.paper == papers.AUTUMN[1].title


async def test_a_cited_paper_that_the_library_lacks_can_be_fetched(
    reader: OpenReader, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def fetch_paper(library: Path, identifier: str) -> str:
        asked.append(identifier)
        return f"fetched {identifier}"

    monkeypatch.setattr(fetch_process, "fetch_paper", fetch_paper)
    with Library.open(library) as opened:
        text = LONG.replace("2601.20001", "2601.29999").replace(papers.AUTUMN[1].title, "An Unknown Work on Herons")
        text_store.attach(opened, 1, io.BytesIO(text.encode()), "long.html")
    async with reader(size=(100, 30)) as screen:
        await read(screen)
        await screen.press("f")
        await screen.sees("Follow", "An Unknown Work")
        await screen.press("1")
        await screen.sees("fetch it into your library: 2601.29999")
        await screen.press("1")
        await screen.sees("fetched 2601.29999")
    assert asked == ["2601.29999"]


async def test_a_click_on_a_citation_follows_it(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        await read(screen)
        line = next(number for number, text in enumerate(screen.lines) if "As [1] shows" in text)
        await screen.click(screen.lines[line].index("[1]") + 1, line)
        await screen.sees("go to its entry in the references")


async def test_passages_are_highlighted_annotated_and_removed(reader: OpenReader, with_text: Path) -> None:
    async with reader(size=(80, 24)) as screen:
        shown = await read(screen)
        await screen.press("v")
        await screen.sees("enter highlights")
        # Move from the author's name, which is selected first, to the sentence of the abstract.
        await screen.press("j", "j", "j", "enter")
        await screen.through_the_writer()
        await screen.sees("highlighted")
        assert [highlight.quotation for highlight, _ in shown.highlights.placed] == ["We count cranes."]
        await screen.press("v", "j", "j", "j", "a")
        await screen.sees("Note on “We count cranes.”")
        await screen.type("so do we")
        await screen.press("enter")
        await screen.through_the_writer()
        await screen.press("H")
        await screen.sees("Your highlights", "We count cranes.  so do we")
        await screen.press("escape", "q")
        await screen.until(lambda: "Your highlights" in screen.detail, "the page of the paper has the highlight")
        assert "“We count cranes.”" in screen.detail and "so do we" in screen.detail
        shown = await read(screen)
        assert [place is not None for _, place in shown.highlights.placed] == [True]
        await screen.press("v", "j", "j", "j", "x")
        await screen.through_the_writer()
        assert shown.highlights.placed == []


@pytest.mark.parametrize(("width", "is_wide"), [(80, False), (160, True)])
async def test_two_versions_are_compared(reader: OpenReader, with_text: Path, width: int, is_wide: bool) -> None:
    with Library.open(with_text) as opened:
        changed = LONG.replace("We count cranes.", "We count nine cranes.").replace(f"{SENTENCES[9]} Part 1.", "Gone.")
        text_store.attach(opened, 1, io.BytesIO(changed.encode()), "second.html")
    async with reader(size=(width, 24)) as screen:
        await read(screen)
        await screen.press("V")
        await screen.sees("Texts of this paper", "compare this text with")
        await screen.press("3")
        await screen.until(lambda: isinstance(screen.app.screen, ComparisonScreen), "the comparison is shown")
        await screen.sees("2 changes", "long.html", "second.html", "We count cranes.", "We count nine cranes.")
        lines = [line for line in screen.lines if "We count" in line]
        assert len(lines) == (1 if is_wide else 2)
        await screen.press("n")
        await screen.sees("change 1 of 2")
        await screen.press("n")
        await screen.sees("change 2 of 2", "+ Gone." if not is_wide else "Gone.")
        await screen.press("n")
        await screen.sees("there is no further change")
        await screen.press("N")
        await screen.sees("change 1 of 2")
        await screen.press("G", "g")
        await screen.sees("2 changes")
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, TextScreen), "the text is shown again")


async def test_another_version_of_a_text_opens_at_the_same_place(reader: OpenReader, with_text: Path) -> None:
    with Library.open(with_text) as opened:
        text = "# Cranes\n\n" + "\n\n".join(f"{sentence} Part {n % 8}." for n, sentence in enumerate(SENTENCES))
        text_store.attach(opened, 1, io.BytesIO(text.encode()), "cranes.md")
    async with reader(size=(80, 24)) as screen:
        shown = await read(screen)
        await screen.press("/")
        await screen.type("Observation 20 says")
        await screen.press("enter")
        await screen.press("V")
        await screen.sees("Texts of this paper", "HTML", "Markdown")
        await screen.press("2")
        await screen.through_the_writer()
        await screen.until(
            lambda: screen.app.screen is not shown and isinstance(screen.app.screen, TextScreen), "it is open"
        )
        before = shown.view.position.quotation
        other = screen.app.screen
        assert isinstance(other, TextScreen)
        await screen.until(lambda: other.view.position.quotation[:20] == before[:20], "it is at the same place")
