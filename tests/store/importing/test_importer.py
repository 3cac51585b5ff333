"""Listing files are imported: every entry is stored once, in any order, after interruptions, with any content."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from subprocess import Popen
from typing import Any, BinaryIO

import msgspec
import pytest

from store.importing import batches, importer, log
from store.importing.entries import MOST_OF_ONE_PAPER
from store.importing.importer import Options, import_file
from store.importing.log import ImportReport, Step
from store.library.library import Library
from store.marks import marking, stored_marks
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Organization, Paper
from store.papers import list_rows, paper_details, paper_names, views
from tests.thorough import some

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)

PAGE = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\nJul 2\n"
BYLINE = "\n  • {authors} authors\n·\nAug 24, 2024 {comments}\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def take(library: Library, path: Path, options: Options = OPTIONS, **more: Any) -> ImportReport:
    (found,) = import_file(library, path, options, **more)
    return found


def page(papers: int | list[str], comments: int = 2) -> str:
    titles = [f"Paper number {number} of them all" for number in range(papers)] if isinstance(papers, int) else papers
    abstract = "{title}: we asked what nobody had asked before, and this is what we found out in the end. "
    text = PAGE
    for title in titles:
        text += f"\n{title}\n\n{(abstract.format(title=title) * 4).strip()}\n" + BYLINE.format(
            authors=4, comments=comments
        )
    return text


def whole(library: Library, title: str) -> paper_details.PaperDetails:
    return paper_details.details(library.reader(), paper_names.find_paper(library.reader(), title))


def contents(library: Library) -> dict[str, Any]:
    """The papers and listings of a library, without the ids, which depend on the order of import."""
    connection = library.reader()
    found: dict[str, Any] = {}
    for (number,) in connection.execute("SELECT id FROM paper").fetchall():
        known = paper_details.details(connection, number)
        listings = sorted((Path(each.path).name, each.position, str(each)) for each in known.listings)
        found[known.paper.title] = (known.paper, known.first_listed, known.last_listed, listings, known.marks)
    found["listings"] = sorted(
        connection.execute("SELECT content, listed_on, listed_on_rule, year, state, stored, entries FROM listing")
    )
    return found


def assert_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# -- the four real files


@pytest.fixture(scope="session")
def home_files(listings: Path) -> list[Path]:
    found = sorted((listings / "hf-text").glob("*.txt"))
    assert len(found) == 4
    return found


def test_the_four_files_are_368_entries_about_286_papers(library: Library, home_files: list[Path]) -> None:
    reports = [take(library, path) for path in home_files]
    assert [each.entries for each in reports] == [87, 53, 46, 182]
    assert sum(each.added for each in reports) == 286
    assert sum(each.merged for each in reports) == 368 - 286
    assert [each.listed_on for each in reports] == [date(2025, 10, 30), date(2026, 1, 7), date(2026, 7, 2), None]
    assert all(each.complete and not each.refused for each in reports)
    assert library.reader().execute("SELECT count(*), count(DISTINCT paper_id) FROM entry").fetchone() == (368, 286)


def test_the_four_files_again_add_nothing(library: Library, home_files: list[Path]) -> None:
    for path in home_files:
        take(library, path)
    before = contents(library)
    for path in home_files:
        again = take(library, path)
        assert (again.added, again.merged, again.unchanged) == (0, 0, again.entries)
        assert again.complete
    assert contents(library) == before


@pytest.mark.thorough
def test_in_every_order_the_four_files_make_the_same_library(tmp_path: Path, home_files: list[Path]) -> None:
    expected: dict[str, Any] | None = None
    for number, order in enumerate(some(6, list(itertools.permutations(home_files)))):
        with Library.open(tmp_path / f"{number}.db") as library:
            for path in order:
                take(library, path)
            found = contents(library)
        expected = expected or found
        assert found.keys() == expected.keys()
        for title, value in found.items():
            assert value == expected[title], [path.name for path in order]


def test_what_the_pages_say_of_three_papers_is_known(library: Library, home_files: list[Path]) -> None:
    for path in home_files:
        take(library, path)
    first = whole(library, "Beyond Hallucinations: The Illusion of Understanding in Large Language Models")
    assert first.paper.published == date(2025, 10, 16)
    second = whole(library, "Uncovering the Computational Ingredients of Human-Like Representations in LLMs")
    assert second.paper.published == date(2025, 10, 1)
    assert second.paper.author_count == 4
    third = whole(library, "Meta-Awareness Enhances Reasoning Models: Self-Alignment Reinforcement Learning")
    assert third.paper.organization == Organization("KAIST AI", "kaist-ai")
    assert third.paper.comment_count == 4
    assert third.paper.published == date(2025, 9, 26)


def test_a_bare_paper_that_another_file_dates_ends_up_dated(library: Library, home_files: list[Path]) -> None:
    *dated, bare = home_files
    assert take(library, bare).listed_on is None
    before = library.reader().execute("SELECT count(published) FROM paper").fetchone()
    assert before == (0,)
    for path in dated:
        take(library, path)
    title = "Meta-Awareness Enhances Reasoning Models: Self-Alignment Reinforcement Learning"
    assert whole(library, title).paper.published == date(2025, 9, 26)
    assert {Path(each.path) for each in whole(library, title).listings} == {bare, dated[0]}


# -- the same file again


def test_a_renamed_copy_is_known(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(5))
    (tmp_path / "b.txt").write_text(page(5))
    assert take(library, tmp_path / "a.txt").added == 5
    copy = take(library, tmp_path / "b.txt")
    assert (copy.entries, copy.unchanged, copy.complete) == (5, 5, True)
    assert [each.state for each in log.read(library.reader())] == ["known", "read"]
    assert library.reader().execute("SELECT count(*) FROM listing").fetchone() == (1,)


def test_a_file_that_changed_adds_what_is_new_and_leaves_the_rest(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(5))
    take(library, path)
    path.write_text(page(6))
    changed = take(library, path)
    assert (changed.entries, changed.added, changed.merged, changed.unchanged) == (6, 1, 0, 5)
    path.write_text(page(6, comments=9))
    changed = take(library, path)
    assert (changed.added, changed.merged, changed.unchanged) == (0, 6, 0)
    assert whole(library, "Paper number 0").paper.comment_count == 9


def test_what_a_file_still_refuses_is_said_again_when_it_comes_again(
    library: Library, tmp_path: Path, scripted: Scripted
) -> None:
    path = scripted(Entry(paper=Paper(title="A")), Refused(2, 7, "no title"))
    first, again = take(library, path), take(library, path)
    assert (first.entries, first.refused) == (1, (Refused(2, 7, "no title"),))
    assert (again.unchanged, again.refused, again.complete) == (1, first.refused, False)


def test_the_same_bytes_can_be_read_as_another_format(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(["TY  - JOUR"]))
    assert take(library, path).format == "hf-text"
    with_format = take(library, path, Options(today=TODAY, format="hf-text"))
    assert (with_format.unchanged, with_format.added) == (1, 0)
    other = take(library, path, Options(today=TODAY, format="ris"))
    assert other.format == "ris"
    assert other.error is not None


def test_two_files_of_one_name_in_an_archive_are_both_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "week.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("papers.txt", page(["One of the two"]))
        archive.writestr("papers.txt", page(["The other of the two"]))
    found = list(import_file(library, path, OPTIONS))
    assert [(Path(each.path).name, each.added) for each in found] == [
        ("week.zip!papers.txt", 1),
        ("week.zip!papers.txt#2", 1),
    ]
    assert [each.unchanged for each in import_file(library, path, OPTIONS)] == [1, 1]


# -- refused

REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a PDF": (
        lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(9000)),
        "the PDF cannot be read",
    ),
    "an empty file": (lambda path: path.touch(), "empty"),
    "a folder": (lambda path: path.mkdir(), "folder"),
    "nothing at all": (lambda path: None, "no such file"),
    "a pipe": (lambda path: os.mkfifo(path), "pipe"),
    "zeroes": (lambda path: path.write_bytes(bytes(100_000)), "not a listing"),
    "a page without papers": (lambda path: path.write_text(PAGE), "paper"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_listing_is_refused_in_one_clear_line(what: str, library: Library, tmp_path: Path) -> None:
    make, words = REFUSED[what]
    path = tmp_path / "listing.txt"
    make(path)
    started = time.monotonic()
    found = take(library, path)
    # A process of its own reads the PDF.
    assert time.monotonic() - started < 30
    assert found.error
    assert words in found.error
    assert "\n" not in found.error
    assert (found.path, found.entries, found.complete) == (str(path), 0, False)
    (entry,) = log.read(library.reader())
    assert (entry.state, entry.report.error) == ("refused", found.error)


def test_a_sparse_file_of_a_terabyte_is_refused_at_once(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.truncate(2**40)
    started = time.monotonic()
    assert take(library, path).error
    assert time.monotonic() - started < 2


def test_a_name_with_control_characters_is_shown_without_them(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\udcff.txt"
    path.write_text(page(1))
    found = take(library, path)
    assert found.added == 1
    assert found.path.isprintable()
    assert log.read(library.reader())[0].report.path == found.path


# -- what the reader of a format may yield or raise

Scripted = Callable[..., Path]


class Script:
    """A format that ignores the file, and yields the given items and raises the given exceptions instead."""

    NAME = "scripted"
    TITLE = "A script"
    FAMILY = "hf"
    EXAMPLE = "scripted.txt"
    STREAMS = False

    def __init__(self, items: tuple[Item | Exception, ...]) -> None:
        self.items = items

    def sniff(self, head: bytes, name: str) -> float:
        return 1.0

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        stream.read()
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            yield item


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A function that makes a file from which the next import reads the given items. Exceptions in them are raised."""
    numbers = itertools.count()

    def write(*items: Item | Exception) -> Path:
        monkeypatch.setattr(importer, "detect", lambda head, name: Script(items))
        path = tmp_path / f"scripted{next(numbers)}.txt"
        path.write_text(f"{path}")
        return path

    return write


