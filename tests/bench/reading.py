"""Reads one listing file and says how long that took and how much memory: `python -m tests.bench.reading READER FILE`.

READER is a format of recto's, or a library that parses such files and does nothing else: email.parser, json or
bibtexparser. One process for each reading, so that no other's memory is counted.
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
    """Print entries, seconds, and memory before and at the most (MB) as JSON."""
    reader, path = sys.argv[1], Path(sys.argv[2])
    read = ALONE.get(reader) or _recto(reader)
    before = most()
    started = time.perf_counter()
    with path.open("rb") as stream:
        entries = read(stream)
    seconds = time.perf_counter() - started
    print(json.dumps({"entries": entries, "seconds": seconds, "before": before, "peak": most()}))


def mails(stream: BinaryIO) -> int:
    """arXiv's mailing by email.parser: the fields of each entry, its abstract left as it is."""
    parser = BytesHeaderParser(policy=policy.compat32)
    pieces = stream.read().split(_SLASHES)
    # The blank line in the midst of the fields would end them.
    return sum(parser.parsebytes(piece.replace(b"\n\n", b"\n", 1))["Title"] is not None for piece in pieces)


def lines(stream: BinaryIO) -> int:
    """arXiv's snapshot by json, line by line."""
    return sum(isinstance(json.loads(line), dict) for line in stream)


def blocks(stream: BinaryIO) -> int:
    """BibTeX by bibtexparser."""
    from bibtexparser.entrypoint import parse_string

    return len(parse_string(stream.read().decode()).entries)


ALONE: dict[str, Callable[[BinaryIO], int]] = {"email.parser": mails, "json": lines, "bibtexparser": blocks}


def _recto(format: str) -> Callable[[BinaryIO], int]:
    reader = named(format)
    return lambda stream: sum(isinstance(item, Entry) for item in reader.read(stream))


if __name__ == "__main__":
    main()
