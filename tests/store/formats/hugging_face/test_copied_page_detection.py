"""Copied pages are recognized among files of other formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import SURE_ENOUGH, detect
from tests.store.formats.hugging_face.copied_pages import FOUR, KITES, LAMPS, TWO, bare, page, titles

PROSE = "Notes on kites\n\n" + KITES + "\n\nNotes on lamps\n\n" + LAMPS + "\n\n"
OTHERS = {
    "prose": PROSE * 5,
    "a blog's article": f"How to fly\n\nAda Quill\n·\nOct 4, 2025\n\n5 min read\n·\nOct 4\n\n{KITES}",
    "a dated paragraph": f"How to fly\n\n{KITES}\n\n·\nOct 4, 2025\n\n{LAMPS}",
    "Markdown": f"# Daily\n\n### [Kites](https://example.org)\n\nby AK and the research community\n\n{KITES}",
    "RIS": f"TY  - JOUR\nTI  - Kites\nAB  - {KITES}\nPY  - 2024\nER  - \n",
    "BibTeX": f"@article{{kites,\n  title = {{Kites}},\n  abstract = {{{KITES}}}\n}}\n",
    "BibTeX with a comment": f"% my list\n@article{{kites, title = {{Kites}}, abstract = {{{KITES}}}}}\n",
    "a mail": f"From: list@example.org\nTo: me@example.org\nSubject: Daily Papers\nDate: Thu, 29 Oct 2026\n\n{KITES}",
    "an arXiv mailing": f"Subject: cs daily\n\\\\\narXiv:2610.00001\nDate: Thu, 1 Oct 2026\nTitle: K\n\\\\\n{KITES}\n",
    "CSV": "title,abstract,date\n" + f'Kites,"{KITES}","Oct 29"\n' * 3,
    "TSV": f"title\tabstract\nKites\t{KITES}\n",
    "PDF": "%PDF-1.7\n%\x80\x81\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "JSON": '[{"paper": {"title": "Kites", "summary": "Get trending papers in your email inbox!"}}]',
    "JSONL": '{"title": "Kites"}\n{"title": "Lamps"}\n',
    "HTML": "<!doctype html>\n<p>\nbyAK and the research community\n</p>",
    "XML": '<?xml version="1.0"?>\n<feed>\n·\nOct 3\n</feed>',
    "nothing": "",
    "blank lines": "\n\n\n",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_of_text_are_not_detected_as_a_page(kind: str) -> None:
    for name in ("daily-papers.txt", "file"):
        assert copied_page.sniff(OTHERS[kind].encode(), name) < SURE_ENOUGH
        assert copied_page.sniff(OTHERS[kind].encode("utf-16"), name) < SURE_ENOUGH


def test_binary_files_are_not_detected_as_a_page() -> None:
    assert copied_page.sniff(bytes(range(32)) * 40 + TWO.encode(), "x.txt") == 0.0
    assert copied_page.sniff(b"SQLite format 3\x00" + bytes(200), "x.txt") == 0.0
    assert copied_page.sniff(b"\x1f\x8b\x08\x00" + bytes(range(256)), "x.txt") == 0.0


def test_no_real_file_of_another_format_is_detected_as_a_page(listings: Path) -> None:
    files = 0
    for path in sorted(listings.glob("*/*")):
        if path.is_file():
            claimed = copied_page.sniff(path.read_bytes()[:65536], path.name) >= SURE_ENOUGH
            assert claimed == (path.parent.name == "hf-text"), path.name
            files += 1
    assert files > 20


@pytest.mark.parametrize(
    "text",
    [
        page("Kites", KITES, FOUR),
        bare("Kites", KITES),
        "\n\n".join(["Kites", KITES, FOUR, "Lamps", LAMPS, FOUR]),
        "\n\n".join(["Kites", KITES, "acme Acme\n·\nOct 29"]),
        f"SubscribeKites\n{KITES}\nLamps\n{LAMPS}\n",
        "Hugging Face\nModels\nDatasets\n" + page("Kites", KITES),
    ],
)
def test_a_page_is_detected_by_its_content_and_not_by_its_name(text: str) -> None:
    for name in ("x.txt", "papers", "x.json"):
        assert detect(text.encode(), name) is copied_page
    assert "Kites" in titles(text)
