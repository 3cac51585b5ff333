"""TeX accents and simple commands become letters; math, and what has no letter, stays as it is written.

A command's meaning is pylatexenc's. Where a command ends is found here, in one pass without recursion: text
from outside has braces that never close, and a lone dollar or percent sign is no TeX at all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_TOKEN = re.compile(r"\$\$?|\\[A-Za-z]+|\\.|[{}]", re.DOTALL)
# What closes the math that a token opens. The quantifiers are possessive: a search that fails read on once.
_MATH_ENDS = {
    "$": re.compile(r"(?:[^\\$]++|\\.)*+\$", re.DOTALL),
    "$$": re.compile(r"(?:[^\\$]++|\\.|\$(?!\$))*+\$\$", re.DOTALL),
    r"\(": re.compile(r"(?:[^\\]++|\\(?!\)))*+\\\)"),
    r"\[": re.compile(r"(?:[^\\]++|\\(?!\]))*+\\\]"),
}
# Text that holds TeX in its math only: most abstracts that hold any.
_PLAIN_AND_MATH = re.compile(r"[^\\{}$]*+(?:\$(?:[^\\$]++|\\.)*+\$[^\\{}$]*+)*+", re.DOTALL)
# Math, and an accent over a letter, in braces of its own or not: what most other text that holds TeX holds. Math that
# does not end goes to the end of the text, or the next one would be looked for behind each of its letters.
_MATH_OR_ACCENT = re.compile(
    r"""\$(?:[^\\$]++|\\.?+)*+(?:\$|\Z)|\{\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})\}|\\["'`^~](?:[A-Za-z]|\{[A-Za-z]\})""",
    re.DOTALL,
)
# The group of an accent: short, one group in it at most.
_SHORT_GROUP = re.compile(r"\{([^{}]{0,32}(?:\{[^{}]{0,16}\}[^{}]{0,32})?)\}")
_GROUP = re.compile(r"\s?\{([^{}]*)\}")
_OPTION = re.compile(r"\*?(?:\[[^][{}]{0,80}\])?")
_SPACES = re.compile(r"[ \t]*\n?[ \t]*")
_DOTLESS = {"ı": "i", "ȷ": "j"}
_DOT_ABOVE = "\u0307"
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": _DOT_ABOVE,
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "G": "\u030f", "t": "\u0361", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
# Accents over nothing are the character itself: `\~{}name` in an address.
_ALONE = {"~": "~", "^": "^", "`": "`", "'": "'", '"': '"'}
_SYMBOLS = {
    "&": "&", "%": "%", "#": "#", "_": "_", "{": "{", "}": "}", "\\": " ", " ": " ", "\n": " ", "\t": " ",
    ",": " ", ";": " ", ":": " ", ">": " ", "!": "", "-": "", "/": "", "@": "",
}  # fmt: skip
# Commands that pylatexenc has no character for.
_WORDS = {
    "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
    "euro": "€", "degree": "°", "degr": "°", "deg": "°", "slash": "/", "quad": " ", "qquad": " ",
    "space": " ", "newline": " ", "linebreak": " ", "par": "\n\n", "lq": "‘", "rq": "’", "textquotedbl": '"',
    "textquotesingle": "'", "textunderscore": "_", "textless": "<", "textgreater": ">", "textbar": "|",
    "SS": "SS", "micro": "µ", "textasciicircum": "^", "textasciigrave": "`",
}  # fmt: skip
# Commands that only change the look of their argument, and those that change all that follows.
_STYLES = {
    "emph", "textit", "textbf", "texttt", "textsc", "textrm", "textsl", "textsf", "textmd", "textup",
    "textnormal", "text", "mbox", "hbox", "mathrm", "underline", "uline", "textsuperscript",
    "textsubscript", "ensuremath", "lowercase", "MakeLowercase", "uppercase", "MakeUppercase",
    "NoCaseChange",
}  # fmt: skip
_SWITCHES = {
    "it", "bf", "em", "rm", "sc", "tt", "sl", "sf", "itshape", "bfseries", "scshape", "ttfamily",
    "rmfamily", "sffamily", "slshape", "upshape", "mdseries", "normalfont", "tiny", "scriptsize",
    "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "protect", "relax",
    "noindent", "sloppy", "boldmath", "displaystyle", "textstyle",
}  # fmt: skip
# An ångström after a number is a unit: the space behind it is one, not the end of the command.
_NUMBER = re.compile(r"\d[\s~]?$")


