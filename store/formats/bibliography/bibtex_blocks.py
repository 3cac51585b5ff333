"""Find the blocks of a BibTeX file.

A *block* is a part of the file that starts with "@": an entry, a comment, a preamble or the definition of a BibTeX
string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KINDS = frozenset({
    "article", "artwork", "audio", "bibnote", "book", "bookinbook", "booklet", "collection", "commentary",
    "conference", "control", "customa", "dataset", "electronic", "footnote", "image", "inbook", "incollection",
    "inproceedings", "inreference", "jurisdiction", "legal", "legislation", "letter", "manual", "mastersthesis",
    "misc", "movie", "music", "mvbook", "mvcollection", "mvproceedings", "mvreference", "online", "patent",
    "performance", "periodical", "phdthesis", "proceedings", "reference", "report", "review", "set", "software",
    "standard", "suppbook", "suppcollection", "suppperiodical", "techreport", "thesis", "unpublished", "video",
    "webpage", "www", "xdata",
})  # fmt: skip
_HEAD = re.compile(r"(?P<lead>^[ \t]*+|[})][ \t]*+)@[ \t]*+(?P<kind>[A-Za-z][\w-]*+)\s*+(?P<open>[{(])", re.MULTILINE)
# "@word{" with an unknown word (not a kind of entry such as "article") starts an entry only when a key and a field
# follow it, or when the file ends after it.
_KEY = re.compile(
    r"\s*+(?:[^\s,{}()\"=@%][^,{}\"=@%\n]{0,200})?(?:,\s*+(?:[\w-]++\s*+=|[\w-]*+\s*+\Z)|\s*+\Z)"
    r"|\s*+(?:[^\s,{}\"=]++\s++)?[\w-]++\s*+="
)
_KEY_AND_FIELD = re.compile(r"\s*+[^\s,{}\"=@%]++\s*+,\s*+[A-Za-z][\w-]*+\s*+=")
# Matches a list in place of the kind of an entry, as Semantic Scholar writes it: "@['JournalArticle', 'Review']{key,".
_LISTED_KIND = re.compile(r"^([ \t]*+)@\[[^\]\n]{0,200}\](?=\{)", re.MULTILINE)
_STRING = re.compile(r"\s*+[^\s={}()\",]++\s*+=")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


@dataclass(slots=True)
class Block:
    """The text of the file from one "@" up to the next "@" that starts a block.

    `body` is the index in `text` after the opening brace. `last` is whether this is the last block of the file.
    """

    line: int
    kind: str
    text: str
    body: int
    last: bool


def has_entries(text: str) -> float:
    """The certainty, from 0 to 1, that `text`, the start of a file, is BibTeX."""
    surest = 0.0
    text = with_single_kinds(text)
    for head in _HEAD.finditer(text):
        kind = head["kind"].lower()
        after = head.end()
        if kind in _KINDS and head["open"] == "{" and _KEY.match(text, after):
            return 0.95
        if kind in _KINDS or (head["open"] == "{" and _KEY_AND_FIELD.match(text, after)):
            surest = max(surest, 0.85)
        elif kind in ("string", "comment", "preamble"):
            surest = max(surest, 0.7)
    return surest


def with_single_kinds(text: str) -> str:
    """`text` with the kind "misc" instead of the lists of kinds that Semantic Scholar writes."""
    return _LISTED_KIND.sub(r"\1@misc", text)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a file in order, without those inside comments. Pass `text` through `with_single_kinds` first."""
    heads = [head for head in _HEAD.finditer(text) if _starts_block(text, head)]
    ends = _ends_of_comments(text, heads) if any(head["kind"].lower() == "comment" for head in heads) else {}
    starts: list[tuple[int, re.Match[str]]] = []
    comment_ends = 0
    for head in heads:
        if head.start() >= comment_ends:
            starts.append((head.end("lead"), head))
            comment_ends = ends.get(head.end() - 1, 0)
    line, counted = 1, 0
    for number, (start, head) in enumerate(starts, 1):
        end = starts[number][0] if number < len(starts) else len(text)
        line += text.count("\n", counted, start)
        counted = start
        yield Block(line, head["kind"].lower(), text[start:end], head.end() - start, number == len(starts))


def _starts_block(text: str, head: re.Match[str]) -> bool:
    kind = head["kind"].lower()
    if head["lead"][:1] in ("}", ")"):
        return kind == "comment" or bool(_KEY_AND_FIELD.match(text, head.end()))
    if kind == "string":
        return bool(_STRING.match(text, head.end()))
    if kind in ("comment", "preamble") or kind in _KINDS:
        return True
    return bool((_KEY if head["open"] == "{" else _KEY_AND_FIELD).match(text, head.end()))


def _ends_of_comments(text: str, heads: list[re.Match[str]]) -> dict[int, int]:
    """The end of each closed comment: the index after its closing brace, by the index of its opening brace.

    An "@" inside a comment starts no entry, so the caller skips everything up to the end of the comment.
    """
    comment_braces = {head.end() - 1 for head in heads if head["kind"].lower() == "comment"}
    ends: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened and (start := opened.pop()) in comment_braces:
            ends[start] = brace.end()
    return ends


def is_unclosed(block: Block) -> bool:
    """Whether `block`, a comment or a preamble, starts with a brace that is never closed."""
    depth = 1 if block.text[block.body - 1] == "{" else 0
    for brace in _BRACE.finditer(block.text, block.body):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            break
    return depth > 0
