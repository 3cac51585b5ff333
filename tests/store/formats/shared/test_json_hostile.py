"""JSON listings with any content: linear time, bounded memory, and no error except ListingError."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.formats.hugging_face import api_json
from store.model.entry import CutShort, Entry, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.shared.json_samples import (
    FORMATS,
    Maker,
    entries,
    every_format,
    hf_item,
    layouts,
    numbered,
    of,
    read,
    titles,
)
from tests.thorough import examples
from tests.timing import shortest_time


@every_format
def test_hostile_values_become_entries_that_can_be_cleaned(module: ModuleType, make: Maker) -> None:
    huge = json.dumps([make(0)]).replace("2020", "9" * 4000).replace("[[2020", "[[" + "9" * 4000)
    for text in (
        huge,
        huge.replace("9" * 4000, "9" * 5000),
        huge.replace("9" * 4000, "-1"),
        huge.replace("9" * 4000, "1e400"),
    ):
        for item in read(module, text):
            if isinstance(item, Entry):
                clean.entry(item)


@every_format
def test_deep_nesting_does_not_crash(module: ModuleType, make: Maker) -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000, '{"paper":' * 50_000 + "1" + "}" * 50_000, '{"data":[' * 50_000):
        try:
            assert not entries(read(module, text))
        except ListingError as error:
            assert str(error)


def test_a_line_over_the_limit_is_refused_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.model.limits.JSON_LINE", 2**20)
    long = json.dumps(hf_item(1)).replace("Paper 1", "x" * (3 * 2**20))
    produced = read(api_json, "\n".join([json.dumps(hf_item(0)), long, json.dumps(hf_item(2))]))
    assert titles(produced) == numbered(0, 2)
    assert [(refused.index, refused.line) for refused in of(Refused, produced)] == [(2, 2)]


def test_a_whole_file_larger_than_the_limit_names_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.model.limits.WHOLE_JSON", 2**20)
    with pytest.raises(ListingError, match="1 MiB, the limit"):
        read(api_json, json.dumps([hf_item(number) for number in range(4000)], indent=1))


def test_json_lines_are_streamed() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = json.dumps(hf_item(self.given)).encode() + b"\n"
            self.given += 1
            buffer[: len(line)] = line
            return len(line)

    source = Endless()
    produced = api_json.read(io.BufferedReader(source))  # type: ignore[arg-type]
    for number in range(1000):
        assert isinstance(next(produced), Entry), number
    assert source.given < 1200


def seconds(module: ModuleType, text: bytes) -> float:
    """The processor time (s): the shortest of several measurements, because the machine may be busy."""
    return shortest_time(lambda: read(module, text))


@pytest.mark.timing
@every_format
def test_reading_takes_linear_time(module: ModuleType, make: Maker) -> None:
    for end in (None, -1):
        small, large = (
            seconds(module, json.dumps([make(number) for number in range(size)]).encode()[:end]) for size in (300, 1200)
        )
        assert large < 4 * 2.5 * small + 0.02, end


BROKEN_SHAPES: dict[str, Callable[[int], bytes]] = {
    "a string of quotation marks": lambda size: b'[{"title": "' + b'\\"' * size,
    "strings that end with their line": lambda size: b'[{"a' + b'"\n' * size,
    "strings in strings": lambda size: b'["' * size,
    "objects in objects": lambda size: b'[{"title":{' * size,
    "items that are broken": lambda size: b"[" + b'\n {"title": "x\n },' * (size // 10),
    "items that are broken on one line": lambda size: b"[" + b'{"paper": "x},' * (size // 10),
    "lines that are broken": lambda size: b'{"a":1}\n' + b"{\n" * (size // 4),
    "brackets that close nothing": lambda size: b"[" + b"}," * size,
    "nothing but space": lambda size: b" " * size + b"[",
    "lists in a list of the same beginning": lambda size: b'{"a":' + b"[1," * 300 + b"1" * size,
    "many lists in an envelope": lambda size: b'{"a":[' + b"[]," * size + b'[]],"dailyPapers":[[],[],[]]}',
}


@pytest.mark.timing
@pytest.mark.parametrize("shape", BROKEN_SHAPES)
def test_reading_broken_json_takes_linear_time(shape: str) -> None:
    small, large = (seconds(api_json, BROKEN_SHAPES[shape](size)) for size in (15_000, 60_000))
    assert large < 4 * 2.5 * small + 0.02


@examples(40, 300, HealthCheck.too_slow)
@given(data=st.data(), which=st.integers(0, len(FORMATS) - 1), layout=st.sampled_from(sorted(layouts([1, 2, 3]))))
def test_mutated_files_never_raise_anything_but_listing_error(data: st.DataObject, which: int, layout: str) -> None:
    module, make = FORMATS[which]
    content = bytearray(layouts([make(number) for number in range(3)])[layout].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        piece = data.draw(
            st.sampled_from([b"", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\xff", b"null", b"-"])
        )
        content[at : at + data.draw(st.integers(0, 5))] = piece
    try:
        produced = read(module, bytes(content))
    except ListingError as error:
        assert str(error)
        return
    assert produced
    for item in produced:
        assert isinstance(item, Entry | Refused | Warned | CutShort | ListingDay)
        if isinstance(item, Entry):
            assert clean.entry(item).paper.title is not None
    module.sniff(bytes(content), "x")


@examples(50, 500)
@given(
    which=st.integers(0, len(FORMATS) - 1),
    content=st.binary(max_size=300)
    | st.text('[]{}",:\\ \n0aé\ud800').map(lambda text: text.encode("utf-8", "surrogatepass")),
)
def test_random_bytes_never_raise_anything_but_listing_error(which: int, content: bytes) -> None:
    module = FORMATS[which][0]
    module.sniff(content, "x")
    try:
        assert read(module, content)
    except ListingError as error:
        assert str(error)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), which=st.integers(0, len(FORMATS) - 1))
def test_any_value_in_any_field_gives_an_entry_or_a_refusal(data: st.DataObject, which: int) -> None:
    module, make = FORMATS[which]
    item = copy.deepcopy(make(1))
    fields = sorted(set(item) | set(_fields(module)))
    for key in data.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=3)):
        item[key] = data.draw(_JSON)
    produced = read(module, json.dumps([item, make(2)]))
    assert len(entries(produced)) + len(of(Refused, produced)) == 2
    # Papers with Code: the rows of links are returned after the papers, whatever their order in the file.
    assert "Paper 2" in titles(produced)


def _fields(module: ModuleType) -> list[str]:
    """The names of the JSON keys that the format reads."""
    names = {name for each in vars(module).values() for name in getattr(each, "__struct_encode_fields__", ())}
    return sorted(names)


def test_entries_that_never_end_are_not_all_scanned_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry here seems to contain the following one, so each scan of an entry would reach the end of the file."""
    monkeypatch.setattr("store.formats.shared.json_scan._SCANNED_IN_VAIN", 2**16)
    for unit in ('[{"paper":', '\n  {"paper":', '\n{"paper":"'):
        items = read(api_json, "[" + unit * 20_000)
        assert items and not any(isinstance(item, Entry) for item in items)
        assert isinstance(items[-1], CutShort)


def test_many_broken_entries_between_others_are_left_out() -> None:
    parts = [json.dumps(hf_item(number)) for number in range(60)]
    broken = [part[:-1] if number % 3 == 1 else part for number, part in enumerate(parts)]
    items = read(api_json, "[\n" + ",\n".join(broken) + "\n]")
    assert len(entries(items)) == 40
