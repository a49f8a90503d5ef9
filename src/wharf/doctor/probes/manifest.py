"""The manifest that is asked for: whether it is there, for whom, in which form, and with all of its parts."""

import asyncio
from typing import Final

from wharf.client.documents import media_type_in
from wharf.client.message import Response
from wharf.client.refusals import told
from wharf.doctor.reach.asking import lines_kept
from wharf.doctor.reach.pulling import Wanted, asked_for_manifest, is_there, manifest_at, readable, wanted_in
from wharf.doctor.reach.visiting import Desk, Visit, Visitor, to_pull
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import MalformedDigest, shown
from wharf.images.choose import is_attestation, is_runnable
from wharf.oci import media_types
from wharf.oci.digest import Digest
from wharf.oci.manifest import ImageIndex, ImageManifest, Manifest
from wharf.oci.reference import DOCKER_HUB
from wharf.protocol import paths

_KINDS: Final = {
    media_types.OCI_INDEX: "oci-index",
    media_types.OCI_MANIFEST: "oci-manifest",
    media_types.DOCKER_MANIFEST_LIST: "docker-list",
    media_types.DOCKER_MANIFEST: "docker-manifest",
    media_types.DOCKER_SCHEMA1: "schema1",
    media_types.DOCKER_SCHEMA1_SIGNED: "schema1",
}
_OCI: Final = (media_types.OCI_MANIFEST, media_types.OCI_INDEX)
_DOCKER: Final = (media_types.DOCKER_MANIFEST, media_types.DOCKER_MANIFEST_LIST)
_SCHEMA1: Final = (media_types.DOCKER_SCHEMA1_SIGNED, media_types.DOCKER_SCHEMA1)
_MOST_PARTS: Final = 24
_LARGEST_LOOKED_AT: Final = 1024 * 1024
_MOST_LOOKED_AT: Final = 4
_WORDS: Final = {
    "present": ("is there", "있습니다"),
    "tag-unknown": ("is not there, though its repository is", "없습니다. 저장소는 있습니다"),
    "repository-unknown": ("is not there, and its repository neither", "없습니다. 저장소도 없습니다"),
    "unauthenticated": ("is shown only to whoever is logged in", "로그인해야 볼 수 있습니다"),
    "denied": ("is denied", "거부되었습니다"),
    "error": ("cannot be had: the registry answers with an error", "레지스트리가 오류로 응답하여 받을 수 없습니다"),
    "rate-limited": ("is not given now: too much was asked for", "요청이 너무 많아 지금은 받을 수 없습니다"),
}


@lines_kept
async def look(scene: Scene) -> Seen:
    sighting = Sighting("manifest")
    _tell_of_name(sighting, scene)
    wanted = await wanted_in(scene)
    if wanted is None:
        return sighting.done()
    await _tell_of_outcomes(sighting, wanted)
    visit = await asked_for_manifest(wanted.best, wanted, "GET")
    if visit.status != 200 and wanted.known is not None:
        visit = await asked_for_manifest(wanted.nobody, wanted, "GET")
    if visit.last is not None and visit.status == 200:
        await _tell_of_content(sighting, wanted, visit.last)
    return sighting.done()


# --- its name --------------------------------------------------------------------------------------------------------


def _tell_of_name(sighting: Sighting, scene: Scene) -> None:
    reference = scene.aim.reference
    if reference is None:
        return
    whole = str(reference.with_default_tag())
    word = "as-written"
    if reference.registry == DOCKER_HUB:
        is_library = reference.repository.owner == "library" and "library/" not in scene.aim.log.replace(whole, "")
        is_written = f"{DOCKER_HUB}/" in scene.aim.log
        word = "docker-library" if is_library else "as-written" if is_written else "docker-hub"
    sighting.saw("normalised", word, f"The name stands for {whole}.", f"이 이름은 {whole}을(를) 뜻합니다.")


# --- whether it is there ---------------------------------------------------------------------------------------------


