"""Reader for a saved web page about one paper."""
