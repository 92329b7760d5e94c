"""A FranceConnect of our own on a real HTTP port: it signs with ES256, and can misbehave."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "commune-d-essai", "secret-d-essai-de-trente-deux-octets"


class Issuer:
    """What the tests read of the conversation, and how they bend it.

    `id_token` and `userinfo` change the claims; `id_key` and `userinfo_key` sign with another key;
    `as_json` answers userinfo without signature.
    """

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.forger = ec.generate_private_key(ec.SECP256R1())
        self.address = ""
        self.sub = "sub-de-camille"
        self.nonces: dict[str, str] = {}
        self.id_claims: dict[str, Any] = {}
        self.userinfo_claims: dict[str, Any] = {}
        self.id_key = self.userinfo_key = self.key
        self.algorithm = "ES256"
        self.as_json = False
        self.token_requests: list[dict[str, str]] = []

    def authorize(self, url: str, *, code: str = "code-1") -> dict[str, str]:
        """What FranceConnect does once the person has signed in there: the way back's query."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonces[code] = query["nonce"]
        return {"code": code, "state": query["state"]}

    def _claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.sub,
            "iat": now,
            "exp": now + 60,
            **more,
        }

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        self.token_requests.append(asked)
        claims = self._claims(nonce=self.nonces[asked["code"]], acr="eidas1")
        return {
            "access_token": "jeton",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self._sign({**claims, **self.id_claims}, self.id_key),
        }

    def userinfo(self) -> str:
        claims = {**self._claims(), **self.userinfo_claims}
        return json.dumps(claims) if self.as_json else self._sign(claims, self.userinfo_key)

    def _sign(self, claims: dict[str, Any], key: Any) -> str:
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
        if self.algorithm == "HS256":
            return jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "k1"})
        return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "k1"})

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "ES256"}]}

    def discovery(self) -> dict[str, str]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "end_session_endpoint": f"{self.address}/session/end",
            "jwks_uri": f"{self.address}/jwks",
        }


@contextmanager
def running() -> Iterator[Issuer]:
    """The issuer, until the block ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, body: str, kind: str = "application/json") -> None:
            content = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            match self.path:
                case "/api/v2/.well-known/openid-configuration":
                    self._answer(json.dumps(issuer.discovery()))
                case "/api/v2/jwks":
                    self._answer(json.dumps(issuer.keys()))
                case "/api/v2/userinfo" if self.headers["Authorization"] == "Bearer jeton":
                    self._answer(issuer.userinfo(), "application/jwt")
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(text).items()}
            if asked.get("client_secret") != SECRET or asked.get("code") not in issuer.nonces:
                self.send_error(401)
            else:
                self._answer(json.dumps(issuer.token(asked)))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}/api/v2"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
