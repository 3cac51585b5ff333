"""Exports: papers as files that other programs read.

`formats.FORMATS` lists the formats. Each is a module with a function that turns papers into pieces of text, one paper
at a time, so that an export of any size needs little memory. `files` writes the pieces to a file.
"""
