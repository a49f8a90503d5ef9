"""Files that hold a secret, judged by their names and by what stands in them.

A name alone is not enough: a `.pem` may be a certificate that everybody may see, and an `.env` may hold nothing but
ports. What is there for tests, or as an example, is no secret.
"""

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.span import Span
from wharf.formats.text import Text

_is_key_name = re.compile(r".*\.(?:pem|key|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)|.*_rsa").fullmatch
_is_env_name = re.compile(r"\.env(?:\.[\w.-]+)?|[\w-]+\.env|\.envrc|secrets?\.(?:env|properties|ini)").fullmatch
_is_example = re.compile(
    r"(?:^|[._-])(?:example|sample|template|dist|default|defaults|test|testing|ci|schema)(?:[._-]|$)"
).search
_is_for_tests = re.compile(
    r"(?:^|/)(?:tests?|testdata|fixtures?|examples?|samples?|docs?|mocks?|spec|__tests__)/"
).search
_has_private_key = re.compile(r"^-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----", re.MULTILINE).search
_secret_name = re.compile(
    r"(?:^|_)(?:APIKEY|API_KEY|AUTH|CREDENTIALS?|PASSWORD|PASSWD|PWD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY)(?:_|$)"
)
_is_about_it = re.compile(
    r"_(?:URLS?|URI|FILE|PATH|DIR|NAME|ID|HOST|PORT|TTL|EXPIR\w*|LIFETIME|LENGTH|SIZE|ENABLED|TYPE|ALGORITHM)$|PUBLIC"
).search
_line = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]{0,100})[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
_is_no_value = re.compile(
    r"(?i)$|\$|<|\{|x+$|\*+$|(?:your|change|replace|example|dummy|placeholder|todo|secret|password|passwd|pass|postgres|root|admin|test|local|dev|none|null|false|true|[0-9]{1,6}$)"
).match
_TOKENS: Final = {
    ".npmrc": re.compile(r"^[^#;\n]*:_(?:authToken|password|auth)[ \t]*=[ \t]*(?!\$)[^\s$]", re.MULTILINE),
    ".pypirc": re.compile(r"^[ \t]*password[ \t]*[=:][ \t]*[^\s$]", re.MULTILINE),
    ".netrc": re.compile(r"\bpassword[ \t]+[^\s$]"),
    "config.json": re.compile(r'"auth"\s*:\s*"[A-Za-z0-9+/=]{8,}"'),
    "credentials": re.compile(r"^[ \t]*aws_secret_access_key[ \t]*=[ \t]*[^\s$]", re.MULTILINE),
    "credentials.json": re.compile(r'"(?:private_key|client_secret|refresh_token)"\s*:\s*"[^"$<]'),
    "service-account.json": re.compile(r'"private_key"\s*:\s*"[^"$<]'),
}
_IN_FOLDER: Final = {"config.json": ".docker", "credentials": ".aws"}


@dataclass(frozen=True)
class SecretFile:
    """`span`: where it can be seen that it is one."""

    path: str
    span: Span


def secret_files(checkout: Checkout) -> dict[str, SecretFile]:
    """By path."""
    found = (_secret(checkout, path) for path in checkout.files.paths() if _may_be_secret(path))
    return {secret.path: secret for secret in found if secret is not None}


def _may_be_secret(path: str) -> bool:
    name = posixpath.basename(path)
    if _is_for_tests(path) or _is_example(name.lower()):
        return False
    folder = _IN_FOLDER.get(name)
    is_known = name in _TOKENS and (folder is None or posixpath.dirname(path).endswith(folder))
    return is_known or bool(_is_key_name(name) or _is_env_name(name))


def _secret(checkout: Checkout, path: str) -> SecretFile | None:
    try:
        text = checkout.files.read(path)
    except (FileNotThere, UnreadableFile):
        return None
    at = _where(posixpath.basename(path), text)
    return None if at is None else SecretFile(path, text.at(at) or Span.at(path))


def _where(name: str, text: Text) -> int | None:
    if name in _TOKENS:
        found = _TOKENS[name].search(text.flat)
        return found.start() if found else None
    if _is_key_name(name):
        key = _has_private_key(text.flat)
        return key.start() if key else None
    for line in _line.finditer(text.flat):
        name = line[1].upper()
        if _secret_name.search(name) and not _is_about_it(name) and not _is_no_value(line[2].strip().strip("\"'")):
            return line.start(1)
    return None
