r"""Converts TeX in titles, names and abstracts to Unicode for the library. Formulas stay in TeX.

One pass without a full parser finds the ends of commands and formulas, because texts from listings have braces without
a partner, and often a single dollar or percent sign that is not TeX. The module `tex_commands` contains the text for
each command.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from store.text import scripts, tex_commands
from store.text.tex_commands import ACCENTS, ACCENTS_ALONE, STYLES, SWITCHES, SYMBOLS

_TOKEN = re.compile(r"\$\$?|\\[A-Za-z]+|\\.|[{}]", re.DOTALL)
# Maps each token that starts math to a pattern for the rest of the math. The quantifiers are possessive, so that a
# search without a match reads the text only once.
_MATH_ENDS = {
    "$": re.compile(r"(?:[^\\$]++|\\.)*+\$", re.DOTALL),
    "$$": re.compile(r"(?:[^\\$]++|\\.|\$(?!\$))*+\$\$", re.DOTALL),
    r"\(": re.compile(r"(?:[^\\]++|\\(?!\)))*+\\\)"),
    r"\[": re.compile(r"(?:[^\\]++|\\(?!\]))*+\\\]"),
}
# Matches text that contains TeX only inside its math, as most abstracts with TeX do.
_PLAIN_AND_MATH = re.compile(r"[^\\{}$]*+(?:\$(?:[^\\$]++|\\.)*+\$[^\\{}$]*+)*+", re.DOTALL)
# Matches math, or an accent over one letter, with or without braces. Most other texts with TeX have only these. Math
# without an end matches up to the end of the text. If it did not match, the search would start again at each of its
# characters and take quadratic time.
_MATH_OR_ACCENT = re.compile(
    r"""\$(?:[^\\$]++|\\.?+)*+(?:\$|\Z)|\{\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})\}|\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})""",
    re.DOTALL,
)
# Matches the argument of an accent in braces: a short text with at most one inner group.
_SHORT_GROUP = re.compile(r"\{([^{}]{0,32}(?:\{[^{}]{0,16}\}[^{}]{0,32})?)\}")
_GROUP = re.compile(r"\s?\{([^{}]*)\}")
# Matches the argument of `\ce` (a chemical formula). It may contain groups in braces, but no groups inside these.
_FORMULA_GROUP = re.compile(r"\s?\{((?:[^{}]++|\{[^{}]*+\})*+)\}")
_TEXT_ARGUMENT = re.compile(r"\s?(?=\{)")
_CHARACTER_NUMBER = re.compile(r"(?:(\d{1,6})|\"([0-9A-F]{1,5}))(?:\{\}|\s)?")
# Matches a condition with one branch for math and one for text, as the publisher APS exports it:
# "\ifmmode\check{C}\else\v{C}\fi{}erenkov".
_IF_MATH = re.compile(
    r"\\ifmmode(?![A-Za-z])\s?(?P<math>(?:(?!\\(?:else|fi|ifmmode)(?![A-Za-z])).){0,200})"
    r"(?:\\else(?![A-Za-z])\s?(?P<text>(?:(?!\\(?:fi|ifmmode)(?![A-Za-z])).){0,200}))?\\fi(?![A-Za-z])(?:\{\})?",
    re.DOTALL,
)
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]{1,24}$")
# Matches a superscript or subscript in the argument of `\ensuremath`, which is math without dollar signs.
_SCRIPT_IN_TEXT = re.compile(r"([\^_])(?:\{([^{}]{0,200})\}|([^\s{}]))")
# Matches a degree sign, which TeX writes as a superscript circle, with the space between it and the unit (C, F, K). The
# space is dropped, because in TeX it only ended the command.
_DEGREE = re.compile(r"\^(?:\{∘\}|∘(?: (?=[CFK]\b))?)")
_MATH_COMMAND = re.compile(r"\\([A-Za-z]{1,24})")
_GROUPING = str.maketrans("", "", "{}$")
# The argument of a command in `_CONVERSIONS` is not converted if it consists of more pieces of output than this.
_MOST_PIECES = 64
_OPTION = re.compile(r"\*?(?:\[[^][{}]{0,80}\])?")
_SPACES = re.compile(r"[ \t]*\n?[ \t]*")
_DOTLESS = {"ı": "i", "ȷ": "j"}
_DEEPEST_ACCENT = 3
# Matches a number before `\AA`, which is then the unit ångström. The space after the command is kept, because it
# separates the unit from the next word.
_NUMBER = re.compile(r"\d[\s~]?$")


def for_storage(text: str, *, keep_braces: bool = False) -> str:
    r"""`text` with TeX accents and simple commands as Unicode: `M{\aa}ns Erd\H{o}s` is `Måns Erdős`.

    Math (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`) stays unchanged, and so do `%`, `~`, dashes and quotes. A command that
    prints no character stays, with its arguments (`\cite{x}`). Braces that only group or protect text are dropped
    (`{DNA}` becomes `DNA`), except after `_` or `^`, and except braces without a partner. If `keep_braces` is True,
    braces without TeX between them stay too; use it for texts in which most braces are ordinary characters. Takes time
    linear in the length of `text`, and raises nothing.
    """
    if "\\" not in text and "{" not in text and "}" not in text:
        return text
    if "\\ifmmode" in text:
        text = _without_conditions(text)
    # In a text with "$$", only `_Reading` can decide which dollar signs belong together, so these patterns are not
    # used.
    if "$$" not in text:
        if _PLAIN_AND_MATH.fullmatch(text):
            return text
        simpler = _MATH_OR_ACCENT.sub(_without_accent, text)
        if _PLAIN_AND_MATH.fullmatch(simpler):
            return simpler
    return _Reading(text, keep_braces).result()


def _without_accent(match: re.Match[str]) -> str:
    """The letter for a matched accent command, if `_Reading` would convert the command in any context; else the
    unchanged command.
    """
    source = match[0]
    before = match.string[max(0, match.start() - 1) : match.start()]
    # Braces after "_" and "^" must stay, and "\~" in the address "/\~name" is not an accent.
    if source[0] == "$" or before in ("_", "^", "/"):
        return source
    return _accented_letter(source.strip("{}"))


@lru_cache(1024)
def _accented_letter(accent: str) -> str:
    r"""The letter for an accent command, which must be passed without its closing braces: "é" for `\'e` and `\'{e`."""
    return unicodedata.normalize("NFC", accent[-1] + ACCENTS[accent[1]])


def _without_conditions(text: str) -> str:
    """`text` with each `\\ifmmode` replaced by one of its branches: between dollar signs the one for math."""
    pieces: list[str] = []
    at = dollars = 0
    for match in _IF_MATH.finditer(text):
        before = text[at : match.start()]
        dollars += before.count("$") - before.count("\\$")
        branch = (match["math"] if dollars % 2 else match["text"]) or ""
        # `\fi` also ended the name of a command directly before it. Because `\fi` is dropped, "{}" must end that name.
        pieces += [before, branch, "{}" if _ENDS_IN_COMMAND.search(branch) else ""]
        at = match.end()
    return "".join([*pieces, text[at:]])


class _Group:
    """A group in braces whose end has not been read yet.

    `at` is the index of its opening brace in the output, and `start` the offset of this brace in the text. `stays` is
    True if the braces are written to the output. `argument` is True for the argument of an unknown command. `behind` is
    a text that is written after the group, and `convert` is a function that converts the text in the group.
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
    """Reads one text once, from start to end, and collects the converted text in `out`."""

    def __init__(self, text: str, keep_braces: bool) -> None:
        self.text = text
        self.keep_braces = keep_braces
        self.at = 0
        self.out: list[str] = []
        self.groups: list[_Group] = []
        # If a brace at the offset `kept_argument` starts a group, the group is the argument of an unknown command, and
        # its braces are kept. At the offset `style_argument`, it is the argument of a style such as `\textbf`, and its
        # braces are dropped.
        self.kept_argument = -1
        self.style_argument = -1
        # For the next argument of a style: the text to write after the argument, and the function that converts it.
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
            # Drop the backslash. This is the only dollar sign in the text, so it cannot be mistaken for the start of
            # math.
            self._write("$")
        elif name in SWITCHES:
            self._write("")
            self._skip_spaces()
            # "\it{…}" is a common mistake for "{\it …}". Treat the braces as those of an argument.
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
        """If a group in braces starts at the current offset, drop its braces."""
        self.style_argument = self.at

    def _address(self, name: str, address: re.Match[str]) -> None:
        r"""Write the web address in a link command to the output. For `\href`, write the text of the link and then the
        address in parentheses.
        """
        self.at = address.end()
        if name != "href":
            self._write(address[1])
            return
        self.style_argument = self.at
        self.behind = f" ({address[1]})"
        self._write("" if self.text.startswith("{", self.at) else address[1])

    def _write(self, converted: str) -> None:
        """Append `converted`, the text for a command, to the output. Braces around the command are dropped."""
        self.out.append(converted)
        if self.groups and not self.groups[-1].argument:
            group = self.groups[-1]
            if group.start == 0 or self.text[group.start - 1] not in "_^":
                group.stays = False

    def _skip_spaces(self) -> None:
        if spaces := _SPACES.match(self.text, self.at):
            self.at = spaces.end()


def _plain_math(text: str) -> str:
    r"""The argument of `\textsuperscript` or `\textsubscript` as text, without braces and dollar signs."""
    if "\\" in text:
        text = _MATH_COMMAND.sub(lambda command: tex_commands.character(command[1]) or command[0], text)
    return text.translate(_GROUPING)


def _with_scripts(text: str) -> str:
    """`text`, part of a formula, with its superscripts and subscripts converted."""
    return _SCRIPT_IN_TEXT.sub(lambda script: scripts.script(script[1], script[2] or script[3] or ""), text)


# The function that converts the argument of a command, by command.
_CONVERSIONS: dict[str, Callable[[str], str]] = {
    "textsuperscript": lambda text: scripts.superscript(_plain_math(text)),
    "textsubscript": lambda text: scripts.subscript(_plain_math(text)),
    "ensuremath": _with_scripts,
}


def _ends_a_command(text: str, start: int, name: str, character: str) -> bool:
    r"""Whether TeX does not print the white space after a command, because it only ends the command's name, as in `S\o
    ren`.
    """
    if name == "AA" and _NUMBER.search(text[max(0, start - 2) : start]):
        return False
    return name.startswith("text") or unicodedata.name(character[0], "").startswith("LATIN")


def _accented(text: str, start: int, depth: int) -> tuple[str, int] | None:
    """The letter with its accent, from the accent command at `start`, and the offset after the command.

    None when the command is not followed by a letter that can carry the accent.
    """
    name = text[start + 1]
    at = start + 2
    if name == "~" and text[start - 1 : start] == "/":
        # In the address of a home page, `\~` is a tilde: http://www.example.org/\~name
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
    """The text that carries an accent, and the offset after it; None when nothing can carry the accent.

    The text is a letter, a group, or a command that prints a letter.
    """
    following = text[at : at + 1]
    if following == "{":
        group = _SHORT_GROUP.match(text, at)
        if group is None or depth > _DEEPEST_ACCENT:
            return None
        # Strip spaces, because `\'{ i}` and `\'{\i }` have spaces in the group.
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
