"""Code that reads a saved web page about one paper."""
