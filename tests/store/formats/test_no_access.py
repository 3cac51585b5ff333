"""Whatever a listing contains, reading it opens no file and no connection (row 50 of the table of faults).

Some libraries that parse feeds open their input as a file or an address if it looks like one.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.formats.registry import detect, named
from store.model.errors import ListingError
from tests.store.formats.samples import ABSTRACT, SAMPLES

ROOT = Path(__file__).parents[3]
_EVENTS = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request")
_SECRET = "/etc/passwd"
_WATCHED: list[list[str]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _WATCHED and event in _EVENTS and (event.startswith("socket.") or _SECRET in repr(arguments)):
        for events in _WATCHED:
            events.append(f"{event} {arguments!r}"[:200])


@pytest.fixture
def accesses() -> Iterator[list[str]]:
    """The files and connections that were opened during a test, as audit events of Python report them."""
    if not hasattr(sys, "_recto_accesses"):
        # A Python audit hook cannot be removed, so only one is added for all tests.
        sys.addaudithook(_note)
        sys._recto_accesses = True  # type: ignore[attr-defined]
    seen: list[str] = []
    _WATCHED.append(seen)
    yield seen
    _WATCHED.remove(seen)


def test_the_hook_notices_an_open_file(accesses: list[str]) -> None:
    Path(_SECRET).open("rb").close()
    assert accesses


@pytest.mark.parametrize("content", [_SECRET, f"file://{_SECRET}", f"http://127.0.0.1:9{_SECRET}"])
def test_a_file_that_is_a_path_or_an_address_is_read_as_text(content: str, accesses: list[str]) -> None:
    data = content.encode()
    with contextlib.suppress(ListingError):
        detect(data, "upload.bin")
    for name in SAMPLES:
        with contextlib.suppress(ListingError):
            list(named(name).read(io.BytesIO(data)))
    assert not accesses


@pytest.mark.parametrize("name", SAMPLES)
def test_a_path_or_an_address_in_a_listing_is_not_opened(name: str, accesses: list[str]) -> None:
    sample = SAMPLES[name].text()
    for content in (_SECRET, f"file://{_SECRET}", f"http://127.0.0.1:9{_SECRET}"):
        list(named(name).read(io.BytesIO(sample.replace(ABSTRACT.strip(), content).encode())))
    assert not accesses


def test_no_library_that_may_open_the_addresses_it_parses_is_used() -> None:
    assert "feedparser" not in (ROOT / "requirements.lock").read_text("utf-8")
