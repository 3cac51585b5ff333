"""Citation keys, such as "vaswani2017attention". A paper gets its key when it is first exported or cited.

The key of a paper never changes afterwards, so that documents which cite it remain valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count, product
from string import ascii_lowercase

from store.exporting import person_names
from store.library.library import Library
from store.model.paper import Paper
from store.papers import stored_keys
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
# The default pattern of a key. The user can configure another one.
PATTERN = "{author}{year}{word}"
# Matches a part of a pattern: a name in braces, or characters that LaTeX accepts in a key.
_PART = re.compile(r"\{(?P<name>\w+)\}|[A-Za-z0-9.:;/_+*-]+")
# The names that may be in braces in a pattern, such as {year}, each with the text that replaces it.
PARTS = {
    "author": "the family name of the first author",
    "Author": "the same with a capital",
    "year": "2017",
    "yy": "17",
    "word": "the first word of the title that is not a small one",
    "Word": "the same with a capital",
}


def give(library: Library, papers: Mapping[int, Paper], pattern: str = PATTERN) -> dict[int, str]:
    """Give a key of the form `pattern` to each paper that has none. Returns a dictionary from paper ids to keys.

    `papers` maps ids to papers. All new keys are stored in one transaction. In a read-only library, the new keys are
    returned but not stored. Raises LibraryError when writing fails.
    """
    if not papers:
        return {}
    if library.read_only is not None:
        return _unstored(library, papers, pattern)
    with library.writing() as connection:
        # Read the keys inside the transaction: another process may have given keys to some of these papers before it
        # began.
        keys = stored_keys.read(connection, list(papers))
        for number, paper in papers.items():
            if number in keys:
                continue
            for key in _candidates(base(paper, pattern)):
                # The row is not inserted if another paper has the same key, even with other capitals, because BibTeX
                # ignores case.
                added = connection.execute(
                    "INSERT INTO citation_key (paper_id, key) VALUES (?, ?) ON CONFLICT DO NOTHING", (number, key)
                )
                if added.rowcount:
                    keys[number] = key
                    break
    return keys


def _unstored(library: Library, papers: Mapping[int, Paper], pattern: str) -> dict[int, str]:
    """New keys for `papers`, which have none yet. Each key differs from the keys of all other papers. Nothing is
    stored.
    """
    connection = library.reader()
    keys: dict[int, str] = {}
    for number, paper in papers.items():
        keys[number] = next(
            key
            for key in _candidates(base(paper, pattern))
            if key not in keys.values()
            and not connection.execute("SELECT 1 FROM citation_key WHERE key = ?", (key,)).fetchone()
        )
    return keys


def check(pattern: str) -> None:
    """Raise ValueError, with a message about the mistake, unless `pattern` is a valid pattern of keys."""
    if not pattern or "".join(match[0] for match in _PART.finditer(pattern)) != pattern:
        raise ValueError("letters, digits, signs such as _ : . - and parts in braces, such as {author}{year}{word}")
    names = {match["name"] for match in _PART.finditer(pattern)} - {None}
    if unknown := sorted(name for name in names if name not in PARTS):
        raise ValueError(f"without {{{unknown[0]}}}; the parts are {', '.join(f'{{{name}}}' for name in PARTS)}")
    if not names & {"author", "Author", "word", "Word"}:
        raise ValueError("with {author} or {word} in it")


def base(paper: Paper, pattern: str = PATTERN) -> str:
    """The key that a paper gets if no other paper has it already, for example "vaswani2017attention".

    If a paper has no authors and no organization, a word of its title replaces the name. `check` must accept `pattern`.
    """
    author = person_names.split(paper.authors[0].name) if paper.authors else None
    group = paper.organization.name if paper.organization and author is None else ""
    name = _ascii((author.family.split()[0] if author.is_literal else author.family) if author else group)
    year = f"{paper.published.year:04}" if paper.published else ""
    words = (_ascii(word) for word in tex.for_display(paper.title).replace("-", " ").split())
    word = next((word for word in words if word and word not in _SMALL_WORDS), "")
    if not name and "{author}" in pattern.lower():
        name, word = word, ""
    if not (name or word):
        return _ascii(paper.arxiv_id or "") or f"paper{year}"
    parts = {
        "author": name,
        "Author": name.capitalize(),
        "year": year,
        "yy": year[2:],
        "word": word,
        "Word": word.capitalize(),
    }
    return pattern.format_map(parts)


def _ascii(text: str) -> str:
    return _NOT_IN_KEY.sub("", fold(text))[:_LONGEST_PART]


def _candidates(key: str) -> Iterator[str]:
    """Yield `key` itself, then `key` followed by a, b, … z, aa, ab and so on."""
    yield key
    for length in count(1):
        yield from (key + "".join(letters) for letters in product(ascii_lowercase, repeat=length))
