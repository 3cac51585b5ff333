"""What the library knows about the reader's own reading, and about the words of the field, in numbers.

`reading.read` returns everything as one value; `export` writes it as CSV and as SVG.
"""
