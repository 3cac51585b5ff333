"""Connections to a mail server that limit the size of each answer and the time in which it must arrive.

smtplib limits only the length of each line of an answer, and the wait for each byte. So a hostile server could send an
endless answer, or send its bytes slowly for hours.
"""

from __future__ import annotations

import smtplib
import socket
import time

# The largest answer that is accepted (bytes). The answers of real servers have less than one KiB.
_LARGEST_ANSWER = 64 * 1024


class BoundedSMTP(smtplib.SMTP):
    """A connection on which each answer must be complete within the timeout of the connection."""

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer. Returns its code and its text. Raises SMTPServerDisconnected when it is too long or
        too late.
        """
        _limit(self)
        return super().getreply()


class BoundedSMTPOverTLS(smtplib.SMTP_SSL):
    """A BoundedSMTP connection that uses TLS from the first byte on."""

    def getreply(self) -> tuple[int, bytes]:
        _limit(self)
        return super().getreply()


class _Answers:
    """The lines that a server sends, as a file object from which smtplib reads answers. recto assigns it to smtplib's
    attribute `file`. smtplib sets this attribute to None when TLS begins.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = bytearray()
        self._deadline = 0.0
        self._left = 0

    def begin(self, seconds: float) -> None:
        """Begin to read an answer, which must arrive within `seconds`."""
        self._deadline = time.monotonic() + seconds
        self._left = _LARGEST_ANSWER

    def readline(self, size: int) -> bytes:
        """The next line, at most `size` bytes of it; b"" at the end. Raises OSError when the answer exceeds a limit."""
        while (end := self._received.find(b"\n") + 1) == 0 and len(self._received) < size:
            piece = self._receive()
            if not piece:
                end = len(self._received)
                break
            self._received += piece
        end = min(end or size, size)
        line = bytes(self._received[:end])
        del self._received[:end]
        self._left -= len(line)
        if self._left < 0:
            raise OSError(f"its answer is longer than {_LARGEST_ANSWER:,} bytes")
        return line

    def _receive(self) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("its answer took too long")
        timeout = self._connection.gettimeout()
        self._connection.settimeout(left)
        try:
            return self._connection.recv(4096)
        finally:
            self._connection.settimeout(timeout)

    def close(self) -> None:
        """Do nothing: smtplib itself closes the connection."""


def _limit(server: smtplib.SMTP) -> None:
    if server.file is None and server.sock is not None:
        server.file = _Answers(server.sock)
    if isinstance(server.file, _Answers):
        server.file.begin(server.timeout)
