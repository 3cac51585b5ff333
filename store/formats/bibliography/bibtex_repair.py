"""Repair BibTeX that breaks the grammar: remove comments between fields, and braces without partners."""

from __future__ import annotations

import re

# biber treats the rest of a line after "%" as a comment, except inside a value.
_TOKEN = re.compile(r"\\.|[{}\"%]", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
# The start of a field in an entry with unbalanced braces. Only these names start a field, because any other word before
# "=" may be part of a value, for example "where n = 3".
_FIELD = re.compile(
    r"(?:\A\s*|,\s*|\n[^\S\n]*)(title|subtitle|author|editor|journal|journaltitle|booktitle|year|date|month|volume|number|issue"
    r"|pages|doi|url|eprint|eprinttype|archiveprefix|primaryclass|abstract|publisher|school|institution|organization"
    r"|series|note|keywords|howpublished|isbn|issn|crossref|collaboration)\s*=\s*",
    re.IGNORECASE,
)
_KEY = re.compile(r"\s*([^\s,{}\"=]*)\s*,")


def without_comments(body: str) -> str:
    """`body`, the text of an entry after its opening brace, without the comments between its fields.

    A "%" inside a value is kept.
    """
    return body if _has_only_inner_signs(body) else _cut_comments(body)


def _has_only_inner_signs(body: str) -> bool:
    """Whether each "%" in `body` is certainly inside braces. This test only counts braces, so it takes much less time
    than `_cut_comments`.
    """
    *before, _ = body.split("%")
    if not before:
        return True
    if "\\{" in body or "\\}" in body:
        return False
    depth = 0
    for piece in before:
        depth += piece.count("{") - piece.count("}")
        if depth < 1:
            return False
    return True


def _cut_comments(body: str) -> str:
    """The same as `without_comments`, found with a search for each sign that opens or closes a value."""
    pieces: list[str] = []
    at = depth = 0
    quoted = False
    for token in _TOKEN.finditer(body):
        if token.start() < at:
            continue
        sign = token[0]
        if sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == "%" and depth == 0 and not quoted:
            pieces.append(body[at : token.start()])
            end = body.find("\n", token.end())
            at = end if end >= 0 else len(body)
        if depth < 0:
            break
    return "".join([*pieces, body[at:]])


def fields_of(text: str, body: int) -> tuple[str, list[tuple[str, str]]] | None:
    """The key and the raw fields of an entry whose braces are not balanced; None if it has no field with a known name.

    `body` is the index in `text` after the opening brace. Each field extends to the start of the next known field.
    """
    inside = without_comments(text[body:])
    starts = list(_FIELD.finditer(inside))
    if not starts:
        return None
    key = _KEY.match(inside)
    fields: list[tuple[str, str]] = []
    for number, start in enumerate(starts, 1):
        is_last = number == len(starts)
        raw = inside[start.end() : len(inside) if is_last else starts[number].start()]
        fields.append((start[1], _rewrapped(_without_end(raw, is_last=is_last))))
    return key[1] if key else "", fields


def _without_end(raw: str, *, is_last: bool) -> str:
    """The value in `raw` without white space, and without the comma and the closing brace of the entry after it.

    A regular expression that begins with white space would take a time that grows with a power of its length.
    """
    raw = raw.strip()
    if is_last and raw.endswith(("}", ")")):
        raw = raw[:-1].rstrip()
    return raw.removesuffix(",").rstrip()


def balanced(value: str) -> str:
    """`value` without the braces that have no partner."""
    if value.count("{") == value.count("}"):
        return value
    opened: list[int] = []
    dropped: list[int] = []
    for brace in _BRACE.finditer(value):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}":
            if opened:
                opened.pop()
            else:
                dropped.append(brace.start())
    pieces: list[str] = []
    at = 0
    for place in sorted(dropped + opened):
        pieces.append(value[at:place])
        at = place + 1
    return "".join([*pieces, value[at:]]) if pieces else value


def _rewrapped(raw: str) -> str:
    """`raw`, the value of a field, in one pair of balanced braces.

    A value that is a number or the name of a BibTeX string, and so needs no braces, is returned unchanged.
    """
    if raw[:1] not in ("{", '"'):
        return raw
    closing = "}" if raw[0] == "{" else '"'
    inside = raw[1:-1] if len(raw) > 1 and raw.endswith(closing) else raw[1:]
    return f"{{{balanced(inside)}}}"
