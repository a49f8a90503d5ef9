"""A registry that wants a token, and the token service that gives one to everybody, in one server."""

import json

from tests.client.raw_server import Behaviour, RawServer, Talk, by_path, good


def ask_for_token(talk: Talk, more: str = "") -> None:
    realm = f"http://{talk.request.headers['host']}/token"
    talk.say(401, b"{}", www_authenticate=f'Bearer realm="{realm}",service="here"{more}')


def guarded(talk: Talk) -> None:
    """Lets in who has a token."""
    good(talk) if talk.request.headers.get("authorization", "").startswith("Bearer ") else ask_for_token(talk)


def issue(talk: Talk) -> None:
    """Each token is another one."""
    talk.say(200, json.dumps({"token": f"token-{talk.number}", "expires_in": 300}).encode())


def registry(v2: Behaviour = guarded, token: Behaviour = issue) -> RawServer:
    return RawServer(by_path(v2=v2, token=token))
