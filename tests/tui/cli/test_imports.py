"""The commands import, log and watch: each file is imported, or one line reports why it is not."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.tui import samples
from tests.tui.conftest import Recto
from tui.cli.import_totals import MOST_NAMED

REPORT_FIELDS = {
    "path", "format", "listed_on", "listed_on_rule", "entries", "added", "merged", "unchanged", "refused", "warnings",
    "partial", "seconds",
}  # fmt: skip


def test_importing_says_what_came_in(recto: Recto, path: Path, page: Path) -> None:
    said = recto("import", page)
    assert (said.code, said.err) == (0, "")
    assert said.lines == [
        f"{page}: 2 papers (1 added, 1 merged, 0 unchanged) · hf-text, 2026-07-03 (printed in the file)"
    ]
    again = recto("import", page)
    assert again.code == 0
    assert "(0 added, 0 merged, 2 unchanged)" in again.out


def test_a_report_as_json_has_the_promised_fields(recto: Recto, path: Path, page: Path) -> None:
    said = recto("import", page, "--json")
    assert (said.code, said.err) == (0, "")
    found = said.report
    assert found.keys() >= REPORT_FIELDS
    # Values that recto stores beyond the documented ones are listed here, so that no further one is added unnoticed.
    assert found.keys() - REPORT_FIELDS == {"joined", "interrupted", "error"}
    assert found["path"] == str(page)
    assert (found["format"], found["listed_on"], found["listed_on_rule"]) == ("hf-text", "2026-07-03", "printed")
    assert [found[name] for name in ("entries", "added", "merged", "unchanged")] == [2, 1, 1, 0]
    assert (found["refused"], found["warnings"], found["partial"]) == ([], [], False)
    assert isinstance(found["seconds"], float)


def test_refused_entries_are_listed_with_their_lines(recto: Recto, path: Path, tmp_path: Path) -> None:
    listing = tmp_path / "papers.json"
    lines = [samples.snapshot_line(number) for number in (1, 2, 3)]
    lines[1] = lines[1].replace('"title": "Snapshot Paper 2", ', "")
    listing.write_text("\n".join(lines) + "\n")
    said = recto("import", listing, "--json")
    assert said.code == 1
    found = said.report
    assert (found["entries"], found["added"]) == (2, 2)
    (refused,) = found["refused"]
    assert refused.keys() == {"index", "line", "reason"}
    assert (refused["index"], refused["line"]) == (2, 2)
    assert "title" in refused["reason"]
    said = recto("import", listing, "--format", "arxiv-snapshot")
    assert said.code == 1
    assert said.lines[1].startswith("  refused: entry 2, line 2: ")


def test_a_file_that_ends_early_is_partial_and_the_code_says_so(recto: Recto, path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_text(samples.page(["Whole One", "Cut One"]).rpartition(", which is why")[0])
    said = recto("import", cut)
    assert said.code == 1
    assert ", partial (1 added" in said.lines[0]
    assert "Cut One" in said.lines[1]
    assert recto("import", cut, "--json").report["partial"] is True
    assert "partial" in recto("log").out


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Files that are no listings, by a description of each."""
    folder = tmp_path / "odd"
    folder.mkdir()
    contents = {
        "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 4,
        "a JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 8,
        "an empty file": b"",
        "a text": b"Dear diary,\n\ntoday nothing was published.\n",
        "zeros": bytes(5000),
        "lines": b"\n" * 500,
    }
    found = {}
    for number, (name, content) in enumerate(contents.items()):
        found[name] = folder / f"odd-{number}"
        found[name].write_bytes(content)
    found["an empty folder"] = tmp_path / "empty"
    found["an empty folder"].mkdir()
    found["a pipe"] = tmp_path / "pipe"
    os.mkfifo(found["a pipe"])
    found["a missing file"] = tmp_path / "missing.txt"
    found["a name too long"] = tmp_path / ("long" * 100)
    found["a file as a folder"] = folder / "odd-0" / "below.txt"
    found["a circle"] = tmp_path / "circle"
    found["a circle"].symlink_to(found["a circle"])
    found["a dead link"] = tmp_path / "dead"
    found["a dead link"].symlink_to(tmp_path / "nowhere")
    found["a device"] = Path("/dev/null")
    return found


