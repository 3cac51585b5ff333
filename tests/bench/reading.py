"""Parses one listing file and prints the time and memory for it: `python -m tests.bench.reading READER FILE`.

READER is the name of a format that recto reads, or of a library that only parses such files: email.parser, json or
bibtexparser. Each file is parsed in a separate process, so that only the memory for this file is counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO

from store.formats.registry import named
from store.model.entry import Entry
from tests.bench.resident import most

_SLASHES = b"\\\\\n"


def main() -> None:
    """Print as JSON: the number of entries, the seconds, the memory before parsing, and the peak memory (MB)."""
    reader, path = sys.argv[1], Path(sys.argv[2])
    read = ALONE.get(reader) or _recto(reader)
    before = most()
    started = time.perf_counter()
    with path.open("rb") as stream:
        entries = read(stream)
    seconds = time.perf_counter() - started
    print(json.dumps({"entries": entries, "seconds": seconds, "before": before, "peak": most()}))


def mails(stream: BinaryIO) -> int:
    """Parse arXiv's mailing with email.parser: only the header fields of each entry, not its abstract.

    Returns the number of entries.
    """
    parser = BytesHeaderParser(policy=policy.compat32)
    pieces = stream.read().split(_SLASHES)
    # Remove the blank line between the fields, because email.parser would end the header fields there.
    return sum(parser.parsebytes(piece.replace(b"\n\n", b"\n", 1))["Title"] is not None for piece in pieces)


def lines(stream: BinaryIO) -> int:
    """Parse arXiv's snapshot with json, line by line. Returns the number of entries."""
    return sum(isinstance(json.loads(line), dict) for line in stream)


def blocks(stream: BinaryIO) -> int:
    """Parse BibTeX with bibtexparser. Returns the number of entries."""
    from bibtexparser.entrypoint import parse_string

    return len(parse_string(stream.read().decode()).entries)


ALONE: dict[str, Callable[[BinaryIO], int]] = {"email.parser": mails, "json": lines, "bibtexparser": blocks}


def _recto(format: str) -> Callable[[BinaryIO], int]:
    reader = named(format)
    return lambda stream: sum(isinstance(item, Entry) for item in reader.read(stream))


if __name__ == "__main__":
    main()
