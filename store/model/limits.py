"""Limits of time, memory and size for reading one listing, so that a hostile file cannot hang an import or fill memory.

Sizes are in bytes, times in seconds of processor time. `store/importing/resource_limits.py` enforces the limits of time
and memory; the formats enforce the others while they read. A limit of a single format is in the module of that format.
"""

from __future__ import annotations

# The longest time that a format may take to yield its next entry. 64 MiB of BibTeX take 20 s.
ENTRY_SECONDS = 120.0
# The longest time for detecting the format of a file, with the sniffers of all formats together. The slowest file takes
# half a second, so a much longer time means that a sniffer has a fault.
DETECTION_SECONDS = 15.0
# The largest memory of a process that only imports, not counting memory-mapped files.
MEMORY = 4 * 2**30

# The largest file for a format that does not stream. Such a format needs several times the size of the file in memory.
WHOLE_FILE = 64 * 2**20
# The largest JSON file that is not JSON lines, because it is read into memory as one value. The limit is larger than
# any page of a listing, and small enough that the computer does not start to swap.
WHOLE_JSON = 256 * 2**20
# The largest size of one compressed file after decompression. A file of 200 KB can expand to gigabytes.
UNPACKED = 256 * 2**20
# The largest size of one archive after decompression, and the largest number of files in an archive.
ARCHIVE = 4 * UNPACKED
ARCHIVE_MEMBERS = 1000
# The largest table of contents of an archive, because zipfile reads it into memory: it has room for ARCHIVE_MEMBERS
# names of 1 KiB each.
ARCHIVE_CONTENTS = 2**20

# The longest line of JSON lines or of arXiv's snapshot. The longest line in the snapshot has 250 kB, because it names
# all members of a collaboration.
JSON_LINE = 16 * 2**20
# The largest XML record.
XML_RECORD = 16 * 2**20
# The longest tag or comment of XML. If one is incomplete, expat parses it again from its start with every chunk of the
# file, so a long one would take quadratic time.
XML_TOKEN = 2**20
# The largest entry of a mailing. The largest real entry, of a collaboration, has 250 kB.
MAILING_ENTRY = 4 * 2**20
# The longest line of a mail. A longer line is split, which does no harm, because lines of mails are much shorter.
MAIL_LINE = 64 * 1024
# The largest header of a mail.
MAIL_HEADER = 64 * 1024
# The largest cell of a table. The authors and affiliations of a large collaboration fill a megabyte.
TABLE_CELL = 2 * 2**20
