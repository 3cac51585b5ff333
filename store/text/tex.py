r"""Converts TeX in titles, names and abstracts to Unicode.

There are two entry points, because a library and a screen need different results:

- `for_storage` converts accents and simple commands (`Erd\H{o}s` becomes `Erdős`) and keeps math in TeX. The library
  stores formulas in TeX, so that exports contain them and a better converter can use them later. A command that
  `for_storage` does not know stays unchanged.
- `for_display` also converts formulas (`$O(n^2)$` becomes `O(n²)`). The result may contain less information than the
  TeX, and the conversion is slower. So `for_display` must be used only for titles and abstracts that are on the screen.

Both use the tables of commands in `tex_commands`, and write superscripts and subscripts with `scripts`.
"""

from store.text.tex_display import for_display, formula_for_display, is_money
from store.text.tex_storage import for_storage

__all__ = ["for_display", "for_storage", "formula_for_display", "is_money"]
