"""The ranks of the sources of listings: which source is trusted most, and which values of each source are reliable."""

from __future__ import annotations

# The sources of listings, most trusted first. A source is called a family in the code, because one source may have
# several listing formats. Where entries differ, many fields take the value of the most trusted source. Publishers come
# before services that only list papers.
_FAMILIES = (
    "arxiv",
    "biorxiv",
    "pubmed",
    "crossref",
    "page",
    "europe-pmc",
    "inspire",
    "ads",
    "dblp",
    "openreview",
    "openalex",
    "semantic-scholar",
    "recto",
    "hf",
    "feed",
    "papercopilot",
    "paperswithcode",
    "bibliography",
    "pdf",
    "table",
    "alert",
    "links",
)
_RANK_OF_FAMILY = {family: rank for rank, family in enumerate(_FAMILIES)}
# The sources whose date is always the exact day on which the preprint appeared.
DATED_EXACTLY = {"arxiv", "hf"}
# The sources whose date is mostly that of the preprint. The date of other sources may be that of the journal article.
DATED_BY_PREPRINT = DATED_EXACTLY | {"recto", "paperswithcode", "biorxiv"}
# The sources in which publishers register the articles of their journals. Their journal names, volumes and pages are
# complete, whereas those that authors enter elsewhere are often abbreviated.
REGISTRIES = {"crossref", "pubmed"}
# The sources whose summaries and keywords are written for people. Those of other sources are written for search
# engines.
WITH_SUMMARIES = {"hf", "recto"}
# The sources that may leave out authors at the end of a list, for example with "and others".
WITH_CUT_NAMES = {"bibliography", "table", "alert"}


def source_rank(family: str) -> int:
    """The rank of a source: 0 for the most trusted source, and the largest number for unknown sources."""
    return _RANK_OF_FAMILY.get(family, len(_FAMILIES))
