"""Texts in old encodings are read correctly, and the import reports which encoding was guessed."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from store.formats.shared import text_lines
from store.importing.importer import Options, import_file
from store.library.library import Library

TITLES = {
    "koi8_r": "Пример статьи о машинном обучении и нейронных сетях",
    "cp1251": "Обзор методов обработки естественного языка",
    "iso8859_5": "Пример статьи о машинном обучении и нейронных сетях",
    "cp866": "Пример статьи о машинном обучении и нейронных сетях",
    "shift_jis": "深層学習による俳句の生成についての研究",
    "euc_jp": "深層学習による俳句の生成についての研究",
    "iso2022_jp": "深層学習による俳句の生成についての研究",
    "euc_kr": "한국어 자연어 처리를 위한 심층 학습 연구",
    "big5": "基於深度學習的自然語言處理方法研究綜述",
    "gb18030": "基于深度学习的自然语言处理方法研究综述",
    "cp1253": "Μελέτη της βαθιάς μάθησης στην επεξεργασία γλώσσας",
    "cp1255": "מבוא ללמידה עמוקה ועיבוד שפה טבעית",
    "cp1256": "مقدمة في التعلم العميق ومعالجة اللغة الطبيعية",
    "cp1252": "Über die Grundlagen der Geometrie — naïve façade",
    "latin_1": "Sur les fonctions à carré sommable, études générales",
    "utf-7": "Über die Grundlagen der Geometrie",
}


def bibtex(title: str) -> str:
    return f"@article{{key,\n  title = {{{title}}},\n  author = {{Doe, Jane}},\n  year = {{2020}}\n}}\n"


@pytest.mark.parametrize("encoding", TITLES)
def test_a_text_in_an_old_encoding_is_read_letter_for_letter(encoding: str) -> None:
    for text in (bibtex(TITLES[encoding]), bibtex(TITLES[encoding]) * 30, f"{TITLES[encoding]}\n"):
        decoded = text_lines.open_text(io.BytesIO(text.encode(encoding))).read()
        assert decoded == text


@pytest.mark.parametrize("encoding", TITLES)
def test_an_import_says_which_encoding_was_guessed(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    file.write_bytes(bibtex(TITLES[encoding]).encode(encoding))
    with Library.open(tmp_path / "library.db") as library:
        (report,) = import_file(library, file, Options(today=date(2026, 7, 1)))
        assert library.reader().execute("SELECT title FROM paper").fetchone() == (TITLES[encoding],)
    (warning,) = report.warnings
    assert "it was read as" in warning


@pytest.mark.parametrize("text", ["plain ASCII", "Ünïcödé ✓", "LiNi+CoO2- cells", "A+BCD- and $a+b-c$", "x +AA- y"])
def test_unicode_and_ascii_are_not_guessed(text: str) -> None:
    encoded = bibtex(text).encode()
    assert text_lines.open_text(io.BytesIO(encoded)).read() == bibtex(text)
    assert text_lines.guessed_encoding(encoded) is None


def test_a_document_that_names_its_encoding_needs_no_guess() -> None:
    assert text_lines.guessed_encoding('<?xml version="1.0" encoding="koi8-r"?><a>мир</a>'.encode("koi8_r")) is None
