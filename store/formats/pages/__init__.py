"""Saved web pages of one paper."""
