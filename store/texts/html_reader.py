"""Reads the text of a saved web page: arXiv's HTML, which the program LaTeXML makes, and the pages of other sites.

Parsing a page with deeply nested elements takes quadratic time. So only the child process, whose time is limited, may
call this module.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from store.model.errors import ListingError
from store.texts import html_authors, html_inline, html_pictures
from store.texts.blocks import Block, BlockKind, FullText, Span, joined, one_span, title_of
from store.texts.html_inline import DEEPEST, HIDDEN, children, classes, line_of, spans_of

# Selectors for the element of a page that contains the paper. The first one that matches is used.
_ROOTS = (".ltx_document", "article", '[role="main"]', "main", "body")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LATEXML_LEVELS = {
    "ltx_title_document": 1, "ltx_title_part": 2, "ltx_title_chapter": 2, "ltx_title_abstract": 2,
    "ltx_title_section": 2, "ltx_title_appendix": 2, "ltx_title_bibliography": 2, "ltx_title_acknowledgements": 2,
    "ltx_title_subsection": 3, "ltx_title_subsubsection": 4, "ltx_title_paragraph": 5, "ltx_title_subparagraph": 6,
}  # fmt: skip
# The titles of theorems, proofs and paragraphs begin the paragraph that follows.
_RUN_IN = re.compile(r"ltx_title_(?:theorem|proof|paragraph|subparagraph|keywords|classification)|ltx_runin")
_SKIPPED = frozenset(("footer", "aside", "header", *HIDDEN))
_SKIPPED_CLASSES = frozenset((
    "ltx_page_footer", "ltx_page_navbar", "ltx_TOC", "ltx_ERROR", "ltx_pagination", "ltx_dates", "ltx_keywords_hidden",
))  # fmt: skip
# If an element contains one of these elements, each of its children is read separately. Any other element with text
# becomes one paragraph.
_BLOCK_TAGS = frozenset((
    "p", "div", "section", "article", "main", "ul", "ol", "dl", "table", "figure", "pre", "blockquote", "details",
    *_HEADINGS,
))  # fmt: skip
_EQUATIONS = frozenset(("ltx_equation", "ltx_equationgroup", "ltx_eqn_table"))
_TABLES = ("table.ltx_tabular", "span.ltx_tabular")
# Paragraphs and notes before the title of the page are moved to after the title, if there are at most this many of
# them.
_MOST_BEFORE_TITLE = 12
_FLOATS = frozenset(("caption", "table"))
# Matches the end of a paragraph whose last sentence is not complete: it has no full stop, "?" or "!".
_INSIDE_SENTENCE = re.compile(r"[\w,)\]]$")
_ANY_BLOCK = ", ".join(_BLOCK_TAGS)


def read(data: bytes) -> FullText:
    """Convert a web page to a full text. Raises ListingError when the page contains no text."""
    page = data.decode("utf-8-sig", "replace")
    tree = LexborHTMLParser(page if "<!doctype" in page[:1000].lower() else f"<!doctype html>{page}")
    root = next((node for selector in _ROOTS if (node := tree.css_first(selector)) is not None), None)
    blocks = _floats_last(_title_first(_Reader(tree).blocks(root))) if root is not None else ()
    if not blocks:
        raise ListingError("the page has no text")
    title = title_of(blocks) or line_of(tree.css_first("title"))
    remarks: tuple[str, ...] = ()
    if "</html" not in page[-2000:].lower() and "Page saved with SingleFile" not in page[:4000]:
        remarks = ("the page ends early, so its end may be missing",)
    return FullText(tuple(blocks), html.unescape(title), remarks=remarks)


def _title_first(blocks: list[Block]) -> list[Block]:
    """Put the title of the paper before the footnotes and other notes that precede it in the page."""
    start = next((index for index, block in enumerate(blocks) if block.kind == "heading"), 0)
    if 0 < start <= _MOST_BEFORE_TITLE and blocks[start].level == 1:
        blocks[: start + 1] = [blocks[start], *blocks[:start]]
    return blocks


def _floats_last(blocks: Sequence[Block]) -> list[Block]:
    """Join the two parts of a sentence that figures or tables divide to one paragraph, and put it before them."""
    result: list[Block] = []
    # The index of a paragraph that ends inside a sentence and is followed only by figures and tables so far; or None.
    unfinished: int | None = None
    for block in blocks:
        if unfinished is not None and block.kind == "paragraph" and len(result) > unfinished + 1 and _goes_on(block):
            before = result[unfinished]
            spans = joined([*before.spans, Span(" "), *block.spans])
            block = Block("paragraph", spans, anchor=before.anchor or block.anchor)
            result[unfinished] = block
        else:
            result.append(block)
            if block.kind not in _FLOATS:
                is_open = block.kind == "paragraph" and bool(_INSIDE_SENTENCE.search(block.text))
                unfinished = len(result) - 1 if is_open else None
    return result


def _goes_on(block: Block) -> bool:
    """Whether a paragraph continues a sentence of an earlier one, because it begins with a small letter."""
    return block.spans[0].kind in ("text", "emphasis") and block.text[:1].islower()


class _Reader:
    """Visits the elements of a page one after another and collects the blocks of its text."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._pictures = html_pictures.links(tree)
        self._anchors = frozenset(
            identifier for node in tree.css("[id]") if (identifier := node.attributes.get("id") or "")
        )
        self._blocks: list[Block] = []
        # A title, such as "Theorem 1", that will be put at the start of the next paragraph, and the anchor of that
        # paragraph.
        self._run_in: tuple[Span, ...] = ()
        self._anchor = ""

    def blocks(self, root: LexborNode) -> list[Block]:
        self._walk(root, 0, 0)
        self._flush_run_in()
        return self._blocks

    # Adding blocks

    def _add(
        self, kind: BlockKind, spans: tuple[Span, ...], anchor: str = "", level: int = 0, picture: str = ""
    ) -> None:
        if not spans:
            return
        if kind == "paragraph" and self._run_in:
            spans = joined([*self._run_in, Span(" "), *spans])
            self._run_in = ()
        elif kind == "heading":
            self._flush_run_in()
        self._blocks.append(Block(kind, spans, level, anchor=anchor or self._anchor, picture=picture))
        self._anchor = ""

    def _flush_run_in(self) -> None:
        if run_in := self._run_in:
            self._run_in = ()
            self._add("paragraph", run_in)

    def _add_text(self, kind: BlockKind, node: LexborNode, anchor: str = "", picture: str = "") -> None:
        """Add the text of an element, and its footnotes after it."""
        self._add(kind, spans_of(node, self._anchors), anchor or _id(node), picture=picture)
        if kind != "caption":
            self._pictures_in(node)
        for note in _all(node, ".ltx_note"):
            self._note(note)

    def _pictures_in(self, node: LexborNode) -> None:
        """Add the pictures inside an element, or the element itself if it is a picture, each with its description."""
        images = [node] if node.tag == "img" else node.css("img")
        for image in images:
            link = self._pictures.get(image.mem_id, "")
            if link and (description := html_pictures.description(image)):
                self._add("caption", one_span(description), picture=link)

    def _note(self, note: LexborNode) -> None:
        content = note.css_first(".ltx_note_content") or note
        mark = line_of(content.css_first(".ltx_note_mark")) or line_of(note.css_first(".ltx_note_mark"))
        if text := line_of_note(content):
            self._add("note", one_span(f"{mark} {text}".strip()), _id(note))

    # Walking

    def _walk(self, node: LexborNode, depth: int, list_depth: int) -> None:
        if depth > DEEPEST:
            self._add("paragraph", one_span(" ".join(node.text().split())))
            return
        loose: list[Span] = []
        for child in children(node, with_text=True):
            tag = child.tag or ""
            if tag == "-text":
                loose.append(Span(child.text(deep=False)))
                continue
            names = classes(child)
            if _is_skipped(child, tag, names):
                continue
            if html_inline.NOTE_CLASS in names:
                self._note(child)
                continue
            if tag not in _BLOCK_TAGS and tag != "header" and not _contains_blocks(child, names):
                # Text and inline elements between two blocks become a separate paragraph.
                if tag == "br":
                    self._add("paragraph", joined(loose))
                    loose = []
                elif tag == "math":
                    loose.append(Span(html_inline.formula(child), "math"))
                elif tag == "img":
                    self._add("paragraph", joined(loose))
                    loose = []
                    self._pictures_in(child)
                else:
                    loose += spans_of_self(child, self._anchors)
                continue
            self._add("paragraph", joined(loose))
            loose = []
            self._element(child, tag, frozenset(names), depth + 1, list_depth)
        self._add("paragraph", joined(loose))

    def _element(self, node: LexborNode, tag: str, names: frozenset[str], depth: int, list_depth: int) -> None:
        if tag in _HEADINGS or any(name in _LATEXML_LEVELS for name in names):
            self._heading(node, tag, names)
        elif names & _EQUATIONS:
            self._equation(node)
        elif "ltx_bibitem" in names:
            self._reference(node)
        elif "ltx_authors" in names and (authors := html_authors.paragraphs(node, self._anchors)):
            for spans in authors:
                self._add("paragraph", spans)
            for note in _all(node, ".ltx_note"):
                self._note(note)
        elif tag == "figure" or names & {"ltx_figure", "ltx_table", "ltx_float"}:
            self._figure(node, depth, list_depth)
        elif tag == "table" or "ltx_tabular" in names:
            self._table(node)
        elif tag == "pre" or "ltx_listing" in names:
            self._code(node)
        elif tag in ("ul", "ol") and "ltx_biblist" not in names:
            self._list(node, tag, depth, list_depth + 1)
        elif tag == "p" or (tag == "div" and not _contains_blocks(node, names)):
            self._add_text("paragraph", node)
        else:
            self._anchor = _id(node) or self._anchor
            self._walk(node, depth, list_depth)

    def _heading(self, node: LexborNode, tag: str, names: frozenset[str]) -> None:
        spans = spans_of(node, self._anchors)
        if any(_RUN_IN.match(name) for name in names):
            self._flush_run_in()
            self._run_in = tuple(Span(span.text, "strong", span.target) for span in spans)
            return
        level = next((_LATEXML_LEVELS[name] for name in names if name in _LATEXML_LEVELS), _HEADINGS.get(tag, 2))
        plain = joined([Span(span.text, "math" if span.kind == "math" else "text") for span in spans])
        self._add("heading", plain, _id(node), level)

    def _equation(self, node: LexborNode) -> None:
        rows: list[str] = []
        for row in node.css("tr") or [node]:
            formulas = " ".join(filter(None, map(html_inline.formula, row.css("math"))))
            number = line_of(row.css_first(".ltx_tag_equation, .ltx_tag_equationgroup"))
            if formulas:
                rows.append(f"{formulas}\t{number}" if number else formulas)
        self._add("equation", one_span("\n".join(rows)) if rows else (), _id(node))

    def _reference(self, node: LexborNode) -> None:
        tag = node.css_first(".ltx_tag_bibitem")
        label = line_of(tag)
        if tag is not None:
            tag.decompose()
        spans = spans_of(node, self._anchors)
        self._add("reference", joined([Span(f"{label} "), *spans]) if label else spans, _id(node))

    def _figure(self, node: LexborNode, depth: int, list_depth: int) -> None:
        """Add the tables in a figure, and its captions with the links of its pictures."""
        captions = _unlike(_all(node, "figcaption", ".ltx_caption"))
        tables = _all(node, *_TABLES) or node.css("table")
        outer = [table for table in tables if not _is_inside(table, tables)]
        for table in outer:
            self._table(table)
        if not outer and not captions:
            self._walk(node, depth, list_depth)
        for code in _all(node, "pre", ".ltx_listing"):
            self._code(code)
        pictures = [link for image in node.css("img") if (link := self._pictures.get(image.mem_id))]
        for number, caption in enumerate(captions):
            self._add_text("caption", caption, _id(node) if number == 0 else "", "".join(pictures[number : number + 1]))
        if not pictures and html_pictures.has_drawing(node):
            self._add("caption", one_span(html_pictures.DRAWING))
        if captions:
            for number, link in enumerate(pictures[len(captions) :], len(captions) + 1):
                # A block can refer to only one picture, so add a separate block for each further picture of a caption.
                self._add("caption", one_span(f"(picture {number} of {len(pictures)})"), picture=link)

    def _table(self, node: LexborNode) -> None:
        rows = [
            "\t".join(line_of(cell) for cell in _all(row, "td", "th", ".ltx_td")) for row in _all(node, "tr", ".ltx_tr")
        ]
        text = "\n".join(row for row in rows if row.strip())
        self._add("table", one_span(text) if text else (), _id(node))

    def _code(self, node: LexborNode) -> None:
        lines = node.css(".ltx_listingline")
        text = "\n".join(line.text().rstrip() for line in lines) if lines else node.text()
        self._add("code", one_span(text.strip("\n")) if text.strip() else (), _id(node))

    def _list(self, node: LexborNode, tag: str, depth: int, list_depth: int) -> None:
        number = 0
        for item in children(node):
            if item.tag != "li":
                continue
            number += 1
            names = classes(item)
            if "ltx_bibitem" in names or (item.attributes.get("role") or "") == "doc-biblioentry":
                self._reference(item)
                continue
            label_node = item.css_first(".ltx_tag_item")
            label = line_of(label_node) or (f"{number}." if tag == "ol" else "•")
            if label_node is not None:
                label_node.decompose()
            first = len(self._blocks)
            if _contains_blocks(item, names):
                self._walk(item, depth + 1, list_depth)
            else:
                self._add_text("paragraph", item)
            self._label_item(first, label, list_depth)

    def _label_item(self, first: int, label: str, list_depth: int) -> None:
        """Convert the paragraphs with indices from `first` on to a list item with this label."""
        for index in range(first, len(self._blocks)):
            block = self._blocks[index]
            if block.kind == "paragraph":
                spans = joined([Span(f"{label} "), *block.spans]) if index == first else block.spans
                self._blocks[index] = Block("list", spans, list_depth, anchor=block.anchor)


