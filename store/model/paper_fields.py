"""The table of the fields of a paper: how each field is stored, merged and searched.

A new field needs:

- an attribute of Paper (store/model/paper.py), and a line in FIELDS and its columns here;
- a migration that adds the columns (store/library/schema.py);
- the conversion to and from the columns (store/papers/stored_papers.py);
- its cleaning (`_cleaned` in store/text/clean.py);
- its place in the detail pane (tui/render/paper_page.py), and in ListRow (store/papers/list_rows.py) if lists show it.

Tests fail until all of these are done. The table is in this package, because the packages matching, papers and search
all read it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

# The rules for choosing the value of a field when several entries describe the same paper. store/matching/merge.py
# contains the function for each rule.
MergeRule = Literal[
    "title",
    "abstract",
    "authors",
    "organization",
    "first version",
    "last version",
    "highest",
    "latest",
    "latest count",
    "doi",
    "categories",
    "venue",
    "wording",
    "longest latest",
    "summary",
    "all",
]
# The fields whose words are in the search index.
TextField = Literal["title", "authors", "organization", "venue", "abstract"]


class PaperColumns(NamedTuple):
    """A row of the table `paper` without its `id`. These are the columns that lists show and filters compare.

    Dates are ISO 8601 texts. `score` is the mean score times 100. `stars` is the number of stars of the code repository
    that has the most. `has_model` and `has_dataset` are 1 or NULL. A column may be NULL if its type includes None.
    """

    title: str
    title_key: int
    byline: str | None
    organization: str | None
    published: str | None
    first_listed: str | None
    last_listed: str | None
    upvotes: int | None
    comment_count: int | None
    author_count: int | None
    arxiv_id: str | None
    doi: str | None
    categories: str | None
    families: str
    has_abstract: int
    has_code: int
    has_pdf: int
    decision: str | None
    track: str | None
    score: int | None
    stars: int | None
    has_model: int | None
    has_dataset: int | None


class BodyColumns(NamedTuple):
    """A row of the table `body` without its `paper_id`. These columns are not needed for lists, only for single papers.

    `authors`, `links`, `ai_keywords`, `sources` and `scores` are JSON.
    """

    abstract: str | None
    authors: str | None
    author_names: str | None
    organization_slug: str | None
    updated: str | None
    arxiv_version: int | None
    venue: str | None
    comment: str | None
    links: str | None
    ai_summary: str | None
    ai_keywords: str | None
    sources: str | None
    scores: str | None
    submitter: str | None


class Field(NamedTuple):
    """How one field of Paper is stored, merged and searched.

    `name` is the name of the attribute of Paper. `columns` are the database columns that depend on its value.
    `searched_column` is the column whose words are in the search index; None if the field is not searched. The `name`
    of a searched field must be a TextField. Every field is displayed in the detail pane.
    """

    name: str
    columns: tuple[str, ...]
    merge: MergeRule
    searched_column: str | None = None


FIELDS = (
    Field("title", ("title", "title_key"), "title", searched_column="title"),
    Field("abstract", ("abstract", "has_abstract"), "abstract", searched_column="abstract"),
    Field(
        "authors",
        ("authors", "author_names", "byline"),
        "authors",
        searched_column="author_names",
    ),
    Field("author_count", ("author_count",), "latest count"),
    Field(
        "organization",
        ("organization", "organization_slug"),
        "organization",
        searched_column="organization",
    ),
    # The column combines `published` and `published_to`: "2024-06" if only the month is known.
    Field("published", ("published",), "first version"),
    Field("updated", ("updated",), "last version"),
    Field("arxiv_id", ("arxiv_id", "has_pdf"), "latest"),
    Field("arxiv_version", ("arxiv_version",), "highest"),
    Field("doi", ("doi",), "doi"),
    Field("categories", ("categories",), "categories"),
    Field("venue", ("venue",), "venue", searched_column="venue"),
    Field("comment", ("comment",), "wording"),
    Field("decision", ("decision",), "latest"),
    Field("track", ("track",), "latest"),
    Field("scores", ("scores", "score"), "longest latest"),
    Field("upvotes", ("upvotes",), "latest count"),
    Field("comment_count", ("comment_count",), "latest count"),
    Field("links", ("links", "has_code", "has_pdf", "stars", "has_model", "has_dataset"), "all"),
    Field("submitter", ("submitter",), "latest"),
    Field("ai_summary", ("ai_summary",), "summary"),
    Field("ai_keywords", ("ai_keywords",), "summary"),
)
# The columns that do not store a field of Paper, but data about the entries of the paper: the listing days; `families`,
# the sources of the entries ("arxiv", "hf"); and `sources`, the entry from which each field comes.
ENTRY_COLUMNS = ("first_listed", "last_listed", "families", "sources")


def qualified(column: str) -> str:
    """The name of a column with the alias of its table, "p" for `paper` and "b" for `body`: "p.title", "b.abstract"."""
    return f"{'p' if column in PaperColumns._fields else 'b'}.{column}"
