"""A mail server can send anything at any time: recto then reports that the digest was not sent, and why."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from store.digest import account as accounts
from store.digest import bounded_smtp, contents, sending
from store.digest.contents import Wanted
from store.library.library import Library
from store.model.errors import LibraryError
from tests.store.digest.samples import HOSTILE, SUNDAY, digest
from tests.store.listings import add_listing

_Talk = Callable[[socket.socket, threading.Event], None]
_HELLO = b"220 hello\r\n"
_EHLO = b"250-hello\r\n250 AUTH CRAM-MD5 LOGIN\r\n"


def answers(*texts: bytes) -> _Talk:
    """Send the first text at once, and one more after each command.

    The last text is the reply to all further commands.
    """

    def talk(connection: socket.socket, closing: threading.Event) -> None:
        for text in itertools.chain(texts, itertools.repeat(texts[-1])):
            connection.sendall(text)
            if not connection.recv(65536):
                return

    return talk


def endless(start: bytes, piece: bytes, every: float = 0.0) -> _Talk:
    """Send `start`, then `piece` again and again, `every` seconds apart."""

    def talk(connection: socket.socket, closing: threading.Event) -> None:
        connection.sendall(start)
        while not closing.wait(every):
            connection.sendall(piece)

    return talk


@contextmanager
def mail_server(talk: _Talk) -> Iterator[int]:
    """Run a server that behaves as the function `talk` does. Yields its port."""
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    talk(connection, closing)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            closing.set()
            thread.join()


@pytest.fixture
def library(library: Library) -> Library:
    add_listing(library, SUNDAY, "Cranes in autumn", HOSTILE)
    return library


def failure(library: Library, talk: _Talk, username: str | None = None) -> str:
    """Send a digest through a server that behaves as `talk` does. Returns the message of the error."""
    with mail_server(talk) as port:
        account = accounts.account(
            host="127.0.0.1",
            port=port,
            security="none",
            username=username,
            password_command=(),
            sender="recto@example.org",
            recipients=("ada@example.org",),
        )
        with pytest.raises(LibraryError) as raised:
            sending.send(library, digest(library, "sunday"), account, contents.selection(Wanted()))
    message = str(raised.value)
    assert message.isprintable() and len(message) < 600
    return message


@pytest.mark.parametrize(
    "talk",
    [
        endless(b"220-", b"\x1b]52;c;eA==\x07\r\n220-"),
        endless(_HELLO, b"250-X\r\n" * 1000),
        endless(b"220 ", b"x" * 65536),
        endless(b"", b"\0" * 65536),
    ],
)
def test_an_answer_without_an_end_is_given_up(library: Library, talk: _Talk) -> None:
    message = failure(library, talk)
    assert "cannot be reached" in message or "Line too long" in message


@pytest.mark.parametrize(
    "talk", [endless(b"220-", b"x", 0.01), endless(b"", b"220-\r\n", 0.01), endless(b"", b"", 0.01)]
)
def test_an_answer_that_comes_slowly_is_given_up(
    library: Library, monkeypatch: pytest.MonkeyPatch, talk: _Talk
) -> None:
    monkeypatch.setattr(sending, "_SECONDS", 0.3)
    started = time.monotonic()
    assert "cannot be reached" in failure(library, talk)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "challenge",
    [b"334 \xff\r\n", b"334 =\r\n", b"334 a\r\n", b"334 " + b"QUJD" * 1000 + b"\r\n", b"999 \x9b2J\r\n", b"\r\n"],
)
def test_a_login_that_goes_wrong_is_an_error_of_one_line(
    library: Library, monkeypatch: pytest.MonkeyPatch, challenge: bytes
) -> None:
    monkeypatch.setenv(accounts.PASSWORD_VARIABLE, "s3cret-word")
    message = failure(library, answers(_HELLO, _EHLO, challenge), username="ada")
    assert "login" in message or "password" in message
    assert "s3cret-word" not in message


def test_an_answer_to_the_mail_without_an_end_leaves_open_whether_it_arrived(library: Library) -> None:
    talk = answers(_HELLO, b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"250-x\r\n" * 20_000)
    assert "did not confirm the digest" in failure(library, talk)


def test_lines_of_any_length_and_cut_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = bounded_smtp._Answers(ours)
        lines.begin(5)
        theirs.sendall(b"one\r\ntwo\nthree" + b"x" * 10)
        theirs.shutdown(socket.SHUT_WR)
        assert [lines.readline(8) for _ in range(5)] == [b"one\r\n", b"two\n", b"threexxx", b"xxxxxxx", b""]
