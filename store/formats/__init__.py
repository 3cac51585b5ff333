"""The formats of paper listings that recto reads. `registry` lists the formats and picks the one that fits a file."""
