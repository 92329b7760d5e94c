"""How the site is served: gunicorn's settings for the demonstration, the image and the bench.

`gunicorn --config python:config.server`; WEB_CONCURRENCY and WEB_THREADS change the numbers. Two
processes per core, eight at most: threads of one process wait for each other each time that the
database answers one of them, and the slowest pages came sooner than with one process per core.
Eight threads per process: fewer gave no better a latency, and a few slow clients would take them
all.
"""

import gc
import os
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """gunicorn's own worker, which answers everybody who was let in before it stops.

    Its listening socket stays open while it ends its requests, so the kernel goes on taking calls
    that nobody will answer: they are cut off when the process ends, after they sent a form. This
    one takes in who is at the door when it is told to stop, and then shuts it: who comes later is
    refused at once, has sent nothing, and may call again.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for listener in self.sockets:
            waiting = -1
            while self.nr_conns > waiting:  # it grows with each one that is taken in
                waiting = self.nr_conns
                self.accept(listener)
            listener.close()


wsgi_app = "config.wsgi:application"
worker_class = Worker
workers = int(os.environ.get("WEB_CONCURRENCY", min(8, 2 * (os.cpu_count() or 1))))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
control_socket_disable = True
graceful_timeout = 30

_GARBAGE_EVERY = 50_000  # objects made and not freed; Python's own figure is 700


def when_ready(server: Any) -> None:
    """Leave aside what the application is made of: half a million objects that live for ever.

    Otherwise each full collection reads them all again, in every process and in the middle of an
    answer, and unshares the memory that the processes got from their parent.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_EVERY, 20, 50)
