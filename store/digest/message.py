"""A digest as a mail with two parts: plain text, which every mail program can show, and HTML."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex

from store.digest import html_page, plain_text
from store.digest.contents import Digest
from store.text.clean import line

_LIST_ID = "Digests of recto <digest.recto.localhost>"
# The sender and the recipient of a mail that is written to a file instead of being sent.
_NOBODY = "recto@localhost"


def file_text(digest: Digest) -> str:
    """The mail as the content of a file (.eml), which the user can open or send with a mail program."""
    return message(digest, _NOBODY, (_NOBODY,)).as_string()


def message(digest: Digest, sender: str, recipients: tuple[str, ...], *, again: bool = False) -> EmailMessage:
    """The mail from one address to others.

    The Message-ID is computed from the `id` of the digest. So if the same digest is sent twice, a mail server can
    recognize the second mail as a duplicate. With `again`, the Message-ID is a new one, so that the mail is delivered
    again.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = line(_subject(digest))
    mail["From"] = f"recto <{sender}>"
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(datetime.now().astimezone())
    unique = f"{digest.id}.{token_hex(4)}" if again else digest.id
    mail["Message-ID"] = f"<recto.{unique}@{sender.rpartition('@')[2]}>"
    mail["List-Id"] = _LIST_ID
    # This header tells programs that answer mails automatically, for example about holidays, not to answer this one
    # (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    # Encode both parts, because an unencoded line could be longer than SMTP allows.
    mail.set_content(plain_text.text(digest), cte="quoted-printable")
    mail.add_alternative(html_page.page(digest), subtype="html", cte="quoted-printable")
    return mail


def _subject(digest: Digest) -> str:
    about = f": {digest.subject}" if digest.subject else ""
    return f"{digest.counts} ({digest.day.day} {digest.day:%b}){about}"
