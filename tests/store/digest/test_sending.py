"""Digests that are sent to a real mail server on loopback."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store.digest import account as accounts
from store.digest import contents, sending, sent
from store.digest.account import MailAccount
from store.digest.contents import Wanted
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.digest.mail_server import PASSWORD, USER, Certificates, Mailbox, serving
from tests.store.digest.samples import HOSTILE, SUNDAY, digest
from tests.store.listings import add_listing

# aiosmtpd warns of passwords without TLS even if the connection uses TLS from its start, so ignore the warning.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
SELECTION = contents.selection(Wanted())


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """Let recto trust the certificate authority of the tests, and set the password of the account."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, PASSWORD)
    return certificates


@pytest.fixture
def library(library: Library) -> Library:
    add_listing(library, SUNDAY, "Cranes in autumn", HOSTILE)
    return library


@contextmanager
def server(mailbox: Mailbox, security: str, certificates: Certificates, **more: Any) -> Iterator[MailAccount]:
    """Run a mail server until the `with` block ends. Yields the account with which a test sends mail through it."""
    with serving(mailbox, security, certificates, **more) as port:
        yield account(port=port, security=security)


def account(**changed: Any) -> MailAccount:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 25,
        "security": "starttls",
        "username": USER,
        "password_command": (),
        "sender": "recto@example.org",
        "recipients": ("ada@example.org", "bert@example.org"),
    }
    return accounts.account(**values | changed)


def send(library: Library, chosen: MailAccount, **more: Any) -> list[str]:
    return sending.send(library, digest(library, "sunday"), chosen, SELECTION, **more)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_digest_arrives_and_is_not_sent_twice(security: str, library: Library, trusted: Certificates) -> None:
    mailbox = Mailbox()
    with server(mailbox, security, trusted) as chosen:
        assert send(library, chosen) == []
        with pytest.raises(LibraryError, match=r"was sent on .*; --again sends it once more"):
            send(library, chosen)
        (mail,) = mailbox.mails
        assert mail["To"] == "ada@example.org, bert@example.org" and mail["From"] == "recto <recto@example.org>"
        assert re.fullmatch(r"<recto\.[0-9a-f]{24}@example\.org>", mail["Message-ID"])
        plain, html = mail.iter_parts()
        assert "1. Cranes in autumn" in plain.get_content() and "Cranes in autumn</h3>" in html.get_content()
        assert send(library, chosen, again=True) == [] and len(mailbox.mails) == 2
        assert mailbox.mails[1]["Message-ID"] != mail["Message-ID"]
    assert sent.last(library.reader(), SELECTION) == sent.Last(digest(library).day, 2)
    assert digest(library).is_empty


def test_a_certificate_of_an_unknown_authority_ends_the_connection_before_the_password(
    library: Library, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, PASSWORD)
    errors: list[object] = []
    for security in ("starttls", "tls"):
        mailbox = Mailbox()
        watching = {"authenticator": lambda *words: errors.append(words)}
        sentence = r"the certificate of the mail server .* is not valid: .*; nothing was sent"
        with server(mailbox, security, certificates, **watching) as chosen, pytest.raises(LibraryError, match=sentence):
            send(library, chosen)
        assert not mailbox.mails and not errors


def test_a_server_without_starttls_gets_neither_password_nor_mail(library: Library, trusted: Certificates) -> None:
    mailbox = Mailbox()
    with serving(mailbox, "none", trusted) as port:
        with pytest.raises(LibraryError, match="does not offer STARTTLS, so nothing was sent"):
            send(library, account(port=port))
        # A server on 127.0.0.1 may be used without TLS and without a user name.
        assert send(library, account(port=port, security="none", username=None)) == []
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"DATA": "554 spam\x1b[2J"}, r"refuses the digest \(554 spam␛\[2J\); it was not sent"),
        ({"DATA": "451 greylisted"}, r"cannot take the digest now \(451 greylisted\); send it again later"),
        ({"RCPT": "550 no such user"}, r"refuses mail for ada@example.org \(550 no such user\); it was not sent"),
        ({"RCPT": "452 mailbox full"}, r"cannot take mail for ada@example.org now \(452 mailbox full\)"),
        ({"MAIL": "553 not yours"}, r"refuses the sender recto@example.org \(553 not yours\)"),
    ],
)
def test_a_refused_digest_is_explained_and_can_be_sent_later(
    answers: dict[str, str], message: str, library: Library, trusted: Certificates
) -> None:
    mailbox = Mailbox()
    mailbox.answers = answers
    with server(mailbox, "starttls", trusted) as chosen:
        with pytest.raises(LibraryError, match=message) as raised:
            send(library, chosen)
        assert "\n" not in str(raised.value) and sent.last(library.reader(), SELECTION) is None
        mailbox.answers = {}
        assert send(library, chosen) == []
    assert len(mailbox.mails) == 1


