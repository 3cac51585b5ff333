"""The messages between the importer and its worker process are the same however the pipe splits them."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import msgspec
import pytest

from store.formats.registry import formats
from store.importing import worker_protocol
from store.importing.files import open_listing
from store.importing.prepare import ListingKey, ReadyEntry, prepare_entry
from store.importing.stream import CountingStream
from store.importing.worker_protocol import Frame, FrameReader
from store.matching import same_paper
from store.model.entry import Entry, Refused
from store.model.errors import ListingError
from store.text import clean
from tests.store.importing.long_listings import TODAY


def test_every_entry_of_the_sample_listings_comes_over_as_it_is(listings: Path) -> None:
    sent = 0
    for path in sorted(path for path in listings.rglob("*") if path.is_file()):
        try:
            for member in open_listing(path, True):
                head = member.stream.peek(2**16)[: 2**16]  # type: ignore[attr-defined]
                reader = max(formats(), key=lambda each: each.sniff(head, path.name))
                key = ListingKey(1, str(path), reader.FAMILY, date(2026, 7, 2), 2026)
                for item in itertools.islice(reader.read(CountingStream(member.stream, member.name)), 300):  # type: ignore[arg-type]
                    if isinstance(item, Entry) and (cleaned := clean.entry(item)).paper.title:
                        one = prepare_entry(key, cleaned, TODAY)
                        (other,) = _over(Frame(1, [one])).ready
                        assert other == one
                        paper = same_paper.normalized(cleaned.paper)
                        if cleaned.published_on:
                            paper = msgspec.structs.replace(paper, published=other.paper().published)
                        assert other.paper() == paper
                        sent += 1
        except ListingError:
            continue
    assert sent > 500


def _over(frame: Frame, pieces: int = 2**20) -> Frame:
    """Pack a frame and read it back in pieces of at most `pieces` bytes, as a pipe may deliver it."""
    left = memoryview(worker_protocol.packed(frame))
    into = FrameReader()
    while True:
        with into.room as room:
            count = min(pieces, len(room), len(left))
            room[:count] = left[:count]
        left = left[count:]
        if frame_read := into.filled(count):
            assert not left
            return frame_read


@pytest.mark.parametrize("pieces", [1, 3, 7, 2**20])
def test_a_frame_is_decoded_correctly_from_pieces_of_any_size(pieces: int) -> None:
    key = ListingKey(1, "x", "arxiv", None, None)
    from store.model.paper import Paper

    one: ReadyEntry = prepare_entry(key, Entry(paper=Paper(title="Größe 尺寸 😀", abstract="a" * 3000), line=3), TODAY)
    frame = Frame(2**40, [one] * 5, refused=Refused(3, None, "odd"), ended=True)
    assert _over(frame, pieces) == frame
    long = Frame(1, failed="x" * 2**21)
    assert _over(long, pieces if pieces > 3 else 2**20) == long
