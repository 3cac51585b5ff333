"""Sends requests to a site one after another, with pauses between them, and repeats a request that failed temporarily.

The time of the last request is stored in the library, so that the pauses also apply between requests of different
processes that use the library.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import tenacity

from store.fetching.network import TemporaryError
from store.library import settings
from store.library.library import Library

_T = TypeVar("_T")

# The largest number of tries for a request that fails with a TemporaryError.
TRIES = 4
# The stored time of the last request to a site may be in the future, because other processes have reserved times for
# their requests. If it is more than this many pauses (between two requests) in the future, the clock must have been set
# back, so the stored time is ignored.
_MAX_TURNS_AHEAD = 3


class PoliteRequests:
    """Sends requests one after another. Tests replace `sleep` and `clock`, which returns seconds since 1970."""

    def __init__(
        self,
        library: Library,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._sleep = sleep
        self._clock = clock

    def run(self, site: str, pause: float, send: Callable[[], _T]) -> _T:
        """Call `send`, which sends a request to `site`, and return its result.

        If `send` raises TemporaryError, it is called again, at most TRIES times in all.

        Before each call, this method waits until `pause` seconds have passed since the last request to the site. Raises
        the error of the last call.
        """

        def attempt() -> _T:
            self._wait_for_turn(site, pause)
            return send()

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_seconds_to_wait,
            retry=tenacity.retry_if_exception_type(TemporaryError),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _wait_for_turn(self, site: str, pause: float) -> None:
        """Reserve a time for the next request to a site, store this time in the library, and wait until then."""
        if not pause:
            return
        key = f"last-fetch:{site}"
        with self._library.writing(durable=False) as connection:
            value = settings.get(connection, key)
            now = self._clock()
            last = float(value) if value is not None else None
            is_plausible = last is not None and last - now <= _MAX_TURNS_AHEAD * pause
            turn = max(now, last + pause) if last is not None and is_plausible else now
            settings.put(connection, key, str(turn))
        if turn > now:
            self._sleep(turn - now)


def _seconds_to_wait(state: tenacity.RetryCallState) -> float:
    """The pause before the next try (s): 1, then 2, then 4, or longer if the server asked for a longer pause."""
    error = state.outcome.exception() if state.outcome else None
    requested_pause = error.wait if isinstance(error, TemporaryError) else 0.0
    return max(requested_pause, 2.0 ** (state.attempt_number - 1))
