"""Reads the lines of text on the pages of a PDF, with their boxes and fonts, with PDFium.

Calls of PDFium take most of the time. So its functions for the box and the font are called only once or twice for each
word, and not for each letter.
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pypdfium2 import raw

from store.texts import tex_extension_font
from store.texts.blocks import Box, SpanKind

# The characters that PDFium returns for the hyphen of a word divided at the end of a line: U+FFFE or U+0002.
SOFT_HYPHEN = "\xad"
# PDFium counts a character beyond U+FFFF, such as a mathematical letter, as two. This filler is put after such a
# character, so that the indices in the text equal those of PDFium. It is removed when the text of a block is complete.
FILLER = "\u2060"
# The code points of the italic letters (Latin and Greek) of Unicode's mathematical alphabets. They are replaced by
# ordinary letters.
_MATH_ITALICS = ((0x1D434, 0x1D467), (0x1D6E2, 0x1D71B))
_HYPHENS = re.compile("[\x02\ufffe]")
_UNKNOWN = re.compile("[\x00-\x01\x03-\x08\x0b\x0c\x0e-\x1f]")
_WORD = re.compile(r"\S+")
# Matches two letters. The style of a line is determined only from words with at least two letters, because the number
# of a heading is often in another font than its words.
_LETTERS = re.compile(r"[^\W\d_]{2}")
_LINE = re.compile(r"[^\r\n]+")
_BOLD = re.compile(
    r"bold|black|heavy|semib|demi|-medi|BX\d|CMB\d|SFBX|SFRB|ecbx|LMRoman\w+-Bold|TB$|\bBd", re.IGNORECASE
)
_ITALIC = re.compile(r"ital|obli|slant|CMTI|CMSL|SFTI|ecti|-It\b|It$|TB?I$", re.IGNORECASE)
_MATH = re.compile(
    r"math|CMMI|CMSY|CMEX|MSBM|MSAM|CMBSY|symbol|[tp]x(?:sy|mi|ex|bmi)|NewTXMI|NewPXMI|rsfs|eu[fsr][mb]\d|LMMI|LMSY|LMEX"
    r"|wasy|stmary|MdSym|MnSym|MTMI|MTSY|MTEX|futmi|futsy|esint|bbold|dsrom",
    re.IGNORECASE,
)
_SMALL_CAPS = re.compile(r"CMCSC|SFCC|caps|eccc|-SC\b|smallcap", re.IGNORECASE)
_MONO = re.compile(r"CMTT|CMSLTT|SFTT|ectt|LMMono|mono|courier|consol|typewriter|txtt|cmvtt", re.IGNORECASE)
# At most this many characters of a page are read. A full page of a newspaper has 30,000.
_MOST_CHARACTERS = 60_000
# Text that is rotated by more than this angle (radians), such as arXiv's stamp on the first page, is left out.
_TURNED = 0.3
_NAME_BYTES = 128
# If the gap between two words is wider than this multiple of the size of the letters, they may be in different cells of
# a table.
_WIDE_GAP = 0.9


class Font(NamedTuple):
    """A font: its properties, derived from its name, and the size of its letters in points."""

    name: str
    size: float
    is_bold: bool
    is_italic: bool
    is_math: bool
    is_small_caps: bool
    is_mono: bool


class Cell(NamedTuple):
    """The words of a line between two wide gaps: the index of the first character, and the left and right edge
    (points).
    """

    start: int
    left: float
    right: float


class Emphasis(NamedTuple):
    """A range of characters that is italic ("emphasis") or bold ("strong")."""

    start: int
    end: int
    kind: SpanKind

    def moved(self, by: int) -> Emphasis:
        """The same range, `by` characters later."""
        return Emphasis(self.start + by, self.end + by, self.kind)


class Line(NamedTuple):
    """One line of a page: its box in points from the lower left corner, and its text.

    `size` is the median size of its words (points). `bold`, `italic`, `math`, `small_caps` and `mono` (monospaced) are
    the shares of its words that have this style, from 0 to 1. Words without letters do not count, except for `math` and
    `mono`. `font` is the name of the font of its first word, and `second_left` the left edge of its second word. `lead`
    is the number of emphasized characters (bold, italic or small capitals) at the start of `text`; 0 if the whole line
    is emphasized, or its start is not. `cells` are the parts of the line between wide gaps, if there are several;
    otherwise it is empty. `emphasis` has the italic and bold words.
    """

    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: float
    italic: float
    math: float
    small_caps: float
    font: str
    text: str
    second_left: float = 0.0
    lead: int = 0
    mono: float = 0.0
    cells: tuple[Cell, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()

    @property
    def box(self) -> Box:
        return self.left, self.bottom, self.right, self.top

    @property
    def middle(self) -> float:
        """The distance of the middle of the line from the bottom of the page (points)."""
        return (self.bottom + self.top) / 2

    def shared_height(self, other: Line) -> float:
        """By how much two lines overlap vertically (points); negative if one is above the other."""
        return min(self.top, other.top) - max(self.bottom, other.bottom)

    def shared_width(self, other: Line) -> float:
        """By how much two lines overlap horizontally (points); negative if one is to the right of the other."""
        return min(self.right, other.right) - max(self.left, other.left)


def divided(line: Line, length: int) -> tuple[Line, Line]:
    """Divide a line into the heading at its start, which has `length` characters, and the rest.

    Both parts keep the box of the whole line.
    """
    heading = line._replace(text=line.text[:length].rstrip(" —–-"), lead=0, bold=1.0, cells=(), emphasis=())
    rest = without_start(line, length)
    return heading, rest._replace(text=rest.text.rstrip(), lead=0, bold=0.0, italic=0.0, small_caps=0.0)


def without_start(line: Line, length: int) -> Line:
    """A line without its first `length` characters and the white space after them."""
    text = line.text[length:].lstrip()
    cut = len(line.text) - len(text)
    emphasis = tuple(each.moved(-cut) for each in line.emphasis if each.start >= cut)
    return line._replace(text=text, lead=max(0, line.lead - cut), cells=(), emphasis=emphasis)


_NO_FONT = Font("", 0.0, is_bold=False, is_italic=False, is_math=False, is_small_caps=False, is_mono=False)


class LineReader:
    """Reads the lines of the pages of a document. Caches the properties of the fonts."""

    def __init__(self) -> None:
        self._box = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._size = ctypes.c_float()
        self._name = ctypes.create_string_buffer(_NAME_BYTES)
        # Maps the address of a text object in memory to its font. The addresses are valid only for one page.
        self._by_object: dict[int, Font] = {}

    def lines(self, page: Any, number: int) -> list[Line]:
        """The lines of a page of pypdfium2 in the order of the content stream. `number` counts from 1."""
        text_page = page.get_textpage()
        try:
            handle = text_page.raw
            count = min(raw.FPDFText_CountChars(handle), _MOST_CHARACTERS)
            self._by_object.clear()
            text = _characters(text_page, handle, count, self._large_signs(handle, count))
            lines = (self._line(handle, match, number) for match in _LINE.finditer(text))
            return [line for line in lines if line is not None]
        finally:
            text_page.close()

    def _large_signs(self, handle: Any, count: int) -> dict[int, str]:
        """The large brackets and operators of TeX on a page, by the index of the character."""
        signs: dict[int, str] = {}
        for index in range(count):
            # Asking whether a sign is known takes 0.4 µs for each character.
            if raw.FPDFText_HasUnicodeMapError(handle, index) != 1:
                continue
            code = raw.FPDFText_GetUnicode(handle, index)
            if code < len(tex_extension_font.SIGNS) and tex_extension_font.NAME.search(self._font(handle, index).name):
                signs[index] = tex_extension_font.SIGNS[code]
        return signs

    def _line(self, handle: Any, match: re.Match[str], page: int) -> Line | None:
        start = match.start()
        words = list(_WORD.finditer(match[0]))
        if not words or _is_turned(handle, start + words[0].start()):
            return None
        left = bottom = math.inf
        right = top = -math.inf
        second_left = 0.0
        fonts: list[Font] = []
        all_fonts: list[Font] = []
        cells: list[Cell] = []
        for number, word in enumerate(words):
            word_left = word_right = 0.0
            ends = (word.start(),) if len(word[0]) == 1 else (word.start(), word.end() - 1)
            for at in ends:
                if raw.FPDFText_GetLooseCharBox(handle, start + at, self._box):
                    left, right = min(left, self._box.left), max(right, self._box.right)
                    word_right = self._box.right
                    if at == word.start():
                        word_left = self._box.left
                    if number == 1 and at == word.start():
                        second_left = self._box.left
                    bottom, top = min(bottom, self._box.bottom), max(top, self._box.top)
            font = self._font(handle, start + word.start())
            all_fonts.append(font)
            if cells and word_left - cells[-1].right < _WIDE_GAP * font.size:
                cells[-1] = cells[-1]._replace(right=max(cells[-1].right, word_right))
            else:
                cells.append(Cell(word.start() - words[0].start(), word_left, word_right))
            if _LETTERS.search(word[0]):
                fonts.append(font)
        if not math.isfinite(left) or not math.isfinite(bottom):
            return None
        known = [font for font in fonts or all_fonts if font.size] or [_NO_FONT]
        lead = _lead(words, all_fonts)
        return Line(
            page,
            left,
            bottom,
            right,
            top,
            size=statistics.median(font.size for font in known) or (top - bottom),
            bold=sum(font.is_bold for font in known) / len(known),
            italic=sum(font.is_italic for font in known) / len(known),
            math=sum(font.is_math for font in all_fonts) / len(all_fonts),
            small_caps=sum(font.is_small_caps for font in known) / len(known),
            font=known[0].name,
            text=match[0].strip(),
            second_left=second_left,
            lead=words[lead].start() - words[0].start() if lead else 0,
            cells=tuple(cells) if len(cells) > 1 else (),
            mono=sum(font.is_mono for font in all_fonts) / len(all_fonts),
            emphasis=_emphasis(words, all_fonts),
        )

    def _font(self, handle: Any, index: int) -> Font:
        text_object = raw.FPDFText_GetTextObject(handle, index)
        if not text_object:
            return _NO_FONT
        address = ctypes.addressof(text_object.contents)
        font = self._by_object.get(address)
        if font is None:
            font = self._by_object[address] = self._ask(text_object)
        return font

    def _ask(self, text_object: Any) -> Font:
        font = raw.FPDFTextObj_GetFont(text_object)
        length = raw.FPDFFont_GetBaseFontName(font, self._name, _NAME_BYTES) if font else 0
        name = self._name.raw[: max(0, min(length, _NAME_BYTES) - 1)].decode("utf-8", "replace")
        size = self._size.value if raw.FPDFTextObj_GetFontSize(text_object, self._size) else 0.0
        if raw.FPDFPageObj_GetMatrix(text_object, self._matrix):
            size *= math.hypot(self._matrix.b, self._matrix.d)
        is_math = bool(_MATH.search(name))
        return Font(
            name,
            round(size, 1) if math.isfinite(size) else 0.0,
            is_bold=bool(_BOLD.search(name)) and not is_math,
            is_italic=bool(_ITALIC.search(name)) and not is_math,
            is_math=is_math,
            is_small_caps=bool(_SMALL_CAPS.search(name)),
            is_mono=bool(_MONO.search(name)),
        )


def _lead(words: Sequence[re.Match[str]], fonts: Sequence[Font]) -> int:
    """The number of words at the start of a line that are emphasized in the same way; 0 if the whole line is."""
    style: tuple[bool, bool, bool] | None = None
    for number, (word, font) in enumerate(zip(words, fonts, strict=True)):
        if not _LETTERS.search(word[0]):
            continue
        found = (font.is_bold, font.is_italic, font.is_small_caps)
        if style is None:
            style = found
        elif found != style:
            return number if any(style) else 0
    return 0


def _emphasis(words: Sequence[re.Match[str]], fonts: Sequence[Font]) -> tuple[Emphasis, ...]:
    """The ranges of bold and italic words. Positions are counted from the start of the first word."""
    start = words[0].start()
    found: list[Emphasis] = []
    for word, font in zip(words, fonts, strict=True):
        if not (font.is_bold or font.is_italic):
            continue
        kind: SpanKind = "strong" if font.is_bold else "emphasis"
        # Join the ranges of neighbouring words with the same emphasis. The space between them is one character.
        if found and found[-1].kind == kind and word.start() - start <= found[-1].end + 1:
            found[-1] = found[-1]._replace(end=word.end() - start)
        else:
            found.append(Emphasis(word.start() - start, word.end() - start, kind))
    return tuple(found)


def _characters(text_page: Any, handle: Any, count: int, signs: Mapping[int, str]) -> str:
    """The characters of a page. The character at each index is the one that PDFium has at this index, or the one that
    `signs` has.
    """
    if count <= 0:
        return ""
    text = str(text_page.get_text_range(0, count, errors="replace"))
    if len(text) != count or not text.isprintable():
        # PDFium has left out some characters, or returned two code units as one character. So ask for each code unit.
        text = _of_units([raw.FPDFText_GetUnicode(handle, index) for index in range(count)])
    if signs:
        # Insert the signs first, because some of them have the codes of hyphens and line ends.
        text = "".join(signs.get(index, character) for index, character in enumerate(text))
    return _UNKNOWN.sub("\ufffd", _HYPHENS.sub(SOFT_HYPHEN, text))


def _of_units(units: Sequence[int]) -> str:
    """The text of UTF-16 code units, with one character for each unit. The second unit of a surrogate pair becomes
    `FILLER`, and a surrogate without its partner becomes a space.
    """
    text: list[str] = []
    for index, unit in enumerate(units):
        if not 0xD800 <= unit < 0xE000:
            text.append(chr(unit) if unit < 0x110000 else " ")
        elif unit < 0xDC00 and index + 1 < len(units) and 0xDC00 <= units[index + 1] < 0xE000:
            text.append(_letter(0x10000 + ((unit - 0xD800) << 10) + (units[index + 1] - 0xDC00)))
        else:
            is_second = index > 0 and unit >= 0xDC00 and 0xD800 <= units[index - 1] < 0xDC00
            text.append(FILLER if is_second else " ")
    return "".join(text)


def _letter(code: int) -> str:
    """The character with a code point beyond U+FFFF. An italic letter of a mathematical alphabet becomes an ordinary
    letter.
    """
    is_italic = any(first <= code <= last for first, last in _MATH_ITALICS)
    return unicodedata.normalize("NFKC", chr(code)) if is_italic else chr(code)


def _is_turned(handle: Any, index: int) -> bool:
    angle: float = raw.FPDFText_GetCharAngle(handle, index)
    return _TURNED < angle < 2 * math.pi - _TURNED
