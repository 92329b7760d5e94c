"""Time stamps of a third party: a real one is kept, published and checked; any other is not."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

from participation.budgets.models import Poll, SignedHead
from participation.budgets.services.vote import close_poll
from participation.budgets.services.vote.journal import stamp_closes
from tests.factories.budgets import make_officer, make_poll, move_to

pytestmark = pytest.mark.django_db

_SETTINGS = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/certificate.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
"""


def run(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A time-stamping authority, which is what OpenSSL makes of the requests that it is sent.

    `alter` changes the request on its way in; `broken` answers something else altogether.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[bytes] = []
        self.alter: Callable[[bytes], bytes] = bytes
        self.broken: bytes | None = None
        (folder / "settings.cnf").write_text(_SETTINGS.format(folder=folder))
        (folder / "serial").write_text("01")
        run(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=Essai", "-addext", "extendedKeyUsage=critical,timeStamping"),
            *("-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"),
        )

    def answer(self, asked: bytes) -> bytes:
        self.asked.append(asked)
        if self.broken is not None:
            return self.broken
        (self.folder / "asked").write_bytes(self.alter(asked))
        run(
            *("ts", "-reply", "-config", f"{self.folder}/settings.cnf", "-section", "one"),
            *("-queryfile", f"{self.folder}/asked", "-out", f"{self.folder}/answer"),
        )
        return (self.folder / "answer").read_bytes()

    def vouches(self, text: str, token: bytes) -> bool:
        """Whether OpenSSL, with the certificate alone, finds that the token is of this text."""
        (self.folder / "text").write_text(text)
        (self.folder / "token").write_bytes(token)
        try:
            run(
                *("ts", "-verify", "-data", f"{self.folder}/text", "-in", f"{self.folder}/token"),
                *("-CAfile", f"{self.folder}/certificate.pem"),
            )
        except subprocess.CalledProcessError:
            return False
        return True


@pytest.fixture
def authority(tmp_path: Path, settings) -> Iterator[Authority]:
    assert shutil.which("openssl"), "OpenSSL is missing; PostgreSQL's own packages bring it."
    made = Authority(tmp_path)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def closed() -> Poll:
    poll = make_poll()
    move_to(poll.envelope.budget, "follow")
    close_poll(poll=poll, actor=make_officer(), at=timezone.now())
    return poll


def head_of(poll: Poll) -> tuple[SignedHead, str]:
    """The signed head of the close, and the text that the documentation says it is of."""
    head = SignedHead.objects.get(poll=poll)
    plain = {
        "day": f"{head.day:%Y-%m-%d}",
        "head": head.head,
        "poll": poll.pk,
        "seq": head.seq,
        "v": "parvis-head-v1",
    }
    return head, json.dumps(plain, sort_keys=True, separators=(",", ":"))


def test_the_close_is_stamped_and_anyone_checks_it_with_openssl(authority, closed):
    assert stamp_closes() == 1
    head, text = head_of(closed)
    assert authority.vouches(text, bytes(head.timestamp_token))
    assert not authority.vouches(text + " ", bytes(head.timestamp_token))
    assert stamp_closes() == 0
    assert len(authority.asked) == 1


def test_a_stamp_of_something_else_is_not_kept(authority, closed):
    other = authority.folder / "other.tsq"
    run("ts", "-query", "-digest", "ab" * 32, "-sha256", "-out", str(other))
    authority.alter = lambda _asked: other.read_bytes()
    assert stamp_closes() == 0
    assert head_of(closed)[0].timestamp_token is None


def test_an_answer_to_an_older_request_is_not_kept(authority, closed):
    authority.broken = b""
    assert stamp_closes() == 0
    authority.broken, older = None, authority.asked[0]
    authority.alter = lambda _asked: older
    assert stamp_closes() == 0
    assert head_of(closed)[0].timestamp_token is None


@pytest.mark.parametrize("answer", [b"", b"<html>", b"0" * 200_000])
def test_what_is_no_stamp_is_not_kept_and_asked_again(authority, closed, answer):
    authority.broken = answer
    assert stamp_closes() == 0
    authority.broken = None
    assert stamp_closes() == 1
    assert head_of(closed)[0].timestamp_token is not None
