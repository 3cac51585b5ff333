"""Functions that generate pages of Daily Papers as copied text for the tests, and read them."""

from __future__ import annotations

import io
from pathlib import Path

from store.formats.hugging_face import copied_page
from store.model.entry import Entry, Item, ListingDay
from tests.timing import shortest_time

SAMPLES = Path(__file__).parents[4] / "assets" / "listings"
BANNER = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\n"
)
BARE_BANNER = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
FOUR = "  • 4 authors\n·\nOct 29"
KITES = " ".join(["We fly 400 kites over a fjord and ask each of them where the wind will turn."] * 8)
LAMPS = " ".join(["Lamps that dim themselves save energy (12% on average) but annoy readers of “long” novels!"] * 8)
GEESE = " ".join(["Geese know the way: $O(n \\log n)$ turns, or naïvely $n^2$, and no map at all."] * 8)


def page(*blocks: str, day: str = "Oct 30") -> str:
    return BANNER + "\n\n".join([day, *blocks])


def bare(*lines: str) -> str:
    return BARE_BANNER + "\n".join([*lines, "\t\t\t ", "\t \n"])


def read(content: str | bytes) -> list[Item]:
    raw = content.encode() if isinstance(content, str) else content
    return list(copied_page.read(io.BytesIO(raw)))


def entries(content: str | bytes) -> list[Entry]:
    return [item for item in read(content) if isinstance(item, Entry)]


def other_items(content: str | bytes) -> list[Item]:
    return [item for item in read(content) if not isinstance(item, Entry | ListingDay)]


def titles(content: str | bytes) -> list[str]:
    return [entry.paper.title for entry in entries(content)]


def whole(content: str | bytes) -> list[Entry]:
    """Read a page, and check that nothing is refused, warned of or reported as truncated. Returns the papers."""
    assert other_items(content) == []
    return entries(content)


TWO = page("Kites", KITES, FOUR, "Lamps", LAMPS, "Quillfish Quill & Fish\n·\nAug 24, 2025 2", "Geese", GEESE, FOUR)


def seconds(head: str, unit: str, size: int) -> float:
    """The shortest processor time (s) to detect and read `unit`, repeated up to `size` characters."""
    raw = (head + unit * (size // len(unit))).encode()

    def sniff_and_read() -> None:
        copied_page.sniff(raw[:65536], "x.txt")
        for _item in copied_page.read(io.BytesIO(raw)):
            pass

    return shortest_time(sniff_and_read)
