"""Names in the form of bibliographic databases: the family name first, usually followed by a comma.

Embase, EPPI-Reviewer, Derwent and PubMed leave out the comma and write only initials: "Liu R.", "Eberth D A", "Yang Y",
"Smith JA".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from store.formats.bibliography import fields
from store.text import author_names

# Each word of a family name has two letters or more, so that no initial counts as part of it.
_FAMILY = r"(?P<family>(?:[\w'’-]{2,} ){0,5}[^\W\d_][\w'’-]+)"
_SUFFIX = r"(?: (?P<suffix>(?:Jr|Sr|II|III|IV|2nd|3rd)\.?))?"
# Initials with full stops, or single capitals with spaces between them. The words before such initials are always the
# family name.
_CERTAIN = re.compile(
    rf"{_FAMILY},? (?P<initials>(?:[^\W\d_a-z][a-z]?\.[ -]?){{1,5}}|[^\W\d_a-z](?:[ -][^\W\d_a-z]){{0,4}}){_SUFFIX}"
)
# Two or three capitals may be initials ("Smith JA") or the end of another name ("KAIST AI").
_POSSIBLE = re.compile(rf"{_FAMILY} (?P<initials>[^\W\d_a-z]{{2,3}}){_SUFFIX}")


def given_first(names: Iterable[str]) -> list[str]:
    """The names of one paper, each with the given name first.

    A name without a comma is reversed if it ends in initials. Two or three capitals count as initials only if all names
    end in initials and at least one of them certainly does.
    """
    written = list(names)
    if all("," in name for name in written):
        return [fields.person(name) for name in written]
    without_comma = [name for name in written if "," not in name and not author_names.group_word(name)]
    certain = [_CERTAIN.fullmatch(name) for name in without_comma]
    all_have = any(certain) and all(
        match or _POSSIBLE.fullmatch(name) for match, name in zip(certain, without_comma, strict=True)
    )
    return [_given_first(name, _POSSIBLE if all_have else None) for name in written]


def _given_first(name: str, possible: re.Pattern[str] | None) -> str:
    if "," in name or author_names.group_word(name):
        return fields.person(name)
    match = _CERTAIN.fullmatch(name) or (possible.fullmatch(name) if possible else None)
    return " ".join(filter(None, (match["initials"].strip(), match["family"], match["suffix"]))) if match else name
