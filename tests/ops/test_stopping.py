"""A site told to stop answers all whom it let in; gunicorn's own worker cuts them off."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

from django.conf import settings

HANDS = 16
NOBODY = "nobody listens"


def stop_under_load(*more: str) -> Counter[object]:
    """How many of the requests sent around a SIGTERM came to each status or error."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config=python:config.server",
        f"--bind=127.0.0.1:{port}",
        "--log-level=warning",
        *more,
        "tests.ops.slow_site:application",
    ]
    server = subprocess.Popen(
        command,
        cwd=settings.ROOT,
        env={**os.environ, "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}"},
    )
    outcomes: Counter[object] = Counter()
    stopped = threading.Event()
    hands = [threading.Thread(target=send_on, args=(port, outcomes, stopped)) for _ in range(HANDS)]
    try:
        deadline = time.monotonic() + 60
        while send(port) != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        for hand in hands:
            hand.start()
        time.sleep(1)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
    finally:
        stopped.set()
        server.kill()
    for hand in hands:
        hand.join()
    return outcomes


def send_on(port: int, outcomes: Counter[object], stopped: threading.Event) -> None:
    while not stopped.is_set():
        outcome = send(port)
        outcomes[outcome] += 1
        if outcome == NOBODY:
            time.sleep(0.02)


def send(port: int) -> object:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asked.request("POST", "/", b"x" * 500)
        return asked.getresponse().status
    except ConnectionRefusedError:
        return NOBODY
    except (OSError, http.client.HTTPException) as error:
        return type(error)
    finally:
        asked.close()


def test_whoever_sent_a_form_gets_an_answer_when_the_site_stops():
    outcomes = stop_under_load()
    assert set(outcomes) <= {200, NOBODY}
    assert outcomes[200] > HANDS


def test_gunicorns_own_worker_cuts_off_those_whom_the_kernel_let_in():
    """The control: without our worker, as many are cut off as call at once."""
    outcomes = stop_under_load("--worker-class=gthread")
    assert set(outcomes) - {200, NOBODY}
