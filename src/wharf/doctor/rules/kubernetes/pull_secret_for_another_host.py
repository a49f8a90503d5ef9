"""A pull secret whose credentials are for other registries than the images come from, or for none."""

import base64
import binascii
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Evidence, Finding, Severity
from wharf.doctor.language import Words
from wharf.doctor.looks.kubernetes import cluster
from wharf.doctor.looks.pull_secrets import MadeSecret, UsedSecret, pull_secrets_of
from wharf.doctor.rule import Rule
from wharf.errors import Malformed
from wharf.formats.kubernetes.image import with_gaps
from wharf.formats.yaml.tree import Scalar
from wharf.oci.reference import DOCKER_HUB, OTHER_NAMES_OF_DOCKER_HUB, Reference

_KEY: Final = ".dockerconfigjson"
_GAPS: Final = ("${", "{{", "<", "$(", "__")


def check(checkout: Checkout) -> Iterator[Finding]:
    """Images of what a kustomization takes may get another registry there."""
    secrets = checkout.once(pull_secrets_of)
    changed = checkout.once(cluster).taken_files
    for made in (each for each in secrets.made if each.is_plain):
        users = [used for used in secrets.used if made.may_be(used)]
        content = _content(made)
        if users and content is not None:
            yield from _checked(made, users, *content, changed)


def _content(made: MadeSecret) -> tuple[Scalar, bytes | None] | None:
    """None where it is put in later; its bytes are None where they are no base64."""
    for name, decode in (("data", _decoded), ("stringData", str.encode)):
        node = made.maker.node.map(name)
        scalar = node.scalar(_KEY) if node else None
        if scalar is not None and scalar.text.value and not any(gap in scalar.text.flat for gap in _GAPS):
            return scalar, decode(scalar.text.flat)
    return None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _checked(
    made: MadeSecret, users: list[UsedSecret], scalar: Scalar, content: bytes | None, changed: frozenset[str]
) -> Iterator[Finding]:
    hosts = _hosts(content) if content is not None else None
    if hosts is None:
        yield _broken(made, scalar)
        return
    if any(pod.node.span.file in changed for used in users for pod in used.pods):
        return
    wanted = {registry for used in users for registry in _registries(used)}
    if wanted and not any(_covers(host, registry) for host in hosts for registry in wanted):
        yield _for_others(made, users[0], scalar, sorted(hosts), sorted(wanted))


def _hosts(content: bytes) -> set[str] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    auths = document.get("auths") if isinstance(document, dict) else None
    if not isinstance(auths, dict):
        return set() if isinstance(document, dict) else None
    return {str(host) for host, credential in auths.items() if credential}


def _registries(used: UsedSecret) -> Iterator[str]:
    """Of images that are known whole."""
    for pod in used.pods:
        for container in pod.containers:
            image = with_gaps(container.image).value if container.image else None
            try:
                if image:
                    yield Reference.parse(image).registry
            except Malformed:
                continue


def _covers(host: str, registry: str) -> bool:
    bare = host.partition("://")[2] or host
    bare = bare.partition("/")[0].lower()
    return fnmatchcase(registry, DOCKER_HUB if bare in OTHER_NAMES_OF_DOCKER_HUB else bare)


def _broken(made: MadeSecret, scalar: Scalar) -> Finding:
    return Finding(
        scalar.span,
        Words(
            f"The content of the pull secret `{made.name}` cannot be read",
            f"풀 시크릿 `{made.name}`의 내용을 읽을 수 없습니다",
        ),
        cause=Words(
            "Below `data` stands base64 of a JSON document, below `stringData` the document itself",
            "`data` 아래에는 JSON의 base64가, `stringData` 아래에는 JSON 자체가 있어야 합니다",
        ),
        severity=Severity.ERROR,
    )


def _for_others(made: MadeSecret, used: UsedSecret, scalar: Scalar, hosts: list[str], wanted: list[str]) -> Finding:
    known = ", ".join(f"`{host}`" for host in hosts)
    asked = ", ".join(f"`{registry}`" for registry in wanted)
    return Finding(
        scalar.span,
        Words(
            f"The pull secret `{made.name}` has credentials for {known or 'no registry'}; the images come from {asked}",
            f"풀 시크릿 `{made.name}`에는 {known or '아무 레지스트리'}의 인증 정보가 있고, 이미지는 {asked}에서 옵니다"
            if known
            else f"풀 시크릿 `{made.name}`에는 인증 정보가 없고, 이미지는 {asked}에서 옵니다",
        ),
        (Evidence(Words("The images are pulled with it here", "여기에서 이미지를 받는 데 씁니다"), used.secret.span),),
        Words(
            "A credential is used for the host that it is written down for; for others the image is pulled without one",
            "인증 정보는 적혀 있는 호스트에만 쓰이고, 다른 호스트에서는 인증 없이 받습니다",
        ),
    )


RULE: Final = Rule(
    "pull-secret-for-another-host",
    Severity.WARNING,
    Words("A pull secret for other registries", "다른 레지스트리의 풀 시크릿"),
    check,
)
