"""Connections to a mail server whose answers have limits of size and time.

smtplib limits each line of an answer, but not the number of lines, and each wait for a byte, but not the time for all.
"""

from __future__ import annotations

import smtplib
import socket
import time

# The largest answer (bytes). Real ones have less than one KiB.
_LARGEST_ANSWER = 64 * 1024


class BoundedSMTP(smtplib.SMTP):
    """A connection on which each answer must be complete within the timeout of the connection."""

    def getreply(self) -> tuple[int, bytes]:
        """The code and the text of an answer. Raises SMTPServerDisconnected when it is too long or too late."""
        _limit(self)
        return super().getreply()


class BoundedSMTPOverTLS(smtplib.SMTP_SSL):
    """The same, over TLS from the first byte on."""

    def getreply(self) -> tuple[int, bytes]:
        _limit(self)
        return super().getreply()


class _Answers:
    """The lines that a server sends. smtplib reads them from its attribute `file`, which it sets to None for TLS."""

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
        """The next line, at most `size` bytes of it; b"" at the end. Raises OSError at a limit."""
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
        """The connection is closed by smtplib itself."""


def _limit(server: smtplib.SMTP) -> None:
    if server.file is None and server.sock is not None:
        server.file = _Answers(server.sock)
    if isinstance(server.file, _Answers):
        server.file.begin(server.timeout)
