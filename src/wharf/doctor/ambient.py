"""What a line says besides the failure itself: the registry and the repository that it happened at."""

import re
from types import MappingProxyType
from typing import Final

from wharf.doctor.pattern import Capture, Captured

_HOST: Final = r"(?P<host>[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?)"
_PART: Final = r"[a-z0-9][a-z0-9._-]{0,100}"
_api = re.compile(rf"https?://{_HOST}/(?:v2|v1|token|oauth2|service)\b", re.IGNORECASE)
_repository = re.compile(rf"/v2/(?P<repository>{_PART}(?:/{_PART}){{0,8}})/(?:manifests|blobs|tags)/", re.IGNORECASE)
_NAME: Final = (
    r"(?P<host>[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,62}){0,8}(?:\.[a-z]{2,18}|:[0-9]{1,5}))"
    rf"/(?P<repository>{_PART}(?:/{_PART}){{0,8}})"
)
_image = re.compile(rf"(?<![\w./:@-]){_NAME}")
_of_a_transport = re.compile(rf"docker://{_NAME}")
_IN_THE_ORDER_OF_TRUST: Final = (_of_a_transport, _api, _repository, _image)
_NO_REGISTRIES: Final = frozenset({"github.com", "gitlab.com", "golang.org", "google.golang.org", "gopkg.in"})
"""Hosts of source code: logs are full of their paths."""
_REFERENCE: Final = r"(?P<reference>[a-z0-9][a-z0-9._/:@-]{0,300}[a-z0-9])"
_asked_for = re.compile(
    rf"""(?:\bThe\ push\ refers\ to\ (?:a\ )?repository\ \[
    |\bTrying\ to\ pull\ (?:docker://)?
    |\b(?:docker|podman|nerdctl)\ (?:image\ )?(?:pull|push)\ (?:--?[\w=./-]{{1,60}}\ ){{0,4}}(?:docker://)?
    |\bPulling\ (?:docker\ )?image\ ["']?
    ){_REFERENCE}""",
    re.VERBOSE,
)
"""What programs say, and shells repeat, before they pull or push."""


def named_around(line: str, captured: Captured) -> Captured:
    """What was captured, and what the rest of the line adds to it."""
    found = dict(captured)
    for form in _IN_THE_ORDER_OF_TRUST:
        seen = form.search(line)
        if seen is None or seen.groupdict().get("host") in _NO_REGISTRIES:
            continue
        for label, value in seen.groupdict().items():
            found.setdefault(Capture.HOST if label == "host" else Capture.REPOSITORY, value)
    return MappingProxyType(found)


def image_asked_for(log: str) -> str | None:
    """The image of the last pull or push that the lines around a failure tell of; its own line may name none."""
    named = [found["reference"] for found in _asked_for.finditer(log)]
    return named[-1].rstrip(".") if named else None
