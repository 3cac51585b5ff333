"""The page of a paper: its details, opening its links, and copying its citation."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest

from store.exporting import followed
from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.model.paper import Link
from store.papers import paper_details
from store.papers.paper_details import PaperDetails
from tests.scenarios.conftest import OpenReader, OpenTerminal

SKETCHES = "Sublinear Sketches: O(n²) Is Not Enough"


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set up a fake browser, which appends its arguments to a file as one line of JSON. Returns that file."""
    log = tmp_path / "opened"
    script = tmp_path / "a browser"
    script.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(log)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
        "print('this would spoil the screen')\n"
    )
    script.chmod(0o700)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "fake-browser").symlink_to(script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("BROWSER", "fake-browser")
    return log


def opened(log: Path) -> list[list[str]]:
    """The arguments of each call of the fake browser."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def complete_paper(library: Path, tmp_path: Path) -> None:
    """Adds a paper to the test's library in which every field has a value. Its arXiv id is 2401.12345."""
    listing = tmp_path / "known.bib"
    listing.write_text(
        "@article{a, title={Nested Dolls as $\\alpha$-Codes}, author={Roe, Jane and Poe, Max}, doi={10.1234/dolls.5},"
        " journal={Journal of Toys}, year={2026}, month=feb, day={3}, eprint={2401.12345}, archivePrefix={arXiv},"
        " primaryClass={cs.IT}, url={https://example.org/dolls?a=1&b=2}, note={12 pages, 3 figures},"
        " abstract={Dolls within dolls, of which there are $2^{n}$. Their code: https://github.com/toys/dolls.}}\n",
        "utf-8",
    )
    with Library.open(library) as opened_library:
        (report,) = take_in(opened_library, [listing], Options(today=date(2026, 3, 1)))
        assert report.added == 1


async def test_the_detail_shows_every_known_field(reader: OpenReader, complete_paper: None) -> None:
    async with reader((160, 50)) as screen:
        await screen.press("2")
        detail = screen.detail
        for text in (
            "Nested Dolls as α-Codes",
            "Jane Roe, Max Poe",
            "Published   3 Feb 2026",
            "2401.12345",
            "10.1234/dolls.5",
            "cs.IT",
            "Journal of Toys",
            "12 pages, 3 figures",
            "of which there are 2ⁿ",
            "https://example.org/dolls",
            "https://github.com/toys/dolls",
            "known.bib",
        ):
            assert text in detail
        assert "None" not in detail


async def test_latex_is_shown_as_unicode_in_every_pane(reader: OpenReader) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "j")
        assert (screen.paper, screen.detail.splitlines()[0]) == (SKETCHES, SKETCHES)
        assert "α-stable sketches need O(log n) memory" in screen.detail
        assert "$" not in screen.text


async def test_f_lists_the_links_and_a_number_opens_one(reader: OpenReader, browser: Path) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "j", "f")
        await screen.sees(
            " 1 code     https://github.com/tern-lab/sketches", " 2 link     https://example.org/sketches"
        )
        await screen.press("2")
        await screen.until(lambda: opened(browser), "the browser is started")
        assert opened(browser) == [["https://example.org/sketches"]]
        assert "opening https://example.org/sketches" in screen.status
        assert "spoil" not in screen.text


async def test_the_number_of_no_link_opens_nothing(reader: OpenReader, browser: Path) -> None:
    async with reader() as screen:
        await screen.press("j", "j", "j", "f", "3", "0", "x", "escape", "f", "escape")
        assert opened(browser) == []
        assert screen.count == "24 papers"


async def test_o_and_p_open_the_page_and_the_pdf(reader: OpenReader, browser: Path, complete_paper: None) -> None:
    async with reader() as screen:
        await screen.press("2", "o")
        await screen.until(lambda: len(opened(browser)) == 1, "the page")
        await screen.press("p")
        await screen.until(lambda: len(opened(browser)) == 2, "the PDF")
        assert opened(browser) == [["https://example.org/dolls?a=1&b=2"], ["https://arxiv.org/pdf/2401.12345"]]
        assert screen.rows[0].startswith("   Nested")


async def test_a_paper_without_an_address_gives_a_message(reader: OpenReader, browser: Path) -> None:
    async with reader() as screen:
        await screen.press("o")
        assert "no listing gives the address of this paper" in screen.status
        await screen.press("p")
        assert "no listing gives the PDF of this paper" in screen.status
        await screen.press("f")
        assert "this paper has no links" in screen.status
        assert opened(browser) == []


NO_WEB_ADDRESSES = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "ftp://example.org/paper.pdf",
    "//example.org/paper",
    "example.org/paper",
    "http://-oProxyCommand=touch/",
    "-h",
    "https://user:secret@example.org/",
    "https://arxiv.org@evil.example/",
    "https://example.org/\x1b]52;c;aGk=\x07",
    "https://example.org/a b",
    "https://example.org\\@evil.example/",
    "https:///no-host",
    "http://[half",
)


def give_links(monkeypatch: pytest.MonkeyPatch, *links: Link) -> None:
    """Store these links with every paper, also links that an import would not store."""
    details = paper_details.details

    def with_links(connection: sqlite3.Connection, number: int) -> PaperDetails:
        original = details(connection, number)
        return msgspec.structs.replace(original, paper=msgspec.structs.replace(original.paper, links=links))

    monkeypatch.setattr(paper_details, "details", with_links)


