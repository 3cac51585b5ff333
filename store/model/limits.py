"""Limits of time, memory and size for reading one listing, so that a hostile file cannot hang an import or fill memory.

Sizes are in bytes unless a comment names another unit, and times are seconds of processor time.
`store/importing/resource_limits.py` enforces the limits of time and memory. The modules that read formats enforce the
other limits. A limit that applies to a single format is in the module of that format.
"""

from __future__ import annotations

# The longest time that the code of a format may take to yield the next entry (s). Formats whose code parses the whole
# file first take the longest: 20 s for 64 MiB of BibTeX.
ENTRY_SECONDS = 120.0
# The longest time (s) for detecting the format of a file, with the sniffers (detection functions) of all formats
# together. The slowest known file takes half a second, so a much longer time means that a sniffer has a fault.
DETECTION_SECONDS = 15.0
# The most memory (bytes) that a process which only imports may use, not counting memory-mapped files.
MEMORY = 4 * 2**30

# The largest file (bytes) in a format whose code reads the file as a whole, which takes several times its size in
# memory.
WHOLE_FILE = 64 * 2**20
# The largest JSON file (bytes), unless it consists of JSON lines. It is read into memory as one value, so the limit is
# small enough that the computer does not start to swap. Real listings are smaller.
WHOLE_JSON = 256 * 2**20
# The largest size (bytes) of one compressed file after decompression. A file of 200 KB can expand to gigabytes.
UNPACKED = 256 * 2**20
# The largest size (bytes) of one archive after decompression, and the largest number of files in an archive.
ARCHIVE = 4 * UNPACKED
ARCHIVE_MEMBERS = 1000
# The largest table of contents of an archive (bytes). It is limited because zipfile reads it into memory. The limit
# leaves room for ARCHIVE_MEMBERS names of 1 KiB each.
ARCHIVE_CONTENTS = 2**20

# The largest full text in Markdown (bytes). A book is smaller. The parser needs some 10 s for a text of this size.
MARKDOWN = 8 * 2**20
# The longest line of a JSON lines file (characters) or of arXiv's snapshot (bytes). The longest line in the snapshot
# has 250 kB, because it names all members of a collaboration.
JSON_LINE = 16 * 2**20
# The largest record in an XML file (bytes).
XML_RECORD = 16 * 2**20
# The longest tag or comment in an XML file (bytes). The parser expat gets the file in chunks. With each chunk it parses
# an incomplete tag again from its start, so the time for a long tag would grow with the square of its length.
XML_TOKEN = 2**20
# The largest entry of a mailing from arXiv (characters). The largest real entry has 250 kB, because it names all
# members of a collaboration.
MAILING_ENTRY = 4 * 2**20
# The longest line of a mail (bytes) or of decoded text (characters). A longer line is split, which does no harm: real
# lines are much shorter.
MAIL_LINE = 64 * 1024
# The largest header of a mail (bytes).
MAIL_HEADER = 64 * 1024
# The largest cell of a table (characters). The authors and affiliations of a large collaboration fill a megabyte.
TABLE_CELL = 2 * 2**20
