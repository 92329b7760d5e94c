"""A small HTTP server that plays the services we ask: slow, wrong, huge, absent, or in order."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PNG = b"\x89PNG\r\n\x1a\n" + b"image" * 20  # what a picture starts with; nobody decodes the rest


class Service:
    """What it received, and how it answers: `answer(handler)` writes the answer."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.answer: Callable[[Any], None] = send(404, "text/plain", b"")
        self.url = ""

    @property
    def paths(self) -> list[str]:
        return [path for path, _query, _headers in self.received]


def send(
    status: int, media_type: str, body: bytes, *, wait: float = 0, **headers: str
) -> Callable[[Any], None]:
    """A plain answer, after `wait` seconds."""

    def answer(handler: Any) -> None:
        time.sleep(wait)
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drip(media_type: str, body: bytes, *, seconds: float) -> Callable[[Any], None]:
    """The body, a byte at a time, every tenth of a second."""

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.end_headers()
        handler.wfile.write(body)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    return answer


def hang_up(handler: Any) -> None:
    """No answer: the connection is cut."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running() -> Iterator[Service]:
    """The service, listening on a free port of this machine."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            service.received.append((parts.path, query, dict(self.headers)))
            with contextlib.suppress(OSError):  # the caller lost patience, as it should
                service.answer(self)

        def log_message(self, *_args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
