"""Statistics: how much the user reads and decides on, and which words become more or less frequent in titles.

`reading.read` returns all statistics as one value, and the module `export` converts this value to CSV and to SVG.
"""
