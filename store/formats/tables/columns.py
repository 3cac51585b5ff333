"""Which field of a paper each column of a table contains, decided by the name of the column in the header.

The names are those of Zotero, Scopus, Web of Science, PubMed, IEEE Xplore, SpringerLink, Embase, ACM, EBSCO, ProQuest,
Dimensions, Lens, Publish or Perish, JabRef, Rayyan, OpenAlex, arXiv data sets and recto itself, and names that people
use in their own tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NO_LETTER = re.compile(r"[\W_]+")

# The column names for each field, the preferred name first. If a row has several columns for a field, the first one
# that is not empty in that row is used.
_NAMES = {
    # Names such as "Item Title" come before "Title", because in a table that has both, "Title" may be that of the
    # journal.
    "title": "item title|article title|document title|paper title|title|paper|titles|paper name|ti|t1|titel|titre"
    "|título|titolo|标题|题名|论文标题|display name",
    "subtitle": "subtitle",
    "abstract": "abstract|abstract note|abstracts|abstract text|item abstract|summary|summaries|description|ab"
    "|zusammenfassung"
    "|résumé|resumen|摘要",
    "authors": "author full names|authorships author display name"
    "|authors|author|author/s|author names|full authors|authors list|author list|af|au"
    "|creators|creator|autoren|auteurs|autores|作者",
    "author_count": "author count|number of authors|num authors|n authors",
    "organization": "organization|organisation|institution",
    "published": "published|publication date|date published|published date|published at|pub date|date of publication"
    "|date|cover date|issue date|submitted|submitted date|issued|pd|datum",
    # The date of online publication is separate from "published", because it may be in the year before that of the
    # issue.
    "online": "online publication date|early access date|online date|ea",
    "month": "publication month|month|published month",
    "day": "day|publication day",
    "year": "publication year|year|pub year|year published|published year|py|jahr|année|año|年份",
    "updated": "updated|update date|updated date|last updated|date updated",
    "arxiv_id": "arxiv id|arxiv|arxiv identifier|paper arxiv id|eprint",
    "arxiv_version": "arxiv version",
    "doi": "item doi|doi|article doi|doi link|doi url|di|digital object identifier",
    "id": "id|paper id|identifier|entry id|ids",
    "kind": "item type|document type|content type|publication type|entry type|doc type|bibliography type|type",
    "keywords": "automatic tags|manual tags|author keywords|keywords|tags",
    "external_ids": "external ids",
    "page": "url|link|links page|paper url|article url|page|landing page url|source url|abstract url|url abs"
    "|web address|source urls|dimensions url|embase link|document url|plink|external url|consensus link"
    "|primary location landing page url",
    "pdf": "pdf|pdf url|pdf link|url pdf|full text url|open access pdf|best oa location pdf url|links pdf",
    "code": "code|code url|code link|github|github repo|github url|repo|repo url|repository|links code",
    "stars": "stars|github stars|links code stars",
    "project": "project|project page|project url|website|homepage|links project",
    "dataset": "dataset|dataset url|datasets|links dataset",
    "categories": "categories|category code|primary category|category|arxiv categories|terms|subjects|subject"
    "|fields of study",
    "venue": "venue|journal|source title|publication|journal/book|journal title|journal ref|journal name"
    "|publication title|container title|pub title|anthology title|proceedings title|book title|conference name"
    "|conference title|conference|publication name|primary location source display name|so|jo|zeitschrift|revue|期刊"
    "|book series title|series title|se",
    # In some tables a column "Source" contains the journal, in others the whole reference or the name of a database. It
    # is the venue only in a table without any of the columns above.
    "source": "source",
    "volume": "volume|journal volume|vol|vl",
    "issue": "issue|journal issue|number|issue number|issue no|is",
    "pages": "pages|page numbers|pagination",
    "first_page": "page start|start page|first page|bp",
    "last_page": "page end|end page|last page|ep",
    "article_number": "art no|article number|article no|ar",
    "comment": "comment|author comment|authors comment|comments",
    "comment_count": "comment count|num comments|number of comments|n comments",
    "decision": "decision|paper decision|acceptance|presentation type",
    "track": "track|conference track",
    "scores": "scores|ratings|review scores|review ratings|rating|score|average rating|avg rating|mean score",
    "upvotes": "upvotes|votes|likes|points",
    "listed_on": "listed on|listing day|listing date|last listed|listed|daily date|first listed"
    "|submitted on daily at|announced",
    "ai_summary": "ai summary|tldr",
    "ai_keywords": "ai keywords",
}
# In a table with a column "Title" or "Item Title", this column has the journal; otherwise it has the title of the
# paper.
_PUBLICATION_TITLE = "publicationtitle"
_FIELD_OF = {_NO_LETTER.sub("", name): field for field, names in _NAMES.items() for name in names.split("|")}
_RANK = {_NO_LETTER.sub("", name): rank for names in _NAMES.values() for rank, name in enumerate(names.split("|"))}
# Columns that tables about other things have too. Together with a title alone, they do not show that a table lists
# papers.
_WEAK = {"id", "page", "year", "published", "code", "project", "dataset", "updated", "organization", "month", "stars"}
_WEAK |= {"kind", "keywords", "external_ids", "volume", "issue", "pages", "upvotes", "comment", "comment_count"}
_WEAK |= {"listed_on", "subtitle", "categories", "day", "article_number", "decision", "track", "scores"}


def columns(header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The indexes of the columns for each field, preferred columns first.

    The result is empty if `header` has no column of titles.
    """
    columns: dict[str, list[tuple[int, int]]] = {}
    folded = [folded_name(name) for name in header]
    has_title = any(_FIELD_OF.get(name) == "title" for name in folded)
    for number, name in enumerate(folded):
        field = "title" if name == _PUBLICATION_TITLE and not has_title else _FIELD_OF.get(name)
        if field:
            columns.setdefault(field, []).append((_RANK[name], number))
    if "title" not in columns:
        return {}
    # In a table that has another column for the venue, "Source" is the database from which the table was exported.
    source = columns.pop("source", [])
    columns.setdefault("venue", source or columns.get("venue", []))
    return {field: tuple(number for _, number in sorted(places)) for field, places in columns.items() if places}


def folded_name(name: str) -> str:
    """The letters and digits of a column's name, in lower case.

    So "Publication Year" and "publication_year" are the same name.
    """
    return _NO_LETTER.sub("", name.lower())


def certainty(columns: dict[str, tuple[int, ...]]) -> float:
    """How certain it is, from 0 to 1, that a table with these columns lists papers."""
    telling = sum(1 for field in columns if field != "title" and field not in _WEAK)
    if telling >= 2:
        return 0.9
    if telling:
        return 0.8 if len(columns) > 2 else 0.7
    return 0.55 if len(columns) > 3 and {"year", "published"} & columns.keys() else 0.3 if len(columns) > 1 else 0.0
