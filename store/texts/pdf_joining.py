"""Joins blocks of a PDF that belong together: fragments of one equation, and the parts of a divided paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.texts.blocks import BlockKind
from store.texts.pdf_blocks import OpenBlock

# A fragment of an equation has at most SCRAP characters, and no word of four letters or more, except these names of
# functions.
SCRAP = 26
_WORD = re.compile(
    r"(?!(?:sinh|cosh|tanh|coth|diag|rank|sign|span|argmin|argmax|softmax|const|Pr|mod)(?![^\W\d_]))[^\W\d_]{4,}"
)
_MATHEMATICAL = re.compile(r"[=≤≥≈≡∑∏∫∂∇∞→⇒∈√±×]")
# Two fragments belong together if the space between them is less than _NEAR times (vertically) or _BESIDE times
# (horizontally) the size of the letters of the text.
_NEAR, _BESIDE = 0.8, 15.0


def joined(blocks: Sequence[OpenBlock], body: float) -> list[OpenBlock]:
    """Join the fragments of each equation to one block, and also the parts of each divided paragraph.

    `body` is the size of the letters of the text (points).
    """
    return _with_whole_paragraphs(_with_whole_equations(blocks, body))


def _with_whole_paragraphs(blocks: Sequence[OpenBlock]) -> list[OpenBlock]:
    """Join the parts of each paragraph that a footnote, a figure or the end of a page divides to one block."""
    result: list[OpenBlock] = []
    for each in blocks:
        if each.kind in ("paragraph", "reference") and each.text[:1].islower():
            before = _unfinished(result, each.kind)
            if before is not None:
                before.join(each)
                continue
        result.append(each)
    return result


def _unfinished(result: Sequence[OpenBlock], kind: BlockKind) -> OpenBlock | None:
    """The last block of the kind `kind`, if it ends inside a sentence and is followed only by notes, captions and
    figures.
    """
    for each in result[:-9:-1]:
        if each.kind == kind or (kind == "paragraph" and each.kind == "list"):
            return None if each.text.endswith((".", "?", "!", ":")) else each
        if each.kind in ("heading", "equation"):
            return None
    return None


def _with_whole_equations(blocks: Sequence[OpenBlock], body: float) -> list[OpenBlock]:
    """Add fragments of an equation that became separate paragraphs to the block of the equation."""
    result: list[OpenBlock] = []
    run: list[OpenBlock] = []

    def close() -> None:
        if len(run) > 1 and any(each.kind == "equation" or _is_mathematical(each) for each in run):
            first = run[0]
            for each in run[1:]:
                first.lines.extend(each.lines)
            first.kind, first.level, first.emphasis = "equation", 0, []
            first.text = " ".join(line.text for line in first.lines)
            result.append(first)
        else:
            result.extend(run)
        run.clear()

    for block in blocks:
        if not _is_part(block):
            close()
            result.append(block)
            continue
        if run and not _is_near(run, block, body):
            close()
        run.append(block)
    close()
    return result


def _is_part(block: OpenBlock) -> bool:
    """Whether a block is an equation or may be a fragment of one."""
    if block.kind == "equation":
        return True
    return block.kind in ("paragraph", "list", "note") and len(block.lines) <= 2 and _is_scrap(block.text)


def _is_scrap(text: str) -> bool:
    return len(text) <= SCRAP and not _WORD.search(text) and not text.endswith("?")


def _is_mathematical(block: OpenBlock) -> bool:
    return bool(_MATHEMATICAL.search(block.text)) and any(line.math for line in block.lines)


def _is_near(run: Sequence[OpenBlock], block: OpenBlock, body: float) -> bool:
    """Whether a block is beside the blocks before it, or close to them."""
    lines = [line for each in run for line in each.lines]
    return any(
        line.page == other.page
        and line.shared_height(other) > -_NEAR * body
        and line.shared_width(other) > -_BESIDE * body
        for line in lines
        for other in block.lines
    )
