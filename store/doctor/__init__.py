"""Examines a library and its surroundings, and reports what is wrong and which command repairs it.

`examination.examine` runs all checks. Each check returns findings (`finding.Finding`) and changes nothing.
"""
