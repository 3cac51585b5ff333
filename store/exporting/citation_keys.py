"""Citation keys, such as "vaswani2017attention". A paper gets its key when it is first exported or cited.

The key of a paper never changes afterwards, so that documents which cite it remain valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase

from store.exporting import person_names
from store.library.library import Library
from store.model.paper import Paper
from store.papers import stored_keys, stored_rows
from store.text import tex
from store.text.folding import fold

# Words that are skipped when a word of the title is chosen for the key, because they occur in many titles.
_SMALL_WORDS = frozenset(
    {
        *("a", "an", "the", "of", "on", "in", "to", "for", "from", "with", "without", "by", "at", "as", "and", "or"),
        *("is", "are", "be", "can", "do", "does", "via", "towards", "toward", "using", "into", "how", "what", "when"),
        *("where", "why", "which", "who", "we", "our", "your", "its", "it", "this", "that"),
    }
)
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_PART = 40


def give(library: Library, papers: Sequence[int]) -> dict[int, str]:
    """The citation keys of `papers`, by number. Papers without a key get one, all in one transaction.

    Papers that do not exist are left out. In a library that cannot be written, the new keys are not stored.
    Raises LibraryError when writing fails.
    """
    keys = stored_keys.read(library.reader(), papers)
    if len(keys) == len(set(papers)):
        return keys
    if library.read_only is not None:
        return keys | _unstored(library, [number for number in dict.fromkeys(papers) if number not in keys])
    with library.writing() as connection:
        keys = stored_keys.read(connection, papers)
        without = [number for number in dict.fromkeys(papers) if number not in keys]
        for number, stored in stored_rows.read_all(connection, without).items():
            for key in _candidates(base(stored.paper)):
                # Nothing is inserted if another paper has the same key, in small or capital letters, because BibTeX
                # does not distinguish them.
                added = connection.execute(
                    "INSERT INTO citation_key (paper_id, key) VALUES (?, ?) ON CONFLICT DO NOTHING", (number, key)
                )
                if added.rowcount:
                    keys[number] = key
                    break
    return keys


def _unstored(library: Library, papers: Sequence[int]) -> dict[int, str]:
    """Keys for `papers`, which have none, that no other paper of the library has."""
    connection = library.reader()
    keys: dict[int, str] = {}
    for number, stored in stored_rows.read_all(connection, papers).items():
        keys[number] = next(
            key
            for key in _candidates(base(stored.paper))
            if key not in keys.values()
            and not connection.execute("SELECT 1 FROM citation_key WHERE key = ?", (key,)).fetchone()
        )
    return keys


def base(paper: Paper) -> str:
    """The key that a paper gets if no other paper has that key.

    It consists of the first author's family name, the year, and the first word of the title that is not a small word,
    for example "vaswani2017attention".
    """
    author = person_names.split(paper.authors[0].name) if paper.authors else None
    group = paper.organization.name if paper.organization and author is None else ""
    name = _ascii((author.family.split()[0] if author.is_literal else author.family) if author else group)
    year = f"{paper.published.year:04}" if paper.published else ""
    words = (_ascii(word) for word in tex.for_display(paper.title).replace("-", " ").split())
    word = next((word for word in words if word and word not in _SMALL_WORDS), "")
    if not name:
        name, word = word, ""
    return f"{name}{year}{word}" if name else _ascii(paper.arxiv_id or "") or f"paper{year}"


def _ascii(text: str) -> str:
    return _NOT_IN_KEY.sub("", fold(text))[:_LONGEST_PART]


def _candidates(key: str) -> Iterator[str]:
    """Yield `key` itself, then `key` followed by a, b, … z, aa, ab and so on."""
    yield key
    for length in count(1):
        yield from (key + "".join(letters) for letters in product(ascii_lowercase, repeat=length))
