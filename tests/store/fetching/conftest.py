"""Local servers for the tests of fetching. No test connects to another machine."""

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
from tests.store.fetching.servers import Certificate, Outcome, Proxy, Reader, Run, Site, daily, reply
from tui.cli import group


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A local server that replaces Hugging Face, arXiv and Crossref."""
    server = Site()
    monkeypatch.setenv("RECTO_HF_URL", server.url)
    monkeypatch.setenv("RECTO_ARXIV_URL", server.url)
    monkeypatch.setenv("RECTO_CROSSREF_URL", server.url)
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[Site]:
    server = Site()
    server.answers(reply(daily(1)))
    yield server
    server.close()


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Removes proxies from the environment and blocks connections to other machines.

    Returns the host names that were looked up.
    """
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("RECTO_HF_URL", "RECTO_ARXIV_URL", "RECTO_CROSSREF_URL", "RECTO_RETRACTIONS_URL"):
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
    """An empty library to copy, because creating one takes longer than a fetch."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Library.open(path).close()
    return path


@pytest.fixture
def reader(tmp_path: Path, empty_library: Path) -> Iterator[Reader]:
    shutil.copy(empty_library, tmp_path)
    opened = Reader(tmp_path)
    yield opened
    opened.library.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for this machine and for the host names of the sites."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is needed to make a certificate, and is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    names = "subjectAltName=IP:127.0.0.1,DNS:huggingface.co,DNS:cdn.huggingface.co"
    files = ("-keyout", folder / "key.pem", "-out", folder / "certificate.pem")
    subprocess.run(
        (
            openssl,
            *["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext"],
            names,
            *files,
        ),
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return Certificate(folder / "certificate.pem", server)


@pytest.fixture
def secure(certificate: Certificate) -> Iterator[Site]:
    server = Site(certificate.server)
    yield server
    server.close()


@pytest.fixture
def proxy(secure: Site, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy(secure)
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:p%40ss@127.0.0.1:{proxy.port}")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    yield proxy
    proxy.close()


@pytest.fixture
def recto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("RECTO_LIBRARY", str(tmp_path / "shelf" / "library.db"))

    def run(*words: str) -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["recto", *words])
        with pytest.raises(SystemExit) as ended:
            group.run()
        assert isinstance(ended.value.code, int)
        return Outcome(ended.value.code, *capsys.readouterr())

    return run
