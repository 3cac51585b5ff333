"""The generated listing files: recto recognizes the format of each and reads every paper, and so do the yardsticks."""

from __future__ import annotations

import io

import pytest

from store.formats.registry import HEAD_SIZE, detect
from store.formats.registry import formats as known
from store.model.entry import Entry
from tests.bench import reading
from tests.bench.corpus import MadePaper
from tests.bench.formats import KINDS, Kind, made
from tests.store.formats.samples import ONE_PAPER

_COUNT = 60


@pytest.fixture(scope="module")
def some() -> list[MadePaper]:
    return made(_COUNT)


def written(kind: Kind, papers: list[MadePaper]) -> bytes:
    return "".join(kind.write(papers)).encode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_file_is_known_for_its_format_and_read_whole(kind: Kind, some: list[MadePaper]) -> None:
    content = written(kind, some)
    reader = detect(content[:HEAD_SIZE], kind.file)
    assert kind.format == reader.NAME
    items = list(reader.read(io.BytesIO(content)))
    assert [item for item in items if type(item).__name__ in ("Refused", "CutShort")] == []
    entries = [item for item in items if isinstance(item, Entry)]
    assert len(entries) == len(some)
    if not kind.is_sample:
        assert [" ".join(entry.paper.title.split()) for entry in entries] == [paper.title for paper in some]


def test_every_format_that_recto_reads_is_measured() -> None:
    # Formats whose files contain only one paper are not measured, because parsing one paper takes almost no time.
    assert {kind.format for kind in KINDS} == {each.NAME for each in known()} - ONE_PAPER.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.alone], ids=lambda kind: kind.name)
def test_the_library_alone_reads_as_many_entries(kind: Kind, some: list[MadePaper]) -> None:
    assert kind.alone is not None
    assert reading.ALONE[kind.alone](io.BytesIO(written(kind, some))) == _COUNT
