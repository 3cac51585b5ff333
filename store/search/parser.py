"""The parser of the filter language, which turns the text that a user types into a Query.

The text is parsed after every keystroke, and no text is an error. Text that looks like syntax, but is not valid, is
read as words, and the query contains a message that says so. A term without a value ("title:") is ignored, because the
user has just begun to type it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from store.search import values
from store.search.filter_fields import (
    BY_TYPED_NAME,
    POSSESSIONS,
    STATES,
    CountField,
    CountFilter,
    DateField,
    DateFilter,
    FilterField,
    LabelField,
    LabelFilter,
    PaperFilter,
    PossessionFilter,
    StateFilter,
    TextField,
    TextFilter,
)
from store.search.query import And, CountRange, DateRange, Has, Is, Label, Like, Node, Not, Or, Phrase, Query, Word
from store.search.tokenizer import query_words
from store.text.clean import clean

# At most MAX_CHARACTERS characters and MAX_TERMS terms of a filter are parsed. A longer text was probably pasted by
# mistake.
MAX_CHARACTERS = 1_000
MAX_TERMS = 64
# Parentheses that are nested more deeply than this are ignored, because the recursive functions of the parser and the
# search must not exceed Python's recursion limit.
MAX_DEPTH = 50

# A longer value is shortened to this many characters when a message quotes it.
_QUOTED_LENGTH = 40

_QUOTES = '"“”„‟'
_FIELD = re.compile(r"([A-Za-z]+)(:|(?=[<>=≥≤]))")
# A field is suggested for an unknown name if the two are at least this similar (`difflib`, 0 to 1). With this value,
# one letter of four may differ.
_LIKENESS = 0.72
_CHUNK = re.compile(rf"[^\s()|{_QUOTES}]+")
_QUOTED = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]?")
# Matches an arXiv category with its archive, such as "cs.CL". "CS.cl" does not match, because the case of the letters
# must be right.
_CATEGORY = re.compile(r"[a-z]{1,5}(?:-[a-z]{2,3})?\.[A-Z]{2}")
# Matches the beginning of a DOI, alone or in a web address.
_DOI = re.compile(r"(?:https?://[^\s()|]*/)?10\.[0-9]{4,9}/")
# "since:last" finds the papers that came since the last day before today on which the user opened recto.
_LAST_VISIT = "last"
_DASHES = re.compile("-+")
# Matches an operator, an opening parenthesis, a colon or a comparison sign, after which the user must type something.
_UNFINISHED = re.compile(r"(?:^|[\s(|])(?:or|OR|AND)(?:$|[\s(|])|[(|:<>=≥≤]")


def parse(text: str, today: date) -> Query:
    """Parse the filter `text`. Accepts any string, and takes linear time.

    Names of days and ranges, such as "week", are relative to `today`.
    """
    # Clean the text as titles are cleaned when they are imported, so that a filter with a pasted title finds the paper.
    # For example, soft hyphens are removed, and a letter and a combining accent are composed to one character.
    parser = _Parser(clean(text[:MAX_CHARACTERS]), today)
    if len(text) > MAX_CHARACTERS:
        parser.misread.append(f"only the first {MAX_CHARACTERS:,} characters are read")
    tree = parser.group(_NO_FIELD, 0)
    return Query(text, tree, tuple(parser.misread))


def unfinished(text: str, today: date) -> str:
    """The end of the filter `text` that has no meaning until the user types more, for example "or (" or "title:"; else
    "".
    """
    parser = _Parser(clean(text[:MAX_CHARACTERS]), today)
    parser.group(_NO_FIELD, 0)
    rest = parser.text[parser.terms_end :].strip()
    return rest[:_QUOTED_LENGTH] if _UNFINISHED.search(rest) and parser.terms < MAX_TERMS else ""


class _Scope(NamedTuple):
    """The field before a term ("title:"), or None if the term has no field, and the name of the field as the user typed
    it.
    """

    typed: str
    field: FilterField | None


_NO_FIELD = _Scope("", None)


class _Parser:
    """A recursive-descent parser that reads `text` once. `at` is the position of the next character."""

    def __init__(self, text: str, today: date) -> None:
        self.text = text
        self.today = today
        self.at = 0
        self.terms = 0
        self.misread: list[str] = []
        # The position after the last term that was parsed.
        self.terms_end = 0

    def group(self, scope: _Scope, depth: int) -> Node | None:
        """Parse the terms up to the parenthesis that closes this group, or up to the end of the text."""
        alternatives: list[Node | None] = []
        terms: list[Node | None] = []
        ignored_parentheses = 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character.isspace():
                self.at += 1
            elif character == ")":
                self.at += 1
                if ignored_parentheses:
                    ignored_parentheses -= 1
                elif depth:
                    break
            elif character == "(" and depth == MAX_DEPTH:
                self.at += 1
                ignored_parentheses += 1
                self._note(f"parentheses deeper than {MAX_DEPTH} are left out")
            elif character == "-":
                if self._skip_minus():
                    terms.append(_negated(self._term(scope, depth)))
            elif self._skip_operator("or", "OR", "|"):
                alternatives.append(_joined(And, terms))
                terms = []
            elif terms and self._skip_operator("AND"):
                # Skip "AND", because every term must match anyway. So "AND" in a pasted title in capitals is ignored
                # too.
                pass
            else:
                terms.append(self._term(scope, depth))
        alternatives.append(_joined(And, terms))
        return _joined(Or, alternatives)

    def _skip_minus(self) -> bool:
        """Skip hyphens. Returns True for a single hyphen, which negates the next term. Several hyphens are a dash."""
        dashes = _DASHES.match(self.text, self.at)
        assert dashes
        before, after = self.text[self.at - 1 : self.at], self.text[dashes.end() : dashes.end() + 1]
        self.at = dashes.end()
        starts_term = not before or before.isspace() or before in "(|"
        return len(dashes[0]) == 1 and starts_term and not (after in ("", ")", "|") or after.isspace())

    def _skip_operator(self, *operators: str) -> bool:
        """Skip one of `operators` if it is the next token. Returns whether it was.

        "Or", "and" and "not" are not operators, because they are frequent words of titles.
        """
        chunk = _CHUNK.match(self.text, self.at)
        token = chunk[0] if chunk else self.text[self.at]
        if token not in operators:
            return False
        self.at += len(token)
        return True

    def _term(self, scope: _Scope, depth: int) -> Node | None:
        """Parse a word, a phrase, a group, or a field with a value. None if the term is empty or not complete yet."""
        named = _FIELD.match(self.text, self.at)
        field = BY_TYPED_NAME.get(named[1].lower()) if named else None
        if named and not named[2] and not isinstance(field, DateFilter | CountFilter):
            # A name without a colon is a field only in a comparison, such as "upvotes>20".
            field = None
        if named and field:
            after = self.text[named.end() : named.end() + 1]
            # A space after the colon means that the name is a word, as in the title "Abstract: a survey". But "title:"
            # at the end of the text may be a field whose value has not been typed yet.
            if after.isspace():
                if named[1].islower() and self.text[named.end() :].strip():
                    self._note(f"{named[0]} with a space behind it is read as a word")
            else:
                self.at = named.end()
                scope = _Scope(named[1], field)
                if after in ("", ")", "|"):
                    return None
        character = self.text[self.at]
        if character == "(":
            if depth == MAX_DEPTH:
                return None
            self.at += 1
            return self.group(scope, depth + 1)
        if character in _QUOTES:
            quoted = _QUOTED.match(self.text, self.at)
            assert quoted
            self.at = quoted.end()
            return self._value(scope, " ".join(quoted[1].split()), True)
        start, self.at = self.at, self._end_of_chunk(scope)
        return self._value(scope, self.text[start : self.at], False)

    def _end_of_chunk(self, scope: _Scope) -> int:
        """The position of the next space, quote or parenthesis. Pairs of parentheses in a DOI are skipped."""
        at, opened = self.at, 0
        if scope.field is None:
            may_hold_parentheses = _DOI.match(self.text, at) is not None
        else:
            may_hold_parentheses = scope.field.name in ("id", "like")
        while chunk := _CHUNK.match(self.text, at):
            at = chunk.end()
            while may_hold_parentheses and (bracket := self.text[at : at + 1]) in ("(", ")"):
                opened += 1 if bracket == "(" else -1
                if opened < 0:
                    return at
                at += 1
        return at

    def _value(self, scope: _Scope, raw: str, quoted: bool) -> Node | None:
        """Parse `raw` as the value of the field of `scope`, or as words if there is no field or the value is wrong."""
        if not raw:
            return None
        match scope.field:
            case None:
                return self._words([raw], None, True) if quoted else self._bare(raw)
            case TextFilter(name=name):
                return self._words([raw] if quoted else raw.split(":"), name, quoted)
            case LabelFilter(name=name):
                return self._label(name, raw)
            case DateFilter(name=name):
                return self._dates(scope, name, raw)
            case CountFilter(name=name, decimals=decimals):
                return self._counts(scope, name, raw, decimals)
            case StateFilter():
                state = values.one_of(raw, STATES)
                return self._take(Is(state)) if state else self._as_words(scope, raw, "a state", STATES)
            case PossessionFilter():
                what = values.one_of(raw, POSSESSIONS)
                expected = f"{', '.join(POSSESSIONS[:-1])} or {POSSESSIONS[-1]}"
                return self._take(Has(what)) if what else self._as_words(scope, raw, expected)
            case PaperFilter():
                return self._take(Like(raw))

    def _bare(self, raw: str) -> Node | None:
        """Parse a text without a field and without quotes as words, and also as an identifier or a category."""
        if identifier := values.identified(raw):
            # Also search for the identifier as words, because a title or abstract may contain it. A web address is not
            # searched for as words.
            as_words = None if "://" in raw else self._words([raw], None)
            return _joined(Or, [self._take(Label("id", identifier)), as_words])
        if _CATEGORY.fullmatch(raw):
            return _joined(Or, [self._take(Label("cat", raw)), self._words([raw], None)])
        self._note_unknown_field(raw)
        # Many titles contain a colon, so a colon after a word that is not a field separates two words.
        return self._words(raw.split(":"), None)

    def _note_unknown_field(self, raw: str) -> None:
        """If `raw` looks like a field with a mistyped name ("autor:zhu"), add a message that suggests the field."""
        name, colon, value = raw.partition(":")
        has_value = value or self.text[self.at : self.at + 1] in (*_QUOTES, "(")
        if not (colon and has_value and name.isalpha() and name.islower()) or name in BY_TYPED_NAME:
            return
        for nearest in _nearest(name, BY_TYPED_NAME):
            self._note(f"unknown field {name}, read as a word; did you mean {nearest}:?")

    def _label(self, name: LabelField, raw: str) -> Node | None:
        match name:
            case "cat":
                # "cs.*" means "cs". So does "cs.", which occurs while the user types "cs.CL".
                category = raw.removesuffix("*").rstrip(".")
                return self._take(Label("cat", category)) if category else None
            case "from":
                return self._take(Label("from", raw.casefold()))
            case "id":
                return self._take(Label("id", values.identifier(raw)))
            case _:
                return self._take(Label(name, raw))

    def _dates(self, scope: _Scope, name: DateField, raw: str) -> Node | None:
        if scope.typed.lower() == "since":
            return self._since(scope, name, raw)
        try:
            days = values.dates(raw, self.today, typing=self._at_end())
        except ValueError:
            return self._as_words(scope, raw, "a date")
        return self._take(DateRange(name, *days)) if days else None

    def _since(self, scope: _Scope, name: DateField, raw: str) -> Node | None:
        """Parse the value of `since:`: a day, a number of days, or "last", the day of the user's last visit."""
        if raw.casefold() == _LAST_VISIT:
            return self._take(Is("arrived"))
        if self._at_end() and _LAST_VISIT.startswith(raw.casefold()):
            return None
        try:
            start = values.since(raw, self.today, typing=self._at_end())
        except ValueError:
            return self._as_words(scope, raw, "a day, a number of days such as 9d, or last")
        return self._take(DateRange(name, start, None)) if start else None

    def _counts(self, scope: _Scope, name: CountField, raw: str, decimals: int) -> Node | None:
        try:
            counts = values.counts(raw, decimals, typing=self._at_end())
        except ValueError:
            return self._as_words(scope, raw, "a number")
        return self._take(CountRange(name, *counts)) if counts else None

    def _at_end(self) -> bool:
        return self.at == len(self.text)

    def _as_words(self, scope: _Scope, raw: str, expected: str, known: Sequence[str] = ()) -> Node | None:
        """Parse the name of a field and its value as words, and add a message that the value is not `expected`.

        The message suggests the nearest of the values `known`.
        """
        shown = raw if len(raw) <= _QUOTED_LENGTH else f"{raw[: _QUOTED_LENGTH - 1]}…"
        nearest = "".join(f"; did you mean {scope.typed}:{name}?" for name in _nearest(raw, known))
        self._note(f"{scope.typed}:{shown} is not {expected}; read as words{nearest}")
        return self._words([scope.typed, *raw.split(":")], None)

    def _words(self, parts: list[str], field: TextField | None, quoted: bool = False) -> Node | None:
        """Parse each of `parts` as a word, or if it was quoted or has several words ("GPT-4o"), as a phrase."""
        nodes: list[Node | None] = []
        for words in map(query_words, parts):
            if len(words) == 1 and not quoted:
                nodes.append(self._take(Word(words[0], field)))
            elif words:
                last = words[-1]
                unfinished = len(last) == 1 and last.isalpha() and self.text.endswith(last) and self._at_end()
                nodes.append(self._take(Phrase(tuple(words), field, unfinished, quoted)))
        return _joined(And, nodes)

    def _take(self, leaf: Node) -> Node | None:
        """Count the term `leaf`, and return it.

        If the filter now has too many terms, skip the rest of the text and return None instead.
        """
        if self.terms == MAX_TERMS:
            self._note(f"only the first {MAX_TERMS} terms are read")
            self.at = len(self.text)
            return None
        self.terms += 1
        self.terms_end = self.at
        return leaf

    def _note(self, message: str) -> None:
        if message not in self.misread:
            self.misread.append(message)


def _nearest(name: str, known: Collection[str]) -> list[str]:
    """A list with the name in `known` that is most similar to `name`. Empty if no name is similar enough."""
    # Imported here, because few filters have a mistyped name.
    from difflib import get_close_matches

    return get_close_matches(name[:_QUOTED_LENGTH].casefold(), known, 1, _LIKENESS) if known else []


def _negated(node: Node | None) -> Node | None:
    match node:
        case None:
            return None
        case Not(node=inner):
            return inner
        case _:
            return Not(node)


def _joined(kind: type[And] | type[Or], nodes: list[Node | None]) -> Node | None:
    """Join `nodes` to one node of the type `kind` (And or Or). A node that already has this type is replaced by its
    child nodes.

    A single node is returned unchanged. None if there are no nodes.
    """
    merged: list[Node] = []
    for node in nodes:
        if node is not None:
            merged += node.nodes if isinstance(node, kind) else (node,)
    return kind(tuple(merged)) if len(merged) > 1 else next(iter(merged), None)
