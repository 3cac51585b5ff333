"""HTML pages in the form of arXiv's LaTeXML, and PDFs of two columns, for the tests of full texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from store.model.errors import ListingError
from store.texts import worker, worker_process
from store.texts.blocks import FullText, cleaned
from tests.store.formats.documents.pdfs import Text, pdf_of_pages

FORMULA = (
    '<math alttext="E=mc^{2}"><semantics><mrow><mi>E</mi><mo>=</mo><mrow><mi>m</mi><mo>\u2062</mo><msup><mi>c</mi>'
    '<mn>2</mn></msup></mrow></mrow><annotation encoding="application/x-tex">E=mc^{2}</annotation></semantics></math>'
)

LATEXML = f"""<!DOCTYPE html><html><head><title>Page</title></head><body><nav>Menu</nav>
<article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Cranes That Count</h1>
<div class="ltx_authors"><span class="ltx_personname">Ada Alpha</span></div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">We count cranes.</p></div>
<section id="S1" class="ltx_section"><h2 class="ltx_title ltx_title_section"><span class="ltx_tag">1 </span>Why</h2>
<div id="S1.p1" class="ltx_para"><p class="ltx_p">As <cite class="ltx_cite">[<a href="#bib.bib1"
class="ltx_ref">1</a>]</cite> shows, <em class="ltx_emph ltx_font_italic">most</em><span class="ltx_ERROR">\\oops</span>
cranes<span id="footnote1" class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span
class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup>Not herons.</span></span></span>
obey {FORMULA}.</p>
<table id="S1.E1" class="ltx_equation ltx_eqn_table"><tr><td>{FORMULA}</td><td><span
class="ltx_tag ltx_tag_equation">(1)</span></td></tr></table></div>
<ul class="ltx_itemize"><li class="ltx_item"><span class="ltx_tag ltx_tag_item">•</span><div class="ltx_para"><p
class="ltx_p">a list</p></div></li></ul>
<div id="Thm1" class="ltx_theorem"><h6 class="ltx_title ltx_runin ltx_title_theorem">Theorem 1.</h6><div
class="ltx_para"><p class="ltx_p">All fly.</p></div></div>
<figure id="S1.T1" class="ltx_table"><table class="ltx_tabular"><tr><td>bird</td><td>count</td></tr><tr><td>crane</td>
<td>{FORMULA}</td></tr></table><figcaption class="ltx_caption">Table 1: Birds.</figcaption></figure>
</section>
<section class="ltx_bibliography"><h2 class="ltx_title ltx_title_bibliography">References</h2><ul class="ltx_biblist">
<li id="bib.bib1" class="ltx_bibitem"><span class="ltx_tag ltx_tag_bibitem">[1]</span><span class="ltx_bibblock">B.
Beta. <a href="https://arxiv.org/abs/2601.20001">Herons</a>.</span></li></ul></section>
</article></body></html>"""

MARKDOWN = r"""---
title: not this
---
# Cranes That Count

## Why

Most *cranes* obey $E_i * mc^2 * x$, see [this](https://example.org/a) and [that](javascript:alert(1)).
<b>Not bold.</b> ![a picture](https://example.org/tracker.png)

$$\sum_{i=1}^n x_i$$

1. first
2. second
   - inner

| bird | count |
|---|---|
| crane | $x^2$ |

```python
count = 1
```

## References

- B. Beta. Herons. arXiv:2601.20001
"""


@contextmanager
def read_in_this_process() -> Iterator[None]:
    """Extract texts in this process, because starting a child process for each takes a sixth of a second."""

    def read(file: IO[bytes], format: str, **_: object) -> FullText:
        answer = worker_process.answer_for(file.read(), format)
        if answer.text is None:
            raise ListingError(answer.error)
        return cleaned(answer.text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "read", read)
        yield


# Sentences of which each has other words, so that a test can recognize each of them.
SENTENCES = [
    f"Observation {number} says that {animal} {verb} more often than {other} in {place} near water."
    for number, (animal, verb, other, place) in enumerate(
        (
            (animal, verb, other, place)
            for animal in ("cranes", "herons", "storks", "egrets")
            for verb in ("dance", "wade", "call", "sleep")
            for other, place in (("ducks", "spring"), ("swans", "autumn"), ("gulls", "winter"))
        ),
        1,
    )
]
_TEXT_SIZE, _LEADING = 10, 12
_COLUMN_CHARACTERS = 44


def wrapped(text: str, characters: int = _COLUMN_CHARACTERS) -> list[str]:
    """`text` split into lines of at most this many characters."""
    lines: list[str] = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= characters:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def two_columns(pages: int = 2) -> bytes:
    """A PDF of two columns with a title, numbered headings, running heads, page numbers, a note and references."""
    drawn: list[list[Text]] = []
    sentences = iter(SENTENCES)
    for number in range(1, pages + 1):
        lines = [Text("Journal of Birds", 8, 760, 250), Text(str(number), 8, 30, 300)]
        top = 740.0
        if number == 1:
            lines += [Text("Cranes That Count Better Than Herons", 17, 720, 120), Text("Ada Alpha", 11, 695, 270)]
            top = 660.0
        for column, x in enumerate((60.0, 320.0)):
            y = top
            heading = 2 * number - 1 + column
            lines.append(Text(f"{heading} Heading of Part {heading}", 12, y, x, bold=True))
            y -= 20
            for _ in range(2):
                paragraph = " ".join(next(sentences) for _ in range(4))
                for index, line in enumerate(wrapped(paragraph)):
                    lines.append(Text(line, _TEXT_SIZE, y, x + (12 if index == 0 else 0)))
                    y -= _LEADING
            if number == 1 and column == 0:
                lines.append(Text("1 Herons were not asked.", 7, 80, x))
            if number == pages and column == 1:
                lines.append(Text("References", 12, y - 10, x, bold=True))
                lines.append(Text("[1] B. Beta. Herons. Journal of Birds 1, 2020.", 9, y - 30, x))
                lines.append(Text("[2] C. Gamma. Storks. arXiv:2601.20001, 2026.", 9, y - 42, x))
        drawn.append(lines)
    return pdf_of_pages(drawn)


def read_pdf(data: bytes) -> FullText:
    """The full text of a PDF. Skips the test if the library for reading PDFs is missing."""
    pytest.importorskip("pypdfium2")
    from store.texts import pdf_reader

    return pdf_reader.read(data, lambda page, of: None)
