"""The listing formats that recto reads. `registry` lists them and picks the one for a file."""
