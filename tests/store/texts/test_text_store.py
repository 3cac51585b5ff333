"""Full texts are cleaned and stored in files next to the library, up to a size limit.

When papers are joined, the joined paper has their texts.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from store.formats.documents import child_process
from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from store.text.clean import UNSAFE
from store.texts import blocks, text_store, worker
from store.texts.blocks import Block, FullText, Span
from store.texts.text_store import StoredText
from tests.store.texts import pages
from tests.thorough import some


@pytest.fixture
def library(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Library]:
    """An empty library. Texts are extracted in this process, except in the tests of the child process."""
    with Library.open(tmp_path / "library.db") as library:
        if "program" in request.fixturenames or "child" in request.node.name:
            yield library
        else:
            with pages.read_in_this_process():
                yield library


def attach(library: Library, data: str | bytes = pages.MARKDOWN, paper: int = 1, name: str = "a.md") -> StoredText:
    return text_store.attach(library, paper, io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def test_a_child_process_reads_a_text_which_is_stored_with_its_source(library: Library) -> None:
    stored = attach(library)
    assert (stored.format, stored.source, stored.paper_id) == ("markdown", "a.md", 1)
    assert text_store.load(library, stored).blocks[0].text == "Cranes That Count"
    assert text_store.source_path(library, stored).read_text() == pages.MARKDOWN
    assert stored.size == sum(path.stat().st_size for path in text_store.folder(library).iterdir())
    assert all(path.stat().st_mode & 0o077 == 0 for path in text_store.folder(library).iterdir())


def test_the_same_file_is_stored_once(library: Library) -> None:
    assert attach(library) == attach(library)
    assert len(list(text_store.folder(library).iterdir())) == 2


def test_html_comes_before_pdf(library: Library) -> None:
    pytest.importorskip("pypdfium2")
    attach(library, pages.LATEXML, name="a.html")
    attach(library, pages.two_columns(1), name="a.pdf")
    assert [text.format for text in text_store.of_paper(library.reader(), 1)] == ["html", "pdf"]


def test_a_joined_paper_has_the_texts_of_both(library: Library) -> None:
    attach(library, paper=2)
    with library.writing() as connection:
        connection.execute("INSERT INTO joined (gone, kept, at) VALUES (2, 1, '')")
    assert [text.paper_id for text in text_store.of_paper(library.reader(), 1)] == [2]


def test_the_limit_is_kept(library: Library) -> None:
    with pytest.raises(LibraryError, match="recto text ID --remove"):
        text_store.attach(library, 1, io.BytesIO(b"word " * 100), "a.md", limit=100)
    assert not text_store.folder(library).exists()


def test_missing_blocks_are_made_again_and_a_missing_source_is_named(library: Library) -> None:
    stored = attach(library)
    blocks_file = text_store.folder(library) / f"{stored.content}.blocks"
    before = text_store.load(library, stored)
    blocks_file.write_bytes(b"damaged")
    assert text_store.load(library, stored) == before
    blocks_file.unlink()
    text_store.source_path(library, stored).unlink()
    with pytest.raises(LibraryError, match="the file of the text cannot be read"):
        text_store.load(library, stored)


def test_a_source_that_was_replaced_is_not_taken_for_the_text(library: Library) -> None:
    stored = attach(library)
    with text_store.open_source(library, stored) as file:
        assert file.read() == text_store.source_path(library, stored).read_bytes()
    text_store.source_path(library, stored).write_bytes(b"# Another paper\n\nwith another text")
    with pytest.raises(OSError, match="changed"):
        text_store.open_source(library, stored)
    (text_store.folder(library) / f"{stored.content}.blocks").unlink()
    with pytest.raises(LibraryError, match="changed since it was stored"):
        text_store.load(library, stored)


def test_a_removed_text_leaves_no_file_unless_another_paper_has_it(library: Library) -> None:
    first, second = attach(library), attach(library, paper=2)
    text_store.remove(library, [first])
    assert text_store.load(library, second).title == "Cranes That Count"
    text_store.remove(library, [second])
    assert list(text_store.folder(library).iterdir()) == []
    assert text_store.of_paper(library.reader(), 2) == []


def test_control_characters_are_replaced_before_anything_is_stored(library: Library) -> None:
    stored = attach(library, "# A\x1b]52;c;Zm9v\x07 title\n\nText \u202e with \x9b31m [link](https://x.org/\u200e)\n")
    text = text_store.load(library, stored)
    assert not UNSAFE.search(" ".join([text.title, *(block.text for block in text.blocks)]))
    assert "␛]52;c;Zm9v␇ title" in text.title


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os; os.abort()", "damaged"),
        ("print('{')", "the process that reads it failed"),
        ("pass", "gave no answer"),
        ('print(\'{"error": "no\\x1b way"}\')', "failed"),
        ("print('x' * 10**6)", "longer than recto reads"),
        ("import time; time.sleep(60)", "took too long"),
    ],
)
def test_a_process_that_fails_refuses_the_file(
    library: Library, program: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "command_of", lambda *names: (sys.executable, "-S", "-c", program))
    monkeypatch.setattr(worker, "SECONDS", 0.1 if "sleep" in program else 60)
    monkeypatch.setattr(worker, "LONGEST_ANSWER", 10**5)
    with pytest.raises(ListingError, match=message):
        attach(library)
    assert text_store.of_paper(library.reader(), 1) == []


def test_the_answer_of_a_child_process_is_cleaned(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = FullText((Block("paragraph", (Span("red \x1b[31m and \u202e backwards"),)),))
    answer = msgspec.json.encode(worker.Message(text=hostile)) + b"\n"
    program = f"import sys; sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(child_process, "command_of", lambda *names: (sys.executable, "-S", "-c", program))
    (block,) = text_store.load(library, attach(library)).blocks
    assert block.text.startswith("red ␛[31m and") and not UNSAFE.search(block.text)


class TestLimits:
    def test_long_texts_are_cut_and_say_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blocks, "MOST_BLOCKS", 3)
        text = blocks.cleaned(FullText(tuple(Block("paragraph", (Span(f"{number}"),)) for number in range(5))))
        assert [block.text for block in text.blocks] == ["0", "1", "2"]
        assert text.remarks == ("the text is longer than recto reads; its end is missing",)

    def test_a_block_that_is_too_long_is_cut_and_said_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blocks, "MOST_CHARACTERS", 4)
        text = blocks.cleaned(FullText((Block("paragraph", (Span("one two"),)),)))
        assert (text.blocks[0].text, text.remarks) == (
            "one ",
            ("a paragraph is longer than recto reads; its end is missing",),
        )

    def test_only_tables_and_programs_keep_their_line_breaks(self) -> None:
        text = blocks.cleaned(FullText((Block("paragraph", (Span("a\nb\tc"),)), Block("table", (Span("a\tb\nc"),)))))
        assert [block.text for block in text.blocks] == ["a b c", "a\tb\nc"]


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["html", "markdown", "pdf"])
def test_cut_and_flipped_files_end_with_a_text_or_a_reason(kind: str) -> None:
    """The files are read in this process, which is faster: a hundred files take about a second.

    PDFs with a changed bit are tested in tests/faults, because they might crash PDFium and with it the tests.
    """
    from store.texts.worker_process import answer_for

    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    data = {"html": pages.LATEXML.encode(), "markdown": pages.MARKDOWN.encode(), "pdf": pages.two_columns(1)}[kind]
    cuts = [data[: len(data) * part // 170] for part in range(170)]
    flips = [
        bytes([*data[:at], data[at] ^ (1 << at % 8), *data[at + 1 :]]) for at in range(0, len(data), len(data) // 170)
    ]
    for damaged in some(12, cuts if kind == "pdf" else [*cuts, *flips]):
        answer = answer_for(damaged, kind)
        assert (answer.text is None) != (answer.error == "")
        if answer.text is not None:
            blocks.cleaned(answer.text)
        assert "please report" not in answer.error, answer.error


def test_pictures_count_for_the_limit_and_go_with_their_text(library: Library) -> None:
    stored = attach(library)
    text_store.keep_pictures(library, stored, {"a.png": b"1" * 1_000})
    text_store.keep_pictures(library, stored, {"a.png": b"1" * 1_000, "b.png": b"2" * 500})
    assert text_store.pictures(library, stored) == {"a.png": b"1" * 1_000, "b.png": b"2" * 500}
    files = list(text_store.folder(library).iterdir())
    assert text_store.size(library.reader()) == sum(path.stat().st_size for path in files)
    with pytest.raises(LibraryError, match="would need more"):
        text_store.keep_pictures(library, stored, {"a.png": b"1" * 10_000}, limit=5_000)
    assert len(text_store.pictures(library, stored)) == 2
    text_store.remove(library, [stored])
    assert not list(text_store.folder(library).iterdir())


def test_a_damaged_file_of_pictures_has_no_pictures(library: Library) -> None:
    stored = attach(library)
    text_store.pictures_path(library, stored.content).write_bytes(b"\xff not msgpack")
    assert text_store.pictures(library, stored) == {}
