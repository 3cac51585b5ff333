"""Limits of time and memory for a listing.

If an entry takes too long, the import ends, and the earlier entries stay stored.
"""

from __future__ import annotations

import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest

from store.importing import importer, resource_limits
from store.importing.importer import Options, import_file
from store.library.library import Library
from store.model import limits
from store.model.entry import Entry, Item
from store.model.errors import ListingError
from store.model.paper import Paper

_TODAY = date(2026, 11, 1)


def _slow(stream: BinaryIO) -> Iterator[Item]:
    stream.read()
    yield Entry(paper=Paper(title="Came in time"))
    while True:
        pass


def test_if_a_format_hangs_its_earlier_entries_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ENTRY_SECONDS", 0.2)
    hanging = SimpleNamespace(
        NAME="slow", FAMILY="slow", EXAMPLE="", STREAMS=False, sniff=lambda head, name: 1.0, read=_slow
    )
    monkeypatch.setattr(importer, "detect", lambda head, name: hanging)
    listing = tmp_path / "listing"
    listing.write_text("something")
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, listing, Options(today=_TODAY))
        assert (report.entries, report.partial) == (1, True)
        assert "to come to the next entry" in report.warnings[-1]


def test_quick_items_pass_as_they_are() -> None:
    assert list(resource_limits.in_time(iter(range(1000)))) == list(range(1000))


def test_an_error_of_a_format_is_passed_on() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ListingError("broken")

    with pytest.raises(ListingError, match="broken"):
        list(resource_limits.in_time(broken()))


def test_memory_is_bounded_in_a_process_that_imports() -> None:
    script = (
        "from store.importing import resource_limits; from store.model import limits\n"
        "limits.MEMORY = 2**29; resource_limits.limit_memory()\n"
        "try:\n    bytearray(2**30)\nexcept MemoryError:\n    print('bounded')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "bounded"


def test_a_file_too_large_to_be_read_whole_is_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WHOLE_FILE", 2**20)
    listing = tmp_path / "references.bib"
    listing.write_text("@article{a, title = {One}, year = 2020}\n" * 30_000)
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, listing, Options(today=_TODAY))
    assert report.error == "larger than the 1 MiB that a bibtex file may have; split it"


def test_only_the_time_that_is_waited_for_an_entry_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit applies to each entry: neither the time between requests for entries nor the total time counts."""
    monkeypatch.setattr(limits, "ENTRY_SECONDS", 0.1)

    def busy(seconds: float) -> None:
        ends = time.process_time() + seconds
        while time.process_time() < ends:
            pass

    def slowly() -> Iterator[int]:
        for number in range(6):
            busy(0.05)
            yield number

    received = []
    for item in resource_limits.in_time(slowly()):
        received.append(item)
        busy(0.2)
    assert received == list(range(6))
    before = signal.getitimer(signal.ITIMER_PROF)
    assert before == (0.0, 0.0)


_GROWN = """
import sys, threading
from store.importing import resource_limits
def size():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) // 1024
if sys.argv[1] == "shared":
    resource_limits.share_memory()
before = size()
thread = threading.Thread(target=lambda: bytes(100_000))
thread.start(); thread.join()
print(size() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has a place for each thread")
def test_threads_take_memory_from_one_place() -> None:
    shared, apart = (
        int(subprocess.run([sys.executable, "-c", _GROWN, how], capture_output=True, text=True, check=True).stdout)
        for how in ("shared", "")
    )
    # glibc reserves 64 MB of address space for a thread that has a memory arena of its own.
    assert shared < 64 <= apart
