"""Digests: lists of new papers, papers postponed until today, trending papers and the queue, as a text, a web page or a
mail.

`contents.collect` makes the `Digest` of a period from a library, `formats.FORMATS` converts it to text, and
`sending.send` sends it by mail. `schedule` installs a timer of the operating system that sends a digest every day.
"""
