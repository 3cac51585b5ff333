"""Functions that make lines of arXiv's metadata snapshot for the tests and read them."""

from __future__ import annotations

import io
import json
from typing import Any

from store.formats.arxiv import snapshot
from store.model.entry import Entry, Item

FILE = "wanng-arxiv-metadata-oai-snapshot.json"


def read(text: str | bytes) -> list[Item]:
    return list(snapshot.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def line(number: str = "0704.0001", **fields: Any) -> str:
    values = {
        "id": number,
        "submitter": "Pavel Nadolsky",
        "authors": "C. Bal\\'azs",
        "title": "A title",
        "categories": "hep-ph",
        "abstract": "  An abstract.\n",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
        "update_date": "2008-11-26",
        "authors_parsed": [["Balázs", "C.", ""]],
    }
    return json.dumps(values | fields) + "\n"


def one(**fields: Any) -> Entry:
    (paper_entry,) = entries(read(line(**fields)))
    return paper_entry
