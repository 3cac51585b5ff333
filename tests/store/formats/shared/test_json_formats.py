"""What every JSON format does alike: one bad item costs one item, a cut file gives its whole items, nothing crashes."""

from __future__ import annotations

import contextlib
import copy
import gzip
import io
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.formats import recto_jsonl
from store.formats.hugging_face import api_json
from store.formats.indexes import crossref, openalex, papers_with_code, semantic_scholar
from store.importing.files import CutListing, open_listing
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.thorough import examples, some

Maker = Callable[[int], dict[str, Any]]


def hf_item(number: int) -> dict[str, Any]:
    return {
        "paper": {
            "id": f"2606.{number:05}",
            "authors": [{"name": "Ada Lovelace", "hidden": False}],
            "publishedAt": "2026-06-10T00:00:00.000Z",
            "submittedOnDailyAt": "2026-06-12T00:00:00.000Z",
            "title": f"Paper {number}",
            "summary": 'An abstract with a "quotation", a {brace} and a [bracket].',
            "upvotes": number,
        },
        "title": f"Paper {number}",
        "numComments": 1,
    }


def semantic_scholar_item(number: int) -> dict[str, Any]:
    return {
        "paperId": f"{number:040x}",
        "title": f"Paper {number}",
        "authors": [{"name": "Ada Lovelace"}],
        "year": 2020,
    }


def openalex_item(number: int) -> dict[str, Any]:
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"Paper {number}",
        "display_name": f"Paper {number}",
        "authorships": [{"author": {"display_name": "Ada Lovelace"}, "institutions": []}],
        "abstract_inverted_index": {"Hello": [0], "world": [1]},
    }


def crossref_item(number: int) -> dict[str, Any]:
    return {
        "indexed": {"date-parts": [[2020, 1, 1]]},
        "DOI": f"10.1000/{number}",
        "title": [f"Paper {number}"],
        "author": [{"given": "Ada", "family": "Lovelace"}],
    }


def papers_with_code_item(number: int) -> dict[str, Any]:
    return {
        "paper_url": f"https://paperswithcode.com/paper/{number}",
        "arxiv_id": f"2001.{number:05}",
        "title": f"Paper {number}",
        "url_abs": f"https://arxiv.org/abs/2001.{number:05}",
    }


def recto_item(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"Paper {number}",
        "authors": [{"name": "Ada Lovelace", "affiliations": []}],
        "bookmarked": False,
        "queue_position": None,
        "listings": [],
    }


FORMATS: list[tuple[ModuleType, Maker]] = [
    (api_json, hf_item),
    (semantic_scholar, semantic_scholar_item),
    (openalex, openalex_item),
    (crossref, crossref_item),
    (papers_with_code, papers_with_code_item),
    (recto_jsonl, recto_item),
]
every_format = pytest.mark.parametrize(("module", "make"), FORMATS, ids=[module.NAME for module, _ in FORMATS])


def read(module: ModuleType, content: bytes | str) -> list[Item]:
    return list(module.read(io.BytesIO(content if isinstance(content, bytes) else content.encode())))


def entries(found: list[Item]) -> list[Entry]:
    return [item for item in found if isinstance(item, Entry)]


def titles(found: list[Item]) -> list[str]:
    return [entry.paper.title for entry in entries(found)]


def numbered(*numbers: int) -> list[str]:
    return [f"Paper {number}" for number in numbers]


def of(kind: type[Any], found: list[Item]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]


def layouts(items: list[Any]) -> dict[str, str]:
    return {
        "array": json.dumps(items),
        "compact": json.dumps(items, separators=(",", ":")),
        "indented": json.dumps(items, indent=2),
        "tabs": json.dumps(items, indent="\t"),
        "lines": "".join(json.dumps(item) + "\n" for item in items),
        "lines without a last line end": "\n".join(json.dumps(item) for item in items),
        "a line each in an array": "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]\n",
        "objects one after the other": "\n".join(json.dumps(item, indent=2) for item in items),
        "several arrays": json.dumps(items[:2]) + "\n" + json.dumps(items[2:]),
    }


