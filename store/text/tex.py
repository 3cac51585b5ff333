r"""TeX in titles, names and abstracts becomes Unicode.

There are two entry points, because a library and a screen need different results:

- `for_storage` converts accents and simple commands (`Erd\H{o}s` becomes `Erdős`) and leaves math as written. A stored
  title keeps its formulas, so that exports and a better converter in the future still have them. What it cannot
  convert stays as written.
- `for_display` also converts formulas (`$O(n^2)$` becomes `O(n²)`). That may lose information, and it is slower, so it
  is only for the titles and abstracts that are on the screen.

Both take the meaning of commands from `tex_commands`, and write superscripts and subscripts by `scripts`.
"""

from store.text.tex_display import for_display, is_money
from store.text.tex_storage import for_storage

__all__ = ["for_display", "for_storage", "is_money"]
