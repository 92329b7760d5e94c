"""Python's cyclic garbage collector, out of the way of work that makes no cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the collector; also a decorator.

    Reading and counting a large election make a hundred thousand tuples and no cycle: the
    collector would walk them all, several times, for nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
