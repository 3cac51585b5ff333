"""Limits of time and memory for one listing, which keep a hostile file from hanging an import or filling the memory.

Sizes are in bytes, times in seconds of processor time. `store/importing/resource_limits.py` enforces times and memory;
the formats enforce the others while they read. Limits that concern only one format are in the module of that format.
"""

from __future__ import annotations

# A reader may take this long to come to its next entry. 64 MiB of BibTeX take 20 s.
ENTRY_SECONDS = 120.0
# All formats together may take this long to say whether a file is theirs. The slowest head of 64 KiB takes half a
# second; a format that takes much longer has a fault.
DETECTION_SECONDS = 15.0
# Memory of a process that only imports, without the files that it maps.
MEMORY = 4 * 2**30

# A format that does not stream holds the file in memory, several times over while it parses.
WHOLE_FILE = 64 * 2**20
# A JSON file that is not JSON lines is one value. This is more than any listing page, and less than what makes a
# machine swap.
WHOLE_JSON = 256 * 2**20
# The largest unpacked size of one packed file. A file of 200 KB can unpack to gigabytes.
UNPACKED = 256 * 2**20
# The largest unpacked size of one archive, and the largest number of files in it.
ARCHIVE = 4 * UNPACKED
ARCHIVE_MEMBERS = 1000
# zipfile reads the table of contents of an archive whole: this is room for ARCHIVE_MEMBERS names of a kilobyte each.
ARCHIVE_CONTENTS = 2**20

# One line of JSON lines or of arXiv's snapshot. The longest in the snapshot, of collaborations, have 250 kB.
JSON_LINE = 16 * 2**20
# The size of one record of XML.
XML_RECORD = 16 * 2**20
# One tag or comment of XML. expat parses an incomplete one again from its beginning with every piece of the file.
XML_TOKEN = 2**20
# One entry of a mailing. The largest, of collaborations, have 250 kB.
MAILING_ENTRY = 4 * 2**20
# One line of a mail; a longer one is split. No mail has lines like that, so nothing is lost.
MAIL_LINE = 64 * 1024
# The size of the header of one mail.
MAIL_HEADER = 64 * 1024
# The size of one cell of a table. The authors and affiliations of a large collaboration fill a megabyte.
TABLE_CELL = 2 * 2**20
