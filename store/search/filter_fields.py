"""The fields of the filter: every name that can be typed before a colon, such as `title:`, `is:` or `upvotes:`.

To add a field, add its name to the Literal of its kind and a row to `FIELDS`. mypy and
`tests/tui/actions/test_filter_fields.py` then fail until the other parts are added too: every field needs an example in
the help (FILTER_HELP in `tui/actions/registry.py`), every field but a TextField needs a condition in
`store/search/conditions.py`, and a LabelField needs a case in `_label` of `store/search/parser.py` and values in
`_LABELS` of `tests/store/search/test_parser_random.py`. If the field searches a text that the index does not contain
yet, the text also needs a `searched_column` in `store/model/paper_fields.py`. A value that the library does not store
yet needs a field of `Paper` first (CONTRIBUTING.md). A new CountFilter also needs a SortField in
`store/search/index_schema.py`, whose VERSION must be increased.

Test what the field finds in `tests/store/search/test_filter_terms.py`. `test_random_queries.py` beside it compares the
results with those of `reference.py`, a simple and slow search: add the field to both files.

To add a value of `is:` or `has:`, add its name to `State` or `Possession`, and add a condition and an example as above.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

from store.model import paper_fields

TextField = Literal["title", "abstract", "author", "org", "venue", "text"]
LabelField = Literal["tag", "collection", "note", "cat", "from", "decision", "track", "id", "key"]
DateField = Literal["published", "listed"]
CountField = Literal["upvotes", "comments", "score", "rating"]
# The fields whose values are names from a fixed set, such as "queued" in "is:queued".
State = Literal["new", "seen", "reading", "done", "hidden", "queued", "bookmarked", "later", "arrived", "retracted"]
Possession = Literal["code", "pdf", "note", "abstract", "text", "model", "dataset"]


class TextFilter(NamedTuple):
    """A field whose values are words, for example `title:`. They are searched for in the index field `index_text`."""

    name: TextField
    index_text: paper_fields.TextField | Literal["text"]
    aliases: tuple[str, ...] = ()


class LabelFilter(NamedTuple):
    """A field whose values are labels of papers, such as tags and categories, or identifiers, such as DOIs.

    The value of `note:` is one or more words, which are looked up in the library because notes are not in the index.
    """

    name: LabelField
    aliases: tuple[str, ...] = ()


class DateFilter(NamedTuple):
    """A field whose values are days, months, years or ranges of them."""

    name: DateField
    aliases: tuple[str, ...] = ()


class CountFilter(NamedTuple):
    """A field whose values are numbers or ranges of numbers.

    `column` is the column of the table `paper` that contains the number. The column of the rating is in the table
    `mark`. `decimals` is the number of decimals that a value may have. The library and the index store a whole number:
    with two decimals, it is the value times 100.
    """

    name: CountField
    column: str
    aliases: tuple[str, ...] = ()
    decimals: int = 0


class StateFilter(NamedTuple):
    """The field whose values are `STATES`."""

    name: Literal["is"]
    aliases: tuple[str, ...] = ()


class PossessionFilter(NamedTuple):
    """The field whose values are `POSSESSIONS`."""

    name: Literal["has"]
    aliases: tuple[str, ...] = ()


class PaperFilter(NamedTuple):
    """The field `like:`. Its value names a paper, for example by its arXiv id. Papers similar to that paper match."""

    name: Literal["like"]
    aliases: tuple[str, ...] = ()


FilterField: TypeAlias = (
    TextFilter | LabelFilter | DateFilter | CountFilter | StateFilter | PossessionFilter | PaperFilter
)

FIELDS: tuple[FilterField, ...] = (
    TextFilter("title", "title"),
    TextFilter("abstract", "abstract", ("abs",)),
    TextFilter("author", "authors"),
    TextFilter("org", "organization", ("organization",)),
    TextFilter("venue", "venue", ("journal",)),
    TextFilter("text", "text", ("fulltext",)),
    LabelFilter("tag"),
    LabelFilter("collection", ("in",)),
    LabelFilter("note"),
    LabelFilter("cat", ("category",)),
    LabelFilter("from", ("source",)),
    LabelFilter("decision"),
    LabelFilter("track"),
    LabelFilter("id", ("arxiv", "doi")),
    LabelFilter("key", ("citekey",)),
    DateFilter("published", ("date", "year")),
    DateFilter("listed", ("week", "month", "since")),
    CountFilter("upvotes", "upvotes"),
    CountFilter("comments", "comment_count", ("comment",)),
    CountFilter("score", "score", decimals=2),
    CountFilter("rating", "rating", ("rated",)),
    StateFilter("is"),
    PossessionFilter("has"),
    PaperFilter("like", ("similar",)),
)
# Every name that can be typed before the colon, in lower case.
BY_TYPED_NAME: dict[str, FilterField] = {name: field for field in FIELDS for name in (field.name, *field.aliases)}

# For each CountFilter, the column that contains its number (see `CountFilter`).
COUNT_COLUMNS = {field.name: field.column for field in FIELDS if isinstance(field, CountFilter)}

STATES: tuple[State, ...] = get_args(State)
POSSESSIONS: tuple[Possession, ...] = get_args(Possession)