async def _tell_of_outcomes(sighting: Sighting, wanted: Wanted) -> None:
    both = [_outcome(each, wanted) for each in (wanted.nobody, wanted.known) if each is not None]
    anonymous, *of_known = await asyncio.gather(*both)
    outcome = of_known[0] if of_known else anonymous
    for fact, word in (("outcome", outcome), ("anonymous", anonymous)):
        if word:
            english, korean = _WORDS[word]
            whom = ("without a login", "로그인 없이 요청하면") if fact == "anonymous" else ("", "요청하면")
            name = f"{wanted.repository}{'@' if isinstance(wanted.which, Digest) else ':'}{wanted.which}"
            asked = f"Asked {whom[0]}, {name} {english}." if whom[0] else f"{name} {english}."
            sighting.saw(fact, word, asked, f"{name}을(를) {whom[1]}: {korean}.")


async def _outcome(visitor: Visitor, wanted: Wanted) -> str:
    """HEAD counts as no pull; where it says no, GET says why."""
    visit = await asked_for_manifest(visitor, wanted)
    if visit.status != 200:
        visit = await asked_for_manifest(visitor, wanted, "GET", (*media_types.ACCEPTED_MANIFESTS, *_SCHEMA1))
    if visit.status == 404:
        return await _which_is_unknown(visitor, wanted, visit)
    return _word(visit)


def _word(visit: Visit) -> str:
    if visit.last is None:
        return ""
    refused = {400: "unauthenticated", 401: "unauthenticated", 403: "denied"}
    if visit.desk is Desk.REFUSES and visit.said is not None:
        return refused.get(visit.said.status, "denied")
    if visit.desk in {Desk.ERROR, Desk.UNREACHABLE}:
        return "rate-limited" if visit.said is not None and visit.said.status == 429 else "error"
    known = {200: "present", 401: "unauthenticated", 403: "denied", 429: "rate-limited"}
    return known.get(visit.status, "error")


async def _which_is_unknown(visitor: Visitor, wanted: Wanted, visit: Visit) -> str:
    """Some registries say of every repository that is not there that its manifest is not: so the tags are asked for."""
    codes = told(visit.last).codes if visit.last is not None else ()
    if "NAME_UNKNOWN" in codes:
        return "repository-unknown"
    listed = await visitor.visit("GET", f"{paths.tag_list(wanted.repository)}?n=1", to_pull(wanted.repository))
    return "repository-unknown" if listed.status == 404 else "tag-unknown"


# --- what it is ------------------------------------------------------------------------------------------------------


async def _tell_of_content(sighting: Sighting, wanted: Wanted, response: Response) -> None:
    manifest = readable(wanted.best, response)
    media_type = media_type_in(response.headers) or (manifest.media_type if manifest else "")
    _tell_of_kind(sighting, media_type, manifest)
    _tell_of_truth(sighting, "digest_true", "manifest", "매니페스트가", is_true=_is_true(wanted, response))
    await _tell_of_accepts(sighting, wanted)
    if manifest is not None:
        await _tell_of_parts(sighting, wanted, manifest)


def _tell_of_kind(sighting: Sighting, media_type: str, manifest: Manifest | None) -> None:
    """What has no configuration of a container is no image, though its manifest is written as one."""
    kind, config = _KINDS.get(media_type, "other"), ""
    if isinstance(manifest, ImageManifest) and not is_runnable(manifest):
        kind, config = "other", shown(manifest.config.media_type)
    english = f", its configuration of {config}" if config else ""
    korean = f", 구성의 형식은 {config}" if config else ""
    sighting.saw(
        "kind",
        kind,
        f"The manifest is of the type {shown(media_type)}{english}.",
        f"매니페스트의 형식은 {shown(media_type)}{korean}입니다.",
    )


def _tell_of_truth(sighting: Sighting, fact: str, what: str, korean_what: str, *, is_true: bool) -> None:
    is_it, korean = ("", "일치합니다") if is_true else ("not ", "일치하지 않습니다")
    english = f"What the registry sends as the {what} is {is_it}what its digest says."
    sighting.saw(fact, is_true, english, f"레지스트리가 보내는 {korean_what} 다이제스트와 {korean}.")


