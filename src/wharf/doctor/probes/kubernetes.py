"""The cluster of kubectl's current context: the pull secrets of a namespace, decoded, beside a registry."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Final

from wharf.client.connect import open_session
from wharf.client.login.asking import answered
from wharf.client.login.probe import ask_standing
from wharf.client.login.standing import Question, Verdict
from wharf.client.settings import Retries, Timeouts
from wharf.credentials.credential import Credential
from wharf.credentials.keychain import Anonymous
from wharf.doctor.clusters.cluster import (
    Context,
    Kubectl,
    Pod,
    Refused,
    context_of,
    of_wrong_type,
    pods,
    pull_secrets,
    secret_named,
    secrets_of_account,
)
from wharf.doctor.clusters.pull_secret import Help, Image, PullSecret, Reading, read
from wharf.doctor.language import Words
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import Malformed, WharfError
from wharf.oci.reference import Reference

_NAME: Final = r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?"
_secret_in = re.compile(
    rf"(?:image pull secrets \(|(?:pull )?secrets? [\"'\\]{{0,3}})(?P<name>{_NAME})(?:[,) ]|[\"'\\]{{1,3}} not found)",
    re.IGNORECASE,
).search
_image_in = re.compile(r"\bpull(?:ing)? image [\"'\\]{0,3}(?P<name>[^\s\"'\\]{1,400})", re.IGNORECASE).search
_namespace_in = re.compile(
    r"(?:\s-n[ =]|--namespace[ =]|\bnamespace[\"':= ]{1,4}|\bpod=?[\"' ]{1,3})(?P<name>[a-z0-9][a-z0-9-]{0,62})"
    r"(?=[\"'\s,/)]|$)",
    re.IGNORECASE,
).search

_OUTCOMES: Final[Mapping[str, Words]] = {
    "no-kubectl": Words("There is no kubectl on PATH.", "PATH에 kubectl이 없습니다."),
    "no-context": Words("kubectl has no current context here.", "kubectl에 현재 컨텍스트가 없습니다."),
    "unreachable": Words(
        "The cluster of the current context does not answer.", "현재 컨텍스트의 클러스터가 응답하지 않습니다."
    ),
    "forbidden": Words(
        "The account of the current context may not read secrets.",
        "현재 컨텍스트의 계정에는 시크릿을 읽을 권한이 없습니다.",
    ),
    "hung": Words("kubectl did not come back in time.", "kubectl이 제한 시간 안에 끝나지 않았습니다."),
}
_SECRETS: Final[Mapping[str, Words]] = {
    "absent": Words(
        "In the namespace {namespace} of kubectl's context {context} there is no such pull secret.",
        "kubectl 컨텍스트 {context}의 네임스페이스 {namespace}에 해당 풀 시크릿이 없습니다.",
    ),
    "in-another-namespace": Words(
        "The pull secret {name} is in the namespace {other}, and not in {namespace}.",
        "풀 시크릿 {name}이(가) 네임스페이스 {namespace}이(가) 아니라 {other}에 있습니다.",
    ),
    "wrong-type": Words(
        "The secret {name} is not of a type that nodes pull with.",
        "시크릿 {name}의 유형은 이미지 풀에 사용되는 유형이 아닙니다.",
    ),
    "malformed": Words(
        "What the pull secret {name} holds is no list of credentials.",
        "풀 시크릿 {name}의 내용이 올바른 자격 증명 목록이 아닙니다.",
    ),
    "other-registry": Words(
        "The pull secret {name} is for other registries.", "풀 시크릿 {name}은(는) 다른 레지스트리용입니다."
    ),
    "key-of-another-form": Words(
        "The pull secret {name} has the key {key}, which the kubelet does not take for {image}.",
        "풀 시크릿 {name}의 키 {key}은(는) kubelet이 {image}에 사용하지 않는 형식입니다.",
    ),
    "without-credential": Words(
        "The pull secret {name} has the key {key} without a credential under it.",
        "풀 시크릿 {name}의 키 {key}에 자격 증명이 들어 있지 않습니다.",
    ),
    "fine": Words(
        "The pull secret {name} has a credential for {image}.", "풀 시크릿 {name}에 {image}용 자격 증명이 있습니다."
    ),
}


_SAME_AS: Final[Mapping[str, str]] = {"without-credential": "malformed"}
"""It is mended in the same way."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the failure was about in the cluster. `secret` is empty where none is named."""

    namespace: str
    context: str
    secret: str
    image: Image | None


