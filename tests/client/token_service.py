"""A registry with accounts, and the token service that it trusts, in one small server: as Docker's specification says.

It checks passwords, issues tokens that expire and that carry the rights, hands out refresh tokens to who asks for
them, and guards either a registry that stands behind it or a few answers of its own.
"""

import json
import secrets
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tests.client.tokens import written
from wharf.protocol.scope import Scope, granted, parse_scopes

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_HOP_BY_HOP: Final = frozenset({"connection", "transfer-encoding", "authorization", "host", "date", "server"})


@dataclass(frozen=True, slots=True)
class Account:
    """`rights`: patterns of repository names, and what may be done there."""

    password: str
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class House:
    """What holds here, and what happened."""

    accounts: Mapping[str, Account]
    upstream: str = ""
    hands_out_refresh_tokens: bool = True
    tells_rights: bool = True
    """Whether tokens are readable and say what they grant, or opaque."""
    refuses_what_is_not_allowed: bool = False
    """Some token services answer 403 where others grant less than was asked for."""
    knows_post: bool = True
    open_to_all: bool = False
    rights_of_anybody: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What a token is good for that was asked for without a password."""
    lifetime: int = 300
    answer: Callable[[str, str], tuple[int, dict[str, str], bytes]] | None = None
    """What stands behind the door, where there is no upstream: method and path to an answer."""
    tokens: dict[str, tuple[tuple[Scope, ...], float]] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def allowed(self, account: str, asked: tuple[Scope, ...]) -> tuple[Scope, ...]:
        rights = self.accounts[account].rights if account else self.rights_of_anybody
        held = [
            Scope(scope.kind, scope.name, actions)
            for scope in asked
            for pattern, actions in rights.items()
            if fnmatchcase(scope.name, pattern)
        ]
        return granted(asked, held)

    def token_for(self, account: str, scopes: tuple[Scope, ...]) -> str:
        access = [{"type": scope.kind, "name": scope.name, "actions": sorted(scope.actions)} for scope in scopes]
        text = (
            written(sub=account, access=access, jti=secrets.token_hex(8))
            if self.tells_rights
            else secrets.token_hex(20)
        )
        self.tokens[text] = (scopes, time.monotonic() + self.lifetime)
        return text

    def refresh_token_for(self, account: str) -> str:
        text = f"refresh-{secrets.token_hex(16)}"
        self.refresh_tokens[text] = account
        return text


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    house: House

    def answer(self) -> None:
        self.house.asked.append(f"{self.command} {self.path}")
        self.house.headers.append({name.lower(): value for name, value in self.headers.items()})
        body = self._body()
        path = urlsplit(self.path).path
        if path == "/token":
            self._give_token(body)
        elif path.startswith("/v2/"):
            self._guard(body)
        else:
            self._say(404, {})

    def _body(self) -> bytes:
        """skopeo sends even its forms in chunks."""
        if "chunked" not in (self.headers.get("transfer-encoding") or ""):
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        pieces = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Also to what is no HTTP: who greets with TLS knows by it that there is none here, and docker tries again."""
        self.request_version = "HTTP/1.0"
        super().send_error(code, message, explain)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the class above
        """Nobody reads along."""

    # --- the token service

    def _give_token(self, body: bytes) -> None:
        if self.command == "POST" and not self.house.knows_post:
            return self._say(404, {})
        query = urlsplit(self.path).query if self.command == "GET" else body.decode()
        fields = parse_qs(query)
        account, known = self._who(fields)
        if not known:
            return self._say(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong user name or password"}]})
        asked = parse_scopes(" ".join(fields.get("scope", [])))
        allowed = self.house.allowed(account, asked)
        if self.house.refuses_what_is_not_allowed and allowed != asked:
            return self._say(403, {"errors": [{"code": "DENIED", "message": "not within your rights"}]})
        token = self.house.token_for(account, allowed)
        found: dict[str, object] = {"token": token, "access_token": token, "expires_in": self.house.lifetime}
        wants = fields.get("offline_token") == ["true"] or fields.get("access_type") == ["offline"]
        if wants and account and self.house.hands_out_refresh_tokens:
            found["refresh_token"] = self.house.refresh_token_for(account)
        return self._say(200, found)

    def _who(self, fields: Mapping[str, list[str]]) -> tuple[str, bool]:
        if fields.get("grant_type") == ["refresh_token"]:
            account = self.house.refresh_tokens.get(fields["refresh_token"][0], "")
            return account, bool(account)
        if fields.get("grant_type") == ["password"]:
            return self._checked(fields["username"][0], fields["password"][0])
        if self.command == "POST":
            return "", False
        scheme, _, basic = (self.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return "", not scheme
        name, _, password = b64decode(basic).decode().partition(":")
        return self._checked(name, password)

    def _checked(self, name: str, password: str) -> tuple[str, bool]:
        known = self.house.accounts.get(name)
        return name, known is not None and known.password == password

    # --- the registry

    def _guard(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        scope = self._needed(path)
        if not self.house.open_to_all and not self._is_let_in(scope):
            return self._challenge(scope)
        if self.house.upstream:
            return self._pass_on(body)
        answer = self.house.answer or (lambda method, path: (200, {}, b"{}"))
        return self._send(*answer(self.command, self.path))

    def _needed(self, path: str) -> Scope | None:
        name = path.removeprefix("/v2/")
        for ending in ("/manifests/", "/blobs/", "/tags/", "/referrers/"):
            if ending in name:
                writes = self.command not in {"GET", "HEAD"}
                actions = {"DELETE": {"delete"}}.get(self.command, {"pull", "push"}) if writes else {"pull"}
                if "/uploads/" in name:
                    actions = {"pull", "push"}
                return Scope("repository", name.partition(ending)[0], frozenset(actions))
        return None

    def _is_let_in(self, scope: Scope | None) -> bool:
        scheme, _, token = (self.headers.get("authorization") or "").partition(" ")
        scopes, until = self.house.tokens.get(token, ((), 0.0))
        if scheme.lower() != "bearer" or time.monotonic() > until:
            return False
        return scope is None or any(held.covers(scope) for held in scopes)

    def _challenge(self, scope: Scope | None) -> None:
        realm = f"http://{self.headers['host']}/token"
        wanted = f',scope="{scope}"' if scope else ""
        header = {"WWW-Authenticate": f'Bearer realm="{realm}",service="a-registry"{wanted}'}
        self._send(401, header, json.dumps({"errors": [{"code": "UNAUTHORIZED", "message": "log in"}]}).encode())

    def _pass_on(self, body: bytes) -> None:
        connection = HTTPConnection(self.house.upstream, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers["Host"] = self.headers["host"]
        connection.request(self.command, self.path, body, headers)
        response = connection.getresponse()
        content = response.read()
        fields = {name: value for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP}
        connection.close()
        self._send(response.status, fields, content)

    def _say(self, status: int, found: Mapping[str, object]) -> None:
        self._send(status, {"Content-Type": "application/json"}, json.dumps(found).encode())

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        given = {name.lower() for name in headers}
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in given:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving(house: House) -> Iterator[str]:
    """Its host and port."""
    methods = {f"do_{method}": _Door.answer for method in _METHODS}
    handler = type("Door", (_Door,), {"house": house, **methods})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
