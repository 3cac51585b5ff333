"""In broken JSON listings only the bad items are lost. From truncated files, every item before the end is read."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from types import ModuleType

import pytest

from store.formats.hugging_face import api_json
from store.importing.files import CutListing, open_listing
from store.model.entry import CutShort, Refused
from store.model.errors import ListingError
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
from tests.thorough import some


@every_format
def test_one_broken_item_of_a_hundred_costs_one(module: ModuleType, make: Maker) -> None:
    items = [json.dumps(make(number)) for number in range(100)]
    broken = {
        "a key twice": items[50].replace('{"', '{"title": "x", "title": "y", "', 1),
        "a number that is none": items[50].replace('{"', '{"extra": NaN, "', 1),
        "infinity": items[50].replace('{"', '{"extra": -Infinity, "', 1),
        "nested too deeply": items[50].replace('{"', '{"extra": ' + "[" * 500_000 + "]" * 500_000 + ', "', 1),
        "half a character": items[50].replace("Paper", "\\ud83d Paper"),
        "a control character": items[50].replace("Paper", "Pa\x01per"),
        "a missing value": items[50].replace('{"', '{"extra": , "', 1),
        "single quotation marks": items[50].replace('{"', "{'extra': 1, \"", 1),
    }
    for what, bad in broken.items():
        good = numbered(*(number for number in range(100) if number != 50))
        for text in (
            "[" + ", ".join([*items[:50], bad, *items[51:]]) + "]",
            "\n".join([*items[:50], bad, *items[51:]]),
        ):
            produced = read(module, text)
            assert titles(produced) == good, what
            (refused,) = of(Refused, produced)
            assert refused.index == 51, what
            assert refused.reason, what
            assert not of(CutShort, produced), what


@every_format
def test_a_missing_quotation_mark_or_bracket_in_an_indented_file_costs_one_item(
    module: ModuleType, make: Maker
) -> None:
    for indent in (1, 2, "\t"):
        items = [make(number) for number in range(20)]
        items[10]["title"] = "MARK"
        text = json.dumps(items, indent=indent)
        for broken in (
            text.replace('"MARK"', '"MARK', 1),
            text.replace('"MARK"', 'MARK"', 1),
            text.replace('"MARK"', "[", 1),
        ):
            produced = read(module, broken)
            assert titles(produced) == numbered(*(number for number in range(20) if number != 10))
            assert [refused.index for refused in of(Refused, produced)] == [11]
            assert not of(CutShort, produced)


@pytest.mark.parametrize(("module", "make"), [FORMATS[0], FORMATS[3], FORMATS[4]])
def test_a_missing_quotation_mark_on_one_long_line_costs_one_item(module: ModuleType, make: Maker) -> None:
    items = [make(number) for number in range(20)]
    items[10]["title"] = "MARK"
    produced = read(module, json.dumps(items).replace('"MARK"', '"MARK', 1))
    assert titles(produced) == numbered(*(number for number in range(20) if number != 10))
    assert [refused.index for refused in of(Refused, produced)] == [11]


@every_format
@pytest.mark.thorough
@pytest.mark.parametrize("layout", layouts([1, 2, 3]))
def test_a_cut_file_gives_the_items_before_the_cut_and_reports_it(module: ModuleType, make: Maker, layout: str) -> None:
    items = [make(number) for number in range(4)]
    text = layouts(items)[layout]
    ends = [text.index(json_of) for json_of in [f"Paper {number}" for number in range(4)]]
    for cut in some(40, range(1, len(text))):
        try:
            produced = read(module, text[:cut])
        except ListingError:
            assert cut < ends[0]
            continue
        read_titles = titles(produced)
        assert read_titles == numbered(*range(len(read_titles))), cut
        assert not of(Refused, produced), cut
        whole = len(read_titles) == 4 or (
            layout not in ("array", "compact", "indented", "tabs", "a line each in an array")
        )
        assert of(CutShort, produced) or whole, cut
        if len(read_titles) < 4 and not of(CutShort, produced):
            # If a file ends between two objects or two lists, that cannot be detected, because nothing shows that more
            # should follow.
            assert text[:cut].rstrip()[-1] in "}]", cut


@every_format
def test_a_cut_item_is_never_produced(module: ModuleType, make: Maker) -> None:
    text = json.dumps([make(number) for number in range(3)])
    start = text.index("Paper 2")
    for cut in range(start, len(text) - 1):
        produced = read(module, text[:cut])
        last_is_whole = text[:cut].rstrip().endswith("}") and text[cut:] in ("]", "}]"[1:])
        assert len(titles(produced)) == (3 if last_is_whole else 2)
        assert of(CutShort, produced)


def test_a_broken_first_line_costs_one_line() -> None:
    for end in ("", "\n"):
        produced = read(api_json, '{"paper": {"title": "x\n' + json.dumps(hf_item(1)) + end)
        assert titles(produced) == numbered(1)
        assert [(refused.index, refused.line) for refused in of(Refused, produced)] == [(1, 1)]


def test_a_repeated_key_is_refused_by_name() -> None:
    many = ", ".join(f'"k{number}": 1' for number in range(50_000))
    produced = read(api_json, f'[{{"title": "x", {many}, "a\\n key": 1, "a\\n key": 2}}]')
    assert produced == [Refused(1, 1, "the key “a key” stands twice in one object")]
    (refused,) = read(api_json, '[{"paper": {"title": "x", "upvotes": 1, "upvotes": 2}}]')
    assert refused == Refused(1, 1, "the key “upvotes” stands twice in one object")


def test_an_object_with_two_lists_gives_the_papers_of_both() -> None:
    page = json.dumps({"dailyPapers": [hf_item(1)]})[:-1] + ", " + json.dumps({"dailyPapers": [hf_item(2)]})[1:]
    assert titles(read(api_json, page)) == numbered(1, 2)


def test_a_cut_compressed_listing_gives_the_items_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "papers.json.gz"
    draw = random.Random(5)
    noise = [hf_item(number) | {"noise": draw.randbytes(20).hex()} for number in range(3000)]
    path.write_bytes(gzip.compress(json.dumps(noise).encode())[:-2000])
    with pytest.raises(CutListing):
        for member in open_listing(path, False):
            produced = list(api_json.read(member.stream))
    assert len(entries(produced)) > 1000
    assert of(CutShort, produced)
