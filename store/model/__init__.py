"""The values that the packages of `store` pass to each other: papers, entries of listings, dates, errors.

Modules: `paper`, `paper_fields` (the table of fields), `entry` (what listing formats yield), `partial_date`, `errors`,
`limits`. This package imports no other package.
"""
