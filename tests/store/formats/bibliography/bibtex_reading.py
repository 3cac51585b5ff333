"""Reads BibTeX texts for tests."""

from __future__ import annotations

import io

from store.formats.bibliography import bibtex
from store.model.entry import Entry, Item, Warned
from store.model.paper import Paper
from store.text import clean


def read(text: str | bytes) -> list[Item]:
    return list(bibtex.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def papers(text: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(text) if isinstance(item, Entry)]


def paper(fields: str, kind: str = "article") -> Paper:
    (parsed,) = papers(f"@{kind}{{key, {fields}}}")
    return parsed


def warnings(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Warned)]
