"""Copied pages with any content: reading them takes linear time, and raises no error except ListingError."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.hugging_face import copied_page
from store.model.entry import Entry
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.hugging_face.copied_pages import BANNER, FOUR, KITES, LAMPS, TWO, read, seconds
from tests.thorough import examples


def _read_without_failure(raw: bytes) -> None:
    copied_page.sniff(raw[:65536], "x.txt")
    try:
        items = read(raw)
    except ListingError:
        return
    assert items
    for item in items:
        if isinstance(item, Entry):
            assert item.paper.title
            clean.entry(item)


@examples(60, 600)
@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_but_listing_error(raw: bytes) -> None:
    _read_without_failure(raw)


PIECES = [
    *("\n", "\n\n", "·", "•", "  • 4 authors", "1 authors", "Oct 30", "Oct 29 3", "Feb 31", "Aug 1, 2024", "-", "17"),
    *("new", "Subscribe", "SubscribeX", "Daily Papers", "byAK and the research community", "Submitted by", "Next"),
    *(
        "Get trending papers in your email inbox!",
        "Title",
        "acme Acme",
        KITES,
        LAMPS,
        "x" * 299,
        "\t ",
        "\x00",
        "\ufffd",
    ),
]


@examples(100, 1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["\n", "", " "]))
def test_the_parts_of_a_page_in_any_order_raise_nothing_but_listing_error(parts: list[str], between: str) -> None:
    _read_without_failure(between.join(parts).encode())


@examples(60, 600)
@given(st.data())
def test_random_damage_raises_nothing_but_listing_error(data: st.DataObject) -> None:
    raw = bytearray(TWO.encode(data.draw(st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 30))
        raw[at : at + length] = data.draw(st.binary(max_size=30) | st.sampled_from([b"\n", b"\r", b"\n\xc2\xb7\n"]))
    _read_without_failure(bytes(raw))


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    [
        TWO,
        "·\n",
        "\n \t",
        "•",
        "Oct 30\n",
        "SubscribeSubscribe",
        "new\nSubscribe\n",
        BANNER,
        FOUR + "\n",
        "17\n",
        "Submitted by\n",
        "a.)\n\n",
        ".)",
        "A short line without an end\n",
    ],
)
def test_reading_takes_linear_time(unit: str) -> None:
    # Reading sixteen times the text may take at most forty times as long. Quadratic time would be 256 times as long.
    assert seconds("", unit, 80_000) <= 40 * max(seconds("", unit, 5_000), 0.0005)
