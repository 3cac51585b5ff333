"""Exports: papers as files that other programs read.

`formats.FORMATS` lists the formats. Each format has a function that yields a file in parts, one paper at a time, so
that an export of any size needs little memory. `target_file` writes these parts to a file.
"""
