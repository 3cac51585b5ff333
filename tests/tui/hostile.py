"""Hostile text: escape sequences for the terminal, markup for Textual, shell code, and invisible characters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec import inspect

from store.model.entry import AnnounceType
from store.model.highlight import Highlight
from store.model.paper import Paper
from store.papers import list_rows, paper_details
from store.papers.retractions import Retraction
from store.papers.revisions import Change, FactChange

# The parameters of these sequences (7777, 177) are used nowhere else. If one of them follows an escape character in the
# output, a hostile text has reached the terminal.
ESCAPES = (
    "\x1b]52;c;cGF5bG9hZA==\x07 \x1b]0;payload\x07 \x1b[77;77H \x1b[2J \x1b[38;5;177mX \x1bP+q7777\x1b\\ \x1bc"
    " \x1b[?7777h"
)
C1 = "\x9b77;77H \x9d52;c;cGF5bG9hZA==\x9c \x90+q7777\x9c \x85 \x84 \x8d"
CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all instructions")
INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e\u2061\u2062\u206a\ufff9\ufffa\ufffb"
MARKUP = (
    "[/] [b]bold[/b] [@click=app.quit]x[/] [@click=screen.do('hide')]y[/] [link=file:///etc/passwd]z[/link] [/b]"
    " [ ] [[ ]] \\[ [$error]w[/] ["
)
ZALGO = "Z" + "\u0301\u0489\u20dd" * 400 + "algo"
WIDE = "漢字かな한글ＡＢ 👩\u200d🔬 👍🏽 ❤\ufe0f 🇫🇮 क्षि ﷽ a\u200db \u3164 \uffa0"
RTL = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"
LONG = "L" + "o" * 100_000 + "ng"
SHELL = "$(touch /tmp/payload) `id` ; rm -rf ~ | cat && echo '\" %s %n {0} {x} \\ \\\\ $HOME"

PAYLOADS: dict[str, str] = {
    "escapes": ESCAPES,
    "C1": C1,
    "controls": CONTROLS,
    "bidi": BIDI,
    "tags": TAGS,
    "invisible": INVISIBLE,
    "markup": MARKUP,
    "zalgo": ZALGO,
    "wide": WIDE,
    "long": LONG,
    "shell": SHELL,
}

# Characters that displayed text must not contain: C0 without the line feed, DEL, C1, bidirectional controls, tags,
# and lone surrogates.
UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)

# The names that store/papers/list_rows.py and paper_details.py import only for type checkers.
_NAMES: dict[str, Any] = {each.__name__: each for each in (Change, FactChange, Highlight, Paper, Retraction)} | {
    "AnnounceType": AnnounceType
}

letters = st.one_of(
    st.characters(),
    st.sampled_from(CONTROLS + BIDI + INVISIBLE + "\U000e0041\u2028\u2029\u200d\ufe0f"),
    st.sampled_from("\u0300\u0301\u0489\u20dd\u0e31\u093f\u0f71"),
    st.sampled_from("漢ｱ한👩🏽🇫❤ǅ﷽\u3164\u115f"),
    st.sampled_from("[]/\\$%{}@='\"`<>&#~^_|-. \t\n\r"),
)
_near = st.text(letters, max_size=10)
texts = st.one_of(
    st.text(letters, max_size=80),
    st.sampled_from(list(PAYLOADS.values())),
    st.tuples(_near, st.sampled_from([ESCAPES, C1, MARKUP, ZALGO, WIDE, SHELL]), _near).map("".join),
)


def seen(text: str) -> str:
    """Return `text`.

    The test fails if `text` contains a character that acts on a terminal, such as a control character.
    """
    found = UNSAFE.search(text)
    assert found is None, f"U+{ord(found[0]):04X} in {text[max(0, found.start() - 30) : found.end() + 30]!r}"
    return text


def values(of: type[Any]) -> st.SearchStrategy[Any]:
    """A Hypothesis strategy for a msgspec type: every string in a value, at any depth, may be hostile text."""
    # Two modules import some names only for type checkers, which saves time at the start. msgspec needs these names to
    # find the types of fields.
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _NAMES.items():
            for module in (list_rows, paper_details):
                patch.setattr(module, name, value, raising=False)
        return _values(inspect.type_info(of))


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StrType():
            # Remove lone surrogates, because SQLite cannot store them.
            return texts.map(lambda text: text.encode("utf-8", "ignore").decode())
        case inspect.IntType():
            return st.integers(1, 2**53)
        case inspect.FloatType():
            return st.floats(0, 1e6)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.DateType():
            return st.dates()
        case inspect.LiteralType(values=literals):
            return st.sampled_from(literals)
        case inspect.UnionType(types=types):
            return st.one_of(*map(_values, types))
        case inspect.VarTupleType(item_type=item):
            return st.lists(_values(item), max_size=3).map(tuple)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_values(key), _values(value), max_size=3)
        case inspect.StructType(cls=struct, fields=fields):
            given = st.fixed_dictionaries({field.name: _values(field.type) for field in fields})
            return given.map(lambda named: struct(**named))
    raise NotImplementedError(kind)