@every_format
def test_every_layout_gives_every_paper(module: ModuleType, make: Maker) -> None:
    for name, text in layouts([make(number) for number in range(5)]).items():
        found = read(module, text)
        assert titles(found) == numbered(*range(5)), name
        assert not of(Refused, found) + of(CutShort, found) + of(Warned, found), name


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
    found = read(module, text)
    assert [entry.line for entry in entries(found)] == [2, 4]
    assert of(Refused, found) == [Refused(2, 3, "it has no title")]
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
        if not isinstance(bad, list):  # a list on a line of its own is a listing of its own
            texts.append("\n".join(map(json.dumps, [make(1), bad, make(2)])))
        for text in texts:
            found = read(module, text)
            assert titles(found) == numbered(1, 2), bad
            (refused,) = of(Refused, found)
            assert (refused.index, bool(refused.reason)) == (2, True)
            assert "\n" not in refused.reason
    found = read(module, json.dumps([good | {title[0]: 7}]))
    assert title[0] in of(Refused, found)[0].reason


@every_format
def test_null_and_unknown_fields_make_no_difference(module: ModuleType, make: Maker) -> None:
    item = make(3)
    for key in list(item):
        if key not in ("title", "paper"):
            item[key] = None
    item |= {"something": {"new": [1, 2.5, None, True, "x"]}, "": {"": ""}}
    assert titles(read(module, json.dumps([item]))) == numbered(3)