def entries(count: int) -> list[Entry]:
    return [Entry(paper=Paper(title=f"Title {number}")) for number in range(count)]


def test_an_entry_that_cannot_be_read_costs_none_of_the_others(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(*entries(2), Refused(3, 30, "bad\ndate"), *entries(4)[2:], Warned("odd\x1b[0m")))
    assert (found.entries, found.added) == (4, 4)
    assert found.refused == (Refused(3, 30, "bad date"),)
    assert found.warnings == ("odd␛[0m",)
    assert not found.complete
    assert not found.partial


def test_a_file_that_is_cut_keeps_what_was_whole_and_says_so(library: Library, scripted: Scripted) -> None:
    path = scripted(*entries(3), CutShort("the file ends in the middle of an entry"))
    found = take(library, path)
    assert (found.added, found.partial, found.complete) == (3, True, False)
    assert found.warnings == ("the file ends in the middle of an entry",)
    again = take(library, path)
    assert (again.added, again.unchanged, again.partial) == (0, 3, True)


@pytest.mark.parametrize(
    "mistake", [ListingError("bad bytes"), ValueError("no\nnumber"), RecursionError(), KeyError(1)]
)
def test_a_reader_that_fails_in_the_middle_keeps_what_it_had_read(
    mistake: Exception, library: Library, scripted: Scripted
) -> None:
    found = take(library, scripted(*entries(3), mistake, *entries(1)))
    assert (found.added, found.partial) == (3, True)
    assert len(found.warnings) == 1
    assert "\n" not in found.warnings[0]
    if not isinstance(mistake, ListingError):
        assert "please report it" in found.warnings[0]


