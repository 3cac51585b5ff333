"""The signs of TeX's font for large brackets and operators (Computer Modern math extension, and fonts like it).

A PDF made by TeX often does not say which signs these fonts have. PDFium then returns the code of a sign in the font
instead, which looks like an ordinary letter: a sum would become "X", an integral "Z".
"""

from __future__ import annotations

import re

# Matches the names of these fonts.
NAME = re.compile(r"(?:CM|LM)EX\d|LMMathExtension|SFEX\d")
# The sign with each code, 16 in a row (Donald Knuth, "Computer Modern Typefaces", encoding OMX). Parts of brackets that
# are composed of several signs are spaces, except for the first part, which stands for the bracket.
SIGNS = (
    "()[]⌊⌋⌈⌉{}⟨⟩|‖/\\"
    "()()[]⌊⌋⌈⌉{}⟨⟩/\\"
    "()[]⌊⌋⌈⌉{}⟨⟩/\\/\\"
    "()[]  | {}     |"
    "    ⟨⟩⨆⨆∮∮⨀⨀⨁⨁⨂⨂"
    "∑∏∫⋃⋂⨄⋀⋁∑∏∫⋃⋂⨄⋀⋁"
    "∐∐^^^~~~[]⌊⌋⌈⌉{}"
    "√√√√    ↑↓    ⇑⇓"
)