def test_a_wrong_password_is_named_as_such(
    library: Library, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, "wrong horse")
    mailbox = Mailbox()
    with server(mailbox, "starttls", trusted) as chosen:
        with pytest.raises(
            LibraryError, match=r"does not accept the user name or the password .* check username"
        ) as raised:
            send(library, chosen)
        assert "horse" not in str(raised.value) and not mailbox.mails
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, "falsches Paßwort")
    with server(mailbox, "starttls", trusted) as chosen, pytest.raises(LibraryError, match="outside ASCII"):
        send(library, chosen)


def test_a_server_that_closes_the_connection_at_the_login_is_explained(library: Library, trusted: Certificates) -> None:
    def closing(server: Any, *rest: object) -> object:
        server.transport.abort()
        raise ConnectionResetError

    mailbox = Mailbox()
    sentence = "closed the connection at the login, as some do after a wrong password"
    with (
        server(mailbox, "tls", trusted, authenticator=closing) as chosen,
        pytest.raises(LibraryError, match=sentence),
    ):
        send(library, chosen)


def test_one_refused_recipient_does_not_keep_the_others_from_getting_it(
    library: Library, trusted: Certificates
) -> None:
    mailbox = Mailbox()
    mailbox.answers = {"RCPT bert@example.org": "550 who?"}
    with server(mailbox, "starttls", trusted) as chosen:
        (refused,) = send(library, chosen)
    assert "refuses mail for bert@example.org (550 who?)" in refused and len(mailbox.mails) == 1


def test_a_digest_that_the_server_did_not_confirm_is_not_sent_again_but_its_papers_are(
    library: Library, trusted: Certificates
) -> None:
    mailbox = Mailbox()
    mailbox.answers = {"DATA": "drop"}
    with server(mailbox, "starttls", trusted) as chosen:
        with pytest.raises(LibraryError, match="did not confirm the digest, so it may have arrived or not"):
            send(library, chosen)
        mailbox.answers = {}
        with pytest.raises(LibraryError, match="so it may have arrived; if it did not, send it with --again"):
            send(library, chosen)
        assert len(mailbox.mails) == 1
        add_listing(library, SUNDAY, "Rain")
        # With a new paper it is a different digest, so it is sent. Besides the new paper, it contains those of the
        # unconfirmed digest.
        assert send(library, chosen) == []
        plain, _ = mailbox.mails[1].iter_parts()
        assert "Rain" in plain.get_content() and "Cranes" in plain.get_content()


def test_a_server_that_is_not_there_is_one_sentence(library: Library, trusted: Certificates) -> None:
    with serving(Mailbox(), "none", trusted) as port:
        pass
    with pytest.raises(LibraryError, match=r"cannot be reached: .*; check host, port and security"):
        send(library, account(port=port))


def test_the_password_comes_from_a_program_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, "of the environment")
    words = (sys.executable, "-c", "import sys; print(sys.argv[1]); print('more')", "$(touch canary); word")
    assert accounts.password(account(password_command=words)) == "$(touch canary); word"
    assert accounts.password(account()) == "of the environment"
    assert accounts.password(account(username=None)) is None
    for command, message in (
        ((sys.executable, "-c", "print('secret'); raise SystemExit(3)"), r"printed no password \(exit code 3\)"),
        ((sys.executable, "-c", ""), r"printed no password \(exit code 0\)"),
        ((str(tmp_path / "missing"),), "cannot be run"),
    ):
        with pytest.raises(LibraryError, match=message) as raised:
            accounts.password(account(password_command=command))
        assert "secret" not in str(raised.value)


def test_the_password_comes_from_the_keyring_or_an_error_says_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring", reason="the extra mail is not installed")
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1.0

        def get_password(self, service: str, username: str) -> str | None:
            return "of the keyring" if (service, username) == ("recto", USER) else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    monkeypatch.delenv(accounts.PASSWORD_VARIABLE, raising=False)
    previous = keyring.get_keyring()
    try:
        keyring.set_keyring(Memory())
        assert accounts.password(account()) == "of the keyring"
        with pytest.raises(LibraryError, match=r"no password for bert: set .* keyring set recto bert"):
            accounts.password(account(username="bert"))
    finally:
        keyring.set_keyring(previous)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"host": None, "recipients": ()}, r"lacks host and to"),
        ({"security": "ssl"}, "security is 'ssl'; write starttls or tls"),
        ({"security": "none", "host": "mail.example.org"}, "only for a server on this machine"),
        ({"security": "none", "host": "127.0.0.1.example.org"}, "only for a server on this machine"),
        ({"port": 70_000}, "a number from 1 to 65535"),
        ({"sender": "ada"}, "'ada' is not a mail address"),
        ({"recipients": ("ada@example.org\r\nBcc: eve@example.org",)}, "is not a mail address"),
        ({"recipients": ("Ada <ada@example.org>",)}, "is not a mail address"),
    ],
)
def test_an_account_that_cannot_be_used_is_an_error(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(LibraryError, match=message) as raised:
        account(**changed)
    assert "\n" not in str(raised.value)
