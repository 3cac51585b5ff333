"""Digests: new papers, papers postponed until today, trending papers and the queue, as a text, a web page or a mail.

`contents.collect` reads a `Digest` from a library for a `period.Period`, `formats.FORMATS` writes it, and
`sending.send` sends it by mail. `schedule` makes a timer of the system that does so every day.
"""
