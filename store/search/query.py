"""What the reader types becomes a Query: a parsed value with no SQL in it.

The reader is typing at every keystroke, so nothing is an error. What looks like syntax and cannot be read as
such is read as words, and the query says so; what is still being typed is left out until it means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, get_args

import msgspec

from store.search import values as values
from store.text.clean import clean

Field = Literal["title", "abstract", "author", "org", "venue"]
LabelField = Literal["tag", "cat", "from", "id"]
State = Literal["new", "seen", "reading", "done", "hidden", "queued", "bookmarked"]
Possession = Literal["code", "pdf", "note", "abstract"]
DateField = Literal["published", "listed"]
CountField = Literal["upvotes", "comments"]

# A longer text, or one of more terms, is a paste that nobody meant as a filter.
MOST_CHARACTERS = 1_000
MOST_TERMS = 64
DEEPEST = 50


class Word(msgspec.Struct, frozen=True):
    """A word, in the case it was typed; a paper has it where one of its words begins with it."""

    text: str
    field: Field | None = None


class Phrase(msgspec.Struct, frozen=True):
    """Words in a row: what was quoted, or one token of several words ("GPT-4o"). The last may be a beginning.

    A single letter at its end stands for itself, unless it is `begun`: the last one typed, with more to come.
    """

    words: tuple[str, ...]
    field: Field | None = None
    begun: bool = False


class Label(msgspec.Struct, frozen=True):
    """What a paper is filed under: a tag, a category or its start ("cs"), a source, an arXiv id or a DOI.

    `value` is never empty. It is as typed, but for a source, which is casefolded, and an arXiv id or a DOI that is
    known for one, which is in the form that papers are stored under.
    """

    field: LabelField
    value: str


class Is(msgspec.Struct, frozen=True):
    """Where the reader stands with a paper."""

    state: State


class Has(msgspec.Struct, frozen=True):
    """What is known of a paper, or kept with it."""

    what: Possession


class Dates(msgspec.Struct, frozen=True):
    """From day to day, both inclusive; None is open. One of the two is set."""

    field: DateField
    start: date | None
    end: date | None


class Number(msgspec.Struct, frozen=True):
    """From count to count, both inclusive; None is open. One of the two is set."""

    field: CountField
    low: int | None
    high: int | None


class Not(msgspec.Struct, frozen=True):
    """Papers that `node` does not find. `node` is not itself a Not."""

    node: Node


class All(msgspec.Struct, frozen=True):
    """Papers that every node finds: two or more, none of them an All."""

    nodes: tuple[Node, ...]


class Either(msgspec.Struct, frozen=True):
    """Papers that one node or another finds: two or more, none of them an Either."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Word | Phrase | Label | Is | Has | Dates | Number | Not | All | Either


class Query(msgspec.Struct, frozen=True):
    """A filter as typed and as read.

    `tree` is None when nothing was asked for. `misread` holds a line for each thing that looked like
    syntax and was read as words, for the status line; it quotes foreign text.
    """

    text: str
    tree: Node | None
    misread: tuple[str, ...] = ()


def parse(text: str, today: date) -> Query:
    """`text` as a query, with `today` for dates such as "week". Reads any string, in linear time."""
    # Stored text went through clean(); soft hyphens and decomposed accents in a paste have to go the same way.
    parser = _Parser(clean(text[:MOST_CHARACTERS]), today)
    if len(text) > MOST_CHARACTERS:
        parser.misread.append(f"only the first {MOST_CHARACTERS:,} characters are read")
    tree = parser.group(_BARE, 0)
    return Query(text, tree, tuple(parser.misread))


def words(query: Query) -> tuple[str, ...]:
    """The words a found paper shows, to be lit: every word that is not negated, in order, each once."""
    return tuple(dict.fromkeys(_positive(query.tree))) if query.tree is not None else ()


def _positive(node: Node) -> Iterator[str]:
    match node:
        case Word(text=text):
            yield text
        case Phrase(words=row):
            yield from row
        case All(nodes=nodes) | Either(nodes=nodes):
            for each in nodes:
                yield from _positive(each)
        case _:
            pass


_AnyField = Field | LabelField | DateField | CountField | Literal["is", "has"]

_ALIASES: dict[str, _AnyField] = {
    "abs": "abstract",
    "organization": "org",
    "journal": "venue",
    "category": "cat",
    "source": "from",
    "date": "published",
    "year": "published",
    "comment": "comments",
    "arxiv": "id",
    "doi": "id",
}
_KINDS = (Field, LabelField, DateField, CountField, Literal["is", "has"])
_FIELDS: dict[str, _AnyField] = {name: name for kind in _KINDS for name in get_args(kind)} | _ALIASES
# What is compared needs no colon: "upvotes>20".
_COMPARED = (*get_args(DateField), *get_args(CountField))
_STATES: tuple[State, ...] = get_args(State)
_POSSESSIONS: tuple[Possession, ...] = get_args(Possession)
_POSSIBLE = f"{', '.join(_POSSESSIONS[:-1])} or {_POSSESSIONS[-1]}"

