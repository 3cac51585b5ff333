"""Copied pages in any encoding, and truncated pages: no incomplete paper is returned without a warning."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import detect
from store.model.entry import CutShort, Entry, Item, Warned
from store.model.errors import ListingError
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.copied_pages import (
    BANNER,
    BARE_BANNER,
    FOUR,
    GEESE,
    KITES,
    LAMPS,
    SAMPLES,
    TWO,
    bare,
    entries,
    other_items,
    page,
    read,
    titles,
    whole,
)
from tests.thorough import some


@pytest.mark.parametrize("text", [TWO, bare("Kites", KITES, "Geese", GEESE)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(text: str, encoding: str, line_end: str) -> None:
    raw = text.replace("\n", line_end).encode(encoding)
    assert read(raw) == read(text)
    assert detect(raw[:65536], "x.txt") is copied_page


@pytest.mark.parametrize("bullet", ["\x95", "*", "-", ""])
def test_latin_1_is_read_although_it_has_no_bullet_character(bullet: str) -> None:
    text = page("Köpfe", GEESE, FOUR).replace("•", bullet)
    (entry,) = whole(text.encode("latin-1"))
    assert (entry.paper.title, entry.paper.author_count) == ("Köpfe", 4)
    assert entry.paper.abstract == GEESE
    assert entry.published_on == MonthDay(10, 29)
    assert detect(text.encode("latin-1"), "x.txt") is copied_page


def test_utf_8_that_was_decoded_as_windows_1252_is_repaired() -> None:
    text = page("Köpfe “über” 风筝", GEESE, "école École\n·\nOct 29 3", "Kites", KITES, FOUR) + "\n"
    misread = text.encode().decode("latin-1")
    for sign in range(0x80, 0xA0):
        if sign not in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
            misread = misread.replace(chr(sign), bytes([sign]).decode("cp1252"))
    assert misread != text
    assert read(misread) == read(text)
    assert detect(misread.encode(), "x.txt") is copied_page


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\n\t\t\t \n\t \n\t\t\t", "\r\n \r\n", "\n\u00a0\n"])
def test_blank_lines_at_the_end_make_no_difference(end: str) -> None:
    assert read(TWO + end) == read(TWO)
    assert read(bare("Kites", KITES) + end) == read(bare("Kites", KITES))


@pytest.mark.parametrize("content", ["", "\n\n", "\t \r\n", "\ufeff", BANNER, BANNER + "Oct 30\n", "hello", "hello\n"])
def test_a_file_without_papers_is_an_error(content: str) -> None:
    with pytest.raises(ListingError):
        read(content)


def _check_cut(prefix: bytes, whole_entries: list[Entry]) -> None:
    """Check that the first papers of the complete file are read from a truncated file.

    An incomplete abstract needs a warning.
    """
    items: list[Item] = []
    try:
        for item in copied_page.read(io.BytesIO(prefix)):
            items.append(item)
    except ListingError:
        return
    produced = [item for item in items if isinstance(item, Entry)]
    assert produced[:-1] == whole_entries[: len(produced) - 1]
    if not produced:
        return
    last, true = produced[-1].paper, whole_entries[len(produced) - 1].paper
    assert last.title == true.title
    if last.abstract != true.abstract:
        assert last.abstract
        assert true.abstract
        assert true.abstract.startswith(last.abstract)
        assert last.abstract.rstrip('”’")]}$»')[-1] in ".!?"
        assert isinstance(items[-1], Warned)
        assert last.title in items[-1].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        page(
            "Kites",
            KITES[:300],
            FOUR,
            "Lamps",
            LAMPS[:300] + "end.",
            "quill Quill\n·\nAug 24, 2025 2",
            "Geese",
            GEESE,
            FOUR,
        ),
        bare("Kites", KITES[:312], "Lamps", LAMPS[:299] + "(or not.)", "Geese", GEESE),
    ],
)
@pytest.mark.thorough
def test_a_file_cut_at_any_byte_gives_no_incomplete_paper_in_silence(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "replace")
    whole_entries = entries(raw)
    assert len(whole_entries) == 3
    for size in some(60, range(len(raw))):
        _check_cut(raw[:size], whole_entries)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["daily-papers-2026-10-28.txt", "daily-papers-2026-10-29.txt", "trending.txt"])
def test_a_cut_sample_gives_no_incomplete_paper_in_silence(name: str) -> None:
    raw = (SAMPLES / name).read_bytes()
    whole_entries = entries(raw)
    for size in some(25, range(0, len(raw), 97)):
        _check_cut(raw[:size], whole_entries)


@pytest.mark.thorough
def test_a_cut_real_page_gives_no_incomplete_paper_in_silence(listings: Path) -> None:
    for path in sorted((listings / "hf-text").glob("*.txt")):
        raw = path.read_bytes()
        whole_entries = entries(raw)
        for size in some(20, range(0, len(raw), len(raw) // 150)):
            _check_cut(raw[:size], whole_entries)


@pytest.mark.parametrize("end", [KITES[:100], KITES[:310], KITES[:76] + " see https://exam", LAMPS[:57], LAMPS[:79]])
def test_a_paper_with_a_cut_abstract_is_reported_and_not_produced(end: str) -> None:
    for text in (page("Lamps", LAMPS, FOUR, "Kites", end), BARE_BANNER + "\n".join(["Lamps", LAMPS, "Kites", end])):
        assert titles(text) == ["Lamps"]
        (cut,) = other_items(text)
        assert isinstance(cut, CutShort)
        assert "abstract of “Kites”" in cut.reason


@pytest.mark.parametrize(
    "end",
    ["  •", "  • 4 aut", "  • 4 authors", "  • 4 authors\n·", "quill Quill\n·\nOct 1, 202", "  • 4 authors\n·\nO"],
)
def test_a_paper_with_a_cut_byline_is_reported_and_not_produced(end: str) -> None:
    text = page("Lamps", LAMPS, FOUR, "Kites", KITES, end)
    assert titles(text) == ["Lamps"]
    (cut,) = other_items(text)
    assert isinstance(cut, CutShort)
    assert "byline of “Kites”" in cut.reason


def test_a_file_cut_inside_the_bullet_of_a_byline_is_reported() -> None:
    raw = page("Lamps", LAMPS, FOUR, "Kites", KITES, "  •").encode()
    for size in (1, 2):
        assert titles(raw[:-size]) == ["Lamps"]
        (cut,) = other_items(raw[:-size])
        assert isinstance(cut, CutShort)
        assert "byline of “Kites”" in cut.reason


def test_an_abstract_cut_after_the_space_behind_a_sentence_is_reported() -> None:
    text = page("Lamps", LAMPS, FOUR, "Kites", KITES + " ")
    assert titles(text) == ["Lamps"]
    assert [type(item) for item in other_items(text)] == [CutShort]


def test_a_cut_byline_without_a_title_is_reported() -> None:
    text = page("Lamps", LAMPS, FOUR, "  • 4 authors")
    assert titles(text) == ["Lamps"]
    assert [type(item) for item in other_items(text)] == [CutShort]


def test_a_cut_title_is_reported_and_not_produced() -> None:
    for text in (
        page("Lamps", LAMPS, FOUR, last)
        for last in ("Kit", "Kites\n", "Datasets", "Submitted by", "Submitted by\nme\n")
    ):
        assert titles(text) == ["Lamps"]
        assert [type(item) for item in other_items(text)] == [CutShort]


def test_an_abstract_with_a_line_end_is_complete_whatever_its_last_character() -> None:
    link = KITES + " Code: https://example.org/kites"
    (entry,) = whole(page("Kites", link) + "\n")
    assert entry.paper.abstract == link


def test_papers_before_the_damaged_end_of_an_archive_are_produced() -> None:
    class Damaged(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._content = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            part = self._content.read(min(len(buffer), 512))
            if not part:
                raise ListingError("damaged")
            buffer[: len(part)] = part
            return len(part)

    content = page("Kites", KITES, FOUR, "Lamps", LAMPS, FOUR, "Geese", GEESE[:100])
    items: list[Item] = []
    with pytest.raises(ListingError, match="damaged"):
        for item in copied_page.read(io.BufferedReader(Damaged(content.encode()))):
            items.append(item)
    assert [item.paper.title for item in items if isinstance(item, Entry)] == ["Kites", "Lamps"]
