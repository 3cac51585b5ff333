"""The user's opinions on words, authors, organizations, categories and papers, which influence the ranking.

They are stored as registers (store/marks/registers.py), as saved filters are. So a change of them can be undone, and
the user's other machines get it. Opinions add to what the ranking learns from papers. A setting says from which papers
it learns: from those of a view such as "collection:robots", or else from the marked papers and from further papers that
the user named to begin with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal, get_args

from store.library import settings
from store.library.library import Library
from store.marks import journal, stored_marks, stored_registers
from store.marks.stored_marks import FieldChange
from store.model.errors import LibraryError
from store.ranking.features import PREFIXES, named
from store.ranking.word_weights import stem_of
from store.search.tokenizer import index_words

# What the reader thinks of a feature.
#   more    papers with it should come further to the front
#   less    papers with it should come further to the back
#   never   papers with it should come last
#   ignore  it should not count
Opinion = Literal["more", "less", "never", "ignore"]
OPINIONS: tuple[Opinion, ...] = get_args(Opinion)
# The prefix of a feature that is a paper: papers that are similar to it should come to the front or to the back.
PAPER = "paper:"
# The field names of opinions begin with _FIELD. In sorted order, they and no others are between these two texts.
_FIELD, _BEHIND_FIELDS = "taste:", "taste;"
_SOURCE = "taste.source"
_FIRST_PAPERS = "taste.first papers"
# Names that users may type for the prefixes of features.
_TYPED_PREFIXES = {"author:": "author:", "org:": "org:", "organization:": "org:", "cat:": "cat:", "category:": "cat:"}


def feature_of(text: str) -> str:
    """The feature that a text names: a word, or a name with a prefix such as "author:Ada Alpha".

    Raises LibraryError when the text is no single word and has no such prefix.
    """
    for typed, prefix in _TYPED_PREFIXES.items():
        if text.casefold().startswith(typed) and text[len(typed) :].strip():
            return named(prefix, text[len(typed) :])
    feature = word_feature(text)
    if feature is None:
        raise LibraryError(f"{text!r} is not a word that describes papers; names need author:, org: or cat:")
    return feature


def word_feature(text: str) -> str | None:
    """The feature of a word as it is shown to the reader, or None if the word says nothing about a paper."""
    stems = [stem for word in index_words(text) if (stem := stem_of(word))]
    return stems[0] if len(stems) == 1 and ":" not in text else None


def is_word(feature: str) -> bool:
    """Whether a feature is a word, and not a name or a paper."""
    return not feature.startswith((*PREFIXES, PAPER))


def paper_feature(connection: sqlite3.Connection, paper_id: int) -> str:
    """The feature that stands for a paper: the prefix and its arXiv id, else its DOI, else its number.

    The number is the last choice, because the same paper has other numbers in the libraries of other machines.
    """
    row = connection.execute("SELECT arxiv_id, doi FROM paper WHERE id = ?", (paper_id,)).fetchone()
    arxiv_id, doi = row or (None, None)
    return f"{PAPER}{arxiv_id or doi or paper_id}"


def paper_of(connection: sqlite3.Connection, feature: str) -> int | None:
    """The paper for which a feature stands, or None if the library does not have it."""
    name = feature.removeprefix(PAPER)
    row = connection.execute("SELECT id FROM paper WHERE arxiv_id = ?1 OR doi = ?1 LIMIT 1", (name,)).fetchone()
    if row is None and name.isascii() and name.isdigit():
        with suppress(LibraryError):
            return stored_marks.resolve(connection, int(name))
    return None if row is None else int(row[0])


def read(connection: sqlite3.Connection) -> dict[str, Opinion]:
    """All opinions, by feature. Opinions that only another version of recto knows are left out."""
    registers = stored_registers.of_fields(connection, "", _FIELD, _BEHIND_FIELDS)
    return {
        register.field.removeprefix(_FIELD): register.value
        for register in sorted(registers, key=lambda each: each.field)
        if register.value in OPINIONS
    }


def put(library: Library, opinions: Mapping[str, Opinion]) -> None:
    """Store opinions, and replace earlier opinions on the same features. Raises LibraryError if that is impossible."""
    changes = [FieldChange(None, f"{_FIELD}{feature}", opinion) for feature, opinion in opinions.items()]
    label = ", ".join(f"{opinion} of “{feature}”" for feature, opinion in opinions.items())
    journal.change_fields(library, lambda connection: (label, changes))


def remove(library: Library, feature: str) -> bool:
    """Remove the opinion on a feature. Returns whether there was one."""
    if feature not in read(library.reader()):
        return False
    change = FieldChange(None, f"{_FIELD}{feature}", None)
    journal.change_fields(library, lambda connection: (f"forgot what was said of “{feature}”", [change]))
    return True


def source(connection: sqlite3.Connection) -> str:
    """The view, as text, from whose papers the ranking learns, or "" if it learns from the marked papers."""
    return settings.get(connection, _SOURCE) or ""


def first_papers(connection: sqlite3.Connection) -> list[int]:
    """The papers that the user named to begin with: the ranking learns from them as well as from the marked papers."""
    return [int(number) for number in (settings.get(connection, _FIRST_PAPERS) or "").split()]


def set_source(library: Library, view: str = "", papers: tuple[int, ...] = ()) -> None:
    """Let the ranking learn from the papers of `view`, or if it is "", from the marked papers and `papers`."""
    with library.writing() as connection:
        for key, value in ((_SOURCE, view), (_FIRST_PAPERS, " ".join(map(str, papers)))):
            if value:
                settings.put(connection, key, value)
            else:
                settings.remove(connection, key)


def forget_all(library: Library) -> None:
    """Delete the model, all opinions and the source."""
    changes = [FieldChange(None, f"{_FIELD}{feature}", None) for feature in read(library.reader())]
    if changes:
        journal.change_fields(library, lambda connection: ("forgot the taste", changes))
    with library.writing() as connection:
        connection.execute("DELETE FROM taste_weight")
        for (key,) in connection.execute("SELECT key FROM setting WHERE key LIKE 'taste.%'").fetchall():
            settings.remove(connection, key)
