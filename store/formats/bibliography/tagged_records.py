"""Records of tagged lines, as RIS, Web of Science and RefWorks write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from store.formats.shared import text_lines


@dataclass(slots=True)
class Record:
    """One record: its fields in file order, each with the lines it runs over. `line` is where it starts, from 1."""

    line: int
    fields: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, tag: str, value: str) -> None:
        """Another field."""
        self.fields.append((tag, [value]))

    def go_on(self, line: str) -> None:
        """Another line of the last field."""
        if self.fields:
            self.fields[-1][1].append(line)

    def all(self, *tags: str) -> list[str]:
        """The values of every field with one of `tags`, in file order, empty ones left out."""
        return [value for tag, lines in self.fields if tag in tags and (value := "\n".join(lines).strip())]

    def first(self, *tags: str) -> str | None:
        """The first value under the first of `tags` that has one."""
        for tag in tags:
            if found := self.all(tag):
                return found[0]
        return None

    def items(self, *tags: str) -> list[str]:
        """The lines of every field with one of `tags`: for fields that hold one name or address a line."""
        return [item for tag, lines in self.fields if tag in tags for line in lines if (item := line.strip())]


def numbered(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers from 1. A file put together from several has byte order marks inside."""
    for number, line in enumerate(text_lines.lines(stream), 1):
        yield number, line.replace("\ufeff", "")
