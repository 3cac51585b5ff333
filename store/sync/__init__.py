"""Keeps the marks in the libraries of several machines equal, through a folder that another program synchronizes.

That program is, for example, Syncthing, Dropbox or Git. Marks are exchanged as registers (store/marks/registers.py).
Each machine appends its registers to files in the folder that no other machine writes, and reads the files of the other
machines. `rounds.run` does both once. `shared_collections.run` does the same for one collection that several people
share through another folder; it exchanges nothing else.
"""