@every_format
def test_one_broken_item_of_a_hundred_costs_one(module: ModuleType, make: Maker) -> None:
    items = [json.dumps(make(number)) for number in range(100)]
    broken = {
        "a key twice": items[50].replace('{"', '{"title": "x", "title": "y", "', 1),
        "a number that is none": items[50].replace('{"', '{"extra": NaN, "', 1),
        "infinity": items[50].replace('{"', '{"extra": -Infinity, "', 1),
        "nested too deeply": items[50].replace('{"', '{"extra": ' + "[" * 50_000 + "]" * 50_000 + ', "', 1),
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
            found = read(module, text)
            assert titles(found) == good, what
            (refused,) = of(Refused, found)
            assert refused.index == 51, what
            assert refused.reason, what
            assert not of(CutShort, found), what


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
            found = read(module, broken)
            assert titles(found) == numbered(*(number for number in range(20) if number != 10))
            assert [refused.index for refused in of(Refused, found)] == [11]
            assert not of(CutShort, found)


@pytest.mark.parametrize(("module", "make"), [FORMATS[0], FORMATS[3], FORMATS[4]])
def test_a_missing_quotation_mark_on_one_long_line_costs_one_item(module: ModuleType, make: Maker) -> None:
    items = [make(number) for number in range(20)]
    items[10]["title"] = "MARK"
    found = read(module, json.dumps(items).replace('"MARK"', '"MARK', 1))
    assert titles(found) == numbered(*(number for number in range(20) if number != 10))
    assert [refused.index for refused in of(Refused, found)] == [11]


@every_format
@pytest.mark.thorough
@pytest.mark.parametrize("layout", layouts([1, 2, 3]))
def test_a_cut_file_gives_the_items_before_the_cut_and_reports_it(module: ModuleType, make: Maker, layout: str) -> None:
    items = [make(number) for number in range(4)]
    text = layouts(items)[layout]
    ends = [text.index(json_of) for json_of in [f"Paper {number}" for number in range(4)]]
    for cut in some(40, range(1, len(text))):
        try:
            found = read(module, text[:cut])
        except ListingError:
            assert cut < ends[0]
            continue
        shown = titles(found)
        assert shown == numbered(*range(len(shown))), cut
        assert not of(Refused, found), cut
        whole = len(shown) == 4 or (layout not in ("array", "compact", "indented", "tabs", "a line each in an array"))
        assert of(CutShort, found) or whole, cut
        if len(shown) < 4 and not of(CutShort, found):
            # Between two objects, or two lists, nothing shows that more should follow.
            assert text[:cut].rstrip()[-1] in "}]", cut


@every_format
def test_a_cut_item_is_never_produced(module: ModuleType, make: Maker) -> None:
    text = json.dumps([make(number) for number in range(3)])
    start = text.index("Paper 2")
    for cut in range(start, len(text) - 1):
        found = read(module, text[:cut])
        last_is_whole = text[:cut].rstrip().endswith("}") and text[cut:] in ("]", "}]"[1:])
        assert len(titles(found)) == (3 if last_is_whole else 2)
        assert of(CutShort, found)


@every_format
def test_every_encoding_gives_the_same_papers(module: ModuleType, make: Maker) -> None:
    strange = "Måns naïve 数学 😀"
    text = json.dumps([make(number) for number in range(3)], indent=1).replace("Paper 0", strange)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        for written in (text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
            found = read(module, written.encode(encoding))
            assert titles(found) == [strange, *numbered(1, 2)], encoding
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
    found = read(module, json.dumps([make(0)]) + "\n-- 1 row in set\n")
    assert titles(found) == numbered(0)
    assert "left out" in of(Warned, found)[0].text


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
    found = read(api_json, "\n".join([json.dumps(hf_item(0)), long, json.dumps(hf_item(2))]))
    assert titles(found) == numbered(0, 2)
    assert [(refused.index, refused.line) for refused in of(Refused, found)] == [(2, 2)]


def test_a_whole_file_larger_than_the_limit_names_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.model.limits.WHOLE_JSON", 2**20)
    with pytest.raises(ListingError, match="1 MiB, the limit"):
        read(api_json, json.dumps([hf_item(number) for number in range(4000)], indent=1))


def test_a_broken_first_line_costs_one_line() -> None:
    for end in ("", "\n"):
        found = read(api_json, '{"paper": {"title": "x\n' + json.dumps(hf_item(1)) + end)
        assert titles(found) == numbered(1)
        assert [(refused.index, refused.line) for refused in of(Refused, found)] == [(1, 1)]


def test_a_repeated_key_is_refused_by_name() -> None:
    many = ", ".join(f'"k{number}": 1' for number in range(50_000))
    found = read(api_json, f'[{{"title": "x", {many}, "a\\n key": 1, "a\\n key": 2}}]')
    assert found == [Refused(1, 1, "the key “a key” stands twice in one object")]
    (refused,) = read(api_json, '[{"paper": {"title": "x", "upvotes": 1, "upvotes": 2}}]')
    assert refused == Refused(1, 1, "the key “upvotes” stands twice in one object")


def test_an_object_with_two_lists_gives_the_papers_of_both() -> None:
    page = json.dumps({"dailyPapers": [hf_item(1)]})[:-1] + ", " + json.dumps({"dailyPapers": [hf_item(2)]})[1:]
    assert titles(read(api_json, page)) == numbered(1, 2)


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
    found = api_json.read(io.BufferedReader(source))  # type: ignore[arg-type]
    for number in range(1000):
        assert isinstance(next(found), Entry), number
    assert source.given < 1200


def seconds(module: ModuleType, text: bytes) -> float:
    """The least of several, in processor time: others may be at work on this machine."""
    best = 99.0
    for _ in range(3):
        started = time.process_time()
        with contextlib.suppress(ListingError):
            read(module, text)
        best = min(best, time.process_time() - started)
    return best


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
        found = read(module, bytes(content))
    except ListingError as error:
        assert str(error)
        return
    assert found
    for item in found:
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
    found = read(module, json.dumps([item, make(2)]))
    assert len(entries(found)) + len(of(Refused, found)) == 2
    # Rows of links come after papers, whatever their order in the file.
    assert "Paper 2" in titles(found)


def _fields(module: ModuleType) -> list[str]:
    """The JSON names of all fields that the format reads."""
    names = {name for each in vars(module).values() for name in getattr(each, "__struct_encode_fields__", ())}
    return sorted(names)


def test_a_cut_compressed_listing_gives_the_items_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "papers.json.gz"
    draw = random.Random(5)
    noise = [hf_item(number) | {"noise": draw.randbytes(20).hex()} for number in range(3000)]
    path.write_bytes(gzip.compress(json.dumps(noise).encode())[:-2000])
    with pytest.raises(CutListing):
        for member in open_listing(path, False):
            found = list(api_json.read(member.stream))
    assert len(entries(found)) > 1000
    assert of(CutShort, found)
