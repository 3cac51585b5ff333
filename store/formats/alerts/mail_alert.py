"""Read alerts that were sent by e-mail: a saved mail, a mailbox, or only the HTML of an alert.

`google_scholar` reads Google Scholar's alerts. A mailing of arXiv that a mail program converted to HTML is read as a
mailing. From every other mail, each link to a paper is read as a paper, and a warning says that the result may be
incomplete.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

import msgspec

from store.formats.alerts import google_scholar, linked_in_page
from store.formats.alerts.mails import Mail, is_mail, mails
from store.formats.arxiv import mailing
from store.formats.links import link_list
from store.formats.shared import html_text, text_lines
from store.matching.title_merging import is_placeholder
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError

NAME = "alert-email"
TITLE = "E-mail alerts: Google Scholar, Semantic Scholar, Daily Papers, journals"
FAMILY = "alert"
EXAMPLE = "scholar-alert.eml"
STREAMS = False

_LINE_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^<>]{0,200}>[ \n]?", re.I)
_TAG = re.compile(r"<[!/?A-Za-z][^<>]{0,20000}>")
_MAILING = re.compile(r"^[ \t>]*\\\\\s*?\n[ \t>]*arXiv:", re.MULTILINE)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a mail with papers.

    It is 0.9 for an alert of Google Scholar, 0.7 for another mail with links to papers, and 0 for any other file.
    """
    content = b"".join(text_lines.utf8_chunks(io.BytesIO(head)))
    if not is_mail(content):
        text = text_lines.text(head)
        return 0.9 if html_text.is_html(text) and "gse_alrt_title" in text else 0.0
    if mailing.sniff(head, name):
        return 0.0
    for mail in mails(content):
        if any(map(google_scholar.TITLE_LINK.search, mail.pages)):
            return 0.9
        if any(map(linked_in_page.links_to_papers, mail.pages)) or _mailing_in(mail) is not None:
            return 0.7
        if any(link_list.sniff(text.encode(), "") for text in mail.texts):
            return 0.7
    return 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the papers of every mail. The listing day of a paper is the day on which its mail was sent.

    Raises ListingError when no mail has papers.
    """
    content = b"".join(text_lines.utf8_chunks(stream))
    if not content.strip():
        raise ListingError("an empty file")
    all_mails = mails(content) if is_mail(content) else iter([Mail(None, "", "", (text_lines.text(content),), ())])
    index = without = 0
    for mail in all_mails:
        papers = 0
        for item in _items(mail, index):
            papers += isinstance(item, Entry | Refused)
            yield item
        index += papers
        without += not papers
    if not index:
        raise ListingError("a mail without papers")
    if without:
        were = "a mail without papers was" if without == 1 else f"{without} mails without papers were"
        yield Warned(f"{were} left out")


def _items(mail: Mail, before: int) -> Iterator[Item]:
    """The items of one mail. `before` is the number of entries in the mails before it in the file."""
    if (text := _mailing_in(mail)) is not None:
        for item in mailing.read(io.BytesIO(text.encode("utf-8", "replace"))):
            yield _numbered(item, before)
        return
    is_scholar = any(map(google_scholar.TITLE_LINK.search, mail.pages))
    entries: list[Entry] = []
    for page in mail.pages:
        read_page = google_scholar.papers if is_scholar else linked_in_page.papers
        entries += [Entry(paper=paper, listed_on=mail.sent_on) for paper in read_page(page)]
    if not entries:
        for text in mail.texts:
            yield from _listed(text, mail)
        return
    yield from entries
    # Some mail programs leave out the last end tags. So a page without them counts as truncated only if it does not end
    # with another tag.
    if any(html_text.is_cut(page) and not page.rstrip().endswith(">") for page in mail.pages):
        yield CutShort("the mail ends early")
    untitled = sum(is_placeholder(entry.paper.title) for entry in entries)
    if not is_scholar:
        missing = f"; {untitled} of them without a title: recto fetch missing completes them" if untitled else ""
        yield Warned(
            f"“{mail.subject[:80]}” was read by its links, which may be partial: {len(entries)} papers{missing}"
        )


def _listed(text: str, mail: Mail) -> Iterator[Item]:
    """The papers in the plain text of a mail, if the text is a list of links; otherwise nothing."""
    if not link_list.sniff(text.encode("utf-8", "replace"), ""):
        return
    for item in link_list.read(io.BytesIO(text.encode("utf-8", "replace"))):
        yield msgspec.structs.replace(item, listed_on=mail.sent_on, line=None) if isinstance(item, Entry) else item


def _mailing_in(mail: Mail) -> str | None:
    """The text of the arXiv mailing in the HTML of a mail; None if the mail contains none.

    A line with the date of the mail is put before the text.
    """
    for page in mail.pages:
        if "\\\\" not in page or "arXiv:" not in page:
            continue
        lines = page if "<pre" in page.lower() else page.replace("\r", "").replace("\n", " ")
        text = unescape(_TAG.sub("", _LINE_BREAK.sub("\n", lines))).replace("\xa0", " ")
        if _MAILING.search(text):
            date_line = f"Date: {mail.sent_on:%a, %d %b %Y} 00:00:00 +0000\n\n" if mail.sent_on else ""
            return date_line + text
    return None


def _numbered(item: Item, before: int) -> Item:
    """A copy of `item`, an item of an arXiv mailing inside a mail, whose index counts all entries of the file.

    `before` is the number of entries before the mailing.

    The line number is removed, because it counts lines from the start of the mailing, not of the file.
    """
    if isinstance(item, Refused):
        return msgspec.structs.replace(item, index=item.index + before, line=None)
    return msgspec.structs.replace(item, line=None) if isinstance(item, Entry) else item
