"""Stops asking a service that does not answer, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Counts failures in a row; after `failures` of them, refuses for `pause` seconds.

    When the pause is over one caller may try: its success closes the circuit, its failure opens it
    again. One per process and service; safe between threads.
    """

    def __init__(
        self,
        *,
        failures: int = 3,
        pause: float = 30,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """May the service be asked now? After a pause, yes for one caller only."""
        with self._lock:
            now = self._clock()
            if now < self._closed_until:
                return False
            if self._failed >= self._limit:
                # The others wait for this one's answer.
                self._closed_until = now + self._pause
            return True

    def succeeded(self) -> None:
        """The service answered."""
        with self._lock:
            self._failed = 0
            self._closed_until = 0.0

    def failed(self) -> None:
        """The service did not answer."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._closed_until = self._clock() + self._pause

    def rest(self, seconds: float) -> None:
        """The service itself asks to be left alone this long."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)
