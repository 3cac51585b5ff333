"""How long a test waits for the event that it checks."""

from __future__ import annotations

# A test that has waited this long has failed (s). Much more than any event takes: where other programs use the machine,
# an import of the reader, which has a low priority, may get a hundredth of a processor.
PATIENCE = 240.0
