"""The time for which a test waits for the event that it checks."""

from __future__ import annotations

import os

# A test fails when it has waited this long for an event (s). The time is very long, because an import has a low
# priority, and on a busy machine it may get only a hundredth of a processor. `make faults-proof` sets a shorter time
# for tests that must fail.
PATIENCE = float(os.environ.get("RECTO_TESTS_PATIENCE", "240"))
