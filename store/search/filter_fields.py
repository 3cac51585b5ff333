"""The fields of the filter: every name that can be typed before a colon, such as `title:`, `is:` or `upvotes:`.

To add a field, add its name to the Literal of its kind, a row to `FIELDS` and an example to `FILTER_HELP`. Then add the
condition by which its papers are found to `store/search/filter_conditions.py`; a TextField needs none. mypy and
`tests/store/search/test_filter_fields.py` fail until these steps are complete. If the field searches a text that the
index does not contain yet, the text also needs a `searched_column` in `store/model/paper_fields.py`. A value that the
library does not store yet needs a field of `Paper` first (CONTRIBUTING.md). A new CountFilter also needs a SortField in
`store/search/index_schema.py`, whose `_SCHEMA_VERSION` must be increased.

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
    """The field `is:`, whose values are the names in `STATES`."""

    name: Literal["is"]
    aliases: tuple[str, ...] = ()


class PossessionFilter(NamedTuple):
    """The field `has:`, whose values are the names in `POSSESSIONS`."""

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
# Every name that can be typed before the colon, in lower case, with its field.
BY_TYPED_NAME: dict[str, FilterField] = {name: field for field in FIELDS for name in (field.name, *field.aliases)}

# For each CountFilter, the column that contains its number (see `CountFilter`).
COUNT_COLUMNS = {field.name: field.column for field in FIELDS if isinstance(field, CountFilter)}

STATES: tuple[State, ...] = get_args(State)
POSSESSIONS: tuple[Possession, ...] = get_args(Possession)

# Examples of filters, each with its meaning, for the help.
FILTER_HELP: tuple[tuple[str, str], ...] = (
    ("graph retrieval", "both words, in any order and form, even if mistyped"),
    ('"in context"  -vision', "this phrase, in no other form; without this word"),
    ('title:survey  author:"de vries"', "in one field only; also abstract: org: venue: text:"),
    ("cat:cs.CL  tag:nlp  from:hf  id:2510.01234", "category, your tag, source, arXiv id or DOI"),
    ("key:vaswani2017", "the beginning of a citation key"),
    ('note:idea  collection:"my thesis"', "words of your notes; one of your collections"),
    ("is:queued", "your marks; also new seen reading done hidden bookmarked later retracted"),
    ("has:code", "papers that have code; also pdf note abstract text model dataset"),
    ("date:2026-06  date:>=2026-06-01  year:2025", "the date of publication"),
    ("listed:2026-07-02  week:2026-W27  month:2026-07", "the day, week or month of a listing"),
    ("since:2026-07-02  since:9d  since:last", "listed since then; since the last day of use is is:arrived too"),
    ("upvotes:>20  comments:2..5", "numbers of upvotes and comments"),
    ("rating:>3  rating:5", "your ratings, from 1 to 5"),
    ("decision:oral  track:main  score:>6.5", "what a conference decided, and its mean score"),
    ("like:2310.06770", "similar to this paper; combines with everything else"),
    ("a or b   (a or b) c", "either; groups"),
)
