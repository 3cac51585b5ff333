"""Digests: what is new, what came back, what is trending and what waits in the queue, as a text, a page or a mail.

`contents.collect` reads a `Digest` from a library for a `period.Period`, `formats.FORMATS` writes it, and
`sending.send` sends it by mail. `schedule` makes a timer of the system that does so every day.
"""
