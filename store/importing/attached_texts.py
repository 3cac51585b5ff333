"""Stores an imported PDF as the full text of the paper that it contains."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from store.importing.importer import Options
from store.importing.log import ImportReport
from store.library.library import Library
from store.library.side_files import open_regular
from store.model.errors import LibraryError, ListingError
from store.texts import text_store

_FORMAT = "pdf"


def attach(library: Library, path: Path, report: ImportReport, options: Options) -> None:
    """Store the file at `path` as a full text, if `report` says that it was read as a PDF of one paper.

    Nothing happens when the text cannot be read or stored, for example because the PDF is a scan: the paper itself was
    imported, and the user may attach another file.
    """
    if report.format != _FORMAT or not report.entries:
        return
    row = (
        library.reader()
        .execute(
            "SELECT e.paper_id FROM listing l JOIN entry e ON e.listing_id = l.id WHERE l.path = ? AND l.format = ?"
            " ORDER BY l.id DESC LIMIT 1",
            (report.path, _FORMAT),
        )
        .fetchone()
    )
    if row is None:
        return
    with (
        suppress(ListingError, LibraryError, OSError),
        os.fdopen(open_regular(path, follow_links=options.follow_links), "rb") as file,
    ):
        text_store.attach(library, row[0], file, report.path, limit=options.texts_limit)
