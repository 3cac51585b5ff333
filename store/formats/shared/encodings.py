"""Guesses the encoding of a text that is neither UTF-8 nor UTF-16 and does not name its encoding."""

from __future__ import annotations

import base64
import codecs
import functools
import re

# The names of encodings in messages to the user. The keys are Python's names of the encodings.
_NAMES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "koi8_u": "KOI8-U (Cyrillic)",
    "iso8859_5": "ISO-8859-5 (Cyrillic)",
    "cp866": "code page 866 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "cp932": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "iso2022_jp": "ISO-2022-JP (Japanese)",
    "cp949": "EUC-KR (Korean)",
    "big5": "Big5 (Chinese)",
    "gb18030": "GB 18030 (Chinese)",
    "utf-7": "UTF-7",
}
# The encodings from which charset-normalizer chooses. `_is_western` decides earlier whether a text is Western European,
# so its encodings are not in this list.
_CANDIDATES = (
    *("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "cp1253", "cp1256", "cp874"),
    *("cp932", "cp949", "big5", "gb18030"),
)
# A text counts as GBK if it has at least _ENOUGH_CHINESE characters beyond ASCII, and if at least _COMMON_SHARE of them
# are common in Chinese.
_ENOUGH_CHINESE = 6
_COMMON_SHARE = 0.9
# In text of a European language with Latin letters, the letters beyond ASCII stand alone or in pairs between others. In
# other scripts, whole words are beyond ASCII. So a text counts as European if its runs of bytes beyond ASCII have at
# most this mean length.
_WESTERN_RUN = 2.2
# A text with at least _ENOUGH_LETTERS letters beyond ASCII is decoded as Japanese and then as Hebrew. It counts as
# Japanese if at least _KANA_SHARE of these letters are kana, which Chinese and Korean do not have, and as Hebrew if at
# least _HEBREW_SHARE of them are Hebrew.
_ENOUGH_LETTERS = 8
_KANA_SHARE = 0.2
_HEBREW_SHARE = 0.98
# At most this many bytes of lines with letters beyond ASCII are examined.
_MOST_BYTES = 16 * 1024
# UTF-7 writes letters beyond ASCII in base64 between "+" and "-". A single such word may have another meaning, such as
# the name of a compound, unless it encodes letters whose code points are below this one (the end of Latin Extended-B).
_END_OF_LATIN = "\u0250"
_UTF7_WORD = re.compile(rb"\+([A-Za-z0-9/]{3,64})-")
_ENOUGH_UTF7_WORDS = 2
_ESCAPED_JAPANESE = re.compile(rb"\x1b\$[@B]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile("[\u3040-\u30ff]")
_HEBREW = re.compile("[\u05d0-\u05ea]")


def guess(head: bytes) -> str:
    """Python's name of the most probable encoding of a text that starts with `head` and is not UTF-8 or UTF-16.

    Any European encoding with one byte per character is read as Windows-1252. Windows-1252 is Latin-1 with bullets,
    dashes and quotation marks in place of control characters that text files do not contain.
    """
    lines = [line for line in head.splitlines(keepends=True) if not line.isascii()]
    return _guess(b"".join(lines)[:_MOST_BYTES])


def escaped(head: bytes) -> str | None:
    """The encoding of an ASCII text that contains escape sequences for other letters; None without such sequences."""
    if b"\x1b$" in head and _ESCAPED_JAPANESE.search(head):
        return "iso2022_jp"
    words = _UTF7_WORD.findall(head[:_MOST_BYTES]) if b"+" in head else []
    decoded = [_utf7_word(word) for word in words]
    enough = len(words) >= _ENOUGH_UTF7_WORDS or all(max(word, default="\uffff") < _END_OF_LATIN for word in decoded)
    return "utf-7" if words and enough and all(decoded) else None


def title(name: str) -> str:
    """A name of an encoding for messages, for example "Shift JIS (Japanese)"."""
    return _NAMES.get(name, name)


# The result is cached, because the `sniff` functions of all formats ask for the encoding of the same bytes.
@functools.lru_cache(maxsize=4)
def _guess(text: bytes) -> str:
    if _is_chinese(text):
        return "gb18030"
    if _is_western(text):
        return "cp1252"
    for name, letters, share in (("euc_jp", _KANA, _KANA_SHARE), ("cp1255", _HEBREW, _HEBREW_SHARE)):
        decoded = [letter for letter in _decoded(text, name) if not letter.isascii()]
        if len(decoded) >= _ENOUGH_LETTERS and sum(map(bool, map(letters.match, decoded))) >= share * len(decoded):
            return name
    # Imported here, because few files need it.
    from charset_normalizer import from_bytes

    best = from_bytes(text, cp_isolation=list(_CANDIDATES)).best()
    return best.encoding if best is not None else "cp1252"


def _decoded(text: bytes, name: str) -> str:
    """`text` decoded, or "" if it is not valid. A character that is incomplete at the end is dropped."""
    try:
        return codecs.getincrementaldecoder(name)().decode(text)
    except UnicodeDecodeError:
        return ""


def _is_western(text: bytes) -> bool:
    runs = _BEYOND_ASCII.findall(text)
    return sum(map(len, runs)) <= _WESTERN_RUN * len(runs)


def _is_chinese(text: bytes) -> bool:
    """Whether a text that is not UTF-8 is mostly Chinese in GBK or in its superset GB 18030.

    An accented Latin-1 letter and the letter after it are also a valid Chinese character in GBK, but not one of the
    common characters of GB 2312, in which both bytes are beyond ASCII. Japanese in EUC-JP has kana in the same place.
    """
    letters = [letter for letter in _decoded(text, "gb18030") if not letter.isascii()]
    if len(letters) < _ENOUGH_CHINESE or sum(map(_is_common, letters)) < _COMMON_SHARE * len(letters):
        return False
    return sum(map(bool, map(_KANA.match, letters))) < _KANA_SHARE * len(letters) and not _is_korean(text)


def _is_korean(text: bytes) -> bool:
    """Whether the text is valid in EUC-KR and nearly all of its letters are Hangul."""
    letters = [letter for letter in _decoded(text, "euc_kr") if not letter.isascii()]
    return bool(letters) and sum("가" <= letter <= "힣" for letter in letters) >= _COMMON_SHARE * len(letters)


def _is_common(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _utf7_word(word: bytes) -> str:
    """The letters beyond ASCII that `word`, the part between "+" and "-", encodes; "" if it encodes anything else."""
    try:
        decoded = base64.b64decode(word + b"=" * (-len(word) % 4), validate=True).decode("utf-16-be")
    except ValueError:
        return ""
    return decoded if all(letter > "\x7f" and letter.isalpha() for letter in decoded) else ""
