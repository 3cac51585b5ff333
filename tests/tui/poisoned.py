"""A library with hostile text in every column, as if somebody had edited the file: no import stores such text.

The tests show that text is made harmless when it is displayed, not only when it is imported.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from tests.tui import samples
from tests.tui.hostile import PAYLOADS

# No hostile text contains lone surrogates, because SQLite cannot store them. It stores all other characters unchanged.
NAMES = tuple(PAYLOADS)


def make(path: Path, folder: Path) -> None:
    """Make a library at `path` with one paper for each hostile text. Their ids are 1, 2, … in the order of NAMES."""
    folder.mkdir(parents=True)
    listing = folder / "day-2026-07-02.txt"
    listing.write_text(samples.page([f"Harmless Paper {number}" for number in range(len(NAMES))]), "utf-8")
    with Library.open(path) as library:
        (report,) = take_in(library, [listing], Options(today=date(2026, 7, 15)))
        assert report.added == len(NAMES)
        for number, name in enumerate(NAMES, 1):
            _poison(library, number, PAYLOADS[name])


def _poison(library: Library, number: int, text: str) -> None:
    short = text[:300]
    links = [{"kind": "page", "url": f"https://example.org/{short}"}, {"kind": "code", "url": short}]
    with library.writing() as connection:
        connection.execute(
            "UPDATE paper SET title = ?, byline = ?, organization = ?, categories = ?, doi = ? WHERE id = ?",
            (text, short, short, short, short, number),
        )
        connection.execute(
            "UPDATE body SET abstract = ?, authors = ?, author_names = ?, organization_slug = ?, venue = ?,"
            " comment = ?, links = ?, ai_summary = ?, ai_keywords = ? WHERE paper_id = ?",
            (
                text,
                json.dumps([{"name": short, "affiliations": [short]}, {"name": short}]),
                short,
                short,
                short,
                short,
                json.dumps(links),
                short,
                json.dumps([short]),
                number,
            ),
        )
        connection.execute(
            "INSERT INTO mark (paper_id, bookmarked_at, status, status_at, note) VALUES (?, ?, 'reading', ?, ?)",
            (number, f"2026-07-0{number % 9 + 1}T00:00:00+00:00", "2026-07-02T00:00:00+00:00", short),
        )
        connection.execute(
            "INSERT INTO queue (paper_id, key, identity, because) VALUES (?, ?, ?, ?)",
            (number, f"V{number:04}1", short, short),
        )
        # Blanks separate tags from each other, so a tag itself cannot contain one.
        connection.execute("INSERT INTO tag (paper_id, name) VALUES (?, ?)", (number, short.replace(" ", "_")))
        connection.execute(
            "INSERT INTO log (at, path, format, listed_on_rule, state, entries, refused, warnings, error)"
            " VALUES (?, ?, ?, ?, 'partial', 1, ?, ?, ?)",
            (
                "2026-07-02T00:00:00+00:00",
                f"/inbox/{short}",
                "hf-text",
                short,
                json.dumps([{"index": 1, "line": 2, "reason": short}]),
                json.dumps([short]),
                short if number % 2 else None,
            ),
        )
        connection.execute("INSERT INTO folder (path, added_at) VALUES (?, '')", (f"/no/such/{short}",))
        connection.execute("UPDATE listing SET path = ? WHERE id = 1", (f"/inbox/{PAYLOADS['escapes']}",))