_QUOTES = '"“”„‟'
_FIELD = re.compile(r"([A-Za-z]+)(:|(?=[<>=≥≤]))")
_CHUNK = re.compile(rf"[^\s()|{_QUOTES}]+")
_QUOTED = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]?")
# A category of arXiv's with its archive, as it is always written: "cs.CL".
_CATEGORY = re.compile(r"[a-z]{1,5}(?:-[a-z]{2,3})?\.[A-Z]{2}")
# What a DOI begins with, alone or in an address.
_DOI = re.compile(r"(?:https?://[^\s()|]*/)?10\.[0-9]{4,9}/")
_DASHES = re.compile("-+")


class _Scope(NamedTuple):
    """The field that a term stands in, and its name as the reader typed it."""

    typed: str
    field: _AnyField | None


_BARE = _Scope("", None)


class _Parser:
    """Reads `text` once from left to right; `at` is the next character."""

    def __init__(self, text: str, today: date) -> None:
        self.text = text
        self.today = today
        self.at = 0
        self.terms = 0
        self.misread: list[str] = []

    def group(self, scope: _Scope, depth: int) -> Node | None:
        """Everything up to the parenthesis that closes this group, or to the end of the text."""
        choices: list[Node | None] = []
        joined: list[Node | None] = []
        too_deep = 0
        while self.at < len(self.text):
            here = self.text[self.at]
            if here.isspace():
                self.at += 1
            elif here == ")":
                self.at += 1
                if too_deep:
                    too_deep -= 1
                elif depth:
                    break
            elif here == "(" and depth == DEEPEST:
                self.at += 1
                too_deep += 1
                self._note(f"parentheses deeper than {DEEPEST} are left out")
            elif here == "-":
                if self._minus():
                    joined.append(_not(self._term(scope, depth)))
            elif self._word("or", "OR", "|"):
                choices.append(_join(All, joined))
                joined = []
            elif joined and self._word("AND"):
                # All terms are wanted anyhow; a title in capitals is found without the word.
                pass
            else:
                joined.append(self._term(scope, depth))
        choices.append(_join(All, joined))
        return _join(Either, choices)

    def _minus(self) -> bool:
        """Steps over hyphens; whether they are the one that negates what follows. "--" is a dash."""
        dashes = _DASHES.match(self.text, self.at)
        assert dashes
        before, after = self.text[self.at - 1 : self.at], self.text[dashes.end() : dashes.end() + 1]
        self.at = dashes.end()
        starts = not before or before.isspace() or before in "(|"
        return len(dashes[0]) == 1 and starts and not (after in ("", ")", "|") or after.isspace())

    def _word(self, *words: str) -> bool:
        """Steps over one of `words` that stands here by itself. "Or", "and" and "not" are none: titles hold them."""
        chunk = _CHUNK.match(self.text, self.at)
        found = chunk[0] if chunk else self.text[self.at]
        if found not in words:
            return False
        self.at += len(found)
        return True

    def _term(self, scope: _Scope, depth: int) -> Node | None:
        """A word, phrase, group or field term; None when it says nothing, or nothing yet."""
        named = _FIELD.match(self.text, self.at)
        field = _FIELDS.get(named[1].lower()) if named else None
        if named and not named[2] and field not in _COMPARED:
            field = None
        if named and field:
            after = self.text[named.end() : named.end() + 1]
            # "Title: a survey" is how titles are written; "title:" at the end is still being typed.
            if after.isspace():
                if named[1].islower() and self.text[named.end() :].strip():
                    self._note(f"{named[0]} with a space behind it is read as a word")
            else:
                self.at = named.end()
                scope = _Scope(named[1], field)
                if after in ("", ")", "|"):
                    return None
        here = self.text[self.at]
        if here == "(":
            if depth == DEEPEST:
                return None
            self.at += 1
            return self.group(scope, depth + 1)
        if here in _QUOTES:
            quoted = _QUOTED.match(self.text, self.at)
            assert quoted
            self.at = quoted.end()
            return self._value(scope, " ".join(quoted[1].split()), True)
        start, self.at = self.at, self._end_of_chunk(scope)
        return self._value(scope, self.text[start : self.at], False)

    def _end_of_chunk(self, scope: _Scope) -> int:
        """Where what was typed without a space ends. A DOI may hold parentheses, in pairs."""
        at, opened = self.at, 0
        holds = scope.field == "id" or (scope.field is None and _DOI.match(self.text, at))
        while chunk := _CHUNK.match(self.text, at):
            at = chunk.end()
            while holds and (bracket := self.text[at : at + 1]) in ("(", ")"):
                opened += 1 if bracket == "(" else -1
                if opened < 0:
                    return at
                at += 1
        return at

    def _value(self, scope: _Scope, raw: str, quoted: bool) -> Node | None:
        """`raw` as the value of a field, or as words."""
        if not raw:
            return None
        match scope.field:
            case None if not quoted and (named := values.identified(raw)):
                # Some text may hold the same figures; an address says nothing else.
                also = None if "://" in raw else self._words([raw], None)
                return _join(Either, [self._take(Label("id", named)), also])
            case None if not quoted and _CATEGORY.fullmatch(raw):
                return _join(Either, [self._take(Label("cat", raw)), self._words([raw], None)])
            case None | "title" | "abstract" | "author" | "org" | "venue":
                # A colon outside quotes parts words: titles are full of them.
                return self._words([raw] if quoted else raw.split(":"), scope.field, quoted)
            case "cat":
                # "cs.*", and "cs." on the way to "cs.CL", are "cs".
                raw = raw.removesuffix("*").rstrip(".")
                return self._take(Label("cat", raw)) if raw else None
            case "from":
                return self._take(Label("from", raw.casefold()))
            case "tag":
                return self._take(Label("tag", raw))
            case "id":
                return self._take(Label("id", values.identifier(raw)))
            case "is":
                state = values.one_of(raw, _STATES)
                return self._take(Is(state)) if state else self._fallback(scope, raw, "a state")
            case "has":
                what = values.one_of(raw, _POSSESSIONS)
                return self._take(Has(what)) if what else self._fallback(scope, raw, _POSSIBLE)
            case "published" | "listed" as field:
                try:
                    days = values.dates(raw, self.today, typing=self._at_end())
                except ValueError:
                    return self._fallback(scope, raw, "a date")
                return self._take(Dates(field, *days)) if days else None
            case "upvotes" | "comments" as field:
                try:
                    counts = values.counts(raw, typing=self._at_end())
                except ValueError:
                    return self._fallback(scope, raw, "a number")
                return self._take(Number(field, *counts)) if counts else None

    def _at_end(self) -> bool:
        return self.at == len(self.text)

    def _fallback(self, scope: _Scope, raw: str, what: str) -> Node | None:
        """Field and value as words, and the reader told."""
        shown = raw if len(raw) <= 40 else f"{raw[:39]}…"
        self._note(f"{scope.typed}:{shown} is not {what}; read as words")
        return self._words([scope.typed, *raw.split(":")], None)

    def _words(self, parts: list[str], field: Field | None, quoted: bool = False) -> Node | None:
        """Each part as a word; as a phrase when it was quoted, or when punctuation joins several words."""
        nodes: list[Node | None] = []
        for row in map(values.words, parts):
            if row and len(row) == 1 and not quoted:
                nodes.append(self._take(Word(row[0], field)))
            elif row:
                begun = len(row[-1]) == 1 and row[-1].isalpha() and self.text.endswith(row[-1]) and self._at_end()
                nodes.append(self._take(Phrase(tuple(row), field, begun)))
        return _join(All, nodes)

    def _take(self, leaf: Node) -> Node | None:
        """`leaf`, counted; the rest of the text is left out once there are too many."""
        if self.terms == MOST_TERMS:
            self._note(f"only the first {MOST_TERMS} terms are read")
            self.at = len(self.text)
            return None
        self.terms += 1
        return leaf

    def _note(self, message: str) -> None:
        if message not in self.misread:
            self.misread.append(message)


def _not(node: Node | None) -> Node | None:
    match node:
        case None:
            return None
        case Not(node=inner):
            return inner
        case _:
            return Not(node)


def _join(kind: type[All] | type[Either], nodes: list[Node | None]) -> Node | None:
    """`nodes` as one node of that kind, nested ones dissolved; the one node when there is only one."""
    flat: list[Node] = []
    for node in nodes:
        if node is not None:
            flat += node.nodes if isinstance(node, kind) else (node,)
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def asks_marks(query: Query) -> bool:
    """Whether the answer depends on the reader's own marks, and so changes when they do."""
    return query.tree is not None and _asks_marks(query.tree)


def _asks_marks(node: Node) -> bool:
    match node:
        case All(nodes=nodes) | Either(nodes=nodes):
            return any(map(_asks_marks, nodes))
        case Not(node=inner):
            return _asks_marks(inner)
        case Is() | Label(field="tag") | Has(what="note"):
            return True
        case _:
            return False
