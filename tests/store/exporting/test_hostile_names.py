"""An export writes only the file that the user specified, whatever the papers contain (row 39 of the fault table)."""

from __future__ import annotations

import io
import itertools
import os
import zipfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from store.exporting import target_file
from store.exporting.formats import FORMATS, Options
from store.fetching import request
from store.marks.stored_marks import Marks
from store.model.errors import LibraryError, ListingError
from store.model.paper import Author, Paper
from store.text.clean import UNSAFE
from tests.store.exporting.samples import exported
from tests.thorough import examples

_numbers = itertools.count()
_TODAY = date(2026, 7, 15)
# A file name has at most two "..", and the folder is three levels deep, so no name leads out of the test's folder.
_NAMES = (
    *("..", ".", "-rf", "--output", "CON", "nul.txt", "a b", "a\nb", "\x1b[2J", "a\0b", "~", "$HOME", "`id`", "*", "é"),
    *("x" * 250, "x" * 300, "a.bib", ".hidden", "\u202egpj.exe", "name\udcff", "a:b", "a\\b", "%2e%2e", " "),
)
_component = st.sampled_from(_NAMES) | st.text(max_size=12).map(lambda text: text.replace("/", "_"))
_names = st.lists(_component, min_size=1, max_size=3).filter(lambda parts: parts.count("..") <= 2).map("/".join)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and its subfolders, with its content."""
    files: dict[str, bytes] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            files[str(path)] = path.read_bytes()
    return files


@examples(60, 1_000, HealthCheck.function_scoped_fixture)
@given(name=_names)
def test_a_file_is_written_where_the_name_says_or_nowhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "some" / "folder" / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.bib").write_bytes(b"old")
    before = tree(tmp_path)
    try:
        target_file.replace(Path(f"{folder}/{name}"), iter([b"new %d" % next(_numbers)]))
    except LibraryError as error:
        assert tree(tmp_path) == before
        assert str(error)
    else:
        after = tree(tmp_path)
        assert {path for path in after if after[path] != before.get(path)} == {os.path.realpath(f"{folder}/{name}")}
        assert before.keys() <= after.keys()


@examples(10, 300)
@given(text=_names)
def test_no_text_of_a_paper_names_a_file(text: str) -> None:
    name = text.replace("\udcff", "?")
    paper = Paper(title=name, authors=(Author(name),), arxiv_id=name, doi=name, venue=name, categories=(name,))
    for form in FORMATS:
        rows = iter([exported(paper, name, Marks(tags=(name,), note=name))])
        content = b"".join(form.pieces(rows, Options(title=name)))
        if form.name == "epub":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                assert set(book.namelist()) == {
                    "mimetype", "META-INF/container.xml", "style.css", "paper-1.xhtml", "contents.xhtml", "book.opf"
                }  # fmt: skip


@examples(60, 1_000)
@given(text=_names | st.text(max_size=300))
def test_a_fetched_listing_has_a_plain_name_inside_the_inbox(text: str) -> None:
    requests = (
        lambda: request.arxiv(text, _TODAY),
        lambda: request.daily_papers("2026-07-02", _TODAY, submitter=text),
        lambda: request.daily_papers(text, _TODAY),
        lambda: request.hf_paper("2310.06770", "hf-paper.json"),
    )
    for make in requests:
        try:
            file = make().file
        except (ListingError, UnicodeEncodeError):
            continue
        assert file == Path(file).name and not file.startswith((".", "-")), file
        assert len(os.fsencode(file)) <= 255 and not UNSAFE.search(file), file
