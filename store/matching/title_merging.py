"""Decides which titles count as equal, and which title a paper gets if its entries have different titles.

Titles count as equal if `fold_title` returns the same text. `title_quality` ranks different titles. A placeholder title
("arXiv:2601.20030" or "doi:10.1000/182") belongs to a paper of which only an identifier is known. For example, a list
of links to arXiv contains the ids of papers, but not their titles. A paper keeps its placeholder title until another
source provides the real title.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID

_BETWEEN_WORDS = re.compile(r"[\W_]+")
# A table for `str.translate` that removes all characters but letters and digits from an ASCII text. This is several
# times as fast as a regular expression.
_BETWEEN_ASCII_WORDS = {code: None for code in range(128) if not chr(code).isalnum()}
# Matches TeX commands for the style of letters. Some sources omit the backslash of the longer commands ("mathbb R").
_STYLE_COMMAND = re.compile(
    r"(?:\\|(?<![a-z]))(?:math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|text(?:bf|it|rm|sc|sf|sl|tt))(?![a-z])"
    r"|\\(?:bf|bm|boldsymbol|em|emph|ensuremath|it|operatorname|rm|sc|sf|text|tt)(?![a-z])|\\var(?=[a-z])"
)
_ELL = re.compile(r"\\ell(?![a-z])")
# How letters that Unicode does not decompose are written with ASCII letters. A Greek letter becomes its name in TeX, so
# that it equals the "$\\alpha$" of other sources.
_SPELLED_OUT = {
    **str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}),
    **{c: unicodedata.name(chr(c)).split()[-1].lower() for c in range(ord("α"), ord("ω") + 1)},
    ord("λ"): "lambda",
}
# A title in capitals with at least this many words has a lower rank. A shorter title in capitals may be an acronym.
_MANY_WORDS = 4
_FORMULA = re.compile(r"\$[^$]*\$")
_PLACEHOLDER = re.compile(rf"arXiv:(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})|doi:{DOI_PREFIX}\S+")


def fold_title(text: str) -> str:
    """The folded title: only letters and digits, in lower case, without accents and TeX commands.

    Titles that differ only in spelling, for example in case, spaces or punctuation, have the same folded title.

    Libraries store hashes of folded titles (`title_key`) in the tables `paper`, `alias` and `retraction`. If you change
    this function, add a migration in store/library/schema.py that computes these hashes again. Otherwise, stored papers
    are no longer found by their titles. If a paper has neither an arXiv id nor a DOI, the user's marks identify it by
    such a hash (store/marks/registers.py), even in the files that the user's machines exchange. So the migration must
    make sure that these marks still belong to their papers.
    """
    plain = text.casefold()
    if "\\" in plain or "math" in plain or "text" in plain:
        plain = _ELL.sub("l", _STYLE_COMMAND.sub(" ", plain))
    if not plain.isascii():
        # Fold the case and normalize a second time: the first NFKD may turn a symbol such as the script "ℋ", which has
        # no lower case, into the capital "H", whose case must then be folded.
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED_OUT)
        folded = _BETWEEN_WORDS.sub("", plain)
    else:
        folded = plain.translate(_BETWEEN_ASCII_WORDS)
    # A title without letters and digits is returned with its punctuation, so that different titles of this kind differ.
    return folded or "".join(text.casefold().split())


def title_key(title: str) -> int:
    """A hash of the folded title, as a signed 64-bit number. The library has an index of these numbers."""
    return text_hash(fold_title(title))


def title_quality(title: str) -> tuple[bool, bool]:
    """The quality of a title, for comparing titles of one paper. The better of two titles has the greater result.

    Placeholder titles have the lowest rank. Above them are titles in capitals, and titles with TeX commands. TeX
    commands between dollar signs do not lower the rank, because recto draws them as a formula. Titles of equal quality
    are ranked by their sources (store/matching/merge.py).
    """
    in_capitals = title.isupper() and len(title.split()) >= _MANY_WORDS
    is_plain = not in_capitals and "\\" not in _FORMULA.sub("", title)
    return not is_placeholder(title), is_plain


def placeholder_title(arxiv_id: str | None, doi: str | None) -> str | None:
    """The placeholder title for a paper with these identifiers, or None when both are None."""
    if arxiv_id:
        return f"arXiv:{arxiv_id}"
    return f"doi:{doi}" if doi else None


def is_placeholder(title: str) -> bool:
    """Whether a title is a placeholder, which consists only of the identifier of its paper."""
    return title.startswith(("arXiv:", "doi:")) and _PLACEHOLDER.fullmatch(title) is not None


def text_hash(text: str) -> int:
    """A hash of `text`, as a signed 64-bit number."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