def letters(text: str, *, keep_braces: bool = False) -> str:
    r"""`text` with TeX accents and simple commands as Unicode: `M{\aa}ns Erd\H{o}s` is `Måns Erdős`.

    Text without a backslash or a brace comes back as it is, at once. Math (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`)
    is not touched, nor are `%`, `~`, dashes and quotes. A command with no letter stays with its arguments
    (`\cite{x}`). Braces that only group or protect are dropped (`{DNA}` is `DNA`), but not after `_` or `^`
    and not when they have no partner. With `keep_braces` those that hold no TeX stay too, for text in which a
    brace is more often a brace. Takes time linear in the length of `text`; raises nothing.
    """
    if "\\" not in text and "{" not in text and "}" not in text:
        return text
    # Where two stand together, only `_Reading` tells which of them belong together.
    if "$$" not in text:
        if _PLAIN_AND_MATH.fullmatch(text):
            return text
        simpler = _MATH_OR_ACCENT.sub(_without_accent, text)
        if _PLAIN_AND_MATH.fullmatch(simpler):
            return simpler
    return _Reading(text, keep_braces).result()


def _without_accent(found: re.Match[str]) -> str:
    """An accent as its letter, where `_Reading` would take it for one whatever else there is; math as it is."""
    said = found[0]
    before = found.string[max(0, found.start() - 1) : found.start()]
    # Braces behind "_" stay, and "/\\~" is no accent.
    if said[0] == "$" or before in ("_", "^", "/"):
        return said
    return _letter_with(said.strip("{}"))


@lru_cache(1024)
def _letter_with(accent: str) -> str:
    """The letter of an accent command: `\\'e`, `\\'{e`."""
    return unicodedata.normalize("NFC", accent[-1] + _COMBINING[accent[1]])


class _Group:
    """A brace that is open: where it is in the output, whether it stays, and what goes behind it."""

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
        # Where a group would start that is the argument of a command left as it is, or of a style.
        self.kept_argument = -1
        self.style_argument = -1
        self.behind = ""
        self.no_end: set[str] = set()
        self.dollars = text.count("$")

    def result(self) -> str:
        text = self.text
        while token := _TOKEN.search(text, self.at):
            if token.start() > self.at:
                self.out.append(text[self.at : token.start()])
            self.at = token.end()
            said = token[0]
            if said == "{":
                self._open(token.start())
            elif said == "}":
                self._close()
            elif said in _MATH_ENDS:
                self._math(said)
            else:
                self._command(said, token.start())
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
        end = None if opening in self.no_end else _MATH_ENDS[opening].match(self.text, self.at)
        self.out.append(opening)
        if end is None:
            self.no_end.add(opening)
        else:
            self.out.append(end[0])
            self.at = end.end()

    def _command(self, said: str, start: int) -> None:
        name = said[1:]
        if name in _COMBINING and (accented := _accented(self.text, start, 0)):
            written, self.at = accented
            self._write(written)
        elif name in _SYMBOLS:
            self._write(_SYMBOLS[name])
        elif name == "$" and self.dollars == 1:
            # The only one: no later reader can take what lies between two for math.
            self._write("$")
        elif name in _SWITCHES:
            self._write("")
            self._skip_spaces()
        elif name in _STYLES and self.text.startswith("{", self.at):
            self.style_argument = self.at
            self._write("")
        elif name in ("url", "nolinkurl", "path") and (address := _GROUP.match(self.text, self.at)):
            self._write(address[1])
            self.at = address.end()
        elif name == "href" and (address := _GROUP.match(self.text, self.at)):
            self.at = self.style_argument = address.end()
            self.behind = f" ({address[1]})"
            self._write("" if self.text.startswith("{", self.at) else address[1])
        elif (character := _letter(name)) is not None:
            self._write(character)
            if _ends_a_command(self.text, start, name, character):
                self._skip_spaces()
        else:
            self.out.append(said)
            option = _OPTION.match(self.text, self.at) if name.isalpha() else None
            self.kept_argument = option.end() if option else -1

    def _write(self, written: str) -> None:
        """`written` stands for TeX, so the braces around it are TeX as well."""
        self.out.append(written)
        if self.groups and not self.groups[-1].argument:
            group = self.groups[-1]
            if group.start == 0 or self.text[group.start - 1] not in "_^":
                group.stays = False

    def _skip_spaces(self) -> None:
        if spaces := _SPACES.match(self.text, self.at):
            self.at = spaces.end()


