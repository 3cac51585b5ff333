"""How long a test waits for the event that it checks."""

from __future__ import annotations

import os

# A test fails when it has waited this long for an event (s). This is very long, because on a machine that is in use,
# an import of the reader, which has a low priority, may get a hundredth of a processor. `make faults-proof` sets a
# shorter time for tests that must fail.
PATIENCE = float(os.environ.get("RECTO_TESTS_PATIENCE", "240"))
