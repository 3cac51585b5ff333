"""Reads the sentences and headings from the TeX source of a paper, to compare them with the text of its PDF."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# Environments whose content is not running text, or is printed at another place than where it is in the source.
_LEFT_OUT = (
    "equation", "align", "eqnarray", "gather", "multline", "displaymath", "math", "alignat", "flalign", "figure",
    "table", "tabular", "tabbing", "deluxetable", "verbatim", "Verbatim", "lstlisting", "minted", "thebibliography",
    "tikzpicture", "picture", "array", "widetext", "algorithm", "filecontents", "CCSXML", "longtable", "sidewaystable",
    "teaserfigure", "boxedminipage", "minipage", "quote", "theacknowledgments", "comment", "example", "ex", "code",
    "longlisting", "listing", "floatingfigure", "wrapfigure", "turnpage", "rotatetable", "interactive", "tablehere",
    "figurehere", "NoHyper", "frontmatter", "titlepage", "nomenclature", "tabularx", "printonly", "screenonly",
    "subequations", "dmath", "center", "trivlist", "keyword", "keywords", "abstract", "IEEEkeywords",
    "biographynophoto",
)  # fmt: skip
_COMMENT = re.compile(r"(?<!\\)%.*\n?")
_HEADING = re.compile(r"\\(?:immed)?(?:sub){0,2}section\s*(\*?)\s*(?:\[[^\]]*\])?\s*(?=\{)")
_OTHER_HEADING = re.compile(
    r"\\(?:paragraph|subparagraph|part|chapter|Appendix|title)\s*(\*?)\s*(?:\[[^\]]*\])?\s*(?=\{)"
)
_FORMULA = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\\\(.*?\\\)|(?<!\\)\$[^$]*\$", re.DOTALL)
_FOOTNOTE = re.compile(r"\\(?:footnote|footnotetext|thanks|tablenotetext|marginpar|label|index|affiliation|hspace"
                       r"|vspace|caption|title|author|email|date|cite[a-z]*|ref|eqref|bibliography|bibliographystyle)\*?\s*"
                       r"(?:\[[^\]]*\])*\s*(?=\{)")  # fmt: skip
_STYLE = re.compile(
    r"\\(?:emph|textit|textbf|textsl|textsc|textrm|textsf|mbox|text|uline|underline|textup|textmd)\s*(?=\{)"
)
_ACCENT = re.compile(r"""\\["'`^~=.cvuHk]\s*\{?\\?[a-zA-Z]\}?""")
_SIGNS = (
    ("\\LaTeXe", "\\formula"), ("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("~", " "), ("\\%", "%"),
    ("\\&", "&"), ("\\$", "$"),
    ("\\#", "#"), ("\\_", "_"), ("\\ ", " "), ("\\,", " "), ("\\/", ""), ("\\-", ""), ("\\@", ""), ("\\LaTeX", "LaTeX"),
    ("\\TeX", "TeX"), ("\\noindent", " "), ("\\par ", "\n\n"), ("\\item", "\n\n"), ("\\newline", " "),
)  # fmt: skip
_END = re.compile(r"(?<=[.?!])[”)]*\s+(?=[A-Z“])")
_ANYTHING = "\ue000"
_ANYTHING_PATTERN = r"\w*"
_TITLE_STYLE = re.compile(
    r"\\protect\b|\\(?:texttt|textsf|tt|bf|it|em|sffamily|boldmath|MakeUppercase|sc|upshape|centering|raggedright)\b"
)
# A sentence with fewer words than this is ignored: it is often printed twice, or is a part of a list of names.
_LEAST_WORDS = 7


class Source(NamedTuple):
    """The sentences and headings of a TeX source, in the order of the source.

    `sentences` are its whole sentences without formulas and commands. `headings` are patterns for the titles of
    sections, to be matched against what `letters` returns; a command in a title matches anything. `others` are the
    patterns of run-in titles (at the start of a paragraph) and of parts of the paper whose titles may be printed in any
    way. A text that matches them may be a heading or not.
    """

    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    others: tuple[str, ...]


def read(path: Path) -> Source:
    """Read the TeX source at `path`, without the files that it includes."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    _, _, body = text.replace("\r\n", "\n").partition("\\begin{document}")
    body = _COMMENT.sub("", re.sub(r"(?<!\\)%[^\n]*\n\s*\n", "\n\n", body))
    body = re.sub(r"\\begin\{(verbatim|lstlisting|Verbatim)\*?\}.*?\\end\{\1\*?\}", "\n\n", body, flags=re.DOTALL)
    body = body.rpartition("\\end{document}")[0] or body
    body = re.sub(r"\\verb\*?(\W).*?\1|\\lstinline(\W).*?\2", "\\\\verb", body)
    return Source(tuple(_sentences(body)), _titles(body, _HEADING), _titles(body, _OTHER_HEADING))


def letters(text: str) -> str:
    """The letters and digits of a text without spaces, hyphens and accents, in lower case."""
    return "".join(filter(str.isalnum, text.casefold().replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")))


def _sentences(body: str) -> Iterator[str]:
    for name in _LEFT_OUT:
        body = re.sub(rf"\\begin\{{{name}\*?\}}.*?\\end\{{{name}\*?\}}", " \\\\left ", body, flags=re.DOTALL)
    body = _FORMULA.sub(" \\\\formula ", body)
    body = _without(body, _HEADING, "\n\n")
    body = _without(body, _FOOTNOTE, " \\\\note ")
    body = _unwrapped(body, _STYLE)
    for source, printed in _SIGNS:
        body = body.replace(source, printed)
    for paragraph in re.split(r"\n\s*\n|\\(?:begin|end)\{[^}]*\}", body):
        flat = " ".join(paragraph.split())
        # The first and the last part of a paragraph may be incomplete, because text next to them was left out.
        for sentence in _END.split(flat):
            is_plain = sentence[:1].isupper() and not re.search(r"[\\{}^_$&\[\]|=<>]", sentence)
            is_whole = sentence.rstrip("”)")[-1:] in ".?!" and sentence.count(" ") + 1 >= _LEAST_WORDS
            if is_plain and is_whole:
                yield sentence


def _argument(text: str, at: int) -> tuple[str, int]:
    """The content of the braces that open at index `at`, and the index after the closing brace."""
    depth = 0
    for index in range(at, len(text)):
        if text[index] == "{" and text[index - 1] != "\\":
            depth += 1
        elif text[index] == "}" and text[index - 1] != "\\":
            depth -= 1
            if depth == 0:
                return text[at + 1 : index], index + 1
    return "", at


def _without(text: str, command: re.Pattern[str], replacement: str) -> str:
    parts: list[str] = []
    at = 0
    for match in command.finditer(text):
        if match.start() >= at:
            parts += (text[at : match.start()], replacement.replace("\\\\", "\\"))
            at = _argument(text, match.end())[1]
    return "".join([*parts, text[at:]])


def _unwrapped(text: str, command: re.Pattern[str]) -> str:
    for _ in range(10):
        match = command.search(text)
        while match:
            inner, end = _argument(text, match.end())
            text = text[: match.start()] + inner + text[max(end, match.end()) :]
            match = command.search(text, match.start())
    return text


def _titles(body: str, command: re.Pattern[str]) -> tuple[str, ...]:
    titles = (_pattern(_argument(body, match.end())[0]) for match in command.finditer(body))
    return tuple(pattern for pattern in titles if letters(pattern))


def _pattern(title: str) -> str:
    """A pattern that matches the letters of a title. Formulas and unknown commands in the title match anything."""
    title = _without(_FORMULA.sub(_ANYTHING, title), _FOOTNOTE, "")
    title = _TITLE_STYLE.sub("", _unwrapped(title, _STYLE))
    for source, printed in _SIGNS:
        title = title.replace(source, printed)
    title = title.replace("\\\\", " ").replace("\\newline", " ").replace("\\verb", _ANYTHING)
    title = re.sub(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})*|\\.", _ANYTHING, title)
    return f"{_ANYTHING_PATTERN}".join(re.escape(letters(part)) for part in title.split(_ANYTHING))
