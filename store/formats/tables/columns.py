"""Find the field of a paper that each column of a table contains, from the name of the column in the header.

The known column names are those of Zotero, Scopus, Web of Science, PubMed, IEEE Xplore, SpringerLink, Embase, ACM,
EBSCO, ProQuest, Dimensions, Lens, Publish or Perish, JabRef, RefWorks, Citavi, Paperpile, Rayyan, OpenAlex, CNKI, arXiv
data sets and recto itself, and names that people use in their own tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_NO_LETTER = re.compile(r"[\W_]+")

# The column names for each field, the preferred name first. If a row has several columns for a field, the first one
# that is not empty in that row is used.
_NAMES = {
    # Names such as "Item Title" are preferred to "Title", because in a table that has both columns, "Title" may contain
    # the title of the journal.
    "title": "item title|article title|document title|paper title|title primary|title|paper|titles|paper name|ti|t1"
    "|titel|titre|título|titulo|titolo|标题|题名|篇名|论文标题|論文名|タイトル|제목|название|заглавие|display name",
    "subtitle": "subtitle|untertitel",
    "abstract": "abstract|abstract note|abstracts|abstract text|item abstract|summary|summaries|description|ab"
    "|zusammenfassung"
    "|résumé|resumen|resumo|摘要|抄録|要旨|초록|аннотация",
    "authors": "author full names|authorships author display name"
    "|authors|author|author/s|author names|full authors|authors list|author list|af|au"
    "|authors primary|primary authors|all authors|creators|creator|contributors|autoren|verfasser|autor|auteurs|autores"
    "|autori|autor herausgeber oder institution|作者|著者|저자|авторы",
    "author_count": "author count|number of authors|num authors|n authors",
    "organization": "organization|organisation|institution",
    "published": "published|publication date|date published|published date|published at|pub date|date of publication"
    "|date|cover date|issue date|submitted|submitted date|issued|pd|datum|发表时间|出版日期|pub time",
    # The date of online publication is a field of its own, because it may be in the year before the date of the issue.
    "online": "online publication date|early access date|online date|elec pub date|ea",
    "month": "publication month|month|published month",
    "day": "day|publication day",
    "year": "publication year|year|pub year|year published|published year|year of publication|py|jahr|jahr ermittelt"
    "|année|annee|año|anno|ano|年份|年|発行年|год",
    "updated": "updated|update date|updated date|last updated|date updated",
    "arxiv_id": "arxiv id|arxiv|arxiv identifier|paper arxiv id|eprint",
    "arxiv_version": "arxiv version",
    "doi": "item doi|doi|article doi|doi link|doi url|doi name|di|digital object identifier",
    "id": "id|paper id|identifier|entry id|ids",
    "kind": "item type|document type|content type|publication type|entry type|doc type|bibliography type|type",
    "keywords": "automatic tags|manual tags|author keywords|keywords|tags",
    "external_ids": "external ids",
    "page": "url|link|links page|paper url|article url|page|landing page url|source url|abstract url|url abs"
    "|web address|source urls|dimensions url|embase link|document url|plink|external url|consensus link"
    "|primary location landing page url|permalink|网址|链接",
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
    "|periodical full|full journal|periodical|published in|zeitschrift/zeitung|revista|rivista"
    "|来源|文献来源|刊名|期刊名称|収録物名|저널|журнал"
    "|book series title|series title|title secondary|periodical abbrev|se",
    # In some tables, a column "Source" contains the journal, in others the whole reference or the name of a database.
    # It is read as the venue only in a table without any of the columns for the venue above.
    "source": "source",
    "volume": "volume|journal volume|vol|vl|biblio volume|band|卷|巻",
    "issue": "issue|journal issue|number|issue number|issue no|is|biblio issue|heft|期|号",
    "pages": "pages|page numbers|pagination|page range|seiten|seiten von bis|页码|ページ",
    "first_page": "page start|start page|first page|bp|biblio first page",
    "last_page": "page end|end page|last page|ep|biblio last page|other pages",
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
# This column contains the journal in a table that also has a column "Title" or "Item Title", and the title of the paper
# in any other table.
_PUBLICATION_TITLE = "publicationtitle"
_FIELD_OF = {_NO_LETTER.sub("", name): field for field, names in _NAMES.items() for name in names.split("|")}
_RANK = {_NO_LETTER.sub("", name): rank for names in _NAMES.values() for rank, name in enumerate(names.split("|"))}
# Words in the name of a column of titles, and words that show that these are the titles of journals, of books or of
# translations.
_TITLE_WORD = re.compile(r"[^:=]{0,30}\b(?:title|titel|titre|título|titulo|titolo)s?\b[^:=]{0,30}", re.IGNORECASE)
_OTHER_TITLE = re.compile(
    r"journal|source|publication|book|series|conference|proceedings|periodical|secondary|tertiary|parent|host|container"
    r"|abbrev|short|original|foreign|transl|running|job|zeitschrift|kurz|revue|revista|sub",
    re.IGNORECASE,
)
# Columns that also occur in tables of other things than papers. A table with a title and only these columns need not
# list papers.
_WEAK = {"id", "page", "year", "published", "code", "project", "dataset", "updated", "organization", "month", "stars"}
_WEAK |= {"kind", "keywords", "external_ids", "volume", "issue", "pages", "upvotes", "comment", "comment_count"}
_WEAK |= {"listed_on", "subtitle", "categories", "day", "article_number", "decision", "track", "scores"}


def columns(header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The indexes of the columns for each field, preferred columns first.

    The result is empty if `header` has no column of titles.
    """
    columns: dict[str, list[tuple[int, int]]] = {}
    names = [_known_name(name) for name in header]
    if not any(_FIELD_OF.get(name) == "title" for name in names) and (place := _place_of_titles(header, names)):
        names[place.at] = place.name
    for number, name in enumerate(names):
        if field := _FIELD_OF.get(name):
            columns.setdefault(field, []).append((_RANK[name], number))
    if "title" not in columns:
        return {}
    # In a table that has another column for the venue, "Source" is the database from which the table was exported.
    source = columns.pop("source", [])
    columns.setdefault("venue", source or columns.get("venue", []))
    return {field: tuple(number for _, number in sorted(places)) for field, places in columns.items() if places}