def test_files_that_are_no_listings_give_one_line_each_and_the_others_are_imported(
    recto: Recto, path: Path, page: Path, odd: dict[str, Path]
) -> None:
    said = recto("import", *list(odd.values())[:4], page, *list(odd.values())[4:])
    assert said.code == 1
    complaints = said.err.splitlines()
    assert len(complaints) == len(odd), said.err
    for (name, file), line in zip(odd.items(), complaints, strict=True):
        assert line.startswith(f"recto: {file}: not read: "), name
        assert len(line) > len(f"recto: {file}: not read: ") + 5, name
    assert len(said.lines) == 2 and "1 file read: 1 added" in said.lines[1]
    assert "1 added, 1 merged" in said.out
    logged = {entry["path"]: entry for entry in json.loads(recto("log", "--json").out)}
    assert all(logged[str(file)]["state"] == "refused" and logged[str(file)]["error"] for file in odd.values())


def test_as_json_too_every_file_has_a_report_and_every_error_a_line(
    recto: Recto, path: Path, page: Path, odd: dict[str, Path]
) -> None:
    said = recto("import", "--json", odd["a PDF"], page, odd["a pipe"])
    assert said.code == 1
    pdf, listing, pipe = map(json.loads, said.lines)
    assert (listing["added"], listing["error"]) == (1, None)
    assert pdf["error"] and pipe["error"]
    assert pdf["entries"] == pipe["entries"] == 0
    assert said.err.count("\n") == 2


