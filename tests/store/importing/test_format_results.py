"""The values that the code for a format may yield or raise, and what an import does with each."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from store.importing import batches, log
from store.importing.entries import MOST_OF_ONE_PAPER
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model.entry import CutShort, Entry, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Organization, Paper
from store.papers import list_rows, paper_details
from tests.store.importing.listings import Scripted, assert_sound, import_listing


def entries(count: int) -> list[Entry]:
    return [Entry(paper=Paper(title=f"Title {number}")) for number in range(count)]


def test_an_entry_that_cannot_be_read_costs_none_of_the_others(library: Library, scripted: Scripted) -> None:
    report = import_listing(
        library, scripted(*entries(2), Refused(3, 30, "bad\ndate"), *entries(4)[2:], Warned("odd\x1b[0m"))
    )
    assert (report.entries, report.added) == (4, 4)
    assert report.refused == (Refused(3, 30, "bad date"),)
    assert report.warnings == ("odd␛[0m",)
    assert not report.complete
    assert not report.partial


def test_a_file_that_is_cut_keeps_what_was_whole_and_says_so(library: Library, scripted: Scripted) -> None:
    path = scripted(*entries(3), CutShort("the file ends in the middle of an entry"))
    report = import_listing(library, path)
    assert (report.added, report.partial, report.complete) == (3, True, False)
    assert report.warnings == ("the file ends in the middle of an entry",)
    again = import_listing(library, path)
    assert (again.added, again.unchanged, again.partial) == (0, 3, True)


@pytest.mark.parametrize(
    "mistake", [ListingError("bad bytes"), ValueError("no\nnumber"), RecursionError(), KeyError(1)]
)
def test_a_reader_that_fails_in_the_middle_keeps_what_it_had_read(
    mistake: Exception, library: Library, scripted: Scripted
) -> None:
    report = import_listing(library, scripted(*entries(3), mistake, *entries(1)))
    assert (report.added, report.partial) == (3, True)
    assert len(report.warnings) == 1
    assert "\n" not in report.warnings[0]
    if not isinstance(mistake, ListingError):
        assert "please report it" in report.warnings[0]


def test_a_reader_that_fails_at_once_refuses_the_file(library: Library, scripted: Scripted) -> None:
    report = import_listing(library, scripted(ValueError("no number")))
    assert report.error == "recto's reader of scripted failed (ValueError: no number); please report it"
    assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (0,)


def test_a_file_whose_every_entry_is_refused_is_an_error_that_says_why(library: Library, scripted: Scripted) -> None:
    report = import_listing(library, scripted(Refused(1, 1, "no title"), Refused(2, 5, "no date"), Warned("odd")))
    assert report.error == "none of its 2 entries could be read: no title"


def test_an_empty_listing_that_says_so_is_no_error(library: Library, scripted: Scripted) -> None:
    report = import_listing(library, scripted(Warned("a feed without papers: it is a weekend")))
    assert (report.error, report.entries, report.complete) == (None, 0, True)


def test_a_title_without_visible_characters_is_refused(library: Library, scripted: Scripted) -> None:
    report = import_listing(
        library, scripted(Entry(paper=Paper(title="A")), Entry(paper=Paper(title=" \u200b\xad"), line=9))
    )
    assert (report.added, report.refused) == (1, (Refused(2, 9, "no title"),))


def test_a_million_mistakes_do_not_fill_the_log(
    library: Library, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_MOST_REMARKS", 10)
    refused = [Refused(number, None, "bad") for number in range(500)]
    report = import_listing(library, scripted(*entries(1), *refused, *[Warned("odd")] * 50))
    assert len(report.refused) == 10
    assert report.warnings[-2:] == ("490 more refused are not shown", "40 more warnings are not shown")


def test_a_hostile_paper_is_stored_clean(library: Library, scripted: Scripted) -> None:
    attack = "\x1b]52;c;aGk=\x07\x9b31m\x00\u202eevil\u2066\ud800\U000e0041\r\nb"
    marks = "e" + "\u0301\u0327" * 500
    huge = "L" * 100_000
    number = 2**70
    hostile = Paper(
        title=attack + huge,
        abstract=attack + "\n\n" + marks,
        authors=(Author(attack, (attack,)), Author("\u200b")),
        author_count=number,
        organization=Organization(attack, attack),
        arxiv_id=attack,
        arxiv_version=-1,
        doi=attack,
        categories=(attack,),
        venue=attack,
        comment=attack,
        upvotes=number,
        comment_count=-5,
        links=(Link("page", "javascript:alert(1)" + attack, number),),
        ai_summary=attack,
        ai_keywords=(attack, ""),
    )
    report = import_listing(library, scripted(Entry(paper=hostile, line=2**70), *entries(2)))
    assert (report.added, report.error) == (3, None)
    stored = paper_details.details(library.reader(), 1).paper
    assert stored.title.endswith(huge)
    assert stored.title.startswith("␛]52;c;aGk=␇\ufffd31m␀\ufffdevil\ufffd\ufffd b")
    assert (stored.upvotes, stored.comment_count, stored.arxiv_version) == (None, None, None)
    assert len(stored.authors) == 1
    text = msgspec.json.encode(stored).decode() + str(list_rows.read(library.reader(), [1]))
    for character in text:
        assert character.isprintable() or character == "\n"
    assert not any(0x202A <= ord(character) <= 0x2069 or ord(character) >= 0xE0000 for character in text)
    # Thousands of combining marks on one letter would be drawn over the lines above, so all but a few are removed.
    assert stored.abstract
    assert len(stored.abstract) < 150
    assert_sound(library.path)


def test_the_log_reads_back_what_was_reported(library: Library, scripted: Scripted) -> None:
    report = import_listing(library, scripted(*entries(2), Refused(3, 30, "bad date"), Warned("odd"), CutShort("cut")))
    (entry,) = log.read(library.reader())
    assert entry.report == report
    assert json.loads(msgspec.json.encode(entry))["state"] == "partial"


@pytest.mark.parametrize(
    "same", ["eprint = {2301.00001}, archiveprefix = {arXiv}, title = {Title %d}", "title = {One Title}"]
)
def test_a_paper_that_a_file_repeats_without_end_is_stored_a_limited_number_of_times(
    library: Library, tmp_path: Path, same: str
) -> None:
    file = tmp_path / "references.bib"
    number = MOST_OF_ONE_PAPER + 40
    file.write_text("".join(f"@article{{k{at}, {same % at if '%d' in same else same}}}\n" for at in range(number)))
    (report,) = import_file(library, file, Options(today=date(2026, 7, 1)))
    assert report.entries == number
    assert library.reader().execute("SELECT count(*) FROM entry").fetchone() == (MOST_OF_ONE_PAPER,)
    assert any("40 repeated entries were not stored" in warning for warning in report.warnings)
