"""Text from outside: `clean` makes it safe to store, `folding` comparable, and `tex` converts TeX to Unicode."""
