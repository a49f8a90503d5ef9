"""What one shows to a registry is secret, and a registry may repeat it: in an error, in a warning, on its web page.

Whatever was shown is remembered for as long as the session lasts, and taken out of the words that come back. The
bodies of good answers are left alone: their digests count.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, quote, quote_plus

from wharf.client.message import FORM, Headers, Response

_SECRET_FIELDS: Final = ("password", "refresh_token", "access_token")
_SHORTEST_TO_CUT_OUT: Final = 4
_BLANK: Final = "..."


class Discretion:
    """Belongs to one session."""

    def __init__(self) -> None:
        self._shown: dict[str, None] = {}

    def remember(self, headers: Mapping[str, str], body: object) -> None:
        """What proves in this request who asks. Names of headers are lower case."""
        for secret in (*_in_authorization(headers), *_in_form(headers, body)):
            self._shown.update(dict.fromkeys(_forms_of(secret)))

    def cleaned(self, response: Response) -> Response:
        """An answer that is no success, without the secrets in it."""
        if response.status < 400 or not self._shown:
            return response
        body = response.body
        for secret in self._shown:
            body = body.replace(secret.encode(), _BLANK.encode())
        return Response(response.status, self.cleaned_headers(response.headers), body, response.url)

    def cleaned_headers(self, headers: Headers) -> Headers:
        return Headers((name, self._cleaned_text(value)) for name, value in headers.items())

    def _cleaned_text(self, text: str) -> str:
        for secret in self._shown:
            text = text.replace(secret, _BLANK)
        return text


def _in_authorization(headers: Mapping[str, str]) -> Iterator[str]:
    scheme, _, proof = headers.get("authorization", "").partition(" ")
    yield proof
    if scheme == "Basic":
        yield b64decode(proof).decode().partition(":")[2]


def _in_form(headers: Mapping[str, str], body: object) -> Iterator[str]:
    if isinstance(body, bytes) and headers.get("content-type") == FORM:
        fields = parse_qs(body.decode("ascii"))
        for name in _SECRET_FIELDS:
            yield from fields.get(name, ())


def _forms_of(secret: str) -> Iterator[str]:
    """As it stands, and as it stands in a document or an address. What is very short is part of any text."""
    forms = (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret))
    return (form for form in forms if len(form) >= _SHORTEST_TO_CUT_OUT)
