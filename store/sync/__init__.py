"""Keeping the libraries of several machines equal through a folder that another program carries between them.

`exchange.exchange` runs one round. Each machine appends its registers to files that it alone writes, and reads the
files of the others.
"""