class _Renamed(NamedTuple):
    """The index of a column, and the known name under which it is read."""

    at: int
    name: str


def _place_of_titles(header: Sequence[str], names: Sequence[str]) -> _Renamed | None:
    """The column of the titles in a table whose columns have no known name for it; None if no column fits.

    It is "Publication Title", a column with the word title in its name, such as "Title (English)", or "Name", as Notion
    and Airtable call the first column, if the table also has identifiers, or authors with venues or years.
    """
    if _PUBLICATION_TITLE in names:
        return _Renamed(names.index(_PUBLICATION_TITLE), "title")
    titles = [at for at, name in enumerate(header) if _TITLE_WORD.fullmatch(name) and not _OTHER_TITLE.search(name)]
    if titles and len(header) > 1:
        return _Renamed(titles[0], "title")
    fields = {_FIELD_OF.get(name) for name in names}
    has_papers = fields & {"doi", "arxiv_id"} or ("authors" in fields and fields & {"venue", "year"})
    if "name" in names and has_papers:
        return _Renamed(names.index("name"), "title")
    return None


def _known_name(name: str) -> str:
    """The folded name of a column. From a name in two languages, such as CNKI's "Title-题名", the known part."""
    folded = folded_name(name)
    if folded in _FIELD_OF or folded.isascii():
        return folded
    english = "".join(letter for letter in folded if letter.isascii())
    other = "".join(letter for letter in folded if not letter.isascii())
    return next((part for part in (other, english) if part in _FIELD_OF), folded)


def folded_name(name: str) -> str:
    """The letters and digits of a column's name, in lower case.

    So the results for "Publication Year" and "publication_year" are equal.
    """
    return _NO_LETTER.sub("", name.lower())


def certainty(columns: dict[str, tuple[int, ...]]) -> float:
    """The certainty, from 0 to 1, that a table with these columns lists papers."""
    telling = sum(1 for field in columns if field != "title" and field not in _WEAK)
    if telling >= 2:
        return 0.9
    if telling:
        return 0.8 if len(columns) > 2 else 0.7
    return 0.55 if len(columns) > 3 and {"year", "published"} & columns.keys() else 0.3 if len(columns) > 1 else 0.0
