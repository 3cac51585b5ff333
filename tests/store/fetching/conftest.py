"""Servers on this machine; no other is ever spoken to."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.library.library import Library
from tests.store.fetching.servers import Certificate, Proxy, Reader, Run, Said, Site, daily, reply
from tui.cli import group


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The server that both sites are."""
    made = Site()
    monkeypatch.setenv("RECTO_HF_URL", made.url)
    monkeypatch.setenv("RECTO_ARXIV_URL", made.url)
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Site]:
    made = Site()
    made.answers(reply(daily(1)))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No proxy, no look-up of a name, no connection elsewhere; the names that were asked for."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("RECTO_HF_URL", "RECTO_ARXIV_URL"):
        monkeypatch.delenv(name, raising=False)
    names: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def local_look_up(host: str, *rest: object, **more: object) -> object:
        names.append(host)
        if not (host == "localhost" or host.replace(".", "").isdigit() or ":" in host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *rest, **more)  # type: ignore[arg-type]

    def local_connect(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", address
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", local_look_up)
    monkeypatch.setattr(socket.socket, "connect", local_connect)
    return names


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be copied: making one takes longer than a fetch."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library.open(path).close()
    return path


@pytest.fixture
def reader(tmp_path: Path, empty_library: Path) -> Iterator[Reader]:
    shutil.copy(empty_library, tmp_path)
    made = Reader(tmp_path)
    yield made
    made.library.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """One that nobody trusts, for this machine and the sites."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not there to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    names = "subjectAltName=IP:127.0.0.1,DNS:huggingface.co,DNS:cdn.huggingface.co"
    made = ("-keyout", folder / "key.pem", "-out", folder / "certificate.pem")
    subprocess.run(
        (
            openssl,
            *["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext"],
            names,
            *made,
        ),
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return Certificate(folder / "certificate.pem", server)


@pytest.fixture
def secure(certificate: Certificate) -> Iterator[Site]:
    made = Site(certificate.server)
    yield made
    made.close()


@pytest.fixture
def proxy(secure: Site, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    made = Proxy(secure)
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:p%40ss@127.0.0.1:{made.port}")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    yield made
    made.close()


@pytest.fixture
def recto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("RECTO_LIBRARY", str(tmp_path / "shelf" / "library.db"))

    def run(*words: str) -> Said:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["recto", *words])
        with pytest.raises(SystemExit) as ended:
            group.run()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, *capsys.readouterr())

    return run
