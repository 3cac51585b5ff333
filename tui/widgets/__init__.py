"""The parts of the screen: filter line, lists, detail pane, status line and key bar.

A widget shows the values that the screen passes to it. The modules of this package import neither screens nor workers.
"""
