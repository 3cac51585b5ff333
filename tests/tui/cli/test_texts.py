"""The commands `attach` and `text`, for the full texts of papers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from store.papers import highlights, paper_names
from store.texts import exported_texts
from tests.store.pictures.documents import scan
from tests.store.texts import pages
from tests.tui import samples
from tests.tui.conftest import Recto


@pytest.fixture
def bibliography(recto: Recto, tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "library.bib"
    file.write_text(samples.BIBLIOGRAPHY)
    assert recto("import", str(file)).code == 0
    with pages.read_in_this_process():
        yield file


def test_an_attached_file_is_printed_and_removed(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(pages.LATEXML)
    done = recto("attach", "Harbour", str(file))
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("attached to ") and ": HTML, " in done.out
    printed = recto("text", "Harbour")
    assert "As [1] shows, most cranes¹ obey E = mc²." in printed.lines
    blocks = json.loads(recto("text", "Harbour", "--json").out)["blocks"]
    assert blocks[0] == {"kind": "heading", "text": "Cranes That Count", "level": 1}
    assert ["1", "citation", "#bib.bib1"] in next(block for block in blocks if "links" in block)["links"]
    assert recto("text", "Harbour", "--remove").out == f"removed 1 text of paper {done.out.split()[2].strip(',')}\n"
    assert "recto attach" in recto("text", "Harbour").err


def test_highlights_are_exported(recto: Recto, bibliography: Path, path: Path, tmp_path: Path) -> None:
    with Library.open(path) as library:
        number = paper_names.find_paper(library.reader(), "Harbour")
        highlights.add(library, number, "We count cranes.", "Before.", "so do we")
    shown = json.loads(recto("show", "Harbour", "--json").out)
    assert [(each["quotation"], each["note"]) for each in shown["highlights"]] == [("We count cranes.", "so do we")]
    assert "Highlights:\n  “We count cranes.”\n    so do we\n" in recto("show", "Harbour").out
    target = tmp_path / "list.md"
    assert recto("export", "-o", str(target), "Harbour").code == 0
    written = target.read_text()
    assert "We count cranes." in written and "so do we" in written


def test_a_scan_is_attached_and_says_that_it_has_no_text(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    file = tmp_path / "scan.pdf"
    file.write_bytes(scan())
    done = recto("attach", "Harbour", str(file))
    assert done.code == 0 and "PDF, 3 pages, 0 words" in done.out and "like a scan" in done.out
    printed = recto("text", "Harbour")
    assert printed.code == 1 and "has only a scan without text; recto shows its pages" in printed.err
    assert json.loads(recto("text", "Harbour", "--json").out)["blocks"] == []


def test_two_texts_are_compared(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    first.write_text("# Cranes\n\n## Why\n\nWe saw two hundred bees today.\n\nThis is left out of the next text.\n")
    second.write_text("# Cranes\n\n## Why\n\nWe saw nine hundred bees today.\n\n## How\n\nBy hand.\n")
    recto("attach", "Harbour", str(first), "--anyway")
    assert "has only one text" in recto("text", "Harbour", "--compare").err
    recto("attach", "Harbour", str(second), "--anyway")
    done = recto("text", "Harbour", "--compare")
    assert done.code == 0 and done.lines[0].startswith("- Markdown, ") and done.lines[1].startswith("+ Markdown, ")
    assert done.lines[2:] == [
        "4 of 6 paragraphs changed",
        "",
        "== Why",
        "",
        "~ We saw [-two-] {+nine+} hundred bees today.",
        "",
        "- This is left out of the next text.",
        "",
        "+ How",
        "",
        "== How",
        "",
        "+ By hand.",
    ]
    assert "has no JSON" in recto("text", "Harbour", "--compare", "--json").err


def test_a_file_that_is_not_the_paper_is_refused_or_named(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    notes, long, program = tmp_path / "notes.txt", tmp_path / "long.txt", tmp_path / "program"
    notes.write_text("Buy milk, and read the paper about harbour cranes.")
    long.write_text("Buy milk. " * 400)
    program.write_bytes(b"\x7fELF\x02\x01\x00\x00")
    done = recto("attach", "Harbour", str(notes), str(long), str(program))
    assert (done.code, done.out) == (1, "")
    assert [line.partition(": ")[2].partition(": ")[2].partition(";")[0] for line in done.err.splitlines()] == [
        "it has only 9 words and not the title of the paper",
        "it has neither the title of the paper nor a heading such as Abstract or References",
        "it is neither a PDF nor a text file",
    ]
    assert "has no text" in recto("text", "Harbour").err
    assert recto("attach", "Harbour", str(notes), "--anyway").code == 0
    page = tmp_path / "other.html"
    page.write_text(pages.LATEXML)
    assert "its title is “Cranes That Count”, not that of this paper" in recto("attach", "Harbour", str(page)).out


def test_a_folder_is_matched_and_what_does_not_fit_is_listed(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.md").write_text("# Harbour Cranes That Learn to Wait\n\nText of the paper.")
    (folder / "b.md").write_text("# Something Else Altogether\n\nText.")
    (folder / "c.txt").write_text("not a text")
    done = recto("attach", str(folder))
    assert done.code == 1
    assert [line.partition(",")[2].strip() for line in done.lines] == [
        "Harbour Cranes That Learn to Wait: Markdown, 10 words, 226 bytes"
    ]
    assert done.err == f"recto: {folder / 'b.md'}: no paper of the library fits; name it with: recto attach ID FILE\n"


def test_a_file_that_cannot_be_read_is_named(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    done = recto("attach", "Harbour", str(tmp_path / "none.pdf"))
    assert (done.code, done.out) == (1, "") and "none.pdf" in done.err
    done = recto("attach", "Harbour")
    assert (done.code, done.err) == (1, "recto: Harbour: no such file; attach one with: recto attach ID FILE\n")
    (tmp_path / "damaged.pdf").write_bytes(b"%PDF-1.4 damaged")
    done = recto("attach", "Harbour", str(tmp_path / "damaged.pdf"))
    assert (done.code, done.out) == (1, "") and "damaged.pdf: it is damaged" in done.err


def test_the_configuration_limits_the_size_of_all_texts(
    recto: Recto, bibliography: Path, configuration: Path, tmp_path: Path
) -> None:
    configuration.write_text("[texts]\nmegabytes = 1\n")
    file = tmp_path / "a.md"
    file.write_text("word " * 250_000)
    assert "would need more than 1 MiB" in recto("attach", "Harbour", str(file)).err
    configuration.write_text("[texts]\nmegabytes = 10\n")
    assert recto("attach", "Harbour", str(file), "--anyway").code == 0


def test_an_export_with_texts_brings_them_back(
    recto: Recto, bibliography: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.html"
    file.write_text(pages.LATEXML)
    recto("attach", "Harbour", str(file))
    texts = path.parent / "texts"
    before = {each.name: each.read_bytes() for each in texts.iterdir()}
    # The source of a long text is exported in several parts.
    monkeypatch.setattr(exported_texts, "_PART", 300)
    whole, bare = tmp_path / "whole.jsonl", tmp_path / "bare.jsonl"
    assert recto("export", "-o", str(whole), "--texts").code == 0
    assert recto("export", "-o", str(bare)).code == 0
    assert "--texts belongs to a whole library" in recto("export", "-o", str(tmp_path / "a.bib"), "--texts").err
    new = tmp_path / "new" / "library.db"
    done = recto("import", str(whole), "--library", str(new))
    assert (done.code, done.err) == (0, "")
    assert {each.name: each.read_bytes() for each in (new.parent / "texts").iterdir()} == before
    assert recto("text", "Harbour", "--library", str(new)).out == recto("text", "Harbour").out
    again = tmp_path / "again.jsonl"
    recto("export", "-o", str(again), "--texts", "--library", str(new))
    assert again.read_text() == whole.read_text()
    without = tmp_path / "without" / "library.db"
    assert "1 full text cannot be read here" in recto("import", str(bare), "--library", str(without)).err


def test_a_backup_with_texts_brings_them_back(recto: Recto, bibliography: Path, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(pages.LATEXML)
    recto("attach", "Harbour", str(file))
    copy = tmp_path / "copy.db"
    assert "2 files of full texts" in recto("backup", str(copy), "--texts").out
    recto("text", "Harbour", "--remove")
    folder = tmp_path / "copy.db.texts"
    # A damaged source, and other files in the folder, are not exported.
    (folder / ("0" * 64 + ".pdf")).write_text("damaged")
    (folder / "notes.txt").write_text("mine")
    assert "restored 2 files of full texts" in recto("restore", str(copy)).out
    assert "We count cranes." in recto("text", "Harbour").out
    assert {each.suffix for each in (path.parent / "texts").iterdir()} == {".html", ".blocks"}
    assert "--texts needs FILE" in recto("backup", "--texts").err
