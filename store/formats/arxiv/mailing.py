r"""arXiv's mailings: a day's ("new"), the last five days' ("pastweek") and a month's.

An entry is `\\`, its fields, `\\`, its abstract, `\\ ( address, size)`. The lists of a week and of a month have no
abstracts. In a day's mail the cross-lists follow a rule of `%-%-`, the replacements, without abstracts and without
a `Date:`, one of `%%--%%--`; `%%%---%%%---` ends it.
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
    """Sure by the start of an entry, or by the words over a mailing that has none."""
    text = text_lines.text(head)
    if not _ENTRY_START.search(text) and _MAIL.search(text):
        # A saved mail may be encoded as a whole.
        text = "\n".join(line.text for line in Mails(io.BytesIO(head)) if isinstance(line, Line))
    if _ENTRY_START.search(text):
        return 0.95
    is_mailing = any(map(_RECEIVED.match, text.splitlines())) and "arxiv.org" in text.lower()
    return 0.8 if is_mailing and "subscribe" in text else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The entries of every mailing in the file, in file order."""
    yield from _Reading(Mails(stream)).items()


class _Reading:
    """One pass over one file."""

    def __init__(self, mails: Mails) -> None:
        self.mails = mails
        self.found: list[Item] = []
        self.state: _State = "between"
        self.mailing = Mailing()
        self.entry = EntryText(0)
        self.index = 0
        # The last line that is not blank, and whether anything so far could only be a mailing.
        self.last = ""
        self.known = False

    def items(self) -> Iterator[Item]:
        take = {
            "between": self._line_between,
            "opened": self._opening_line,
            "heading": self._heading_line,
            "fields": self._field_line,
            "abstract": self._abstract_line,
            "closing": self._line_after_address,
        }
        for said in self.mails:
            if isinstance(said, Start):
                self._start(said)
            else:
                take[self.state](said.number, said.text)
                self.last = said.text or self.last
            self.mails.inside = self.state not in ("between", "heading")
            if self.found:
                yield from self.found
                self.found.clear()
        self._end()
        yield from self.found
        if not self.index and not any(isinstance(item, CutShort) for item in self.found):
            if not self.known:
                raise ListingError("no arXiv mailing in it")
            yield Warned("the mailing holds no papers")

    def _start(self, mail: Start) -> None:
        """A mail begins; what was open is over."""
        if self.state in ("abstract", "closing"):
            self._finish()
        elif self.state == "fields":
            self._refuse("the mail ends in the middle of it")
        if self.mailing.wants_end and not self.mailing.ended:
            self.found.append(CutShort(f"the mailing before line {mail.number} ends early"))
        self.mailing = Mailing(is_mail=True, mail_date=mail.date)
        self.state = "between"

    def _line_between(self, number: int, text: str) -> None:
        if text == _SLASHES:
            self.state = "opened"
            self.known = True
        elif id_line(text):
            self._begin(number, text)
        elif received := _RECEIVED.match(text):
            self.mailing.received(received[1])
            self.known = True
        elif rule := _RULE.match(text):
            if rule["cross"]:
                self.mailing.section = "cross"
            elif rule["replaced"]:
                self.mailing.section = "replaced"
            elif rule["end"]:
                self.mailing.section = "new"
                self.mailing.ended = self.known = True

    def _opening_line(self, number: int, text: str) -> None:
        """The line behind the slashes that open something: a day, a paper's identifier, or a field without one."""
        if heading := _DAY_HEADING.match(text):
            self.mailing.heading = fields.day(heading[1])
            self.state = "heading"
        elif id_line(text) or is_field(text):
            self._begin(number, text)
        elif _RULE.match(text):
            self.state = "between"
            self._line_between(number, text)

    def _heading_line(self, number: int, text: str) -> None:
        """The line behind a day: slashes, as a rule."""
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
                self.found.append(Warned(f"line {number}: the abstract of {name} has no end; it may be cut"))
            self._finish()
            self._line_between(number, text)
        elif lines[-1:] == [_SLASHES] and (id_line(text) or _DAY_HEADING.match(text)):
            # Slashes that opened the next entry, without a rule before them.
            self._finish()
            self._opening_line(number, text)
        else:
            self.entry.add_to_abstract(text)

    def _address_line(self, text: str) -> None:
        """The line that closes an entry; a long address may go on in the next one."""
        if ")" in text:
            self._finish()
        else:
            self.state = "closing"

    def _line_after_address(self, number: int, text: str) -> None:
        self._finish()
        self._line_between(number, text)

    def _finish(self) -> None:
        """Gives out the entry that was read."""
        self.state = "between"
        lines = self.entry.abstract
        while lines and lines[-1] in ("", _SLASHES):
            lines.pop()
        self.mailing.has_abstracts = self.mailing.has_abstracts or bool(lines)
        self.mailing.entries += 1
        self.found.append(self.entry.entry(self.mailing, self.index))

    def _refuse(self, reason: str) -> None:
        self.state = "between"
        self.mailing.entries += 1
        self.found.append(Refused(self.index, self.entry.line, f"{self.entry.name()}: {reason}"))

    def _end(self) -> None:
        """The end of the file: of the mailing as well, or is it cut?"""
        mailing, entry = self.mailing, self.entry
        cut: str | None = None
        if self.state == "abstract" and self._may_end_here():
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
            self.found.append(CutShort(cut))

    def _may_end_here(self) -> bool:
        """Whether an entry is whole before its abstract: in a list that has none. Half a rule may follow it."""
        lines = [each for each in self.entry.abstract if each]
        only_a_rule = not lines or (len(lines) == 1 and bool(_CUT_RULE.fullmatch(lines[0])))
        return only_a_rule and not self.mailing.has_abstracts and self.mailing.section != "replaced"
