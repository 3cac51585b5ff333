"""A register (a single value of a mark) that is written as a line is read back unchanged.

Lines that are no register are refused.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.marks.clock import Clock
from store.marks.registers import Register
from store.sync import register_lines
from store.sync.register_lines import decode, encode
from store.text.clean import UNSAFE
from tests.thorough import examples

NOW = 1_764_509_400_000
CLOCK = Clock(NOW, 7, "k3v9x2")
VALUES: list[tuple[str, Any]] = [
    ("bookmark", NOW * 1000 + 123),
    ("bookmark", 5),
    ("status", ["seen", NOW * 1000]),
    ("status", None),
    ("rating", 4),
    ("tag:überblick", True),
    ("collection:thesis chapter 2", {"key": "V0001", "at": NOW * 1000 - 5, "by": "+12"}),
    ("note", 'two\nlines, a tab\tand "quotes" \\ ∑'),
    ("note", "+12"),
    ("queue", {"key": "V0001", "at": NOW * 1000 + 1, "because": "is:new"}),
    ("later", "similar"),
    ("position", {"section": 3}),
    ("field of a newer version", ["+12", None, 1.5]),
]


@pytest.mark.parametrize(("field", "value"), VALUES)
@pytest.mark.parametrize("replaced", [None, Clock(NOW - 5, 0, "ab12")])
@pytest.mark.parametrize("over", [(), ("title:0123456789abcdef", "doi:10.1000/x")])
@pytest.mark.parametrize("made", [None, 0, CLOCK.number])
def test_a_line_is_read_back(
    field: str, value: Any, replaced: Clock | None, over: tuple[str, ...], made: int | None
) -> None:
    register = Register("arxiv:2310.06770", field, value, CLOCK, replaced, over, made)
    line = encode(register)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line[:-1]) == register
    assert decode(line[:-1] + b"\r") == register


def test_a_register_without_a_paper_survives_encoding_and_decoding() -> None:
    register = Register("", "filter:nlp", {"query": "cat:cs.CL"}, CLOCK)
    assert decode(encode(register)[:-1]) == register


def test_a_short_mark_takes_seventy_bytes() -> None:
    assert len(encode(Register("arxiv:2310.06770", "status", ["seen", NOW * 1000 + 999], CLOCK))) <= 70


@pytest.mark.thorough
@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_damaged_line_is_not_read(field: str, value: Any) -> None:
    line = encode(Register("arxiv:2310.06770", field, value, CLOCK))[:-1]
    for at in range(len(line)):
        assert decode(line[:at]) is None
        assert decode(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]) is None


@examples(40, 4_000)
@given(
    st.text()
    | st.lists(st.sampled_from(["\t", "a.b", "1.k", "arxiv:1", "note", '"x"', "[[", "\\u001b"])).map("\t".join)
)
def test_no_text_with_a_correct_checksum_raises_an_error(text: str) -> None:
    body = text.encode("utf-8", "replace")
    register = decode(b"%08x\t%s" % (zlib.crc32(body), body))
    assert register is None or decode(encode(register)[:-1]) == register


@examples(20, 1_000)
@given(st.text(min_size=1))
def test_no_control_character_comes_through(text: str) -> None:
    for field in ("note", "queue", "filter:x", "about", "unknown"):
        value: Any = {"key": "V1", "because": text, text: [text]} if field != "note" else text
        register = decode(encode(Register("arxiv:2310.06770", field, value, CLOCK))[:-1])
        if register is not None:
            assert not UNSAFE.search(repr(register.value).replace("\\u", "")), register
            assert not UNSAFE.search(str(register.value)), register


@pytest.mark.parametrize("paper", ["arxiv:2310.06770", "title:0123456789abcdef#2", "arxiv:ü", "where:1", ""])
@pytest.mark.parametrize(
    "value", ['["seen","+12"]', '["done","-999999999"]', '["seen",5]', '["read","+12"]', '["seen","+"]']
)
@pytest.mark.parametrize("rest", ["", "\t1k.b", "\t\tarxiv:2", "\t1k", "\t"])
def test_a_status_is_read_as_every_other_field(
    paper: str, value: str, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"w6avmvfkhdv.k3v9x2\t{paper}\tstatus\t{value}{rest}".encode()
    line = b"%08x\t%s" % (zlib.crc32(body), body)
    register = decode(line)
    for pattern in ("_STATUS", "_USUAL"):
        monkeypatch.setattr(register_lines, pattern, re.compile("(?!)"))
        assert decode(line) == register


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    body = b"1.k\tarxiv:1\tposition\t" + b"[" * depth + b"]" * depth
    assert decode(b"%08x\t%s" % (zlib.crc32(body), body)) is None


@pytest.mark.parametrize(
    "text",
    [
        '1.k\twhere:1\tnote\t"a paper of no known kind"',
        '1.k\tarxiv:1\trating\t"\\u0034"',
        '1.k\tarxiv:1\tbookmark\t"é"',
        '1.k\tarxiv:1\tnote\t"replaces no identity"\t\twhere:1',
        '1.k\tarxiv:1\tnote\t"made after its own clock"\t\t\tzzz',
        '1.k\tarxiv:1\tstatus\t["unknown\\u0020status", 1]',
    ],
)
def test_a_line_with_a_correct_checksum_that_recto_would_not_write_is_not_read(text: str) -> None:
    body = text.encode()
    assert decode(b"%08x\t%s" % (zlib.crc32(body), body)) is None
