"""The user's opinions on words, authors, organizations, categories and papers, which influence the ranking.

An opinion is used in addition to what the model has learnt from papers. The model learns from the papers of a view such
as "collection:robots" if the user has chosen one. If not, it learns from the marked papers and from the papers that the
user named to begin with.

Opinions and the name of this view are stored as registers. A register is a stored value that recto copies to the user's
other machines (store/marks/registers.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal, get_args

from store.library import settings
from store.library.library import Library
from store.marks import journal, named_in_filters, stored_marks, stored_registers
from store.marks.named_in_filters import TASTE_SOURCE
from store.marks.stored_marks import FieldChange
from store.model.errors import LibraryError
from store.ranking.features import PREFIXES, named
from store.ranking.word_weights import stem_of
from store.search.tokenizer import index_words

# The user's opinion on a feature, which changes where papers with this feature are in lists sorted by taste:
#   more    further to the front
#   less    further to the back
#   never   at the end
#   ignore  the feature does not count
Opinion = Literal["more", "less", "never", "ignore"]
OPINIONS: tuple[Opinion, ...] = get_args(Opinion)
# The prefix of a feature that is a paper. An opinion on such a feature moves papers that are similar to the paper to
# the front or to the back of the list.
PAPER = "paper:"
# An opinion is stored as a register whose field is this text followed by the feature.
_FIELD = "taste:"
_FIRST_PAPERS = "taste.first papers"
# Maps each prefix that the user may type to the prefix of features that it stands for.
_TYPED_PREFIXES = {"author:": "author:", "org:": "org:", "organization:": "org:", "cat:": "cat:", "category:": "cat:"}


def feature_of(text: str) -> str:
    """The feature for a text that the user typed: a word, or a name with a prefix such as "author:Ada Alpha".

    Raises LibraryError when the text is neither a single word nor begins with such a prefix.
    """
    for typed, prefix in _TYPED_PREFIXES.items():
        if text.casefold().startswith(typed) and text[len(typed) :].strip():
            return named(prefix, text[len(typed) :])
    feature = word_feature(text)
    if feature is None:
        raise LibraryError(f"{text!r} is not a word that describes papers; names need author:, org: or cat:")
    return feature


def word_feature(text: str) -> str | None:
    """The feature for a word as the user writes it. None for a word that describes no subject, such as "the"."""
    stems = [stem for word in index_words(text) if (stem := stem_of(word))]
    return stems[0] if len(stems) == 1 and ":" not in text else None


def is_word(feature: str) -> bool:
    """Whether a feature is a word, and not a name or a paper."""
    return not feature.startswith((*PREFIXES, PAPER))


def paper_feature(connection: sqlite3.Connection, paper_id: int) -> str:
    """The feature for a paper: PAPER followed by its arXiv id, or else by its DOI, or else by its id in the library.

    The id in the library is the last choice, because opinions are copied to the user's other machines, and the paper
    has different ids in the libraries there.
    """
    row = connection.execute("SELECT arxiv_id, doi FROM paper WHERE id = ?", (paper_id,)).fetchone()
    arxiv_id, doi = row or (None, None)
    return f"{PAPER}{arxiv_id or doi or paper_id}"


def paper_of(connection: sqlite3.Connection, feature: str) -> int | None:
    """The id of the paper in a feature that begins with PAPER, or None if the library does not have that paper."""
    name = feature.removeprefix(PAPER)
    row = connection.execute("SELECT id FROM paper WHERE arxiv_id = ?1 OR doi = ?1 LIMIT 1", (name,)).fetchone()
    if row is None and name.isascii() and name.isdigit():
        with suppress(LibraryError):
            return stored_marks.resolve(connection, int(name))
    return None if row is None else int(row[0])


def read(connection: sqlite3.Connection) -> dict[str, Opinion]:
    """The user's opinions, by the features to which they refer.

    Opinions of an unknown kind, which a newer version of recto stored, are left out.
    """
    registers = stored_registers.of_kind(connection, "", _FIELD)
    return {
        register.field.removeprefix(_FIELD): register.value
        for register in sorted(registers, key=lambda each: each.field)
        if register.value in OPINIONS
    }


def put(library: Library, opinions: Mapping[str, Opinion]) -> None:
    """Store opinions, and replace earlier opinions on the same features. Raises LibraryError if that fails."""
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
    """The view from whose papers the model learns, such as "collection:robots"; "" if it learns from marked papers."""
    return named_in_filters.taste_source(connection)


def first_papers(connection: sqlite3.Connection) -> list[int]:
    """The ids of the papers that the user named to begin with (`recto taste from`).

    The model learns from these papers in addition to the marked ones.
    """
    return [int(number) for number in (settings.get(connection, _FIRST_PAPERS) or "").split()]


def set_source(library: Library, view: str = "", papers: tuple[int, ...] = ()) -> None:
    """Let the model learn from the papers of `view`; if that is "", from the marked papers and from `papers`."""
    with library.writing() as connection:
        _write_source(connection, view)
        if papers:
            settings.put(connection, _FIRST_PAPERS, " ".join(map(str, papers)))
        else:
            settings.remove(connection, _FIRST_PAPERS)


def _write_source(connection: sqlite3.Connection, view: str) -> None:
    """Write the register of the source view. This is not a step of the journal, so `undo` does not change it."""
    settings.remove(connection, TASTE_SOURCE)
    current = stored_registers.read(connection, "", TASTE_SOURCE)
    if (current.value if current else None) != (view or None):
        writer = stored_registers.Writer(connection)
        writer.write("", TASTE_SOURCE, view or None, (), current)
        writer.finish()


def forget_all(library: Library) -> None:
    """Delete the model, all opinions, and the choice of papers from which the model learns."""
    changes = [FieldChange(None, f"{_FIELD}{feature}", None) for feature in read(library.reader())]
    if changes:
        journal.change_fields(library, lambda connection: ("forgot the taste", changes))
    with library.writing() as connection:
        connection.execute("DELETE FROM taste_weight")
        _write_source(connection, "")
        for (key,) in connection.execute("SELECT key FROM setting WHERE key LIKE 'taste.%'").fetchall():
            settings.remove(connection, key)
