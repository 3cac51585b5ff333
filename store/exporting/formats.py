"""The formats of `recto export`: their names, the endings of their files, and the function that writes each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, cast

from store.exporting.exported import ExportedPaper


class Options(NamedTuple):
    """What a format may need besides the papers.

    `title` is the heading of the whole export. With `ascii`, LaTeX has only ASCII characters. With `formulas`, a cell
    of a CSV table may begin with a sign by which spreadsheets know a formula.
    """

    title: str = "Papers"
    ascii: bool = False
    formulas: bool = False


# A function that turns papers into the pieces of a file, one paper at a time. A text becomes UTF-8.
Pieces = Callable[[Iterable[ExportedPaper], Options], Iterator[str | bytes]]


class ExportFormat(NamedTuple):
    """A format of an export.

    `endings` are those of file names, with the point. `place` is "module:function" below store.exporting: the module is
    imported when the format is used.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    place: str

    def pieces(self, papers: Iterable[ExportedPaper], options: Options) -> Iterator[bytes]:
        """The bytes of a file with these papers, in pieces."""
        module, _, function = self.place.partition(":")
        write = cast(Pieces, getattr(importlib.import_module(f"store.exporting.{module}"), function))
        for piece in write(papers, options):
            yield piece.encode() if isinstance(piece, str) else piece


FORMATS = (
    ExportFormat("bibtex", "BibTeX", (".bib", ".bibtex"), "bibtex:bibtex"),
    ExportFormat("biblatex", "BibLaTeX, for biber", (".biblatex",), "bibtex:biblatex"),
    ExportFormat("ris", "RIS, for reference managers", (".ris",), "ris:pieces"),
    ExportFormat("csl-json", "CSL-JSON, for citation processors", (".json", ".csljson"), "csl_json:pieces"),
    ExportFormat("markdown", "Markdown, a reading list", (".md", ".markdown"), "markdown:pieces"),
    ExportFormat("csv", "CSV, for spreadsheets", (".csv",), "csv_table:pieces"),
    ExportFormat("html", "HTML, one page for screen and paper", (".html", ".htm"), "html_page:pieces"),
    ExportFormat("epub", "EPUB, for electronic readers", (".epub",), "epub:pieces"),
)
BY_NAME = {each.name: each for each in FORMATS}


def of_file(name: str) -> ExportFormat | None:
    """The format that a file name shows by its ending, in any case of letters; None when it shows none."""
    return next((each for each in FORMATS if name.lower().endswith(each.endings)), None)
