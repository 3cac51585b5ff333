"""Examines a library and everything around it, and says what is wrong and which command mends it.

`examination.examine` makes all checks. Each check returns findings (`finding.Finding`), and changes nothing.
"""