async def look(scene: Scene) -> Seen:
    sighting = Sighting("kubernetes")
    with TemporaryDirectory(prefix="wharf-", ignore_cleanup_errors=True) as cache:
        kubectl = Kubectl(scene, cache, time.monotonic() + 1.5 * scene.patience)
        context = await context_of(kubectl)
        if isinstance(context, Refused):
            _outcome(context.word, sighting)
        else:
            await _namespace(kubectl, context, sighting)
    return sighting.done()


async def _namespace(kubectl: Kubectl, context: Context, sighting: Sighting) -> None:
    scene = kubectl.scene
    sighting.saw("context", context.name, f"The context is {context.name}.", f"컨텍스트는 {context.name}입니다.")
    wish = _wish(scene, context)
    secrets, account, known = await asyncio.gather(
        _secrets(kubectl, wish), secrets_of_account(kubectl, wish.namespace), pods(kubectl, wish.namespace)
    )
    if isinstance(secrets, Refused):
        _outcome(secrets.word if secrets.word in _OUTCOMES else "unreachable", sighting)
        return
    sighting.saw("outcome", "answers")
    reading = await _best(kubectl, wish, secrets, sighting)
    _account(account, reading, sighting)
    _pods(known, scene, sighting)
    await _credential(reading, wish, scene, sighting)


def _outcome(word: str, sighting: Sighting) -> None:
    words = _OUTCOMES[word]
    sighting.saw("outcome", word, words.english, words.korean)


def _wish(scene: Scene, context: Context) -> _Wish:
    """The text's own words come before the context's."""
    log = scene.aim.log
    secret, namespace = _secret_in(log), _namespace_in(log)
    image = _image(scene, _reference(scene))
    wished = namespace["name"] if namespace else context.namespace
    return _Wish(wished, context.name, secret["name"] if secret else "", image)


def _image(scene: Scene, reference: Reference | None) -> Image | None:
    if reference is not None:
        return Image(reference.registry, reference.repository)
    return Image(scene.aim.registry, scene.aim.repository) if scene.aim.registry else None


def _reference(scene: Scene) -> Reference | None:
    """The kubelet names the image first, whatever else its text speaks of."""
    found = _image_in(scene.aim.log)
    return scene.aim.reference or (_read(found["name"]) if found else None)


def _read(text: str) -> Reference | None:
    try:
        return Reference.parse(text)
    except Malformed:
        return None


# --- secrets ---------------------------------------------------------------------------------------------------------


async def _secrets(kubectl: Kubectl, wish: _Wish) -> tuple[PullSecret, ...] | Refused:
    if wish.secret:
        return await secret_named(kubectl, wish.secret, wish.namespace)
    return await pull_secrets(kubectl, "-n", wish.namespace)


async def _best(kubectl: Kubectl, wish: _Wish, secrets: tuple[PullSecret, ...], sighting: Sighting) -> Reading | None:
    """Of several, the one that helps most. Where none is, one is looked for where it does not help."""
    found = secrets or await _misplaced(kubectl, wish)
    readings = [read(secret, wish.image) for secret in found]
    if not readings:
        _told("absent", wish, None, sighting)
        return None
    best = max(readings, key=lambda reading: reading.help)
    if best.secret.namespace not in {wish.namespace, ""}:
        _told("in-another-namespace", wish, best, sighting)
    elif wish.image is not None or best.help in {Help.MALFORMED, Help.WRONG_TYPE}:
        _told(best.help.word, wish, best, sighting)
    return best


async def _misplaced(kubectl: Kubectl, wish: _Wish) -> tuple[PullSecret, ...]:
    """Of the wrong type, or in another namespace; there only one of that name, or one for that registry."""
    wrong = () if wish.secret else await of_wrong_type(kubectl, wish.namespace)
    if wrong:
        return wrong
    everywhere = await pull_secrets(kubectl, "--all-namespaces")
    if isinstance(everywhere, Refused):
        return ()
    return tuple(secret for secret in everywhere if _is_meant(secret, wish))


