"""A proxy that loses answers on purpose."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

from config.bench.proving.server import Site


class CuttingProxy:
    """Stands before the site and cuts the answers it is told to cut, once the site has given them.

    The request went through and its ballot is committed: only the voter does not know.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.left_to_cut = 0
        self.cut = 0
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Pass requests on until `close`."""
        while True:
            try:
                voter, _address = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(voter,), daemon=True).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _pass_on(self, voter: socket.socket) -> None:
        with voter, socket.create_connection(("127.0.0.1", self._site.port)) as site:
            request = _request(voter)
            if request is None:
                return
            site.sendall(request)
            answer = _answer(site)
            with self._lock:
                cuts = self.left_to_cut > 0
                self.left_to_cut -= cuts
                self.cut += cuts
            if cuts:  # RST instead of an answer
                voter.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            voter.sendall(answer)


def _request(voter: socket.socket) -> bytes | None:
    """A whole request, which is told to be the last of its connection; None if its voter left."""
    held = b""
    while b"\r\n\r\n" not in held:
        part = voter.recv(65_536)
        if not part:
            return None
        held += part
    head, _, body = held.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        part = voter.recv(65_536)
        if not part:
            return None
        body += part
    return head + b"\r\nConnection: close\r\n\r\n" + body


def _answer(site: socket.socket) -> bytes:
    held = b""
    while part := site.recv(65_536):
        held += part
    return held


@contextlib.contextmanager
def cutting_proxy(site: Site) -> Iterator[CuttingProxy]:
    """A proxy that passes everything on until it is told otherwise."""
    proxy = CuttingProxy(site)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.close()
