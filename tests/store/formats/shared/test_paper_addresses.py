"""The arXiv id or DOI of the paper to which a web address leads, also through redirects or with tracking parameters."""

from __future__ import annotations

import pytest

from store.formats.shared.paper_addresses import identity_of, is_of_paper, target, without_tracking

ARXIV = "2601.20030"


@pytest.mark.parametrize(
    ("address", "arxiv_id", "doi"),
    [
        ("https://arxiv.org/abs/2601.20030v2", ARXIV, None),
        ("https://arxiv.org/pdf/2601.20030v2.pdf#page=3", ARXIV, None),
        ("https://export.arxiv.org/abs/hep-th/0601001", "hep-th/0601001", None),
        ("https://doi.org/10.48550/arXiv.2601.20030", ARXIV, None),
        ("https://hf.co/papers/2601.20030", ARXIV, None),
        ("https://papers.cool/arxiv/2601.20030", ARXIV, None),
        ("https://www.alphaxiv.org/overview/2601.20030v1", ARXIV, None),
        ("https://dblp.org/rec/journals/corr/abs-2601-20030.html", ARXIV, None),
        ("https://scholar.google.de/scholar_url?url=https%3A%2F%2Farxiv.org%2Fabs%2F2601.20030&hl=de", ARXIV, None),
        (
            "https://eu1.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2601.20030&d=1",
            ARXIV,
            None,
        ),
        ("https://urldefense.com/v3/__https://arxiv.org/abs/2601.20030__;!!a", ARXIV, None),
        ("https://dx.doi.org/10.1000/A.b(1)2", None, "10.1000/a.b(1)2"),
        (
            "https://www.biorxiv.org/content/10.1101/2026.01.20.720027v2.full.pdf+html",
            None,
            "10.1101/2026.01.20.720027",
        ),
        ("https://www.nature.com/articles/s41586-025-01234-5?error=x", None, "10.1038/s41586-025-01234-5"),
        ("https://elifesciences.org/articles/12345", None, "10.7554/elife.12345"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456",
            None,
            "10.1371/journal.pone.0123456",
        ),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1002/anie.202012345?af=R", None, "10.1002/anie.202012345"),
        ("https://www.frontiersin.org/articles/10.3389/fnins.2020.00001/full", None, "10.3389/fnins.2020.00001"),
        ("https://zenodo.org/records/1234567", None, "10.5281/zenodo.1234567"),
        ("https://arxiv.org/abs/2601.2003", None, None),
        ("https://openreview.net/forum?id=abc", None, None),
        ("https://example.org/2024/03.12345", None, None),
        ("http://[", None, None),
        ("", None, None),
    ],
)
def test_identifiers_in_addresses(address: str, arxiv_id: str | None, doi: str | None) -> None:
    identity = identity_of(address)
    assert (identity.arxiv_id, identity.doi) == (arxiv_id, doi)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://openreview.net/forum?id=abc", True),
        ("https://aclanthology.org/2023.acl-long.1/", True),
        ("https://proceedings.mlr.press/v202/alpha23a.html", True),
        ("https://pubmed.ncbi.nlm.nih.gov/33170317/", True),
        ("https://www.sciencedirect.com/science/article/pii/S0022347618311193", True),
        ("https://arxiv.org/list/cs.CL/new", False),
        ("https://www.nature.com/", False),
        ("https://github.com/a/b", False),
        ("https://arxiv.org/abs/2601.2003", False),
    ],
)
def test_sites_that_hold_papers(address: str, expected: bool) -> None:
    assert is_of_paper(address) is expected


def test_a_redirection_to_itself_ends() -> None:
    inner = "https://www.google.com/url?q=https://www.google.com/url"
    assert target(inner).startswith("https://www.google.com/url")
    assert target("javascript:alert(1)") == "javascript:alert(1)"


def test_tracking_is_removed_and_nothing_else() -> None:
    address = "https://example.org/a?id=1&utm_source=rss&v=2.17&page=3#part"
    assert without_tracking(address) == "https://example.org/a?id=1&page=3#part"
    assert (
        without_tracking("https://www.biorxiv.org/content/10.1101/1v1?rss=1")
        == "https://www.biorxiv.org/content/10.1101/1v1"
    )
