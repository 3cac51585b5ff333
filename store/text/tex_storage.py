r"""TeX in titles, names and abstracts becomes Unicode, for the library.

Where a command or a formula ends is decided in one pass without recursion, because text from outside has braces that
are never closed, and often a lone dollar or percent sign that is not TeX at all. `tex_commands` has the meaning of
commands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from store.text import scripts, tex_commands
from store.text.tex_commands import ACCENTS, ACCENTS_ALONE, STYLES, SWITCHES, SYMBOLS

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
# The argument of `\\ce`: groups inside, but none inside these.
_FORMULA_GROUP = re.compile(r"\s?\{((?:[^{}]++|\{[^{}]*+\})*+)\}")
_TEXT_ARGUMENT = re.compile(r"\s?(?=\{)")
_CHARACTER_NUMBER = re.compile(r"(?:(\d{1,6})|\"([0-9A-F]{1,5}))(?:\{\}|\s)?")
# What a document class prints in math and in text: "\ifmmode\check{C}\else\v{C}\fi{}erenkov", as APS exports it.
_IF_MATH = re.compile(
    r"\\ifmmode(?![A-Za-z])\s?(?P<math>(?:(?!\\(?:else|fi|ifmmode)(?![A-Za-z])).){0,200})"
    r"(?:\\else(?![A-Za-z])\s?(?P<text>(?:(?!\\(?:fi|ifmmode)(?![A-Za-z])).){0,200}))?\\fi(?![A-Za-z])(?:\{\})?",
    re.DOTALL,
)
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]{1,24}$")
# A script in text outside math, as the argument of `\ensuremath` has it.
_SCRIPT_IN_TEXT = re.compile(r"([\^_])(?:\{([^{}]{0,200})\}|([^\s{}]))")
# A raised circle. The space behind the command only ends it.
_DEGREE = re.compile(r"\^(?:\{∘\}|∘(?: (?=[CFK]\b))?)")
_MATH_COMMAND = re.compile(r"\\([A-Za-z]{1,24})")
_GROUPING = str.maketrans("", "", "{}$")
# A script of more pieces stays as written, between "^(" and ")".
_MOST_PIECES = 64
_OPTION = re.compile(r"\*?(?:\[[^][{}]{0,80}\])?")
_SPACES = re.compile(r"[ \t]*\n?[ \t]*")
_DOTLESS = {"ı": "i", "ȷ": "j"}
_DEEPEST_ACCENT = 3
# An ångström after a number is a unit. The space behind it separates words and does not end the command.
_NUMBER = re.compile(r"\d[\s~]?$")


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
    if "\\ifmmode" in text:
        text = _without_conditions(text)
    # Only `_Reading` can tell which dollars belong together where two stand side by side.
    if "$$" not in text:
        if _PLAIN_AND_MATH.fullmatch(text):
            return text
        simpler = _MATH_OR_ACCENT.sub(_without_accent, text)
        if _PLAIN_AND_MATH.fullmatch(simpler):
            return simpler
    return _Reading(text, keep_braces).result()


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


def _without_conditions(text: str) -> str:
    """`text` with the branch of each `\\ifmmode` that is for its place: inside or outside of dollars."""
    pieces: list[str] = []
    at = dollars = 0
    for match in _IF_MATH.finditer(text):
        before = text[at : match.start()]
        dollars += before.count("$") - before.count("\\$")
        branch = (match["math"] if dollars % 2 else match["text"]) or ""
        # The end of the condition also ended the name of a command.
        pieces += [before, branch, "{}" if _ENDS_IN_COMMAND.search(branch) else ""]
        at = match.end()
    return "".join([*pieces, text[at:]])


class _Group:
    """An open brace: its index in the output, its place in the text, whether it stays, and what follows its end.

    `convert` is what the text in the group becomes when the group ends.
    """

    __slots__ = ("argument", "at", "behind", "convert", "start", "stays")

    def __init__(
        self,
        at: int,
        start: int,
        *,
        stays: bool,
        argument: bool = False,
        behind: str = "",
        convert: Callable[[str], str] | None = None,
    ) -> None:
        self.at = at
        self.start = start
        self.stays = stays
        self.argument = argument
        self.behind = behind
        self.convert = convert


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
        # The text to write when the argument of a style ends, and what the argument becomes.
        self.behind = ""
        self.convert: Callable[[str], str] | None = None
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
        result = "".join(self.out)
        return _DEGREE.sub("°", result) if "∘" in result else result

    def _open(self, start: int) -> None:
        argument = start == self.kept_argument
        style = start == self.style_argument
        scripted = start > 0 and self.text[start - 1] in "_^"
        stays = argument or (not style and (scripted or self.keep_braces))
        behind, self.behind = (self.behind, "") if style else ("", self.behind)
        convert, self.convert = (self.convert, None) if style else (None, self.convert)
        group = _Group(len(self.out), start, stays=stays, argument=argument, behind=behind, convert=convert)
        self.groups.append(group)
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
        if group.convert and len(self.out) - group.at <= _MOST_PIECES:
            self.out[group.at :] = [group.convert("".join(self.out[group.at :]))]
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
            # "\it{…}" is wrong and common: the braces are meant as those of an argument.
            self._take_style()
        elif name in _CONVERSIONS and (argument := _TEXT_ARGUMENT.match(self.text, self.at)):
            self.at = argument.end()
            self.convert = _CONVERSIONS[name]
            self._take_style()
        elif name == "ce" and (formula := _FORMULA_GROUP.match(self.text, self.at)):
            self.at = formula.end()
            self._write(scripts.chemistry(for_storage(formula[1])))
        elif name == "char" and (number := _CHARACTER_NUMBER.match(self.text, self.at)):
            self.at = number.end()
            self._write(chr(int(number[1] or number[2], 10 if number[1] else 16)))
        elif name in STYLES and self.text.startswith("{", self.at):
            self._take_style()
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

    def _take_style(self) -> None:
        """Drop the braces of the group that follows, if one does."""
        self.style_argument = self.at

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


def _plain_math(text: str) -> str:
    r"""The argument of a script without braces and without the dollars of its math: "−1" for `$-$1`."""
    if "\\" in text:
        text = _MATH_COMMAND.sub(lambda command: tex_commands.character(command[1]) or command[0], text)
    return text.translate(_GROUPING)


def _with_scripts(text: str) -> str:
    """Text from a formula, with its superscripts and subscripts."""
    return _SCRIPT_IN_TEXT.sub(lambda script: scripts.script(script[1], script[2] or script[3] or ""), text)


# What the argument of a command becomes.
_CONVERSIONS: dict[str, Callable[[str], str]] = {
    "textsuperscript": lambda text: scripts.superscript(_plain_math(text)),
    "textsubscript": lambda text: scripts.subscript(_plain_math(text)),
    "ensuremath": _with_scripts,
}


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
