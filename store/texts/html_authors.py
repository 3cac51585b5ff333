"""Reads the authors of a paper from a page of LaTeXML, each with affiliations (institutions) and addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborNode

from store.texts import html_inline
from store.texts.blocks import Span, joined
from store.texts.html_inline import classes, spans_of

# Stands for a line break while elements are converted to spans. No page contains this private-use character.
_BREAK = "\ue002"
_SEPARATOR = Span(" · ")
# The parts of an affiliation (institution), such as the city, are elements whose classes begin with this.
_AFFILIATION_PART = "ltx_affiliation_"
# LaTeXML's class for the ORCID iD of an author, which is left out because it is only a number.
_LEFT_OUT = "ltx_role_orcid"

Spans = tuple[Span, ...]


def paragraphs(node: LexborNode, anchors: Collection[str]) -> list[Spans]:
    """The paragraphs for the authors inside `node`: one for each author.

    Many pages have all authors and institutions in one element for a name, with line breaks between them. Then each
    line becomes a paragraph. The list is empty if the page has no elements for authors.
    """
    for line_break in node.css("br"):
        line_break.replace_with(_BREAK)
    found: list[Spans] = []
    for creator in node.css(".ltx_creator"):
        name = creator.css_first(".ltx_personname")
        lines = _lines(spans_of(name, anchors)) if name is not None else []
        first, *further = lines or [()]
        contacts = list(_contacts(creator, anchors))
        paragraph = list(_strong(first))
        for contact in contacts:
            paragraph += [_SEPARATOR, *contact] if paragraph else contact
        found += [spans for spans in (joined(paragraph), *further) if spans]
    return found


def _contacts(creator: LexborNode, anchors: Collection[str]) -> Iterator[Spans]:
    """The affiliations and addresses of an author, each on one line."""
    for contact in creator.css(".ltx_contact"):
        if _LEFT_OUT in classes(contact):
            continue
        parts = [part for part in html_inline.children(contact) if _is_part(part)]
        lines = [spans_of(part, anchors) for part in parts] or _lines(spans_of(contact, anchors))
        spans: list[Span] = []
        for line in filter(None, lines):
            spans += [Span(", "), *line] if spans else line
        if sum(letter.isalnum() for span in spans for letter in span.text) > 1:
            yield joined(spans)


def _is_part(node: LexborNode) -> bool:
    return any(name.startswith(_AFFILIATION_PART) for name in classes(node))


def _lines(spans: Spans) -> list[Spans]:
    """The spans of each line, without empty lines."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        for number, text in enumerate(span.text.split(_BREAK)):
            if number:
                lines.append([])
            lines[-1].append(Span(text, span.kind, span.target))
    return [line for line in map(joined, lines) if line]


def _strong(spans: Spans) -> Iterator[Span]:
    for span in spans:
        yield Span(span.text, "strong") if span.kind == "text" else span
