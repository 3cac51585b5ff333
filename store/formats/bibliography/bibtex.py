"""BibTeX and BibLaTeX: every entry with a title is read as a paper, whatever its kind ("article", "misc").

If a field is missing from an entry, the entry whose key is in the field `crossref` or `xdata` supplies the field. TeX
is converted to Unicode, except that math is kept as it is. For a book without authors, the editors become the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import bibtex_text, journal_macros
from store.formats.bibliography import fields as _biblio
from store.formats.bibliography.bibtex_blocks import has_entries
from store.formats.bibliography.bibtex_entries import BibEntry, BrokenEntry, entries
from store.formats.shared import text_lines
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.text import author_names, clean

NAME = "bibtex"
TITLE = "BibTeX and BibLaTeX"
FAMILY = "bibliography"
EXAMPLE = "references.bib"
STREAMS = False

# Kinds of entries that group other entries, contain fields that other entries inherit, or set options of a bibliography
# style. Such entries do not describe papers.
_NO_PAPERS = frozenset(("set", "xdata", "control", "ieeetranbstctl", "footnote", "bibnote"))
_EDITED = frozenset({
    "book", "booklet", "collection", "manual", "mvbook", "mvcollection", "mvproceedings", "mvreference",
    "periodical", "proceedings", "reference",
})  # fmt: skip
_WHOLE = _EDITED | frozenset({
    "thesis", "mastersthesis", "phdthesis", "report", "techreport", "patent", "software", "dataset",
})  # fmt: skip
# The fields that an entry inherits from its parent: those that describe the whole book or journal. Identifiers and
# pages are not inherited, because those of the parent do not belong to the entry.
_INHERITED = (
    "author", "editor", "booktitle", "booksubtitle", "journal", "journaltitle", "volume", "number", "issue", "series",
    "publisher", "organization", "institution", "school", "maintitle", "eventtitle", "primaryclass", "eprintclass",
    "archiveprefix", "eprinttype",
)  # fmt: skip
# The arXiv archives that have subject classes. Zotero writes only the archive into eprintclass, for example "cs"
# instead of "cs.CL". The archive alone is not a category, so these values of eprintclass are ignored.
_ARCHIVES = frozenset(("cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat"))
_DATES = ("date", "year", "month", "day")
_MOST_PARENTS = 8
_MOST_KEYS_NAMED = 5

_LINKED = re.compile(r"\b(?:crossref|xdata)\s*=", re.IGNORECASE)
_ENDS_SENTENCE = (".", "?", "!", ":", "…")
_AND_MORE = re.compile(r"\\p?sqq?(?![A-Za-z])")
# One part of an extended name of BibLaTeX, for example "given=J." in "family=Jong, given=J., prefix=de".
_NAME_PART = re.compile(
    r"\s*\"?(family|given|prefix|suffix|useprefix|juniorcomma|[a-z]+-i)\s*=\s*(.*?)\"?\s*", re.DOTALL
)
# dblp adds a number to a name that several people share, for example "Wei Wang 0001". The number is removed.
_HOMONYM = re.compile(r"(?<!\s)\s++\d{4}$")
_AMPERSAND = re.compile(r"\s\\?&\s")
_INITIALS = re.compile(r"(?:[A-Z]\.[ ~-]?){1,4}")
_COLLABORATION = re.compile(r"collaboration|consortium|group|team", re.IGNORECASE)


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is BibTeX.

    The value is lower if `head` has no entries but only comments and definitions of BibTeX strings.
    """
    text = _biblio.start(head)
    if text[:1] in ("<", "[", "{"):
        return 0.0
    return has_entries(text)


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file in file order, with refusals and warnings.

    The whole text is in memory, because an entry may inherit from any other entry of the file.
    """
    # A file that was made by joining several files may contain byte order marks anywhere, so remove all of them.
    text = text_lines.open_text(stream).read().replace("\ufeff", "")
    blocks: Iterable[BibEntry | BrokenEntry | CutShort | Warned] = entries(text)
    parents: dict[str, BibEntry] = {}
    if _LINKED.search(text):
        blocks = list(blocks)
        for each in blocks:
            if isinstance(each, BibEntry):
                parents.setdefault(each.key.lower(), each)
    keys: dict[str, int] = {}
    repeated: dict[str, None] = {}
    index = no_papers = 0
    is_cut = False
    for each in blocks:
        if not isinstance(each, BibEntry | BrokenEntry):
            is_cut = is_cut or isinstance(each, CutShort)
            yield each
            continue
        if each.kind in _NO_PAPERS:
            no_papers += 1
            continue
        index += 1
        if isinstance(each, BrokenEntry):
            yield Refused(index, each.line, each.reason)
            continue
        if each.key and keys.setdefault(each.key.lower(), each.line) != each.line:
            repeated[each.key] = None
        paper = _paper(_whole(each, parents) if parents else each)
        yield _entry(paper, each) if paper else Refused(index, each.line, _untitled(each))
    if not index and not is_cut:
        raise ListingError(_nothing(text, no_papers))
    if repeated:
        key_list = ", ".join(clean.line(key)[:80] for key in list(repeated)[:_MOST_KEYS_NAMED])
        more = ", …" if len(repeated) > _MOST_KEYS_NAMED else ""
        yield Warned(f"keys used more than once, all of their entries were read: {key_list}{more}")
    if no_papers:
        yield Warned(f"entries that only group others or set options were left out: {no_papers}")


def _untitled(entry: BibEntry) -> str:
    return f"no title in the entry “{clean.line(entry.key)[:80]}”" if entry.key else "no title"


def _nothing(text: str, no_papers: int) -> str:
    if not text.strip():
        return "an empty file"
    if no_papers:
        return "no paper in this BibTeX file, only entries that group others or set options"
    return "no entry in this BibTeX file"


def _whole(entry: BibEntry, parents: dict[str, BibEntry]) -> BibEntry:
    """`entry` with the fields that it inherits from the entries in `parents`."""
    fields = dict(entry.fields)
    visited_keys = {entry.key.lower()}
    waiting = _linked(entry)
    while waiting and len(visited_keys) <= _MOST_PARENTS:
        key, container = waiting.pop(0)
        parent = parents.get(key)
        if parent is None or key in visited_keys:
            continue
        visited_keys.add(key)
        waiting += _linked(parent)
        parent_fields = parent.fields
        for name in _INHERITED if not container else [*_INHERITED, "title", "subtitle"]:
            if name in parent_fields:
                fields.setdefault(name, parent_fields[name])
        if not any(name in fields for name in _DATES):
            fields.update((name, parent_fields[name]) for name in _DATES if name in parent_fields)
        if not container and "title" in parent_fields:
            if "title" not in fields:
                fields["title"] = parent_fields["title"]
                fields.setdefault("subtitle", parent_fields.get("subtitle", []))
            elif "booktitle" not in fields:
                fields["booktitle"] = parent_fields["title"]
                fields.setdefault("booksubtitle", parent_fields.get("subtitle", []))
    return BibEntry(entry.line, entry.kind, entry.key, fields)


def _linked(entry: BibEntry) -> list[tuple[str, bool]]:
    """The entries from which `entry` inherits fields: for each one its key, and whether it is an xdata entry.

    An xdata entry contains only fields for other entries; it is not a paper.
    """
    crossref = [(key.strip().lower(), False) for key in entry.fields.get("crossref", [])]
    xdata = [(key, True) for keys in entry.fields.get("xdata", []) for key in keys.lower().split(",")[:_MOST_PARENTS]]
    return crossref + [(key.strip(), container) for key, container in xdata]


class _Fields:
    """The values of the fields of one entry, converted to text when they are requested."""

    def __init__(self, entry: BibEntry) -> None:
        self.kind = entry.kind
        self.raw = entry.fields

    def text(self, *names: str) -> str | None:
        """The first value of the fields `names` that is not empty, as running text; None when all are empty."""
        for name in names:
            for value in self.raw.get(name, ()):
                if written := bibtex_text.as_text(value):
                    return written
        return None

    def marks(self, *names: str) -> list[str]:
        """All values of the fields `names`, with TeX converted, but with dashes and quotation marks unchanged.

        Identifiers and addresses need this form.
        """
        return [bibtex_text.as_identifier(value) for name in names for value in self.raw.get(name, ())]

    def titled(self, title: str, subtitle: str) -> str | None:
        """The value of the field `title`, followed by that of `subtitle` unless the title already contains it."""
        main, below = self.text(title), self.text(subtitle)
        if not main or not below or below.lower() in main.lower():
            return main
        return f"{main} {below}" if main.endswith(_ENDS_SENTENCE) else f"{main}: {below}"


def _entry(paper: Paper, entry: BibEntry) -> Entry:
    return Entry(paper=paper, line=entry.line, citation_key=entry.key or None)


def _paper(entry: BibEntry) -> Paper | None:
    fields = _Fields(entry)
    title = _biblio.plain(fields.titled("title", "subtitle"))
    if title is None and entry.kind in _EDITED:
        title = _biblio.plain(fields.titled("booktitle", "booksubtitle"))
    if title is None:
        return None
    eprints = _eprints(fields)
    # Some publishers write the address of the full text into the field `eprint`.
    elsewhere = [text for text in fields.marks("eprint") if text.startswith(("http://", "https://"))]
    comments = [fields.text(name) for name in ("note", "comment", "comments", "addendum", "pubstate")]
    date, year, month, day = (next(iter(fields.marks(name)), "") for name in _DATES)
    paper = _biblio.paper(
        title=title,
        abstract=_biblio.plain(fields.text("abstract")),
        authors=_authors(fields),
        published=_biblio.when(date, year, f"{day} {_biblio.month(month)}"),
        venue=_venue(fields),
        comment=next((remark for each in comments if (remark := _biblio.remark(each))), None),
        dois=fields.marks("doi"),
        eprints=eprints,
        urls=[
            *fields.marks(
                "url", "link", "ee", "howpublished", "note", "adsurl", "code", "github", "website", "project"
            ),
            *(text for text in elsewhere if "pdf" not in text),
        ],
        pdfs=[*fields.marks("pdf"), *(text for text in elsewhere if "pdf" in text)],
        mentions=[
            *(f"PMID: {number}" for number in fields.marks("pmid")),
            *fields.marks("journal", "journaltitle", "note", "number", "institution", "publisher", "series", "pages"),
        ],
        categories=[
            name for name in fields.marks("primaryclass", "eprintclass", "arxivclass") if name and name not in _ARCHIVES
        ],
        keywords=[word for words in fields.marks("keywords", "keyword") for word in re.split("[,;]", words)],
    )
    version = next(iter(fields.marks("version")), "").lstrip("vV")
    if eprints and paper.arxiv_id and paper.arxiv_version is None and re.fullmatch(r"[1-9]\d?", version):
        return msgspec.structs.replace(paper, arxiv_version=int(version))
    return paper


def _eprints(fields: _Fields) -> list[str]:
    """The contents of the fields for arXiv ids. An `eprint` that is in another archive than arXiv is left out."""
    archive = next(iter(fields.marks("archiveprefix", "eprinttype", "archive")), "").strip(": ")
    eprints = fields.marks("arxivid", "arxiv", "arxiv_id", "arxivnumber")
    for eprint in fields.marks("eprint"):
        if not archive or archive.lower() == "arxiv":
            eprints.append(eprint)
        elif re.fullmatch(r"\d{7}(?:v\d+)?", eprint):
            eprints.append(f"{archive}/{eprint}")
        elif archive.lower() == "arxiv.org" or "arxiv" in eprint.lower():
            eprints.append(eprint)
    return eprints + [volume for volume in fields.marks("volume") if volume.startswith("abs/")]


def _venue(fields: _Fields) -> str | None:
    pages = fields.text("pages", "eid", "articleno", "art_number")
    pages = _AND_MORE.sub("ff.", pages) if pages else None
    volume, issue = fields.text("volume"), fields.text("number", "issue")
    journal = fields.titled("journaltitle", "journalsubtitle") or fields.text("journal")
    journal = _biblio.plain((journal_macros.named(journal) or journal) if journal else None)
    if journal and not _biblio.is_arxiv(journal):
        return _biblio.venue(journal, volume, issue, pages)
    book = fields.titled("booktitle", "booksubtitle")
    if book and fields.kind not in _EDITED:
        return _biblio.venue(book, volume, None, pages)
    where = fields.text("school", "institution", "organization", "publisher", "eventtitle", "series")
    whole = fields.titled("maintitle", "mainsubtitle")
    if whole and (not where or fields.kind not in ("thesis", "report")):
        where = f"{_biblio.venue(whole, volume)}, {where}" if where else _biblio.venue(whole, volume)
    if where and not _biblio.is_arxiv(where):
        if "report" in fields.kind and issue:
            return f"{where}, {issue}"
        return _biblio.venue(where, pages=None if fields.kind in _WHOLE else pages)
    how_published = fields.text("howpublished")
    return _biblio.venue(_biblio.remark(how_published))


def _authors(fields: _Fields) -> tuple[Author, ...]:
    people = fields.raw.get("author") or (fields.raw.get("editor", []) if fields.kind in _EDITED else [])
    names = [written for name in _names(people) if (written := _HOMONYM.sub("", bibtex_text.as_text(_person(name))))]
    for group in fields.marks("collaboration"):
        if group and not any(group.lower() in name.lower() for name in names):
            names.append(group if _COLLABORATION.search(group) else f"{group} Collaboration")
    authors = _biblio.authors(names)
    if len(authors) == 1 and (where := fields.text("affiliation")):
        return (Author(authors[0].name, (where,)),)
    return authors


def _names(values: list[str]) -> Iterator[str]:
    """The names in the values of author fields, in their original spelling.

    The separator is "and". Some files use semicolons, "&" or commas instead. A value is split at one of these signs
    only where a single name could not contain it.
    """
    from bibtexparser.middlewares.names import split_multiple_persons_names

    for value in values:
        people = split_multiple_persons_names(value)
        if len(people) == 1 and ";" in value:
            people = _biblio.split_top(value, ";")
        elif len(people) == 1 and "&" in value and all("," in part for part in _AMPERSAND.split(value)):
            people = _AMPERSAND.split(value)
        for name in people:
            yield from _listed(name)


def _listed(name: str) -> list[str]:
    """The names in `name`, which is a part of an author field: one name, or several that are separated by commas."""
    if name.count(",") < 2:
        return [name]
    parts = [part.strip() for part in _biblio.split_top(name, ",")]
    listed = [part for part in parts if part]
    if all(" " in part or "~" in part for part in listed) and (len(listed) > 3 or (len(listed) > 1 and not parts[-1])):
        return listed
    if len(listed) > 3 and len(listed) % 2 == 0 and all(map(_INITIALS.fullmatch, listed[1::2])):
        return [f"{last}, {first}" for last, first in zip(listed[::2], listed[1::2], strict=True)]
    return [name]


def _person(name: str) -> str:
    """`name` with the given name first."""
    if author_names.other_authors(name):
        return name
    if "=" in name:
        parts = {match[1]: match[2] for part in _biblio.split_top(name, ",") if (match := _NAME_PART.fullmatch(part))}
        if full_name := " ".join(parts[each] for each in ("given", "prefix", "family", "suffix") if each in parts):
            return full_name
    return _biblio.person(name, jr_second=True)
