"""The values that every package passes to the next: papers, entries of listings, dates, errors.

Modules: `paper`, `entry` (what listing formats produce), `partial_date`, `errors`. This package imports no other.
"""
