"""The formats of `recto export`: their names, the endings of their file names, and the functions that write them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, cast

from store.exporting.exported import ExportedPaper


class Options(NamedTuple):
    """Options of an export. Each format uses only some of them.

    `title` is the heading of the whole export. With `ascii`, LaTeX is written with ASCII characters only. With
    `formulas`, a cell of a CSV table may begin with a character such as "=", so that a spreadsheet evaluates it as a
    formula.
    """

    title: str = "Papers"
    ascii: bool = False
    formulas: bool = False


# The type of a function that yields the parts of a file, each with at most one paper. Parts of type str are encoded as
# UTF-8 before they are written.
Pieces = Callable[[Iterable[ExportedPaper], Options], Iterator[str | bytes]]


class ExportFormat(NamedTuple):
    """A format of an export.

    `endings` are the endings of file names of this format, for example ".bib". `place` is "module:function": the
    function that writes the format, in a module of store.exporting. The module is imported when the format is first
    used.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    place: str

    def pieces(self, papers: Iterable[ExportedPaper], options: Options) -> Iterator[bytes]:
        """Yield the bytes of an export file with these papers, in parts."""
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
    """The format that the ending of the file name `name` belongs to. None if it belongs to no format. Ignores the case
    of letters.
    """
    return next((each for each in FORMATS if name.lower().endswith(each.endings)), None)
