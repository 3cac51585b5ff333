"""Every JSON format reads every layout of its items, and does not accept the files of other formats."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from store.model.entry import CutShort, Refused, Warned
from store.model.errors import ListingError
from tests.store.formats.shared.json_samples import (
    FORMATS,
    Maker,
    entries,
    every_format,
    layouts,
    numbered,
    of,
    read,
    titles,
)


@every_format
def test_every_layout_gives_every_paper(module: ModuleType, make: Maker) -> None:
    for name, text in layouts([make(number) for number in range(5)]).items():
        produced = read(module, text)
        assert titles(produced) == numbered(*range(5)), name
        assert not of(Refused, produced) + of(CutShort, produced) + of(Warned, produced), name


@every_format
def test_one_paper_alone_is_a_listing(module: ModuleType, make: Maker) -> None:
    for text in (json.dumps(make(7)), json.dumps(make(7), indent=1) + "\n"):
        assert titles(read(module, text)) == numbered(7)


@every_format
def test_a_format_detects_its_own_files_by_their_first_64_kib(module: ModuleType, make: Maker) -> None:
    for text in layouts([make(number) for number in range(2000)]).values():
        head = text.encode()[: 64 * 1024]
        sure = {other.NAME: other.sniff(head, "download") for other, _ in FORMATS}
        assert sure[module.NAME] >= 0.8
        assert max(sure, key=lambda name: sure[name]) == module.NAME


@every_format
def test_a_format_does_not_detect_files_of_other_formats(module: ModuleType, make: Maker) -> None:
    csl = [{"id": "x", "type": "book", "title": "T", "author": [{"family": "F"}], "issued": {"date-parts": [[2013]]}}]
    zotero = [{"key": "A", "version": 1, "library": {}, "data": {"itemType": "book", "title": "T", "abstractNote": ""}}]
    snapshot = {"id": "0704.0001", "title": "T", "abstract": "A", "authors_parsed": [["B", "C", ""]], "versions": []}
    dependencies = {"name": "x", "version": "1", "dependencies": {"title": "1"}}
    texts = [json.dumps(each) for each in (csl, zotero, snapshot, dependencies, [], {}, [1, 2], "x", [["title"]])]
    texts += [
        json.dumps({"text": json.dumps([make(1)])}),
        "",
        " ",
        "\0" * 500,
        "title,abstract\na,b\n",
        "<html></html>",
    ]
    texts += ['{"id": "paper"', "[", "{", '{"', "@article{x, title={y}}", "TY  - JOUR\nTI  - x\n"]
    for text in texts:
        assert module.sniff(text.encode(), "x.json") == 0.0, text


@every_format
def test_entries_have_lines_and_refusals_have_indexes(module: ModuleType, make: Maker) -> None:
    items: list[Any] = [make(0), {"title": None}, make(2)]
    text = "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]\n"
    produced = read(module, text)
    assert [entry.line for entry in entries(produced)] == [2, 4]
    assert of(Refused, produced) == [Refused(2, 3, "it has no title")]
    lines = read(module, "\n".join(json.dumps(item) for item in items))
    assert [entry.line for entry in entries(lines)] == [1, 3]
    assert of(Refused, lines) == [Refused(2, 2, "it has no title")]


@every_format
def test_a_wrong_type_refuses_only_that_item_and_names_the_field(module: ModuleType, make: Maker) -> None:
    good = make(0)
    wrong: list[Any] = ["text", 5, True, None, [], [good]]
    for key in ("authors", "authorships", "author"):
        if key in good:
            wrong += [good | {key: 7}, good | {key: {"name": "x"}}, good | {key: [7]}]
    title = ["paper"] if "paper" in good else ["title"]
    wrong += [good | {title[0]: 7}]
    for bad in wrong:
        texts = [json.dumps([make(1), bad, make(2)])]
        if not isinstance(bad, list):  # a line with a list would be read as a listing, not as a bad item
            texts.append("\n".join(map(json.dumps, [make(1), bad, make(2)])))
        for text in texts:
            produced = read(module, text)
            assert titles(produced) == numbered(1, 2), bad
            (refused,) = of(Refused, produced)
            assert (refused.index, bool(refused.reason)) == (2, True)
            assert "\n" not in refused.reason
    produced = read(module, json.dumps([good | {title[0]: 7}]))
    assert title[0] in of(Refused, produced)[0].reason


@every_format
def test_null_and_unknown_fields_make_no_difference(module: ModuleType, make: Maker) -> None:
    item = make(3)
    for key in list(item):
        if key not in ("title", "paper"):
            item[key] = None
    item |= {"something": {"new": [1, 2.5, None, True, "x"]}, "": {"": ""}}
    assert titles(read(module, json.dumps([item]))) == numbered(3)


@every_format
def test_every_encoding_gives_the_same_papers(module: ModuleType, make: Maker) -> None:
    strange = "Måns naïve 数学 😀"
    text = json.dumps([make(number) for number in range(3)], indent=1).replace("Paper 0", strange)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        for written in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
            produced = read(module, written.encode(encoding))
            assert titles(produced) == [strange, *numbered(1, 2)], encoding
    latin = text.replace(strange, "Måns naïve").encode("latin-1")
    assert titles(read(module, latin)) == ["Måns naïve", *numbered(1, 2)]


@every_format
def test_an_empty_list_gives_a_warning(module: ModuleType, make: Maker) -> None:
    for text in ("[]", " [ ] ", "[\n]\n"):
        (warned,) = read(module, text)
        assert isinstance(warned, Warned)
        assert "no papers" in warned.text


@every_format
def test_a_file_that_is_not_a_json_listing_is_an_error_of_one_line(module: ModuleType, make: Maker) -> None:
    for text in (
        "",
        "  \n \n",
        "hello",
        "<html>",
        "5",
        '"text"',
        "null",
        "true",
        "\ufeff",
        "\0\0",
        "HTTP/1.1 200 OK\n\n[]",
    ):
        with pytest.raises(ListingError) as raised:
            read(module, text)
        assert str(raised.value)
        assert "\n" not in str(raised.value)


@every_format
def test_text_behind_the_list_is_reported_and_skipped(module: ModuleType, make: Maker) -> None:
    produced = read(module, json.dumps([make(0)]) + "\n-- 1 row in set\n")
    assert titles(produced) == numbered(0)
    assert "left out" in of(Warned, produced)[0].text
