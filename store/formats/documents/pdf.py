"""A PDF, read as a listing of one paper: its identifiers and its title, from its metadata and its first page.

Metadata is often wrong: the title may be the name of a file or the title of an earlier paper. So a title from the
metadata must also be on the first page. A DOI on the page is used only if it is near the upper or lower edge, where
publishers print the DOI of the paper itself. If it is not certain which paper a PDF contains, the PDF is refused.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from store.formats.bibliography import fields
from store.formats.documents import child_process, pdf_page
from store.formats.documents.child_process import ChildFailedError, ChildTooSlowError
from store.formats.documents.pdf_page import FirstPage, Line
from store.formats.shared import ids_and_links
from store.formats.shared.ids_and_links import Identity
from store.matching import identifiers
from store.model import limits
from store.model.entry import Entry, Item
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.text import folding

NAME = "pdf"
TITLE = "PDF of one paper"
FAMILY = "pdf"
EXAMPLE = "2601.01234v2.pdf"
STREAMS = False

_COMMAND = child_process.command_of(pdf_page.__name__)
# Limits for the child process that reads the PDF: its running time (seconds) and the size of its output (bytes).
_SECONDS = 60
_LONGEST_ANSWER = 2**22
_NO_LIBRARY = "PDFs are read with the package pypdfium2: install recto[pdf], or import a listing that has the paper"
_UNREADABLE = (
    "the PDF cannot be read: it is damaged, cut short or protected by a password; import a listing that has the paper"
)
_MAGIC = re.compile(rb"%PDF-\d")
# The mark "%PDF-" must be within this many bytes from the start of a file. The specification allows other bytes before
# the mark.
_MAGIC_WITHIN = 1024

# The stamp that arXiv prints on the first page, for example "arXiv:2601.20001v2 [cs.CL] 25 Jan 2026".
_STAMP = re.compile(r"arXiv:\s?(\S+)\s+\[([\w.-]{2,18})\](?:\s+(\d{1,2} [A-Z][a-z]{2} \d{4}))?")
_XMP_DOI = re.compile(rb"<prism:doi>\s*([^<\s]{7,200})\s*</prism:doi>")
# Titles that programs write into the metadata when the author enters no title.
_NO_TITLE = re.compile(
    r"microsoft word\b.*|untitled.*|.*\.(?:docx?|tex|dvi|pdf|indd|qxd|rtf|odt)|(?:main|paper|manuscript|draft|article"
    r"|template|title|document|slide \d+)\d*|.*\btemplate\b.*|\S*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# Publishers print the DOI of the paper itself above `_UPPER` or below `_LOWER`. Both are distances from the lower edge
# of the page, as fractions of the page height.
_UPPER, _LOWER = 0.7, 0.12
# The printed title is higher on the page than `_TITLE_ABOVE` (a fraction of the page height, from the lower edge). Its
# letters are at least `_TITLE_SIZE` times as tall as those of the text.
_TITLE_ABOVE = 0.45
_TITLE_SIZE = 1.15
# A title whose letters are not larger than those of the text begins in one of the first _TITLE_STARTS_WITHIN lines, and
# has at most _MOST_TITLE_LINES lines.
_TITLE_STARTS_WITHIN, _MOST_TITLE_LINES = 6, 3
# The letters of two lines of one title differ in height by at most this fraction.
_SAME_SIZE = 0.12
_MOST_WORDS = 45
_LEAST_WORDS = 3
# The title and the names of the authors must be within this many lines from the top of the page.
_HEAD_LINES = 40
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# A footnote sign at the end of a title, which is removed.
_FOOTNOTE = re.compile(r"\s*[*∗⋆†‡§¶]+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,3}")
_BETWEEN_NAMES = re.compile(r"\s*;\s*|\s*,\s*(?:and\s+)?(?!(?:Jr|Sr|I{2,3}|IV)\b)|\s+and\s+|\s*\n\s*")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a PDF: 0.95 if the mark "%PDF-" is near its start."""
    return 0.95 if _MAGIC.search(head[:_MAGIC_WITHIN]) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The paper that the PDF contains.

    Raises ListingError, with the reason, when it is not certain which paper that is.
    """
    data = stream.read(limits.WHOLE_FILE + 1)
    if len(data) > limits.WHOLE_FILE:
        raise ListingError(f"a PDF of more than {limits.WHOLE_FILE // 2**20} MiB; import a listing that has the paper")
    if not _MAGIC.search(data[:_MAGIC_WITHIN]):
        raise ListingError("not a PDF")
    yield Entry(paper=_paper(_first_page(data), data))


def _first_page(data: bytes) -> FirstPage:
    """The metadata and the first page of a PDF, as a child process reads them.

    Raises ListingError when the process fails.
    """
    lines: list[bytes] = []
    try:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.seek(0)
            child_process.lines_of(_COMMAND, file, seconds=_SECONDS, longest=_LONGEST_ANSWER, on_line=lines.append)
        answer = msgspec.json.decode(b"".join(lines), type=FirstPage)
    except ChildTooSlowError:
        raise ListingError(
            f"its first page was not read within {_SECONDS} s; import a listing with the paper"
        ) from None
    except (ChildFailedError, ValueError):
        raise ListingError(_UNREADABLE) from None
    except OSError as error:
        raise ListingError(f"no temporary file can be written ({error.strerror}); try again") from None
    if not answer.error:
        return answer
    if answer.error.startswith("ModuleNotFoundError"):
        raise ListingError(_NO_LIBRARY)
    raise ListingError(_UNREADABLE)


class Clues(msgspec.Struct, frozen=True):
    """The information in a PDF about the paper that it contains.

    `titles` are possible titles of the paper, the most probable first.
    """

    identity: Identity
    titles: tuple[str, ...]


def clues(data: bytes) -> Clues:
    """The information in the metadata and on the first page of a PDF about its paper.

    Unlike `read`, this also returns titles that are not certain, so that the caller can compare them with the titles of
    stored papers. Raises ListingError when the PDF cannot be read.
    """
    page = _first_page(data)
    titles = (_stated_title(page), _printed_title(page.lines), page.info.get("Title"), *_first_lines(page.lines))
    return Clues(_identity(page, _stamp(page), data), tuple(dict.fromkeys(title for title in titles if title)))


def _stamp(page: FirstPage) -> re.Match[str] | None:
    """The match of the stamp that arXiv prints on the first page; None when the page has no such stamp."""
    return _STAMP.search(page.turned) or next(filter(None, (_STAMP.search(line.text) for line in page.lines)), None)


def _paper(page: FirstPage, data: bytes) -> Paper:
    """The paper whose first page is `page`. Raises ListingError when it is not certain which paper that is.

    The title must be certain. A paper without identifiers must also have at least one author.
    """
    stamp = _stamp(page)
    identity = _identity(page, stamp, data)
    is_known = bool(identity.arxiv_id or identity.doi)
    stated = _stated_title(page)
    title = stated or (_printed_title(page.lines) if is_known else None)
    authors = _authors(page) if stated or page.info.get("arXivID") else ()
    if title is None or not (is_known or authors):
        raise ListingError(_uncertain(page, is_known))
    day = fields.when(stamp[3]) if stamp and stamp[3] else None
    is_first = identity.arxiv_version in (None, 1)
    return Paper(
        title=title,
        authors=authors,
        author_count=len(authors) or None,
        published=day.first_day if day and is_first else None,
        updated=day.first_day if day and not is_first else None,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        categories=identifiers.categories_in([stamp[2]]) if stamp else (),
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(identity.arxiv_id) or ids_and_links.doi_page(identity.doi)),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
        ),
    )


def _identity(page: FirstPage, stamp: re.Match[str] | None, data: bytes) -> Identity:
    """The identifiers of the paper.

    They are read from arXiv's stamp, from the metadata, and from the upper and lower edge of the first page, where
    publishers print the DOI.
    """
    info = page.info
    in_xmp = _XMP_DOI.search(data)
    stated = [info.get(name) for name in ("doi", "DOI", "WPS-ARTICLEDOI")]
    printed = {
        doi
        for line in page.lines
        if (line.top > _UPPER or line.top < _LOWER) and (doi := identifiers.doi_in(line.text))
    }
    return ids_and_links.identity(
        # If several DOIs are printed on the page, they belong to cited works, so none of them is used.
        dois=[*stated, in_xmp[1].decode("latin-1") if in_xmp else None, *(printed if len(printed) == 1 else ())],
        arxiv_ids=[f"arXiv:{stamp[1]}" if stamp else None, info.get("arXivID")],
        mentions=[info.get("Subject")],
    )


def _stated_title(page: FirstPage) -> str | None:
    """The title in the metadata, if it is also on the first page; else None."""
    # rapidfuzz is imported here because only PDFs need it; other formats load faster without it.
    from rapidfuzz import fuzz

    title = " ".join(page.info.get("Title", "").split())
    if not title or _NO_TITLE.fullmatch(title) or len(_WORD.findall(title)) < 2:
        return None
    return title if fuzz.partial_ratio(folding.letters(title), folding.letters(_head(page))) >= 92 else None


def _printed_title(lines: list[Line]) -> str | None:
    """The title as printed: the text in the largest letters of the upper part of the page that can be a title.

    None if no text in that part has the size and the number of words of a title.
    """
    text_size = _text_size(lines)
    upper = [line for line in lines if line.top > _TITLE_ABOVE and _WORD.search(line.text)]
    # The letters of the journal's name may be larger than those of the title, so several sizes are tried, the largest
    # first.
    for size in sorted({line.size for line in upper if line.size > _TITLE_SIZE * text_size}, reverse=True)[:6]:
        block: list[str] = []
        for line in upper:
            if abs(line.size - size) <= _SAME_SIZE * size:
                block.append(line.text)
            elif block:
                break
        title = _joined(block)
        if _LEAST_WORDS <= len(_WORD.findall(title)) <= _MOST_WORDS:
            return title
    return None


def _first_lines(lines: list[Line]) -> Iterator[str]:
    """Titles that are not in larger letters than the text: each of the first lines, alone or with those below it."""
    for start in range(min(_TITLE_STARTS_WITHIN, len(lines))):
        for end in range(start + 1, min(start + _MOST_TITLE_LINES, len(lines)) + 1):
            yield _joined([line.text for line in lines[start:end]])


def _text_size(lines: list[Line]) -> float:
    """The height of the letters of the text: the median over all characters of the page."""
    by_size = sorted((line.size, len(line.text)) for line in lines)
    half = sum(count for _, count in by_size) / 2
    for size, count in by_size:
        half -= count
        if half <= 0:
            return size
    return 0.0


def _joined(lines: list[str]) -> str:
    """The lines of a title, joined. A hyphen at the end of a line is kept, because it may be part of the word."""
    text = ""
    for line in lines:
        text += line if not text or text.endswith("-") else f" {line}"
    return _FOOTNOTE.sub("", _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text))


def _authors(page: FirstPage) -> tuple[Author, ...]:
    """The authors in the metadata, if the first page has at least two thirds of their last names."""
    text = page.info.get("Author", "")
    names = [name for name in (part.strip() for part in _BETWEEN_NAMES.split(text)) if name]
    if ";" in text:
        names = [fields.person(part.strip()) for part in text.split(";") if part.strip()]
    if any(_INITIALS.fullmatch(name) for name in names):
        # In "Alpha, A., Beta, B." some commas separate names and others are inside names, so the names are not certain.
        return ()
    head = folding.letters(_head(page))
    printed = sum(folding.letters(name.split()[-1]) in head for name in names)
    return fields.authors(names) if names and 3 * printed >= 2 * len(names) else ()


def _head(page: FirstPage) -> str:
    return " ".join(line.text for line in page.lines[:_HEAD_LINES])


def _uncertain(page: FirstPage, is_known: bool) -> str:
    """The error message: why it is not certain which paper the PDF contains, and what the user can do."""
    if not page.lines:
        reason = "its first page has no text, like a scan"
    elif is_known:
        reason = "its title is neither in the metadata nor in large letters on its first page"
    else:
        reason = "its first page has no arXiv id or DOI, and its metadata has no title and authors that are on the page"
    return f"it is not certain which paper this is: {reason}; import a listing or a bibliography that has it"
