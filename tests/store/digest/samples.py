"""Dates, a hostile paper and helper functions for the tests of the digest."""

from __future__ import annotations

from datetime import date

from store.digest import contents
from store.digest.contents import Digest, Wanted
from store.library.library import Library
from store.model.paper import Author, Link, Paper

TODAY = date(2026, 11, 30)
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)
# Without escaping, each of these texts would act as markup, a mail header, a control sequence or a script in a digest.
HOSTILE = Paper(
    title="</h3><script>alert(1)</script> [x](javascript:alert(1)) {{ 7*7 }} {% raw %} \x1b]52;c;eA==\x07",
    authors=(Author("<img src=//example.org/p.png>"), Author("Subject: \r\nBcc: eve@example.org")),
    abstract="]]> <style>@import url(//example.org)</style>\n.\nQUIT\n\ufffe & <a href='javascript:1'>",
    links=(Link("page", 'https://example.org/"><script>'),),
    venue="# heading\n- item",
)


def digest(library: Library, since: str = "last", wanted: Wanted | None = None) -> Digest:
    """The digest of the library for the day TODAY."""
    return contents.collect(library, since, wanted or Wanted(), TODAY)


def outline(made: Digest) -> dict[str, list[str]]:
    """The headings of a digest, each with the titles of the papers in its section."""
    return {section.heading: [paper.title for paper in section.papers] for section in made.sections}