def _is_true(wanted: Wanted, response: Response) -> bool:
    announced = response.headers.first("docker-content-digest") or ""
    try:
        promised = wanted.which if isinstance(wanted.which, Digest) else Digest.parse(announced) if announced else None
    except MalformedDigest:
        return False
    return promised is None or Digest.of(response.body, promised.algorithm) == promised


async def _tell_of_accepts(sighting: Sighting, wanted: Wanted) -> None:
    """Old clients ask for Docker's types alone, some new ones for OCI's alone."""
    docker, oci = await asyncio.gather(
        asked_for_manifest(wanted.best, wanted, "HEAD", _DOCKER), asked_for_manifest(wanted.best, wanted, "HEAD", _OCI)
    )
    answers = docker.status == 200, oci.status == 200
    word = {(True, True): "any", (False, True): "only-oci", (True, False): "only-docker"}.get(answers)
    if word:
        english = f"Asked for Docker's types it answers {docker.status}, for those of OCI {oci.status}."
        korean = f"Docker 형식으로 요청하면 {docker.status}, OCI 형식으로 요청하면 {oci.status}(으)로 응답합니다."
        sighting.saw("accepts", word, english, korean)


async def _tell_of_parts(sighting: Sighting, wanted: Wanted, manifest: Manifest) -> None:
    image: Manifest | None = manifest
    if isinstance(manifest, ImageIndex):
        targets = {str(entry.digest): paths.manifest(wanted.repository, entry.digest) for entry in manifest.children}
        _tell_of_missing(sighting, "child_missing", await _missing(wanted, targets))
        image = await _first_image(wanted, manifest)
    else:
        sighting.saw("child_missing", value=False)
    if isinstance(image, ImageManifest):
        config, layers = image.config, image.required_blobs[1:]
        blobs = {str(each.digest): paths.blob(wanted.repository, each.digest) for each in layers}
        of_config = {str(config.digest): paths.blob(wanted.repository, config.digest)}
        _tell_of_missing(sighting, "config_missing", await _missing(wanted, of_config))
        _tell_of_missing(sighting, "layer_missing", await _missing(wanted, blobs))
        are_true = await _are_layers_true(wanted, image)
        if are_true is not None:
            _tell_of_truth(sighting, "layers_true", "layers", "레이어가", is_true=are_true)


async def _are_layers_true(wanted: Wanted, image: ImageManifest) -> bool | None:
    """Small layers are fetched and looked at. None where some are large, or were not given."""
    layers = image.required_blobs[1:]
    small = [layer for layer in layers if layer.size <= _LARGEST_LOOKED_AT][:_MOST_LOOKED_AT]
    scopes = to_pull(wanted.repository)
    verdicts: list[bool] = []
    for layer in small:
        visit = await wanted.best.visit("GET", paths.blob(wanted.repository, layer.digest), scopes)
        if visit.last is not None and visit.status == 200 and len(visit.last.body) <= _LARGEST_LOOKED_AT:
            verdicts.append(Digest.of(visit.last.body, layer.digest.algorithm) == layer.digest)
    if False in verdicts:
        return False
    return True if len(verdicts) == len(layers) else None


async def _first_image(wanted: Wanted, index: ImageIndex) -> Manifest | None:
    entries = [entry for entry in index.children if not is_attestation(entry)]
    return await manifest_at(wanted.best, wanted.repository, entries[0].digest) if entries else None


async def _missing(wanted: Wanted, targets: dict[str, str]) -> str | None:
    """The first that is not there; nothing if all are. None where it could not be told."""
    names = list(targets)[:_MOST_PARTS]
    found = await asyncio.gather(*(is_there(wanted.best, wanted.repository, targets[name]) for name in names))
    missing = next((name for name, there in zip(names, found, strict=True) if there is False), "")
    return missing if missing or None not in found else None


def _tell_of_missing(sighting: Sighting, fact: str, missing: str | None) -> None:
    if missing is None:
        return
    english = f"The registry does not have {missing}, which the image names." if missing else ""
    korean = f"이미지가 가리키는 {missing}이(가) 레지스트리에 없습니다." if missing else ""
    sighting.saw(fact, bool(missing), english, korean)
