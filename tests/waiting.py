"""How long a test waits for the event that it checks."""

from __future__ import annotations

import os

# A test that has waited this long has failed (s). Much more than any event takes: where other programs use the machine,
# an import of the reader, which has a low priority, may get a hundredth of a processor. `make faults-proof` sets a
# shorter time for tests that must fail.
PATIENCE = float(os.environ.get("RECTO_TESTS_PATIENCE", "240"))
