"""The classes that the packages of `store` share: papers, entries of listings, dates, errors and limits.

Modules: `paper`, `paper_fields` (the table of fields), `entry` (what listing formats yield), `partial_date`, `errors`,
`limits`. This package imports no other package of recto.
"""
