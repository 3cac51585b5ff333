"""Functions that generate items of every JSON format for the tests and read them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from store.formats import recto_jsonl
from store.formats.hugging_face import api_json
from store.formats.indexes import crossref, openalex, papers_with_code, semantic_scholar
from store.model.entry import Entry, Item

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


def entries(produced: list[Item]) -> list[Entry]:
    return [item for item in produced if isinstance(item, Entry)]


def titles(produced: list[Item]) -> list[str]:
    return [entry.paper.title for entry in entries(produced)]


def numbered(*numbers: int) -> list[str]:
    return [f"Paper {number}" for number in numbers]


def of(kind: type[Any], produced: list[Item]) -> list[Any]:
    return [item for item in produced if isinstance(item, kind)]


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
