"""Writes BibTeX and BibLaTeX. The text of most fields is converted to LaTeX (store/exporting/latex_text.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from store.exporting import latex_text, person_names
from store.exporting.exported import ExportedPaper, Kind
from store.exporting.formats import Options
from store.model.paper import Author
from store.text import clean

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENTRY_TYPES: dict[Kind, str] = {
    "article": "article",
    "proceedings": "inproceedings",
    "other": "misc",
}
# Characters that biber does not accept in a value that is not LaTeX, such as a web address. In an address, they are
# replaced by percent-encoded characters.
_NOT_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def bibtex(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield a BibTeX entry for each paper."""
    return (_entry(paper, _bibtex_fields(paper, options.ascii), "misc") for paper in papers)


def biblatex(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield a BibLaTeX entry for each paper, with the fields that biber reads, such as `date` and `journaltitle`."""
    return (_entry(paper, _biblatex_fields(paper, options.ascii), "online") for paper in papers)


def _entry(paper: ExportedPaper, fields: dict[str, str | None], preprint_type: str) -> str:
    kind = paper.kind
    entry_type = preprint_type if kind == "preprint" else _ENTRY_TYPES[kind]
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@{entry_type}{{{paper.key},\n{lines}}}\n\n"


def _bibtex_fields(exported: ExportedPaper, ascii: bool) -> dict[str, str | None]:
    published = exported.date
    has_month = published and published.precision != "year"
    return {
        **_common_fields(exported, ascii),
        # BibTeX styles sort an entry without authors by the field `key`, and warn when it is missing.
        "key": None if exported.paper.authors else _braced(exported.key),
        "year": _braced(published.text[:4]) if published else None,
        # The month has no braces, because "jan" is a macro that BibTeX replaces by the name of the month.
        "month": _MONTHS[published.first_day.month - 1] if published and has_month else None,
        **_venue_fields(exported, "journal", ascii),
        **_identifiers(exported, "archiveprefix", "primaryclass"),
    }


def _biblatex_fields(exported: ExportedPaper, ascii: bool) -> dict[str, str | None]:
    published = exported.date
    return {
        **_common_fields(exported, ascii),
        "date": _braced(published.text) if published else None,
        **_venue_fields(exported, "journaltitle", ascii),
        **_identifiers(exported, "eprinttype", "eprintclass"),
    }


def _common_fields(exported: ExportedPaper, ascii: bool) -> dict[str, str | None]:
    """The fields that have the same names in BibTeX and BibLaTeX."""
    paper, marks = exported.paper, exported.details.marks
    return {
        "title": _braced(latex_text.title(paper.title, ascii=ascii)),
        "author": _braced(" and ".join(_author(author, ascii) for author in paper.authors)) if paper.authors else None,
        "abstract": _text(paper.abstract, ascii),
        "note": _text(". ".join(filter(None, (exported.retraction, paper.comment))), ascii),
        "keywords": _text(", ".join(marks.tags), ascii),
        "annotation": _text(marks.note, ascii),
    }


def _venue_fields(exported: ExportedPaper, journal: str, ascii: bool) -> dict[str, str | None]:
    """The fields about the place of publication. `journal` is the name of the field that contains the name of a
    journal.
    """
    venue, kind = exported.venue, exported.kind
    if venue is None:
        return {}
    field = {"article": journal, "proceedings": "booktitle"}.get(kind, "howpublished")
    return {
        field: _text(venue.name, ascii),
        "volume": _text(venue.volume, ascii),
        "number": _text(venue.issue, ascii),
        "pages": _braced(venue.pages.replace("–", "--")) if venue.pages else None,
    }


def _identifiers(exported: ExportedPaper, archive: str, archive_class: str) -> dict[str, str | None]:
    """The fields with the DOI, the arXiv id and the web address.

    Their values are not escaped as LaTeX, because biber and the bibliography styles print them unchanged. `archive` and
    `archive_class` are the names of the fields that contain "arXiv" and the category.
    """
    paper, url = exported.paper, exported.url
    return {
        "doi": _braced(paper.doi.translate(_NOT_IN_URL)) if paper.doi else None,
        "eprint": _braced(paper.arxiv_id) if paper.arxiv_id else None,
        archive: "{arXiv}" if paper.arxiv_id else None,
        archive_class: _braced(paper.categories[0]) if paper.arxiv_id and paper.categories else None,
        "url": _braced(url.translate(_NOT_IN_URL)) if url else None,
    }


def _author(author: Author, ascii: bool) -> str:
    name = person_names.split(author.name)
    if name.is_literal:
        return _braced(latex_text.escaped(name.family, ascii=ascii))
    parts = [f"{name.particle} {name.family}" if name.particle else name.family, name.suffix, name.given]
    if not latex_text.is_plain(author.name, ascii=ascii):
        parts = [latex_text.escaped(part, ascii=ascii) for part in parts]
    return ", ".join(_braced(part) if _is_read_as_sign(part) else part for part in parts if part)


def _is_read_as_sign(part: str) -> bool:
    """Whether BibTeX would misread a part of a name.

    BibTeX treats "and" as the separator between two names, and a part without letters and digits as punctuation.
    """
    return " and " in f" {part.lower()} " or not (part[0].isalnum() or any(map(str.isalnum, part)))


def _text(value: str | None, ascii: bool) -> str | None:
    """The text `value` as LaTeX in braces, on one line. None for an empty text and for None."""
    return _braced(latex_text.escaped(clean.line(value), ascii=ascii)) if value else None


def _braced(value: str) -> str:
    return f"{{{value}}}"
