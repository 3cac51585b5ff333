"""The parts of the screen: filter line, lists, detail pane, status line and key bar.

A widget shows what it is given. It imports neither screens nor workers.
"""
