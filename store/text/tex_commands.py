"""The Unicode text for TeX commands: from the tables in this module, and from pylatexenc for all other commands.

pylatexenc also converts formulas. Only this module uses pylatexenc. It is imported only when the first command must be
converted, because the import takes 25 ms and most texts have no TeX.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache

# The combining character of each accent command.
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "G": "\u030f", "t": "\u0361", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
# An accent command with an empty argument prints the accent alone as a character: `\~{}name` in an address is "~name".
ACCENTS_ALONE = {"~": "~", "^": "^", "`": "`", "'": "'", '"': '"'}
# The text for each command whose name is a single character that is not a letter.
SYMBOLS = {
    "&": "&", "%": "%", "#": "#", "_": "_", "{": "{", "}": "}", "\\": " ", " ": " ", "\n": " ", "\t": " ",
    ",": " ", ";": " ", ":": " ", ">": " ", "!": "", "-": "", "/": "", "@": "",
}  # fmt: skip
# The text of commands for which pylatexenc has no character.
_WORDS = {
    "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "S": "§", "P": "¶", "copyright": "©", "pounds": "£",
    "euro": "€", "degree": "°", "degr": "°", "deg": "°", "slash": "/", "quad": " ", "qquad": " ",
    "space": " ", "newline": " ", "linebreak": " ", "par": "\n\n", "lq": "‘", "rq": "’", "textquotedbl": '"',
    "textquotesingle": "'", "textunderscore": "_", "textless": "<", "textgreater": ">", "textbar": "|",
    "SS": "SS", "micro": "µ", "textasciicircum": "^", "textasciigrave": "`",
}  # fmt: skip
# Commands that change only the appearance of their argument, so the argument stays and the command is dropped.
STYLES = {
    "emph", "textit", "textbf", "texttt", "textsc", "textrm", "textsl", "textsf", "textmd", "textup",
    "textnormal", "text", "mbox", "hbox", "mathrm", "underline", "uline", "lowercase", "MakeLowercase",
    "uppercase", "MakeUppercase", "NoCaseChange",
}  # fmt: skip
# Commands that change only the appearance of the text after them, so they are dropped.
SWITCHES = {
    "it", "bf", "em", "rm", "sc", "tt", "sl", "sf", "itshape", "bfseries", "scshape", "ttfamily",
    "rmfamily", "sffamily", "slshape", "upshape", "mdseries", "normalfont", "tiny", "scriptsize",
    "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "protect", "relax",
    "noindent", "sloppy", "boldmath", "displaystyle", "textstyle",
}  # fmt: skip

# TeX source with more characters than this stays unchanged, because pylatexenc may take several ms for it.
LONGEST_SOURCE = 400
# The time of pylatexenc doubles with each group that is nested around a mistake, and with each optional argument inside
# another. So the nested groups and the optional arguments are limited to these numbers.
_DEEPEST_GROUP = 5
_MOST_OPTIONS = 4
_GROUPING = re.compile(r"\\.|([{}$])", re.S)
_OPTION = re.compile(r"\\(?!left|right|[bB]igg?[lr]?)[a-zA-Z]+\*?\s*\[")
# pylatexenc drops the space after a command. So "{}" is put between the command and the space, to keep the words apart.
_COMMAND_AND_SPACE = re.compile(r"(\\[a-zA-Z]+) +(?=[^\s{])")
# Matches a line over one letter or digit, as in the direction [00\\overline{1}] of a crystal. pylatexenc would drop the
# line.
_OVERLINE = re.compile(r"\\overline(?=\s?\{(?:\w|\\[A-Za-z]{1,20})\})")
# Matches the bars of a norm (`\|`), which pylatexenc would drop. In `\\|`, the backslashes are a line break and no
# norm.
_NORM = re.compile(r"(?<!\\)\\\|")


def character(name: str) -> str | None:
    """The character or word that the command `name` prints; None when the command is unknown or prints none."""
    return _WORDS.get(name) or _characters().get(name)


@lru_cache(maxsize=4096)
def rendered(source: str) -> str | None:
    """Convert `source`, a command or a formula without its dollar signs, to Unicode text with pylatexenc.

    None when pylatexenc cannot convert `source`, or when the conversion could take long (see `is_well_formed`).
    """
    if len(source) > LONGEST_SOURCE or not is_well_formed(source):
        return None
    from pylatexenc.latex2text import LatexNodes2Text

    # Suppress the log messages of pylatexenc about mistakes in the source. They would appear on the terminal, on top of
    # the user interface.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    try:
        text: str = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text(
            _OVERLINE.sub(r"\\bar", _NORM.sub("‖", _COMMAND_AND_SPACE.sub(r"\1{} ", source)))
        )
    except Exception:  # pylatexenc may raise an error of any type if the text is not LaTeX
        return None
    # pylatexenc writes "%s" where an argument is missing.
    return text if text.strip() and ("%s" not in text or "%s" in source) else None


def is_well_formed(source: str) -> bool:
    """Whether `source` has balanced braces, few nested groups, few optional arguments, and no dollar sign."""
    depth = 0
    for sign in _GROUPING.findall(source):
        depth += {"{": 1, "}": -1, "$": _DEEPEST_GROUP + 1, "": 0}[sign]
        if not 0 <= depth <= _DEEPEST_GROUP:
            return False
    return depth == 0 and len(_OPTION.findall(source)) <= _MOST_OPTIONS


@cache
def _characters() -> dict[str, str]:
    """A dictionary from command names to characters, made from pylatexenc's tables."""
    from pylatexenc.latex2text import get_default_latex_context_db

    database = get_default_latex_context_db()
    return {
        name: macro.simplify_repl
        for category in ("latex-base", "advanced-symbols")
        for name, macro in database.d[category]["macros"].items()
        if name.isalpha()
        and name != "today"
        and isinstance(macro.simplify_repl, str)
        and macro.simplify_repl
        and "%" not in macro.simplify_repl
    }
