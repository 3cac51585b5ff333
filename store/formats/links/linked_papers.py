"""Convert links that lead to papers into entries. Count the links for which there is no entry or no title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from store.formats.shared import ids_and_links, paper_addresses
from store.matching import identifiers
from store.matching.title_merging import placeholder_title
from store.model.entry import Entry, Warned
from store.model.paper import Paper

# The command that fetches the titles, authors and abstracts of papers that have only an identifier.
COMMAND = "recto fetch missing"


class LinkedPapers:
    """Makes entries from one list of links, and counts the links from which no complete entry can be made.

    `untitled` counts entries without a title, `left_out` links that do not lead to a paper, and `nameless` links to a
    paper with neither an identifier nor a title.
    """

    def __init__(self) -> None:
        self.entries = 0
        self.untitled = 0
        self.left_out = 0
        self.nameless = 0

    def entry(
        self,
        address: str,
        title: str | None,
        *,
        others: Sequence[str] = (),
        line: int | None = None,
        listed_on: date | None = None,
    ) -> Entry | None:
        """The entry of the paper at `address`. None when the address does not lead to a paper, or when neither its
        identifier nor its title is known.

        `others` are the addresses of other links to the same paper, for example to its code.
        """
        target = paper_addresses.target(address)
        identity = paper_addresses.identity_of(target)
        name = title or placeholder_title(identity.arxiv_id, identity.doi)
        if not paper_addresses.is_of_paper(target):
            self.left_out += 1
            return None
        if name is None:
            self.nameless += 1
            return None
        self.entries += 1
        self.untitled += title is None
        own = (ids_and_links.arxiv_page(identity.arxiv_id), ids_and_links.doi_page(identity.doi))
        pages = [each for each in own if each] or [paper_addresses.without_tracking(target)]
        pdf = ids_and_links.arxiv_pdf(identity.arxiv_id)
        paper = Paper(
            title=name,
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            links=identifiers.links([*pages, *map(paper_addresses.target, others)], [pdf] if pdf else []),
        )
        return Entry(paper=paper, line=line, listed_on=listed_on)

    @property
    def has_links(self) -> bool:
        """Whether `entry` was called with at least one link."""
        return bool(self.entries or self.left_out or self.nameless)

    def remarks(self) -> Iterator[Warned]:
        """Warnings for the import report about papers without titles, and about links that were left out."""
        if self.untitled:
            have = "1 paper has" if self.untitled == 1 else f"{self.untitled} papers have"
            yield Warned(f"{have} an identifier and no title in this list; to complete what is missing: {COMMAND}")
        if self.nameless:
            were = "a paper was" if self.nameless == 1 else f"{self.nameless} papers were"
            yield Warned(f"{were} left out: neither an identifier in the address nor a title says which paper it is")
        if self.left_out:
            were = "a link was" if self.left_out == 1 else f"{self.left_out} links were"
            yield Warned(f"{were} left out: the address does not show that it leads to a paper")
