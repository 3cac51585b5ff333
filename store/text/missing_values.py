"""Recognizes texts that stand for a missing value: "NA", "null", "[No abstract available]", "No Title".

R writes "NA", pandas "nan" or "None", and Mendeley, Scopus and PubMed write sentences. Such a text must not become the
title of a paper, the name of an author or an abstract.
"""

from __future__ import annotations

# No text below has more characters than this, including the brackets and the full stop that may surround it.
LONGEST = 40
_AROUND = "[]()<>{}\"'. "
# Texts that stand for a missing value in every field, in lower case and without the characters in `_AROUND`.
_NOTHING = frozenset({
    "n/a", "n.a", "nan", "nat", "none", "null", "nil", "undefined", "not available", "not applicable", "no data",
})  # fmt: skip
_NO_TITLE = _NOTHING | {"no title", "no title available", "no title found", "title not available", "title unavailable"}
_NO_NAME = (_NOTHING - {"nat", "none"}) | {
    "no author", "no authors", "no author name available", "no author listed", "no authors listed", "author unknown",
    "unknown author", "no author information available",
}  # fmt: skip
_NO_TEXT = _NOTHING | {
    "", "-", "--", "---", "–", "—", "?", "???",
    "no abstract", "no abstract available", "abstract not available", "abstract unavailable", "no summary available",
    "no description available", "there is no abstract available",
}  # fmt: skip
# The text "NA" stands for a missing value only in capitals, because "Na" may be a name.
_NA = "NA"
# Web of Science writes the first of these in place of a name. "Anonymous" alone may be the name on a title page.
_NO_NAME_AS_WRITTEN = frozenset({"[Anonymous]", "[Anon]", _NA, "None"})


def is_no_title(text: str) -> bool:
    """Whether `text`, in the field for a title, means that the title is not known."""
    return len(text) <= LONGEST and (text == _NA or text.strip(_AROUND).lower() in _NO_TITLE)


def is_no_name(text: str) -> bool:
    """Whether `text`, in the field for a name, means that no author is known. "NA" means this, but "Na" is a name."""
    return len(text) <= LONGEST and (text in _NO_NAME_AS_WRITTEN or text.strip(_AROUND).lower() in _NO_NAME)


def is_no_text(text: str) -> bool:
    """Whether `text`, in a field other than title and name, means that the value is missing."""
    return len(text) <= LONGEST and (text == _NA or text.strip(_AROUND).lower() in _NO_TEXT)
