"""Listings that are long enough for a worker process, and imports of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library

TODAY = date(2026, 7, 15)
OPTIONS = Options(today=TODAY)

# This is more than the number of entries after which the importer decides whether to start the worker process.
MANY = 900


def line(number: int, **more: object) -> str:
    return json.dumps(
        {
            "id": f"2601.{number:05}",
            "submitter": "A. One",
            "authors": "Ada Lovelace and B. Two",
            "title": f'On the {number}th way to fold a map of K{{\\"o}}nigsberg',
            "categories": "cs.CL math.GT",
            "doi": f"10.1000/map.{number}",
            "abstract": f"  We fold map {number} with $x_{{{number}}}$\nfolds, and unfold it. "
            + "It takes time. " * 20
            + "\n",
            "versions": [{"version": "v1", "created": "Mon, 5 Jan 2026 10:00:00 GMT"}],
            "update_date": "2026-01-05",
            **more,
        }
    )


def snapshot(count: int = MANY, first: int = 0) -> list[str]:
    return [line(number) for number in range(first, first + count)]


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def import_listing(library: Library, path: Path, **more: Any) -> list[ImportReport]:
    return list(import_file(library, path, OPTIONS, **more))


def stored(library: Library) -> int:
    """The number of entries of the only listing that are stored so far."""
    (count,) = library.reader().execute("SELECT coalesce(max(stored), 0) FROM listing").fetchone()
    return int(count)