def _ends_a_command(text: str, start: int, name: str, written: str) -> bool:
    """Whether the white space behind a command only ends it, as in `S\\o ren`."""
    if name == "AA" and _NUMBER.search(text[max(0, start - 2) : start]):
        return False
    return name.startswith("text") or unicodedata.name(written[0], "").startswith("LATIN")


def _accented(text: str, start: int, depth: int) -> tuple[str, int] | None:
    """The letter of the accent command at `start`, and its end; None when what follows carries no accent."""
    name = text[start + 1]
    at = start + 2
    if name == "~" and text[start - 1 : start] == "/":
        # The home page of somebody: http://www.example.org/\~name
        empty = text.startswith("{}", at)
        return "~", at + 2 * empty
    if name.isalpha() and (spaces := _SPACES.match(text, at)):
        at = spaces.end()
    argument = _argument(text, at, depth)
    if argument is None:
        return None
    carrier, end = argument
    if not carrier.strip():
        return (_ALONE[name], end) if name in _ALONE else None
    first, rest = carrier[0], carrier[1:]
    if not first.isalpha():
        return None
    if name == "." and first == "ı":
        return "i" + rest, end
    if name not in "cdkb":
        first = _DOTLESS.get(first, first)
    return unicodedata.normalize("NFC", first + _COMBINING[name] + rest), end


def _argument(text: str, at: int, depth: int) -> tuple[str, int] | None:
    """What an accent stands over: a letter, a group, or another command that is a letter."""
    following = text[at : at + 1]
    if following == "{":
        group = _SHORT_GROUP.match(text, at)
        if group is None or depth > 3:
            return None
        inside = letters(group[1])
        # The i of `\'{ i}` and of `\'{\i }`.
        return (inside.strip(), group.end())
    if following != "\\":
        return (following, at + 1) if following.isalpha() else None
    token = _TOKEN.match(text, at)
    if token is None or depth > 3:
        return None
    name = token[0][1:]
    if name in _COMBINING and (nested := _accented(text, at, depth + 1)):
        return nested
    written = _letter(name)
    if written is None or not written.isalpha():
        return None
    end = token.end()
    if spaces := _SPACES.match(text, end):
        end = spaces.end()
    return written, end


def _letter(name: str) -> str | None:
    """The character that a command stands for, if there is one."""
    return _WORDS.get(name) or _characters().get(name)


@cache
def _characters() -> dict[str, str]:
    """Command to character, as pylatexenc knows them. Loaded at the first command: it takes 25 ms."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db()
    return {
        name: meaning.simplify_repl
        for category in ("latex-base", "advanced-symbols")
        for name, meaning in known.d[category]["macros"].items()
        if name.isalpha()
        and name != "today"
        and isinstance(meaning.simplify_repl, str)
        and meaning.simplify_repl
        and "%" not in meaning.simplify_repl
    }
