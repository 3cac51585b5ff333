"""Splits an author's name into the parts that bibliographies need: given name, particle, family name and suffix.

A library stores a name as one text with the given name first ("Ludwig van Beethoven"). The parts are found by simple
rules, which may be wrong: for example, they take only "López" for the family name of "María García López", although it
is "García López".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_SUFFIX = re.compile(r"(?:Jr|Sr|jr|sr)\.?|I{2,3}|IV|VI{0,3}")
# Matches a word that shows that a name is the name of a group. The name must be in lower case. Words such as "team"
# match only at the end of a name, and the other words anywhere.
_GROUP = re.compile(
    r"\b(?:collaborations?|consorti(?:um|a)|committee|commission|working group|task force|investigators|"
    r"organi[sz]ation|association|society|institut(?:e|ion)|university|laborator(?:y|ies)|department|ministry|agency|"
    r"council|network|initiative|foundation|federation|alliance|corporation|company|contributors)\b|"
    r"(?:team|group|project|inc\.?|ltd\.?)$"
)
# Japanese, Chinese and Korean characters. Names in them are usually written without spaces.
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
# The most frequent family names in China, Korea and Taiwan that have one character, in simplified and traditional
# Chinese characters and in Hangul.
_FAMILY_CHARACTERS = frozenset(
    "李王张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣"
    "蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易"
    "常武乔喬贺賀赖賴龚龔文김이박최정강조윤장임한오서신권황안송전홍"
)


class PersonName(NamedTuple):
    """The parts of a name. For a group, or a name that has only one part, `family` is the whole name.

    `is_literal` is true if the name was not split into parts, because it is the name of a group or its parts cannot be
    determined.
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    is_literal: bool = False

    @property
    def family_first(self) -> str:
        """The name with the family name first: "van Beethoven, Ludwig", "King, Martin Luther, Jr."."""
        last = f"{self.particle} {self.family}".strip()
        return ", ".join(part for part in (last, self.given, self.suffix) if part)


@lru_cache(maxsize=8192)
def split(name: str) -> PersonName:
    """Split a name that has its given name first. Any text is accepted."""
    words = name.split()
    if len(words) < 2 or "," in name or "{" in name or "}" in name or _GROUP.search(name.lower()):
        return _in_one_word(name) if len(words) == 1 else PersonName(" ".join(words), is_literal=True)
    if EAST_ASIAN.search(name):
        return _in_two_words(words)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    *before, family = words
    if name.istitle():
        # No word begins with a small letter, so there is no particle. Most names are like this.
        return PersonName(family, " ".join(before), "", suffix)
    # The particle goes from the first word with a small initial letter up to the family name, for example "van" in
    # "Ludwig van Beethoven" and "de la" in "Jean de la Fontaine".
    start = next((place for place, word in enumerate(before) if word[0].islower()), len(before))
    return PersonName(family, " ".join(before[:start]), " ".join(before[start:]), suffix)


def _in_one_word(name: str) -> PersonName:
    if 2 <= len(name) <= 3 and name[0] in _FAMILY_CHARACTERS and all(map(EAST_ASIAN.match, name)):
        return PersonName(name[0], name[1:])
    return PersonName(name, is_literal=True)


def _in_two_words(words: list[str]) -> PersonName:
    """Split a Chinese, Japanese or Korean name that is written with a space.

    The first word is the family name, unless only the last word is a frequent family name. For example, the library
    stores the name "李, 明" of an imported file as "明 李".
    """
    if len(words) != 2:
        return PersonName(" ".join(words), is_literal=True)
    first, last = words
    if last in _FAMILY_CHARACTERS and first not in _FAMILY_CHARACTERS:
        return PersonName(last, first)
    return PersonName(first, last)
