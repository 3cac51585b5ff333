r"""Converts TeX in titles, names and abstracts, including formulas, to Unicode for the screen.

The text of a formula may have less information than its TeX source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from store.text import scripts, tex_commands, tex_storage
from store.text.tex_commands import LONGEST_SOURCE

# At most _MOST_FORMULAS formulas of a text are converted, with at most _MOST_FORMULA_CHARACTERS characters in total,
# because a formula may take several ms. The remaining formulas stay in TeX.
_MOST_FORMULAS = 200
_MOST_FORMULA_CHARACTERS = 6_000
_FORMULA = re.compile(
    rf"\$\$(.{{1,{LONGEST_SOURCE}}}?)\$\$|\$([^$\n]{{1,{LONGEST_SOURCE}}}?)\$|\\\((.{{1,{LONGEST_SOURCE}}}?)\\\)", re.S
)
# Matches a command outside a formula: an accent, a style with its argument, or a sign such as \% or \alpha, and the
# empty braces that may separate it from the text after it.
_COMMAND = re.compile(
    r"\{?(\\(?:['\"`^~=.](?:\{\\?\w\}|\\?[A-Za-z])|[uvHcbdrkt]\{\\?\w\}"
    r"|[a-zA-Z]{2,24}(?:\{[^{}]{0,300}\})?|[%&#_${}]))\}?"
)
_SCRIPT = re.compile(
    r"(?:([\^_])|\\s([pb])(?![A-Za-z]))\s?(?:\{((?:[^{}]|\{[^{}]{0,40}\}){1,60})\}"
    r"|([^\s{}\\]|\\(?:math|text|operatorname)[a-z]*\{[^{}]{0,40}\}|\\[A-Za-z]+))"
)
_CHEMISTRY = re.compile(r"\\ce\s?\{((?:[^{}]|\{[^{}]{0,80}\}){0,200})\}")
# Commands outside a formula whose arguments contain superscripts or subscripts.
_WITH_SCRIPTS = ("\\textsuperscript{", "\\textsubscript{", "\\ensuremath{", "\\ce{")
# Matches text between dollar signs that is not math, as in "$5 to $10": it starts or ends with a space, or it starts
# with a number and a word.
_MONEY = re.compile(r"^\s|\s$|^\d[\d,.]*\s+[a-z]{2,}")


@lru_cache(maxsize=4096)
def for_display(text: str) -> str:
    r"""`text` with its formulas and commands converted to Unicode: `$O(n^2)$` becomes `O(n²)`, and `\alpha` becomes
    `α`.

    A formula or command that cannot be converted stays in TeX. At most `_MOST_FORMULAS` formulas and as many commands
    are converted. The result is still untrusted text: the caller must pass it through `display_text` before drawing it.
    Raises nothing.
    """
    if "$" not in text and "\\" not in text:
        return text
    for pattern, convert in ((_FORMULA, _display_formula), (_COMMAND, _display_command)):
        text = pattern.sub(_within_limit(convert), text, count=_MOST_FORMULAS)
    return text


def formula_for_display(formula: str) -> str:
    """`formula`, the text between two dollar signs, as one line of Unicode."""
    return " ".join(for_display(f"${formula}$").strip("$").split())


def is_money(formula: str) -> bool:
    """Whether `formula`, the text between two dollar signs, is not math, for example "5 to " in "$5 to $10"."""
    return _MONEY.search(formula) is not None


def _within_limit(convert: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """A replacement function for `re.sub`, which calls `convert` for each formula until a limit is reached.

    The limit is reached when the formulas so far have _MOST_FORMULA_CHARACTERS characters in total. All later formulas
    stay unchanged.
    """
    characters = 0

    def convert_some(match: re.Match[str]) -> str:
        nonlocal characters
        characters += len(match[0])
        return convert(match) if characters <= _MOST_FORMULA_CHARACTERS else match[0]

    return convert_some


def _display_formula(match: re.Match[str]) -> str:
    formula = match[1] or match[2] or match[3] or ""
    if match[2] and is_money(formula):
        return match[0]
    # Without "{}", a superscript letter directly after a command would become part of the command's name.
    if "\\ce" in formula:
        formula = _CHEMISTRY.sub(lambda chemical: scripts.chemistry(chemical[1]), formula)
    with_scripts = _SCRIPT.sub(lambda script: "{}" + _display_script(script), formula)
    converted = tex_commands.rendered(with_scripts) if tex_commands.is_well_formed(formula) else None
    return match[0] if converted is None else converted.strip()


def _display_command(match: re.Match[str]) -> str:
    """The text of a command outside a formula. A pair of braces around the command is dropped.

    A single brace before or after the command is kept, because its partner is elsewhere.
    """
    opened, closed = match[0].startswith("{"), match[0].endswith("}") and not match[1].endswith("}")
    has_script = match[1].startswith(_WITH_SCRIPTS)
    converted = tex_storage.for_storage(match[1]) if has_script else _rendered_or_source(match[1])
    if opened and closed:
        return converted
    return ("{" if opened else "") + converted + ("}" if closed else "")


def _display_script(match: re.Match[str]) -> str:
    """The text of a superscript or subscript in a formula, without spaces, because TeX ignores them there."""
    sign = match[1] or {"p": "^", "b": "_"}[match[2]]
    source = match[3] or match[4]
    plain = _rendered_or_source(source) if "\\" in source or "{" in source else source
    return scripts.script(sign, plain.replace(" ", ""))


def _rendered_or_source(source: str) -> str:
    converted = tex_commands.rendered(source)
    return source if converted is None else converted
