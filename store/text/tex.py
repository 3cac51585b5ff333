r"""TeX in titles, names and abstracts becomes Unicode.

There are two entry points, because a library and a screen need different results:

- `for_storage` converts accents and simple commands (`Erd\H{o}s` becomes `Erdős`) and leaves math as written. A stored
  title keeps its formulas, so that exports and a better converter in the future still have them. What it cannot
  convert stays as written.
- `for_display` also converts formulas (`$O(n^2)$` becomes `O(n²)`). That may lose information, and it is slower, so it
  is only for the titles and abstracts that are on the screen.

Both take the meaning of commands from `tex_commands`. Where a command or a formula ends is decided here, in one pass
without recursion, because text from outside has braces that are never closed, and often a lone dollar or percent sign
that is not TeX at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from store.text import tex_commands
from store.text.tex_commands import ACCENTS, ACCENTS_ALONE, LONGEST_SOURCE, STYLES, SWITCHES, SYMBOLS

_TOKEN = re.compile(r"\$\$?|\\[A-Za-z]+|\\.|[{}]", re.DOTALL)
# The end of the math that a token opens. The quantifiers are possessive, so that a failed search reads the text once.
_MATH_ENDS = {
    "$": re.compile(r"(?:[^\\$]++|\\.)*+\$", re.DOTALL),
    "$$": re.compile(r"(?:[^\\$]++|\\.|\$(?!\$))*+\$\$", re.DOTALL),
    r"\(": re.compile(r"(?:[^\\]++|\\(?!\)))*+\\\)"),
    r"\[": re.compile(r"(?:[^\\]++|\\(?!\]))*+\\\]"),
}
# Text with TeX only in its math: most abstracts that have any TeX.
_PLAIN_AND_MATH = re.compile(r"[^\\{}$]*+(?:\$(?:[^\\$]++|\\.)*+\$[^\\{}$]*+)*+", re.DOTALL)
# Math, or an accent over one letter, with or without braces: most other text that has TeX. Math that is not closed
# matches up to the end of the text. Otherwise the search would start again at each of its characters.
_MATH_OR_ACCENT = re.compile(
    r"""\$(?:[^\\$]++|\\.?+)*+(?:\$|\Z)|\{\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})\}|\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})""",
    re.DOTALL,
)
# The group of an accent: short, with at most one group inside.
_SHORT_GROUP = re.compile(r"\{([^{}]{0,32}(?:\{[^{}]{0,16}\}[^{}]{0,32})?)\}")
_GROUP = re.compile(r"\s?\{([^{}]*)\}")
_OPTION = re.compile(r"\*?(?:\[[^][{}]{0,80}\])?")
_SPACES = re.compile(r"[ \t]*\n?[ \t]*")
_DOTLESS = {"ı": "i", "ȷ": "j"}
_DEEPEST_ACCENT = 3
# An ångström after a number is a unit. The space behind it separates words and does not end the command.
_NUMBER = re.compile(r"\d[\s~]?$")

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
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,40})\}|([^\s{}\\]))")
# "$5 to $10" is money, not math: it starts or ends with a space, or has a number and a word.
_MONEY = re.compile(r"^\s|\s$|^\d[\d,.]*\s+[a-z]{2,}")


def for_storage(text: str, *, keep_braces: bool = False) -> str:
    r"""`text` with TeX accents and simple commands as Unicode: `M{\aa}ns Erd\H{o}s` is `Måns Erdős`.

    Text without a backslash or a brace comes back unchanged, at once. Math (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`)
    stays as written, and so do `%`, `~`, dashes and quotes. A command without a character stays with its arguments
    (`\cite{x}`). Braces that only group or protect are dropped (`{DNA}` is `DNA`), except after `_` or `^` and
    except when they have no partner. With `keep_braces` braces without TeX inside stay too, for text in which a
    brace is more often a brace. Takes time linear in the length of `text`; raises nothing.
    """
    if "\\" not in text and "{" not in text and "}" not in text:
        return text
    # Only `_Reading` can tell which dollars belong together where two stand side by side.
    if "$$" not in text:
        if _PLAIN_AND_MATH.fullmatch(text):
            return text
        simpler = _MATH_OR_ACCENT.sub(_without_accent, text)
        if _PLAIN_AND_MATH.fullmatch(simpler):
            return simpler
    return _Reading(text, keep_braces).result()


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


# -- for storage


def _without_accent(match: re.Match[str]) -> str:
    """The letter of an accent that `_Reading` would convert whatever stands around it; math as written."""
    source = match[0]
    before = match.string[max(0, match.start() - 1) : match.start()]
    # Braces after "_" and "^" stay, and the "\~" of "/\~name" is not an accent.
    if source[0] == "$" or before in ("_", "^", "/"):
        return source
    return _accented_letter(source.strip("{}"))


@lru_cache(1024)
def _accented_letter(accent: str) -> str:
    r"""The letter of an accent command without its last brace: `\'e`, `\'{e`."""
    return unicodedata.normalize("NFC", accent[-1] + ACCENTS[accent[1]])


class _Group:
    """An open brace: its index in the output, its place in the text, whether it stays, and what follows its end."""

    __slots__ = ("argument", "at", "behind", "start", "stays")

    def __init__(self, at: int, start: int, *, stays: bool, argument: bool = False, behind: str = "") -> None:
        self.at = at
        self.start = start
        self.stays = stays
        self.argument = argument
        self.behind = behind


class _Reading:
    """One pass over one text."""

    def __init__(self, text: str, keep_braces: bool) -> None:
        self.text = text
        self.keep_braces = keep_braces
        self.at = 0
        self.out: list[str] = []
        self.groups: list[_Group] = []
        # The place where the argument of an unconverted command, or of a style, would start.
        self.kept_argument = -1
        self.style_argument = -1
        # The text to write when the argument of a style ends.
        self.behind = ""
        self.unclosed_math: set[str] = set()
        self.dollars = text.count("$")

    def result(self) -> str:
        text = self.text
        while match := _TOKEN.search(text, self.at):
            if match.start() > self.at:
                self.out.append(text[self.at : match.start()])
            self.at = match.end()
            token = match[0]
            if token == "{":
                self._open(match.start())
            elif token == "}":
                self._close()
            elif token in _MATH_ENDS:
                self._math(token)
            else:
                self._command(token, match.start())
        self.out.append(text[self.at :])
        return "".join(self.out)

    def _open(self, start: int) -> None:
        argument = start == self.kept_argument
        style = start == self.style_argument
        scripted = start > 0 and self.text[start - 1] in "_^"
        stays = argument or (not style and (scripted or self.keep_braces))
        behind, self.behind = (self.behind, "") if style else ("", self.behind)
        self.groups.append(_Group(len(self.out), start, stays=stays, argument=argument, behind=behind))
        self.out.append("{")

    def _close(self) -> None:
        if not self.groups:
            self.out.append("}")
            return
        group = self.groups.pop()
        empty = self.at - group.start == 2
        if group.stays and not (empty and not group.argument):
            self.out.append("}")
        else:
            self.out[group.at] = ""
        if group.behind:
            self.out.append(group.behind)
        if group.argument:
            self.kept_argument = self.at

    def _math(self, opening: str) -> None:
        end = None if opening in self.unclosed_math else _MATH_ENDS[opening].match(self.text, self.at)
        self.out.append(opening)
        if end is None:
            self.unclosed_math.add(opening)
        else:
            self.out.append(end[0])
            self.at = end.end()

    def _command(self, command: str, start: int) -> None:
        name = command[1:]
        if name in ACCENTS and (accented := _accented(self.text, start, 0)):
            letter, self.at = accented
            self._write(letter)
        elif name in SYMBOLS:
            self._write(SYMBOLS[name])
        elif name == "$" and self.dollars == 1:
            # With only one dollar, no later reader can take the text between two of them for math.
            self._write("$")
        elif name in SWITCHES:
            self._write("")
            self._skip_spaces()
        elif name in STYLES and self.text.startswith("{", self.at):
            self.style_argument = self.at
            self._write("")
        elif name in ("url", "nolinkurl", "path", "href") and (address := _GROUP.match(self.text, self.at)):
            self._address(name, address)
        elif (character := tex_commands.character(name)) is not None:
            self._write(character)
            if _ends_a_command(self.text, start, name, character):
                self._skip_spaces()
        else:
            self.out.append(command)
            option = _OPTION.match(self.text, self.at) if name.isalpha() else None
            self.kept_argument = option.end() if option else -1

    def _address(self, name: str, address: re.Match[str]) -> None:
        r"""Write an address; the text that `\href` has for it goes first."""
        self.at = address.end()
        if name != "href":
            self._write(address[1])
            return
        self.style_argument = self.at
        self.behind = f" ({address[1]})"
        self._write("" if self.text.startswith("{", self.at) else address[1])

    def _write(self, converted: str) -> None:
        """Write text that replaces TeX. The braces around it are TeX as well, and are dropped."""
        self.out.append(converted)
        if self.groups and not self.groups[-1].argument:
            group = self.groups[-1]
            if group.start == 0 or self.text[group.start - 1] not in "_^":
                group.stays = False

    def _skip_spaces(self) -> None:
        if spaces := _SPACES.match(self.text, self.at):
            self.at = spaces.end()


def _ends_a_command(text: str, start: int, name: str, character: str) -> bool:
    r"""Whether the white space after a command only ends it, as in `S\o ren`."""
    if name == "AA" and _NUMBER.search(text[max(0, start - 2) : start]):
        return False
    return name.startswith("text") or unicodedata.name(character[0], "").startswith("LATIN")


def _accented(text: str, start: int, depth: int) -> tuple[str, int] | None:
    """The letter of the accent command at `start`, and its end; None when nothing there can carry the accent."""
    name = text[start + 1]
    at = start + 2
    if name == "~" and text[start - 1 : start] == "/":
        # The address of a home page: http://www.example.org/\~name
        empty = text.startswith("{}", at)
        return "~", at + 2 * empty
    if name.isalpha() and (spaces := _SPACES.match(text, at)):
        at = spaces.end()
    argument = _accent_argument(text, at, depth)
    if argument is None:
        return None
    carrier, end = argument
    if not carrier.strip():
        return (ACCENTS_ALONE[name], end) if name in ACCENTS_ALONE else None
    first, rest = carrier[0], carrier[1:]
    if not first.isalpha():
        return None
    if name == "." and first == "ı":
        return "i" + rest, end
    if name not in "cdkb":
        first = _DOTLESS.get(first, first)
    return unicodedata.normalize("NFC", first + ACCENTS[name] + rest), end


def _accent_argument(text: str, at: int, depth: int) -> tuple[str, int] | None:
    """The text that an accent stands over, and its end: a letter, a group, or another command that is a letter."""
    following = text[at : at + 1]
    if following == "{":
        group = _SHORT_GROUP.match(text, at)
        if group is None or depth > _DEEPEST_ACCENT:
            return None
        # `strip`, for the i of `\'{ i}` and of `\'{\i }`.
        return for_storage(group[1]).strip(), group.end()
    if following != "\\":
        return (following, at + 1) if following.isalpha() else None
    token = _TOKEN.match(text, at)
    if token is None or depth > _DEEPEST_ACCENT:
        return None
    name = token[0][1:]
    if name in ACCENTS and (nested := _accented(text, at, depth + 1)):
        return nested
    letter = tex_commands.character(name)
    if letter is None or not letter.isalpha():
        return None
    end = token.end()
    if spaces := _SPACES.match(text, end):
        end = spaces.end()
    return letter, end


# -- for the screen


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
    with_scripts = _SCRIPT.sub(lambda script: "{}" + _script(script), formula)
    converted = tex_commands.rendered(with_scripts) if tex_commands.is_well_formed(formula) else None
    return match[0] if converted is None else converted.strip()


def _display_command(match: re.Match[str]) -> str:
    """A command without the pair of braces around it. A brace without its partner belongs to something else."""
    opened, closed = match[0].startswith("{"), match[0].endswith("}") and not match[1].endswith("}")
    converted = _rendered_or_source(match[1])
    if opened and closed:
        return converted
    return ("{" if opened else "") + converted + ("}" if closed else "")


def _script(match: re.Match[str]) -> str:
    """An exponent or index in small letters when Unicode has all of them; else "^(…)" or "_(…)"."""
    small = _SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS
    source = match[2] or match[3]
    plain = _rendered_or_source(source) if "\\" in source else source
    letters = [small.get(letter) for letter in plain.replace(" ", "")]
    if letters and all(letters):
        return "".join(letter for letter in letters if letter)
    return f"{match[1]}{plain}" if len(plain) == 1 else f"{match[1]}({plain})"


def _rendered_or_source(source: str) -> str:
    converted = tex_commands.rendered(source)
    return source if converted is None else converted


def _small_letters(kind: str) -> dict[str, str]:
    """Letter -> its superscript ("<super>") or subscript ("<sub>"), from the decompositions that Unicode defines."""
    letters: dict[str, str] = {}
    for code in (0xB2, 0xB3, 0xB9, *range(0x02B0, 0x02E5), *range(0x1D2C, 0x1D6B), *range(0x2070, 0x209D)):
        decomposed = unicodedata.decomposition(chr(code)).split()
        if len(decomposed) == 2 and decomposed[0] == kind:
            letters.setdefault(chr(int(decomposed[1], 16)), chr(code))
    return letters | {"-": "⁻" if kind == "<super>" else "₋", "*": "*", "'": "′"}


_SUPERSCRIPTS = _small_letters("<super>")
_SUBSCRIPTS = _small_letters("<sub>")
