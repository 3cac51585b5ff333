"""Sends a digest over SMTP, and records in the library that it was sent."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from store.digest import account as accounts
from store.digest import bounded_smtp, message, sent
from store.digest.account import MailAccount
from store.digest.contents import Digest
from store.library.library import Library
from store.model.errors import LibraryError
from store.text.clean import line

# The longest time that the server may take for each answer (s).
_SECONDS = 60.0
# An error message quotes at most this many characters of a server's answer.
_LONGEST_ANSWER = 200


class _RefusedError(LibraryError):
    """Raised when the server refused the mail. It is then certain that the mail was not delivered."""


def send(library: Library, digest: Digest, account: MailAccount, selection: str, *, again: bool = False) -> list[str]:
    """Send the digest. Returns a message for each recipient that the server refused while it accepted others.

    `selection` is a text that identifies the query and the views of the digest. It is stored, so that the next digest
    with the same `selection` can begin where this one ends. Raises LibraryError when the digest could not be sent, when
    the server did not confirm it, and when it was already sent earlier and `again` is false.
    """
    if not again:
        sent.refuse_repeated(library.reader(), digest.id)
    password = accounts.password(account)
    mail = message.message(digest, account.sender, account.recipients, again=again)
    with _connected(account, password) as server:
        refused = _address(server, account)
        sent.begin(library, digest.id, again=again)
        try:
            _hand_over(server, account, mail)
        except _RefusedError:
            sent.withdraw(library, digest.id)
            raise
        sent.accept(library, digest.id, selection, sent.Last(digest.day, digest.last_entry))
    return refused


@contextmanager
def _connected(account: MailAccount, password: str | None) -> Iterator[smtplib.SMTP]:
    """A context with a connection to the server on which mails can be sent. Raises LibraryError when
    connecting fails.
    """
    with _explained(account):
        server = _connection(account)
    try:
        with _explained(account):
            if account.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
        if password is not None:
            _log_in(server, account, password)
        yield server
    finally:
        # When the connection is closed, the server has already accepted or refused the mail, so ignore errors here.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connection(account: MailAccount) -> smtplib.SMTP:
    if account.security == "tls":
        context = ssl.create_default_context()
        return bounded_smtp.BoundedSMTPOverTLS(account.host, account.port, timeout=_SECONDS, context=context)
    return bounded_smtp.BoundedSMTP(account.host, account.port, timeout=_SECONDS)


@contextmanager
def _explained(account: MailAccount) -> Iterator[None]:
    """A context that turns errors of the connection into a LibraryError. Its message tells the user what to check."""
    place = _place(account)
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise LibraryError(
            f"the certificate of the mail server {place} is not valid: {line(error.verify_message)}; nothing was sent"
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise LibraryError(
            f'the mail server {place} does not offer STARTTLS, so nothing was sent; try [mail] security = "tls"'
        ) from error
    except smtplib.SMTPResponseException as error:
        raise LibraryError(_refusal(account, error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or "no answer"
        raise LibraryError(
            f"the mail server {place} cannot be reached: {line(reason)[:_LONGEST_ANSWER]}; check host, port and"
            " security in [mail]"
        ) from error


def _log_in(server: smtplib.SMTP, account: MailAccount, password: str) -> None:
    place = _place(account)
    try:
        server.login(account.username or "", password)
    except smtplib.SMTPAuthenticationError as error:
        if _is_temporary(error.smtp_code):
            raise LibraryError(_refusal(account, error.smtp_code, error.smtp_error)) from error
        quoted = _quoted(error.smtp_code, error.smtp_error)
        raise LibraryError(
            f"the mail server {place} does not accept the user name or the password ({quoted}); check username and the"
            " password of [mail]"
        ) from error
    except smtplib.SMTPServerDisconnected as error:
        raise LibraryError(
            f"the mail server {place} closed the connection at the login, as some do after a wrong password; check"
            " username and the password of [mail]"
        ) from error
    except UnicodeError as error:
        raise LibraryError("the user name or the password of [mail] has letters outside ASCII") from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # smtplib raises ValueError if the server's challenge during the login is not valid base64.
        reason = line(str(error))[:_LONGEST_ANSWER]
        raise LibraryError(f"the login at the mail server {place} failed: {reason}") from error


def _address(server: smtplib.SMTP, account: MailAccount) -> list[str]:
    """Send the addresses of the sender and the recipients. Returns a message for each recipient that the server
    refuses.

    Raises LibraryError when the server refuses the sender or all recipients.
    """
    with _explained(account):
        code, answer = server.mail(account.sender)
        if code != 250:
            raise LibraryError(_refusal(account, code, answer, account.sender))
        refused: list[str] = []
        for recipient in account.recipients:
            code, answer = server.rcpt(recipient)
            if code not in (250, 251):
                refused.append(_refusal(account, code, answer, recipient))
    if len(refused) == len(account.recipients):
        raise LibraryError(refused[0])
    return refused


def _hand_over(server: smtplib.SMTP, account: MailAccount, mail: EmailMessage) -> None:
    """Send the text of the mail. Raises _RefusedError when the server refuses it.

    Raises LibraryError when the server does not answer. It is then unknown whether the mail was delivered.
    """
    try:
        code, answer = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as error:
        raise _RefusedError(_refusal(account, error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise LibraryError(
            f"the mail server {_place(account)} did not confirm the digest, so it may have arrived or not; if it did"
            " not, send it with --again"
        ) from error
    if code != 250:
        raise _RefusedError(_refusal(account, code, answer))


def _refusal(account: MailAccount, code: int, answer: bytes | str, about: str = "") -> str:
    """The sentence that reports a refusal. Codes from 400 to 499 mean that it is temporary (RFC 5321, 4.2.1)."""
    quoted = _quoted(code, answer)
    what = f"mail for {about}" if about in account.recipients else f"the sender {about}" if about else "the digest"
    if _is_temporary(code):
        return f"the mail server {_place(account)} cannot take {what} now ({quoted}); send it again later"
    return f"the mail server {_place(account)} refuses {what} ({quoted}); it was not sent"


def _quoted(code: int, answer: bytes | str) -> str:
    """An answer of the server, which may be any text, as one line without control characters."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {line(text)[:_LONGEST_ANSWER]}".strip()


def _is_temporary(code: int) -> bool:
    return 400 <= code < 500


def _place(account: MailAccount) -> str:
    return f"{line(account.host)}:{account.port}"
