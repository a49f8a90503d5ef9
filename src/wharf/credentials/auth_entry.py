"""One entry under `auths`: how a file keeps what proves who asks.

    "auth"            base64 of name:password; the first colon divides them
    "identitytoken"   takes the password's place
    "registrytoken"   is sent as it is
    "username", "password"   in the clear, where "auth" is missing

Base64 hides nothing: whoever reads the file has the password.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.located import Located
from wharf.credentials.secret import Secret, is_writable

FIELDS = ("auth", "identitytoken", "registrytoken", "username", "password")
_HARMLESS = frozenset({"email", "serveraddress"})


@dataclass(frozen=True, slots=True)
class AuthEntry:
    """What an entry says: a credential, or why there is none. Without both it only marks that a helper has it."""

    credential: Credential | None = None
    username: str = ""
    flaw: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    username: str = ""
    password: str = field(default="", repr=False)
    flaw: str = ""
    remark: str = ""


def read_entry(entry: Located) -> AuthEntry:
    if not entry.is_object:
        return AuthEntry(flaw=f"expected an object, found {entry.kind}")
    if not entry.whole:
        return AuthEntry(flaw="it is cut short")
    if wrong := next(_no_texts(entry), ""):
        return AuthEntry(flaw=wrong)
    pair = _pair(entry)
    if credential := _credential(entry, pair):
        return AuthEntry(credential, pair.username, remark=pair.flaw or pair.remark)
    unknown = not pair.flaw and _strange_names(entry)
    return AuthEntry(flaw=f"it has none of {', '.join(FIELDS)}" if unknown else pair.flaw)


def entry_fields(credential: Credential) -> dict[str, str]:
    """The fields as docker writes them."""
    match credential:
        case RegistryToken(token):
            return {"registrytoken": token.reveal()}
        case IdentityToken(token, username):
            named = {"auth": _encoded(username, "")} if username else {}
            return {**named, "identitytoken": token.reveal()}
        case Password(username, password):
            return {"auth": _encoded(username, password.reveal())}


def _encoded(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _credential(entry: Located, pair: _Pair) -> Credential | None:
    if registry_token := _text(entry, "registrytoken"):
        return RegistryToken(Secret(registry_token))
    if identity_token := _text(entry, "identitytoken"):
        return IdentityToken(Secret(identity_token), pair.username)
    if pair.username:
        return Password(pair.username, Secret(pair.password))
    return None


def _pair(entry: Located) -> _Pair:
    auth = _text(entry, "auth")
    return _decoded(auth) if auth else _Pair(_text(entry, "username"), _text(entry, "password"))


def _decoded(auth: str) -> _Pair:
    data, remark = _bytes_of(auth)
    if data is None:
        return _Pair(flaw='"auth" is not base64')
    if len(data) % 2 == 0 and not any(data[1::2]) and all(data[::2]):
        data = data[::2]
        remark = '"auth" is base64 of UTF-16, which docker takes for another name: encode UTF-8'
    try:
        username, colon, password = data.decode("utf-8").partition(":")
    except UnicodeDecodeError:
        username = colon = password = ""
    if not colon or not username:
        return _Pair(flaw='"auth" is not base64 of name:password')
    return _Pair(username, password.strip("\0"), remark=remark)


def _bytes_of(auth: str) -> tuple[bytes | None, str]:
    """Line ends within are allowed, as docker allows them; the rest is mended where it can be meant one way only."""
    text = auth.replace("\r", "").replace("\n", "")
    plain = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    padded = plain + "=" * (-len(plain) % 4)
    remark = "" if padded == text else '"auth" is not in the standard form of base64, which docker asks for'
    try:
        return base64.b64decode(padded, validate=True), remark
    except (binascii.Error, ValueError):
        return None, ""


def _text(entry: Located, name: str) -> str:
    member = entry.named(name)
    return (member.value.text if member else None) or ""


def _no_texts(entry: Located) -> Iterator[str]:
    for name in FIELDS:
        member = entry.named(name)
        if member is None or member.value.content is None:
            continue
        if member.value.text is None:
            yield f'"{name}" is {member.value.kind}, and must be a string'
        elif not is_writable(member.value.text):
            yield f'"{name}" holds half a character'


def _strange_names(entry: Located) -> bool:
    known = {*FIELDS, *_HARMLESS}
    return any(member.name.casefold() not in known for member in entry.members)