def test_a_folder_is_imported_with_all_below_it(recto: Recto, path: Path, tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "many"
    (folder / "deep" / "deeper").mkdir(parents=True)
    for number, where in enumerate([folder, folder / "deep", folder / "deep" / "deeper"]):
        (where / f"day-{number}.txt").write_text(samples.page([f"Folder Paper Number {number}"]))
    (folder / ".hidden.txt").write_text(samples.page(["Hidden Paper"]))
    (folder / "half.txt.part").write_text(samples.page(["Half a Paper"]))
    (folder / "link.txt").symlink_to(page)
    said = recto("import", folder)
    # A link in a folder is not followed, and that is reported.
    assert said.code == 1 and "link.txt" in said.err and "symbolic link" in said.err
    *files, sums = said.lines
    assert sorted(line.split(":")[0].split("/")[-1] for line in files) == ["day-0.txt", "day-1.txt", "day-2.txt"]
    assert sums == "3 files read: 3 added, 0 merged; 1 file not read"
    assert not {"Hidden Paper", "Half a Paper", "Salt Flats Have a Sound"} & set(recto("list").titles)


def test_a_folder_that_holds_the_library_can_be_imported(recto: Recto, path: Path) -> None:
    (path.parent / "day.txt").write_text(samples.page(["Beside the Library"]))
    said = recto("import", path.parent)
    assert (said.code, said.err) == (0, "")
    assert len(said.lines) == 1


def test_a_link_that_is_named_is_followed(recto: Recto, path: Path, tmp_path: Path, page: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(page)
    assert "1 added" in recto("import", link).out


def test_the_listing_day_can_be_given(recto: Recto, path: Path, tmp_path: Path) -> None:
    undated = tmp_path / "undated.txt"
    undated.write_text(samples.page(["Undated Paper"], day=""))
    found = recto("import", undated, "--listed-on", "2026-05-04", "--json").report
    assert (found["listed_on"], found["listed_on_rule"]) == ("2026-05-04", "given")
    assert recto("list", "--view", "2026-05-04").titles == ["Undated Paper"]


def test_the_format_can_be_named(recto: Recto, path: Path, page: Path) -> None:
    assert recto("import", page, "--format", "hf-text", "--json").report["format"] == "hf-text"
    said = recto("import", page, "--format", "bibtex")
    assert said.code == 1
    assert "not read" in said.complaint()


def deny(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove this process's permission to read a file."""
    real_open, real_access = os.open, os.access

    def denied(file: Any, *rest: Any, **more: Any) -> int:
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(file, *rest, **more)

    monkeypatch.setattr(os, "open", denied)
    monkeypatch.setattr(os, "access", lambda file, mode: str(file) != str(path) and real_access(file, mode))


def test_a_file_without_read_permission_is_reported(
    recto: Recto, path: Path, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, who may read every file.
    other = tmp_path / "other.txt"
    other.write_text(samples.page(["Mine"]))
    deny(page, monkeypatch)
    said = recto("import", page, other)
    assert "permission" in said.complaint()
    assert "1 added" in said.out
    assert said.code == 1
    # The running program imports with these options. There, such a file once blocked every other file of the inbox.
    lines = [json.loads(line) for line in recto("import", "--events", "--", page, other).lines]
    errors = [line["error"] or "" for line in lines if "path" in line]
    assert ["permission" in error for error in errors] == [True, False]


def test_a_name_that_is_not_text_is_imported_and_shown_safely(recto: Recto, path: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9-\x1b[31m-\xe2\x80\xae.txt")
    listing = tmp_path / name
    listing.write_text(samples.page(["A Paper from a Strange File"]))
    for words in (["import", listing], ["import", tmp_path], ["import", listing, "--json"], ["log"], ["log", "--json"]):
        said = recto(*words)
        assert said.code == 0, said
        assert "\x1b" not in said.out + said.err
        assert "\u202e" not in said.out + said.err
        assert "caf" in said.out


def test_a_file_named_dash_is_read_if_its_folder_is_given(
    recto: Recto, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_text(samples.page(["Dash It All"]))
    assert "1 added" in recto("import", "./-").out


def test_the_log_tells_the_newest_last_and_as_many_as_asked(recto: Recto, path: Path, page: Path) -> None:
    recto("import", page)
    recto("import", page)
    recto("import", "/nowhere/at/all.txt")
    lines = recto("log").lines
    assert [line.split(": ")[0].rsplit("/", 1)[-1] for line in lines] == [
        "daily-2026-07-02.txt", "shelf.bib", "page.txt", "page.txt", "all.txt",
    ]  # fmt: skip
    assert "same bytes as a file read before" in lines[3]
    assert "not read: no such file" in lines[4]
    assert recto("log", "-n", "2").lines == lines[3:]
    found = json.loads(recto("log", "--json").out)
    assert [entry["state"] for entry in found] == ["read", "read", "read", "known", "refused"]
    assert all(entry.keys() >= REPORT_FIELDS | {"id", "at", "state"} for entry in found)


def test_folders_are_followed_listed_and_let_go(
    recto: Recto, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "papers to come"
    folder.mkdir()
    monkeypatch.chdir(folder)
    inbox = str(path.parent / "inbox")
    assert recto("watch", "list").lines == [inbox]
    assert stat.S_IMODE(Path(inbox).stat().st_mode) == 0o700
    assert recto("watch", "add", ".").lines == [f"Watching {folder}"]
    assert recto("watch", "add", "../papers to come/").code == 0
    assert json.loads(recto("watch", "list", "--json").out) == [inbox, str(folder)]
    folder.rename(tmp_path / "moved")
    assert recto("watch", "list").lines == [inbox, str(folder)]
    assert recto("watch", "remove", folder).lines == [f"No longer watching {folder}"]
    assert recto("watch", "list").lines == [inbox]
    assert "recto watch list" in recto("watch", "remove", folder).complaint()


@pytest.mark.parametrize("name", ["missing", "file", "~nobody-of-this-name/x", "esc\x1b[31m", "\udcff"])
def test_a_folder_that_cannot_be_followed_gives_one_line(recto: Recto, path: Path, tmp_path: Path, name: str) -> None:
    if name == "file":
        (tmp_path / name).write_text("x")
    elif name.startswith(("esc", "\udcff")):
        (tmp_path / name).mkdir()
    said = recto("watch", "add", name if name.startswith("~") else tmp_path / name)
    assert "\x1b" not in said.complaint()
    assert len(recto("watch", "list").lines) == 1
    # A folder of any name can be given to the command that stops watching it.
    assert "is not watched" in recto("watch", "remove", tmp_path / name).complaint()


def test_a_folder_gets_a_line_of_sums_and_many_refused_files_do_not_fill_the_screen(
    recto: Recto, path: Path, tmp_path: Path, page: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for number in range(MOST_NAMED + 30):
        (folder / f"{number:02}.txt").write_text("not a listing")
    (folder / page.name).write_bytes(page.read_bytes())
    done = recto("import", folder)
    refused = done.err.splitlines()
    assert len(refused) == MOST_NAMED + 1
    assert refused[-1].startswith("recto: 30 more files not read: not a listing")
    assert done.code == 1
    assert re.fullmatch(rf"1 file read: \d+ added, \d+ merged; {MOST_NAMED + 30} files not read", done.lines[-1])
    # For one file, no line of totals is printed. For other programs (--json), every file has a report.
    assert len(recto("import", page).lines) == 1
    assert len(recto("import", folder, "--json").lines) == MOST_NAMED + 31