def _unlike(captions: list[LexborNode]) -> list[LexborNode]:
    """The captions of a figure, without those whose text equals that of an earlier one."""
    return list({line_of(caption): caption for caption in reversed(captions)}.values())[::-1]


def line_of_note(content: LexborNode) -> str:
    """The text of a footnote, without its mark and without the word "footnote" that LaTeXML writes before it."""
    for part in content.css(".ltx_note_mark, .ltx_note_type, .ltx_tag_note"):
        part.decompose()
    return line_of(content)


def spans_of_self(node: LexborNode, anchors: frozenset[str]) -> Iterator[Span]:
    """The spans of an inline element, in the style of that element: those of `<b>` are bold."""
    if (node.tag or "") in HIDDEN or not html_inline.HIDDEN_CLASSES.isdisjoint(classes(node)):
        return
    yield from html_inline.element_spans(node, anchors)


def _is_skipped(node: LexborNode, tag: str, names: list[str]) -> bool:
    """Whether an element is not part of the text. A `<header>` with a heading is part of it, because it contains the
    title.
    """
    if tag == "header" and node.css_first("h1") is not None:
        return False
    return tag in _SKIPPED or tag == "-comment" or not _SKIPPED_CLASSES.isdisjoint(names)


def _contains_blocks(node: LexborNode, names: list[str] | frozenset[str]) -> bool:
    if not _EQUATIONS.isdisjoint(names) or not {"ltx_listing", "ltx_bibitem", "ltx_tabular"}.isdisjoint(names):
        return True
    return node.css_first(_ANY_BLOCK) is not None


def _all(node: LexborNode, *selectors: str) -> list[LexborNode]:
    """The elements inside `node` that match one of the selectors, each once, in the order of the page."""
    if len(selectors) > 1:
        matching = {each.mem_id for selector in selectors for each in node.css(selector)}
        return [each for each in node.traverse() if each.mem_id in matching]
    return list(node.css(selectors[0]))


def _is_inside(node: LexborNode, others: list[LexborNode]) -> bool:
    above = node.parent
    while above is not None:
        if any(above.mem_id == other.mem_id for other in others):
            return True
        above = above.parent
    return False


def _id(node: LexborNode) -> str:
    return node.attributes.get("id") or ""
