"""The form of the secret that is sent: its length, its kind, what stands around it. Its content is told to nobody.

It is the one in the variable that the text names, else the one that is stored for the registry, else the one in a
variable that is usual for it.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.client.clouds.cloud import host_of
from wharf.client.clouds.shape import Kind, SecretShape, shape_of
from wharf.credentials.credential import secret_of
from wharf.credentials.secret import Secret
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.oci.reference import DOCKER_HUB

_LONGEST_FOR_WINCRED: Final = 2560
_LONGEST_PASSWORD: Final = 100
_OLD_TOKEN_OF_GITHUB: Final = re.compile(r"[0-9a-f]{40}").fullmatch
_named = re.compile(
    r"\$\{?(?:env:)?([A-Za-z_][A-Za-z0-9_]{2,60})\}?|%([A-Za-z_][A-Za-z0-9_]{2,60})%|secrets\.(\w{2,60})"
)
_is_for_secrets = re.compile(r"(?i)(?:PASS|TOKEN|SECRET|PAT\b|_PAT|PWD|KEY)").search
_USUAL: Final = {
    "ghcr.io": ("GHCR_TOKEN", "GHCR_PAT", "CR_PAT", "GITHUB_TOKEN"),
    DOCKER_HUB: ("DOCKERHUB_TOKEN", "DOCKER_TOKEN", "DOCKERHUB_PASSWORD", "DOCKER_PASSWORD", "DOCKER_HUB_TOKEN"),
}
_USUAL_ELSEWHERE: Final = ("REGISTRY_PASSWORD", "REGISTRY_TOKEN", "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD")
_KINDS: Final = {
    Kind.GITHUB_CLASSIC: "classic-token",
    Kind.GITHUB_FINE_GRAINED: "fine-grained-token",
    Kind.GITHUB_ACTIONS: "job-token",
    Kind.GITLAB_JOB: "job-token",
}
_KIND_WORDS: Final = {
    "classic-token": ("a classic token of GitHub (ghp_…)", "GitHub의 classic 토큰(ghp_…)입니다"),
    "fine-grained-token": (
        "a fine-grained token of GitHub (github_pat_…)",
        "GitHub의 fine-grained 토큰(github_pat_…)입니다",
    ),
    "job-token": ("the token of a CI job", "CI 작업의 토큰입니다"),
    "access-token": ("an access token", "액세스 토큰입니다"),
}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("secret")
    _see_emptiness(scene, sighting)
    chosen = _in_text(scene) or _stored(scene) or _usual(scene)
    if chosen is None:
        sighting.saw("kind", "unknown")
    else:
        _see_shape(chosen, scene.aim.registry or "", sighting)
    return sighting.done()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """`place` is what a person calls it, in English and Korean."""

    secret: Secret
    place: tuple[str, str]


def _named_in_text(scene: Scene) -> Iterator[str]:
    if scene.aim.variable and _is_for_secrets(scene.aim.variable):
        yield scene.aim.variable
    lines = [line for line in scene.aim.log.splitlines() if "login" in line.lower() or "password" in line.lower()]
    for found in _named.finditer("\n".join(lines)):
        name = found[1] or found[2] or found[3]
        if _is_for_secrets(name):
            yield name


def _usual_names(scene: Scene) -> tuple[str, ...]:
    return _USUAL.get(scene.aim.registry or "", _USUAL_ELSEWHERE)


def _see_emptiness(scene: Scene, sighting: Sighting) -> None:
    """That a variable is set which nobody spoke of says nothing; that it is empty says something."""
    environ = scene.environ
    spoken_of = next((name for name in _named_in_text(scene) if name in environ), None)
    usual = (*_usual_names(scene), *_USUAL_ELSEWHERE) if scene.aim.registry else tuple(_all_usual())
    empty = next((name for name in usual if not environ.get(name, "x").strip()), None)
    name = spoken_of or empty
    if name is None:
        return
    is_empty = not environ[name].strip()
    sighting.saw(
        "empty",
        is_empty,
        f"The variable {name} is empty." if is_empty else f"The variable {name} is set.",
        f"{name} 변수가 비어 있습니다." if is_empty else f"{name} 변수가 설정되어 있습니다.",
    )


def _all_usual() -> Iterator[str]:
    for names in (*_USUAL.values(), _USUAL_ELSEWHERE):
        yield from names


def _in_text(scene: Scene) -> _Chosen | None:
    return _of_variables(scene, _named_in_text(scene))


def _usual(scene: Scene) -> _Chosen | None:
    return _of_variables(scene, _usual_names(scene) if scene.aim.registry else ())


def _of_variables(scene: Scene, names: Iterable[str]) -> _Chosen | None:
    name = next((name for name in names if scene.environ.get(name, "").strip()), None)
    return _Chosen(Secret(scene.environ[name]), (f"The value of {name}", f"{name}의 값")) if name else None


def _stored(scene: Scene) -> _Chosen | None:
    if not scene.aim.registry:
        return None
    found = scene.keychain.find(scene.aim.registry, scene.aim.repository)
    place = ("The stored secret", "저장된 비밀 값")
    return _Chosen(secret_of(found.credential), place) if found.credential else None


def _see_shape(chosen: _Chosen, registry: str, sighting: Sighting) -> None:
    (english, korean), text = chosen.place, chosen.secret.reveal()
    shape, size = shape_of(chosen.secret), len(text.encode("utf-8", "replace"))
    kind = _kind(chosen.secret, shape, registry)
    said = _KIND_WORDS.get(kind)
    sighting.saw("kind", kind, *((f"{english} is {said[0]}.", f"{korean}은 {said[1]}.") if said else ("", "")))
    is_too_long = size > _LONGEST_FOR_WINCRED
    sighting.saw(
        "too_long_for_wincred",
        is_too_long,
        f"{english} has {size} bytes." if is_too_long else "",
        f"{korean}의 길이는 {size}바이트입니다." if is_too_long else "",
    )
    sighting.saw(
        "stray_line_end",
        shape.padded,
        f"{english} has white space or a line end around it." if shape.padded else "",
        f"{korean}의 앞뒤에 공백이나 줄바꿈이 있습니다." if shape.padded else "",
    )


def _kind(secret: Secret, shape: SecretShape, registry: str) -> str:
    if shape.kind is Kind.OTHER:
        if host_of(registry) == "ghcr.io" and _OLD_TOKEN_OF_GITHUB(secret.reveal()):
            return "classic-token"
        return "password" if shape.length < _LONGEST_PASSWORD else "unknown"
    return _KINDS.get(shape.kind, "access-token")
