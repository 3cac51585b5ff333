"""Papers as rows of the library: how they are stored and read, and which view shows which."""
