"""The command `export` writes papers to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui import samples
from tests.tui.conftest import Recto


@pytest.fixture
def bibliography(recto: Recto, tmp_path: Path) -> Path:
    file = tmp_path / "library.bib"
    file.write_text(samples.BIBLIOGRAPHY)
    assert recto("import", str(file)).code == 0
    return file


def test_the_ending_of_the_file_chooses_the_format(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    target = tmp_path / "cranes.ris"
    done = recto("export", "cranes", "-o", str(target))
    assert (done.code, done.err) == (0, "")
    assert done.lines == [f"{target}: 1 paper · RIS, for reference managers"]
    assert target.read_bytes().startswith(b"TY  - JOUR\r\nID  - cranes\r\n")


def test_an_export_to_a_pipe_has_only_the_papers(recto: Recto, bibliography: Path) -> None:
    done = recto("export", "--format", "bibtex", "-o", "-", "-cranes", "-letters")
    assert done.code == 0
    assert done.out.startswith("@misc{rain,") and done.out.count("@") == 1


def test_a_view_is_exported_in_its_order(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    recto("mark", "Measuring Rain", "--queue")
    recto("mark", "Harbour", "--queue")
    target = tmp_path / "queue.bib"
    assert recto("export", "--view", "queue", "-o", str(target)).code == 0
    text = target.read_text()
    assert 0 < text.index("rain") < text.index("cranes")
    assert "letters" not in text


def test_importing_an_export_finds_the_same_papers(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    for ending in ("bib", "biblatex", "ris", "json", "csv"):
        target = tmp_path / f"all.{ending}"
        assert recto("export", "-o", str(target)).code == 0
        if ending != "biblatex":
            assert "3 papers (0 added" in recto("import", str(target)).out


def test_a_file_whose_ending_shows_no_format_needs_one(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    done = recto("export", "-o", str(tmp_path / "papers.xyz"))
    assert done.code == 2
    assert "say which format with --format: bibtex, biblatex, ris" in done.err
    assert not (tmp_path / "papers.xyz").exists()


def test_a_file_that_cannot_be_written_is_an_error(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    done = recto("export", "-o", str(tmp_path / "missing" / "papers.bib"))
    assert done.code == 1
    assert done.err.startswith("recto: cannot write") and done.err.count("\n") == 1
    assert done.err.rstrip().endswith(f"there is no folder {tmp_path / 'missing'}")


def test_a_whole_library_comes_back_with_its_marks(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    recto("mark", "Measuring Rain", "--queue", "--note", "read the appendix")
    target = tmp_path / "library.jsonl"
    done = recto("export", "-o", str(target))
    assert done.code == 0 and done.out.startswith(f"{target}: the whole library, ")
    new = ["--library", str(tmp_path / "new.db")]
    assert recto(*new, "import", str(target)).code == 0
    assert recto(*new, "list", "--json").out == recto("list", "--json").out
    assert recto(*new, "log", "--json").out == recto("log", "--json").out
    again = recto("import", str(target))
    assert again.code == 1 and "name a new one" in again.err


def test_only_a_whole_library_is_written_in_recto_s_format(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    done = recto("export", "rain", "-o", str(tmp_path / "rain.jsonl"))
    assert done.code == 2 and "recto list --format jsonl" in done.err


def test_a_paper_is_named_by_the_citation_key_that_it_has(recto: Recto, bibliography: Path, tmp_path: Path) -> None:
    recto("import", str(samples.write(tmp_path / "more")[0]))
    assert json.loads(recto("show", "Slow Glass", "--json").out)["citation_key"] is None
    recto("export", "title:glass", "-o", str(tmp_path / "glass.bib"))
    shown = json.loads(recto("show", "Slow2026", "--json").out)
    assert (shown["title"], shown["citation_key"]) == (samples.DAILY[1], "slow2026")
    assert "citation key: rain" in recto("show", "Measuring Rain").out


def test_a_file_follows_the_library_at_the_end_of_each_command(
    recto: Recto, bibliography: Path, tmp_path: Path
) -> None:
    target = tmp_path / "queue.bib"
    done = recto("export", "--follow", "--view", "queue", "-o", str(target))
    assert done.lines == [f"{target}: 0 papers · written again whenever they change"]
    recto("mark", "cranes", "--queue")
    assert target.read_text().startswith("@article{cranes,")
    recto("undo")
    assert target.read_text() == ""
    assert recto("export", "--followed").lines == [f"{target}: BibTeX · --view queue"]
    target.write_text("mine")
    done = recto("mark", "rain", "--queue")
    assert done.code == 0 and "was changed by another program" in done.err and target.read_text() == "mine"
    assert recto("export", "--unfollow", "-o", str(target)).lines == [f"{target} is not written again"]
    assert "does not follow" in recto("export", "--unfollow", "-o", str(target)).complaint()
    assert recto("mark", "rain", "--bookmark").err == ""
    assert "No file follows" in recto("export", "--followed").out


def test_options_for_following_that_cannot_work_are_refused(recto: Recto, bibliography: Path) -> None:
    assert "name the file" in recto("export").complaint(2)
    assert "--follow needs a file" in recto("export", "--follow", "-o", "-", "--format", "ris").complaint(2)
    assert "recto backup makes copies" in recto("export", "--follow", "-o", "all.jsonl").complaint(2)
    assert "there is no view" in recto("export", "--follow", "--view", "nothing", "-o", "x.bib").complaint()


def test_the_configuration_has_the_form_of_new_keys(
    recto: Recto, bibliography: Path, configuration: Path, tmp_path: Path
) -> None:
    configuration.write_text('[citation]\nkey = "{Word}_{yy}"\n')
    recto("import", str(samples.write(tmp_path / "more")[0]))
    assert recto("cite", "Slow Glass", "cranes", "--style", "key").lines == ["[@Slow_26; @cranes]"]
