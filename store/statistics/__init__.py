"""Statistics: how much the user reads and decides on, and which words become more or less frequent in titles.

`reading.read` returns everything as one value; `export` writes it as CSV and as SVG.
"""