def _is_meant(secret: PullSecret, wish: _Wish) -> bool:
    if wish.secret:
        return secret.name == wish.secret
    return wish.image is not None and read(secret, wish.image).help is Help.FINE


def _told(word: str, wish: _Wish, reading: Reading | None, sighting: Sighting) -> None:
    told = {
        "namespace": wish.namespace,
        "context": wish.context,
        "image": wish.image or "",
        "name": reading.secret.name if reading else wish.secret,
        "other": reading.secret.namespace if reading else "",
        "key": reading.key if reading else "",
    }
    words, fact = _SECRETS[word], _SAME_AS.get(word, word)
    sighting.saw("secret", fact, words.english.format(**told), words.korean.format(**told))


# --- who names them --------------------------------------------------------------------------------------------------


def _account(named: Sequence[str] | Refused, reading: Reading | None, sighting: Sighting) -> None:
    if isinstance(named, Refused):
        return
    has_it = reading.secret.name in named if reading else bool(named)
    sighting.saw(
        "secret_of_account",
        has_it,
        f"The service account default {'names' if has_it else 'does not name'} this pull secret.",
        f"서비스 계정 default에 이 풀 시크릿이 {'지정되어 있습니다' if has_it else '지정되어 있지 않습니다'}.",
    )


def _pods(known: Sequence[Pod] | Refused, scene: Scene, sighting: Sighting) -> None:
    if isinstance(known, Refused):
        return
    meant = [pod for pod in known if _is_about(pod, scene)]
    if not meant:
        return
    bare = next((pod for pod in meant if not pod.secrets), None)
    sighting.saw(
        "pod_names_secret",
        bare is None,
        f"The pod {bare.name} names no pull secret." if bare else f"The pod {meant[0].name} names a pull secret.",
        f"파드 {bare.name}에 풀 시크릿이 지정되어 있지 않습니다."
        if bare
        else f"파드 {meant[0].name}에 풀 시크릿이 지정되어 있습니다.",
    )


def _is_about(pod: Pod, scene: Scene) -> bool:
    reference = _reference(scene)
    if pod.name in scene.aim.log:
        return True
    return reference is not None and any(_same(image, reference) for image in pod.images)


def _same(image: str, reference: Reference) -> bool:
    own = _read(image)
    return own is not None and own.with_default_tag() == reference.with_default_tag()


# --- whether the registry takes it -----------------------------------------------------------------------------------


async def _credential(reading: Reading | None, wish: _Wish, scene: Scene, sighting: Sighting) -> None:
    if reading is None or reading.credential is None or wish.image is None:
        sighting.saw("credential", "not-tried")
        return
    registry = wish.image.registry
    verdict = await _verdict(reading.credential, wish.image, scene)
    word = {Verdict.REFUSED: "refused", Verdict.ACCEPTED: "accepted", Verdict.POWERLESS: "accepted"}.get(verdict, "")
    name = reading.secret.name
    sighting.saw(
        "credential",
        word or "not-tried",
        f"{registry} {word} the credential of the pull secret {name}." if word else "",
        f"{registry}이(가) 풀 시크릿 {name}의 자격 증명을 {'거부했습니다' if word == 'refused' else '수락했습니다'}."
        if word
        else "",
    )


async def _verdict(credential: Credential, image: Image, scene: Scene) -> Verdict:
    """NOT_ASKED also where the registry cannot be asked."""
    timeouts = Timeouts(connect=scene.patience, silence=scene.patience, verdict=scene.patience)
    settings = replace(scene.settings, timeouts=timeouts, retries=Retries(times=0))
    session = open_session(image.registry, settings, Anonymous())
    try:
        async with asyncio.timeout(scene.patience / 2):
            question = Question(image.registry, credential, image.repository)
            return (await answered(ask_standing(question, time.time()), session)).verdict
    except (WharfError, TimeoutError):
        return Verdict.NOT_ASKED
    finally:
        await session.close()
