r"""arXiv's mailings: the lists of a day ("new"), of the last five days ("pastweek") and of a month.

An entry consists of a line `\\`, its fields, a line `\\`, its abstract, and a line `\\ ( address, size)`. The lists of
a week and of a month have no abstracts. A *rule* is a line that consists of dashes and percent signs. In the mail of a
day, a rule of `%-%-` comes before the cross-lists. A rule of `%%--%%--` comes before the replacements, which have
neither an abstract nor a `Date:`. A rule of `%%%---%%%---` ends the mail.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal

from store.formats.arxiv import fields
from store.formats.arxiv.mailing_entry import EntryText, Mailing, id_line, is_field
from store.formats.shared import text_lines
from store.formats.shared.mail import Line, Mails, Start
from store.model.entry import CutShort, Item, Refused, Warned
from store.model.errors import ListingError

NAME = "arxiv-email"
TITLE = "arXiv mailings, and lists of a week or a month"
FAMILY = "arxiv"
EXAMPLE = "arxiv-daily.eml"
STREAMS = True

_SLASHES = "\\\\"
_ENTRY_START = re.compile(r"^([ \t>]*)\\\\[ \t]*\r?\n\1(?:arXiv:|Paper\b|/\*)", re.MULTILINE)
_MAIL = re.compile(r"^(?:Date|From|Received|Subject|Return-Path|Delivered-To|MIME-Version)\b", re.MULTILINE)
_CLOSING = re.compile(r"\\\\\s*\(")
_RULE = re.compile(r"-{40,}|(?P<cross>(?:%-){8})|(?P<replaced>(?:%%--){4})|(?P<end>%%%---)")
_CUT_RULE = re.compile(r"-{1,39}|%[%-]*")
_DAY_HEADING = re.compile(r"/\*\s*(.*?)\s*\*/")
_RECEIVED = re.compile(r"\s*received from\s.*?\sto\s+(.*)", re.IGNORECASE)

_State = Literal["between", "opened", "heading", "fields", "abstract", "closing"]


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is a mailing of arXiv.

    The value is 0.95 if the start of an entry is found, and 0.8 if only the introduction of a mailing is found.
    """
    text = text_lines.text(head)
    if not _ENTRY_START.search(text) and _MAIL.search(text):
        # A saved mail may have a transfer encoding (base64, quoted-printable), so decode it with `Mails` first.
        text = "\n".join(line.text for line in Mails(io.BytesIO(head)) if isinstance(line, Line))
    if _ENTRY_START.search(text):
        return 0.95
    is_mailing = any(map(_RECEIVED.match, text.splitlines())) and "arxiv.org" in text.lower()
    return 0.8 if is_mailing and "subscribe" in text else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of all mailings in the file, in file order. Raises ListingError when the file has no mailing."""
    yield from _Reading(Mails(stream)).items()


class _Reading:
    """The state while the lines of one file are read.

    `state` is the part of a mailing in which the next line is expected.
    """

    def __init__(self, mails: Mails) -> None:
        self.mails = mails
        self.items_ready: list[Item] = []
        self.state: _State = "between"
        self.mailing = Mailing()
        self.entry = EntryText(0)
        self.index = 0
        # `last` is the last line that is not blank. `is_mailing` becomes True at the first line that occurs only in
        # mailings.
        self.last = ""
        self.is_mailing = False

    def items(self) -> Iterator[Item]:
        handlers = {
            "between": self._line_between,
            "opened": self._opening_line,
            "heading": self._heading_line,
            "fields": self._field_line,
            "abstract": self._abstract_line,
            "closing": self._line_after_address,
        }
        for piece in self.mails:
            if isinstance(piece, Start):
                self._start(piece)
            else:
                handlers[self.state](piece.number, piece.text)
                self.last = piece.text or self.last
            self.mails.inside = self.state not in ("between", "heading")
            if self.items_ready:
                yield from self.items_ready
                self.items_ready.clear()
        self._end()
        yield from self.items_ready
        if not self.index and not any(isinstance(item, CutShort) for item in self.items_ready):
            if not self.is_mailing:
                raise ListingError("no arXiv mailing in it")
            yield Warned("the mailing holds no papers")

    def _start(self, mail: Start) -> None:
        """Handle the start of a mail: finish the previous entry and the previous mailing."""
        if self.state in ("abstract", "closing"):
            self._finish()
        elif self.state == "fields":
            self._refuse("the mail ends in the middle of it")
        if self.mailing.wants_end and not self.mailing.ended:
            self.items_ready.append(CutShort(f"the mailing before line {mail.number} ends early"))
        self.mailing = Mailing(is_mail=True, mail_date=mail.date)
        self.state = "between"

    def _line_between(self, number: int, text: str) -> None:
        if text == _SLASHES:
            self.state = "opened"
            self.is_mailing = True
        elif id_line(text):
            self._begin(number, text)
        elif received := _RECEIVED.match(text):
            self.mailing.received(received[1])
            self.is_mailing = True
        elif rule := _RULE.match(text):
            if rule["cross"]:
                self.mailing.section = "cross"
            elif rule["replaced"]:
                self.mailing.section = "replaced"
            elif rule["end"]:
                self.mailing.section = "new"
                self.mailing.ended = self.is_mailing = True

    def _opening_line(self, number: int, text: str) -> None:
        """Handle the line after a line of slashes (`\\`).

        The line is a day heading, the identifier of a paper, or another field if the paper has no identifier.
        """
        if heading := _DAY_HEADING.match(text):
            self.mailing.heading = fields.day(heading[1])
            self.state = "heading"
        elif id_line(text) or is_field(text):
            self._begin(number, text)
        elif _RULE.match(text):
            self.state = "between"
            self._line_between(number, text)

    def _heading_line(self, number: int, text: str) -> None:
        """Handle the line after a day heading. Normally it contains the slashes (`\\`) with which an entry starts."""
        if text:
            self.state = "between" if text == _SLASHES else "opened"
            if text != _SLASHES:
                self._opening_line(number, text)

    def _begin(self, number: int, text: str) -> None:
        self.index += 1
        self.entry = EntryText(number)
        self.entry.add(text)
        self.state = "fields"

    def _field_line(self, number: int, text: str) -> None:
        if text[:1] == " ":
            self.entry.add(text)
        elif text == _SLASHES:
            self.state = "abstract"
        elif _CLOSING.match(text):
            self._address_line(text)
        elif _RULE.match(text):
            self._refuse("it breaks off in its fields")
            self._line_between(number, text)
        elif id_line(text) and self.entry.field("title"):
            self._refuse("it breaks off in its fields")
            self._begin(number, text)
        else:
            self.entry.add(text)

    def _abstract_line(self, number: int, text: str) -> None:
        lines = self.entry.abstract
        if _CLOSING.match(text):
            self._address_line(text)
        elif _RULE.match(text):
            if any(lines) and lines[-1] != _SLASHES:
                name = self.entry.name()
                self.items_ready.append(Warned(f"line {number}: the abstract of {name} has no end; it may be cut"))
            self._finish()
            self._line_between(number, text)
        elif lines[-1:] == [_SLASHES] and (id_line(text) or _DAY_HEADING.match(text)):
            # The line of slashes before this line is the start of the next entry, because these two entries have no
            # line of dashes between them.
            self._finish()
            self._opening_line(number, text)
        else:
            self.entry.add_to_abstract(text)

    def _address_line(self, text: str) -> None:
        """Handle the line with the address of the paper, which ends an entry.

        A long address may continue on the next line.
        """
        if ")" in text:
            self._finish()
        else:
            self.state = "closing"

    def _line_after_address(self, number: int, text: str) -> None:
        self._finish()
        self._line_between(number, text)

    def _finish(self) -> None:
        """Add the current entry to the items that `items` yields."""
        self.state = "between"
        lines = self.entry.abstract
        while lines and lines[-1] in ("", _SLASHES):
            lines.pop()
        self.mailing.has_abstracts = self.mailing.has_abstracts or bool(lines)
        self.mailing.entries += 1
        self.items_ready.append(self.entry.entry(self.mailing, self.index))

    def _refuse(self, reason: str) -> None:
        self.state = "between"
        self.mailing.entries += 1
        self.items_ready.append(Refused(self.index, self.entry.line, f"{self.entry.name()}: {reason}"))

    def _end(self) -> None:
        """Handle the end of the file. Adds a CutShort if the last mailing is incomplete."""
        mailing, entry = self.mailing, self.entry
        cut: str | None = None
        if self.state == "abstract" and self._is_whole_record():
            self._finish()
        elif self.state == "abstract" and self._may_end_here():
            in_rule = any(entry.abstract)
            entry.abstract.clear()
            self._finish()
            cut = f"the file ends early, after {entry.name()}" if in_rule else None
        elif self.state in ("fields", "abstract", "closing"):
            cut = f"the file ends in the middle of {entry.name()}, line {entry.line}"
        elif self.state != "between":
            cut = "the file ends where an entry should follow"
        elif mailing.ended:
            cut = None
        elif mailing.wants_end:
            cut = "the file ends before the rule that ends a mailing"
        elif mailing.entries and (
            _CUT_RULE.fullmatch(self.last) or (_RULE.match(self.last) and not mailing.has_abstracts)
        ):
            cut = f"the file ends early, after {entry.name()}"
        if cut:
            self.items_ready.append(CutShort(cut))

    def _is_whole_record(self) -> bool:
        """Whether the current entry is a complete record in the form of arXiv's `.abs` files.

        Such a record ends in slashes after its abstract. An entry of a mailing ends in an address instead.
        """
        mailing, lines = self.mailing, [each for each in self.entry.abstract if each]
        is_mailing = mailing.is_mail or mailing.received_until or mailing.heading or mailing.section != "new"
        return not is_mailing and len(lines) > 1 and lines[-1] == _SLASHES

    def _may_end_here(self) -> bool:
        """Whether the current entry may be complete although the file ends in it.

        This is possible only in a list without abstracts. The file may also end inside the line of dashes after the
        entry, so a last line with the start of such a line is ignored.
        """
        lines = [each for each in self.entry.abstract if each]
        only_a_rule = not lines or (len(lines) == 1 and bool(_CUT_RULE.fullmatch(lines[0])))
        return only_a_rule and not self.mailing.has_abstracts and self.mailing.section != "replaced"
