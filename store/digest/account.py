"""The mail account from which digests are sent: the server, the addresses, and how to get the password."""

from __future__ import annotations

import ipaddress
import os
import subprocess
from email.headerregistry import Address
from typing import Literal, get_args

import msgspec

from store.model.errors import LibraryError
from store.text.clean import line

Security = Literal["starttls", "tls", "none"]
_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
# The name under which a keyring stores recto's password, and the environment variable that may contain it.
KEYRING_SERVICE = "recto"
PASSWORD_VARIABLE = "RECTO_MAIL_PASSWORD"
# The program that prints the password is stopped after this time (s). A program that takes longer has probably asked a
# question that nobody answers, for example because a timer sends the digest.
_PASSWORD_SECONDS = 120


class MailAccount(msgspec.Struct, frozen=True):
    """The checked values of the table `[mail]` in the configuration. `username` is None for a server that asks for no
    password.
    """

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    username: str | None = None
    password_command: tuple[str, ...] = ()


def account(
    *,
    host: str | None,
    port: int | None,
    security: str | None,
    username: str | None,
    password_command: tuple[str, ...],
    sender: str | None,
    recipients: tuple[str, ...],
) -> MailAccount:
    """Check the values of the table `[mail]` in the configuration, and return the account that they describe.

    Raises LibraryError when a value is missing or not valid, or when the connection to another machine would not use
    TLS.
    """
    missing = [name for name, value in (("host", host), ("from", sender), ("to", recipients)) if not value]
    if missing or not host or not sender:
        raise LibraryError(
            f"the table [mail] of the configuration lacks {' and '.join(missing)}; it needs host, from and to"
            " (recto config edit opens it)"
        )
    kind = security or "starttls"
    if kind not in get_args(Security):
        raise LibraryError(f"[mail] security is {line(kind)!r}; write starttls or tls")
    chosen: Security = kind  # type: ignore[assignment]
    if chosen == "none" and not _is_loopback(host):
        raise LibraryError(
            f'[mail] security = "none" is only for a server on this machine, and {line(host)} is not;'
            " write starttls or tls"
        )
    if port is not None and not 0 < port < 65_536:
        raise LibraryError(f"[mail] port is {port}; a port is a number from 1 to 65535")
    for address in (sender, *recipients):
        _check_address(address)
    return MailAccount(host, port or _PORTS[chosen], chosen, sender, recipients, username, password_command)


def password(account: MailAccount) -> str | None:
    """The password: the output of `password_command`, or else RECTO_MAIL_PASSWORD, or else the entry in the keyring.

    None for an account without a user name. Raises LibraryError when there is no password. No error message contains
    what the program printed.
    """
    if account.username is None:
        return None
    if account.password_command:
        return _printed_by(account.password_command)
    if variable := os.environ.get(PASSWORD_VARIABLE):
        return variable
    if stored := _from_keyring(account.username):
        return stored
    raise LibraryError(
        f"there is no password for {line(account.username)}: set [mail] password_command or {PASSWORD_VARIABLE}, or"
        f" put it in the keyring with: keyring set {KEYRING_SERVICE} {line(account.username)}"
    )


def _check_address(address: str) -> None:
    """Raise LibraryError unless `address` is a single mail address in ASCII, without the name of a person."""
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, AttributeError) as error:
        raise LibraryError(f"[mail]: {line(address)!r} is not a mail address; write ada@example.org") from error
    if not (parsed.username and parsed.domain and address.isascii() and address.isprintable() and " " not in address):
        raise LibraryError(f"[mail]: {line(address)!r} is not a mail address; write ada@example.org")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _printed_by(command: tuple[str, ...]) -> str:
    """Run a program and return the first line that it prints. The program may ask on the terminal, for example for a
    passphrase.
    """
    name = line(command[0])
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, timeout=_PASSWORD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise LibraryError(f"password_command {name!r} did not end within {_PASSWORD_SECONDS} seconds") from None
    except (OSError, ValueError) as error:
        raise LibraryError(f"password_command {name!r} cannot be run: {error}") from error
    first, _, _ = result.stdout.decode("utf-8", "replace").partition("\n")
    if result.returncode or not first.strip("\r"):
        raise LibraryError(f"password_command {name!r} printed no password (exit code {result.returncode})")
    return first.strip("\r")


def _from_keyring(username: str) -> str | None:
    """The password in the keyring of the desktop. None if it contains no password, or if the optional extra `mail` is
    not installed.
    """
    try:
        # Imported here, because keyring is an optional dependency, and its import takes long: it searches for keyrings.
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(KEYRING_SERVICE, username)
    except KeyringError:
        return None
