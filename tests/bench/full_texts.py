"""Measures how well text is extracted from PDFs: typeset papers whose TeX sources exist, and generated ones.

`python -m tests.bench.full_texts` prints a line for each paper. If names of papers are given, it also prints the errors
in these papers. With `--without-outlines`, the headings are found as if no PDF had an outline.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from store.texts.blocks import Block, cleaned
from tests.bench import tex_sources
from tests.bench.figures import Figure
from tests.bench.stand import Stand
from tests.bench.tex_sources import Source, letters
from tests.store.texts.made_papers import made_papers

NAME = "texts"

# Debian's package texlive-publishers-doc installs these papers and their sources in this folder.
FOLDER = Path("/usr/share/doc/texlive-doc/latex")
PACKAGE = "texlive-publishers-doc"
# The rules that recognize headings were developed with the papers of the first list. The mistakes in the papers of the
# second list were looked at only after a first measurement, so this list shows a little better how well the rules fit
# unknown papers.
SEEN = (
    "acmart/samples/sample-sigconf", "aastex/sample631", "revtex/sample/aps/apssamp", "asmeconf/asmeconf-template",
    "aomart/aomsample", "ejpecp/sample", "jmlr/pmlr-sample", "quantumarticle/quantum-template", "mnras/mnras_guide",
    "oup-authoring-template/oup-authoring-template", "spie/article", "univie-ling/univie-ling-paper",
)  # fmt: skip
UNSEEN = (
    "acmart/samples/sample-acmsmall", "revtex/sample/aip/aipsamp", "asmejour/asmejour-template", "ijmart/ijmsample",
    "cmpj/template", "aguplus/aguplus", "ptptex/manptp", "ascelike/ascexmpl", "prtec/PRTEC19-template",
    "elsarticle/elsdoc", "cascadilla/example", "imac/imac", "aiaa/author_guide",
    "hep-paper/hep-paper-documentation", "philosophersimprint/sample",
)  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?:appendix|annexe|chapter)\s+)?(?:\d+(?:\.\d+)*|[IVX]+(?:\.(?:\d+|[A-H]|[a-h]))*|[A-H](?:\.\d+)*)[.:]?\s+",
    re.IGNORECASE,
)
# Headings that are printed in the papers, although no heading command in their TeX source produces them.
_USUAL = re.compile(
    r"abstract|references|bibliography|literaturecited|acknowledge?ments?|keywords|contents|tableofcontents|appendix\w?"
    r"|appendices|ccsconcepts|indexterms|listof(?:figures|tables)|nomenclature|notes|affiliations?|zusammenfassung"
)


# The goals for each paper.
_SENTENCES, _HEADINGS, _ORDER_ERRORS, _MS_A_PAGE = 0.95, 0.9, 2, 30.0


class Score(NamedTuple):
    """How well the text of one PDF was extracted.

    `sentences` (share of the sentences that were found), `found` (share of the headings that were found) and `right`
    (share of the headings in the text that are headings in the source) are from 0 to 1. `order_errors` is how often a
    sentence is before one that it should follow. `wrong` are the missing sentences and headings, and the texts that
    were taken for headings by mistake.
    """

    sentences: float
    found: float
    right: float
    references: int
    order_errors: int
    pages: int
    seconds: float
    wrong: tuple[str, ...]

    @property
    def ms_a_page(self) -> float:
        """The processor time for one page (ms)."""
        return 1000 * self.seconds / max(1, self.pages)


def score(pdf: bytes, source: Source, *, with_outline: bool = True) -> Score:
    """Extract the text of a PDF in this process, and compare it with its source."""
    from store.texts import pdf_reader

    began = time.process_time()
    text = pdf_reader.read(pdf, lambda page, pages: None, with_outline=with_outline)
    seconds = time.process_time() - began
    blocks = cleaned(text).blocks
    whole = "|".join(letters(block.text) for block in blocks)
    places = [(whole.find(letters(sentence)), sentence) for sentence in source.sentences]
    once = [at for at, sentence in places if at >= 0 and whole.count(letters(sentence)) == 1]
    missing = [sentence for at, sentence in places if at < 0]
    found, right, wrong = _headings(blocks, source)
    return Score(
        1 - len(missing) / max(1, len(places)),
        found,
        right,
        sum(block.kind == "reference" for block in blocks),
        sum(later < earlier for earlier, later in pairwise(once)),
        text.pages,
        seconds,
        (*(f"sentence missing: {sentence}" for sentence in missing), *wrong),
    )


def _headings(blocks: Sequence[Block], source: Source) -> tuple[float, float, list[str]]:
    """The share of the headings that were found, the share of the found headings that are right, and the mistakes."""
    shown = [block.text for block in blocks if block.kind == "heading" and block.level > 1]
    left = {index: {letters(text), letters(_NUMBER.sub("", text, count=1))} for index, text in enumerate(shown)}
    mistakes: list[str] = []
    missing = 0
    for patterns, is_needed in ((source.headings, True), (source.others, False)):
        for pattern in patterns:
            match = next(
                (i for i, texts in left.items() if any(re.fullmatch(rf"{pattern}\d{{0,4}}", text) for text in texts)),
                None,
            )
            if match is not None:
                del left[match]
            elif is_needed:
                missing += 1
                mistakes.append(f"heading missing: {pattern}")
    wrong = [i for i, texts in left.items() if not any(map(_USUAL.fullmatch, texts))]
    mistakes += [f"no heading: {shown[index]}" for index in wrong]
    found = 1 - missing / max(1, len(source.headings))
    return found, 1 - len(wrong) / max(1, len(shown)), mistakes


def measure(stand: Stand) -> Iterator[Figure]:
    """The number of papers that reach the goals, and the largest processor time for a page.

    Needs Debian's package texlive-publishers-doc.
    """
    if not FOLDER.is_dir():
        raise OSError(f"the papers are missing: apt-get install {PACKAGE}")
    scores = [score((FOLDER / f"{name}.pdf").read_bytes(), read_source(name)) for name in (*SEEN, *UNSEEN)]
    for made in made_papers():
        headings = tuple(re.escape(letters(heading)) for heading in made.headings)
        scores.append(score(made.pdf, Source(made.sentences, headings, ())))
    reached = {
        f"{_SENTENCES:.0%} of the sentences": [each.sentences >= _SENTENCES for each in scores],
        f"{_HEADINGS:.0%} of the headings": [min(each.found, each.right) >= _HEADINGS for each in scores],
        f"at most {_ORDER_ERRORS} order errors": [each.order_errors <= _ORDER_ERRORS for each in scores],
    }
    for name, papers in reached.items():
        yield Figure(
            name=f"texts of PDFs: papers with {name}",
            at=len(papers),
            figure=100 * sum(papers) / len(papers),
            unit="%",
            goal=100.0,
            note=f"{sum(papers)} of {len(papers)}; python -m tests.bench.full_texts has each paper",
        )
    times = [each.ms_a_page for each in scores]
    yield Figure(
        name="texts of PDFs: a page, worst paper",
        at=len(times),
        figure=max(times),
        unit="ms",
        goal=_MS_A_PAGE,
        note=f"processor time; median {median(times):.0f} ms",
    )


def read_source(name: str) -> Source:
    """The source of a paper of `FOLDER`.

    Headings that its LaTeX class produces are taken from the outline of its PDF.
    """
    import pypdfium2

    source = tex_sources.read(FOLDER / f"{name}.tex.gz")
    with pypdfium2.PdfDocument(FOLDER / f"{name}.pdf") as document:
        titles = [bookmark.get_title() for bookmark in document.get_toc()]
    outline = tuple(re.escape(letters(_NUMBER.sub("", title, count=1))) for title in titles)
    return source._replace(others=source.others + outline)


def line(name: str, found: Score) -> str:
    """The line for one paper in the printed table."""
    return (
        f"{name:<46} sentences {found.sentences:.2f} · headings {found.found:.2f} found, {found.right:.2f} right"
        f" · {found.references:>3} references · {found.order_errors} order errors · {found.ms_a_page:.0f} ms a page"
    )


def main() -> None:
    """Print a line for each paper, or for each paper that is given on the command line."""
    with_outline = "--without-outlines" not in sys.argv
    asked = [name for name in sys.argv[1:] if not name.startswith("--")]
    if not FOLDER.is_dir():
        sys.exit(f"the papers are missing: apt-get install {PACKAGE}")
    for name in asked or (*SEEN, "", *UNSEEN):
        if not name:
            print()
            continue
        found = score((FOLDER / f"{name}.pdf").read_bytes(), read_source(name), with_outline=with_outline)
        print(line(name, found))
        if asked:
            print("\n".join(f"    {each}" for each in found.wrong))


if __name__ == "__main__":
    main()