async def test_only_web_addresses_are_opened(
    reader: OpenReader, browser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader() as screen:
        for url in NO_WEB_ADDRESSES:
            with monkeypatch.context() as patch:
                give_links(patch, Link("page", url), Link("pdf", url))
                for key in ("o", "p"):
                    await screen.press(key)
                    assert "not opened, this is not a web address" in screen.status, url
                await screen.press("f")
                assert "this paper has no links" in screen.status, url
                assert "\x1b" not in screen.text
    assert opened(browser) == []


async def test_an_address_reaches_the_browser_as_one_argument_without_a_shell(
    reader: OpenReader, browser: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    url = f"https://example.org/?a=$(touch {canary});touch {canary}|`touch {canary}`'\"&b=1".replace(" ", "${IFS}")
    give_links(monkeypatch, Link("page", url))
    async with reader() as screen:
        await screen.press("o")
        await screen.until(lambda: opened(browser), "the browser is started")
    ((address,),) = opened(browser)
    assert address.startswith("https://example.org/?a=")
    assert unquote(address) == url
    assert not canary.exists()


async def test_if_there_is_no_browser_the_status_line_shows_the_address(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, complete_paper: None
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BROWSER", "no-such-browser")
    async with reader() as screen:
        await screen.press("2", "o")
        await screen.until(lambda: "no browser found; the address is https://example.org/dolls" in screen.status, "it")


async def test_when_the_opener_fails_a_toast_shows_the_whole_address(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, complete_paper: None
) -> None:
    opener = tmp_path / "opener"
    opener.write_text("#!/bin/sh\nexit 3\n")
    opener.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(opener))
    async with reader((60, 20)) as screen:
        await screen.press("2", "o")
        await screen.sees("no browser could open it; the address is", "https://example.org/dolls")


def test_a_browser_for_terminals_gets_the_terminal_and_gives_it_back(
    terminal: OpenTerminal, tmp_path: Path, complete_paper: None
) -> None:
    browser = tmp_path / "w3m"
    browser.write_text('#!/bin/sh\necho "here is $1"\nread -r line\necho "$line" > "$0.read"\n')
    browser.chmod(0o700)
    screen = terminal(size=(80, 24), env={"BROWSER": str(browser)})
    screen.shows(" papers", "Filter")
    screen.press("2", "o")
    screen.shows("here is https://example.org/dolls")
    # These keys are sent to the browser, which runs in the terminal, and not to recto.
    screen.press("q", "x", "enter")
    screen.shows("opened https://example.org/dolls", "Filter", "Nested Dolls")
    assert Path(f"{browser}.read").read_text() == "qx\n"
    screen.press("q")
    assert screen.ends() == 0


async def test_y_sends_the_citation_to_the_clipboard(reader: OpenReader, complete_paper: None) -> None:
    async with reader() as screen:
        await screen.press("2", "y")
        await screen.until(lambda: "citation sent to the terminal's clipboard" in screen.status, "it is copied")
        assert screen.app.clipboard == (
            "Jane Roe, Max Poe (2026). Nested Dolls as α-Codes. Journal of Toys. https://example.org/dolls?a=1&b=2"
        )


async def test_a_clipboard_program_takes_what_is_copied(
    reader: OpenReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, complete_paper: None
) -> None:
    program = tmp_path / "bin" / "wl-copy"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/copied\n")
    program.chmod(0o700)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    async with reader() as screen:
        await screen.press("2", "Y")
        await screen.until(lambda: "BibTeX entry copied" in screen.status, "it is copied")
        assert (tmp_path / "copied").read_text().startswith("@article{a,\n  title = {Nested Dolls as")
        await screen.press("C")
        await screen.sees("Copy", "Markdown link")
        await screen.press("5")
        await screen.until(lambda: "Markdown link copied" in screen.status, "the link is copied")
        assert (tmp_path / "copied").read_text().endswith("(<https://example.org/dolls?a=1&b=2>)")


async def test_the_list_is_exported_to_a_file_that_is_replaced_only_when_asked(
    reader: OpenReader, tmp_path: Path
) -> None:
    target = tmp_path / "papers.bib"
    async with reader() as screen:
        await screen.press("2", "e")
        await screen.sees("Export 24 papers", ".bib")
        await screen.press(*str(tmp_path / "papers"), "enter")
        await screen.sees("end the name with one of the endings below", ".bib .biblatex .ris")
        await screen.press(*".bib", "enter")
        await screen.until(lambda: "24 papers exported to" in screen.status, "they are exported")
        assert target.read_text().count("@") == 24
        await screen.press("v", "j", "e", *str(target), "enter")
        await screen.sees("papers.bib exists: enter again replaces it")
        assert target.read_text().count("@") == 24
        await screen.press("enter")
        await screen.until(lambda: "2 papers exported to" in screen.status, "two are exported")
        assert target.read_text().count("@") == 2


async def test_a_file_that_follows_the_queue_is_written_after_a_mark(reader: OpenReader, tmp_path: Path) -> None:
    target = tmp_path / "queue.bib"
    async with reader() as screen:
        followed.follow(screen.main.library, followed.Followed(str(target), "bibtex", "queue"))
        assert target.read_text() == ""
        await screen.press("2", "a")
        await screen.until(lambda: target.read_text().count("@") == 1, "the file has the queued paper")
        target.write_text("mine")
        await screen.press("j", "a")
        await screen.sees("was changed by another program")
        assert target.read_text() == "mine"


async def test_a_long_paper_can_be_scrolled_and_the_next_one_begins_at_its_top(reader: OpenReader) -> None:
    async with reader((100, 10)) as screen:
        await screen.press("enter", "j", "j")
        assert screen.main.detail.scroll_offset.y == 2
        await screen.press("G")
        assert screen.main.detail.scroll_offset.y == screen.main.detail.max_scroll_y > 2
        await screen.press("g", "space", "escape", "j")
        assert screen.main.detail.scroll_offset.y == 0
        await screen.press("enter", "j", "b")
        assert screen.main.detail.scroll_offset.y == 1
