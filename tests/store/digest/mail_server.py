"""A real SMTP server on 127.0.0.1 that checks a password and has a TLS certificate signed by its own authority."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

x509 = pytest.importorskip("cryptography.x509", reason="cryptography is missing, which makes the certificates")
USER, PASSWORD = "ada", "correct horse"


class Mailbox:
    """Stores the mails that the server receives. `answers` maps an SMTP command ("RCPT", "DATA") to the reply to it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(f"RCPT {address}", self.answers.get("RCPT", "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250") or answer == "drop":
            mail = message_from_bytes(envelope.original_content or b"", policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if answer == "drop":
            # The connection breaks after the server has accepted the mail, but before the server has confirmed that.
            assert server.transport
            server.transport.abort()
        return answer

    async def handle_exception(self, error: Exception) -> str:
        return "451 temporary"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """Accept only USER with PASSWORD."""
    accepted = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=accepted, handled=False)


class Certificates:
    """The certificate of an authority that no system trusts, and a server certificate that this authority signed."""

    def __init__(self, folder: Path, name: str = "127.0.0.1") -> None:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID

        def named(text: str) -> Any:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        def begun(subject: str, key: Any) -> Any:
            now = datetime.now(UTC)
            return (
                x509.CertificateBuilder()
                .subject_name(named(subject))
                .issuer_name(named("An authority of the tests"))
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - timedelta(days=1))
                .not_valid_after(now + timedelta(days=2))
            )

        authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(*(name in (5, 6) for name in range(9)))
        authority = (
            begun("An authority of the tests", authority_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
            .sign(authority_key, hashes.SHA256())
        )
        server = (
            begun(name, server_key)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
            .sign(authority_key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        self.authority = folder / "authority.pem"
        self.authority.write_bytes(authority.public_bytes(pem))
        self._server = folder / "server.pem"
        self._server.write_bytes(
            server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + server.public_bytes(pem)
        )

    def context(self) -> ssl.SSLContext:
        """The TLS context of the server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server)
        return context


@contextmanager
def serving(mailbox: Mailbox, security: str, certificates: Certificates, **more: Any) -> Iterator[int]:
    """Run a mail server until the `with` block ends. Yields its port."""
    options: dict[str, Any] = {"auth_required": True, "authenticator": authenticate, **more}
    if security == "starttls":
        options |= {"tls_context": certificates.context(), "require_starttls": True}
    elif security == "tls":
        options |= {"ssl_context": certificates.context(), "auth_require_tls": False}
    else:
        options |= {"auth_required": False, "auth_require_tls": False}
    controller = Controller(mailbox, hostname="127.0.0.1", port=0, **options)
    # At its start, aiosmtpd connects to the port number in its settings, which fails for port 0. So find a free port
    # first.
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()
