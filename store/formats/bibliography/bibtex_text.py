"""Converts the value of a BibTeX field, which is TeX, to text."""

from __future__ import annotations

import re

from store.text import scripts, tex

_QUOTED = re.compile(r"\\(?:mkbibquote|enquote)\*?\s?(?=\{)")
_ESCAPED_SIGN = re.compile(r"\$\s?\\(backslash|[{}#&]|sim|lbrace|rbrace)\s?\$")
_SIGN_OF_NAME = {"backslash": "\\", "sim": "~", "lbrace": "{", "rbrace": "}"}
_ESCAPED_SCRIPT = re.compile(r"(\\[A-Za-z]{1,24})(\\_|\\\^(?:\{\})?|_|\^)(?:\{([^{}]{0,80})\}|(\w))")
_HYPHEN = re.compile(r"\\hyphen(?![A-Za-z])\s*")
_TIE = re.compile(r"(?<![\\/])~")
_SIGNS = re.compile(r"\$[^$]*\$|---?|``|''")
_TYPESET = {"--": "–", "---": "—", "``": "“", "''": "”"}
_ANGLE = re.compile(r"\$\s*(?:\\l?g?t\s*)?([<>])\s*\$|\\text(less|greater)(?:\{\})?")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def as_text(value: str) -> str:
    """`value`, which is TeX, as running text: letters, quotation marks and dashes in Unicode, math unchanged."""
    if "$\\" in value:
        value = _unescaped(value)
    value = scripts.from_words(value)
    if "\\" in value:
        value = _HYPHEN.sub("-", _quoted(value))
    if "~" in value:
        value = _TIE.sub(" ", value)
    value = tex.for_storage(value)
    if "--" in value or "``" in value or "''" in value:
        value = _SIGNS.sub(lambda sign: _TYPESET.get(sign[0], sign[0]), value)
    return value.strip()


def as_identifier(value: str) -> str:
    """`value` with TeX converted to Unicode. Unlike in `as_text`, dashes and quotation marks stay unchanged."""
    return tex.for_storage(_ANGLE.sub(_angle, value)).strip()


def _unescaped(value: str) -> str:
    r"""`value` without the escapes that Google Scholar adds to TeX: `$\backslash$ell\_1` stands for `$\ell_1$`.

    If a title contains any TeX, Google Scholar escapes the whole title and drops the dollar signs around math.
    """
    value, signs = _ESCAPED_SIGN.subn(lambda sign: _SIGN_OF_NAME.get(sign[1], sign[1]), value)
    if not signs:
        return value
    return _ESCAPED_SCRIPT.sub(_with_script, value)


def _with_script(match: re.Match[str]) -> str:
    base, sign, group, letter = match.groups()
    return tex.for_storage(base) + scripts.script("^" if "^" in sign else "_", tex.for_storage(group or letter))


def _quoted(value: str) -> str:
    """`value` with quotation marks instead of the commands \\enquote and \\mkbibquote around a text."""
    starts = {match.end(): match.start() for match in _QUOTED.finditer(value)}
    if not starts:
        return value
    pieces: list[str] = []
    opened: list[bool] = []
    at = 0
    for brace in _BRACES.finditer(value):
        if brace[0] == "{":
            quotes = brace.start() in starts
            opened.append(quotes)
            if quotes:
                pieces += [value[at : starts[brace.start()]], "“"]
                at = brace.end()
        elif brace[0] == "}" and opened and opened.pop():
            pieces += [value[at : brace.start()], "”"]
            at = brace.end()
    return "".join([*pieces, value[at:]])


def _angle(match: re.Match[str]) -> str:
    return match[1] or ("<" if match[2] == "less" else ">")
