"""Digests: new papers, papers postponed until today, trending papers and the queue, as a text, a web page or a mail.

`contents.collect` reads the `Digest` of a period from a library, `formats.FORMATS` writes it, and `sending.send` sends
it by mail. `schedule` makes a timer of the system that does so every day.
"""