def test_a_reader_that_fails_at_once_refuses_the_file(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(ValueError("no number")))
    assert found.error == "recto's reader of scripted failed (ValueError: no number); please report it"
    assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (0,)


def test_a_file_whose_every_entry_is_refused_is_an_error_that_says_why(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(Refused(1, 1, "no title"), Refused(2, 5, "no date"), Warned("odd")))
    assert found.error == "none of its 2 entries could be read: no title"


def test_an_empty_listing_that_says_so_is_no_error(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(Warned("a feed without papers: it is a weekend")))
    assert (found.error, found.entries, found.complete) == (None, 0, True)


def test_a_title_of_nothing_visible_is_refused(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(Entry(paper=Paper(title="A")), Entry(paper=Paper(title=" \u200b\xad"), line=9)))
    assert (found.added, found.refused) == (1, (Refused(2, 9, "no title"),))


def test_a_million_mistakes_do_not_fill_the_log(
    library: Library, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_MOST_REMARKS", 10)
    refused = [Refused(number, None, "bad") for number in range(500)]
    found = take(library, scripted(*entries(1), *refused, *[Warned("odd")] * 50))
    assert len(found.refused) == 10
    assert found.warnings[-2:] == ("490 more refused are not shown", "40 more warnings are not shown")


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
    found = take(library, scripted(Entry(paper=hostile, line=2**70), *entries(2)))
    assert (found.added, found.error) == (3, None)
    stored = paper_details.details(library.reader(), 1).paper
    assert stored.title.endswith(huge)
    assert stored.title.startswith("␛]52;c;aGk=␇\ufffd31m␀\ufffdevil\ufffd\ufffd b")
    assert (stored.upvotes, stored.comment_count, stored.arxiv_version) == (None, None, None)
    assert len(stored.authors) == 1
    text = msgspec.json.encode(stored).decode() + str(list_rows.read(library.reader(), [1]))
    for character in text:
        assert character.isprintable() or character == "\n"
    assert not any(0x202A <= ord(character) <= 0x2069 or ord(character) >= 0xE0000 for character in text)
    # Thousands of combining marks on one letter would be drawn over the lines above, so most are removed.
    assert stored.abstract
    assert len(stored.abstract) < 150
    assert_sound(library.path)


# -- interrupted


def test_stopping_keeps_whole_batches_and_the_next_import_goes_on(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    path = tmp_path / "a.txt"
    path.write_text(page(300))
    asked = itertools.count()
    cut = take(library, path, should_stop=lambda: next(asked) > 4)
    assert cut.interrupted
    assert not cut.complete
    assert 0 < cut.entries == cut.added < 300
    stored = library.reader().execute("SELECT stored, state, (SELECT count(*) FROM entry) FROM listing").fetchone()
    assert stored == (cut.entries, "interrupted", cut.entries)
    (entry,) = log.read(library.reader())
    assert (entry.state, entry.report.entries, entry.report.interrupted) == ("interrupted", cut.entries, True)
    rest = take(library, path)
    assert (rest.added, rest.unchanged, rest.complete) == (300 - cut.entries, cut.entries, True)
    assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (300,)


def test_stopping_before_anything_was_read_is_logged(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(3))
    found = take(library, path, should_stop=lambda: True)
    assert (found.interrupted, found.entries) == (True, 0)
    assert log.read(library.reader())[0].state == "interrupted"
    assert take(library, path).added == 3


def test_progress_is_told_with_the_bytes_and_entries_behind_it(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(batches, "STEP_SECONDS", 0.0)
    path = tmp_path / "a.txt"
    path.write_text(page(300))
    steps: list[Step] = []
    take(library, path, on_step=steps.append)
    assert len(steps) > 3
    assert [step.entries for step in steps] == sorted(step.entries for step in steps)
    size = path.stat().st_size
    assert steps[-1] == Step(str(path), size, size, 300)


_IMPORTER = """
import sys
from datetime import date
from pathlib import Path
from store.importing import batches, importer
from store.library.library import Library
# Who kills it, or writes beside it, comes between two batches.
batches.BATCH_SECONDS, batches.GAP_SECONDS, batches.STEP_SECONDS = 0.002, 0.01, 0
on_step = (lambda step: print(step.entries, flush=True)) if sys.argv[2] == "steps" else (lambda step: None)
library = Library.open(Path(sys.argv[1]))
print("ready", flush=True)
input()
for path in sys.argv[3:]:
    options = importer.Options(today=date(2026, 7, 15))
    for found in importer.import_file(library, Path(path), options, on_step=on_step):
        print(found.added, found.merged, found.unchanged, found.error, flush=True)
library.close()
"""

Process = Popen[str]


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def run(library: Path, *paths: Path, steps: bool = False) -> Process:
        """Start an import in another process. It begins after a line on stdin and prints the result for each file."""
        command = [sys.executable, "-c", _IMPORTER, str(library), "steps" if steps else "", *map(str, paths)]
        running.append(Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout
        assert running[-1].stdout.readline() == "ready\n"
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def begin(*processes: Process) -> None:
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()


def test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(1500))
    with Library.open(tmp_path / "clean.db") as library:
        take(library, path)
        expected = contents(library)
    killed = tmp_path / "killed.db"
    chance = random.Random(5)
    places: list[int] = []
    for _ in range(5):
        process = start(killed, path, steps=True)
        begin(process)
        assert process.stdout
        after = places[-1] + chance.randint(1, 200) if places else 1
        while int(process.stdout.readline()) < after:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Library.open(killed) as library:
            rows = library.reader().execute("SELECT stored FROM listing").fetchall()
            places.append(rows[0][0] if rows else 0)
            # The entries of a batch and the position reached in the file are stored in one transaction.
            assert library.reader().execute("SELECT count(*) FROM entry").fetchone() == (places[-1],)
            assert library.reader().execute("SELECT count(*) FROM paper").fetchone() == (places[-1],)
            if places[-1]:
                marking.bookmark(library, [1], True)
        assert_sound(killed)
    assert places == sorted(places)
    assert 0 < max(places) < 1500
    with Library.open(killed) as library:
        last = take(library, path)
        assert (last.added, last.unchanged) == (1500 - places[-1], places[-1])
        assert whole(library, "Paper number 0 of").marks.bookmarked
        marking.bookmark(library, [1], False)
        assert contents(library) == expected


def test_two_imports_of_one_file_at_once_lose_and_double_nothing(tmp_path: Path, start: Callable[..., Process]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(400))
    with Library.open(tmp_path / "one.db") as library:
        take(library, path)
        expected = contents(library)
    both = [start(tmp_path / "two.db", path) for _ in range(2)]
    begin(*both)
    said = [process.communicate()[0].split() for process in both]
    assert [each[3] for each in said] == ["None", "None"]
    assert sum(int(each[0]) for each in said) == 400
    assert all(int(each[0]) + int(each[2]) == 400 for each in said)
    with Library.open(tmp_path / "two.db") as library:
        assert contents(library) == expected
    assert_sound(tmp_path / "two.db")


def test_two_imports_of_files_with_the_same_papers_make_each_paper_once(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    titles = [f"Paper number {number} of them all" for number in range(200)]
    (tmp_path / "a.txt").write_text(page(titles))
    (tmp_path / "b.txt").write_text(page(titles[::-1], comments=3))
    both = [start(tmp_path / "both.db", tmp_path / name) for name in ("a.txt", "b.txt")]
    begin(*both)
    said = [process.communicate()[0].split() for process in both]
    assert sum(int(each[0]) for each in said) == 200
    assert sum(int(each[1]) for each in said) == 200
    with Library.open(tmp_path / "both.db") as library:
        assert library.reader().execute("SELECT count(*), count(DISTINCT title) FROM paper").fetchone() == (200, 200)
        assert library.reader().execute("SELECT count(*) FROM entry").fetchone() == (400,)
    assert_sound(tmp_path / "both.db")


def test_marks_made_while_an_import_runs_are_neither_refused_nor_lost(
    tmp_path: Path, start: Callable[..., Process]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(page(400))
    (tmp_path / "first.txt").write_text(page(["The first paper here"]))
    with Library.open(tmp_path / "library.db") as library:
        take(library, tmp_path / "first.txt")
        process = start(library.path, path)
        begin(process)
        made = 0
        while process.poll() is None:
            marking.tag(library, [1], add=[f"tag{made}"])
            made += 1
            time.sleep(0.01)
        assert process.communicate()[0].split()[0] == "400"
        assert len(stored_marks.read(library.reader(), 1).tags) == made > 3


def test_listing_days_and_counts_reach_the_views(library: Library, tmp_path: Path) -> None:
    (tmp_path / "2026-07-02.txt").write_text(page(3))
    (tmp_path / "2026-07-01.txt").write_text(page(2).replace("Jul 2", "Jul 1"))
    for name in ("2026-07-02.txt", "2026-07-01.txt"):
        take(library, tmp_path / name)
    counted = views.counted_views(library.reader())
    assert [(str(each.view), each.count) for each in counted.of("day")] == [
        ("day:2026-07-02", 3),
        ("day:2026-07-01", 2),
    ]


def test_the_log_reads_back_what_was_reported(library: Library, scripted: Scripted) -> None:
    found = take(library, scripted(*entries(2), Refused(3, 30, "bad date"), Warned("odd"), CutShort("cut")))
    (entry,) = log.read(library.reader())
    assert entry.report == found
    assert json.loads(msgspec.json.encode(entry))["state"] == "partial"


def test_a_file_of_holes_is_refused_at_once(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    file.write_text('{"id": "2301.00001", "title": "A title"}\n' * 300)
    os.truncate(file, 2**40)
    (report,) = import_file(library, file, Options(today=date(2026, 7, 1)))
    assert "never written" in (report.error or "")


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
