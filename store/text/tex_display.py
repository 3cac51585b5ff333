r"""TeX in titles, names and abstracts becomes Unicode, for the screen: formulas too, which may lose information."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from store.text import scripts, tex_commands, tex_storage
from store.text.tex_commands import LONGEST_SOURCE

# Formulas for the screen. After this many formulas, or this many characters in them, the rest stays as written,
# because each takes µs to ms.
_MOST_FORMULAS = 200
_MOST_FORMULA_CHARACTERS = 6_000
_FORMULA = re.compile(
    rf"\$\$(.{{1,{LONGEST_SOURCE}}}?)\$\$|\$([^$\n]{{1,{LONGEST_SOURCE}}}?)\$|\\\((.{{1,{LONGEST_SOURCE}}}?)\\\)", re.S
)
# A command outside a formula: an accent, a style with its argument, or a sign such as \% or \alpha, with the braces
# that separate it from the text behind it.
_COMMAND = re.compile(
    r"\{?(\\(?:['\"`^~=.](?:\{\\?\w\}|\\?[A-Za-z])|[uvHcbdrkt]\{\\?\w\}"
    r"|[a-zA-Z]{2,24}(?:\{[^{}]{0,300}\})?|[%&#_${}]))\}?"
)
_SCRIPT = re.compile(
    r"(?:([\^_])|\\s([pb])(?![A-Za-z]))\s?(?:\{((?:[^{}]|\{[^{}]{0,40}\}){1,60})\}"
    r"|([^\s{}\\]|\\(?:math|text|operatorname)[a-z]*\{[^{}]{0,40}\}|\\[A-Za-z]+))"
)
_CHEMISTRY = re.compile(r"\\ce\s?\{((?:[^{}]|\{[^{}]{0,80}\}){0,200})\}")
# Commands outside a formula with scripts in their arguments.
_WITH_SCRIPTS = ("\\textsuperscript{", "\\textsubscript{", "\\ensuremath{", "\\ce{")
# "$5 to $10" is money, not math: it starts or ends with a space, or has a number and a word.
_MONEY = re.compile(r"^\s|\s$|^\d[\d,.]*\s+[a-z]{2,}")


@lru_cache(maxsize=4096)
def for_display(text: str) -> str:
    r"""`text` with its formulas and commands as Unicode: `$O(n^2)$` is `O(n²)`, `\alpha` is `α`.

    A formula or command that cannot be converted stays as written, and so does what follows after `_MOST_FORMULAS`
    of them. The result is text from outside: `display_text` makes it safe to draw. Raises nothing.
    """
    if "$" not in text and "\\" not in text:
        return text
    for pattern, convert in ((_FORMULA, _display_formula), (_COMMAND, _display_command)):
        text = pattern.sub(_within_limit(convert), text, count=_MOST_FORMULAS)
    return text


def is_money(formula: str) -> bool:
    """Whether text between two dollars is not a formula: the "5 to " of "$5 to $10"."""
    return _MONEY.search(formula) is not None


def _within_limit(convert: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """`convert` for the first _MOST_FORMULA_CHARACTERS of the matches; later ones stay as written."""
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
    # "{}" ends the name of a command that stands before a raised letter.
    if "\\ce" in formula:
        formula = _CHEMISTRY.sub(lambda chemical: scripts.chemistry(chemical[1]), formula)
    with_scripts = _SCRIPT.sub(lambda script: "{}" + _display_script(script), formula)
    converted = tex_commands.rendered(with_scripts) if tex_commands.is_well_formed(formula) else None
    return match[0] if converted is None else converted.strip()


def _display_command(match: re.Match[str]) -> str:
    """A command without the pair of braces around it. A brace without its partner belongs to something else."""
    opened, closed = match[0].startswith("{"), match[0].endswith("}") and not match[1].endswith("}")
    has_script = match[1].startswith(_WITH_SCRIPTS)
    converted = tex_storage.for_storage(match[1]) if has_script else _rendered_or_source(match[1])
    if opened and closed:
        return converted
    return ("{" if opened else "") + converted + ("}" if closed else "")


def _display_script(match: re.Match[str]) -> str:
    """An exponent or index of a formula. TeX ignores the spaces in it."""
    sign = match[1] or {"p": "^", "b": "_"}[match[2]]
    source = match[3] or match[4]
    plain = _rendered_or_source(source) if "\\" in source or "{" in source else source
    return scripts.script(sign, plain.replace(" ", ""))


def _rendered_or_source(source: str) -> str:
    converted = tex_commands.rendered(source)
    return source if converted is None else converted
