"""Functions for text from files and web sites.

`clean` makes a text safe to store, `folding` makes spellings comparable, and `tex` converts TeX to Unicode.
"""
